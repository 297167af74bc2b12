"""What Salesforce's records mean; every expected value was written by hand."""

from typing import Any

import orjson
import pytest

from hub.model import as_json
from hub.spec import Mapping, Record, Terms, Unknown
from mappings.salesforce import MAPPINGS
from tests.connectors.salesforce.answers import row, rows

ANSWERS = {
    "login": "ciclo.my.salesforce.com",
    "currency": "usd",
    "time_zone": "America/Sao_Paulo",
    "loss_reason": "Loss_Reason__c",
}
STAGES = {"Prospecting": "open", "Proposal/Price Quote": "unknown", "Closed Won": "won"}
TERMS = Terms(answers=ANSWERS, pipelines={"OpportunityStage": STAGES})
VERA, CAIO = "005Hs00000B8kQ1IAJ", "005Hs00000B8kQ2IAJ"
ACME, PRIVATE, DOUBLE = "001Hs00003kSQb1IAG", "001Hs00003kSQb2IAG", "001Hs00003kSQb3IAG"
ANA, LEO = "003Hs00004aBcD1IAK", "003Hs00004aBcD2IAK"
WON, LOST, OPEN = "006Hs00001Zz0A1IAJ", "006Hs00001Zz0A2IAJ", "006Hs00001Zz0A3IAJ"


def mapping(kind: str, stream: str) -> Mapping:
    (found,) = (each for each in MAPPINGS if (each.type.TYPE, each.stream) == (kind, stream))
    return found


def said(kind: str, stream: str, record: Record, terms: Terms = TERMS) -> dict[str, Any]:
    found = mapping(kind, stream)
    assert found.applies(record)
    return dict(orjson.loads(as_json(found.read(record, terms).entity)))


def unknown(kind: str, stream: str, record: Record, terms: Terms = TERMS) -> tuple[Unknown, ...]:
    return mapping(kind, stream).read(record, terms).unknown


def test_an_account_is_a_company() -> None:
    assert said("company", "accounts", row("accounts", 0)) == {
        "id": ACME,
        "name": "Acme Ltda",
        "website": "https://www.acme.example",
        "phones": [{"number": "+55 41 3333-0001", "label": "phone"}],
        "industry": "Manufacturing",
        "employee_count": 42,
        "annual_revenue": {"amount": "2500000.0", "currency": "BRL"},
        "city": "Curitiba",
        "country": "Brazil",
        "source": "Web",
        "asserted_stage": "Customer - Direct",
        "owner_id": VERA,
        "custom": {"CNPJ__c": "12.345.678/0001-95"},
        "created_at": "2025-01-10T13:00:00Z",
        "changed_at": "2026-03-01T08:00:00Z",
        "url": f"https://ciclo.my.salesforce.com/{ACME}",
    }


def test_the_account_of_a_private_person_is_no_company_and_employs_nobody() -> None:
    assert [mapping("company", "accounts").applies(each) for each in rows("accounts")] == [True, False, True]
    assert not mapping("company", "accounts").applies({**row("accounts", 0), "IsPersonAccount": "true"})
    assert "company_ids" not in said("contact", "contacts", row("contacts", 4))
    assert said("contact", "contacts", row("contacts", 1))["company_ids"] == [ACME]


def test_a_contact_is_a_person_of_a_company() -> None:
    assert said("contact", "contacts", row("contacts", 0)) == {
        "id": ANA,
        "full_name": "Ana Moura",
        "given_name": "Ana",
        "family_name": "Moura",
        "honorific": "Ms.",
        "emails": [{"address": "ana@acme.example", "primary": True}],
        "phones": [{"number": "+55 41 3333-0002", "label": "phone"}, {"number": "+55 41 98888-0001", "label": "mobile"}],
        "job_title": "Head of Purchasing",
        "department": "Purchasing",
        "city": "Curitiba",
        "country": "Brazil",
        "company_ids": [ACME],
        "owner_id": VERA,
        "source": "Web",
        "custom": {"Pontos__c": 120.0, "Idioma__c": "pt-BR"},
        "created_at": "2025-02-01T14:00:00Z",
        "changed_at": "2026-03-02T09:00:00Z",
        "url": f"https://ciclo.my.salesforce.com/{ANA}",
    }


