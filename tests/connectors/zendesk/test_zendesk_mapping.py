"""What Zendesk's records mean; every expected value was written by hand."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hub.model import (
    Company,
    Contact,
    Email,
    Entity,
    Owner,
    Phone,
    SurveyKind,
    SurveyResponse,
    Ticket,
    TicketPriority,
    TicketStatus,
)
from hub.spec import Mapping, Reading, Terms, Unknown
from mappings.zendesk import MAPPINGS


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())[name]


def mapping(kind: type[Entity]) -> Mapping:
    (found,) = (mapping for mapping in MAPPINGS if mapping.type is kind)
    return found


def read(kind: type[Entity], record: dict[str, Any], terms: Terms | None = None) -> Reading:
    return mapping(kind).read(record, terms or Terms())


def test_a_person_who_asks() -> None:
    assert read(Contact, recorded("users")[0]) == Reading(
        entity=Contact(
            id="9001",
            created_at=datetime(2025, 3, 20, 9, 58, tzinfo=UTC),
            changed_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
            url="https://acme.zendesk.com/agent/users/9001",
            custom={"plan": "gold", "seats": None},
            full_name="Ana Souza",
            emails=(Email(address="ana@gmail.example", primary=True),),
            phones=(Phone(number="+55 11 91234-5678", label="shared", primary=True),),
            language="pt-BR",
            time_zone="America/Sao_Paulo",
            company_ids=("601",),
            tags=("vip",),
            external_ids=("hubspot:contact:101",),
        )
    )


def test_a_person_of_whom_only_the_name_is_known() -> None:
    assert read(Contact, recorded("users")[2]) == Reading(
        entity=Contact(
            id="9002",
            created_at=datetime(2025, 3, 20, 9, 58, tzinfo=UTC),
            url="https://acme.zendesk.com/agent/users/9002",
            full_name="Sem Nada",
        )
    )


def test_an_agent_is_an_owner_and_a_person_who_asks_is_a_contact() -> None:
    asks, answers = recorded("users")[:2]
    assert [mapping(kind).applies(asks) for kind in (Contact, Owner)] == [True, False]
    assert [mapping(kind).applies(answers) for kind in (Contact, Owner)] == [False, True]
    assert [mapping(kind).applies({**answers, "role": "admin"}) for kind in (Contact, Owner)] == [False, True]
    assert [mapping(kind).applies({"id": 1}) for kind in (Contact, Owner)] == [True, False]


def test_an_agent() -> None:
    assert read(Owner, recorded("users")[1]) == Reading(
        entity=Owner(
            id="9100",
            created_at=datetime(2025, 3, 20, 9, 58, tzinfo=UTC),
            changed_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
            url="https://acme.zendesk.com/agent/users/9100",
            name="Davi Reis",
            email="davi@acme.example",
            active=True,
        )
    )


def test_an_address_is_unverified_for_certain_only_where_none_of_the_persons_is() -> None:
    for said, verified in ((True, None), (False, False), (None, None)):
        contact = read(Contact, {"id": 1, "email": "a@b.example", "verified": said}).entity
        assert isinstance(contact, Contact)
        assert contact.emails == (Email(address="a@b.example", primary=True, verified=verified),)


@pytest.mark.parametrize(
    ("said", "references"),
    [
        ("hubspot:101", ("hubspot:contact:101",)),
        ("HubSpot:101", ("hubspot:contact:101",)),
        ("hubspot:contact:101", ("hubspot:contact:101",)),
        ("hubspot:lead:7", ("hubspot:lead:7",)),
        ("101", ()),
        ("customer 7: gold", ()),
        ("https://crm.example/101", ()),
        (101, ()),
        ("", ()),
        (None, ()),
    ],
)
def test_an_external_id_is_a_reference_where_it_names_a_system(said: Any, references: tuple[str, ...]) -> None:
    contact = read(Contact, {"id": 1, "external_id": said}).entity
    assert isinstance(contact, Contact)
    assert contact.external_ids == references


def test_an_organization() -> None:
    assert read(Company, recorded("organizations")[0]) == Reading(
        entity=Company(
            id="601",
            created_at=datetime(2025, 1, 12, 8, 0, tzinfo=UTC),
            changed_at=datetime(2025, 2, 1, 8, 0, tzinfo=UTC),
            url="https://acme.zendesk.com/agent/organizations/601",
            custom={"tier": "gold"},
            name="Açaí & Cia Ltda",
            domains=("acai.example", "acaicia.example"),
            tags=("premium",),
            external_ids=("hubspot:company:501",),
        )
    )


def test_a_ticket() -> None:
    assert read(Ticket, recorded("tickets")[0]) == Reading(
        entity=Ticket(
            id="1",
            created_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
            changed_at=datetime(2025, 3, 22, 10, 5, tzinfo=UTC),
            url="https://acme.zendesk.com/agent/tickets/1",
            custom={"4711": "premium"},
            subject="Não consigo entrar",
            status=TicketStatus.ON_HOLD,
            priority=TicketPriority.HIGH,
            category="problem",
            channel="email",
            opened_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
            first_reply_at=datetime(2025, 3, 20, 11, 35, tzinfo=UTC),
            solved_at=datetime(2025, 3, 21, 16, 0, tzinfo=UTC),
            requester_ids=("9001",),
            company_ids=("601",),
            assignee_id="9100",
            tags=("login", "vip"),
            reopened_count=1,
        )
    )


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("new", TicketStatus.NEW),
        ("open", TicketStatus.OPEN),
        ("pending", TicketStatus.PENDING),
        ("hold", TicketStatus.ON_HOLD),
        ("solved", TicketStatus.SOLVED),
        ("closed", TicketStatus.CLOSED),
        ("OPEN", TicketStatus.OPEN),
        (None, None),
    ],
)
def test_each_status(said: str | None, status: TicketStatus | None) -> None:
    reading = read(Ticket, {"id": 1, "status": said})
    assert reading == Reading(entity=Ticket(id="1", status=status))


def test_a_status_that_no_table_lists_is_unknown_and_asked_about_until_decided() -> None:
    record = {"id": 1, "status": "snoozed"}
    assert read(Ticket, record) == Reading(
        entity=Ticket(id="1", status=TicketStatus.UNKNOWN), unknown=(Unknown(path="status", raw="snoozed"),)
    )
    decided = Terms(choices={"status": {"snoozed": "pending"}})
    assert read(Ticket, record, decided) == Reading(entity=Ticket(id="1", status=TicketStatus.PENDING))


def test_a_first_reply_beyond_all_time_is_left_out_and_counted() -> None:
    record = {
        "id": 1,
        "created_at": "2025-03-20T10:00:00Z",
        "metric_set": {"reply_time_in_minutes": {"calendar": 10**15}},
    }
    reading = read(Ticket, record)
    assert isinstance(reading.entity, Ticket)
    assert reading.entity.first_reply_at is None
    assert reading.unknown == (Unknown(path="created_at", raw=None, why="not a moment in time"),)


def test_a_rating() -> None:
    assert read(SurveyResponse, recorded("satisfaction_ratings")[0]) == Reading(
        entity=SurveyResponse(
            id="301",
            asked_at=datetime(2025, 3, 21, 9, 30, tzinfo=UTC),
            changed_at=datetime(2025, 3, 22, 10, 0, tzinfo=UTC),
            kind=SurveyKind.CSAT,
            score=Decimal(1),
            scale_min=Decimal(0),
            scale_max=Decimal(1),
            label="good",
            comment="Rápido!",
            respondent_id="9001",
            ticket_id="1",
            responded_at=datetime(2025, 3, 22, 10, 0, tzinfo=UTC),
        )
    )


def test_a_bad_rating_is_the_low_end_of_the_scale() -> None:
    rating = read(SurveyResponse, recorded("satisfaction_ratings")[1]).entity
    assert isinstance(rating, SurveyResponse)
    assert (rating.score, rating.label, rating.comment) == (Decimal(0), "bad", None)


def test_a_rating_of_another_kind_has_no_score_and_is_asked_about() -> None:
    reading = read(SurveyResponse, {"id": 1, "score": "superb"})
    assert isinstance(reading.entity, SurveyResponse)
    assert (reading.entity.score, reading.entity.label) == (None, "superb")
    assert reading.unknown == (Unknown(path="score", raw="superb"),)


def test_a_rating_that_was_only_asked_for_has_no_answer_yet() -> None:
    assert read(SurveyResponse, recorded("satisfaction_ratings")[2]) == Reading(
        entity=SurveyResponse(
            id="303",
            asked_at=datetime(2025, 3, 24, 10, 0, tzinfo=UTC),
            changed_at=datetime(2025, 3, 24, 10, 0, tzinfo=UTC),
            kind=SurveyKind.CSAT,
            scale_min=Decimal(0),
            scale_max=Decimal(1),
            respondent_id="9003",
            ticket_id="4",
        )
    )


def test_nobody_was_asked_for_a_rating_that_was_not_offered() -> None:
    scores = ("offered", "unoffered", "good", "bad")
    assert [mapping(SurveyResponse).applies({"id": 1, "score": score}) for score in scores] == [True, False, True, True]
