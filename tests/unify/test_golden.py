"""Which value of a field wins, and why, with its whole provenance."""

from decimal import Decimal
from typing import Any

import pytest

from hub.model import Company, Contact, Money
from hub.unify.golden import FIELDS, Lock, Member, said
from tests.unify.golden_records import at, member, origin, whole


def job(connection: str, title: str | None, changed: str | None, source_id: str = "1", received: str | None = None) -> Member:
    entity = Contact(id=source_id, job_title=title, changed_at=at(changed) if changed else None)
    return member(connection, entity, received=received)


def human(source_id: str, changed: str, **values: Any) -> Contact:
    return Contact(id=source_id, changed_at=at(changed), **values)


def business(connection: str, changed: str, **values: Any) -> Member:
    return member(connection, Company(id="7", changed_at=at(changed), **values))


def test_a_field_says_where_its_value_comes_from_and_what_lost_to_it_and_why() -> None:
    crm = job("hubspot-1", "CFO", "2025-03-01T12:00", "103", received="2025-03-01T12:00:04")
    helpdesk = job("zendesk-1", "Diretora Financeira", "2024-11-02T10:00", "9001", received="2024-11-02T10:00:09")
    assert whole(crm, helpdesk)["fields"]["job_title"] == {
        "value": "CFO",
        "rule": "most_recent_by_priority",
        "confidence": 0.9,
        "source": origin("hubspot-1/103") | {"field": "job_title"},
        "changed_at": "2025-03-01T12:00:00Z",
        "recorded_at": "2025-03-01T12:00:04Z",
        "candidates": [
            origin("zendesk-1/9001")
            | {
                "value": "Diretora Financeira",
                "changed_at": "2024-11-02T10:00:00Z",
                "recorded_at": "2024-11-02T10:00:09Z",
                "lost_because": "lower_priority",
            }
        ],
    }


@pytest.mark.parametrize(
    ("records", "winner", "lost", "confidence"),
    [
        ([("hubspot-1", "CFO", "2025-01-01"), ("zendesk-1", "Boss", "2025-12-31")], "CFO", "lower_priority", 0.9),
        ([("hubspot-1", "CFO", "2025-01-01"), ("zendesk-1", "Boss", "2026-01-01")], "CFO", "lower_priority", 0.9),
        ([("hubspot-1", "CFO", "2025-01-01"), ("zendesk-1", "Boss", "2026-01-01T00:00:01")], "Boss", "out_of_date", 0.8),
        ([("hubspot-1", "CFO", None), ("zendesk-1", "Boss", "2025-01-01")], "Boss", "out_of_date", 0.8),
        ([("hubspot-1", "CFO", "2025-01-01"), ("zendesk-1", "Boss", "2020-01-01")], "CFO", "lower_priority", 0.9),
        ([("hubspot-1", "CFO", "2025-01-01"), ("hubspot-2", "Boss", "2025-01-02")], "Boss", "older", 0.8),
        ([("hubspot-1", "CFO", "2020-01-01"), ("hubspot-2", "Boss", "2025-01-02")], "Boss", "older", 0.8),
        ([("hubspot-1", "CFO", "2025-01-01"), ("hubspot-2", "Boss", "2025-01-01")], "CFO", "tie", 0.6),
        ([("hubspot-1", "CFO", None), ("hubspot-2", "Boss", None)], "CFO", "tie", 0.6),
        ([("unheard-1", "CFO", "2025-01-02"), ("zendesk-1", "Boss", "2025-01-01")], "Boss", "lower_priority", 0.9),
        ([("hubspot-1", "CFO", "2025-01-01"), ("zendesk-1", "cfo", "2025-01-02")], "CFO", "lower_priority", 1.0),
    ],
)
def test_the_most_believed_source_wins_that_spoke_within_a_year_of_the_newest(
    records: list[tuple[str, str, str | None]], winner: str, lost: str, confidence: float
) -> None:
    found = whole(*(job(*record) for record in records))["fields"]["job_title"]
    assert (found["value"], found["rule"], found["confidence"]) == (winner, "most_recent_by_priority", confidence)
    assert [each["lost_because"] for each in found["candidates"]] == [lost]


