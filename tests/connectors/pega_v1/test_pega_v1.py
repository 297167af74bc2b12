"""The connector for Pega's API v1 against answers as the clipboard has them (README.md beside this file)."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.pega import CONNECTOR as V2
from connectors.pega_v1 import CONNECTOR
from hub.errors import Missing, Reconnect, Retry, StopStream
from hub.remote.verdict import verdict
from hub.spec import ApiKey, Next, Record, Reply, Request
from tests.connectors.anything import unhurried
from tests.spec.anything import JSON

NOW = datetime(2025, 3, 20, 10, 0, 0, 250_000, tzinfo=UTC)
each_stream = pytest.mark.parametrize("stream", ["cases", "parties", "posts"])


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def found(stream: str, body: Any) -> list[Record] | None:
    return CONNECTOR.stream(stream).found(Reply(status=200, body=body))


def asking(since: str = "", *, moment: str = "pxUpdateDateTime") -> Request:
    params: Any = {"Since": since} if since else {}
    return Request(
        path="/data/{posts}" if moment == "pxCreateDateTime" else "/data/{cases}", params=params, kept={"moment": moment}
    )


def after(request: Request, *moments: Any) -> Next | None:
    rows = [{request.kept["moment"]: moment} for moment in moments]
    return CONNECTOR.stream("cases").following(request, Reply(status=200, body={"pxResults": rows}))


def error(status: int, body: Any) -> Exception | None:
    return verdict(CONNECTOR, Reply(status=status, body=body), "pega_v1", NOW)


@pytest.mark.parametrize("stream", ["cases", "parties"])
def test_cases_and_the_parties_in_them_are_asked_for_by_the_time_of_change_in_pegas_own_form(stream: str) -> None:
    here = NOW.astimezone(timezone(timedelta(hours=-3)))
    assert CONNECTOR.stream(stream).start(None) == asking()
    assert CONNECTOR.stream(stream).start(here) == asking("20250320T100000.250 GMT")


def test_posts_are_asked_for_by_the_time_of_creation() -> None:
    assert CONNECTOR.stream("posts").start(None) == asking(moment="pxCreateDateTime")
    assert CONNECTOR.stream("posts").start(NOW) == asking("20250320T100000.250 GMT", moment="pxCreateDateTime")


def test_a_page_leads_on_from_its_newest_moment_whatever_the_order_and_the_form() -> None:
    assert after(asking(), "20250110T120000.408 GMT", "20250203T100000.000 GMT", "20250112T093000.546 GMT") == Next(
        request=asking("20250203T100000.000 GMT")
    )
    assert after(asking("20250110T120000.408 GMT"), "2025-01-10T12:00:00.408Z", "2025-01-11T00:00:00Z") == Next(
        request=asking("20250111T000000.000 GMT")
    )


def test_posts_lead_on_from_the_newest_time_of_creation() -> None:
    first = asking(moment="pxCreateDateTime")
    assert after(first, "20250111T110000.000 GMT") == Next(request=asking("20250111T110000.000 GMT", moment="pxCreateDateTime"))


def test_where_nothing_is_newer_than_what_was_asked_for_all_was_there() -> None:
    assert after(asking("20250203T100000.000 GMT"), "20250203T100000.000 GMT") is None
    assert after(asking("20250203T100000.000 GMT"), "20250203T100000.000999 GMT", "2025-02-03T10:00:00.000999Z") is None
    assert after(asking("20250203T100000.000 GMT")) is None
    assert after(asking()) is None


def test_a_data_page_that_knows_no_parameter_is_read_once_more_and_no_further() -> None:
    everything = ("20250110T120000.408 GMT", "20250203T100000.000 GMT")
    following = after(asking(), *everything)
    assert following is not None
    assert after(following.request, *everything) is None


@pytest.mark.parametrize("moment", [None, "", "soon", 7.5e300, ["20250203T100000.000 GMT"], {"a": 1}, True])
def test_a_row_whose_time_nobody_can_read_leads_nowhere(moment: Any) -> None:
    assert after(asking(), moment) is None
    assert after(asking(), moment, "20250203T100000.000 GMT") == Next(request=asking("20250203T100000.000 GMT"))


def test_moments_are_given_in_the_form_that_everybody_writes_also_those_of_own_columns() -> None:
    rows = [{"pzInsKey": "W-1", "pxUpdateDateTime": "20130118T192438.293 GMT", "Visit": {"At": "20130119T000000.000 GMT"}}]
    (case,) = found("cases", {"pxResults": rows}) or []
    assert case["pxUpdateDateTime"] == "20130118T192438.293Z"
    assert case["own"] == {"Visit": {"At": "20130119T000000.000Z"}}
    assert found("cases", {"pxResults": [{"pyLabel": "Call at 10 GMT"}]}) == [
        {"pyLabel": "Call at 10 GMT", "own": {}, "status": dict.fromkeys(("ticket", "deal", "order", "lead")), "parties": []}
    ]


def test_a_day_is_one_in_a_column_that_is_called_a_date_and_a_number_elsewhere() -> None:
    row = {"CloseDate": "20250301", "Customer": {"DateOfBirth": "19791231"}, "CustomerNumber": "20250301", "DueDate": "20251399"}
    (case,) = found("cases", {"pxResults": [row]}) or []
    born = {"DateOfBirth": "1979-12-31"}
    assert case["own"] == {"CloseDate": "2025-03-01", "Customer": born, "CustomerNumber": "20250301", "DueDate": "20251399"}


def test_cases_and_parties_are_told_apart_as_those_of_api_v2() -> None:
    service = (found("cases", recorded("cases")) or [])[0]
    assert service["status"] == dict.fromkeys(("ticket", "deal", "order", "lead"), "Resolved-Completed")
    assert service["parties"][0] == {"role": "Customer", "class": "Data-Party-Person", "id": "C-1001"}
    assert service["own"] == {"pxUrgencyWork": "10", "Product": "Router X", "Device": {"Serial": "SN-1", "Ports": "4"}}
    parties = {party["pyWorkPartyUri"]: party.get("pyFullName") for party in found("parties", recorded("cases")) or []}
    assert parties == {
        "C-1001": "Ada Prado Lima",
        "O-2001": "Açaí Norte",
        "rui@ciclo": "Rui Costa",
        "bia@sul.example": None,
        "eva@ciclo": "Eva Reis",
    }


def test_streams_differ_from_those_of_api_v2_only_in_how_they_are_asked_and_answered() -> None:
    def rest(connector: Any) -> list[Any]:
        return [(one.name, one.id, one.changed_at, one.lag, one.sweep, one.volatile) for one in connector.streams]

    assert rest(CONNECTOR) == rest(V2)


@each_stream
def test_an_answer_without_rows_is_none_of_the_stream(stream: str) -> None:
    bodies: list[Any] = [None, {}, [], "", {"pxResults": None}, {"data": []}, recorded("error_page")]
    assert [found(stream, body) for body in bodies] == [None] * 7
    assert found(stream, {"pxResults": []}) == []


@each_stream
@unhurried
@given(rows=st.lists(st.dictionaries(st.sampled_from(["pyWorkParty", "pyStatusWork", "pxUpdateDateTime", "Own"]), JSON)))
def test_any_rows_are_read(stream: str, rows: list[Any]) -> None:
    assert found(stream, {"pxResults": rows}) is not None
    CONNECTOR.stream(stream).following(asking(), Reply(status=200, body={"pxResults": rows}))


def test_who_we_are_is_the_class_of_the_cases() -> None:
    body: Any = recorded("metadata")
    assert CONNECTOR.account.request == Request(path="/data/{cases}/metadata")
    assert (CONNECTOR.account.id(body), CONNECTOR.account.name(body)) == ("CICLO-CRM-Work", "CICLO-CRM-Work")


def test_an_operator_signs_in_by_http_basic() -> None:
    basic = CONNECTOR.auth[0]
    assert isinstance(basic, ApiKey)
    assert (basic.header, basic.format, basic.user) == ("Authorization", "Basic {basic}", "Operator ID")


def test_errors_are_told_apart_by_their_status() -> None:
    said = {400: StopStream, 401: Reconnect, 403: StopStream, 404: Missing, 500: Retry, 503: Retry}
    assert {status: type(error(status, recorded("error_page"))) for status in said} == said
    assert error(200, recorded("cases")) is None
