"""What HubSpot's contacts say of themselves as leads; every expected value was written by hand."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hub.model import Contact, Lead, LeadStatus, LeadStep
from hub.spec import Reading, Terms, Unknown
from mappings.hubspot import MAPPINGS

(LEADS,) = (mapping for mapping in MAPPINGS if mapping.type is Lead)
(CONTACTS,) = (mapping for mapping in MAPPINGS if mapping.type is Contact)


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())["results"]


def lead(record: dict[str, Any], terms: Terms | None = None) -> Reading:
    return LEADS.read(record, terms or Terms())


def test_a_contact_that_was_a_lead_before_it_became_a_customer() -> None:
    assert lead(recorded("contacts")[0]) == Reading(
        entity=Lead(
            id="101",
            contact_id="101",
            company_id="502",
            changed_at=datetime(2025, 3, 5, 18, 30, 0, 250_000, tzinfo=UTC),
            url="https://app.hubspot.com/contacts/5150001/record/0-1/101",
            status=LeadStatus.WORKING,
            raw_status="CONNECTED",
            level="sales",
            source="ORGANIC_SEARCH",
            captured_at=datetime(2025, 2, 3, 13, 0, tzinfo=UTC),
            history=(
                LeadStep(status=LeadStatus.QUALIFIED, at=datetime(2025, 2, 10, 9, 30, tzinfo=UTC), level="marketing"),
                LeadStep(status=LeadStatus.QUALIFIED, at=datetime(2025, 2, 20, 15, 0, tzinfo=UTC), level="sales"),
            ),
        )
    )


def test_a_contact_in_no_stage_and_one_that_fits_in_none_are_no_leads() -> None:
    applies = LEADS.applies
    assert [applies(record) for record in recorded("contacts")] == [True, False]
    stages = {record["properties"]["lifecyclestage"]: applies(record) for record in recorded("leads")}
    assert [stage for stage, is_lead in stages.items() if not is_lead] == ["other"]


@pytest.mark.parametrize(
    ("key", "status", "captured_at", "level"),
    [
        ("111", LeadStatus.NEW, datetime(2025, 3, 1, 10, 0, 0, 500_000, tzinfo=UTC), None),
        ("112", LeadStatus.QUALIFIED, datetime(2025, 3, 2, 10, 0, tzinfo=UTC), "marketing"),
        ("113", LeadStatus.NEW, datetime(2025, 3, 3, 10, 0, tzinfo=UTC), None),
        ("114", None, None, None),
        ("115", None, datetime(2025, 3, 5, 12, 0, tzinfo=UTC), None),
        ("116", None, None, None),
        ("117", LeadStatus.UNQUALIFIED, datetime(2025, 3, 7, 10, 0, tzinfo=UTC), None),
    ],
)
def test_how_far_a_lead_is(key: str, status: LeadStatus | None, captured_at: datetime | None, level: str | None) -> None:
    (record,) = (each for each in recorded("leads") if each["id"] == key)
    found = lead(record).entity
    assert isinstance(found, Lead)
    assert (found.status, found.captured_at, found.level) == (status, captured_at, level)


@pytest.mark.parametrize("said", ["OPEN_DEAL", "Ligar em junho"])
def test_a_status_of_a_lead_that_may_mean_several_things_is_asked_about(said: str) -> None:
    record = recorded("leads")[0]
    record["properties"]["hs_lead_status"] = said
    reading = lead(record)
    assert isinstance(reading.entity, Lead)
    assert (reading.entity.status, reading.entity.raw_status) == (LeadStatus.UNKNOWN, said)
    assert reading.unknown == (Unknown(path="properties.hs_lead_status", raw=said),)
    decided = lead(record, Terms(choices={"properties.hs_lead_status": {said: "working"}})).entity
    assert isinstance(decided, Lead)
    assert decided.status is LeadStatus.WORKING


def test_a_stage_of_the_accounts_own_stays_as_it_is_and_only_an_evangelist_is_one() -> None:
    contacts = {record["id"]: CONTACTS.read(record, Terms()).entity for record in recorded("leads")}
    own, fan = contacts["115"], contacts["116"]
    assert isinstance(own, Contact)
    assert isinstance(fan, Contact)
    assert (own.asserted_stage, own.evangelist) == ("1300777", None)
    assert (fan.asserted_stage, fan.evangelist) == ("evangelist", True)
