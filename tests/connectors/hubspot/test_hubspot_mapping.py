"""What HubSpot's records mean; every expected value was written by hand."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hub.model import (
    Company,
    Contact,
    Deal,
    DealKind,
    DealStatus,
    Email,
    Lead,
    Money,
    Owner,
    Phone,
    Ticket,
    TicketPriority,
    TicketStatus,
)
from hub.spec import Mapping, Reading, Terms, Unknown
from mappings.hubspot import MAPPINGS

TERMS = Terms(
    pipelines={
        "default": {"closedwon": "won", "closedlost": "lost", "presentationscheduled": "open", "1300552": "unknown"},
        "0": {"1": "new", "4": "closed"},
    },
    answers={"currency": "brl"},
)


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())["results"]


def mapping(stream: str) -> Mapping:
    (found,) = (mapping for mapping in MAPPINGS if mapping.stream == stream and mapping.type is not Lead)
    return found


def read(stream: str, record: dict[str, Any], terms: Terms = TERMS) -> Reading:
    return mapping(stream).read(record, terms)


def deal(**properties: Any) -> Reading:
    record = recorded("deals")[0]
    return read("deals", {**record, "properties": {**record["properties"], **properties}})


def test_a_contact() -> None:
    record = {**recorded("contacts")[0], "companies": ["503", "502"]}
    assert read("contacts", record) == Reading(
        entity=Contact(
            id="101",
            created_at=datetime(2025, 2, 3, 13, 0, tzinfo=UTC),
            changed_at=datetime(2025, 3, 5, 18, 30, 0, 250_000, tzinfo=UTC),
            url="https://app.hubspot.com/contacts/5150001/record/0-1/101",
            full_name="Ana Souza",
            given_name="Ana",
            family_name="Souza",
            emails=(Email(address="Ana.Souza@Acme.com.br", primary=True), Email(address="ana@gmail.example")),
            phones=(Phone(number="(11) 3456-7890", label="phone"), Phone(number="(11) 91234-5678", label="mobile")),
            job_title="Diretora Financeira",
            language="pt-br",
            city="São Paulo",
            country="Brazil",
            company_name="Acme",
            company_ids=("502", "503"),
            owner_id="7001",
            asserted_stage="customer",
            source="ORGANIC_SEARCH",
            merged_ids=("95", "96"),
        )
    )


def test_a_contact_of_which_nothing_is_known() -> None:
    record = {**recorded("contacts")[1], "companies": None}
    assert read("contacts", record) == Reading(
        entity=Contact(
            id="102",
            created_at=datetime(2025, 2, 4, 9, 15, tzinfo=UTC),
            changed_at=datetime(2025, 2, 4, 9, 15, 1, tzinfo=UTC),
            url="https://app.hubspot.com/contacts/5150001/record/0-1/102",
        )
    )


def test_links_that_are_no_list_are_left_out() -> None:
    for held in (None, True, "503", {"503": 1}):
        record = {"id": "1", "companies": held, "properties": {"associatedcompanyid": "502"}}
        assert read("contacts", record) == Reading(entity=Contact(id="1", company_ids=("502",)))


def test_a_company() -> None:
    assert read("companies", recorded("companies")[0]) == Reading(
        entity=Company(
            id="501",
            created_at=datetime(2025, 1, 10, 8, 0, tzinfo=UTC),
            changed_at=datetime(2025, 3, 1, 10, 0, tzinfo=UTC),
            url="https://app.hubspot.com/contacts/5150001/record/0-2/501",
            name="Acme",
            domains=("acme.com.br", "acme.example"),
            website="https://www.acme.com.br",
            phones=(Phone(number="11 3456-7890", label="phone"),),
            industry="INFORMATION_TECHNOLOGY_AND_SERVICES",
            employee_count=120,
            annual_revenue=Money(amount=Decimal("2500000.50"), currency="BRL"),
            city="São Paulo",
            country="Brazil",
            owner_id="7001",
            asserted_stage="customer",
            source="REFERRALS",
        )
    )


def test_the_latest_source_stands_for_the_first_only_where_that_is_not_known() -> None:
    record = recorded("contacts")[0]
    record["properties"]["hs_analytics_source"] = None
    found = read("contacts", record).entity
    assert isinstance(found, Contact)
    assert found.source == "EMAIL_MARKETING"


def test_a_deal_that_was_won() -> None:
    record = {**recorded("deals")[0], "contacts": ["101"], "companies": ["502", "501"]}
    assert read("deals", record) == Reading(
        entity=Deal(
            id="901",
            created_at=datetime(2025, 2, 10, 12, 0, tzinfo=UTC),
            changed_at=datetime(2025, 3, 5, 18, 31, tzinfo=UTC),
            url="https://app.hubspot.com/contacts/5150001/record/0-3/901",
            name="Deal 901",
            status=DealStatus.WON,
            pipeline_id="default",
            stage_id="closedwon",
            amount=Money(amount=Decimal("12000.00"), currency="BRL"),
            probability=Decimal(1),
            kind=DealKind.NEW_BUSINESS,
            opened_at=datetime(2025, 2, 10, 12, 0, tzinfo=UTC),
            closed_at=datetime(2025, 3, 5, 18, 30, tzinfo=UTC),
            won_at=datetime(2025, 3, 5, 18, 30, tzinfo=UTC),
            contact_ids=("101",),
            company_ids=("502", "501"),
            owner_id="7001",
        )
    )


def test_a_deal_under_way_has_a_close_date_that_is_only_expected() -> None:
    assert read("deals", recorded("deals")[1]) == Reading(
        entity=Deal(
            id="902",
            created_at=datetime(2025, 2, 10, 12, 0, tzinfo=UTC),
            changed_at=datetime(2025, 3, 5, 18, 31, tzinfo=UTC),
            url="https://app.hubspot.com/contacts/5150001/record/0-3/902",
            name="Deal 902",
            status=DealStatus.OPEN,
            pipeline_id="default",
            stage_id="presentationscheduled",
            probability=Decimal("0.6"),
            opened_at=datetime(2025, 2, 10, 12, 0, tzinfo=UTC),
            expected_close_on="2025-06-30",
            owner_id="7001",
        )
    )


def test_a_deal_that_was_lost_says_when_and_why() -> None:
    found = deal(dealstage="closedlost", closed_lost_reason="Preço").entity
    assert isinstance(found, Deal)
    assert (found.lost_at, found.won_at, found.lost_reason) == (datetime(2025, 3, 5, 18, 30, tzinfo=UTC), None, "Preço")


def test_existing_business_may_be_an_expansion_or_a_renewal_and_is_asked_about() -> None:
    reading = deal(dealtype="existingbusiness")
    assert isinstance(reading.entity, Deal)
    assert reading.entity.kind is DealKind.UNKNOWN
    assert reading.unknown == (Unknown(path="properties.dealtype", raw="existingbusiness"),)


@pytest.mark.parametrize("stage", ["1300552", "invented"])
def test_a_stage_that_nobody_decided_is_unknown_and_asked_about(stage: str) -> None:
    reading = deal(dealstage=stage)
    assert isinstance(reading.entity, Deal)
    assert reading.entity.status is DealStatus.UNKNOWN
    assert (reading.entity.closed_at, reading.entity.expected_close_on) == (None, "2025-03-05")
    assert reading.unknown == (Unknown(path="properties.dealstage", raw=stage),)


def test_what_a_person_decided_about_a_stage_holds_for_the_close_date_too() -> None:
    record = recorded("deals")[0]
    record["properties"]["dealstage"] = "1300552"
    reading = read("deals", record, Terms(choices={"properties.dealstage": {"1300552": "lost"}}))
    assert isinstance(reading.entity, Deal)
    assert (reading.entity.status, reading.entity.closed_at) == (DealStatus.LOST, datetime(2025, 3, 5, 18, 30, tzinfo=UTC))


def test_an_amount_without_a_currency_has_the_one_that_the_admin_told_or_none() -> None:
    record = recorded("deals")[0]
    record["properties"]["deal_currency_code"] = None
    told, untold = read("deals", record).entity, read("deals", record, Terms()).entity
    assert isinstance(told, Deal)
    assert isinstance(untold, Deal)
    assert (told.amount, untold.amount) == (
        Money(amount=Decimal("12000.00"), currency="BRL"),
        Money(amount=Decimal("12000.00"), currency=None),
    )


def test_an_amount_that_is_none_is_left_out_and_counted() -> None:
    reading = deal(amount="twelve")
    assert isinstance(reading.entity, Deal)
    assert reading.entity.amount is None
    assert reading.unknown == (Unknown(path="properties.amount", raw=None, why="not a number"),)


def test_a_ticket() -> None:
    record = {**recorded("tickets")[0], "contacts": ["101"], "companies": []}
    assert read("tickets", record) == Reading(
        entity=Ticket(
            id="801",
            created_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
            changed_at=datetime(2025, 3, 21, 9, 0, tzinfo=UTC),
            url="https://app.hubspot.com/contacts/5150001/record/0-5/801",
            subject="Nota fiscal não chegou",
            status=TicketStatus.CLOSED,
            priority=TicketPriority.NORMAL,
            category="BILLING_ISSUE",
            channel="EMAIL",
            opened_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
            first_reply_at=datetime(2025, 3, 20, 11, 30, tzinfo=UTC),
            solved_at=datetime(2025, 3, 21, 9, 0, tzinfo=UTC),
            requester_ids=("101",),
            assignee_id="7001",
        )
    )


def test_a_priority_that_no_table_lists_is_unknown_and_asked_about() -> None:
    record = recorded("tickets")[0]
    record["properties"]["hs_ticket_priority"] = "BLOCKER"
    reading = read("tickets", record)
    assert isinstance(reading.entity, Ticket)
    assert reading.entity.priority is TicketPriority.UNKNOWN
    assert reading.unknown == (Unknown(path="properties.hs_ticket_priority", raw="BLOCKER"),)


def test_owners_with_those_who_left() -> None:
    there, left = recorded("owners")[0], recorded("owners_archived")[0]
    assert read("owners", there).entity == Owner(
        id="7001",
        created_at=datetime(2024, 1, 15, 9, 0, tzinfo=UTC),
        changed_at=datetime(2024, 6, 1, 9, 0, tzinfo=UTC),
        name="Bia Ramos",
        email="bia.ramos@seller.example",
        active=True,
    )
    gone = read("owners", left).entity
    assert isinstance(gone, Owner)
    assert (gone.name, gone.active) == ("Caio", False)


def test_numbers_are_read_as_well_as_their_texts() -> None:
    company = read("companies", {"id": 501, "properties": {"numberofemployees": 120, "annualrevenue": 10.5}}).entity
    assert isinstance(company, Company)
    assert (company.id, company.employee_count, company.annual_revenue) == (
        "501",
        120,
        Money(amount=Decimal("10.5"), currency="BRL"),
    )
