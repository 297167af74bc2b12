"""What Gainsight's records tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

from tests.connectors.gainsight.test_gainsight_mapping import NORTE, TERMS, listed
from tests.connectors.telling import facts, ours, tell

HEALTH = {"name": "Gainsight health", "minimum": "0", "maximum": "100", "higher_is_better": True}
STAGE = {"raw": "1I0054U9FAKXZ0H26HO92M3F1G5SPWVQDNF3"}
PLAN = {"mrr": "1999.9", "currency": "BRL"}


def test_a_company_reports_its_health_and_asserts_its_stage() -> None:
    worse = {**listed("companies")[0], "CurrentScore__gr.Score": 40, "ModifiedDate": "2025-02-01T00:00:00Z"}
    assert tell("gainsight", "companies", listed("companies")[0], worse, terms=TERMS) == [
        ("health.reported", "2025-01-01T12:00:00Z", {**HEALTH, "score": "82"}),
        ("source.stage_asserted", "2025-01-01T12:00:00Z", STAGE),
        ("health.reported", "2025-02-01T00:00:00Z", {**HEALTH, "score": "40"}),
    ]


def test_a_contract_began_on_its_day_and_ended_when_its_status_said_so() -> None:
    assert tell("gainsight", "relationships", listed("relationships")[0], terms=TERMS) == [
        ("subscription.started", "2024-01-01T00:00:00Z day", PLAN),
        ("subscription.ended", "2025-01-01T12:00:00Z", {}),
    ]


def test_an_answer_to_nps_was_given_by_a_person_of_a_company() -> None:
    score = {"kind": "nps", "score": "9", "minimum": "0", "maximum": "10"}
    assert tell("gainsight", "nps", listed("nps")[0]) == [("survey.responded", "2025-01-01T12:00:00Z", score)]
    (fact,) = facts("gainsight", "nps", listed("nps")[0])
    assert fact.company_id == ours("company", NORTE)


def test_a_meeting_is_a_sign_of_life_and_a_call_to_action_is_none() -> None:
    meeting = {"kind": "meeting"}
    assert tell("gainsight", "timeline", listed("timeline")[0]) == [("lead.engaged", "2025-01-01T12:00:00Z", meeting)]
    assert tell("gainsight", "calls_to_action", listed("calls_to_action")[0]) == []