def test_a_suffix_and_a_number_at_home_are_kept() -> None:
    found = said("contact", "contacts", row("contacts", 1))
    assert (found["full_name"], found["name_suffix"]) == ("Leo Dias Filho", "Filho")
    assert found["phones"][1] == {"number": "+55 41 3222-0009", "label": "home"}


def test_what_was_merged_says_into_which() -> None:
    assert said("contact", "contacts", row("contacts", 2))["merged_into"] == ANA
    assert said("company", "accounts", row("accounts", 2))["merged_into"] == ACME
    assert said("contact", "leads", row("leads", 3))["merged_into"] == "00QHs000012xYz1MAE"


def test_somebody_with_a_lead_is_a_person_too() -> None:
    nina = said("contact", "leads", row("leads", 0))
    assert nina == {
        "id": "00QHs000012xYz1MAE",
        "full_name": "Nina Serra",
        "given_name": "Nina",
        "family_name": "Serra",
        "emails": [{"address": "nina@norte.example", "primary": True}],
        "phones": [{"number": "+55 91 3333-0003", "label": "phone"}],
        "job_title": "Director",
        "company_name": "Norte SA",
        "city": "Belém",
        "country": "Brazil",
        "source": "Trade Show",
        "custom": {"Interesse__c": "Plano anual"},
        "created_at": "2026-01-05T10:00:00Z",
        "changed_at": "2026-01-06T11:00:00Z",
        "url": "https://ciclo.my.salesforce.com/00QHs000012xYz1MAE",
    }
    lead = said("lead", "leads", row("leads", 0))
    assert (lead["contact_id"], lead["status"], lead["raw_status"]) == (nina["id"], "new", "Open - Not Contacted")
    assert "level" not in lead


def test_a_converted_lead_is_the_contact_that_it_became() -> None:
    assert said("contact", "leads", row("leads", 1))["merged_into"] == ANA
    assert said("lead", "leads", row("leads", 1)) == {
        "id": "00QHs000012xYz2MAE",
        "contact_id": ANA,
        "company_id": ACME,
        "deal_id": WON,
        "status": "converted",
        "raw_status": "Closed - Converted",
        "level": "sales",
        "source": "Trade Show",
        "captured_at": "2025-01-20T10:00:00Z",
        "qualified_at": "2025-02-01T03:00:00Z",
        "converted_at": "2025-02-01T03:00:00Z",
        "days": ["converted_at", "qualified_at"],
        "custom": {"Interesse__c": "Plano anual"},
        "created_at": "2025-01-20T10:00:00Z",
        "changed_at": "2025-02-01T14:00:00Z",
        "url": "https://ciclo.my.salesforce.com/00QHs000012xYz2MAE",
    }


def test_a_lead_that_was_merged_is_a_lead_no_longer() -> None:
    assert [mapping("lead", "leads").applies(each) for each in rows("leads")] == [True, True, True, False]
    assert not mapping("lead", "leads").applies({**row("leads", 0), "IsDeleted": "true"})


def test_a_status_of_the_organisation_s_own_is_asked_about_and_holds_when_it_was_decided() -> None:
    waiting = row("leads", 2)
    assert said("lead", "leads", waiting)["status"] == "unknown"
    assert unknown("lead", "leads", waiting) == (Unknown(path="Status", raw="Aguardando retorno"),)
    decided = Terms(choices={"Status": {"Aguardando retorno": "qualified"}})
    found = said("lead", "leads", waiting, decided)
    assert (found["status"], found["level"]) == ("qualified", "sales")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Working - Contacted", "working"),
        ("Nurturing", "nurturing"),
        ("Qualified", "qualified"),
        ("Closed - Not Converted", "unqualified"),
        ("Unqualified", "unqualified"),
    ],
)
def test_the_statuses_of_leads_that_salesforce_itself_has(theirs: str, ours: str) -> None:
    assert said("lead", "leads", {**row("leads", 0), "Status": theirs})["status"] == ours