def test_where_three_speak_the_closest_contest_makes_the_confidence() -> None:
    said_twice = [
        job("hubspot-1", "CFO", "2025-01-02"),
        job("hubspot-2", "Boss", "2025-01-01"),
        job("zendesk-1", "Aide", "2025-01-03"),
    ]
    found = whole(*said_twice)["fields"]["job_title"]
    assert [each["lost_because"] for each in found["candidates"]] == ["older", "lower_priority"]
    assert found["confidence"] == 0.8


def test_billing_is_believed_before_the_crm_that_before_success_shop_helpdesk_and_marketing_and_all_before_the_unlisted() -> None:
    order = ("billing-1", "hubspot-1", "gainsight-1", "shop-1", "zendesk-1", "mailing-1", "unheard-1")
    found = whole(*(job(connection, connection, "2025-01-01") for connection in reversed(order)))["fields"]["job_title"]
    assert [found["value"], *(each["value"] for each in found["candidates"])] == list(order)


def test_equal_changes_go_to_what_was_received_later_then_to_the_lower_connection_then_to_the_lower_id() -> None:
    fourth = job("hubspot-1", "fourth", "2025-01-01", "8", received="2025-01-02")
    second = job("hubspot-2", "second", "2025-01-01", "9", received="2025-01-03")
    third = job("hubspot-1", "third", "2025-01-01", "7", received="2025-01-02")
    first = job("hubspot-2", "first", "2025-01-01", "2", received="2025-01-03")
    found = whole(fourth, second, third, first)["fields"]["job_title"]
    assert [found["value"], *(each["value"] for each in found["candidates"])] == ["first", "second", "third", "fourth"]
    assert [each["lost_because"] for each in found["candidates"]] == ["tie", "recorded_earlier", "recorded_earlier"]
    assert found["confidence"] == 0.6


def test_a_tie_goes_to_the_lower_connection_whichever_record_is_older_or_has_the_lower_id() -> None:
    younger = member("hubspot-1", Contact(id="8", job_title="CFO", created_at=at("2025-02-01"), changed_at=at("2025-03-01")))
    older = member("hubspot-2", Contact(id="7", job_title="Boss", created_at=at("2025-01-01"), changed_at=at("2025-03-01")))
    found = whole(older, younger)["fields"]["job_title"]
    assert (found["value"], found["candidates"][0]["lost_because"]) == ("CFO", "tie")


def test_of_two_records_of_one_connection_changed_at_once_the_lower_id_wins_though_it_is_the_younger() -> None:
    older = member("hubspot-1", Contact(id="8", job_title="Boss", created_at=at("2025-01-01"), changed_at=at("2025-03-01")))
    younger = member("hubspot-1", Contact(id="7", job_title="CFO", created_at=at("2025-02-01"), changed_at=at("2025-03-01")))
    assert whole(older, younger)["fields"]["job_title"]["value"] == "CFO"


def test_a_record_that_never_changed_counts_from_when_it_was_made() -> None:
    made = member("hubspot-1", Contact(id="1", job_title="CFO", created_at=at("2025-06-01")))
    found = whole(made, job("hubspot-2", "Boss", "2025-05-01"))["fields"]["job_title"]
    assert (found["value"], found["changed_at"]) == ("CFO", None)


