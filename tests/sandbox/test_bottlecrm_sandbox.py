"""The stand-in for BottleCRM without the real one: totals, order, filters, tokens, mergers, signed pushes."""

import json
from collections import Counter
from hashlib import sha256
from hmac import new
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient

from connectors.bottlecrm.sandbox import PERSON, STANDIN, TOKEN
from connectors.bottlecrm.sandbox_records import KINDS, number, uid
from hub.sandbox.push import Delivery
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World, record_id

NOW = 1_795_000_000
WORLD = World(400)
LISTS = {"contacts": "contact", "accounts": "company", "opportunities": "deal", "cases": "ticket"}


class Kept:
    """Stands where deliveries are sent."""

    def __init__(self) -> None:
        self.deliveries: list[tuple[dict[str, str], bytes]] = []

    def send(self, delivery: Delivery) -> None:
        body = delivery.body(0)
        self.deliveries.append((dict(delivery.headers(body)), body))


@pytest.fixture
def held() -> Controls:
    return controls(lambda: NOW)


@pytest.fixture
def client(held: Controls) -> FlaskClient:
    return application(STANDIN, WORLD, held).test_client()


def headers(token: str = TOKEN) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ask(client: FlaskClient, path: str, token: str = TOKEN) -> Any:
    return client.get(f"/api/{path}", headers=headers(token)).json


def sent(client: FlaskClient, path: str, said: object, token: str = TOKEN) -> Any:
    return client.post(f"/{path}", json=said, headers=headers(token)).json


def rows(name: str, answer: Any) -> list[Any]:
    if name == "accounts":
        return [*answer["active_accounts"]["open_accounts"], *answer["closed_accounts"]["close_accounts"]]
    return list(answer["results" if name == "contacts" else name])


def walked(client: FlaskClient, name: str, more: str = "") -> list[Any]:
    seen: list[Any] = []
    offsets = count(0, 13)
    while page := rows(name, ask(client, f"{name}/?limit=13&offset={next(offsets)}{more}")):
        seen += page
    return seen


@pytest.mark.parametrize("name", list(KINDS))
def test_a_uuid_reads_back_as_its_number_for_its_own_object_only(name: str) -> None:
    one = record_id(KINDS[name], 123)
    assert number(name, uid(name, one)) == one
    assert [number(other, uid(name, one)) for other in KINDS if other != name] == [None] * 3


@pytest.mark.parametrize("name", list(LISTS))
def test_the_lists_hold_the_truth(client: FlaskClient, name: str) -> None:
    found = walked(client, name)
    assert len({row["id"] for row in found}) == len(found) == STANDIN.truth(WORLD)[LISTS[name]]


@pytest.mark.parametrize(
    ("name", "total"), [("contacts", "count"), ("opportunities", "opportunities_count"), ("cases", "cases_count")]
)
def test_every_page_names_the_true_total(client: FlaskClient, name: str, total: str) -> None:
    for offset in (0, 5, 9999):
        assert ask(client, f"{name}/?limit=2&offset={offset}")[total] == STANDIN.truth(WORLD)[LISTS[name]]


def test_open_and_closed_accounts_are_counted_apart(client: FlaskClient) -> None:
    answer = ask(client, "accounts/?limit=1")
    counts = answer["active_accounts"]["open_accounts_count"], answer["closed_accounts"]["close_accounts_count"]
    assert sum(counts) == STANDIN.truth(WORLD)["company"]
    assert min(counts) > 0
    closed = ask(client, "accounts/?limit=1&is_active=false")
    assert (closed["active_accounts"]["open_accounts_count"], closed["closed_accounts"]["close_accounts_count"]) == (0, counts[1])


def test_deals_stand_in_known_stages_of_their_pipeline(client: FlaskClient) -> None:
    pipelines = {
        one["id"]: {stage["code"]: stage["kind"] for stage in one["stages"]}
        for one in ask(client, "opportunities/pipelines/")["pipelines"]
    }
    deals = walked(client, "opportunities")
    assert all(pipelines[deal["pipeline"]][deal["stage"]] == deal["stage_kind"] for deal in deals)
    assert set(Counter(deal["stage_kind"] for deal in deals)) == {"open", "won", "lost"}
    assert "ON_HOLD" in {deal["stage"] for deal in deals}
    assert {True, False} == {deal["amount"] is None for deal in deals}
    assert len(pipelines) == STANDIN.truth(WORLD)["pipeline"]


def test_records_name_accounts_and_contacts_that_exist(client: FlaskClient) -> None:
    accounts, contacts = ({row["id"] for row in walked(client, name)} for name in ("accounts", "contacts"))
    for name in ("opportunities", "cases"):
        for row in walked(client, name):
            assert row["account"] is None or row["account"]["id"] in accounts
            assert {person["id"] for person in row["contacts"]} <= contacts


def test_no_two_contacts_share_an_address(client: FlaskClient) -> None:
    emails = [row["email"] for row in walked(client, "contacts") if row["email"]]
    assert len(emails) == len(set(emails))


