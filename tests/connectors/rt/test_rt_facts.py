"""What Request Tracker's records tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

import pytest

from tests.connectors.rt.test_rt_mapping import listed
from tests.connectors.telling import facts, ours, tell

OPENED = ("ticket.opened", "2026-11-22T02:33:42Z", {"priority": "low", "category": "General"})
RATING = {"kind": "csat", "score": "4", "minimum": "1", "maximum": "5", "label": "4"}


@pytest.mark.parametrize(
    ("key", "when", "priority"),
    [
        ("31", "2026-11-22T02:33:40Z", "low"),
        ("32", "2026-11-22T02:33:41Z", "normal"),
        ("33", "2026-11-22T02:33:41Z", "low"),
    ],
)
def test_a_ticket_under_way_was_opened_and_no_more(key: str, when: str, priority: str) -> None:
    assert tell("rt", "tickets", listed("tickets")[key]) == [
        ("ticket.opened", when, {"priority": priority, "category": "General"}),
    ]


def test_a_resolved_ticket_with_a_rating() -> None:
    assert tell("rt", "tickets", listed("tickets")["34"]) == [
        OPENED,
        ("survey.responded", "2026-11-22T02:33:46Z", RATING),
        ("ticket.solved", "2026-11-22T02:33:46Z", {}),
    ]


def test_a_rating_keeps_its_moment_when_the_ticket_changes_later() -> None:
    rated = listed("tickets")["34"]
    moved = {**rated, "LastUpdated": "2026-11-30T09:00:00Z", "Subject": "Another subject"}
    answers = [fact for fact in facts("rt", "tickets", rated, moved) if fact.type == "survey.responded"]
    assert [(fact.occurred_at.isoformat(), fact.retracted_at) for fact in answers] == [("2026-11-22T02:33:46+00:00", None)]


def test_a_rating_of_a_ticket_that_was_never_solved_has_the_time_of_its_change() -> None:
    rated = {**listed("tickets")["34"], "Status": "open", "Resolved": "1970-01-01T00:00:00Z"}
    assert tell("rt", "tickets", rated) == [OPENED, ("survey.responded", "2026-11-22T02:33:47Z", RATING)]


def test_a_ticket_opened_again() -> None:
    solved = listed("tickets")["34"]
    again = {**solved, "Status": "open", "LastUpdated": "2026-11-25T10:00:00Z"}
    assert [(kind, at) for kind, at, _ in tell("rt", "tickets", solved, again)] == [
        ("ticket.opened", "2026-11-22T02:33:42Z"),
        ("survey.responded", "2026-11-22T02:33:46Z"),
        ("ticket.solved", "2026-11-22T02:33:46Z"),
        ("ticket.reopened", "2026-11-25T10:00:00Z"),
    ]


def test_ticket_and_rating_are_of_the_first_requestor() -> None:
    told = facts("rt", "tickets", listed("tickets")["34"])
    assert {(fact.person_id, fact.company_id) for fact in told} == {(ours("contact", "213"), None)}
