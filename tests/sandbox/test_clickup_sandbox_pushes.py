"""The webhooks of the stand-in for ClickUp: what they hear, how it is signed, and how healthy they are."""

import hmac
import json
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient

from connectors.clickup.sandbox import PERSONAL, STANDIN
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World
from tests.sandbox.posted import Post

KEY = {"Authorization": PERSONAL}
WORLD = World(60)
TEAM, CUSTOMERS, ORDERS, SUPPORT = "90150000042", "901500000101", "901500000103", "901500000104"


@pytest.fixture
def held() -> Controls:
    made = controls(lambda: 1_795_000_000)
    made.faults.limits = False
    made.sender = Post()
    return made


@pytest.fixture
def client(held: Controls) -> FlaskClient:
    return application(STANDIN, WORLD, held).test_client()


def got(client: FlaskClient, path: str) -> Any:
    return client.get(f"/api/v2{path}", headers=KEY).json


def tasks(client: FlaskClient, name: str) -> list[Any]:
    return list(got(client, f"/list/{name}/task?include_closed=true")["tasks"])


def act(client: FlaskClient, name: str, **said: Any) -> None:
    assert client.post(f"/__sandbox/{name}", json=said).status_code == 200


def someone(place: int = 0) -> str:
    return [STANDIN.contact_id(index) for index in range(60) if WORLD.knows("clickup", index)][place]


def registered(client: FlaskClient, **said: Any) -> Any:
    wanted = {"endpoint": "https://hub.example/in", "events": "*", **said}
    return client.post(f"/api/v2/team/{TEAM}/webhook", json=wanted, headers=KEY)


def told(held: Controls) -> list[tuple[dict[str, Any], bytes, str]]:
    """(what was told, its bytes, its signature) of every delivery so far."""
    assert isinstance(held.sender, Post)
    sent = [(one.body(0), one.headers(one.body(0))["X-Signature"]) for one in held.sender.taken]
    return [(json.loads(content), content, sign) for content, sign in sent]


def test_a_change_is_told_signed_with_the_webhooks_secret(client: FlaskClient, held: Controls) -> None:
    hook = registered(client).json["webhook"]
    act(client, "change", object=CUSTOMERS, id=someone(), fields={"name": "Ana Nova", "Lead score": 12, "status": "active"})
    (whole, content, sign), (state, _, _) = told(held)
    assert sign == hmac.new(hook["secret"].encode(), content, sha256).hexdigest()
    assert (whole["event"], whole["task_id"], whole["webhook_id"]) == ("taskUpdated", someone(), hook["id"])
    items = {item["field"]: item for item in whole["history_items"]}
    assert items["name"]["after"] == "Ana Nova"
    assert (items["custom_field"]["custom_field"]["name"], items["custom_field"]["after"]) == ("Lead score", 12)
    assert items["status"]["after"]["type"] == "custom"
    assert (state["event"], [item["field"] for item in state["history_items"]]) == ("taskStatusUpdated", ["status"])


def test_a_new_task_and_a_deleted_one_are_told(client: FlaskClient, held: Controls) -> None:
    registered(client)
    client.post("/__sandbox/create", json={"object": SUPPORT, "fields": {"name": "Help", "status": "new"}})
    act(client, "delete", object=CUSTOMERS, id=someone())
    act(client, "restore", object=CUSTOMERS, id=someone())
    events = [one for one, _, _ in told(held)]
    assert [one["event"] for one in events] == ["taskCreated", "taskStatusUpdated", "taskDeleted"]
    assert [item["field"] for item in events[0]["history_items"]] == ["status", "task_creation"]
    assert events[0]["history_items"][0]["before"]["type"] == "removed"
    assert (events[2]["task_id"], events[2]["history_items"], events[2]["team_id"]) == (someone(), [], TEAM)


def test_of_two_that_are_merged_the_lost_one_is_told_to_be_deleted(client: FlaskClient, held: Controls) -> None:
    registered(client)
    act(client, "merge", object=CUSTOMERS, id=someone(0), loser=someone(1))
    assert [(one["event"], one["task_id"]) for one, _, _ in told(held)] == [("taskDeleted", someone(1))]
    assert someone(1) not in {task["id"] for task in tasks(client, CUSTOMERS)}
    assert someone(0) in {task["id"] for task in tasks(client, CUSTOMERS)}


def test_a_webhook_hears_only_what_it_asked_for(client: FlaskClient, held: Controls) -> None:
    registered(client, events=["taskDeleted"])
    act(client, "change", object=ORDERS, id=tasks(client, ORDERS)[0]["id"], fields={"name": "Other"})
    assert told(held) == []
    act(client, "delete", object=ORDERS, id=tasks(client, ORDERS)[0]["id"])
    assert [one["event"] for one, _, _ in told(held)] == ["taskDeleted"]


def test_a_webhook_is_registered_listed_changed_and_removed(client: FlaskClient) -> None:
    made = registered(client).json
    assert made["id"] == made["webhook"]["id"]
    assert made["webhook"]["health"] == {"status": "active", "fail_count": 0}
    assert registered(client, endpoint="").status_code == 400
    changed = {"endpoint": "https://hub.example/other", "events": ["taskDeleted"], "status": "active"}
    answer: Any = client.put(f"/api/v2/webhook/{made['id']}", json=changed, headers=KEY).json
    assert answer["webhook"]["events"] == ["taskDeleted"]
    assert got(client, f"/team/{TEAM}/webhook") == {"webhooks": [answer["webhook"]]}
    assert client.delete(f"/api/v2/webhook/{made['id']}", headers=KEY).json == {}
    assert got(client, f"/team/{TEAM}/webhook") == {"webhooks": []}
    assert client.delete(f"/api/v2/webhook/{made['id']}", headers=KEY).status_code == 404


@pytest.mark.parametrize(
    ("statuses", "health"),
    [
        ([(0, 500), (1, 200)], ("active", 0)),
        ([(0, 500), (1, 500)], ("failing", 1)),
        ([(0, 500), (1, 500), (0, 200)], ("active", 0)),
        ([(0, 500), (1, 500)] * 100, ("suspended", 100)),
        ([(0, 410)], ("suspended", 100)),
    ],
)
def test_a_webhook_that_nobody_answers_fails_and_is_suspended(
    client: FlaskClient, held: Controls, statuses: list[tuple[int, int]], health: tuple[str, int]
) -> None:
    hook = registered(client).json["id"]
    held.sender.log.extend(
        {"url": "https://hub.example/in", "attempt": attempt, "status": status} for attempt, status in statuses
    )
    (shown,) = got(client, f"/team/{TEAM}/webhook")["webhooks"]
    assert (shown["health"]["status"], shown["health"]["fail_count"]) == health
    act(client, "delete", object=CUSTOMERS, id=someone())
    assert len(told(held)) == (0 if health[0] == "suspended" else 1)
    client.put(f"/api/v2/webhook/{hook}", json={"status": "active"}, headers=KEY)
    act(client, "delete", object=CUSTOMERS, id=someone(1))
    assert told(held)[-1][0]["task_id"] == someone(1)
