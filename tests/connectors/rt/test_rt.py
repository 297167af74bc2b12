"""The Request Tracker connector against answers recorded from Request Tracker 5.0.3 (README.md beside this file)."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from connectors.rt import CONNECTOR
from hub.spec import Lookup, Reply, Request, pluck
from tests.connectors.places import answered

MEMBERS = {
    "count": 2,
    "items": [
        {"_url": "http://127.0.0.1:18030/REST/2.0/user/14", "id": 14, "type": "user"},
        {"_url": "http://127.0.0.1:18030/REST/2.0/user/211", "id": 211, "type": "user"},
    ],
    "page": 1,
    "per_page": 100,
    "total": 3,
}
"""GET /group/4/members?users=1&groups=0&recursively=1&orderby=id&per_page=100 on Request Tracker 5.0.3, 2026-11-22; `total`
counts a disabled member too."""

TICKET_FIELDS = "id,Subject,Status,Priority,Queue,Owner,Requestor,Created,Resolved,LastUpdated,EffectiveId"


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def reply(name: str) -> Reply:
    return Reply(status=200, body=recorded(name))


def lookup(stream: str) -> Lookup:
    (found,) = CONNECTOR.stream(stream).also
    return found


def tickets_request(query: str) -> Request:
    return Request(
        path="/REST/2.0/tickets",
        params={
            "query": query,
            "orderby": "id",
            "order": "ASC",
            "per_page": 100,
            "fields": TICKET_FIELDS,
            "fields[Requestor]": "id",
            "fields[Owner]": "id,Name",
            "fields[Queue]": "Name",
        },
    )


def test_all_tickets_are_read_in_the_order_of_their_number() -> None:
    assert CONNECTOR.stream("tickets").start(None) == tickets_request("id > 0")


def test_changed_tickets_are_asked_for_by_a_time_in_utc_without_a_zone() -> None:
    since = datetime(2026, 11, 21, 23, 19, 49, 999, tzinfo=timezone(timedelta(hours=-3)))
    expected = tickets_request("id > 0 AND LastUpdated >= '2026-11-22 02:19:49'")
    assert CONNECTOR.stream("tickets").start(since) == expected


@pytest.mark.parametrize(
    ("since", "query"),
    [
        (None, "id > 34"),
        (datetime(2026, 1, 1, tzinfo=UTC), "id > 34 AND LastUpdated >= '2026-01-01 00:00:00'"),
    ],
)
def test_the_next_page_begins_after_the_last_ticket(since: datetime | None, query: str) -> None:
    tickets = CONNECTOR.stream("tickets")
    following = tickets.following(tickets.start(since), reply("tickets"))
    assert following is not None
    assert (following.request, following.ended) == (tickets_request(query), False)


def test_a_page_is_followed_from_the_page_before_it() -> None:
    tickets = CONNECTOR.stream("tickets")
    following = tickets.following(tickets_request("id > 34 AND LastUpdated >= '2026-01-01 00:00:00'"), reply("tickets_last"))
    assert following is not None
    assert following.request == tickets_request("id > 39 AND LastUpdated >= '2026-01-01 00:00:00'")


def test_only_an_empty_page_of_tickets_is_the_last() -> None:
    tickets = CONNECTOR.stream("tickets")
    assert tickets.following(tickets_request("id > 99999999"), reply("tickets_none")) is None


def test_the_first_page_says_how_many_there_are() -> None:
    assert pluck(recorded("tickets"), CONNECTOR.stream("tickets").total or "") == 7
    assert pluck(recorded("users"), CONNECTOR.stream("contacts").total or "") == 4


def test_a_run_goes_back_further_than_any_zone_west_of_utc() -> None:
    assert CONNECTOR.stream("tickets").lag >= timedelta(hours=12)


def test_merged_and_deleted_tickets_are_gone() -> None:
    gone = CONNECTOR.stream("tickets").gone
    assert gone is not None
    assert [ticket["id"] for ticket in recorded("tickets_merged")["items"] if gone(ticket)] == [37]
    assert [ticket["id"] for ticket in recorded("tickets")["items"] if gone(ticket)] == []
    assert gone({"id": 36, "Status": "deleted", "EffectiveId": "36"})
    assert not gone({"id": "36", "Status": "open"})


def test_custom_fields_are_looked_up_by_the_numbers_of_the_tickets() -> None:
    custom = lookup("tickets")
    assert custom.request(["31", "36", "37"]) == Request(
        path="/REST/2.0/tickets",
        params={"query": "id = 31 OR id = 36 OR id = 37", "per_page": 100, "fields": "id,CustomFields"},
    )
    assert (custom.into, custom.size) == ("custom", 100)


def test_custom_fields_come_by_name_and_empty_ones_not_at_all() -> None:
    assert lookup("tickets").read(recorded("tickets")) == {"31": {}, "32": {}, "33": {}, "34": {"Satisfaction": "4"}}
    body = {"items": [{"id": 1, "CustomFields": ""}, {"id": 2, "CustomFields": [{"name": "Tags", "values": ["a", "b"]}]}]}
    assert lookup("tickets").read(body) == {"1": {}, "2": {"Tags": ["a", "b"]}}


@pytest.mark.parametrize("since", [None, datetime(2026, 11, 20, tzinfo=UTC)])
def test_every_run_reads_all_people(since: datetime | None) -> None:
    contacts = CONNECTOR.stream("contacts")
    assert contacts.start(since) == Request(
        path="/REST/2.0/users",
        params={
            "orderby": "id",
            "order": "ASC",
            "per_page": 100,
            "page": 1,
            "fields": "id,Name,RealName,EmailAddress,Organization,Lang,Timezone,City,Country,WorkPhone,MobilePhone,HomePhone,"
            "Created,LastUpdated",
        },
    )
    assert (contacts.incremental, contacts.sweep is not None) == (False, True)


@pytest.mark.parametrize(("name", "file"), [("contacts", "users"), ("owners", "users_first_page")])
def test_pages_of_people_are_counted_until_an_empty_one(name: str, file: str) -> None:
    stream = CONNECTOR.stream(name)
    second = stream.following(stream.start(None), reply(file))
    assert second is not None
    assert second.request == stream.start(None).asking(page=2)
    assert stream.following(second.request, Reply(status=200, body={"page": 2, "count": 0, "items": []})) is None


def test_agents_are_marked_among_the_people() -> None:
    privileged = lookup("contacts")
    assert privileged.request(["211", "213"]) == Request(
        path="/REST/2.0/group/4/members",
        params={"users": 1, "groups": 0, "recursively": 1, "orderby": "id", "per_page": 100},
    )
    assert (privileged.into, privileged.size, privileged.read(MEMBERS)) == ("privileged", 100, {"14": True, "211": True})


def test_agents_are_listed_without_fields_and_read_one_by_one() -> None:
    owners, user = CONNECTOR.stream("owners"), lookup("owners")
    assert owners.start(None) == Request(
        path="/REST/2.0/group/4/members",
        params={"users": 1, "groups": 0, "recursively": 1, "orderby": "id", "per_page": 100, "page": 1},
    )
    assert [member["id"] for member in answered(owners, MEMBERS)] == [14, 211]
    assert (user.request(["211"]), user.size) == (Request(path="/REST/2.0/user/211"), 1)
    assert user.read(recorded("user")) == {"213": recorded("user")}


def test_the_account_is_the_address_by_which_the_server_calls_itself() -> None:
    assert CONNECTOR.account.request == Request(path="/REST/2.0/user/RT_System")
    assert CONNECTOR.account.id(recorded("user")) == "http://127.0.0.1:18030"
    assert CONNECTOR.account.name(recorded("user")) == "127.0.0.1:18030"
