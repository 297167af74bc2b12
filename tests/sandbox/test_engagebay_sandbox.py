"""The stand-in for EngageBay: pages by form and cursor, XML unless JSON is asked for, tracks, keys, webhooks, truth."""

import json
from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient

from connectors.engagebay.sandbox import API_KEY, STANDIN
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World
from tests.sandbox.posted import Kept

PANEL = "/dev/api/panel"
ASKING = {"Authorization": API_KEY, "Accept": "application/json"}
NOW = 1_795_000_000
WORLD = World(300)
DEFAULT_TRACK, RENEWALS = 5697266736160001, 5697266736160002


@pytest.fixture
def held() -> Controls:
    return controls(lambda: NOW)


@pytest.fixture
def client(held: Controls) -> FlaskClient:
    return application(STANDIN, WORLD, held).test_client()


def posted(client: FlaskClient, name: str, **form: object) -> Any:
    return client.post(f"{PANEL}/{name}", data={key: str(value) for key, value in form.items()}, headers=ASKING)


def got(client: FlaskClient, path: str) -> Any:
    return client.get(f"{PANEL}/{path}", headers=ASKING)


def walked(client: FlaskClient, name: str, **form: object) -> list[Any]:
    seen: list[Any] = []
    more: dict[str, object] = {}
    while True:
        page = posted(client, name, page_size=100, **form, **more).json
        assert all("cursor" not in one for one in page[:-1])
        seen += page
        if not page or "cursor" not in page[-1]:
            return seen
        more = {"cursor": page[-1].pop("cursor")}


def acted(client: FlaskClient, name: str, **said: object) -> None:
    assert client.post(f"/__sandbox/{name}", json=said).status_code == 200


@pytest.mark.parametrize(
    ("name", "kind"), [("subscribers", "contact"), ("companies", "company"), ("tickets", "ticket"), ("tasks", "activity")]
)
def test_the_pages_of_a_list_hold_everything_once(client: FlaskClient, name: str, kind: str) -> None:
    ids = [one["id"] for one in walked(client, name)]
    assert len(set(ids)) == len(ids) == STANDIN.truth(WORLD)[kind] > 0


def test_only_all_tracks_together_hold_all_deals(client: FlaskClient) -> None:
    tracks = {one["id"]: walked(client, "deals", track_id=one["id"]) for one in got(client, "tracks").json}
    assert set(tracks) == {DEFAULT_TRACK, RENEWALS}
    assert walked(client, "deals") == tracks[DEFAULT_TRACK] != []
    assert sum(map(len, tracks.values())) == STANDIN.truth(WORLD)["deal"] > len(tracks[DEFAULT_TRACK]) > 0
    assert len(tracks) == STANDIN.truth(WORLD)["pipeline"]
    for track in got(client, "tracks").json:
        names = {milestone["labelName"] for milestone in track["milestones"]}
        assert {one["milestoneLabelName"] for one in tracks[track["id"]]} <= names


@pytest.mark.parametrize("by", ["created_time", "updated_time"])
def test_lists_stand_in_the_order_that_is_asked_for(client: FlaskClient, by: str) -> None:
    up = [one[by] for one in walked(client, "subscribers", sort_key=by)]
    assert up == sorted(up)
    assert [one[by] for one in walked(client, "subscribers", sort_key=f"-{by}")] == up[::-1]


def test_who_was_never_changed_has_no_time_of_change_and_stands_last_among_the_newest(client: FlaskClient) -> None:
    found = walked(client, "subscribers", sort_key="-updated_time")
    assert found[-1]["updated_time"] == 0
    assert 0 < sum(one["updated_time"] == 0 for one in found) < len(found)


@pytest.mark.parametrize("form", [{"page_size": 101}, {"page_size": 0}, {"sort_key": "name"}, {"cursor": "bm9uZQ=="}])
def test_a_form_that_cannot_be_is_refused(client: FlaskClient, form: dict[str, object]) -> None:
    answer = posted(client, "subscribers", **form)
    assert (answer.status_code, list(answer.json)) == (400, ["error"])


def test_a_cursor_belongs_to_its_order(client: FlaskClient) -> None:
    cursor = posted(client, "subscribers", page_size=5, sort_key="-created_time").json[-1]["cursor"]
    assert posted(client, "subscribers", page_size=5, sort_key="-created_time", cursor=cursor).status_code == 200
    assert posted(client, "subscribers", page_size=5, sort_key="created_time", cursor=cursor).status_code == 400


