"""What Salesforce's records tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

from typing import Any

from hub.spec import Record, Terms
from tests.connectors.salesforce.answers import row
from tests.connectors.telling import facts, ours, tell

STAGES = {"Prospecting": "open", "Proposal/Price Quote": "open", "Closed Won": "won", "Closed Lost": "lost"}
TERMS = Terms(answers={"time_zone": "America/Sao_Paulo", "loss_reason": "Loss_Reason__c"}, pipelines={"OpportunityStage": STAGES})
ANA, ACME = "003Hs00004aBcD1IAK", "001Hs00003kSQb1IAG"
CAPTURED = ("lead.captured", "2026-01-05T10:00:00Z", {"source": "Trade Show"})


def told(stream: str, *records: Record) -> list[tuple[str, str, dict[str, Any]]]:
    return tell("salesforce", stream, *records, terms=TERMS)


def test_a_lead_is_captured_when_it_is_entered() -> None:
    assert told("leads", row("leads", 0)) == [CAPTURED]


def test_a_converted_lead_was_found_fit_on_that_day() -> None:
    assert told("leads", row("leads", 1)) == [
        ("lead.captured", "2025-01-20T10:00:00Z", {"source": "Trade Show"}),
        ("lead.qualified", "2025-02-01T03:00:00Z day", {"level": "sales"}),
    ]


def test_a_lead_s_facts_are_of_the_contact_and_the_account_that_it_became() -> None:
    found = [fact for fact in facts("salesforce", "leads", row("leads", 1), terms=TERMS) if fact.type == "lead.qualified"]
    assert [(fact.person_id, fact.company_id) for fact in found] == [(ours("contact", ANA), ours("company", ACME))]


def test_a_lead_that_leads_nowhere_is_disqualified_when_its_status_changed() -> None:
    closed = {**row("leads", 0), "Status": "Closed - Not Converted", "SystemModstamp": "2026-02-02T09:00:00.000+0000"}
    assert told("leads", row("leads", 0), closed) == [CAPTURED, ("lead.disqualified", "2026-02-02T09:00:00Z", {})]


def changed(at: str, stage: str) -> tuple[str, str, dict[str, Any]]:
    return "deal.stage_changed", at, {"pipeline_id": "OpportunityStage", "stage_id": stage}


def test_an_opportunity_tells_its_whole_way_at_the_moments_of_its_history() -> None:
    money = {"amount": "18000.0", "currency": "BRL", "kind": "new_business"}
    assert told("opportunities", row("opportunities", 0)) == [
        ("deal.opened", "2025-02-01T14:00:00Z", money),
        changed("2026-02-10T10:00:00Z", "Closed Won"),
        ("deal.won", "2026-02-10T10:00:00Z", money),
        ("deal.reopened", "2026-02-20T10:00:00Z", {}),
        changed("2026-02-20T10:00:00Z", "Proposal/Price Quote"),
        changed("2026-03-09T15:00:00Z", "Closed Won"),
        ("deal.won", "2026-03-09T15:00:00Z", money),
    ]


def test_a_stage_that_is_there_no_longer_ends_nothing_and_is_gone_through_all_the_same() -> None:
    lost = row("opportunities", 1) | {
        "history": [
            {"StageName": "Closed Lost", "CreatedDate": "2026-03-09T12:30:00.000+0000"},
            {"StageName": "Perdido", "CreatedDate": "2026-02-03T09:00:00.000+0000"},
            {"StageName": "Prospecting", "CreatedDate": "2025-02-01T14:00:00.000+0000"},
        ]
    }
    assert told("opportunities", lost) == [
        ("deal.opened", "2025-02-01T14:00:00Z", {"kind": "expansion"}),
        changed("2026-02-03T09:00:00Z", "Perdido"),
        ("deal.lost", "2026-03-09T12:30:00Z", {"reason": "Preço"}),
        changed("2026-03-09T12:30:00Z", "Closed Lost"),
    ]


def test_a_lost_opportunity_says_why_and_only_its_day_is_known() -> None:
    assert told("opportunities", row("opportunities", 1)) == [
        ("deal.opened", "2025-02-01T14:00:00Z", {"kind": "expansion"}),
        ("deal.lost", "2026-03-09T03:00:00Z day", {"reason": "Preço"}),
    ]


def test_an_opportunity_goes_through_its_stages_is_won_and_reopened() -> None:
    new = {**row("opportunities", 2), "Type": "New Customer", "CurrencyIsoCode": None}
    begun = {**new, "StageName": "Prospecting", "SystemModstamp": "2025-02-01T14:00:00.000+0000", "history": None}
    steps = [{"StageName": "Closed Won", "CreatedDate": "2026-03-09T15:00:00.000+0000"}]
    closed = {"StageName": "Closed Won", "IsClosed": True, "IsWon": True, "SystemModstamp": "2026-03-09T15:00:01.000+0000"}
    won = {**new, **closed, "history": steps}
    again = {**new, "SystemModstamp": "2026-03-12T10:00:00.000+0000", "history": None}
    money = {"amount": "18000.0", "kind": "new_business"}
    changed = {"pipeline_id": "OpportunityStage"}
    assert told("opportunities", begun, won, again) == [
        ("deal.opened", "2025-02-01T14:00:00Z", money),
        ("deal.won", "2026-03-09T15:00:00Z", money),
        ("deal.stage_changed", "2026-03-09T15:00:01Z", {**changed, "stage_id": "Closed Won"}),
        ("deal.reopened", "2026-03-12T10:00:00Z", {}),
        ("deal.stage_changed", "2026-03-12T10:00:00Z", {**changed, "stage_id": "Proposal/Price Quote"}),
    ]


def test_a_case_is_opened_solved_and_reopened() -> None:
    first = {
        **row("cases", 0),
        "Status": "New",
        "IsClosed": False,
        "ClosedDate": None,
        "SystemModstamp": "2026-03-03T12:00:00.000+0000",
    }
    again = {**row("cases", 0), "Status": "Working", "IsClosed": False, "SystemModstamp": "2026-03-06T08:00:00.000+0000"}
    assert told("cases", first, row("cases", 0), again) == [
        ("ticket.opened", "2026-03-03T12:00:00Z", {"priority": "normal", "category": "Problem"}),
        ("ticket.solved", "2026-03-04T13:30:00Z", {}),
        ("ticket.reopened", "2026-03-06T08:00:00Z", {}),
    ]


def test_a_case_is_of_whoever_asks_and_of_their_account() -> None:
    found = facts("salesforce", "cases", row("cases", 0), terms=TERMS)
    assert {(fact.person_id, fact.company_id) for fact in found} == {(ours("contact", ANA), ours("company", ACME))}


def test_what_an_account_is_called_is_only_an_assertion() -> None:
    assert told("accounts", row("accounts", 0)) == [
        ("source.stage_asserted", "2026-03-01T08:00:00Z", {"raw": "Customer - Direct"})
    ]
