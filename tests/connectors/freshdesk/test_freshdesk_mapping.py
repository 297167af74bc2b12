"""What Freshdesk's recorded records are read as (README.md beside this file); the expected values are written by hand."""

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
from mappings.freshdesk import MAPPINGS
from tests.connectors.anything import disturbed, read_or_kept_aside, unhurried

ANA, BRUNO, CARLA, NORTE = "501001204038", "501001204047", "501001202520", "67000893975"
TERMS = Terms(answers={"subdomain": "acme"}, choices={"status": {"7": "on_hold"}})
each_mapping = pytest.mark.parametrize("found", MAPPINGS, ids=lambda found: found.stream)


def listed(file: str) -> list[Record]:
    found: list[Record] = json.loads((Path(__file__).parent / f"{file}.json").read_bytes())
    return found


def mapping(kind: type[model.Entity]) -> Mapping:
    (found,) = (mapping for mapping in MAPPINGS if mapping.type is kind)
    return found


def read(kind: type[model.Entity], record: Record, *unknown: Unknown) -> Any:
    reading = mapping(kind).read(record, TERMS)
    assert reading.unknown == unknown
    return reading.entity


def test_a_contact() -> None:
    assert read(model.Contact, listed("contacts")[0]) == model.Contact(
        id=ANA,
        full_name="Ana Souza",
        given_name="Ana",
        family_name="Souza",
        emails=(model.Email(address="ana@norte.example", primary=True), model.Email(address="ana@casa.example")),
        phones=(
            model.Phone(number="+55 81 3333-4444", label="work"),
            model.Phone(number="+55 81 91234-5678", label="mobile"),
            model.Phone(number="+55 81 90000-0000"),
        ),
        job_title="CFO",
        language="pt-BR",
        time_zone="Brasilia",
        company_ids=(NORTE, "67000888235"),
        tags=("vip",),
        url=f"https://acme.freshdesk.com/a/contacts/{ANA}",
        custom={"plano": "Pro", "address": "Rua do Sol 12, Recife", "unique_external_id": "C-7"},
        created_at=datetime(2025, 1, 31, 12, tzinfo=UTC),
        changed_at=datetime(2025, 2, 1, 8, 30, tzinfo=UTC),
    )


def test_a_contact_of_whom_only_a_number_is_known() -> None:
    assert read(model.Contact, listed("contacts")[1]) == model.Contact(
        id=BRUNO,
        full_name="+1 212 555 0100",
        phones=(model.Phone(number="+1 212 555 0100", label="work"),),
        language="en",
        time_zone="Eastern Time (US & Canada)",
        url=f"https://acme.freshdesk.com/a/contacts/{BRUNO}",
        created_at=datetime(2025, 2, 3, 9, tzinfo=UTC),
        changed_at=datetime(2025, 2, 3, 9, tzinfo=UTC),
    )


def test_a_company_is_of_its_domains_and_not_of_its_other_words() -> None:
    assert read(model.Company, listed("companies")[0]) == model.Company(
        id=NORTE,
        name="Norte Energia",
        domains=("norte.example",),
        industry="Energy",
        tier="Premium",
        renewal_date="2026-03-31",
        scores=(
            model.ExternalScore(name="Health", value=Decimal(2), minimum=Decimal(0), maximum=Decimal(2), higher_is_better=True),
        ),
        url=f"https://acme.freshdesk.com/a/companies/{NORTE}",
        custom={"segmento": "Energia"},
        created_at=datetime(2025, 1, 10, 12, 8, 53, tzinfo=UTC),
        changed_at=datetime(2025, 1, 11, 12, 8, 53, tzinfo=UTC),
    )


@pytest.mark.parametrize(("said", "value"), [("At risk", 0), ("doing okay", 1), ("Happy", 2)])
def test_a_health_that_freshdesk_itself_has_a_word_for(said: str, value: int) -> None:
    (score,) = read(model.Company, {"id": 1, "health_score": said}).scores
    assert score.value == value


def test_a_health_in_words_of_the_accounts_own_says_nothing_and_is_counted() -> None:
    asked = Unknown(path="health_score", raw="Flying")
    assert read(model.Company, listed("companies")[1], asked).scores == ()


def test_a_ticket() -> None:
    assert read(model.Ticket, listed("tickets")[0]) == model.Ticket(
        id="21",
        subject="Invoice in two parts",
        status=model.TicketStatus.SOLVED,
        priority=model.TicketPriority.HIGH,
        category="Question",
        channel="Phone",
        opened_at=datetime(2025, 3, 1, 10, tzinfo=UTC),
        first_reply_at=datetime(2025, 3, 1, 11, tzinfo=UTC),
        solved_at=datetime(2025, 3, 2, 15, 30, tzinfo=UTC),
        requester_ids=(ANA,),
        company_ids=(NORTE,),
        assignee_id=CARLA,
        tags=("billing",),
        url="https://acme.freshdesk.com/a/tickets/21",
        custom={"cf_pedido": "A-77", "group_id": 67000259997, "product_id": 67000001416},
        created_at=datetime(2025, 3, 1, 10, tzinfo=UTC),
        changed_at=datetime(2025, 3, 2, 15, 30, tzinfo=UTC),
    )


def test_a_ticket_in_a_status_of_the_accounts_own_from_a_source_that_is_newer_than_we() -> None:
    assert read(model.Ticket, listed("tickets")[1]) == model.Ticket(
        id="22",
        subject="No answer yet",
        status=model.TicketStatus.ON_HOLD,
        priority=model.TicketPriority.LOW,
        channel="15",
        opened_at=datetime(2025, 3, 2, 16, tzinfo=UTC),
        requester_ids=(BRUNO,),
        url="https://acme.freshdesk.com/a/tickets/22",
        created_at=datetime(2025, 3, 2, 16, tzinfo=UTC),
        changed_at=datetime(2025, 3, 2, 16, tzinfo=UTC),
    )