def test_json_in_place_of_a_form_is_not_read(client: FlaskClient) -> None:
    answer: Any = client.post(f"{PANEL}/subscribers", json={"page_size": 50}, headers=ASKING)
    assert len(answer.json) == 10


@pytest.mark.parametrize("accept", [None, "*/*", "application/xml"])
def test_it_answers_in_xml_unless_json_is_asked_for(client: FlaskClient, accept: str | None) -> None:
    headers = {"Authorization": API_KEY} | ({} if accept is None else {"Accept": accept})
    answer = client.post(f"{PANEL}/companies", data={"page_size": 1}, headers=headers)
    assert answer.mimetype == "application/xml"
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?><collection><item><id>567')


@pytest.mark.parametrize("sent", [None, "wrong", f"Bearer {API_KEY}", f"Basic {API_KEY}"])
def test_only_the_bare_key_comes_in(client: FlaskClient, sent: str | None) -> None:
    headers = {"Accept": "application/json"} | ({} if sent is None else {"Authorization": sent})
    answer: Any = client.get(f"{PANEL}/users", headers=headers)
    assert (answer.status_code, answer.json) == (401, {"error": "UnAuthenticated User", "status": "401"})


def test_requests_over_the_limit_are_told_so(held: Controls, client: FlaskClient) -> None:
    held.faults.limit_next = 1
    assert [got(client, "users").status_code for _ in range(2)] == [429, 200]


def test_a_subscriber_has_their_address_among_the_properties_and_comes_alone_in_a_list(client: FlaskClient) -> None:
    one = next(one for one in walked(client, "subscribers") if one["email"] and one["companyIds"])
    properties = {each["name"]: each for each in one["properties"]}
    assert (properties["email"]["value"], properties["email"]["subtype"]) == (one["email"], "primary")
    assert json.loads(properties["address"]["value"])["country"] in ("BR", "US")
    assert got(client, f"companies/{one['companyIds'][0]}").json["id"] == one["companyIds"][0]
    (alone,) = got(client, f"subscribers/{one['id']}").json
    assert alone["lastname"] == properties["last_name"]["value"]
    assert {each["type"] for each in one["properties"]} <= {"SYSTEM", "CUSTOM"}
    assert "lastname" not in one


def test_tasks_can_be_asked_for_by_state_and_sort(client: FlaskClient) -> None:
    whole = Counter((one["task_milestone"], one["type"]) for one in walked(client, "tasks", taskStatus="", taskType="ALL"))
    assert len(walked(client, "tasks", taskStatus="completed")) == sum(
        n for (state, _), n in whole.items() if state == "completed"
    )
    assert len(walked(client, "tasks", taskType="CALL")) == sum(n for (_, sort), n in whole.items() if sort == "CALL") > 0


def test_a_deleted_record_is_gone_without_a_trace(client: FlaskClient) -> None:
    one = posted(client, "subscribers").json[0]["id"]
    acted(client, "delete", object="subscribers", id=str(one))
    assert got(client, f"subscribers/{one}").status_code == 404
    assert one not in {each["id"] for each in walked(client, "subscribers")}


def test_tickets_count_from_one(client: FlaskClient) -> None:
    one = walked(client, "tickets")[0]
    assert one["id"] < 10_000
    assert got(client, f"tickets/{one['id']}").json == one


def test_pushes_tell_of_contacts_companies_and_deals_unsigned(held: Controls, client: FlaskClient) -> None:
    held.sender = kept = Kept()
    acted(client, "push", url="http://hub.example/in/secret")
    one = posted(client, "subscribers").json[0]["id"]
    task = posted(client, "tasks").json[0]["id"]
    acted(client, "change", object="subscribers", id=str(one), fields={"lastname": "Novinski"})
    acted(client, "change", object="tasks", id=str(task), fields={"name": "x"})
    acted(client, "delete", object="subscribers", id=str(one))
    assert [(body["event"], body["entity"]["id"]) for body, _ in kept.taken] == [
        ("contact.updated", one),
        ("contact.deleted", one),
    ]
    body, headers = kept.taken[0]
    assert {"name": "lastname", "value": "Novinski"}.items() <= body["entity"]["properties"][1].items()
    assert headers == {}


def test_owners_and_the_account_are_told(client: FlaskClient) -> None:
    users = got(client, "users").json
    assert len(users) == STANDIN.truth(WORLD)["owner"] == 12
    assert [one["is_admin"] for one in users] == [True] + [False] * 11
    assert {one["owner_id"] for one in walked(client, "subscribers")} <= {one["id"] for one in users}
