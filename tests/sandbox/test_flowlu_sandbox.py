"""The stand-in for Flowlu: pages, filters, errors under 200, merged accounts, webhooks, truth."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from connectors.flowlu.sandbox import API_KEY, STANDIN
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World
from tests.sandbox.posted import Kept

BASE = "/api/v1/module"
NOW = 1_795_000_000
WORLD = World(900)


@pytest.fixture
def held() -> Controls:
    return controls(lambda: NOW)


@pytest.fixture
def client(held: Controls) -> FlaskClient:
    return application(STANDIN, WORLD, held).test_client()


def got(client: FlaskClient, path: str, **params: object) -> Any:
    return client.get(f"{BASE}/{path}", query_string={"api_key": API_KEY, **{name: str(said) for name, said in params.items()}})


def walked(client: FlaskClient, entity: str, **params: object) -> list[Any]:
    seen: list[Any] = []
    for page in range(1, 100):
        answer = got(client, f"{entity}/list", page=page, limit=100, **params).json["response"]
        assert (answer["page"], answer["count"]) == (page, len(answer["items"]))
        seen += answer["items"]
        if not answer["items"]:
            assert len(seen) == answer["total"] == answer["total_result"]
            return seen
    raise AssertionError(entity)


def acted(client: FlaskClient, name: str, **said: object) -> Any:
    answer = client.post(f"/__sandbox/{name}", json=said)
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.parametrize(
    ("entity", "kind"),
    [
        ("crm/lead", "deal"),
        ("crm/lead", "lead"),
        ("fin/invoice", "invoice"),
        ("fin/customer_payment", "payment"),
        ("task/tasks", "activity"),
        ("core/user", "owner"),
    ],
)
def test_the_pages_of_a_list_hold_everything_once(client: FlaskClient, entity: str, kind: str) -> None:
    ids = [one["id"] for one in walked(client, entity)]
    assert ids == sorted(set(ids))
    assert len(ids) == STANDIN.truth(WORLD)[kind] > 0


def test_people_and_organizations_are_of_one_entity(client: FlaskClient) -> None:
    kinds = [str(one["type"]) for one in walked(client, "crm/account")]
    truth = STANDIN.truth(WORLD)
    assert (kinds.count("2"), kinds.count("1")) == (truth["contact"], truth["company"])
    assert {type(one["type"]) for one in walked(client, "crm/account")} == {int, str}
    assert len(walked(client, "crm/pipeline")) + 1 == truth["pipeline"]


def test_a_page_has_fifty_records_and_a_hundred_at_most(client: FlaskClient) -> None:
    sizes = [len(got(client, "crm/account/list", **asked).json["response"]["items"]) for asked in ({}, {"limit": 500})]
    assert sizes == [50, 100]


def test_a_list_can_be_filtered_by_a_field(client: FlaskClient) -> None:
    stages = walked(client, "crm/pipeline_stage", **{"filter[pipeline_id]": 2})
    assert [one["name"] for one in stages] == ["Aviso", "Conversa", "Contrato"]
    assert got(client, "crm/lead/list", **{"filter[nmae]": 1}).json == {
        "error": {"error_code": 12, "error_msg": "invalid request"}
    }


def test_every_deal_stands_in_a_stage_of_its_pipeline_and_only_lost_ones_have_a_reason(client: FlaskClient) -> None:
    stages = {(one["pipeline_id"], one["id"]) for one in walked(client, "crm/pipeline_stage")}
    reasons = {one["id"] for one in walked(client, "crm/loss_reason")}
    deals = walked(client, "crm/lead")
    assert {(one["pipeline_id"], one["pipeline_stage_id"]) for one in deals} <= stages
    assert {one["closing_status_id"] in reasons for one in deals if one["active"] == "2"} == {True}
    assert {one["closing_status_id"] for one in deals if one["active"] != "2"} == {None}
    assert {one["closing_date"] is None for one in deals if one["active"] == "1"} == {True}
    assert {one["active"] for one in deals} == {"1", "2", "3"}


def test_money_is_of_accounts_that_are_there(client: FlaskClient) -> None:
    accounts = {one["id"] for one in walked(client, "crm/account")}
    invoices, payments = walked(client, "fin/invoice"), walked(client, "fin/customer_payment")
    assert {one["customer_id"] for one in invoices} | {one["crm_company_id"] for one in payments} <= accounts
    assert {one["paid_date"] is not None for one in invoices if one["status_id"] == "3"} == {True}
    assert len(payments) == sum(one["paid_date"] is not None for one in invoices)


@pytest.mark.parametrize(
    ("path", "code", "told"),
    [
        ("crm/account/get/7", 20, "not found"),
        ("crm/account/erase/7", 30, "unknown method"),
        ("crm/account/list/7", 30, "unknown method"),
        ("shop/order/list", 31, "unknown module"),
    ],
)
def test_errors_come_under_200(client: FlaskClient, path: str, code: int, told: str) -> None:
    answer = got(client, path)
    assert (answer.status_code, answer.json) == (200, {"error": {"error_code": code, "error_msg": told}})


@pytest.mark.parametrize("sent", [{}, {"api_key": "wrong"}, {"key": API_KEY}])
def test_only_the_key_among_the_parameters_comes_in(client: FlaskClient, sent: dict[str, str]) -> None:
    answer: Any = client.get(f"{BASE}/core/user/list", query_string=sent, headers={"Authorization": f"Bearer {API_KEY}"})
    assert (answer.status_code, answer.json["error"]["error_code"]) == (200, 11)


def test_a_key_reads_the_modules_that_it_was_given(client: FlaskClient) -> None:
    key = acted(client, "token", scopes=["crm"])["token"]
    codes = [client.get(f"{BASE}/{entity}/list", query_string={"api_key": key}).json for entity in ("crm/account", "fin/invoice")]
    assert ["error" in (answer or {}) for answer in codes] == [False, True]
    assert (codes[1] or {})["error"] == {"error_code": 22, "error_msg": "access denied"}


def test_requests_over_the_limit_are_told_so(held: Controls, client: FlaskClient) -> None:
    held.faults.limit_next = 1
    assert [got(client, "core/user/list").status_code for _ in range(2)] == [429, 200]


def test_a_merged_account_is_still_listed_and_a_deleted_one_is_not(held: Controls, client: FlaskClient) -> None:
    people = [one["id"] for one in walked(client, "crm/account", **{"filter[type]": 2})]
    accounts = held.collections["crm/account"]
    assert held.merge is not None
    held.merge(accounts, people[0], people[1])
    acted(client, "delete", object="crm/account", id=str(people[2]))
    told = {one["id"]: one["merged_to"] for one in walked(client, "crm/account")}
    assert (told[people[0]], told[people[1]]) == (None, people[0])
    assert people[2] not in told
    with pytest.raises(KeyError):
        held.merge(held.collections["crm/lead"], 1, 2)


def test_pushes_tell_of_a_record_before_and_after_unsigned(held: Controls, client: FlaskClient) -> None:
    held.sender = kept = Kept()
    acted(client, "push", url="http://hub.example/in/secret")
    one = walked(client, "crm/account")[0]
    acted(client, "change", object="crm/account", id=str(one["id"]), fields={"last_name": "Novinski"})
    acted(client, "delete", object="crm/account", id=str(one["id"]))
    (changed, headers), (deleted, _) = kept.taken
    assert changed["meta"] == {"module": "crm", "model": "account", "action": "update"}
    assert (changed["current"]["last_name"], changed["previous"]["last_name"]) == ("Novinski", one["last_name"])
    assert (deleted["meta"]["action"], deleted["current"], deleted["previous"]["id"]) == ("delete", None, one["id"])
    assert headers == {}


def test_times_name_no_zone_and_are_those_of_the_portals_clock(held: Controls, client: FlaskClient) -> None:
    one = walked(client, "crm/account")[0]
    assert got(client, f"crm/account/get/{one['id']}").json == {"response": one}
    acted(client, "change", object="crm/account", id=str(one["id"]), fields={"last_name": "Novinski"})
    assert held.clock.now() // 1000 == NOW
    assert got(client, f"crm/account/get/{one['id']}").json["response"]["updated_date"] == "2026-11-18 08:06:40"
    assert STANDIN.answers["time_zone"] == "America/Sao_Paulo"
