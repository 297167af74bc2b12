"""What EngageBay's records tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

from tests.connectors.engagebay.test_engagebay_mapping import ANA, TERMS, listed
from tests.connectors.telling import facts, ours, tell

OPENED = ("deal.opened", "2025-01-01T12:00:00Z", {"amount": "100.5", "currency": "USD"})
TICKET = ("ticket.opened", "2025-01-01T12:00:00Z", {"priority": "high"})


def test_a_contact_was_captured_and_has_a_score_that_points_nowhere() -> None:
    score = {"name": "EngageBay score", "score": "5"}
    assert tell("engagebay", "subscribers", listed("subscribers")[0]) == [
        ("lead.captured", "2025-01-01T12:00:00Z", {}),
        ("health.reported", "2025-01-08T12:00:00Z", score),
    ]
    captured = next(fact for fact in facts("engagebay", "subscribers", listed("subscribers")[0]) if fact.type == "lead.captured")
    assert captured.person_id == ours("contact", ANA)


def test_a_deal_under_way_was_opened_and_no_more() -> None:
    assert tell("engagebay", "deals", listed("deals")[0], terms=TERMS) == [OPENED]


def test_a_deal_that_was_won_and_taken_up_again() -> None:
    begun = listed("deals")[0]
    won = {**begun, "milestoneLabelName": "Won", "updated_time": 1738411200}
    again = {**begun, "updated_time": 1739016000}
    assert [(kind, at) for kind, at, _ in tell("engagebay", "deals", begun, won, again, terms=TERMS)] == [
        ("deal.opened", "2025-01-01T12:00:00Z"),
        ("deal.stage_changed", "2025-02-01T12:00:00Z"),
        ("deal.won", "2025-02-01T12:00:00Z"),
        ("deal.reopened", "2025-02-08T12:00:00Z"),
        ("deal.stage_changed", "2025-02-08T12:00:00Z"),
    ]


def test_a_ticket_was_opened_and_what_its_other_numbers_mean_is_left_open() -> None:
    assert tell("engagebay", "tickets", listed("tickets")[0], terms=TERMS) == [TICKET]
    later = {**listed("tickets")[0], "status": 4, "updated_time": 1736337600}
    assert tell("engagebay", "tickets", listed("tickets")[0], later, terms=TERMS) == [TICKET]


def test_a_task_that_we_have_before_us_is_no_sign_of_life() -> None:
    assert tell("engagebay", "tasks", listed("tasks")[0]) == []
