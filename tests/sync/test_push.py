"""What the push connection promises: whatever the order and however often, the same records; one bad one harms no other."""

import json
from itertools import permutations
from typing import Any

import pytest

from hub.errors import BadInput
from hub.model import record_id
from hub.store import connections, customers, records
from hub.store.records import Filter, Page
from hub.sync import derive, push, pushed_again, worker
from hub.sync.hub import Hub
from hub.sync.push import Outcome

T1, T2, T3, T4 = (f"2025-03-0{day}T10:00:00Z" for day in (1, 2, 3, 4))


def contact(at: str, key: str = "7", **data: Any) -> dict[str, Any]:
    return {"type": "contact", "id": key, "changed_at": at, "data": data}


def happened(at: str, what: str, key: str = "7") -> dict[str, Any]:
    return {"type": "contact", "id": key, "changed_at": at, what: True}


def sent(hub: Hub, connection_id: str, *one_by_one: Any) -> list[str]:
    """Push each alone; the outcomes."""
    return [push.accept(hub, connection_id, [one]).outcomes[0].outcome for one in one_by_one]


def standing(hub: Hub, connection_id: str, key: str = "7", kind: str = "contact") -> tuple[str, Any] | None:
    with hub.database.reading() as tx:
        found = records.one(tx, kind, record_id(connection_id, kind, key))
    return None if found is None else (found.state, found.data)


def derived(hub: Hub) -> list[dict[str, Any]]:
    with hub.database.writing() as tx:
        versions = customers.dirty(tx, 100)
        derive.settle(tx, versions, hub.time.now())
        return [found.document for found in records.customers(tx, Page(limit=100), Filter())]


@pytest.fixture
def connection(hub: Hub) -> str:
    return push.create(hub, "Till").id


def test_a_push_connection_is_named_and_connected_from_the_start(hub: Hub) -> None:
    first, second = push.create(hub, " Till "), push.create(hub, "")
    assert (first.id, first.connector, first.label, first.state) == ("push-1", "push", "Till", "connected")
    assert (second.id, second.label) == ("push-2", "Push API")


def test_a_pushed_record_is_stored_in_canonical_form_with_its_times_in_utc(hub: Hub, connection: str) -> None:
    one: dict[str, Any] = {"type": "deal", "id": "D1", "changed_at": "2025-03-01T10:00:00-03:00"}
    one["data"] = {"name": "A\0B", "closed_at": "2025-03-01T01:00:00", "amount": {"amount": 12.5, "currency": "BRL"}}
    assert sent(hub, connection, one) == ["written"]
    expected = {
        "id": "D1",
        "changed_at": "2025-03-01T13:00:00Z",
        "closed_at": "2025-03-01T01:00:00Z",
        "name": "AB",
        "amount": {"amount": "12.5", "currency": "BRL"},
    }
    assert standing(hub, connection, "D1", "deal") == ("live", expected)


def test_a_pushed_contact_becomes_a_customer(hub: Hub, connection: str) -> None:
    accepted = push.accept(hub, connection, [contact(T1, full_name="Ana Souza", emails=[{"address": "ana@acme.com"}])])
    assert [kind for _, kind in accepted.work] == ["derive"]
    for work_id, _ in accepted.work:
        worker.perform(hub, work_id)
    with hub.database.reading() as tx:
        (found,) = records.customers(tx, Page(limit=2), Filter(q="ANA souza"))
    assert found.document["emails"][0]["address"] == "ana@acme.com"


def test_sending_the_same_again_changes_nothing(hub: Hub, connection: str) -> None:
    first = contact(T1, full_name="Ana")
    assert sent(hub, connection, first, first) == ["written", "same"]
    assert push.accept(hub, connection, [first]).work == ()


def test_an_older_version_is_kept_as_history_and_never_becomes_current(hub: Hub, connection: str) -> None:
    assert sent(hub, connection, contact(T2, full_name="Ana Lima"), contact(T1, full_name="Ana")) == ["written", "stale"]
    found = standing(hub, connection)
    assert found is not None
    assert found[1]["full_name"] == "Ana Lima"


@pytest.mark.parametrize(
    ("events", "state", "name"),
    [
        ([contact(T1, full_name="Ana"), happened(T2, "deleted")], "deleted", "Ana"),
        ([contact(T1, full_name="Ana"), happened(T2, "deleted"), happened(T3, "restored")], "live", "Ana"),
        ([contact(T1, full_name="Ana"), happened(T2, "deleted"), contact(T3, full_name="Ana Lima")], "live", "Ana Lima"),
        (
            [contact(T1, full_name="Ana"), contact(T2, full_name="Ana Lima"), happened(T3, "deleted"), happened(T4, "restored")],
            "live",
            "Ana Lima",
        ),
        (
            [contact(T1, full_name="Ana"), happened(T2, "deleted"), happened(T3, "restored"), happened(T4, "deleted")],
            "deleted",
            "Ana",
        ),
        ([contact(T1, full_name="Ana"), {**happened(T2, "deleted"), "deleted": False, "merged_into": "8"}], "merged", "Ana"),
        (
            [{**happened(T1, "deleted"), "deleted": False, "merged_into": "8"}, contact(T2, full_name="Ana")],
            "merged",
            "Ana",
        ),
    ],
)
def test_the_order_of_arrival_makes_no_difference(hub: Hub, events: list[Any], state: str, name: str) -> None:
    for order in permutations(events):
        connection_id = push.create(hub, "").id
        sent(hub, connection_id, *order, order[0])
        found = standing(hub, connection_id)
        assert found is not None, order
        assert (found[0], found[1]["full_name"]) == (state, name), order