def test_an_opportunity_was_won_when_its_history_says_for_the_last_time() -> None:
    assert said("deal", "opportunities", row("opportunities", 0)) == {
        "id": WON,
        "name": "Acme: annual plan",
        "status": "won",
        "pipeline_id": "OpportunityStage",
        "stage_id": "Closed Won",
        "amount": {"amount": "18000.0", "currency": "BRL"},
        "probability": "1.000",
        "kind": "new_business",
        "opened_at": "2025-02-01T14:00:00Z",
        "closed_at": "2026-03-09T15:00:00Z",
        "won_at": "2026-03-09T15:00:00Z",
        "history": [
            {"at": "2025-02-01T14:00:00Z", "stage_id": "Prospecting", "status": "open"},
            {"at": "2026-02-10T10:00:00Z", "stage_id": "Closed Won", "status": "won"},
            {"at": "2026-02-20T10:00:00Z", "stage_id": "Proposal/Price Quote"},
            {"at": "2026-03-09T15:00:00Z", "stage_id": "Closed Won", "status": "won"},
            {"at": "2026-03-10T16:20:00Z", "stage_id": "Closed Won", "status": "won"},
        ],
        "contact_ids": [ANA, LEO],
        "company_ids": [ACME],
        "owner_id": VERA,
        "created_at": "2025-02-01T14:00:00Z",
        "changed_at": "2026-03-10T16:20:00Z",
        "url": f"https://ciclo.my.salesforce.com/{WON}",
    }


def test_a_stage_is_only_a_name_where_no_pipeline_says_what_it_means() -> None:
    steps = said("deal", "opportunities", row("opportunities", 2), Terms())["history"]
    assert steps == [{"at": "2026-02-02T10:00:00Z", "stage_id": "Proposal/Price Quote"}]


def test_an_opportunity_without_history_was_lost_on_its_day_for_the_reason_in_the_field_that_was_named() -> None:
    lost = said("deal", "opportunities", row("opportunities", 1))
    assert lost["status"] == "lost"
    assert lost["closed_at"] == lost["lost_at"] == "2026-03-09T03:00:00Z"
    assert lost["days"] == ["closed_at", "lost_at"]
    assert lost["lost_reason"] == "Preço"
    assert lost["kind"] == "expansion"
    assert not {"won_at", "amount", "expected_close_on"} & lost.keys()
    assert "lost_reason" not in said("deal", "opportunities", row("opportunities", 1), Terms())


def test_the_moment_of_the_last_stage_counts_more_than_the_day_of_closing() -> None:
    lost = said("deal", "opportunities", {**row("opportunities", 1), "LastStageChangeDate": "2026-03-08T17:45:00.000+0000"})
    assert lost["lost_at"] == "2026-03-08T17:45:00Z"
    assert "days" not in lost


def test_an_open_opportunity_is_expected_to_close_and_what_it_is_for_is_asked() -> None:
    renewal = said("deal", "opportunities", row("opportunities", 2))
    assert (renewal["status"], renewal["expected_close_on"], renewal["probability"]) == ("open", "2026-04-30", "0.750")
    assert renewal["contact_ids"] == [LEO]
    assert not {"closed_at", "won_at", "lost_at", "days"} & renewal.keys()
    assert unknown("deal", "opportunities", row("opportunities", 2)) == (Unknown(path="Type", raw="Existing Business"),)


def test_an_amount_without_a_currency_is_in_that_of_the_company() -> None:
    alone = {**row("opportunities", 0), "CurrencyIsoCode": None}
    assert said("deal", "opportunities", alone)["amount"] == {"amount": "18000.0", "currency": "USD"}
    assert said("deal", "opportunities", alone, Terms())["amount"] == {"amount": "18000.0"}


def test_a_day_begins_where_the_organisation_is_and_in_utc_where_nobody_said() -> None:
    assert said("deal", "opportunities", row("opportunities", 1), Terms())["lost_at"] == "2026-03-09T00:00:00Z"
    nowhere = Terms(answers={"time_zone": "Nowhere/At_All"})
    assert "lost_at" not in said("deal", "opportunities", row("opportunities", 1), nowhere)


