"""The stand-in for ClickUp: its sign-in, hierarchy, tasks and their fields, what is filtered, limits."""

from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient

from connectors.clickup.sandbox import PERSONAL, STANDIN
from connectors.clickup.sandbox_tasks import number_of, task_id
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World, record_key

KEY = {"Authorization": PERSONAL}
NOW = 1_795_000_000
WORLD = World(600)
TEAM, CUSTOMERS, DEALS, ORDERS, SUPPORT, CHORES = "90150000042", *(str(901500000101 + place) for place in range(5))
ALL = {"include_closed": "true", "subtasks": "true"}


@pytest.fixture
def held() -> Controls:
    made = controls(lambda: NOW)
    made.faults.limits = False
    return made


@pytest.fixture
def client(held: Controls) -> FlaskClient:
    return application(STANDIN, WORLD, held).test_client()


def got(client: FlaskClient, path: str, **query: Any) -> Any:
    return client.get(f"/api/v2{path}", query_string=query, headers=KEY).json


def tasks(client: FlaskClient, *lists: str, **query: Any) -> list[Any]:
    """All pages of what the workspace has in some lists."""
    found: list[Any] = []
    for page in range(100):
        answer = got(client, f"/team/{TEAM}/task", **{"list_ids[]": list(lists), "page": page, **query})
        found += answer["tasks"]
        if answer["last_page"]:
            return found
    raise AssertionError("no last page")


def fields(task: Any) -> dict[str, Any]:
    """The custom fields of a task that have a value, by name."""
    return {one["name"]: one["value"] for one in task["custom_fields"] if "value" in one}


def act(client: FlaskClient, name: str, **said: Any) -> None:
    assert client.post(f"/__sandbox/{name}", json=said).status_code == 200


def _divided(name: str) -> tuple[int, str, int]:
    """Whose order this is, and which: what the world is asked by."""
    index, number = record_key("order", int(name.removeprefix("Order ")))
    return index, "clickup", number


def someone(place: int = 0) -> str:
    return [STANDIN.contact_id(index) for index in range(600) if WORLD.knows("clickup", index)][place]


@pytest.mark.parametrize("number", [1, 10_000_001, 400_012_345])
def test_an_id_of_letters_and_digits_reads_back_as_its_number(number: int) -> None:
    assert task_id(number).isalnum()
    assert number_of(CUSTOMERS, task_id(number)) == number
    assert [number_of(CUSTOMERS, text) for text in ("10000001", "86c", "86cnonsense", task_id(number) + "0")] == [-1] * 4


def test_every_list_has_as_many_tasks_as_there_are_records(client: FlaskClient) -> None:
    found, decided = (
        Counter(task["list"]["id"] for task in tasks(client, **ALL)),
        {each.raw: each.value for each in STANDIN.decisions},
    )
    assert decided == {CUSTOMERS: "contact", DEALS: "deal", ORDERS: "order", SUPPORT: "ticket", CHORES: "nothing"}
    truth = {**STANDIN.truth(WORLD)}
    assert truth.pop("owner") == len(got(client, "/team")["teams"][0]["members"]) == 12
    assert found.pop(CHORES) == WORLD.count("clickup", "survey_response") > 0
    assert {decided[identity]: number for identity, number in found.items()} == truth
    assert truth["contact"] == 240


def test_pages_of_a_hundred_hold_everything_once_and_the_last_one_says_so(client: FlaskClient) -> None:
    pages = [got(client, f"/list/{CUSTOMERS}/task", page=page, **ALL) for page in range(4)]
    assert [len(page["tasks"]) for page in pages] == [100, 100, 40, 0]
    assert [page["last_page"] for page in pages] == [False, False, True, True]
    assert len({task["id"] for page in pages for task in page["tasks"]}) == 240


def test_closed_tasks_and_subtasks_are_left_out_unless_asked_for(client: FlaskClient, held: Controls) -> None:
    whole = tasks(client, ORDERS, **ALL)
    assert {task["status"]["type"] for task in whole} == {"open", "done", "closed"}
    shown = tasks(client, ORDERS)
    assert [task for task in whole if task["status"]["type"] != "closed"] == shown
    row = held.collections[ORDERS].create({"name": "A part", "status": "pending", "parent": whole[0]["id"]})
    assert len(tasks(client, ORDERS)) == len(shown)
    (below,) = [task for task in tasks(client, ORDERS, subtasks="true") if task["parent"]]
    assert (below["id"], below["name"], below["parent"]) == (task_id(row.id), "A part", whole[0]["id"])


def test_archived_tasks_are_in_a_list_of_their_own(client: FlaskClient) -> None:
    act(client, "change", object=CUSTOMERS, id=someone(), fields={"archived": True})
    assert someone() not in {task["id"] for task in tasks(client, CUSTOMERS, **ALL)}
    (found,) = got(client, f"/list/{CUSTOMERS}/task", archived="true", **ALL)["tasks"]
    assert (found["id"], found["archived"]) == (someone(), True)