def test_versions_of_one_record_in_one_call_are_taken_in_their_order(hub: Hub, connection: str) -> None:
    both = [contact(T1, full_name="Ana"), happened(T2, "deleted"), contact(T3, full_name="Ana Lima")]
    assert [found.outcome for found in push.accept(hub, connection, both).outcomes] == ["written", "deleted", "written"]
    found = standing(hub, connection)
    assert found is not None
    assert (found[0], found[1]["full_name"]) == ("live", "Ana Lima")


def test_a_merged_record_belongs_to_the_customer_it_was_merged_into(hub: Hub, connection: str) -> None:
    merge = {"type": "contact", "id": "7", "changed_at": T3, "merged_into": "8"}
    sent(hub, connection, contact(T1, full_name="Ana"), contact(T1, "8", full_name="Ana Souza"))
    assert len(derived(hub)) == 2
    assert sent(hub, connection, merge) == ["written"]
    (customer,) = derived(hub)
    assert {(record["id"], record["state"]) for record in customer["records"]} == {("7", "merged"), ("8", "live")}


def test_a_merged_deal_no_longer_counts_for_its_contact(hub: Hub, connection: str) -> None:
    deals = [{"type": "deal", "id": key, "changed_at": T1, "data": {"contact_ids": ["7"]}} for key in ("D1", "D2")]
    sent(hub, connection, contact(T1, full_name="Ana"), *deals)
    assert derived(hub)[0]["activity"]["deal"]["live"] == 2
    sent(hub, connection, {"type": "deal", "id": "D1", "changed_at": T2, "merged_into": "D2"})
    assert derived(hub)[0]["activity"]["deal"]["live"] == 1


@pytest.mark.parametrize(
    ("one", "error"),
    [
        ("text", "Expected `object`, got `str`"),
        ({}, "Object missing required field `type`"),
        ({"type": "contact", "id": "7", "changed_at": T1}, "say exactly one of data, deleted, restored and merged_into"),
        (contact(T1) | {"deleted": True}, "say exactly one of data, deleted, restored and merged_into"),
        (contact(T1) | {"type": "letter"}, "the type must be one of contact, company"),
        (contact("yesterday"), "Invalid RFC3339 encoded datetime - at `$.changed_at`"),
        (contact("2999-01-01T00:00:00Z"), "lies in the future - at `$.changed_at`"),
        (contact("0001-01-01T00:00:00+02:00"), "a time lies outside the years 1 to 9999"),
        (contact(T1, ""), "Expected `str` of length >= 1 - at `$.id`"),
        (contact(T1, "7" * 201), "Expected `str` of length <= 200 - at `$.id`"),
        (contact(T1, fullname="Ana"), "Object contains unknown field `fullname` - at `$.data`"),
        (contact(T1, id="8"), "is not the id beside the data - at `$.data.id`"),
        (contact(T1, emails=[{"address": 7}]), "Expected `str`, got `int` - at `$.data.emails[0].address`"),
        ({"type": "contact", "id": "7", "changed_at": T1, "merged_into": "7"}, "a record cannot be merged into itself"),
        (contact(T1) | {"why": "x"}, "Object contains unknown field `why`"),
        ({"type": "deal", "id": "7", "changed_at": T1, "data": {"amount": {"amount": "NaN"}}}, "not finite"),
        ({"type": "deal", "id": "7", "changed_at": T1, "data": {"amount": {"amount": "1e999999"}}}, "more than 30 digits"),
    ],
)
def test_a_bad_record_is_rejected_with_where_and_why_and_harms_no_other(hub: Hub, connection: str, one: Any, error: str) -> None:
    bad, good = push.accept(hub, connection, [one, contact(T1, "9", full_name="Bia")]).outcomes
    assert bad.outcome == "rejected"
    assert error in str(bad.error)
    assert good == Outcome(type="contact", id="9", outcome="written")


def test_only_push_connections_that_are_open_take_records(hub: Hub, connection: str) -> None:
    with hub.database.writing() as tx:
        made = {"label": "x", "environment": "production", "auth": "key", "answers": {}}
        other = connections.create(tx, "shop", hub.time.now(), **made)  # type: ignore[arg-type]  # one dict of mixed values
        connections.change(tx, connection, state=connections.PAUSED)
    with pytest.raises(BadInput, match="push-1 is paused"):
        push.accept(hub, connection, [contact(T1)])
    with pytest.raises(BadInput, match="shop-1 reads its system itself"):
        push.accept(hub, other.id, [contact(T1)])
    with pytest.raises(KeyError):
        push.accept(hub, "push-9", [contact(T1)])


def test_what_is_made_again_from_the_pushed_versions_is_what_was_there(hub: Hub, connection: str) -> None:
    merge = {"type": "contact", "id": "9", "changed_at": T3, "merged_into": "8"}
    deal = {"type": "deal", "id": "D1", "changed_at": T1, "data": {"contact_ids": ["8"], "status": "won"}}
    everything = [contact(T1, full_name="Ana"), happened(T2, "deleted"), contact(T1, "8", full_name="Bia"), merge, deal]
    sent(hub, connection, *everything, contact(T2, "9", full_name="Bia Lima"))
    before = derived(hub)
    with hub.database.writing() as tx:
        customers.drop_derived(tx)
        found = connections.get(tx, connection)
    pushed_again.again(hub, found)
    assert json.dumps(derived(hub)) == json.dumps(before)
    assert len(before) == 2
