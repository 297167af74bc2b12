"""The stand-in for Freshdesk: bare lists and their links, filters, includes, refusals, keys, pushes, truth."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from connectors.freshdesk.sandbox import API_KEY, STANDIN
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World
from tests.sandbox.posted import Kept

ROOT = "/api/v2"
NOW = 1_795_000_000
WORLD = World(300)
EVER = "2010-01-01T00:00:00Z"
ONE_BY_ONE = {"updated_since": EVER, "order_by": "updated_at", "order_type": "asc"}


@pytest.fixture
def held() -> Controls:
    return controls(lambda: NOW)


@pytest.fixture
def client(held: Controls) -> FlaskClient:
    return application(STANDIN, WORLD, held).test_client()


def got(client: FlaskClient, path: str, /, **params: object) -> Any:
    return client.get(f"{ROOT}/{path}", query_string={name: str(said) for name, said in params.items()}, auth=(API_KEY, "X"))


def walked(client: FlaskClient, name: str, **params: object) -> list[Any]:
    seen: list[Any] = []
    page = 0
    while True:
        page += 1
        answer = got(client, name, per_page=40, page=page, **params)
        seen += answer.json
        more = f"page={page + 1}&" in answer.headers.get("Link", "").replace(">", "&")
        assert more == ('; rel="next"' in answer.headers.get("Link", ""))
        if not more:
            return seen


def acted(client: FlaskClient, name: str, **said: object) -> None:
    assert client.post(f"/__sandbox/{name}", json=said).status_code == 200


@pytest.mark.parametrize(
    ("name", "kind", "params"),
    [
        ("contacts", "contact", {}),
        ("companies", "company", {}),
        ("tickets", "ticket", {"updated_since": EVER}),
        ("surveys/satisfaction_ratings", "survey_response", {}),
    ],
)
def test_the_pages_of_a_list_hold_everything_once(client: FlaskClient, name: str, kind: str, params: dict[str, str]) -> None:
    ids = [one["id"] for one in walked(client, name, **params)]
    assert len(set(ids)) == len(ids) == STANDIN.truth(WORLD)[kind] > 40 * (kind in ("contact", "ticket"))


def test_a_page_has_thirty_records_unless_more_are_asked_for(client: FlaskClient) -> None:
    assert len(got(client, "contacts").json) == 30
    assert len(got(client, "contacts", per_page=100).json) == 100


def test_without_a_moment_only_tickets_of_the_last_thirty_days_are_listed(client: FlaskClient) -> None:
    made = [one["created_at"] for one in walked(client, "tickets", updated_since=EVER)]
    assert len(made) == STANDIN.truth(WORLD)["ticket"]
    lately = [one["created_at"] for one in walked(client, "tickets")]
    assert lately == [moment for moment in made if moment > "2026-10-19T11:06:40Z"] != []


def test_tickets_stand_newest_first_unless_another_order_is_asked_for(client: FlaskClient) -> None:
    made = [one["created_at"] for one in walked(client, "tickets", updated_since=EVER)]
    assert made == sorted(made, reverse=True)
    changed = [one["updated_at"] for one in walked(client, "tickets", **ONE_BY_ONE)]
    assert changed == sorted(changed)
    assert changed[::-1] == [one["updated_at"] for one in walked(client, "tickets", **{**ONE_BY_ONE, "order_type": "desc"})]


@pytest.mark.parametrize(
    ("name", "since", "by"),
    [
        ("contacts", "_updated_since", "updated_at"),
        ("tickets", "updated_since", "updated_at"),
        ("surveys/satisfaction_ratings", "created_since", "created_at"),
    ],
)
def test_what_changed_is_listed_but_not_what_did_in_that_very_second(client: FlaskClient, name: str, since: str, by: str) -> None:
    moments = sorted(one[by] for one in walked(client, name, **{since: EVER}))
    middle = moments[len(moments) // 2]
    later = sorted(one[by] for one in walked(client, name, **{since: middle}))
    assert later == [moment for moment in moments if moment > middle] != []


@pytest.mark.parametrize(
    ("name", "params", "field", "code"),
    [
        ("contacts", {"per_page": 101}, "per_page", "invalid_value"),
        ("contacts", {"updated_since": EVER}, "updated_since", "invalid_field"),
        ("companies", {"updated_since": EVER}, "updated_since", "invalid_field"),
        ("tickets", {"_updated_since": EVER}, "_updated_since", "invalid_field"),
        ("tickets", {"order_by": "subject"}, "order_by", "invalid_value"),
        ("tickets", {"page": 301}, "page", "invalid_value"),
    ],
)
def test_what_cannot_be_asked_is_refused(client: FlaskClient, name: str, params: Any, field: str, code: str) -> None:
    answer = got(client, name, **params)
    (error,) = answer.json["errors"]
    assert (answer.status_code, answer.json["description"]) == (400, "Validation failed")
    assert (error["field"], error["code"]) == (field, code)


def test_contacts_have_no_last_page_that_is_allowed(client: FlaskClient) -> None:
    assert got(client, "contacts", page=301).json == []


@pytest.mark.parametrize("key", ["", "wrong", f"{API_KEY}x"])
def test_only_the_key_as_the_user_name_comes_in(client: FlaskClient, key: str) -> None:
    answer: Any = client.get(f"{ROOT}/agents", auth=(key, "X"))
    assert (answer.status_code, answer.json["code"]) == (401, "invalid_credentials")
    assert client.get(f"{ROOT}/agents").status_code == 401
    assert client.get(f"{ROOT}/agents", headers={"Authorization": f"Bearer {API_KEY}"}).status_code == 401


def test_requests_over_the_limit_are_told_how_long_to_wait(client: FlaskClient) -> None:
    answers = [got(client, "account") for _ in range(201)]
    assert [answer.status_code for answer in answers] == [200] * 200 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61


def test_a_ticket_has_its_times_only_where_they_are_asked_for(client: FlaskClient) -> None:
    plain = walked(client, "tickets", updated_since=EVER)
    assert not any("stats" in one for one in plain)
    included = walked(client, "tickets", updated_since=EVER, include="stats")
    assert {one["stats"]["resolved_at"] is not None for one in included if one["status"] in (4, 5)} == {True}
    assert {one["stats"]["resolved_at"] for one in included if one["status"] in (2, 3)} == {None}
    assert got(client, f"tickets/{included[0]['id']}", include="stats").json == included[0]


def test_tickets_name_people_companies_and_agents_that_are_there(client: FlaskClient) -> None:
    tickets = walked(client, "tickets", updated_since=EVER)
    people = {one["id"] for one in walked(client, "contacts")}
    companies = {one["id"] for one in walked(client, "companies")}
    agents = {one["id"] for one in got(client, "agents").json}
    assert {one["requester_id"] for one in tickets} <= people
    assert {one["company_id"] for one in tickets} - {None} <= companies
    assert {one["responder_id"] for one in tickets} - {None} <= agents
    assert len(agents) == STANDIN.truth(WORLD)["owner"] == 12


def test_every_status_of_a_ticket_is_one_of_the_field_and_a_number(client: FlaskClient) -> None:
    (field,) = got(client, "ticket_fields", type="default_status").json
    assert {str(one["status"]) for one in walked(client, "tickets", updated_since=EVER)} == set(field["choices"])
    assert len(got(client, "ticket_fields").json) == 2


def test_ratings_are_of_tickets_that_were_solved(client: FlaskClient) -> None:
    solved = {one["id"]: one["requester_id"] for one in walked(client, "tickets", updated_since=EVER) if one["status"] in (4, 5)}
    ratings = walked(client, "surveys/satisfaction_ratings")
    assert {one["ratings"]["default_question"] for one in ratings} == {103, -103}
    assert {one["ticket_id"]: one["user_id"] for one in ratings}.items() <= solved.items()


@pytest.mark.parametrize(
    ("name", "kept", "bin_"),
    [("contacts", {}, {"state": "deleted"}), ("tickets", {"updated_since": EVER}, {"updated_since": EVER, "filter": "deleted"})],
)
def test_what_is_deleted_is_listed_apart_and_can_be_restored(client: FlaskClient, name: str, kept: Any, bin_: Any) -> None:
    one = got(client, name, **kept).json[0]["id"]
    assert walked(client, name, **bin_) == []
    acted(client, "delete", object=name, id=str(one))
    assert one not in {each["id"] for each in walked(client, name, **kept)}
    (gone,) = walked(client, name, **bin_)
    assert (gone["id"], gone["deleted"]) == (one, True)
    assert got(client, f"{name}/{one}").json["deleted"]
    acted(client, "restore", object=name, id=str(one))
    assert walked(client, name, **bin_) == []
    assert "deleted" not in got(client, f"{name}/{one}").json


def test_what_is_taken_for_spam_is_listed_apart(client: FlaskClient) -> None:
    one = got(client, "tickets", updated_since=EVER).json[0]["id"]
    acted(client, "change", object="tickets", id=str(one), fields={"spam": True})
    assert one not in {each["id"] for each in walked(client, "tickets", updated_since=EVER)}
    assert [each["id"] for each in walked(client, "tickets", updated_since=EVER, filter="spam")] == [one]


@pytest.mark.parametrize("name", ["companies", "contacts"])
def test_what_is_deleted_for_good_is_answered_by_nothing(client: FlaskClient, name: str) -> None:
    one = got(client, name).json[0]["id"]
    acted(client, "erase", object=name, id=str(one))
    answer = got(client, f"{name}/{one}")
    assert (answer.status_code, answer.data) == (404, b"")
    assert one not in {each["id"] for each in walked(client, name)}


def test_of_two_merged_contacts_one_stays_with_the_addresses_of_both(client: FlaskClient) -> None:
    first, second = [one for one in walked(client, "contacts") if one["email"]][:2]
    acted(client, "merge", object="contacts", id=str(first["id"]), loser=str(second["id"]))
    stays = got(client, f"contacts/{first['id']}").json
    assert (stays["email"], stays["other_emails"]) == (first["email"], [second["email"]])
    assert got(client, f"contacts/{second['id']}").status_code == 404
    assert walked(client, "contacts", state="deleted") == []
    assert client.post("/__sandbox/merge", json={"object": "tickets", "id": "1", "loser": "2"}).status_code == 404


def test_pushes_tell_of_tickets_and_their_requesters_and_of_contacts_unsigned(held: Controls, client: FlaskClient) -> None:
    held.sender = kept = Kept()
    acted(client, "push", url="http://hub.example/in/secret")
    ticket, company = got(client, "tickets", updated_since=EVER).json[0], got(client, "companies").json[0]["id"]
    acted(client, "change", object="tickets", id=str(ticket["id"]), fields={"subject": "x"})
    acted(client, "change", object="companies", id=str(company), fields={"name": "x"})
    acted(client, "change", object="contacts", id=str(ticket["requester_id"]), fields={"name": "x"})
    acted(client, "delete", object="tickets", id=str(ticket["id"]))
    of_ticket, of_contact, of_deleted = (body for body, _ in kept.taken)
    assert (of_ticket["ticket_id"], of_ticket["contact_id"]) == (str(ticket["id"]), str(ticket["requester_id"]))
    assert set(of_contact) == {"contact_id", "event", "at"}
    assert (of_deleted["ticket_id"], of_deleted["event"]) == (str(ticket["id"]), "{ticket_action:deleted}")
    assert kept.taken[0][1] == {}


def test_the_account_says_who_it_is(client: FlaskClient) -> None:
    assert got(client, "account").json["account_domain"] == "ciclo.freshdesk.com"
