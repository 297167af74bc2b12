"""The stand-in for ChurnZero: lists by OData, keys with a login, what a filter may not say, limits, truth."""

from base64 import b64encode
from typing import Any

import pytest
from flask.testing import FlaskClient

from connectors.churnzero.sandbox import LOGIN, STANDIN
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World

BASE = "/public/v1"
NOW = 1_795_000_000
WORLD = World(900)
ENTITIES = {
    "Account": "company",
    "Contact": "contact",
    "UserAccount": "owner",
    "Journey": "pipeline",
    "JourneyProgress": "activity",
    "Event": "usage_daily",
    "SurveyResponse": "survey_response",
}


@pytest.fixture
def held() -> Controls:
    return controls(lambda: NOW)


@pytest.fixture
def client(held: Controls) -> FlaskClient:
    return application(STANDIN, WORLD, held).test_client()


def signed(login: str = LOGIN) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(login.encode()).decode()}"}


def got(client: FlaskClient, path: str, **options: object) -> Any:
    query = {f"${name}": str(said) for name, said in options.items()}
    return client.get(path if "://" in path else f"{BASE}/{path}", query_string=query or None, headers=signed())


def walked(client: FlaskClient, entity: str, **options: object) -> list[Any]:
    answer = got(client, entity, **options).json
    seen = list(answer["value"])
    while link := answer.get("@odata.nextLink"):
        assert len(answer["value"]) == 100
        answer = got(client, link).json
        seen += answer["value"]
    return seen


@pytest.mark.parametrize(("entity", "kind"), ENTITIES.items())
def test_the_pages_of_a_list_hold_everything_once(client: FlaskClient, entity: str, kind: str) -> None:
    ids = [one["Id"] for one in walked(client, entity)]
    assert ids == sorted(set(ids))
    assert len(ids) == STANDIN.truth(WORLD)[kind] > 0


def test_an_answer_says_of_what_it_is_and_how_many_there_are_where_that_is_asked_for(client: FlaskClient) -> None:
    answer = got(client, "Contact", count="true").json
    assert answer["@odata.context"].endswith("/public/v1/$metadata#Contact")
    assert answer["@odata.count"] == STANDIN.truth(WORLD)["contact"] > 100 == len(answer["value"])
    assert "@odata.count" not in got(client, "Contact").json


def test_who_asks_for_a_number_gets_no_link_and_may_skip(client: FlaskClient) -> None:
    first, second = (got(client, "Contact", top=30, skip=start).json for start in (0, 30))
    assert [len(answer["value"]) for answer in (first, second)] == [30, 30]
    assert "@odata.nextLink" not in first
    assert first["value"][-1]["Id"] < second["value"][0]["Id"]
    assert len(got(client, "Contact", top=500).json["value"]) == 100


def test_a_filter_by_time_leaves_what_changed_since(held: Controls, client: FlaskClient) -> None:
    one = got(client, "Contact").json["value"][3]["Id"]
    at = held.collections["Contact"].change(one, {"LastName": "Novinski"}).updated
    assert at // 1000 == NOW
    since = "ObjectLastModifiedDate ge 2026-11-18T10:00:00Z"
    assert [each["LastName"] for each in walked(client, "Contact", filter=since)] == ["Novinski"]
    assert walked(client, "Contact", filter="ObjectLastModifiedDate ge 2999-01-01T00:00:00Z") == []


def test_conditions_are_joined_by_or_and_and_but_not_by_both(client: FlaskClient) -> None:
    progress = walked(client, "JourneyProgress")
    two = {one["AccountId"] for one in progress[:2]}
    either = " or ".join(f"AccountId eq {each}" for each in two)
    assert {one["AccountId"] for one in walked(client, "JourneyProgress", filter=either)} == two
    done = "IsCompleted eq true and JourneyId eq 1"
    assert [one["Id"] for one in walked(client, "JourneyProgress", filter=done)] == [
        one["Id"] for one in progress if one["IsCompleted"] and one["JourneyId"] == 1
    ]
    assert got(client, "JourneyProgress", filter=f"{either} and JourneyId eq 1").status_code == 400


