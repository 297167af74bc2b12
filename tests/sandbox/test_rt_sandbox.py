"""The stand-in for Request Tracker without the real one: TicketSQL, walks, tokens, deletions and mergers."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from connectors.rt.sandbox import STANDIN, TOKEN
from connectors.rt.sandbox_query import WrongQuery, groups
from hub.sandbox.serve import application
from hub.sandbox.standin import controls
from hub.sandbox.world import World, record_id

API = "/REST/2.0"
NOW = 1_795_000_000
WORLD = World(300)


@pytest.fixture
def client() -> FlaskClient:
    return application(STANDIN, WORLD, controls(lambda: NOW)).test_client()


def ask(client: FlaskClient, path: str, token: str = TOKEN) -> Any:
    return client.get(API + path, headers={"Authorization": f"token {token}"}).json


def search(client: FlaskClient, query: str, more: str = "&orderby=id&order=ASC&per_page=100&fields=id") -> Any:
    return ask(client, f"/tickets?query={quote(query)}{more}")


def found(client: FlaskClient, query: str) -> list[int]:
    return [item["id"] for item in search(client, query)["items"]]


def act(client: FlaskClient, name: str, **said: object) -> Any:
    return client.post(f"/__sandbox/{name}", json=said).json


def same(text: str) -> str:
    return text


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("id > 5", [[{"propertyName": "id", "operator": "GT", "value": "5"}]]),
        ("LastUpdated >= '1970-01-01 00:00:02'", [[{"propertyName": "LastUpdated", "operator": "GTE", "value": 2000}]]),
        ("LastUpdated > '1970-01-01 00:00:02'", [[{"propertyName": "LastUpdated", "operator": "GTE", "value": 3000}]]),
        ("LastUpdated < '1970-01-01T00:00:02'", [[{"propertyName": "LastUpdated", "operator": "LT", "value": 2000}]]),
        ("LastUpdated <= '1970-01-01 00:00:02'", [[{"propertyName": "LastUpdated", "operator": "LT", "value": 3000}]]),
        ("LastUpdated > '1970-01-01T00:00:02Z'", [[{"propertyName": "LastUpdated", "operator": "GTE", "value": 1000}]]),
        (
            "Created = '1970-01-02 10:00:00'",
            [[{"propertyName": "Created", "operator": "BETWEEN", "value": 86_400_000, "highValue": 172_799_999}]],
        ),
        ("Subject LIKE 'a b'", [[{"propertyName": "Subject", "operator": "CONTAINS_TOKEN", "value": "*a b*"}]]),
        (
            "id = 1 OR id = 2 AND Status = 'new'",
            [
                [{"propertyName": "id", "operator": "EQ", "value": "1"}],
                [
                    {"propertyName": "id", "operator": "EQ", "value": "2"},
                    {"propertyName": "Status", "operator": "EQ", "value": "new"},
                ],
            ],
        ),
        (
            "(id = 1 OR id = 2) AND Status = 'new'",
            [
                [
                    {"propertyName": "id", "operator": "EQ", "value": one},
                    {"propertyName": "Status", "operator": "EQ", "value": "new"},
                ]
                for one in ("1", "2")
            ],
        ),
    ],
)
def test_a_query_is_read_as_rt_reads_it(query: str, meant: list[Any]) -> None:
    assert groups(query, same) == meant


@pytest.mark.parametrize("query", ["Foo = 1", "id", "id >", "id > 1 AND", "(id > 1", "id IN (1)", "id > 1 id > 2", ") id > 1"])
def test_a_query_that_rt_does_not_understand_is_refused(query: str) -> None:
    with pytest.raises(WrongQuery):
        groups(query, same)


def test_a_walk_by_ascending_id_ends_with_the_truth(client: FlaskClient) -> None:
    seen: list[int] = []
    while items := search(client, f"id > {seen[-1] if seen else 0}", "&orderby=id&order=ASC&per_page=7&fields=id")["items"]:
        seen += [item["id"] for item in items]
    assert seen == sorted(set(seen))
    assert len(seen) == STANDIN.truth(WORLD)["ticket"]


def test_the_same_tickets_are_found_by_time_as_by_looking_at_each(client: FlaskClient) -> None:
    since = "2026-06-01 12:30:00"
    listed = search(client, "id > 0", "&orderby=id&order=ASC&per_page=100&fields=id,LastUpdated")["items"]
    wanted = [item["id"] for item in listed if item["LastUpdated"] >= since.replace(" ", "T") + "Z"]
    assert 0 < len(wanted) < len(listed)
    assert found(client, f"LastUpdated >= '{since}'") == wanted


@pytest.mark.parametrize(("asked", "given"), [("7", 7), ("500", 100), ("0", 20), ("many", 20), ("", 20)])
def test_a_page_holds_at_most_a_hundred_and_twenty_when_nothing_sensible_is_asked(
    client: FlaskClient, asked: str, given: int
) -> None:
    page = search(client, "id > 0", f"&per_page={asked}")
    assert (page["per_page"], page["count"]) == (given, min(given, page["total"]))


def test_users_are_the_known_people_and_the_staff(client: FlaskClient) -> None:
    users = ask(client, "/users?orderby=id&order=ASC&per_page=1")["total"]
    staff = ask(client, "/group/4/members?per_page=1")["total"]
    truth = STANDIN.truth(WORLD)
    assert staff == truth["owner"]
    system_users_without_rights = 2
    assert users == truth["contact"] + staff + system_users_without_rights


def test_every_answer_of_the_truth_stands_in_the_custom_field(client: FlaskClient) -> None:
    items = [
        search(client, "id > 0", f"&orderby=id&order=ASC&per_page=100&page={page}&fields=CustomFields")["items"]
        for page in (1, 2)
    ]
    values = [value for page in items for item in page for value in item["CustomFields"][0]["values"]]
    assert len(values) == STANDIN.truth(WORLD)["survey_response"]
    assert set(values) <= {"1", "2", "4", "5"}


def test_requestors_are_named_and_numbered_like_users(client: FlaskClient) -> None:
    more = "&orderby=id&order=ASC&per_page=1&fields=Requestor&fields[Requestor]=id,EmailAddress"
    [requestor] = search(client, "id > 0", more)["items"][0]["Requestor"]
    user = ask(client, f"/user/{requestor['id']}")
    assert requestor["EmailAddress"] == user["EmailAddress"]
    assert ask(client, f"/user/{user['Name']}")["id"] == requestor["id"]
    assert STANDIN.contact_id(requestor["id"] - record_id("contact", 0)) == str(requestor["id"])


def test_a_deleted_ticket_is_shown_to_who_asks_for_it_and_to_no_search(client: FlaskClient) -> None:
    ticket = found(client, "id > 0")[0]
    assert act(client, "delete", object="tickets", id=ticket)["state"] == "archived"
    assert found(client, f"id = {ticket}") == found(client, "Status = 'deleted'") == []
    assert ask(client, f"/ticket/{ticket}")["Status"] == "deleted"


def test_a_merged_ticket_keeps_its_time_of_change_and_the_winner_gets_a_new_one(client: FlaskClient) -> None:
    winner, loser = found(client, "id > 0")[:2]
    before = search(client, f"id = {loser}", "&fields=LastUpdated")["items"][0]["LastUpdated"]
    act(client, "merge", object="tickets", id=winner, loser=loser)
    listed = search(client, f"EffectiveId = {winner}", "&orderby=id&fields=id,EffectiveId,LastUpdated")["items"]
    assert [(item["id"], item["EffectiveId"]) for item in listed] == [(winner, str(winner)), (loser, str(winner))]
    assert listed[1]["LastUpdated"] == before
    assert listed[0]["LastUpdated"] > before
    assert ask(client, f"/ticket/{loser}")["id"] == winner
    assert loser not in found(client, f"id = {loser} OR id = {winner}")


def test_a_change_is_found_by_its_time(client: FlaskClient) -> None:
    ticket = found(client, "id > 0")[3]
    act(client, "change", object="tickets", id=ticket, fields={"Subject": "Later"})
    assert found(client, "LastUpdated >= '2026-11-02 00:00:00'") == [ticket]


def test_a_condition_on_what_is_not_public_is_ignored(client: FlaskClient) -> None:
    everyone = ask(client, "/users?per_page=1")["total"]
    for field in ("id", "LastUpdated", "Disabled"):
        query = quote(json.dumps([{"field": field, "operator": ">", "value": "999999999"}]))
        assert ask(client, f"/users?query={query}&per_page=1")["total"] == everyone
    query = quote(json.dumps([{"field": "EmailAddress", "value": "root@localhost"}]))
    assert ask(client, f"/users?query={query}&per_page=1")["total"] == 1


def test_a_revoked_token_opens_nothing_and_a_new_one_does(client: FlaskClient) -> None:
    given = act(client, "token")["token"]
    act(client, "revoke")
    assert ask(client, "/rt") == {"message": "Unauthorized"}
    assert ask(client, "/rt", given)["Version"] == "5.0.3"


def test_nothing_found_is_no_page(client: FlaskClient) -> None:
    nothing = search(client, "id > 999999999")
    assert nothing == {"count": 0, "total": 0, "per_page": 100, "page": 1, "items": [], "pages": 0.0}
