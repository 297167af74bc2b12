"""What EngageBay's recorded records are read as (README.md beside this file); the expected values are written by hand."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import model
from hub.spec import Mapping, Record, Terms, Unknown, accounted
from hub.unify.keys import keys
from mappings.engagebay import MAPPINGS
from tests.connectors.anything import disturbed, read_or_kept_aside, unhurried

DEFAULT, RENEWALS = "5697266736168961", "5697266736168962"
ANA, NORTE, CARLA = "4997280348241921", "5278755324952577", "5676618345349121"
STAGES = {DEFAULT: {"New": "open", "Won": "won", "Lost": "lost"}, RENEWALS: {"Renewed": "won", "Gone": "lost"}}
TERMS = Terms(pipelines=STAGES, answers={"currency": "brl"}, choices={"status": {"1": "open"}, "priority": {"2": "high"}})
MADE, CHANGED = datetime(2025, 1, 1, 12, tzinfo=UTC), datetime(2025, 1, 8, 12, tzinfo=UTC)
each_mapping = pytest.mark.parametrize("found", MAPPINGS, ids=lambda found: found.type.TYPE + " of " + found.stream)


def listed(file: str) -> list[Record]:
    found: list[Record] = json.loads((Path(__file__).parent / f"{file}.json").read_bytes())
    return found


def mapping(kind: type[model.Entity]) -> Mapping:
    (found,) = (mapping for mapping in MAPPINGS if mapping.type is kind)
    return found


def read(kind: type[model.Entity], record: Record) -> Any:
    reading = mapping(kind).read(record, TERMS)
    assert reading.unknown == ()
    return reading.entity


def test_a_contact() -> None:
    assert read(model.Contact, listed("subscribers")[0]) == model.Contact(
        id=ANA,
        full_name="Ana Souza",
        given_name="Ana",
        family_name="Souza",
        emails=(model.Email(address="Ana.Souza@norte.example", primary=True), model.Email(address="ana@casa.example")),
        phones=(model.Phone(number="+55 11 91234-5678", label="mobile"),),
        job_title="CFO",
        city="Recife",
        country="Brazil",
        company_ids=(NORTE,),
        owner_id=CARLA,
        tags=("VIP",),
        scores=(model.ExternalScore(name="EngageBay score", value=Decimal(5)),),
        custom={"Plano": "Pro", "status": "CONFIRMED"},
        created_at=MADE,
        changed_at=CHANGED,
    )


def test_a_contact_of_whom_little_is_said_and_that_never_changed() -> None:
    assert read(model.Contact, listed("subscribers")[1]) == model.Contact(
        id="4997280348241922",
        full_name="Bruno",
        given_name="Bruno",
        owner_id=CARLA,
        scores=(model.ExternalScore(name="EngageBay score", value=Decimal(0)),),
        custom={"status": "CONFIRMED"},
        created_at=datetime(2025, 1, 1, 12, 0, 1, tzinfo=UTC),
    )


def test_a_contact_that_was_read_by_itself_has_the_same_name() -> None:
    whole = read(model.Contact, listed("subscriber")[0])
    assert (whole.full_name, whole.given_name, whole.family_name) == ("Ana Souza", "Ana", "Souza")
    assert whole.emails == (model.Email(address="Ana.Souza@norte.example", primary=True),)


def test_the_address_of_a_contact_is_its_primary_one_wherever_the_properties_have_it() -> None:
    others = [{"name": "email", "value": said} for said in ("ana@casa.example", "ana@norte.example")]
    contact = read(model.Contact, {"id": 1, "email": "ana@norte.example", "properties": others})
    assert contact.emails == (
        model.Email(address="ana@norte.example", primary=True),
        model.Email(address="ana@casa.example"),
    )


def test_an_address_that_is_no_json_is_left_out_and_counted() -> None:
    record = {"id": 1, "properties": [{"name": "address", "value": "Rua Um, Recife"}]}
    reading = mapping(model.Contact).read(record, TERMS)
    assert isinstance(reading.entity, model.Contact)
    assert (reading.entity.city, {each.why for each in reading.unknown}) == (None, {"not an address"})


def test_a_contact_was_captured_as_a_lead_when_it_was_made() -> None:
    assert read(model.Lead, listed("subscribers")[0]) == model.Lead(
        id=ANA, contact_id=ANA, company_id=NORTE, captured_at=MADE, created_at=MADE, changed_at=CHANGED
    )


def test_a_company() -> None:
    assert read(model.Company, listed("companies")[0]) == model.Company(
        id=NORTE,
        name="Açaí Norte",
        website="https://www.norte.example/loja",
        phones=(model.Phone(number="+55 11 3456-7890", label="work"),),
        owner_id=CARLA,
        created_at=MADE,
    )


@pytest.mark.parametrize(
    ("url", "domain"), [("www.github.example", "github.example"), ("Acme.example/", "acme.example"), ("acme", None), (None, None)]
)
def test_a_company_is_recognised_by_the_domain_of_its_website(url: str | None, domain: str | None) -> None:
    found = keys(read(model.Company, {"id": 1, "url": url}), "engagebay", "engagebay-1")
    assert {key for key in found if key.startswith("domain:")} == ({f"domain:{domain}"} if domain else set())


def test_an_open_deal() -> None:
    assert read(model.Deal, listed("deals")[0]) == model.Deal(
        id="5088020441071617",
        name="Loja nova",
        status=model.DealStatus.OPEN,
        pipeline_id=DEFAULT,
        stage_id="New",
        amount=model.Money(amount=Decimal("100.5"), currency="USD"),
        probability=Decimal("0.1"),
        expected_close_on="2025-02-01",
        opened_at=MADE,
        contact_ids=(ANA,),
        company_ids=(NORTE,),
        owner_id=CARLA,
        custom={"Canal": "Loja", "unique_id": 1594305685795},
        created_at=MADE,
        changed_at=CHANGED,
    )


def test_a_deal_that_was_won_at_its_close_date() -> None:
    assert read(model.Deal, listed("deals")[1]) == model.Deal(
        id="5088020441071618",
        name="Renovação",
        status=model.DealStatus.WON,
        pipeline_id=RENEWALS,
        stage_id="Renewed",
        amount=model.Money(amount=Decimal(200), currency="BRL"),
        probability=Decimal("0.9"),
        opened_at=MADE,
        closed_at=CHANGED,
        won_at=CHANGED,
        contact_ids=(ANA,),
        owner_id=CARLA,
        created_at=MADE,
        changed_at=datetime(2025, 1, 15, 12, tzinfo=UTC),
    )


def test_a_lost_deal_whose_close_date_lies_ahead_was_lost_by_its_last_change() -> None:
    lost = read(model.Deal, {**listed("deals")[0], "milestoneLabelName": "Lost"})
    assert (lost.status, lost.lost_at, lost.closed_at, lost.won_at) == (model.DealStatus.LOST, CHANGED, CHANGED, None)
    assert lost.expected_close_on is None


def test_a_milestone_that_no_track_has_is_asked_about() -> None:
    reading = mapping(model.Deal).read({**listed("deals")[0], "milestoneLabelName": "Parked"}, TERMS)
    assert reading.unknown == (Unknown(path="milestoneLabelName", raw="Parked"),)
    assert isinstance(reading.entity, model.Deal)
    assert (reading.entity.status, reading.entity.won_at) == (model.DealStatus.UNKNOWN, None)


def test_a_track_without_marks_ends_where_all_or_no_chance_is_left() -> None:
    track = read(model.Pipeline, listed("tracks")[0])
    assert (track.id, track.name, track.kind) == (DEFAULT, "Default", model.PipelineKind.SALES)
    assert [(stage.id, stage.category) for stage in track.stages] == [
        *(("New", "open"), ("Proposal", "open"), ("Won", "won"), ("Lost", "lost")),
    ]
    assert track.stages[1].probability == Decimal("0.3")


def test_a_track_with_marks_ends_where_they_say() -> None:
    track = read(model.Pipeline, listed("tracks")[1])
    assert [(stage.id, stage.category) for stage in track.stages] == [("Asked", "open"), ("Renewed", "won"), ("Gone", "lost")]


def test_a_milestone_of_which_nothing_is_said_is_unknown() -> None:
    (stage,) = read(model.Pipeline, {"id": 1, "milestones": [{"labelName": "Foggy"}, {"labelName": ""}]}).stages
    assert stage.category == "unknown"


def test_a_ticket_as_a_person_said_what_its_numbers_mean() -> None:
    assert read(model.Ticket, listed("tickets")[0]) == model.Ticket(
        id="1",
        subject="Entrega atrasada",
        status=model.TicketStatus.OPEN,
        priority=model.TicketPriority.HIGH,
        channel="DASHBOARD",
        opened_at=MADE,
        requester_ids=(ANA,),
        tags=("entrega",),
        reopened_count=0,
        custom={"type": 3, "group_id": 6467327394578433},
        created_at=MADE,
        changed_at=datetime(2025, 1, 1, 13, tzinfo=UTC),
    )


def test_what_the_numbers_of_a_ticket_mean_is_asked() -> None:
    reading = mapping(model.Ticket).read(listed("tickets")[0], Terms())
    assert reading.unknown == (Unknown(path="status", raw="1"), Unknown(path="priority", raw="2"))
    assert isinstance(reading.entity, model.Ticket)
    assert (reading.entity.status, reading.entity.priority) == (model.TicketStatus.UNKNOWN, model.TicketPriority.UNKNOWN)


def test_a_task_is_to_be_done_whatever_it_is_about() -> None:
    assert read(model.Activity, listed("tasks")[0]) == model.Activity(
        id="4512395720392705",
        kind=model.ActivityKind.TASK,
        direction=model.Direction.NONE,
        subject="Ligar para Ana",
        occurred_at=MADE,
        owner_id=CARLA,
        contact_ids=(ANA,),
        custom={"task_milestone": "not_started", "closed_date": 1735819200},
        created_at=MADE,
    )


def test_an_owner() -> None:
    owner = read(model.Owner, listed("owners")[0])
    assert (owner.id, owner.name, owner.email) == (CARLA, "Carla", "carla@acme.example")


@each_mapping
@unhurried
@given(data=st.data())
def test_any_record_is_read_or_kept_aside(found: Mapping, data: st.DataObject) -> None:
    read_or_kept_aside(found, data.draw(disturbed(listed(found.stream)[0])), TERMS)


@each_mapping
def test_a_record_that_says_nothing_but_its_id_is_read(found: Mapping) -> None:
    said = found.read({"id": 5697266736168960}, Terms())
    assert (said.entity.id, said.unknown) == ("5697266736168960", ())


@pytest.mark.parametrize("file", ["subscribers", "subscriber", "companies", "deals", "tickets", "tasks", "tracks"])
def test_every_field_of_a_record_is_read_or_knowingly_left(file: str) -> None:
    stream = "subscribers" if file == "subscriber" else file
    known = accounted([found for found in MAPPINGS if found.stream == stream])
    assert [known.unread(record) for record in listed(file)] == [set() for _ in listed(file)]