def test_the_stages_are_the_one_pipeline() -> None:
    (found,) = (each for each in MAPPINGS if each.stream == "opportunity_stages")
    from_stages = orjson.loads(as_json(found.read(rows("opportunity_stages")[0], TERMS).entity))
    assert from_stages == {
        "id": "OpportunityStage",
        "name": "Opportunities",
        "kind": "sales",
        "stages": [
            {"id": "Prospecting", "name": "Prospecting", "category": "open", "probability": "0.100"},
            {"id": "Proposal/Price Quote", "name": "Proposal/Price Quote", "category": "open", "probability": "0.750"},
            {"id": "Closed Won", "name": "Closed Won", "category": "won", "probability": "1.000"},
            {"id": "Closed Lost", "name": "Closed Lost", "category": "lost", "probability": "0.000"},
        ],
    }


def test_a_case_is_a_ticket() -> None:
    assert said("ticket", "cases", row("cases", 0)) == {
        "id": "500Hs00002QwErIIAV",
        "subject": "The login page stays blank",
        "status": "closed",
        "priority": "normal",
        "category": "Problem",
        "channel": "Phone",
        "opened_at": "2026-03-03T12:00:00Z",
        "solved_at": "2026-03-04T13:30:00Z",
        "requester_ids": [ANA],
        "company_ids": [ACME],
        "assignee_id": CAIO,
        "custom": {"Produto__c": "Starter"},
        "created_at": "2026-03-03T12:00:00Z",
        "changed_at": "2026-03-04T13:30:00Z",
        "url": "https://ciclo.my.salesforce.com/500Hs00002QwErIIAV",
    }


def test_a_case_that_a_queue_holds_is_nobody_s() -> None:
    held = said("ticket", "cases", row("cases", 1))
    assert (held["status"], held["priority"]) == ("on_hold", "high")
    assert not {"assignee_id", "requester_ids", "company_ids", "solved_at"} & held.keys()


def test_a_closed_case_is_closed_whatever_its_status_is_called() -> None:
    assert said("ticket", "cases", {**row("cases", 0), "Status": "Resolvido"})["status"] == "closed"
    assert unknown("ticket", "cases", {**row("cases", 0), "Status": "Resolvido"}) == ()
    waiting = {**row("cases", 1), "Status": "Aguardando"}
    assert unknown("ticket", "cases", waiting) == (Unknown(path="Status", raw="Aguardando"),)
    reopened = {**row("cases", 0), "Status": "Working", "IsClosed": False}
    assert said("ticket", "cases", reopened)["status"] == "open"
    assert "solved_at" not in said("ticket", "cases", reopened)


def test_a_case_that_was_merged_is_none() -> None:
    assert [mapping("ticket", "cases").applies(each) for each in rows("cases")] == [True, True, False]


def test_users_are_owners_unless_they_are_customers() -> None:
    assert [mapping("owner", "users").applies(each) for each in rows("users")] == [True, True, False]
    assert said("owner", "users", row("users", 1)) == {
        "id": CAIO,
        "name": "Caio Reis",
        "email": "caio@ciclo.example",
        "active": False,
        "created_at": "2024-01-08T12:05:00Z",
        "changed_at": "2025-11-30T18:00:00Z",
    }


def test_the_way_to_a_record_is_known_only_below_the_organisation_s_own_host() -> None:
    anywhere = Terms(answers={"login": "login.salesforce.com"})
    assert "url" not in said("contact", "contacts", row("contacts", 0), anywhere)


def test_a_row_of_a_job_means_what_one_of_a_query_means() -> None:
    query = row("opportunities", 0)
    texts = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}
    job = {**texts, "Amount": "18000.0", "Probability": "100.0", "CreatedDate": "2025-02-01T14:00:00.000Z"}
    assert said("deal", "opportunities", job) == said("deal", "opportunities", query)
