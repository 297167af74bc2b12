"""A loyal customer is offered something of another family of products: what its page, its document and the API say."""

import re
from typing import Any

from hub.store import browse, customers
from hub.store import facts as stored
from hub.sync import push
from hub.sync.hub import Hub
from hub.web import create_app
from tests.web.asking import program
from tests.web.test_customer_page import record, tell
from tests.web.test_customers import id_of
from tests.web.visiting import admin

ANA = {"contact_ids": ["1"]}


def order(number: str, at: str, *families: str | None) -> dict[str, Any]:
    lines = [{"product": f"item {family}", **({"family": family} if family else {})} for family in families]
    return record("order", number, at, status="paid", paid_at=at, lines=lines, **ANA)


def offered(hub: Hub, *more: dict[str, Any]) -> None:
    """Three purchases of one family, and a deal about another."""
    push.create(hub, "CRM")
    tell(
        hub,
        "push-1",
        record("contact", "1", "2024-01-01T00:00:00Z", full_name="Ana Souza"),
        *(order(f"o{month}", f"2024-0{month}-01T12:00:00Z", "Desk", "Desk") for month in (1, 2, 3)),
        record("deal", "d1", "2024-04-01T12:00:00Z", opened_at="2024-04-01T12:00:00Z", families=["Care", "Care"], **ANA),
        *more,
    )


def test_the_page_shows_the_stages_of_the_family_beside_those_of_the_customer(hub: Hub) -> None:
    offered(hub)
    somebody = admin(hub)
    path = f"/customers/{id_of(somebody, 'souza')}"
    page = somebody.get(f"{path}?as_of=2024-05-01").text
    (table,) = re.findall(r"Offered beside it: Care</h3>.*?</table>", page, flags=re.DOTALL)
    said = " ".join(re.sub(r"<[^>]+>", " ", table).split())
    assert "Acquisition 1 Apr 2024 still there 29 days Why?" in said
    assert (
        "Something of a family of products that a loyal customer never bought was quoted. A deal was opened on 1 Apr 2024."
        in said
    )
    assert "Push API, deal d1" in said
    assert "Loyalty Cycle 1" in somebody.text(f"{path}?as_of=2024-05-01")
    assert "Offered beside it" not in somebody.text(f"{path}?as_of=2024-03-31")


def test_the_api_and_the_document_tell_the_row_with_its_family(hub: Hub) -> None:
    offered(hub)
    customer = id_of(admin(hub), "souza")
    asks = program(hub, create_app(hub))
    shown = asks.get(f"customers/{customer}/lifecycle?as_of=2024-05-01").get_json()
    assert [(each["offering"], each["stage"], each["entered_at"]) for each in shown["offerings"]] == [
        ("Care", "acquisition", "2024-04-01T12:00:00Z")
    ]
    assert [each["type"] for each in shown["offerings"][0]["entered_by"]] == ["deal.opened"]
    assert {each["offering"] for each in shown["intervals"]} == {"*"}
    assert shown["stage"] == "loyalty"
    with hub.database.reading() as tx:
        document = browse.customer(tx, customer)
    assert document is not None
    assert [(each["offering"], each["rule"]) for each in document["lifecycle"]["offerings"]] == [("Care", "quoted")]


def test_an_order_tells_its_families_only_where_each_of_its_lines_does(hub: Hub) -> None:
    offered(hub, order("o4", "2024-03-02T12:00:00Z", "Desk", None))
    somebody = admin(hub)
    path = f"/customers/{id_of(somebody, 'souza')}"
    with hub.database.reading() as tx:
        told = stored.about(tx, customers.records_of(tx, path.rpartition("/")[2]))
    families = {each.occurred_at.isoformat()[:10]: each.attrs.get("families") for each in told}
    assert (families["2024-01-01"], families["2024-03-02"], families["2024-04-01"]) == (["Desk"], None, ["Care"])
    assert "Offered beside it" not in somebody.text(f"{path}?as_of=2024-05-01")


def test_a_subscription_tells_the_family_of_its_product(hub: Hub) -> None:
    run = {"status": "ended", "started_at": "2023-01-01T12:00:00Z", "ended_at": "2023-02-01T12:00:00Z", **ANA}
    offered(hub, record("subscription", "s1", "2023-02-01T12:00:00Z", family="Care", **run))
    somebody = admin(hub)
    assert "Offered beside it" not in somebody.text(f"/customers/{id_of(somebody, 'souza')}?as_of=2024-05-01")
    tell(hub, "push-1", record("subscription", "s1", "2023-02-02T12:00:00Z", family="Desk", **run))
    assert "Offered beside it: Care" in somebody.text(f"/customers/{id_of(somebody, 'souza')}?as_of=2024-05-01")
