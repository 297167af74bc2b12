"""What ChurnZero's records tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

from tests.connectors.churnzero.test_churnzero_mapping import TERMS, listed
from tests.connectors.telling import facts, ours, tell

HEALTH = {"name": "ChurnScore", "minimum": "0", "maximum": "100", "higher_is_better": True}


def test_an_account_reports_its_score_ends_onboarding_and_asserts_that_it_is_a_customer() -> None:
    account = listed("accounts")[0]
    worse = {**account, "PrimaryChurnScoreValue": 40, "ObjectLastModifiedDate": "2025-02-01T00:00:00Z"}
    assert tell("churnzero", "accounts", account, worse, terms=TERMS) == [
        ("onboarding.completed", "2024-03-15T16:30:00Z", {}),
        ("health.reported", "2025-01-01T12:00:00.253000Z", {**HEALTH, "score": "82.5"}),
        ("source.stage_asserted", "2025-01-01T12:00:00.253000Z", {"raw": "Active"}),
        ("health.reported", "2025-02-01T00:00:00Z", {**HEALTH, "score": "40"}),
    ]


def test_an_event_is_a_day_of_use_by_a_person_of_a_company() -> None:
    used = {"day": "2025-01-02", "count": 3, "kind": "Login"}
    assert tell("churnzero", "events", listed("events")[0]) == [("user.active", "2025-01-02T00:00:00Z day", used)]
    (fact,) = facts("churnzero", "events", listed("events")[0])
    assert (fact.person_id, fact.company_id) == (ours("contact", "5201"), ours("company", "4101"))


def test_an_answer_to_nps_was_given_by_a_person_of_a_company() -> None:
    score = {"kind": "nps", "score": "9", "minimum": "0", "maximum": "10"}
    assert tell("churnzero", "answers", listed("answers")[0]) == [("survey.responded", "2025-01-01T12:00:00Z", score)]
    (fact,) = facts("churnzero", "answers", listed("answers")[0])
    assert (fact.person_id, fact.company_id) == (ours("contact", "5201"), ours("company", "4101"))


def test_the_progress_in_a_journey_is_shown_and_moves_nobody() -> None:
    assert [tell("churnzero", "progress", each) for each in listed("progress")] == [[], [], []]
