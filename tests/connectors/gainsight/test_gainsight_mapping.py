"""What Gainsight's recorded records are read as (README.md beside this file); the expected values are written by hand."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.gainsight import CONNECTOR
from hub import model
from hub.spec import Mapping, Reading, Record, Reply, Terms, Unknown, accounted
from mappings.gainsight import MAPPINGS
from tests.connectors.anything import disturbed, read_or_kept_aside, unhurried

TERMS = Terms(answers={"currency": "brl"})
NORTE, SUL = "1P02ZUWNMOPV5SZ6ZLA11111111111111111", "1P02ZUWNMOPV5SZ6ZLB22222222222222222"
ANA, BRUNO = "1P04ZUWNMOPV5SZ6ZLA11111111111111111", "1P04ZUWNMOPV5SZ6ZLB22222222222222222"
CARLA = "1P015825RVB81GPY5OA11111111111111111"
SIGNED, MADE, CHANGED = (
    datetime(2024, 1, 1, tzinfo=UTC),
    datetime(2024, 1, 1, 12, tzinfo=UTC),
    datetime(2025, 1, 1, 12, tzinfo=UTC),
)
NEW_YEAR_2025, NEW_YEAR_2026 = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
each_mapping = pytest.mark.parametrize("found", MAPPINGS, ids=lambda found: found.type.TYPE + " of " + found.stream)


def listed(stream: str) -> list[Record]:
    """The recorded records, with what the connector looks up for each."""
    folder = Path(__file__).parent
    body: Any = json.loads((folder / f"{stream}.json").read_bytes())
    found = CONNECTOR.stream(stream).found(Reply(status=200, body=body))
    assert found is not None
    for lookup in CONNECTOR.stream(stream).also:
        looked_up = lookup.read(json.loads((folder / f"{AT[lookup.into]}.json").read_bytes()))
        found = [{**each, lookup.into: looked_up.get(each["Gsid"])} for each in found]
    return found


AT = {"employed": "employed", "contracted": "relationships"}


def mapping(kind: type[model.Entity], stream: str) -> Mapping:
    (found,) = (mapping for mapping in MAPPINGS if mapping.type is kind and mapping.stream == stream)
    return found


def reading(kind: type[model.Entity], stream: str, record: Record) -> Reading:
    return mapping(kind, stream).read(record, TERMS)


def read(kind: type[model.Entity], stream: str, record: Record) -> model.Entity:
    found = reading(kind, stream, record)
    assert found.unknown == ()
    return found.entity


def test_a_company() -> None:
    health = model.ExternalScore(
        name="Gainsight health", value=Decimal(82), minimum=Decimal(0), maximum=Decimal(100), higher_is_better=True
    )
    assert read(model.Company, "companies", listed("companies")[0]) == model.Company(
        id=NORTE,
        name="Açaí Norte",
        industry="Food",
        employee_count=40,
        csm_id=CARLA,
        renewal_date="2026-01-01",
        asserted_stage="1I0054U9FAKXZ0H26HO92M3F1G5SPWVQDNF3",
        scores=(health,),
        external_ids=("salesforce:company:001A000001LgqkWIAR",),
        custom={"Status": "Active", "Arr": 12000.5},
        created_at=MADE,
        changed_at=CHANGED,
    )


def test_a_company_that_says_little() -> None:
    bare = model.Company(id=SUL, name="Banco Sul", parent_company_id=NORTE, created_at=MADE, changed_at=MADE)
    assert read(model.Company, "companies", listed("companies")[1]) == bare


def test_a_company_without_a_stage_states_its_status() -> None:
    record = {**listed("companies")[0], "Stage": ""}
    entity = read(model.Company, "companies", record)
    assert isinstance(entity, model.Company)
    assert entity.asserted_stage == "Active"


def test_a_contract_of_a_relationship() -> None:
    assert read(model.Subscription, "relationships", listed("relationships")[0]) == model.Subscription(
        id="1P05ZUWNMOPV5SZ6ZLA11111111111111111",
        plan="Norte - Analytics",
        status=model.SubscriptionStatus.ENDED,
        mrr=model.Money(amount=Decimal("1999.9"), currency="BRL"),
        started_at=SIGNED,
        current_period_end=NEW_YEAR_2025,
        days=("started_at", "current_period_end"),
        company_ids=(NORTE,),
        custom={"TypeId__gr.Name": "Product"},
        created_at=MADE,
        changed_at=CHANGED,
    )


def test_a_contract_is_told_once_and_only_where_one_was_signed() -> None:
    company, relationship = mapping(model.Subscription, "companies"), mapping(model.Subscription, "relationships")
    with_relationships, unsigned = listed("companies")
    assert not company.applies(with_relationships)
    assert company.applies({**with_relationships, "contracted": None})
    assert not company.applies({**unsigned, "contracted": None})
    assert [relationship.applies(each) for each in listed("relationships")] == [True, False]


def test_the_twelfth_part_of_as_much_as_can_be_counted_has_its_cents_too() -> None:
    (contract,) = (found for found in MAPPINGS if (found.type, found.stream) == (model.Subscription, "companies"))
    entity = contract.read({"Gsid": "1", "Arr": "1200000000000000000000000000"}, TERMS).entity
    assert isinstance(entity, model.Subscription)
    assert entity.mrr == model.Money(amount=Decimal("100000000000000000000000000.00"), currency="BRL")


def test_a_contract_of_a_company_brings_the_twelfth_part_of_a_year() -> None:
    assert read(model.Subscription, "companies", listed("companies")[0]) == model.Subscription(
        id=NORTE,
        status=model.SubscriptionStatus.ACTIVE,
        mrr=model.Money(amount=Decimal("1000.04"), currency="BRL"),
        started_at=SIGNED,
        current_period_end=NEW_YEAR_2026,
        days=("started_at", "current_period_end"),
        company_ids=(NORTE,),
        created_at=MADE,
        changed_at=CHANGED,
    )


def test_a_status_that_gainsight_gives_by_its_id_is_asked_about() -> None:
    found = reading(model.Subscription, "relationships", {**listed("relationships")[0], "Status": "1I00A"})
    assert found.unknown == (Unknown(path="Status", raw="1I00A"),)
    assert isinstance(found.entity, model.Subscription)
    assert found.entity.status is model.SubscriptionStatus.UNKNOWN


def test_a_person_with_what_they_are_at_companies() -> None:
    assert read(model.Contact, "contacts", listed("contacts")[0]) == model.Contact(
        id=ANA,
        full_name="Ana Souza",
        given_name="Ana",
        family_name="Souza",
        emails=(model.Email(address="ana@norte.example", primary=True),),
        time_zone="America/Sao_Paulo",
        company_ids=(NORTE, SUL),
        external_ids=("salesforce:contact:003A000001abcdEIAQ",),
        custom={"Location": "Recife"},
        created_at=MADE,
        changed_at=CHANGED,
    )


def test_a_person_of_whom_little_is_said() -> None:
    assert read(model.Contact, "contacts", listed("contacts")[1]) == model.Contact(
        id=BRUNO, full_name="Bruno Lima", given_name="Bruno", family_name="Lima", changed_at=MADE
    )


def test_a_membership() -> None:
    assert read(model.Membership, "memberships", listed("memberships")[0]) == model.Membership(
        id="1C01ZUWNMOPV5SZ6ZLA11111111111111111",
        contact_id=ANA,
        company_id=NORTE,
        title="CFO",
        is_primary=True,
        custom={"Role": "Champion", "Active": True},
        created_at=MADE,
        changed_at=MADE,
    )


def test_an_answer_to_nps() -> None:
    noted = datetime(2025, 1, 1, 12, 1, 40, tzinfo=UTC)
    assert read(model.SurveyResponse, "nps", listed("nps")[0]) == model.SurveyResponse(
        id="1S07ZUWNMOPV5SZ6ZLA11111111111111111",
        kind=model.SurveyKind.NPS,
        score=Decimal(9),
        scale_min=Decimal(0),
        scale_max=Decimal(10),
        comment="Very helpful",
        survey_id="1S05ZUWNMOPV5SZ6ZLA11111111111111111",
        respondent_id=ANA,
        company_id=NORTE,
        responded_at=CHANGED,
        created_at=noted,
        changed_at=noted,
    )


def test_an_entry_of_the_timeline() -> None:
    assert read(model.Activity, "timeline", listed("timeline")[0]) == model.Activity(
        id="1S06ZUWNMOPV5SZ6ZLA11111111111111111",
        kind=model.ActivityKind.MEETING,
        subject="Quarterly review",
        occurred_at=CHANGED,
        owner_id=CARLA,
        company_ids=(NORTE,),
        custom={"ContextName": "Company"},
        created_at=datetime(2025, 1, 1, 13, tzinfo=UTC),
        changed_at=datetime(2025, 1, 2, 9, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Call", model.ActivityKind.CALL),
        ("email", model.ActivityKind.EMAIL),
        ("Update", model.ActivityKind.NOTE),
        ("Milestone", model.ActivityKind.NOTE),
        ("In-Person Meeting", model.ActivityKind.MEETING),
    ],
)
def test_kinds_of_entries(said: str, kind: model.ActivityKind) -> None:
    entity = read(model.Activity, "timeline", {**listed("timeline")[0], "TypeName": said})
    assert isinstance(entity, model.Activity)
    assert entity.kind is kind


def test_a_call_to_action_is_a_task_that_was_done_when_it_was_closed() -> None:
    assert read(model.Activity, "calls_to_action", listed("calls_to_action")[0]) == model.Activity(
        id="1S01ZUWNMOPV5SZ6ZLA11111111111111111",
        kind=model.ActivityKind.TASK,
        direction=model.Direction.NONE,
        subject="Usage drops",
        occurred_at=datetime(2024, 12, 9, 16, 30, tzinfo=UTC),
        owner_id=CARLA,
        company_ids=(NORTE,),
        custom={
            "TypeId__gr.Name": "Risk",
            "ReasonId__gr.Name": "Usage Drop",
            "StatusId__gr.Name": "Closed Success",
            "PriorityId__gr.Name": "High",
            "DueDate": "2024-12-10",
            "IsClosed": True,
        },
        created_at=datetime(2024, 12, 1, 10, tzinfo=UTC),
        changed_at=datetime(2024, 12, 9, 16, 30, 0, 253000, tzinfo=UTC),
    )


def test_an_open_call_to_action_counts_from_when_it_was_made() -> None:
    entity = read(model.Activity, "calls_to_action", {**listed("calls_to_action")[0], "ClosedDate": None})
    assert isinstance(entity, model.Activity)
    assert entity.occurred_at == datetime(2024, 12, 1, 10, tzinfo=UTC)


def test_an_owner() -> None:
    assert read(model.Owner, "owners", listed("owners")[0]) == model.Owner(
        id=CARLA, name="Carla Dias", email="carla@acme.example"
    )


@each_mapping
@unhurried
@given(data=st.data())
def test_any_record_is_read_or_kept_aside(found: Mapping, data: st.DataObject) -> None:
    read_or_kept_aside(found, data.draw(disturbed(listed(found.stream)[0])), TERMS)


@each_mapping
def test_a_record_that_says_nothing_but_its_id_is_read(found: Mapping) -> None:
    said = found.read({found.id: 5}, Terms())
    assert (said.entity.id, said.unknown) == ("5", ())


@pytest.mark.parametrize("stream", sorted({found.stream for found in MAPPINGS}))
def test_every_field_of_a_record_is_read_or_knowingly_left(stream: str) -> None:
    known = accounted([found for found in MAPPINGS if found.stream == stream])
    assert [known.unread(record) for record in listed(stream)] == [set() for _ in listed(stream)]