def test_a_status_that_nobody_has_decided_about_is_a_question() -> None:
    reading = mapping(model.Ticket).read(listed("tickets")[1], Terms())
    assert isinstance(reading.entity, model.Ticket)
    assert (reading.entity.status, reading.unknown) == (model.TicketStatus.UNKNOWN, (Unknown(path="status", raw="7"),))


@pytest.mark.parametrize(("said", "status"), [(2, "open"), (3, "pending"), (4, "solved"), ("5", "closed")])
def test_the_statuses_that_every_account_has(said: object, status: str) -> None:
    assert read(model.Ticket, {"id": 1, "status": said}).status == status


@pytest.mark.parametrize(("said", "priority"), [(1, "low"), (2, "normal"), (3, "high"), ("4", "urgent")])
def test_the_priorities(said: object, priority: str) -> None:
    assert read(model.Ticket, {"id": 1, "priority": said}).priority == priority


@pytest.mark.parametrize(
    ("said", "channel"), [(1, "Email"), (2, "Portal"), (9, "Feedback Widget"), (10, "Outbound Email"), (0, "0")]
)
def test_the_sources(said: object, channel: str) -> None:
    assert read(model.Ticket, {"id": 1, "source": said}).channel == channel


def test_a_ticket_that_was_opened_again_is_not_solved() -> None:
    again: Any = json.loads((Path(__file__).parent / "ticket.json").read_bytes())
    entity = read(model.Ticket, again)
    assert (entity.status, entity.solved_at) == (model.TicketStatus.OPEN, None)


def test_a_ticket_that_was_closed_at_once_was_solved_then() -> None:
    stats = {"resolved_at": None, "closed_at": "2025-03-03T10:00:00Z"}
    assert read(model.Ticket, {"id": 1, "status": 5, "stats": stats}).solved_at == datetime(2025, 3, 3, 10, tzinfo=UTC)


def test_an_answer_to_a_survey_stands_on_steps_without_a_gap() -> None:
    assert read(model.SurveyResponse, listed("satisfaction_ratings")[0]) == model.SurveyResponse(
        id="67000499229",
        kind=model.SurveyKind.CSAT,
        score=Decimal(7),
        scale_min=Decimal(1),
        scale_max=Decimal(7),
        label="Extremely happy",
        comment="Quick and clear",
        respondent_id=ANA,
        ticket_id="21",
        survey_id="67000084490",
        answers={"default_question": 103, "question_67000084816": -102},
        responded_at=datetime(2025, 3, 3, 8, tzinfo=UTC),
        created_at=datetime(2025, 3, 3, 8, tzinfo=UTC),
        changed_at=datetime(2025, 3, 3, 8, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("said", "score", "label"),
    [
        (-103, 1, "Extremely unhappy"),
        (-102, 2, "Very unhappy"),
        (-101, 3, "Unhappy"),
        (100, 4, "Neutral"),
        (101, 5, "Happy"),
        ("102", 6, "Very happy"),
        (103, 7, "Extremely happy"),
    ],
)
def test_the_steps_of_a_rating(said: object, score: int, label: str) -> None:
    entity = read(model.SurveyResponse, {"id": 1, "ratings": {"default_question": said}})
    assert (entity.score, entity.label) == (score, label)


def test_a_rating_that_is_no_step_says_nothing_and_is_counted() -> None:
    asked = Unknown(path="ratings.default_question", raw="5")
    entity = read(model.SurveyResponse, {"id": 1, "ratings": {"default_question": 5}}, asked, asked)
    assert (entity.score, entity.label) == (None, None)


def test_an_agent() -> None:
    (agent,) = listed("agents")
    carla = model.Owner(
        id=CARLA,
        name="Carla Dias",
        email="carla@acme.example",
        active=True,
        created_at=datetime(2025, 1, 2, 9, tzinfo=UTC),
        changed_at=datetime(2025, 1, 3, 9, tzinfo=UTC),
    )
    assert read(model.Owner, agent) == carla
    assert read(model.Owner, {**agent, "deactivated": True}).active is False
    assert read(model.Owner, {**agent, "deactivated": None}).active is None


def test_the_statuses_are_known_by_what_agents_call_them() -> None:
    (field,) = listed("statuses")
    assert read(model.Pipeline, field) == model.Pipeline(
        id="67000439408",
        name="Status",
        kind=model.PipelineKind.SUPPORT,
        stages=(
            model.PipelineStage(id="2", name="Open", category="open"),
            model.PipelineStage(id="3", name="Pending", category="pending"),
            model.PipelineStage(id="4", name="Resolved", category="solved"),
            model.PipelineStage(id="5", name="Closed", category="closed"),
            model.PipelineStage(id="7", name="Waiting on Third Party", category="unknown"),
        ),
    )


@each_mapping
@unhurried
@given(data=st.data())
def test_any_record_is_read_or_kept_aside(found: Mapping, data: st.DataObject) -> None:
    read_or_kept_aside(found, data.draw(disturbed(listed(found.stream)[0])), TERMS)


@each_mapping
def test_a_record_that_says_nothing_but_its_id_is_read(found: Mapping) -> None:
    said = found.read({"id": 5}, Terms())
    assert (said.entity.id, said.unknown) == ("5", ())


@each_mapping
def test_every_field_of_a_record_is_read_or_knowingly_left(found: Mapping) -> None:
    known = accounted([found])
    assert [known.unread(record) for record in listed(found.stream)] == [set() for _ in listed(found.stream)]
