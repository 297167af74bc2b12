"""The Gainsight connector against answers written from Gainsight's documentation (README.md beside this file)."""

import json
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.gainsight import CONNECTOR
from hub.errors import HubError, RateLimited, Reconnect, StopStream
from hub.remote.verdict import verdict
from hub.spec import ApiKey, Next, Reply, Request

DESCRIBE = "/v1/meta/services/objects/describe"
SINCE = datetime(2025, 3, 20, 7, 0, tzinfo=timezone(timedelta(hours=-3)))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
unhurried = settings(deadline=None, database=None, max_examples=60)


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def told(body: Any, status: int = 200, **headers: str) -> HubError | None:
    """What the connector makes of an answer, which it must leave as it is."""
    assert CONNECTOR.errors is not None
    reply = Reply(status=status, body=deepcopy(body), headers=headers)
    error = CONNECTOR.errors(reply)
    assert repr(reply.body) == repr(body)
    return error


def answered(body: Any) -> Reply:
    return Reply(status=200, body=body)


def followed(stream: str, request: Request, body: Any) -> Request | None:
    onward = CONNECTOR.stream(stream).following(request, answered(body))
    return onward.request if onward else None


def asked(stream: str, since: datetime | None = None, described: Any = None) -> Request:
    """The first query of a stream, after what it reads was described where it is."""
    first = CONNECTOR.stream(stream).start(since)
    onward = followed(stream, first, described or {"data": []}) if first.path == DESCRIBE else first
    assert onward is not None
    return onward


def test_an_object_is_described_before_it_is_queried() -> None:
    first = CONNECTOR.stream("companies").start(SINCE)
    assert (first.method, first.path) == ("POST", DESCRIBE)
    assert first.json == {
        "objectNames": ["Company"],
        "host": "MDA",
        "includeChilds": "false",
        "childLevels": "0",
        "populatePickListOptions": "true",
    }
    assert CONNECTOR.stream("companies").found(answered(recorded("described"))) == []


def test_picklists_are_read_from_one_description() -> None:
    stream = CONNECTOR.stream("picklists")
    first = stream.start(SINCE)
    assert first.json["objectNames"] == ["Company", "relationship"]
    found = stream.found(answered(recorded("picklists")))
    assert found is not None
    assert [each["id"] for each in found] == ["company.Stage", "company.Status"]
    assert stream.following(first, answered(recorded("picklists"))) is None
    assert (stream.incremental, stream.sweep) == (False, timedelta(hours=6))


def test_a_query_names_every_field_and_is_in_the_order_of_ids() -> None:
    request = asked("contacts")
    assert (request.method, request.path) == ("POST", "/v1/data/objects/query/Person")
    assert request.json == {
        "select": ["Gsid", "Name", "FirstName", "LastName", "Email", "Timezone", "Location", "CreatedDate", "ModifiedDate"],
        "orderBy": {"Gsid": "asc"},
        "limit": 100,
        "offset": 0,
    }


def test_fields_of_the_tenants_own_are_asked_for_on_every_page_but_none_that_is_hidden() -> None:
    request = asked("companies", SINCE, recorded("described"))
    assert request.json["select"][-4:] == ["ModifiedDate", "CurrencyIsoCode", "Website__gc", "Region__gc"]
    assert request.json["where"]["conditions"][0]["value"] == ["2025-03-20T10:00:00.000+0000"]
    saved = msgspec.json.decode(msgspec.json.encode(request), type=Request)
    onward = followed("companies", saved, {"data": [{"Gsid": "C"}] * 100})
    assert onward is not None
    assert onward.json["select"] == request.json["select"]
    assert onward.kept == saved.kept


def test_the_currency_is_asked_for_only_where_revenue_is() -> None:
    assert asked("contacts", None, recorded("described")).json["select"][-2:] == ["Website__gc", "Region__gc"]
    assert asked("relationships", None, recorded("described")).json["select"][-3] == "CurrencyIsoCode"


@pytest.mark.parametrize("body", [None, {"data": {}}, {"data": [{"fields": None}]}, {"data": [{"fields": [{}, 5]}]}])
def test_a_description_that_says_nothing_leaves_the_fields_that_all_tenants_have(body: Any) -> None:
    assert asked("nps", None, body or {"data": None}).json["select"][-1] == "ModifiedAt"


def test_own_fields_lie_together_and_nothing_is_changed_in_the_answer() -> None:
    body = {"data": [{"Gsid": "C", "Website__gc": "norte.example", "Margin__gc": None}, {"Gsid": "D"}, "stray"]}
    before = deepcopy(body)
    assert CONNECTOR.stream("companies").found(answered(body)) == [
        {"Gsid": "C", "custom": {"Website__gc": "norte.example", "Margin__gc": None}},
        {"Gsid": "D"},
    ]
    assert body == before


