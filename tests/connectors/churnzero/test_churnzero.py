"""The ChurnZero connector against answers written from ChurnZero's documentation (README.md beside this file)."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from connectors.churnzero import CONNECTOR
from hub.errors import Reconnect, StopStream
from hub.remote.verdict import verdict
from hub.spec import ApiKey, Next, Reply, Request
from tests.connectors.anything import unhurried
from tests.spec.anything import JSON

NOW = datetime(2025, 3, 20, 10, 0, tzinfo=UTC)


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def asked(stream: str, since: datetime | None = None) -> Request:
    return CONNECTOR.stream(stream).start(since)


@pytest.mark.parametrize(
    ("stream", "path"),
    [
        ("accounts", "/Account"),
        ("contacts", "/Contact"),
        ("progress", "/JourneyProgress"),
        ("answers", "/SurveyResponse"),
        ("events", "/Event"),
        ("owners", "/UserAccount"),
        ("journeys", "/Journey"),
    ],
)
def test_a_list_is_asked_for_in_the_order_of_ids_and_without_a_size_of_our_own(stream: str, path: str) -> None:
    assert asked(stream) == Request(path=path, params={"$orderby": "Id"})


@pytest.mark.parametrize(
    ("stream", "field"),
    [
        ("contacts", "ObjectLastModifiedDate"),
        ("progress", "ObjectLastModifiedDate"),
        ("answers", "ObjectLastModifiedDate"),
        ("events", "EventDate"),
    ],
)
def test_what_changed_is_asked_for_by_a_filter(stream: str, field: str) -> None:
    assert asked(stream, NOW).params == {"$orderby": "Id", "$filter": f"{field} ge 2025-03-20T10:00:00Z"}
    assert CONNECTOR.stream(stream).incremental


@pytest.mark.parametrize("stream", ["accounts", "owners", "journeys"])
def test_what_may_change_without_saying_so_is_read_whole_each_time(stream: str) -> None:
    found = CONNECTOR.stream(stream)
    assert asked(stream, NOW) == asked(stream)
    assert (found.incremental, found.sweep) == (False, found.every)


def test_events_that_come_late_are_found_two_days_back_and_never_taken_for_deleted() -> None:
    events = CONNECTOR.stream("events")
    assert (events.lag, events.sweep) == (timedelta(days=2), None)
    assert {CONNECTOR.stream(name).sweep for name in ("contacts", "progress", "answers")} == {timedelta(days=7)}


def test_the_next_page_is_where_the_answer_leads() -> None:
    stream, start = CONNECTOR.stream("accounts"), asked("accounts")
    link = "https://acme.us1app.churnzero.net/public/v1/Account?$orderby=Id&$skip=100"
    assert stream.following(start, Reply(status=200, body=recorded("accounts"))) == Next(request=Request(path=link))
    assert stream.following(start, Reply(status=200, body=recorded("contacts"))) is None


def test_the_journeys_of_accounts_are_folded_in() -> None:
    (lookup,) = CONNECTOR.stream("accounts").also
    assert lookup.request(["4101", "4102"]) == Request(
        path="/JourneyProgress", params={"$orderby": "Id", "$filter": "AccountId eq 4101 or AccountId eq 4102"}
    )
    assert lookup.read(recorded("progress")) == {
        "4101": [
            {"JourneyId": 3, "IsCompleted": True, "EndDate": "2024-03-15T16:30:00Z"},
            {"JourneyId": 4, "IsCompleted": True, "EndDate": "2024-02-20T10:00:00Z"},
        ],
        "4102": [{"JourneyId": 3, "IsCompleted": False, "EndDate": None}],
    }


def test_a_question_about_many_accounts_stays_shorter_than_a_server_reads() -> None:
    (lookup,) = CONNECTOR.stream("accounts").also
    ids = [str(9_000_000_000_000 + number) for number in range(lookup.size)]
    assert len(str(lookup.request(ids).params["$filter"])) * 1.5 < 2048


def test_what_counts_on_by_itself_is_no_change() -> None:
    assert CONNECTOR.stream("accounts").volatile == ("TenureInDays",)
    assert CONNECTOR.stream("progress").volatile == ("EvaluationDay", "DaysIn", "DaysLeft", "DaysOver")


def test_the_direction_of_the_score_must_be_answered() -> None:
    asks = {ask.name: ask for ask in CONNECTOR.asks}
    assert [name for name, ask in asks.items() if ask.required] == ["instance", "direction"]
    assert asks["direction"].options == ("a healthy customer", "a customer in danger")
    assert asks["crm"].options == ("hubspot", "salesforce")


def test_a_login_goes_with_the_key_and_the_account_is_the_instance() -> None:
    (auth,) = CONNECTOR.auth
    assert isinstance(auth, ApiKey)
    assert (auth.header, auth.format, bool(auth.user)) == ("Authorization", "Basic {basic}", True)
    assert CONNECTOR.account.request == Request(path="/UserAccount")
    assert CONNECTOR.account.id(recorded("owners")) == "acme.us1app.churnzero.net"
    assert CONNECTOR.account.name(recorded("owners")) == "acme"


def test_at_most_as_many_calls_are_made_as_are_not_slowed_down() -> None:
    (pace,) = CONNECTOR.pace
    assert pace.calls / pace.per <= 100 / 60


@pytest.mark.parametrize(("name", "status", "kind"), [("error_key", 401, Reconnect), ("error_rights", 403, StopStream)])
def test_errors_are_told_apart_by_their_status(name: str, status: int, kind: type[Exception]) -> None:
    assert type(verdict(CONNECTOR, Reply(status=status, body=recorded(name)), "here", NOW)) is kind


@unhurried
@given(JSON)
def test_answers_of_any_form_are_survived(body: Any) -> None:
    for answer in (body, {"value": body, "@odata.nextLink": body}, {"value": [{"AccountId": body}]}):
        for stream in (*CONNECTOR.references, *CONNECTOR.streams):
            following = stream.following(stream.start(NOW), Reply(status=200, body=answer))
            assert following is None or isinstance(following, Next)
            for lookup in stream.also:
                lookup.read(answer)
