"""The Pega connector against answers in the shape that Pega's own were recorded in (README.md beside this file)."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.pega import CONNECTOR
from hub.errors import Missing, Reconnect, Retry, StopStream
from hub.remote.verdict import verdict
from hub.spec import Next, Record, Reply, Request
from tests.connectors.anything import unhurried
from tests.spec.anything import JSON

NOW = datetime(2025, 3, 20, 10, 0, tzinfo=UTC)
ORDER = [{"field": "pxCreateDateTime", "type": "ASC"}, {"field": "pzInsKey", "type": "ASC"}]
each_stream = pytest.mark.parametrize("stream", ["cases", "parties", "posts"])


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def found(stream: str, body: Any) -> list[Record] | None:
    return CONNECTOR.stream(stream).found(Reply(status=200, body=body))


def after(request: Request, body: Any) -> Next | None:
    return CONNECTOR.stream("cases").following(request, Reply(status=200, body=body))


def page(*, size: int, created: Any = "2025-01-01T00:00:00.000Z", **told: Any) -> dict[str, Any]:
    return {"data": [{"pxCreateDateTime": created} for _ in range(size)], **told}


def asking(number: int, **least: str) -> Request:
    """A page of what has at least these moments."""
    query = {"sortBy": ORDER, "filter": later(**least)} if least else {"sortBy": ORDER}
    body = {"query": query, "paging": {"pageNumber": number, "pageSize": 100}}
    return Request(method="POST", path="/data_views/{cases}", json=body, kept={"least": least})


def later(**conditions: str) -> dict[str, Any]:
    named = {
        f"F{number}": {"lhs": {"field": field}, "comparator": "GTE", "rhs": {"value": value}}
        for number, (field, value) in enumerate(conditions.items(), start=1)
    }
    return {"filterConditions": named, "logic": " AND ".join(named)}


def error(status: int, body: Any) -> Exception | None:
    return verdict(CONNECTOR, Reply(status=status, body=body), "pega", NOW)


def test_everything_is_asked_for_in_the_order_of_creation() -> None:
    assert CONNECTOR.stream("cases").start(None) == asking(1)


def test_the_parties_are_read_from_the_cases() -> None:
    assert CONNECTOR.stream("parties").start(None) == asking(1)


def test_what_changed_is_asked_for_by_the_time_of_change_in_utc() -> None:
    here = NOW.astimezone(timezone(timedelta(hours=-3)))
    assert CONNECTOR.stream("cases").start(here) == asking(1, pxUpdateDateTime="2025-03-20T10:00:00.000Z")


def test_new_posts_are_asked_for_by_the_time_of_creation() -> None:
    asked = CONNECTOR.stream("posts").start(NOW)
    assert asked.path == "/data_views/{posts}"
    assert asked.json["query"]["filter"] == later(pxCreateDateTime="2025-03-20T10:00:00.000Z")


def test_after_a_full_page_comes_the_next_of_the_same_query() -> None:
    changed = "2025-03-20T10:00:00.000Z"
    assert after(asking(1, pxUpdateDateTime=changed), page(size=100)) == Next(request=asking(2, pxUpdateDateTime=changed))


@pytest.mark.parametrize("more", [None, False, "false"])
def test_a_page_that_is_not_full_is_the_last(more: Any) -> None:
    assert after(asking(1), page(size=99, hasMoreResults=more)) is None


@pytest.mark.parametrize("more", [True, "true"])
def test_a_short_page_of_which_pega_says_that_more_follow_is_not_the_last(more: Any) -> None:
    assert after(asking(1), page(size=20, hasMoreResults=more)) == Next(request=asking(2))


def test_a_full_page_is_not_the_last_whatever_it_says_of_the_limit() -> None:
    assert after(asking(1), page(size=100, hasMoreResults=False)) == Next(request=asking(2))


@pytest.mark.parametrize("body", [{"data": []}, {"data": [], "hasMoreResults": True}, {"data": None}, {}, None])
def test_after_an_empty_page_comes_nothing(body: Any) -> None:
    assert after(asking(2), body) is None


def test_after_five_thousand_results_a_new_query_begins_where_they_ended() -> None:
    changed, created = "2025-03-20T10:00:00.000Z", "2025-01-01T00:00:00.408Z"
    once = Next(request=asking(1, pxUpdateDateTime=changed, pxCreateDateTime=created))
    assert after(asking(49, pxUpdateDateTime=changed), page(size=100)) == Next(request=asking(50, pxUpdateDateTime=changed))
    assert after(asking(50, pxUpdateDateTime=changed), page(size=100, created=created)) == once
    again = asking(50, pxUpdateDateTime=changed, pxCreateDateTime="2024-01-01T00:00:00.000Z")
    assert after(again, page(size=100, created=created)) == once
    assert after(asking(50), page(size=100, created=created)) == Next(request=asking(1, pxCreateDateTime=created))


def test_without_a_time_of_creation_the_pages_are_counted_on() -> None:
    assert after(asking(50), page(size=100, created=None)) == Next(request=asking(51))


def test_a_case_has_its_own_columns_apart_and_its_status_by_type() -> None:
    cases = found("cases", recorded("cases"))
    assert cases is not None
    assert cases[0]["own"] == {"pxUrgencyWork": 10, "Product": "Router X", "Device": {"Serial": "SN-1", "Ports": "4"}}
    assert cases[0]["status"] == dict.fromkeys(["ticket", "deal", "order", "lead"], "Resolved-Completed")
    assert "Product" not in cases[0]
    assert cases[3]["own"] == {}


def test_of_its_parties_a_case_has_who_they_are_and_no_more() -> None:
    service, opportunity, _, lead = found("cases", recorded("cases")) or []
    assert service["parties"] == [
        {"role": "Customer", "class": "Data-Party-Person", "id": "C-1001"},
        {"role": "Company", "class": "Data-Party-Com", "id": "O-2001"},
        {"role": "Owner", "class": "Data-Party-Operator", "id": "rui@ciclo"},
    ]
    assert [party["role"] for party in opportunity["parties"]] == ["Customer", "Approver", "Owner"]
    assert lead["parties"] == []
    assert "ada@norte.example" not in json.dumps(service)


def test_each_party_is_there_once_as_the_case_that_changed_last_has_it() -> None:
    parties = found("parties", recorded("cases"))
    assert parties is not None
    assert [(party["pyWorkPartyUri"], party.get("pyFullName")) for party in parties] == [
        ("C-1001", "Ada Prado Lima"),
        ("O-2001", "Açaí Norte"),
        ("rui@ciclo", "Rui Costa"),
        ("bia@sul.example", None),
        ("eva@ciclo", "Eva Reis"),
    ]
    assert parties[0]["pxUpdateDateTime"] == "2025-02-20T08:05:00.000Z"
    assert parties[0]["own"] == {"Segment": "Gold"}


def test_the_case_that_changed_last_tells_of_a_party_wherever_it_stands_in_the_page() -> None:
    body = recorded("cases")
    told = found("parties", {"data": body["data"][::-1]}) or []
    assert {party["pyWorkPartyUri"]: party.get("pyFullName") for party in told}["C-1001"] == "Ada Prado Lima"


@each_stream
def test_a_touch_that_changed_nothing_else_is_no_change(stream: str) -> None:
    assert CONNECTOR.stream(stream).volatile == ("pxUpdateDateTime", "pzRank")


@pytest.mark.parametrize("uri", [None, "", " ", True, {"a": 1}, ["C-1"]])
def test_a_party_that_cannot_be_told_from_others_is_left_out(uri: Any) -> None:
    assert found("parties", {"data": [{"pyWorkParty": {"Customer": {"pyWorkPartyUri": uri}, "Owner": None}}]}) == []


def test_a_party_whose_id_is_a_number_is_one() -> None:
    (party,) = found("parties", {"data": [{"pyWorkParty": {"Customer": {"pyWorkPartyUri": 17}}}]}) or []
    assert party["pyWorkPartyUri"] == 17


@each_stream
def test_an_answer_without_rows_is_none_of_the_stream(stream: str) -> None:
    bodies: list[Any] = [None, {}, [], "", {"data": None}, recorded("error_view")]
    assert [found(stream, body) for body in bodies] == [None] * 6
    assert found(stream, {"data": []}) == []


@each_stream
@unhurried
@given(rows=st.lists(st.dictionaries(st.sampled_from(["pyWorkParty", "pyStatusWork", "pxUpdateDateTime", "Own"]), JSON)))
def test_any_rows_are_read(stream: str, rows: list[Any]) -> None:
    assert found(stream, {"data": rows}) is not None
    after(asking(1), {"data": rows})


def test_who_we_are_is_the_class_of_the_cases() -> None:
    body: Any = recorded("metadata")
    assert CONNECTOR.account.request == Request(path="/data_views/{cases}/metadata")
    assert (CONNECTOR.account.id(body), CONNECTOR.account.name(body)) == ("CICLO-CRM-Work", "Ciclo CRM")
    assert CONNECTOR.account.name({"classID": "CICLO-CRM-Work", "className": None}) == "CICLO-CRM-Work"


def test_a_data_view_that_cannot_be_queried_is_for_a_person_to_mend() -> None:
    for status in (400, 422):
        said = error(status, recorded("error_paging"))
        assert type(said) is StopStream
        assert "queried" in str(said)


def test_other_errors_are_told_apart_by_their_status() -> None:
    said = {401: Reconnect, 403: StopStream, 404: Missing, 503: Retry, 504: Retry}
    assert {status: type(error(status, recorded("error_view"))) for status in said} == said
    assert error(200, recorded("cases")) is None