@pytest.mark.parametrize(
    ("stream", "field"),
    [("companies", "ModifiedDate"), ("nps", "ModifiedAt"), ("timeline", "LastModifiedDate"), ("relationships", "ModifiedDate")],
)
def test_what_changed_is_asked_for_by_the_moment_that_the_object_has(stream: str, field: str) -> None:
    since = {"name": field, "alias": "A", "operator": "GTE", "value": ["2025-03-20T10:00:00.000+0000"]}
    assert asked(stream, SINCE).json["where"] == {"conditions": [since], "expression": "A"}


def test_a_read_goes_on_beyond_the_last_id_and_keeps_what_it_asks_for() -> None:
    first = asked("contacts", SINCE)
    onward = followed("contacts", first, {"data": {"records": [{"Gsid": f"P{number}"} for number in range(100)]}})
    assert onward is not None
    assert onward.json["where"] == {
        "conditions": [
            {"name": "Gsid", "alias": "A", "operator": "GT", "value": ["P99"]},
            {"name": "ModifiedDate", "alias": "B", "operator": "GTE", "value": ["2025-03-20T10:00:00.000+0000"]},
        ],
        "expression": "A AND B",
    }
    assert onward.json["select"] == first.json["select"]
    again = followed("contacts", onward, {"data": [{"Gsid": "Q"}] * 100})
    assert again is not None
    assert [each["value"] for each in again.json["where"]["conditions"]] == [["Q"], ["2025-03-20T10:00:00.000+0000"]]
    assert followed("contacts", onward, recorded("contacts")) is None
    assert followed("contacts", onward, recorded("nothing")) is None


def test_calls_to_action_are_paged_by_number() -> None:
    stream = CONNECTOR.stream("calls_to_action")
    first = stream.start(SINCE)
    assert (first.path, first.json["pageNumber"], first.json["pageSize"]) == ("/v2/cockpit/cta/list", 1, 100)
    since = {"fieldName": "ModifiedDate", "alias": "A", "operator": "GTE", "value": ["2025-03-20"]}
    assert first.json["where"] == {"conditions": [since], "expression": "A"}
    full = Reply(status=200, body={"data": {"records": [{"Gsid": "C"}] * 100}})
    onward = stream.following(first, full)
    assert onward == Next(request=Request(method="POST", path=first.path, json={**first.json, "pageNumber": 2}))
    assert stream.following(first, Reply(status=200, body={"data": {"records": [{"Gsid": "C"}] * 99}})) is None


def test_what_was_deleted_is_asked_for_by_object_in_the_form_of_the_log() -> None:
    conditions = asked("deleted_memberships", SINCE).json["where"]["conditions"]
    assert [(each["name"], each["operator"], each["value"]) for each in conditions] == [
        ("ObjectName", "IN", ["company_person", "Company Person"]),
        ("DeletedOn", "GTE", ["2025-03-20 10:00:00"]),
    ]
    stream = CONNECTOR.stream("deleted_companies")
    assert (stream.tombstones_of, stream.id, stream.changed_at) == ("companies", "RecordId", "DeletedOn")
    found = stream.found(answered(recorded("deleted")))
    assert found is not None
    assert [each[stream.id] for each in found] == ["1P02ZUWNMOPV5SZ6ZLB22222222222222222"]
    onward = followed("deleted_companies", asked("deleted_companies"), {"data": {"records": [{"RecordId": "R"}] * 100}})
    assert onward is not None
    assert onward.json["where"]["conditions"][0] == {"name": "RecordId", "alias": "A", "operator": "GT", "value": ["R"]}
    assert CONNECTOR.stream("deleted_calls_to_action").tombstones_of == "calls_to_action"
    assert asked("deleted_calls_to_action").path == "/v2/cockpit/cta/deleted/list"


def test_deletions_are_read_long_before_gainsight_forgets_them() -> None:
    logs = [stream for stream in CONNECTOR.streams if stream.tombstones_of]
    assert {stream.tombstones_of for stream in logs} == {
        *("companies", "contacts", "memberships", "relationships", "calls_to_action"),
    }
    assert all(stream.every <= timedelta(days=1) and stream.sweep is None for stream in logs)


def test_an_answer_that_is_marked_as_deleted_is_gone() -> None:
    gone = CONNECTOR.stream("nps").gone
    assert gone is not None
    assert [gone({"Deleted": said}) for said in (True, False, None)] == [True, False, False]
    assert "Deleted" in asked("nps").json["select"]


def test_every_time_is_asked_for_a_day_earlier_since_no_time_zone_is_documented() -> None:
    assert {stream.lag for stream in CONNECTOR.streams} == {timedelta(days=1)}


def test_what_a_person_is_at_companies_is_folded_in() -> None:
    (lookup,) = CONNECTOR.stream("contacts").also
    request = lookup.request(["P1", "P2"])
    assert request.path == "/v1/data/objects/query/company_person"
    assert request.json["where"]["conditions"] == [{"name": "Person_ID", "alias": "A", "operator": "IN", "value": ["P1", "P2"]}]
    assert request.json["limit"] == 5000
    found = lookup.read(recorded("employed"))
    companies = ["1P02ZUWNMOPV5SZ6ZLA11111111111111111", "1P02ZUWNMOPV5SZ6ZLB22222222222222222"]
    told = {"Company_ID": companies, "SfdcContactId": ["003A000001abcdEIAQ", None]}
    assert found == {"1P04ZUWNMOPV5SZ6ZLA11111111111111111": told}


