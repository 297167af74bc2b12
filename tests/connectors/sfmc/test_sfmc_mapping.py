"""What rows of Marketing Cloud's data extensions mean; every expected value was written by hand."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sfmc import CONNECTOR
from hub.errors import SkipRecord
from hub.model import Activity, ActivityKind, Consent, ConsentState, Contact, Direction, Email, Entity, Phone, as_json
from hub.spec import Mapping, Reading, Reply, Terms, Unknown, accounted
from mappings.sfmc import MAPPINGS
from tests.connectors.telling import tell

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
JOINED = datetime(2025, 2, 3, 13, 0, tzinfo=UTC)
each_mapping = pytest.mark.parametrize("found", MAPPINGS, ids=lambda found: found.type.TYPE + " of " + found.stream)


def row(stream: str, number: int = 0) -> dict[str, Any]:
    body = json.loads((Path(__file__).parent / f"{stream}.json").read_bytes())
    return (CONNECTOR.stream(stream).found(Reply(status=200, body=body)) or [])[number]


def read(kind: type[Entity], stream: str, record: dict[str, Any], terms: Terms | None = None) -> Reading:
    (found,) = (mapping for mapping in MAPPINGS if (mapping.type, mapping.stream) == (kind, stream))
    return found.read(record, terms or Terms())


def test_a_subscriber_of_salesforce() -> None:
    assert read(Contact, "subscribers", row("subscribers")) == Reading(
        entity=Contact(
            id="0035e00000AbCdEAAX",
            created_at=JOINED,
            custom={"tier": "gold"},
            full_name="Ana Souza",
            given_name="Ana",
            family_name="Souza",
            emails=(Email(address="ana.souza@acme.example", primary=True),),
            phones=(Phone(number="+5511912345678", label="mobile", primary=True),),
            language="pt-BR",
            external_ids=("salesforce:contact:0035e00000AbCdEAAX",),
        )
    )


def test_a_subscriber_of_whom_only_the_address_is_known() -> None:
    expected = Contact(id="carla-7", created_at=JOINED, emails=(Email(address="carla@acme.example", primary=True),))
    assert read(Contact, "subscribers", row("subscribers", 2)) == Reading(entity=expected)


@pytest.mark.parametrize(
    ("key", "references"),
    [
        ("0035e00000AbCdE", ("salesforce:contact:0035e00000AbCdE",)),
        ("00Q5e00000AbCdEAAX", ("salesforce:contact:00Q5e00000AbCdEAAX",)),
        ("0015e00000AbCdEAAX", ()),
        ("0035e00000AbCdEA", ()),
        ("ana@acme.example", ()),
        ("7", ()),
    ],
)
def test_a_key_that_is_an_id_of_salesforce_names_who_it_is_there(key: str, references: tuple[str, ...]) -> None:
    contact = read(Contact, "subscribers", {"subscriberkey": key}).entity
    assert isinstance(contact, Contact)
    assert contact.external_ids == references


def consent(**changes: Any) -> tuple[Any, Any, tuple[Unknown, ...]]:
    reading = read(Consent, "subscribers", {**row("subscribers", 1), **changes})
    assert isinstance(reading.entity, Consent)
    return reading.entity.state, reading.entity.at, reading.unknown


def test_whoever_left_has_opted_out_since_then() -> None:
    assert read(Consent, "subscribers", row("subscribers", 1)) == Reading(
        entity=Consent(
            id="bruno@acme.example",
            created_at=JOINED,
            contact_id="bruno@acme.example",
            purpose="marketing",
            channel="email",
            state=ConsentState.OPT_OUT,
            at=datetime(2025, 3, 20, 18, 30, tzinfo=UTC),
        )
    )


def test_whoever_is_active_has_opted_in_since_they_joined() -> None:
    assert consent(status="Active") == (ConsentState.OPT_IN, JOINED, ())


@pytest.mark.parametrize("status", ["Bounced", "held", "Deleted", "", None])
def test_whether_a_message_arrives_is_no_word_on_whether_it_may_be_sent(status: str | None) -> None:
    assert consent(status=status) == (None, None, ())


def test_a_status_that_no_table_lists_is_asked_about() -> None:
    assert consent(status="Paused") == (ConsentState.UNKNOWN, None, (Unknown(path="status", raw="Paused"),))
    terms = Terms(choices={"status": {"Paused": "opt_out"}})
    decided = read(Consent, "subscribers", {**row("subscribers", 1), "status": "Paused"}, terms).entity
    assert isinstance(decided, Consent)
    assert (decided.state, decided.at) == (ConsentState.OPT_OUT, datetime(2025, 3, 20, 18, 30, tzinfo=UTC))


def happened(stream: str, **more: Any) -> Reading:
    key = row(stream).get("subscriberkey") or row(stream)["contactkey"]
    return Reading(entity=Activity(id=row(stream)["id"], **{"channel": "email", "contact_ids": (key,), **more}))


@pytest.mark.parametrize(
    ("stream", "hour", "minute", "more"),
    [
        (
            "sends",
            10,
            0,
            {
                "kind": ActivityKind.EMAIL,
                "direction": Direction.OUT,
                "automatic": True,
                "subject": "News for Ana",
                "custom": {"jobid": "4001", "emailname": "Newsletter"},
            },
        ),
        (
            "opens",
            10,
            5,
            {
                "kind": ActivityKind.EMAIL_OPEN,
                "direction": Direction.IN,
                "subject": "Newsletter",
                "custom": {"jobid": "4001", "emailname": "Newsletter"},
            },
        ),
        (
            "clicks",
            10,
            6,
            {
                "kind": ActivityKind.EMAIL_CLICK,
                "direction": Direction.IN,
                "subject": "Offer",
                "custom": {"jobid": "4001", "url": "https://ciclo.example/offer", "linkname": "Offer"},
            },
        ),
        (
            "bounces",
            10,
            1,
            {
                "kind": ActivityKind.EMAIL,
                "direction": Direction.NONE,
                "automatic": True,
                "subject": "Soft bounce: Mailbox Full",
                "custom": {
                    "jobid": "4001",
                    "bouncecategory": "Soft bounce",
                    "bouncesubcategory": "Mailbox Full",
                    "smtpcode": "552",
                },
            },
        ),
        (
            "unsubscribes",
            18,
            30,
            {
                "kind": ActivityKind.EMAIL,
                "direction": Direction.NONE,
                "subject": "Unsubscribed",
                "custom": {"jobid": "4001", "emailname": "Newsletter"},
            },
        ),
    ],
)
def test_what_happened_by_email(stream: str, hour: int, minute: int, more: dict[str, Any]) -> None:
    at = datetime(2025, 3, 20, hour, minute, tzinfo=UTC)
    assert read(Activity, stream, row(stream)) == happened(stream, created_at=at, occurred_at=at, **more)


def test_a_journey_that_was_entered() -> None:
    at = datetime(2025, 2, 3, 13, 10, tzinfo=UTC)
    expected = happened(
        "journeys",
        created_at=at,
        occurred_at=at,
        kind=ActivityKind.NOTE,
        direction=Direction.OUT,
        automatic=True,
        channel="journey",
        subject="Welcome",
        custom={"journeyid": "0b7e2c1a-5d5c-4b0e-9d40-000000000001", "versionnumber": "2"},
    )
    assert read(Activity, "journeys", row("journeys")) == expected


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("7/1/2025 12:30:00 AM", datetime(2025, 7, 1, 6, 30, tzinfo=UTC)),
        ("12/31/2025 11:59:59 PM", datetime(2026, 1, 1, 5, 59, 59, tzinfo=UTC)),
        ("2025-07-01T00:30:00", datetime(2025, 7, 1, 6, 30, tzinfo=UTC)),
        ("2025-07-01T00:30:00Z", datetime(2025, 7, 1, 0, 30, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_times_are_the_servers_summer_and_winter(said: Any, at: datetime | None) -> None:
    activity = read(Activity, "sends", {"id": "1", "eventdate": said}).entity
    assert isinstance(activity, Activity)
    assert activity.occurred_at == at


def test_a_time_that_cannot_be_read_is_counted_and_left_out() -> None:
    reading = read(Activity, "sends", {"id": "1", "eventdate": "31/12/2025"})
    assert {each.why for each in reading.unknown} == {"not a moment in time"}


def test_a_click_reaches_somebody_and_nothing_else_of_a_message_does() -> None:
    told = {stream: [fact[:2] for fact in tell("sfmc", stream, row(stream))] for stream in STREAMS}
    click = ("reach.touch", "2025-03-20T10:06:00Z")
    assert told == {stream: [click] if stream == "clicks" else [] for stream in STREAMS}


STREAMS = ("sends", "opens", "clicks", "bounces", "unsubscribes", "journeys")


def test_consent_is_told_since_when_it_holds_and_of_whoever_bounced_nothing() -> None:
    email = {"purpose": "marketing", "channel": "email"}
    assert [tell("sfmc", "subscribers", row("subscribers", number)) for number in range(3)] == [
        [("consent.changed", "2025-02-03T13:00:00Z", {**email, "state": "opt_in"})],
        [("consent.changed", "2025-03-20T18:30:00Z", {**email, "state": "opt_out"})],
        [],
    ]


@each_mapping
@settings(deadline=None, database=None, max_examples=100)
@given(data=st.data())
def test_any_record_is_read_or_kept_aside(found: Mapping, data: st.DataObject) -> None:
    whole = row(found.stream)
    record = {**whole, **data.draw(st.dictionaries(st.sampled_from(sorted(whole)), JSON, max_size=6))}
    try:
        assert as_json(found.read(record, Terms()).entity)
    except SkipRecord:
        return


@each_mapping
def test_a_record_that_says_nothing_but_its_key_is_read(found: Mapping) -> None:
    reading = found.read({found.id: "46"}, Terms())
    assert (reading.entity.id, reading.unknown) == ("46", ())


@each_mapping
def test_every_column_is_read_or_kept(found: Mapping) -> None:
    together = accounted([each for each in MAPPINGS if each.stream == found.stream])
    assert together.unread(row(found.stream)) == set()
