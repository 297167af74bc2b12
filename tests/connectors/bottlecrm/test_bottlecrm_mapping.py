"""What BottleCRM's recorded records are read as (README.md beside this file); the expected values are written by hand."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.bottlecrm import CONNECTOR
from hub.model import (
    Company,
    Contact,
    Deal,
    DealKind,
    DealStatus,
    Email,
    Entity,
    Money,
    Owner,
    Phone,
    Pipeline,
    PipelineKind,
    PipelineStage,
    Ticket,
    TicketPriority,
    TicketStatus,
)
from hub.spec import Mapping, Reading, Record, Terms, Unknown
from mappings.bottlecrm import MAPPINGS
from tests.connectors.places import answered

HORIZONTE, RITA = "5bfe2128-38e9-40df-be97-9b686d7ddfe1", "fed15b12-b7cc-4388-81f1-864baa20dd50"
RECILIA, RECO = "23a33698-00a0-48bf-bd19-cb70ea7297ed", "4155a857-21af-4520-8dd1-e64a801894e3"
PIPELINE = "fb420968-d84e-4895-be40-6604ef3aa812"
FILES = {
    "accounts": "accounts",
    "closed_accounts": "accounts",
    "contacts": "contacts",
    "deals": "opportunities",
    "tickets": "cases_show_merged",
    "pipelines": "pipelines",
}


def at(second: int, microsecond: int) -> datetime:
    return datetime(2026, 11, 22, 2, 32, second, microsecond, tzinfo=UTC)


def mapping(stream: str) -> Mapping:
    (found,) = (mapping for mapping in MAPPINGS if mapping.stream == stream)
    return found


def listed(stream: str) -> list[Record]:
    body: Any = json.loads((Path(__file__).parent / f"{FILES[stream]}.json").read_bytes())
    return answered(CONNECTOR.stream(stream), body)


def read(stream: str, number: int, **changed: Any) -> Entity:
    reading = mapping(stream).read({**listed(stream)[number], **changed}, Terms())
    assert reading.unknown == ()
    return reading.entity


def test_an_account_is_a_company() -> None:
    assert read("accounts", 1) == Company(
        id=HORIZONTE,
        name="Rec Horizonte Ltda",
        emails=(Email(address="contato@horizonte.example", primary=True),),
        phones=(Phone(number="+551133334444", primary=True),),
        website="https://horizonte.example",
        industry="SOFTWARE",
        employee_count=120,
        annual_revenue=Money(amount=Decimal("2500000.00"), currency="BRL"),
        city="São Paulo",
        country="BR",
        owner_id=RITA,
        created_at=at(40, 798399),
    )


def test_an_account_that_says_nothing_but_its_name() -> None:
    bare = Company(id="b215ceb1-b2d7-44ed-a17b-ee39f649ccc7", name="Rec Nothing Known", created_at=at(40, 865115))
    assert read("accounts", 0) == bare


def test_a_closed_account_is_a_company_that_says_so() -> None:
    assert read("closed_accounts", 0) == Company(
        id="a3641df2-9375-47c7-bc28-580d846928d0",
        name="Rec Closed Shop",
        emails=(Email(address="info@closed.example", primary=True),),
        custom={"is_active": False},
        created_at=at(40, 939097),
    )


def test_a_contact() -> None:
    assert read("contacts", 2) == Contact(
        id=RECILIA,
        full_name="Recília Souza",
        given_name="Recília",
        family_name="Souza",
        emails=(Email(address="recilia.souza@horizonte.example", primary=True),),
        phones=(Phone(number="+5511987654321", primary=True),),
        job_title="Diretora Financeira",
        department="Finance",
        city="São Paulo",
        country="BR",
        company_name="Horizonte",
        company_ids=(HORIZONTE,),
        owner_id=RITA,
        created_at=at(41, 76914),
        changed_at=at(41, 76934),
    )


def test_a_contact_that_says_nothing_but_a_name() -> None:
    bare = Contact(id=RECO, full_name="Reco Bare", given_name="Reco", family_name="Bare")
    assert read("contacts", 1, created_at=None, updated_at=None) == bare


def test_the_main_account_of_a_contact_comes_before_the_others() -> None:
    contact = read("contacts", 2, linked_accounts=[{"id": "b"}, {"id": HORIZONTE}, {"id": "a"}])
    assert isinstance(contact, Contact)
    assert contact.company_ids == (HORIZONTE, "b", "a")


def test_an_open_deal_has_a_planned_day_and_no_end() -> None:
    assert read("deals", 1) == Deal(
        id="952009bf-c4a4-43ad-8df8-f59877548774",
        name="Rec open deal",
        status=DealStatus.OPEN,
        pipeline_id=PIPELINE,
        stage_id="PROPOSAL",
        amount=Money(amount=Decimal("1500.50"), currency="BRL"),
        probability=Decimal("0.4"),
        expected_close_on="2026-12-31",
        contact_ids=(RECILIA,),
        company_ids=(HORIZONTE,),
        owner_id=RITA,
        kind=DealKind.NEW_BUSINESS,
        opened_at=at(41, 456018),
        created_at=at(41, 456018),
    )


def test_a_won_deal_ended_when_it_entered_its_stage() -> None:
    assert read("deals", 3) == Deal(
        id="0cc3e82d-d84b-4fb4-9fae-6df3d85aa8df",
        name="Rec won deal",
        status=DealStatus.WON,
        pipeline_id=PIPELINE,
        stage_id="CLOSED_WON",
        amount=Money(amount=Decimal("999.99"), currency="USD"),
        probability=Decimal("0.1"),
        expected_close_on="2026-11-20",
        opened_at=at(41, 532323),
        closed_at=at(41, 591576),
        won_at=at(41, 591576),
        contact_ids=(RECO, RECILIA),
        company_ids=(HORIZONTE,),
        created_at=at(41, 532323),
    )


def test_a_closed_deal_without_that_moment_ended_on_the_day_somebody_wrote() -> None:
    deal = read("deals", 3, stage_changed_at=None)
    assert isinstance(deal, Deal)
    assert (deal.closed_at, deal.won_at, deal.lost_at) == (
        datetime(2026, 11, 20, tzinfo=UTC),
        datetime(2026, 11, 20, tzinfo=UTC),
        None,
    )
    assert deal.days == ("closed_at", "won_at")


def test_a_lost_deal_is_not_won() -> None:
    deal = read("deals", 3, stage_kind="lost")
    assert isinstance(deal, Deal)
    assert (deal.closed_at, deal.won_at, deal.lost_at, deal.days) == (at(41, 591576), None, at(41, 591576), ())


@pytest.mark.parametrize(
    ("said", "kind"),
    [("RENEWAL", DealKind.RENEWAL), ("UPSELL", DealKind.EXPANSION), ("CROSS_SELL", DealKind.EXPANSION)],
)
def test_what_a_deal_is_for(said: str, kind: DealKind) -> None:
    deal = read("deals", 3, opportunity_type=said)
    assert isinstance(deal, Deal)
    assert deal.kind is kind


def test_existing_business_may_be_an_expansion_or_a_renewal_and_is_asked_about() -> None:
    reading = mapping("deals").read({**listed("deals")[3], "opportunity_type": "EXISTING_BUSINESS"}, Terms())
    assert isinstance(reading.entity, Deal)
    assert reading.entity.kind is DealKind.UNKNOWN
    assert reading.unknown == (Unknown(path="opportunity_type", raw="EXISTING_BUSINESS"),)


def test_a_deal_without_amount_account_or_contact() -> None:
    assert read("deals", 0) == Deal(
        id="fee66775-5907-49fa-a7f8-421c7bf2b945",
        name="Rec bare deal",
        status=DealStatus.OPEN,
        pipeline_id=PIPELINE,
        stage_id="PROSPECTING",
        probability=Decimal("0.1"),
        opened_at=at(41, 788060),
        created_at=at(41, 788060),
    )


def test_an_answered_ticket() -> None:
    assert read("tickets", 1) == Ticket(
        id="cf9ca264-3c2b-4fc7-8548-462708434f59",
        subject="Rec case assigned",
        status=TicketStatus.OPEN,
        priority=TicketPriority.HIGH,
        category="Incident",
        opened_at=at(41, 962118),
        first_reply_at=at(42, 670577),
        requester_ids=(RECILIA,),
        company_ids=(HORIZONTE,),
        assignee_id=RITA,
        created_at=at(41, 962118),
    )


def test_a_closed_ticket() -> None:
    assert read("tickets", 3) == Ticket(
        id="c1197b34-4ba7-40a3-9ce1-7bbe700f3b01",
        subject="Rec case closed",
        status=TicketStatus.CLOSED,
        priority=TicketPriority.URGENT,
        category="Problem",
        opened_at=at(42, 174287),
        solved_at=at(42, 472729),
        requester_ids=(RECILIA,),
        company_ids=(HORIZONTE,),
        created_at=at(42, 174287),
    )


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (0, TicketStatus.NEW),
        (1, TicketStatus.OPEN),
        (2, TicketStatus.PENDING),
        (4, TicketStatus.CLOSED),
        (5, TicketStatus.CLOSED),
    ],
)
def test_each_status_of_a_ticket(number: int, status: TicketStatus) -> None:
    ticket = read("tickets", number)
    assert isinstance(ticket, Ticket)
    assert ticket.status is status


def test_tags_and_custom_fields_are_kept() -> None:
    company = read("accounts", 0, custom_fields={"tier": "gold"})
    assert company.custom == {"tier": "gold"}
    ticket = read("tickets", 0, tags=[{"id": "1", "name": "vip"}, {"id": "2", "name": ""}], custom_fields={"floor": 3})
    assert isinstance(ticket, Ticket)
    assert (ticket.tags, ticket.custom) == (("vip",), {"floor": 3})


def test_a_pipeline_knows_its_stages_by_code() -> None:
    steps = (
        ("PROSPECTING", "Prospecting"),
        ("QUALIFICATION", "Qualification"),
        ("PROPOSAL", "Proposal"),
        ("NEGOTIATION", "Negotiation"),
    )
    assert read("pipelines", 0) == Pipeline(
        id=PIPELINE,
        name="Sales",
        kind=PipelineKind.SALES,
        stages=(
            *(PipelineStage(id=code, name=name, category="open") for code, name in steps),
            PipelineStage(id="CLOSED_WON", name="Closed Won", category="won"),
            PipelineStage(id="CLOSED_LOST", name="Closed Lost", category="lost"),
        ),
    )


def test_a_stage_of_a_kind_nobody_knows_is_unknown() -> None:
    pipeline = read("pipelines", 0, stages=[{"code": "LIMBO", "kind": "paused"}, {"label": "no code"}])
    assert isinstance(pipeline, Pipeline)
    assert pipeline.stages == (PipelineStage(id="LIMBO"),)


def test_an_owner_is_known_by_the_id_that_records_are_assigned_to() -> None:
    (rita,) = listed("contacts")[2]["assigned_to"]
    expected = Owner(id=RITA, name="rita", email="rita@acme.example", active=True, created_at=at(40, 719903))
    assert mapping("owners").read(rita, Terms()) == Reading(entity=expected)