def test_tasks_come_the_newest_first_and_reversed_the_oldest(client: FlaskClient) -> None:
    made = [int(task["date_created"]) for task in tasks(client, DEALS, **ALL)]
    assert made == sorted(made, reverse=True)
    changed = [int(task["date_updated"]) for task in tasks(client, DEALS, order_by="updated", reverse="true", **ALL)]
    assert changed == sorted(changed)
    after = tasks(client, DEALS, order_by="updated", reverse="true", date_updated_gt=changed[5], **ALL)
    assert [int(task["date_updated"]) for task in after] == changed[6:]
    before = tasks(client, DEALS, date_updated_lt=changed[5], **ALL)
    assert len(before) == 5
    assert tasks(client, DEALS, date_updated_gt=4_000_000_000_000, **ALL) == []


def test_a_task_that_is_done_says_when_and_a_closed_one_when_it_was_closed(client: FlaskClient) -> None:
    ends = {
        name: [one for one in tasks(client, DEALS, **ALL) if one["status"]["status"] == name] for name in ("won", "lost", "new")
    }
    assert all(ends.values())
    assert {(one["status"]["type"], one["date_done"] == one["date_closed"] is not None) for one in ends["won"]} == {
        ("closed", True)
    }
    assert {(one["status"]["type"], one["date_closed"]) for one in ends["lost"]} == {("done", None)}
    assert all(one["date_done"] for one in ends["lost"])
    assert {(one["status"]["type"], one["date_done"], one["date_closed"]) for one in ends["new"]} == {("open", None, None)}


def test_custom_fields_are_told_as_their_type_tells_them(client: FlaskClient) -> None:
    defined = {one["name"]: one for one in got(client, f"/list/{CUSTOMERS}/field")["fields"]}
    options = [one["name"] for one in defined["Lifecycle stage"]["type_config"]["options"]]
    assert options == ["Lead", "Opportunity", "Customer", "Evangelist"]
    labels = {one["id"]: one["label"] for one in defined["Interests"]["type_config"]["options"]}
    seen: dict[str, Any] = {}
    for task in tasks(client, CUSTOMERS, **ALL):
        seen = {**fields(task), **seen}
    assert set(seen) == set(defined)
    assert seen["Lifecycle stage"] in range(4)
    assert {labels[one] for one in seen["Interests"]} <= {"Training", "Integration", "Reports"}
    assert seen["Newsletter"] in ("true", "false")
    assert seen["Acquisition date"].isdecimal()
    assert 1_600_000_000_000 < int(seen["Acquisition date"]) < NOW * 1000
    assert 0 <= int(seen["Lead score"]) <= 100
    assert [one["email"].endswith("@ciclo.example") for one in seen["Sales associate"]] == [True]
    assert seen["Address"]["location"] == {"lat": -23.5, "lng": -46.6}
    assert set(seen["Onboarding"]) == {"current", "percent_completed"}
    assert set(seen["Checklist progress"]) == {"percent_complete"}


def test_an_empty_field_has_no_value_at_all(client: FlaskClient) -> None:
    phones = [next(one for one in task["custom_fields"] if one["name"] == "Phone") for task in tasks(client, CUSTOMERS, **ALL)]
    assert {"value" in one for one in phones} == {True, False}
    assert all(one["value"] is not None for one in phones if "value" in one)


def test_a_category_is_told_by_the_id_of_its_option(client: FlaskClient) -> None:
    (defined,) = [one for one in got(client, f"/list/{SUPPORT}/field")["fields"] if one["name"] == "Category"]
    names = {one["id"]: one["name"] for one in defined["type_config"]["options"]}
    told = {names[fields(task)["Category"]] for task in tasks(client, SUPPORT, **ALL) if "Category" in fields(task)}
    assert told == {"question", "incident", "problem", "task"}


def test_money_is_text_in_the_currency_of_its_field_and_an_order_names_its_customer(client: FlaskClient) -> None:
    customers = {task["id"]: task for task in tasks(client, CUSTOMERS, **ALL)}
    for task in tasks(client, ORDERS, **ALL):
        told = fields(task)
        (money,) = [one for one in task["custom_fields"] if one["type"] == "currency" and "value" in one]
        assert money["type_config"]["currency_type"] == {"Amount": "BRL", "Amount (USD)": "USD"}[money["name"]]
        order = WORLD.order(*_divided(task["name"]))
        assert (money["type_config"]["currency_type"], money["value"]) == (order.currency, str(order.total))
        (customer,) = told["Customer"]
        assert told.get("E-mail") == fields(customers[customer["id"]]).get("E-mail")


def test_a_status_that_nobody_had_before_is_a_further_one(client: FlaskClient) -> None:
    act(client, "change", object=CUSTOMERS, id=someone(), fields={"status": "paused"})
    task = got(client, f"/task/{someone()}")
    assert (task["status"]["status"], task["status"]["type"]) == ("paused", "custom")


