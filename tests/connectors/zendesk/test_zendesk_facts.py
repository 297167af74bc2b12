"""What Zendesk's records tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

import json
from pathlib import Path
from typing import Any

from tests.connectors.telling import facts, ours, tell

ANSWER = {"kind": "csat", "minimum": "0", "maximum": "1"}
OPENED = ("ticket.opened", "2025-03-20T10:00:00Z", {"priority": "high", "category": "problem"})


def recorded(name: str, key: int) -> dict[str, Any]:
    found = json.loads((Path(__file__).parent / f"{name}.json").read_bytes())[name]
    (record,) = (each for each in found if each["id"] == key)
    return dict(record)


def test_a_ticket_under_way_was_opened_and_no_more() -> None:
    assert tell("zendesk", "tickets", recorded("tickets", 1)) == [OPENED]


def test_a_ticket_is_solved_reopened_and_solved_again_when_zendesk_says() -> None:
    ticket = recorded("tickets", 1)
    first = {**ticket, "status": "solved", "updated_at": "2025-03-21T16:00:00Z"}
    second = {
        **ticket,
        "status": "closed",
        "updated_at": "2025-03-27T08:00:00Z",
        "metric_set": {**ticket["metric_set"], "solved_at": "2025-03-23T07:00:00Z"},
    }
    assert tell("zendesk", "tickets", first, ticket, second) == [
        OPENED,
        ("ticket.solved", "2025-03-21T16:00:00Z", {}),
        ("ticket.reopened", "2025-03-22T10:05:00Z", {}),
        ("ticket.solved", "2025-03-23T07:00:00Z", {}),
    ]


def test_a_ticket_is_of_whoever_asks_and_of_its_organization() -> None:
    (opened,) = facts("zendesk", "tickets", recorded("tickets", 1))
    assert (opened.person_id, opened.company_id) == (ours("contact", "9001"), ours("company", "601"))


def test_a_rating_was_asked_for_and_then_given() -> None:
    assert tell("zendesk", "satisfaction_ratings", recorded("satisfaction_ratings", 301)) == [
        ("survey.sent", "2025-03-21T09:30:00Z", {"kind": "csat"}),
        ("survey.responded", "2025-03-22T10:00:00Z", {**ANSWER, "score": "1", "label": "good"}),
    ]


def test_a_bad_rating_is_an_answer_too() -> None:
    assert tell("zendesk", "satisfaction_ratings", recorded("satisfaction_ratings", 302)) == [
        ("survey.responded", "2025-03-23T10:00:00Z", {**ANSWER, "score": "0", "label": "bad"}),
        ("survey.sent", "2025-03-23T10:00:00Z", {"kind": "csat"}),
    ]


def test_a_rating_that_is_only_offered_is_no_answer_until_it_is_given() -> None:
    offered = recorded("satisfaction_ratings", 303)
    sent = ("survey.sent", "2025-03-24T10:00:00Z", {"kind": "csat"})
    assert tell("zendesk", "satisfaction_ratings", offered) == [sent]
    given = {**offered, "score": "good", "updated_at": "2025-03-26T12:00:00Z"}
    assert tell("zendesk", "satisfaction_ratings", offered, given) == [
        sent,
        ("survey.responded", "2025-03-26T12:00:00Z", {**ANSWER, "score": "1", "label": "good"}),
    ]


def test_a_rating_that_was_never_offered_says_nothing() -> None:
    assert tell("zendesk", "satisfaction_ratings", {**recorded("satisfaction_ratings", 303), "score": "unoffered"}) == []


def test_people_and_agents_tell_nothing_by_being_there() -> None:
    assert [tell("zendesk", "users", recorded("users", key)) for key in (9001, 9100)] == [[], []]