@pytest.mark.parametrize(
    "field",
    [
        *("full_name", "given_name", "family_name", "name_suffix", "honorific"),
        *("job_title", "seniority", "department", "company_name"),
        *("language", "time_zone", "city", "country", "self_reported_source"),
    ],
)
def test_what_a_person_is_the_newer_source_says_after_a_year(field: str) -> None:
    old = member("billing-1", human("1", "2020-01-01", **{field: "Aa"}))
    new = member("zendesk-1", human("2", "2025-01-01", **{field: "Bb"}))
    won = whole(old, new)["fields"][field]
    assert (won["value"], won["rule"], won["candidates"][0]["lost_because"]) == ("Bb", "most_recent_by_priority", "out_of_date")


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("name", "Acme Ltda", "ACME"),
        ("legal_name", "Acme Ltda", "Acme S.A."),
        ("tax_id", "11.222.333/0001-81", "11222333000262"),
        ("industry", "Retail", "Software"),
        ("employee_count", 40, 50),
        ("tier", "gold", "silver"),
    ],
)
def test_what_a_company_is_the_most_believed_source_says_however_long_ago(field: str, old: Any, new: Any) -> None:
    found = whole(business("billing-1", "2020-01-01", **{field: old}), business("zendesk-1", "2025-01-01", **{field: new}))
    assert found["fields"][field] == {
        "value": old,
        "rule": "priority",
        "confidence": 0.9,
        "source": origin("billing-1/7", "company") | {"field": field},
        "changed_at": "2020-01-01T00:00:00Z",
        "recorded_at": None,
        "candidates": [
            origin("zendesk-1/7", "company")
            | {"value": new, "changed_at": "2025-01-01T00:00:00Z", "recorded_at": None, "lost_because": "lower_priority"}
        ],
    }


def test_a_persons_number_is_an_identity_and_goes_by_priority_too() -> None:
    old = member("hubspot-1", Contact(id="1", changed_at=at("2020-01-01"), tax_id="529.982.247-25"))
    new = member("zendesk-1", Contact(id="2", changed_at=at("2025-01-01"), tax_id="111.444.777-35"))
    won = whole(old, new)["fields"]["tax_id"]
    assert (won["value"], won["rule"], won["confidence"]) == ("529.982.247-25", "priority", 0.9)


def test_two_sources_of_one_kind_that_are_years_apart_are_older_and_newer_where_priority_rules() -> None:
    won = whole(business("hubspot-1", "2020-01-01", tier="gold"), business("hubspot-2", "2025-01-01", tier="silver"))["fields"][
        "tier"
    ]
    assert (won["value"], won["rule"], won["candidates"][0]["lost_because"]) == ("silver", "priority", "older")


@pytest.mark.parametrize("field", ["website", "city", "country"])
def test_where_a_company_is_the_newer_source_says_after_a_year(field: str) -> None:
    found = whole(business("billing-1", "2020-01-01", **{field: "old"}), business("zendesk-1", "2025-01-01", **{field: "new"}))
    won = found["fields"][field]
    assert (won["value"], won["rule"], won["candidates"][0]["lost_because"]) == ("new", "most_recent_by_priority", "out_of_date")


def test_the_owner_is_the_crms_one_before_billings_and_stays_the_mention_of_one_connection() -> None:
    billing = member("billing-1", Contact(id="1", owner_id="5", changed_at=at("2025-02-01")))
    crm = member("hubspot-1", Contact(id="2", owner_id="5", changed_at=at("2020-01-01")))
    assert whole(billing, crm)["fields"]["owner"] == {
        "value": {"connection_id": "hubspot-1", "id": "5"},
        "rule": "priority",
        "confidence": 0.9,
        "source": origin("hubspot-1/2") | {"field": "owner_id"},
        "changed_at": "2020-01-01T00:00:00Z",
        "recorded_at": None,
        "candidates": [
            origin("billing-1/1")
            | {
                "value": {"connection_id": "billing-1", "id": "5"},
                "changed_at": "2025-02-01T00:00:00Z",
                "recorded_at": None,
                "lost_because": "lower_priority",
            }
        ],
    }


def test_who_looks_after_success_and_when_to_renew_the_success_tool_says_first_and_the_owner_the_crm() -> None:
    crm = business("hubspot-1", "2025-02-01", csm_id="3", owner_id="4", renewal_date="2026-01-01")
    success = business("gainsight-1", "2020-02-01", csm_id="9", owner_id="8", renewal_date="2026-06-30")
    fields = whole(crm, success)["fields"]
    assert fields["csm"]["value"] == {"connection_id": "gainsight-1", "id": "9"}
    assert fields["csm"]["source"] == origin("gainsight-1/7", "company") | {"field": "csm_id"}
    assert fields["owner"]["value"] == {"connection_id": "hubspot-1", "id": "4"}
    assert (fields["renewal_date"]["value"], fields["renewal_date"]["rule"]) == ("2026-06-30", "priority")