def test_whether_a_company_has_contracts_in_its_relationships_is_folded_in() -> None:
    (lookup,) = CONNECTOR.stream("companies").also
    assert lookup.request(["C1"]).json["where"] == {
        "conditions": [
            {"name": "CompanyId", "alias": "A", "operator": "IN", "value": ["C1"]},
            {"name": "OriginalContractDate", "alias": "B", "operator": "IS_NOT_NULL", "value": []},
        ],
        "expression": "A AND B",
    }
    assert lookup.read(recorded("relationships")) == {"1P02ZUWNMOPV5SZ6ZLA11111111111111111": {}}


@pytest.mark.parametrize(("name", "count"), [("companies", 2), ("calls_to_action", 1), ("contacts", 2), ("nothing", 0)])
def test_records_are_found_in_a_bare_list_under_a_name_and_where_nothing_was_found(name: str, count: int) -> None:
    assert told(recorded(name)) is None or name == "nothing"
    found = CONNECTOR.stream(name if name != "nothing" else "companies").found(answered(recorded(name)))
    assert found is not None
    assert len(found) == count


@pytest.mark.parametrize("body", [None, {}, {"data": {}}, {"data": None}, {"data": {"records": None}}, recorded("error_field")])
def test_an_answer_without_records_is_no_empty_page(body: Any) -> None:
    assert CONNECTOR.stream("companies").found(answered(body)) is None
    assert CONNECTOR.stream("picklists").found(answered(body)) is None


def test_an_error_within_success_is_an_error() -> None:
    error = told(recorded("error_field"))
    assert isinstance(error, StopStream)
    assert "COCKPIT_5101" in str(error)
    assert "Nmae" not in str(error)
    assert isinstance(told({"result": False, "errorCode": "GSOBJ_1002", "data": []}), StopStream)


@pytest.mark.parametrize("status", [200, 401])
def test_a_refused_key_asks_for_a_person(status: int) -> None:
    assert isinstance(told(recorded("error_key"), status), Reconnect)


def test_a_limit_without_a_word_of_how_long_is_that_of_a_minute() -> None:
    error = told({"result": False, "errorCode": "GU_2400"}, 429)
    assert isinstance(error, RateLimited)
    assert error.after == timedelta(minutes=1)
    assert told({"result": False}, 429, **{"retry-after": "7"}) is None


def test_what_the_status_says_is_left_to_it() -> None:
    assert told({"result": False, "errorCode": "GSOBJ_1002"}, 400) is None
    assert told(None, 503) is None


@pytest.mark.parametrize(("status", "name"), [(200, "nothing"), (400, "nothing"), (400, "nothing_coded")])
def test_nothing_found_is_an_answer_whatever_its_status_and_code(status: int, name: str) -> None:
    assert CONNECTOR.nothing is not None
    reply = Reply(status=status, body=recorded(name))
    assert CONNECTOR.nothing(reply)
    assert verdict(CONNECTOR, reply, "gainsight", SINCE) is None
    assert CONNECTOR.stream("companies").found(reply) == []


@pytest.mark.parametrize("name", ["error_field", "error_key", "companies", "described"])
def test_no_other_answer_is_taken_for_nothing(name: str) -> None:
    assert CONNECTOR.nothing is not None
    assert not CONNECTOR.nothing(Reply(status=400, body=recorded(name)))


def test_the_key_goes_into_a_header_of_its_own_and_the_account_is_the_tenant() -> None:
    auth, _ = CONNECTOR.auth
    assert isinstance(auth, ApiKey)
    assert (auth.header, auth.format) == ("AccessKey", "{key}")
    users = recorded("owners")
    assert CONNECTOR.account.id(users) == CONNECTOR.account.id({"data": users["data"]["records"]}) == "1P015825RVB81GPY5O"
    assert CONNECTOR.account.request.json["limit"] == 1


@unhurried
@given(JSON, st.sampled_from([200, 400, 401, 429, 500]))
def test_answers_of_any_form_are_survived(body: Any, status: int) -> None:
    for answer in (body, {"result": False, "errorCode": body, "errorDesc": body, "data": body}, {"data": {"records": body}}):
        told(answer, status)
        for stream in (*CONNECTOR.references, *CONNECTOR.streams):
            first = stream.start(SINCE)
            for request in (first, first if stream.name == "picklists" else asked(stream.name, SINCE)):
                onward = stream.following(request, answered(answer))
                assert onward is None or isinstance(onward, Next)
            stream.found(answered(answer))
            for lookup in stream.also:
                lookup.read(answer)
