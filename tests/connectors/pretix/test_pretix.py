"""The pretix connector against answers recorded from pretix 2026.8.0 (README.md beside this file)."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from connectors.pretix import CONNECTOR
from hub.errors import StopStream
from hub.spec import Change, Delivery, OAuth2, Reply, Request, Webhook, pluck, records

KEYS = [
    "secret",
    "url",
    "downloads",
    "payments.payment_url",
    "payments.details",
    "refunds.details",
    "positions.secret",
    "positions.pseudonymization_id",
    "positions.downloads",
    "positions.answers",
]


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def reply(name: str, status: int = 200) -> Reply:
    return Reply(status=status, body=recorded(name))


def webhook() -> Webhook:
    assert CONNECTOR.webhook is not None
    return CONNECTOR.webhook


def sign_in() -> OAuth2:
    (auth,) = CONNECTOR.auth
    assert isinstance(auth, OAuth2)
    return auth


@pytest.mark.parametrize("since", [None, datetime(2026, 11, 20, tzinfo=UTC)])
def test_every_run_reads_all_customers(since: datetime | None) -> None:
    customers = CONNECTOR.stream("customers")
    assert customers.start(since) == Request(path="/api/v1/organizers/{organizer}/customers/", params={"page_size": 50})
    assert (customers.incremental, customers.sweep is not None) == (False, True)


def test_all_orders_are_read_in_the_order_of_their_creation_and_without_their_keys() -> None:
    assert CONNECTOR.stream("orders").start(None) == Request(
        path="/api/v1/organizers/{organizer}/orders/",
        params={"ordering": "datetime", "page_size": 50, "exclude": KEYS},
    )


def test_changed_orders_are_asked_for_by_a_moment_in_utc() -> None:
    since = datetime(2026, 11, 20, 9, 30, tzinfo=timezone(timedelta(hours=-3)))
    orders = CONNECTOR.stream("orders")
    assert orders.start(since) == orders.start(None).asking(modified_since="2026-11-20T12:30:00+00:00")


def test_a_page_is_followed_by_its_link() -> None:
    customers = CONNECTOR.stream("customers")
    following = customers.following(customers.start(None), reply("customers"))
    assert following is not None
    assert following.request == Request(path="http://127.0.0.1:18120/api/v1/organizers/acme/customers/?page=2&page_size=3")


@pytest.mark.parametrize(("name", "file"), [("customers", "customers_last"), ("orders", "orders")])
def test_the_last_page_has_no_link(name: str, file: str) -> None:
    stream = CONNECTOR.stream(name)
    assert stream.following(stream.start(None), reply(file)) is None


@pytest.mark.parametrize(("name", "file", "total"), [("customers", "customers", 36), ("orders", "orders", 8)])
def test_a_page_says_how_many_records_there_are(name: str, file: str, total: int) -> None:
    assert pluck(recorded(file), CONNECTOR.stream(name).total or "") == total


@pytest.mark.parametrize(("name", "file", "found"), [("customers", "customer", "AVQFRRF"), ("orders", "order", "V7ZQV")])
def test_one_record_is_read_again_by_its_id(name: str, file: str, found: str) -> None:
    stream = CONNECTOR.stream(name)
    assert stream.some is not None
    request = stream.some.request(["a/b{c}"])
    assert (request.path, stream.some.size) == (f"/api/v1/organizers/{{organizer}}/{name}/a%2Fb%7Bc%7D/", 1)
    assert request.params == ({"exclude": KEYS} if name == "orders" else {})
    assert [pluck(record, stream.id) for record in records(recorded(file), stream.some.records)] == [found]


def test_an_anonymized_customer_is_gone_and_one_switched_off_is_not() -> None:
    gone = CONNECTOR.stream("customers").gone
    assert gone is not None
    files = ("customer", "customer_anonymized", "customer_full_name_inactive", "customer_nameless")
    assert [file for file in files if gone(recorded(file))] == ["customer_anonymized"]
    assert not gone({**recorded("customer_anonymized"), "name": "Known by name only"})
    assert not gone({**recorded("customer_anonymized"), "email": "known@mail.example"})


def test_a_missing_right_stops_the_stream() -> None:
    assert CONNECTOR.errors is not None
    assert isinstance(CONNECTOR.errors(reply("error_organizer", 403)), StopStream)


@pytest.mark.parametrize(
    ("file", "status"), [("error_bearer", 401), ("error_order", 404), ("error_since", 400), ("error_page", 404), ("orders", 200)]
)
def test_other_answers_are_left_to_their_status(file: str, status: int) -> None:
    assert CONNECTOR.errors is not None
    assert CONNECTOR.errors(reply(file, status)) is None


def test_the_account_is_the_organizer() -> None:
    body = recorded("organizers")["results"][0]
    assert CONNECTOR.account.request == Request(path="/api/v1/organizers/{organizer}/")
    assert (CONNECTOR.account.id(body), CONNECTOR.account.name(body)) == ("acme", "Acme Loopback")


def test_signing_in_asks_to_read_and_no_more() -> None:
    assert (sign_in().scopes, sign_in().pkce, sign_in().client_auth) == (("read",), True, "basic")


def test_the_grant_is_ended_at_an_address_that_knows_the_client() -> None:
    assert sign_in().revoke_url == "{address}/api/v1/oauth/revoke_token"


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (
            "address",
            ["https://pretix.eu", "http://127.0.0.1:18120", "https://shop.example/tickets"],
            ["pretix.eu", "https://", "https://a?b"],
        ),
        ("organizer", ["acme", "big-events.2026"], ["", "acme/hub", "{x}", "-a"]),
        ("currency", ["EUR", "eur, geneva-2027=CHF", "EUR,a=USD,b=GBP"], ["", "EURO", "geneva=CHF", "EUR,"]),
    ],
)
def test_what_may_be_answered(name: str, good: list[str], bad: list[str]) -> None:
    (ask,) = (ask for ask in CONNECTOR.asks if ask.name == name)
    assert [answer for answer in good + bad if re.fullmatch(ask.pattern, answer)] == good


def test_deliveries_are_unsigned() -> None:
    sent = Delivery(
        method="POST", url="https://hub.example/w/x", headers={}, body=b"{}", received_at=datetime(2026, 11, 22, tzinfo=UTC)
    )
    assert (webhook().signed, webhook().genuine(sent, "")) == (False, True)


def test_deliveries_name_the_customer_or_the_order_that_changed() -> None:
    told = [json.loads(sent["body"]) for sent in recorded("pushes")["deliveries"]]
    changes = {body["action"]: list(webhook().changes(body)) for body in told}
    assert changes["pretix.customer.created"] == [Change(stream="customers", id="AVQFRRF", key="84")]
    assert changes["pretix.customer.changed"] == [Change(stream="customers", id="898MTX5", key="88")]
    assert changes["pretix.customer.anonymized"] == [Change(stream="customers", id="VGXURYF", key="89")]
    assert changes["pretix.event.order.placed"] == [Change(stream="orders", id="TXHSU", key="90")]
    assert {found[0].stream for action, found in changes.items() if ".order." in action} == {"orders"}


@pytest.mark.parametrize(
    "body", [None, [], "x", {"action": "pretix.event.changed", "event": "hub"}, {"code": "../x"}, {"customer": 7}, {"code": ""}]
)
def test_deliveries_about_anything_else_change_nothing(body: Any) -> None:
    assert list(webhook().changes(body)) == []