def test_only_days_filter_and_what_is_unknown_is_ignored(client: FlaskClient) -> None:
    contacts = walked(client, "contacts")
    recent = [row["id"] for row in contacts if row["created_at"] >= "2026-01-01"]
    assert [row["id"] for row in walked(client, "contacts", "&created_at__gte=2026-01-01T23:59:59Z")] == recent
    assert 0 < len(recent) < len(contacts)
    assert len(walked(client, "contacts", "&updated_at__gte=2099-01-01")) == len(contacts)


def test_ages_change_while_nothing_happens() -> None:
    moments = [NOW]
    client = application(STANDIN, WORLD, controls(lambda: moments[-1])).test_client()
    before = ask(client, "opportunities/?limit=1")["opportunities"][0]
    moments.append(NOW + 5 * 86_400)
    after = ask(client, "opportunities/?limit=1")["opportunities"][0]
    changed = {name for name in before if before[name] != after[name]}
    assert {"created_on_arrow", "days_in_stage"} <= changed <= {"created_on_arrow", "days_in_stage", "aging_status"}


def test_a_change_shows_at_once_in_list_and_single(client: FlaskClient) -> None:
    one = walked(client, "contacts")[0]["id"]
    client.patch(f"/api/contacts/{one}/", json={"title": "CEO", "is_active": False}, headers=headers())
    [listed] = [row for row in walked(client, "contacts", "&is_active=false") if row["id"] == one]
    single = ask(client, f"contacts/{one}/")["contact_obj"]
    assert listed["title"] == single["title"] == "CEO"
    assert single["updated_at"] > "2026-11-02"


def test_a_merged_account_is_named_by_the_one_that_took_over(client: FlaskClient) -> None:
    contact = next(row for row in walked(client, "contacts") if row["account"])
    keep = next(row["id"] for row in walked(client, "accounts") if row["id"] != contact["account"])
    client.post(f"/api/accounts/{keep}/merge/", json={"merge_id": contact["account"]}, headers=headers())
    assert client.get(f"/api/accounts/{contact['account']}/", headers=headers()).status_code == 404
    assert ask(client, f"contacts/{contact['id']}/")["contact_obj"]["account"] == keep


def test_a_record_deleted_at_the_control_door_is_gone(client: FlaskClient) -> None:
    one = walked(client, "cases")[0]["id"]
    assert sent(client, "__sandbox/delete", {"object": "cases", "id": one})["state"] == "gone"
    assert client.get(f"/api/cases/{one}/", headers=headers()).status_code == 404
    assert one not in {row["id"] for row in walked(client, "cases", "&include_deleted=true&show_merged=true")}


def test_tokens_open_what_their_scopes_name(client: FlaskClient) -> None:
    narrow = sent(client, "__sandbox/token", {"scopes": ["contacts:read"]})["token"]
    assert "results" in ask(client, "contacts/", narrow)
    assert ask(client, "accounts/", narrow)["detail"].endswith("It needs the accounts:read scope.")
    client.post("/__sandbox/revoke", json={"token": narrow})
    refused = client.get("/api/contacts/", headers=headers(narrow))
    assert (refused.status_code, refused.json) == (403, {"detail": "Organization context is required. Please login again."})


def test_pushes_are_signed_over_time_and_body(held: Controls, client: FlaskClient) -> None:
    held.sender = kept = Kept()  # type: ignore[assignment]  # keeps deliveries instead of sending them
    hook = sent(client, "api/webhooks/", {"url": "http://hub.example/in", "events": ["deal.updated", "deal.won"]}, PERSON)
    deal = next(row["id"] for row in walked(client, "opportunities") if row["stage_kind"] == "open")
    client.patch(f"/api/opportunities/{deal}/", json={"stage": "CLOSED_WON"}, headers=headers())
    told = [json.loads(body) for _, body in kept.deliveries]
    assert [(one["event"], one["data"]["id"], one["data"]["stage"]) for one in told] == [
        ("deal.updated", deal, "CLOSED_WON"),
        ("deal.won", deal, "CLOSED_WON"),
    ]
    for said, body in kept.deliveries:
        signed = new(hook["secret"].encode(), f"{NOW}.".encode() + body, sha256).hexdigest()
        assert said["X-BottleCRM-Signature"] == f"t={NOW},v1={signed}"


def test_webhooks_are_a_persons_business(client: FlaskClient) -> None:
    assert client.get("/api/webhooks/", headers=headers()).status_code == 403
    hook = sent(client, "api/webhooks/", {"url": "http://hub.example/in", "events": []}, PERSON)
    assert "secret" not in ask(client, "webhooks/", PERSON)["endpoints"][0]
    assert client.delete(f"/api/webhooks/{hook['id']}/", headers=headers(PERSON)).status_code == 204
    assert ask(client, "webhooks/", PERSON)["endpoints"] == []