def test_a_relationship_leads_to_a_deleted_task_too_and_says_so(client: FlaskClient) -> None:
    order = tasks(client, ORDERS)[0]
    ((customer,),) = [one["value"] for one in order["custom_fields"] if one["name"] == "Customer"]
    assert customer["deleted"] is False
    act(client, "delete", object=CUSTOMERS, id=customer["id"])
    ((gone,),) = [one["value"] for one in got(client, f"/task/{order['id']}")["custom_fields"] if one["name"] == "Customer"]
    assert gone == {**customer, "deleted": True}


def test_the_hierarchy_leads_to_every_list_with_its_statuses(client: FlaskClient) -> None:
    (team,) = got(client, "/team")["teams"]
    (space,) = got(client, f"/team/{team['id']}/space")["spaces"]
    folders = got(client, f"/space/{space['id']}/folder")["folders"]
    inside = [one for folder in folders for one in got(client, f"/folder/{folder['id']}/list")["lists"]]
    assert [one for folder in folders for one in folder["lists"]] == inside
    alone = got(client, f"/space/{space['id']}/list")["lists"]
    assert all(one["folder"]["hidden"] for one in alone)
    assert {one["id"]: one["name"] for one in [*inside, *alone]} == {
        CUSTOMERS: "Customers", DEALS: "Deals", ORDERS: "Orders", SUPPORT: "Support", CHORES: "Follow-ups",
    }  # fmt: skip  # as one table
    kinds = [one["type"] for one in got(client, f"/list/{SUPPORT}")["statuses"]]
    assert kinds == ["open", "custom", "custom", "custom", "done", "closed"]


def test_a_deleted_task_is_not_found_until_it_is_restored(client: FlaskClient) -> None:
    act(client, "delete", object=CUSTOMERS, id=someone())
    missing: Any = client.get(f"/api/v2/task/{someone()}", headers=KEY)
    assert (missing.status_code, missing.json) == (404, {"err": "Task not found", "ECODE": "ITEM_013"})
    assert someone() not in {task["id"] for task in tasks(client, CUSTOMERS, **ALL)}
    act(client, "restore", object=CUSTOMERS, id=someone())
    assert got(client, f"/task/{someone()}")["id"] == someone()


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("/user", {}, 401, "OAUTH_017"),
        ("/user", {"Authorization": "Bearer wrong"}, 401, "OAUTH_025"),
        ("/team/1/task", KEY, 401, "OAUTH_027"),
        ("/list/1/task", KEY, 401, "OAUTH_027"),
        ("/folder/1/list", KEY, 401, "OAUTH_027"),
        (f"/team/{TEAM}/task?list_ids[]=1", KEY, 401, "OAUTH_027"),
        ("/task/nonsense", KEY, 404, "ITEM_013"),
    ],
)
def test_what_it_refuses_has_a_code(client: FlaskClient, path: str, headers: dict[str, str], status: int, code: str) -> None:
    answer: Any = client.get(f"/api/v2{path}", headers=headers)
    assert (answer.status_code, answer.json["ECODE"]) == (status, code)


def test_a_code_buys_a_token_that_lasts_for_ever_and_no_other(client: FlaskClient, held: Controls) -> None:
    asked = {"client_id": "sandbox-client", "redirect_uri": "https://hub.example/back", "state": "s"}
    assert client.get("/api", query_string=asked).status_code == 200
    back = client.post("/api", data={**asked, "decision": "allow"}).headers["Location"]
    code = back.partition("code=")[2].partition("&")[0]
    sent = {"client_id": "sandbox-client", "client_secret": "sandbox-secret", "redirect_uri": asked["redirect_uri"], "code": code}
    wrong: Any = client.post("/api/v2/oauth/token", query_string={**sent, "client_secret": "no"})
    assert (wrong.status_code, wrong.json["ECODE"]) == (401, "OAUTH_010")
    token: Any = client.post("/api/v2/oauth/token", query_string=sent).json
    assert set(token) == {"access_token", "token_type"}
    again: Any = client.post("/api/v2/oauth/token", json=sent)
    assert (again.status_code, again.json["ECODE"]) == (400, "OAUTH_014")
    assert client.post("/__sandbox/expire").json == {"expired": 0}
    for header in (token["access_token"], f"Bearer {token['access_token']}"):
        assert client.get("/api/v2/user", headers={"Authorization": header}).status_code == 200
    assert held.server is not None
    held.server.revoke(token["access_token"])
    assert client.get("/api/v2/user", headers={"Authorization": header}).status_code == 401


def test_the_hundred_and_first_request_of_a_minute_waits_until_the_time_it_is_told(client: FlaskClient, held: Controls) -> None:
    held.faults.limits = True
    answers: list[Any] = [client.get("/api/v2/user", headers=KEY) for _ in range(101)]
    assert [answer.status_code for answer in answers] == [200] * 100 + [429]
    assert answers[-1].json == {"err": "Rate limit reached", "ECODE": "APP_002"}
    assert [answers[place].headers["X-RateLimit-Remaining"] for place in (0, 99, 100)] == ["99", "0", "0"]
    assert answers[-1].headers["X-RateLimit-Limit"] == "100"
    assert int(answers[-1].headers["X-RateLimit-Reset"]) == NOW + 61
    assert "Retry-After" not in answers[-1].headers