def test_a_lock_wins_until_it_is_removed_and_the_sources_values_stand_beside_it() -> None:
    crm, helpdesk = job("hubspot-1", "CFO", "2025-03-01", "103"), job("zendesk-1", "Boss", "2024-11-02", "9001")
    lock = Lock(value="Controller", by="user:7", at=at("2024-01-01T09:30"))
    assert whole(crm, helpdesk, locks={"job_title": lock})["fields"]["job_title"] == {
        "value": "Controller",
        "rule": "manual",
        "confidence": 1.0,
        "source": {"by": "user:7", "field": "job_title"},
        "changed_at": "2024-01-01T09:30:00Z",
        "recorded_at": "2024-01-01T09:30:00Z",
        "candidates": [
            origin("hubspot-1/103")
            | {"value": "CFO", "changed_at": "2025-03-01T00:00:00Z", "recorded_at": None, "lost_because": "locked"},
            origin("zendesk-1/9001")
            | {"value": "Boss", "changed_at": "2024-11-02T00:00:00Z", "recorded_at": None, "lost_because": "locked"},
        ],
    }
    assert whole(crm, helpdesk)["fields"]["job_title"]["value"] == "CFO"


def test_a_lock_fills_a_field_of_which_no_source_speaks_names_the_customer_and_stays_out_of_other_types() -> None:
    lock = Lock(value="Ana Souza", by="user:7", at=at("2024-01-01"))
    found = whole(job("hubspot-1", None, "2025-01-01"), locks={"full_name": lock, "legal_name": lock})
    assert (found["name"], list(found["fields"]), found["fields"]["full_name"]["candidates"]) == ("Ana Souza", ["full_name"], [])
    assert "legal_name" in FIELDS["company"]


def test_a_lock_can_say_that_nothing_is_known() -> None:
    wrong = member("hubspot-1", Contact(id="1", full_name="Test Test", given_name="Ana"))
    found = whole(wrong, locks={"full_name": Lock(value=None, by="user:7", at=at("2024-01-01"))})
    assert (found["name"], found["fields"]["full_name"]["value"]) == ("Ana", None)


@pytest.mark.parametrize("nothing", [None, "", "  ", "N/A", "-", "--", "null", "NULL", "None", "undefined", "unknown"])
def test_what_says_nothing_wins_nothing(nothing: str | None) -> None:
    found = whole(job("hubspot-1", nothing, "2025-06-01"), job("zendesk-1", "Boss", "2025-01-01"))["fields"]["job_title"]
    assert (found["value"], found["rule"], found["confidence"], found["candidates"]) == ("Boss", "only", 1.0, [])


@pytest.mark.parametrize("something", ["NA", "Na", "no", "0", 0, False, "-1"])
def test_namibia_the_surname_na_and_nought_say_something(something: Any) -> None:
    """NA is the code of Namibia, https://www.iso.org/obp/ui/#iso:code:3166:NA."""
    assert said(something)


def test_a_field_that_nobody_speaks_of_is_left_out() -> None:
    assert whole(job("hubspot-1", None, "2025-01-01"))["fields"] == {}


def test_money_is_written_as_text_with_its_currency() -> None:
    found = whole(business("hubspot-1", "2025-01-01", annual_revenue=Money(amount=Decimal("11050.00"), currency="BRL")))
    assert found["fields"]["annual_revenue"]["value"] == {"amount": "11050.00", "currency": "BRL"}


def test_a_name_is_given_back_as_the_winning_source_wrote_it_to_the_code_point() -> None:
    composed, decomposed = "Jos\u00e9 da Concei\u00e7\u00e3o", "Jose\u0301 da Conceic\u0327a\u0303o"
    crm = member("hubspot-1", Contact(id="1", full_name=composed, changed_at=at("2023-01-01")))
    helpdesk = member("zendesk-1", Contact(id="2", full_name=decomposed, changed_at=at("2025-01-01")))
    found = whole(crm, helpdesk)
    assert (found["name"], len(found["name"])) == (decomposed, 20)
    assert found["fields"]["full_name"]["candidates"][0]["value"] == composed
    assert found["fields"]["full_name"]["confidence"] == 1.0
