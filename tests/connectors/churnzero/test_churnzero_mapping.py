"""What ChurnZero's recorded records are read as (README.md beside this file); the expected values are written by hand."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.churnzero import CONNECTOR
from hub import model
from hub.spec import Mapping, Reading, Record, Terms, Unknown, accounted
from mappings.churnzero import MAPPINGS
from tests.connectors.anything import disturbed, read_or_kept_aside, unhurried

ANSWERS = {"direction": "a healthy customer", "onboarding": "Kick-off, onboarding", "crm": "salesforce"}
TERMS = Terms(answers=ANSWERS, pipelines={"3": {"completed": "won"}, "4": {"completed": "open"}})
MADE, CHANGED = datetime(2024, 1, 1, 12, tzinfo=UTC), datetime(2025, 1, 1, 12, tzinfo=UTC)
each_mapping = pytest.mark.parametrize("found", MAPPINGS, ids=lambda found: found.type.TYPE)


def listed(stream: str) -> list[Record]:
    """The recorded records, with what the connector looks up for each."""
    folder = Path(__file__).parent
    found: list[Record] = json.loads((folder / f"{stream}.json").read_bytes())["value"]
    for lookup in CONNECTOR.stream(stream).also:
        looked_up = lookup.read(json.loads((folder / "progress.json").read_bytes()))
        found = [{**each, lookup.into: looked_up.get(str(each["Id"]))} for each in found]
    return found


def reading(stream: str, record: Record, terms: Terms = TERMS) -> Reading:
    (found,) = (mapping for mapping in MAPPINGS if mapping.stream == stream)
    return found.read(record, terms)


def read(stream: str, record: Record, terms: Terms = TERMS) -> Any:
    found = reading(stream, record, terms)
    assert found.unknown == ()
    return found.entity


def test_an_account() -> None:
    score = model.ExternalScore(
        name="ChurnScore", value=Decimal("82.5"), minimum=Decimal(0), maximum=Decimal(100), higher_is_better=True
    )
    assert read("accounts", listed("accounts")[0]) == model.Company(
        id="4101",
        name="Açaí Norte",
        city="Recife",
        country="BR",
        csm_id="31",
        renewal_date="2026-01-01",
        onboarded_at=datetime(2024, 3, 15, 16, 30, tzinfo=UTC),
        asserted_stage="Active",
        tags=("Gold", "Pilot"),
        scores=(score,),
        external_ids=("salesforce:company:90001",),
        custom={
            "Website": "https://norte.example",
            "Seats": 40,
            "ExternalId": "norte",
            "TotalContractAmount": 12000.5,
            "StartDate": "2024-01-01T00:00:00Z",
            "LicenseCount": 25,
            "UsageFrequency": "Weekly",
        },
        created_at=MADE,
        changed_at=datetime(2025, 1, 1, 12, 0, 0, 253000, tzinfo=UTC),
    )


def test_an_account_of_which_little_is_said() -> None:
    made = datetime(2024, 2, 1, 12, tzinfo=UTC)
    assert read("accounts", listed("accounts")[1]) == model.Company(
        id="4102", name="Banco Sul", asserted_stage="Inactive", parent_company_id="4101", created_at=made, changed_at=made
    )


@pytest.mark.parametrize(("said", "better"), [("a healthy customer", True), ("a customer in danger", False), (None, None)])
def test_the_score_points_where_the_admin_said(said: str | None, better: object) -> None:
    terms = Terms(answers={"direction": said} if said else {})
    (score,) = read("accounts", listed("accounts")[0], terms).scores
    assert score.higher_is_better is better


@pytest.mark.parametrize(
    ("journeys", "onboarded"),
    [
        ([], None),
        ([{"JourneyId": 4, "IsCompleted": True, "EndDate": "2024-02-20T10:00:00Z"}], None),
        ([{"JourneyId": 3, "IsCompleted": False, "EndDate": "2024-02-20T10:00:00Z"}], None),
        ([{"JourneyId": 3, "IsCompleted": True, "EndDate": None}], None),
        (
            [
                {"JourneyId": "3", "IsCompleted": "true", "EndDate": "2024-05-01T00:00:00Z"},
                {"JourneyId": 3, "IsCompleted": True, "EndDate": "2024-04-01T00:00:00Z"},
            ],
            datetime(2024, 4, 1, tzinfo=UTC),
        ),
    ],
)
def test_only_the_first_onboarding_journey_that_was_completed_ends_onboarding(
    journeys: list[Record], onboarded: datetime | None
) -> None:
    assert read("accounts", {**listed("accounts")[0], "journeys": journeys}).onboarded_at == onboarded


def test_ids_of_a_crm_that_nobody_named_say_nothing() -> None:
    terms = Terms(answers={"direction": "a healthy customer"})
    assert read("accounts", listed("accounts")[0], terms).external_ids == ()
    assert read("contacts", listed("contacts")[0], terms).external_ids == ()


def test_a_contact() -> None:
    assert read("contacts", listed("contacts")[0]) == model.Contact(
        id="5201",
        full_name="Ana Souza",
        given_name="Ana",
        family_name="Souza",
        emails=(model.Email(address="ana@norte.example", primary=True),),
        company_ids=("4101",),
        tags=("Champion",),
        external_ids=("salesforce:contact:70001",),
        custom={"Role": "CFO", "ExternalId": "u-1", "MarketingEmailUnsubscribed": True},
        created_at=datetime(2024, 1, 2, 12, tzinfo=UTC),
        changed_at=CHANGED,
    )


def test_a_contact_of_whom_little_is_said() -> None:
    assert read("contacts", listed("contacts")[1]) == model.Contact(
        id="5202",
        full_name="Bruno Lima",
        given_name="Bruno",
        family_name="Lima",
        changed_at=datetime(2024, 1, 2, 12, tzinfo=UTC),
    )


def test_a_journey_ends_onboarding_where_the_admin_named_it() -> None:
    onboarding, renewal = (read("journeys", each) for each in listed("journeys"))
    assert (onboarding.kind, renewal.kind) == (model.PipelineKind.ONBOARDING, model.PipelineKind.UNKNOWN)
    assert onboarding.stages == (model.PipelineStage(id="completed", name="Completed", category="won"),)
    assert renewal.stages == (model.PipelineStage(id="completed", name="Completed", category="open"),)
    assert (onboarding.id, onboarding.name) == ("3", "Onboarding")


@pytest.mark.parametrize("answers", [{}, {"onboarding": ""}, {"onboarding": " , "}])
def test_without_a_name_no_journey_ends_onboarding(answers: dict[str, str]) -> None:
    for record in (*listed("journeys"), {"Id": 5, "Name": ""}, {"Id": 6}):
        assert read("journeys", record, Terms(answers=answers)).stages[0].category == "open"


def test_the_progress_in_a_journey() -> None:
    assert read("progress", listed("progress")[0]) == model.Activity(
        id="6301",
        kind=model.ActivityKind.TASK,
        direction=model.Direction.NONE,
        subject="3",
        occurred_at=datetime(2024, 1, 10, 9, tzinfo=UTC),
        company_ids=("4101",),
        custom={
            "JourneyId": 3,
            "Status": "Completed",
            "IsCompleted": True,
            "IsFailed": False,
            "EndDate": "2024-03-15T16:30:00Z",
        },
        created_at=datetime(2024, 1, 10, 9, 0, 1, tzinfo=UTC),
        changed_at=datetime(2024, 3, 15, 16, 30, 1, tzinfo=UTC),
    )


def test_an_answer_to_nps() -> None:
    assert read("answers", listed("answers")[0]) == model.SurveyResponse(
        id="7401",
        kind=model.SurveyKind.NPS,
        score=Decimal(9),
        scale_min=Decimal(0),
        scale_max=Decimal(10),
        comment="Very helpful",
        respondent_id="5201",
        company_id="4101",
        survey_id="12",
        answers={"Source": "Email"},
        responded_at=CHANGED,
        created_at=datetime(2024, 12, 20, 8, tzinfo=UTC),
        changed_at=datetime(2025, 1, 1, 12, 0, 1, tzinfo=UTC),
    )


def test_what_a_survey_measures_is_asked_once_where_its_name_does_not_say() -> None:
    found = reading("answers", listed("answers")[1])
    assert found.unknown == (Unknown(path="SurveyName", raw="After the training"),)
    assert isinstance(found.entity, model.SurveyResponse)
    assert (found.entity.kind, found.entity.scale_max) == (model.SurveyKind.UNKNOWN, None)
    decided = Terms(choices={"SurveyName": {"After the training": "nps"}})
    assert read("answers", listed("answers")[1], decided).scale_max == Decimal(10)


def test_a_survey_without_a_name_is_asked_about_by_its_id_and_its_kind_goes_first() -> None:
    nameless = {**listed("answers")[1], "SurveyName": None}
    assert reading("answers", nameless).unknown == (Unknown(path="SurveyId", raw="13"),)
    assert read("answers", {**listed("answers")[1], "SurveyType": "csat"}).kind is model.SurveyKind.CSAT


def test_an_answer_of_which_no_moment_is_told_was_given_when_it_was_made_and_without_a_score_not_at_all() -> None:
    without, sent = {**listed("answers")[0], "ResponseDate": None}, {**listed("answers")[0], "Score": None}
    assert read("answers", without).responded_at == datetime(2024, 12, 20, 8, tzinfo=UTC)
    assert read("answers", sent).responded_at is None


def test_an_event_is_use_on_its_day() -> None:
    used, imported = (read("events", each) for each in listed("events"))
    assert used == model.UsageDaily(
        id="8501",
        contact_id="5201",
        company_id="4101",
        date="2025-01-02",
        event_key="Login",
        count=3,
        custom={"AccountExternalId": "norte", "ContactExternalId": "u-1"},
    )
    assert (imported.contact_id, imported.count, imported.event_key) == (None, 1, "Import")
    assert read("events", {**listed("events")[0], "Quantity": 0}).count == 0


def test_owners() -> None:
    carla, davi = (read("owners", each) for each in listed("owners"))
    assert carla == model.Owner(id="31", name="Carla Dias", email="carla@acme.example", active=True)
    assert davi == model.Owner(id="32", name="Davi", email="davi@acme.example", active=False)


@each_mapping
@unhurried
@given(data=st.data())
def test_any_record_is_read_or_kept_aside(found: Mapping, data: st.DataObject) -> None:
    read_or_kept_aside(found, data.draw(disturbed(listed(found.stream)[0])), TERMS)


@each_mapping
def test_a_record_that_says_nothing_but_its_id_is_read(found: Mapping) -> None:
    said = found.read({"Id": 5}, Terms())
    assert (said.entity.id, said.unknown) == ("5", ())


@pytest.mark.parametrize("stream", sorted({found.stream for found in MAPPINGS}))
def test_every_field_of_a_record_is_read_or_knowingly_left(stream: str) -> None:
    known = accounted([found for found in MAPPINGS if found.stream == stream])
    assert [known.unread(record) for record in listed(stream)] == [set() for _ in listed(stream)]
