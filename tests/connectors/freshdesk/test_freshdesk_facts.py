"""What Freshdesk's records tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

from tests.connectors.freshdesk.test_freshdesk_mapping import TERMS, listed
from tests.connectors.telling import tell

OPENED = ("ticket.opened", "2025-03-01T10:00:00Z", {"category": "Question", "priority": "high"})


def test_a_ticket_was_opened_and_solved() -> None:
    assert tell("freshdesk", "tickets", listed("tickets")[0], terms=TERMS) == [
        OPENED,
        ("ticket.solved", "2025-03-02T15:30:00Z", {}),
    ]


def test_a_ticket_that_was_solved_was_opened_again() -> None:
    solved = listed("tickets")[0]
    stats = {**solved["stats"], "reopened_at": "2025-03-04T09:00:00Z"}
    again = {**solved, "status": 2, "updated_at": "2025-03-04T09:00:00Z", "stats": stats}
    assert [(kind, at) for kind, at, _ in tell("freshdesk", "tickets", solved, again, terms=TERMS)] == [
        ("ticket.opened", "2025-03-01T10:00:00Z"),
        ("ticket.solved", "2025-03-02T15:30:00Z"),
        ("ticket.reopened", "2025-03-04T09:00:00Z"),
    ]


def test_a_survey_was_answered() -> None:
    said = {"kind": "csat", "label": "Extremely happy", "score": "7", "minimum": "1", "maximum": "7"}
    assert tell("freshdesk", "satisfaction_ratings", listed("satisfaction_ratings")[0]) == [
        ("survey.responded", "2025-03-03T08:00:00Z", said)
    ]


def test_a_company_has_a_health_of_which_more_is_better() -> None:
    said = {"name": "Health", "score": "2", "minimum": "0", "maximum": "2", "higher_is_better": True}
    assert tell("freshdesk", "companies", listed("companies")[0]) == [("health.reported", "2025-01-11T12:08:53Z", said)]


def test_being_a_contact_of_a_helpdesk_is_no_step_of_a_customer() -> None:
    assert tell("freshdesk", "contacts", listed("contacts")[0]) == []
