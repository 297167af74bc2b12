"""The BottleCRM connector against answers recorded from BottleCRM 1.35.0 (README.md beside this file)."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.bottlecrm import CONNECTOR
from hub.errors import Reconnect, StopStream
from hub.spec import Change, Delivery, Reply, Request, Webhook, pluck, records
from tests.connectors.places import answered

FIRST = "b568a9e7d6e72cf64119f6c735b8de54b2654e6309e5d4f92a6f6b30fa61c88b"
"""The signature of the first delivery, made at 1795314765."""

PUSHED_AT = datetime(2026, 11, 22, 2, 32, 46, tzinfo=UTC)
"""The deliveries in pushes.json were signed from 02:32:45 to 02:32:49."""


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def reply(name: str, status: int = 200) -> Reply:
    return Reply(status=status, body=recorded(name))


def webhook() -> Webhook:
    assert CONNECTOR.webhook is not None
    return CONNECTOR.webhook


def delivery(number: int = 0, **changed: Any) -> Delivery:
    sent = recorded("pushes")["deliveries"][number]
    headers = {name.lower(): value for name, value in sent["headers"].items()}
    given = {"headers": headers, "body": sent["body"].encode(), "received_at": PUSHED_AT, **changed}
    return Delivery(method="POST", url="https://hub.example/webhooks/x", **given)


STARTS = {
    "pipelines": Request(path="/api/opportunities/pipelines/"),
    "owners": Request(path="/api/users/get-teams-and-users/"),
    "accounts": Request(path="/api/accounts/", params={"limit": 200, "offset": 0, "is_active": "true"}),
    "closed_accounts": Request(path="/api/accounts/", params={"limit": 200, "offset": 0, "is_active": "false"}),
    "contacts": Request(path="/api/contacts/", params={"limit": 200, "offset": 0}),
    "deals": Request(path="/api/opportunities/", params={"limit": 200, "offset": 0}),
    "tickets": Request(
        path="/api/cases/",
        params={
            "limit": 200,
            "offset": 0,
            "slim": "true",
            "ordering": "created_at",
            "show_merged": "true",
            "include_deleted": "true",
        },
    ),
}


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize("since", [None, datetime(2026, 11, 20, tzinfo=UTC)])
def test_every_run_reads_everything(name: str, since: datetime | None) -> None:
    stream = CONNECTOR.stream(name)
    assert (stream.start(since), stream.incremental, stream.sweep is not None) == (STARTS[name], False, True)


@pytest.mark.parametrize(
    ("name", "file", "total"),
    [
        ("accounts", "accounts", 2),
        ("closed_accounts", "accounts", 1),
        ("contacts", "contacts", 3),
        ("deals", "opportunities", 4),
        ("tickets", "cases_show_merged", 6),
    ],
)
def test_a_list_says_how_many_records_it_will_bring(name: str, file: str, total: int) -> None:
    stream, body = CONNECTOR.stream(name), recorded(file)
    assert (pluck(body, stream.total or ""), len(answered(stream, body))) == (total, total)


def test_a_full_page_is_followed_by_the_one_two_hundred_further_on() -> None:
    contacts = CONNECTOR.stream("contacts")
    full = Reply(status=200, body={"results": [{"id": str(number)} for number in range(200)], "offset": 7})
    second = contacts.following(contacts.start(None), full)
    assert second is not None
    assert second.request.params == {"limit": 200, "offset": 200}
    third = contacts.following(second.request, full)
    assert third is not None
    assert third.request.params == {"limit": 200, "offset": 400}


@pytest.mark.parametrize(("name", "file"), [("contacts", "contacts"), ("contacts", "contacts_end"), ("pipelines", "pipelines")])
def test_a_short_or_empty_page_is_the_last(name: str, file: str) -> None:
    stream = CONNECTOR.stream(name)
    assert stream.following(stream.start(None), reply(file)) is None


@pytest.mark.parametrize(
    ("name", "path", "file", "found"),
    [
        ("accounts", "/api/accounts/a%2Fb/", "account", "5bfe2128-38e9-40df-be97-9b686d7ddfe1"),
        ("contacts", "/api/contacts/a%2Fb/", "contact", "23a33698-00a0-48bf-bd19-cb70ea7297ed"),
        ("deals", "/api/opportunities/a%2Fb/", "opportunity", "0cc3e82d-d84b-4fb4-9fae-6df3d85aa8df"),
        ("tickets", "/api/cases/a%2Fb/", "case", "cf9ca264-3c2b-4fc7-8548-462708434f59"),
    ],
)
def test_one_record_is_read_again_by_its_id(name: str, path: str, file: str, found: str) -> None:
    some = CONNECTOR.stream(name).some
    assert some is not None
    assert (some.request(["a/b"]), some.size) == (Request(path=path), 1)
    assert [record["id"] for record in records(recorded(file), some.records)] == [found]


def test_a_ticket_merged_into_another_is_not_in_the_answer_to_its_id() -> None:
    some = CONNECTOR.stream("tickets").some
    assert some is not None
    assert records(recorded("case_merged"), some.records) == []


def test_a_single_record_differs_from_a_listed_one_only_where_it_is_volatile() -> None:
    for name, file, single, path in (
        ("accounts", "accounts", "account", "account_obj"),
        ("contacts", "contacts", "contact", "contact_obj"),
        ("deals", "opportunities", "opportunity", "opportunity_obj"),
        ("tickets", "cases", "case", "cases_obj"),
    ):
        stream, one = CONNECTOR.stream(name), recorded(single)[path]
        (listed,) = (record for record in answered(stream, recorded(file)) if record["id"] == one["id"])
        assert {key for key in {*listed, *one} if listed.get(key) != one.get(key)} <= set(stream.volatile), name


def test_duplicates_and_deactivated_tickets_are_gone() -> None:
    gone = CONNECTOR.stream("tickets").gone
    assert gone is not None
    assert [ticket["name"] for ticket in recorded("cases_show_merged")["cases"] if gone(ticket)] == ["Rec case merged"]
    assert gone({"status": "New", "is_active": False})


def test_an_account_that_has_moved_to_the_other_list_is_gone_from_this_one() -> None:
    opened, closed = CONNECTOR.stream("accounts"), CONNECTOR.stream("closed_accounts")
    assert opened.gone is not None
    assert closed.gone is not None
    body = recorded("accounts")
    assert [opened.gone(account) for account in answered(opened, body)] == [False, False]
    assert [opened.gone(account) for account in answered(closed, body)] == [True]
    assert [closed.gone(account) for account in answered(opened, body)] == [True, True]
    assert [closed.gone(account) for account in answered(closed, body)] == [False]


def test_a_refused_token_asks_for_a_new_one_and_a_missing_scope_stops_the_stream() -> None:
    assert CONNECTOR.errors is not None
    assert isinstance(CONNECTOR.errors(reply("error_token", 403)), Reconnect)
    assert isinstance(CONNECTOR.errors(reply("error_scope", 403)), StopStream)


@pytest.mark.parametrize(
    ("file", "status"),
    [("error_webhooks_with_token", 403), ("error_contact_missing", 404), ("error_date", 400), ("contacts", 200)],
)
def test_other_answers_are_left_to_their_status(file: str, status: int) -> None:
    assert CONNECTOR.errors is not None
    assert CONNECTOR.errors(reply(file, status)) is None
    assert CONNECTOR.errors(Reply(status=status, body=None)) is None


def test_the_account_is_the_organization_of_the_token() -> None:
    # As GET /api/org/settings/ answered on BottleCRM 1.35.0, 2026-11-22, the fields that are not read left out.
    body = {"id": "93367780-f658-48f8-8878-ba7754920172", "name": "Acme Loopback", "default_currency": "USD"}
    assert (CONNECTOR.account.id(body), CONNECTOR.account.name(body)) == (body["id"], "Acme Loopback")


def test_every_recorded_delivery_is_genuine() -> None:
    secret = recorded("pushes")["secret"]
    assert all(webhook().genuine(delivery(number), secret) for number in range(len(recorded("pushes")["deliveries"])))


@pytest.mark.parametrize(
    "forged",
    [
        delivery(body=b"{}"),
        delivery(received_at=PUSHED_AT + timedelta(minutes=6)),
        delivery(received_at=PUSHED_AT - timedelta(minutes=6)),
        delivery(headers={}),
        delivery(headers={"x-bottlecrm-signature": "t=²,v1=00"}),
        delivery(headers={"x-bottlecrm-signature": f"v1={FIRST}"}),
        delivery(headers={"x-bottlecrm-signature": "t=1795314765,v1="}),
        delivery(headers={"x-bottlecrm-signature": f"t=1795314766,v1={FIRST}"}),
    ],
)
def test_a_changed_old_or_unsigned_delivery_is_not(forged: Delivery) -> None:
    assert not webhook().genuine(forged, recorded("pushes")["secret"])


def test_another_secret_makes_no_delivery_genuine() -> None:
    assert not webhook().genuine(delivery(), "whsec_other")


def test_deliveries_name_the_record_that_changed() -> None:
    told = [json.loads(sent["body"]) for sent in recorded("pushes")["deliveries"]]
    changes = {body["event"]: tuple(webhook().changes(body)) for body in told}
    contact, account = "50c102e6-fe5e-489d-af8a-d3a0c0423cc1", "a00b8d7a-4b5b-4df3-ad47-38cfb6901a95"
    deal, ticket = "e25333bd-ca87-4700-9a7c-1a0466a04a15", "355d0c1c-3a39-4edc-a01e-48b046fa5380"
    both = [("accounts", account), ("closed_accounts", account)]
    assert {event: [(change.stream, change.id) for change in found] for event, found in changes.items()} == {
        **{f"contact.{what}": [("contacts", contact)] for what in ("created", "updated", "deleted")},
        **{f"account.{what}": both for what in ("created", "updated", "deleted")},
        **{f"deal.{what}": [("deals", deal)] for what in ("created", "updated", "deleted", "won", "lost")},
        **{f"ticket.{what}": [("tickets", ticket)] for what in ("created", "updated", "comment_added")},
    }
    key = "82faefea-63e6-4f44-b224-97a9299c141a:contacts"
    assert changes["contact.created"] == (Change(stream="contacts", id=contact, key=key),)
    assert len({change.key for found in changes.values() for change in found}) == len(told) + 3


@pytest.mark.parametrize(
    "body",
    [None, [], "ping", {"event": "ping"}, {"event": "lead.created", "data": {"id": "50c102e6-fe5e-489d-af8a-d3a0c0423cc1"}}]
    + [{"event": "contact.updated", "data": {"id": bad}} for bad in (None, 7, "../org", "50c102e6")],
)
def test_deliveries_about_anything_else_change_nothing(body: Any) -> None:
    assert list(webhook().changes(body)) == []