def test_nothing_is_found_by_null(client: FlaskClient) -> None:
    without = [one["Id"] for one in walked(client, "Contact") if one["AccountId"] is None]
    assert [one["Id"] for one in walked(client, "Contact", filter="AccountId eq null")] == without != []
    others = walked(client, "Contact", filter="AccountId ne null")
    assert len(others) + len(without) == STANDIN.truth(WORLD)["contact"]


@pytest.mark.parametrize(
    "options",
    [
        {"filter": "Id gt 5"},
        {"filter": "AccountExternalId eq 'A-1'"},
        {"filter": "contains(Name, 'a')"},
        {"filter": "Nmae eq 'a'"},
        {"orderby": "Nmae"},
        {"orderby": "Name sideways"},
        {"select": "Id,Nmae"},
        {"top": "many"},
        {"search": "a"},
    ],
)
def test_what_cannot_be_asked_is_refused(client: FlaskClient, options: dict[str, object]) -> None:
    answer = got(client, "Account", **options)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "400")


def test_a_list_can_be_ordered_and_cut_to_some_fields(client: FlaskClient) -> None:
    names = [one["Name"] for one in walked(client, "Account", orderby="Name desc")]
    assert names == sorted(names, reverse=True)
    assert {tuple(one) for one in walked(client, "Account", select="Id,Name")} == {("Id", "Name")}


def test_a_single_entity_is_asked_for_by_its_key(client: FlaskClient) -> None:
    one = walked(client, "Account")[0]
    assert got(client, f"Account({one['Id']})").json.items() >= one.items()
    assert [got(client, path).status_code for path in ("Account(7)", "Invoice", "Invoice(7)")] == [404] * 3


@pytest.mark.parametrize("sent", [{}, signed("admin@ciclo.example:wrong"), signed("sandbox-api-key"), {"Authorization": LOGIN}])
def test_only_a_login_with_its_key_comes_in(client: FlaskClient, sent: dict[str, str]) -> None:
    answer: Any = client.get(f"{BASE}/Account", headers=sent)
    assert (answer.status_code, answer.json) == (401, {"error": {"code": "401", "message": "Unauthorized"}})


def test_who_may_not_read_an_entity_in_bulk_is_refused(client: FlaskClient) -> None:
    made: Any = client.post("/__sandbox/token", json={"scopes": ["Account"]}).json
    sent = signed(made["token"])
    assert [client.get(f"{BASE}/{entity}", headers=sent).status_code for entity in ("Account", "Contact")] == [200, 403]


def test_more_than_two_hundred_calls_a_minute_are_refused(client: FlaskClient) -> None:
    assert [got(client, "Journey").status_code for _ in range(201)] == [200] * 200 + [429]


def test_a_deleted_contact_is_gone_and_a_deleted_account_leaves_its_contacts(client: FlaskClient) -> None:
    one = next(each for each in walked(client, "Contact") if each["AccountId"])
    for entity, identity in (("Account", one["AccountId"]), ("Contact", one["Id"] + 0)):
        if entity == "Contact":
            assert got(client, f"Contact({identity})").json["AccountId"] is None
        assert client.post("/__sandbox/delete", json={"object": entity, "id": str(identity)}).status_code == 200
        assert got(client, f"{entity}({identity})").status_code == 404


def test_what_belongs_together_is_there(client: FlaskClient) -> None:
    contacts = {one["Id"] for one in walked(client, "Contact")}
    accounts = {one["Id"] for one in walked(client, "Account")}
    events, answers = walked(client, "Event"), walked(client, "SurveyResponse")
    assert {one["ContactId"] for one in (*events, *answers)} <= contacts
    assert {one["AccountId"] for one in (*events, *answers)} <= accounts | {None}
    assert {0 <= one["Score"] <= 10 for one in answers} == {True}
    assert {one["EventTypeName"] for one in events} == {"Login", "Report", "Export"}
    assert {one["Name"] for one in walked(client, "Journey")} == {"Onboarding", "Renovação"}
