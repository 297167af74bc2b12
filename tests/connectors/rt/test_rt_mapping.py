"""What Request Tracker's recorded records are read as (README.md beside this file); the expected values are written by hand."""

import contextlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.rt import CONNECTOR
from hub.errors import SkipRecord
from hub.model import (
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
    as_json,
    from_json,
)
from hub.spec import Mapping, Reading, Record, Terms, Unknown, accounted
from mappings.rt import MAPPINGS

TERMS = Terms(answers={"address": "https://rt.example.com"})


def at(minute: int, second: int) -> datetime:
    return datetime(2026, 11, 22, 2, minute, second, tzinfo=UTC)


def listed(file: str) -> dict[str, Record]:
    """The recorded records by number, with what the connector looks up for each."""
    body: Any = json.loads((Path(__file__).parent / f"{file}.json").read_bytes())
    (custom,) = CONNECTOR.stream("tickets").also
    found = custom.read(body)
    return {str(item["id"]): {**item, "custom": found[str(item["id"])]} for item in body["items"]}


def mapping(kind: type[Entity]) -> Mapping:
    (found,) = (mapping for mapping in MAPPINGS if mapping.type is kind)
    return found


def read(kind: type[Entity], record: Record) -> Entity:
    reading = mapping(kind).read(record, TERMS)
    assert reading.unknown == ()
    return reading.entity


def test_a_person() -> None:
    assert read(Contact, {**listed("users")["213"], "WorkPhone": "+551133334444", "Lang": "pt_BR"}) == Contact(
        id="213",
        full_name="Recília Souza",
        emails=(Email(address="recilia.rec14818@horizonte.example", primary=True),),
        phones=(Phone(number="+5511987654321", label="mobile"), Phone(number="+551133334444", label="work")),
        company_name="Horizonte Ltda",
        language="pt_BR",
        city="São Paulo",
        country="BR",
        url="https://rt.example.com/User/Summary.html?id=213",
        created_at=at(33, 39),
        changed_at=at(33, 39),
    )


def test_a_person_that_says_nothing() -> None:
    bare = Contact(id="215", url="https://rt.example.com/User/Summary.html?id=215", created_at=at(33, 39), changed_at=at(33, 39))
    assert read(Contact, listed("users")["215"]) == bare


def test_agents_and_the_users_of_rt_itself_are_no_contacts() -> None:
    recilia = listed("users")["213"]
    assert mapping(Contact).applies(recilia)
    assert not mapping(Contact).applies({**recilia, "privileged": True})
    assert not mapping(Contact).applies({**recilia, "Name": "Nobody"})
    assert not mapping(Contact).applies({**recilia, "Name": "RT_System"})


def test_an_agent() -> None:
    user: Any = json.loads((Path(__file__).parent / "user.json").read_bytes())
    expected = Owner(
        id="213",
        name="Recília Souza",
        email="recilia.rec14818@horizonte.example",
        active=True,
        created_at=at(33, 39),
        changed_at=at(33, 39),
    )
    assert read(Owner, {"id": 213, "type": "user", "user": user}) == expected


def test_a_disabled_agent_without_a_name_goes_by_the_login() -> None:
    user: Any = json.loads((Path(__file__).parent / "user_disabled.json").read_bytes())
    owner = read(Owner, {"id": 217, "type": "user", "user": user})
    assert isinstance(owner, Owner)
    assert (owner.name, owner.active) == ("left.rec14818", False)


def test_an_owned_ticket() -> None:
    assert read(Ticket, listed("tickets")["32"]) == Ticket(
        id="32",
        subject="Rec open",
        status=TicketStatus.OPEN,
        priority=TicketPriority.NORMAL,
        category="General",
        opened_at=at(33, 41),
        requester_ids=("213",),
        assignee_id="14",
        url="https://rt.example.com/Ticket/Display.html?id=32",
        created_at=at(33, 41),
        changed_at=at(33, 45),
    )


def test_a_resolved_ticket_with_a_rating() -> None:
    assert read(Ticket, listed("tickets")["34"]) == Ticket(
        id="34",
        subject="Rec resolved",
        status=TicketStatus.SOLVED,
        priority=TicketPriority.LOW,
        category="General",
        opened_at=at(33, 42),
        solved_at=at(33, 46),
        requester_ids=("213",),
        url="https://rt.example.com/Ticket/Display.html?id=34",
        custom={"Satisfaction": "4"},
        created_at=at(33, 42),
        changed_at=at(33, 47),
    )


def test_its_rating_is_an_answer_to_a_survey() -> None:
    assert read(SurveyResponse, listed("tickets")["34"]) == SurveyResponse(
        id="34",
        kind=SurveyKind.CSAT,
        score=Decimal(4),
        scale_min=Decimal(1),
        scale_max=Decimal(5),
        label="4",
        respondent_id="213",
        ticket_id="34",
        responded_at=at(33, 46),
        url="https://rt.example.com/Ticket/Display.html?id=34",
        changed_at=at(33, 47),
    )


def test_a_ticket_without_a_rating_is_no_answer() -> None:
    answers = [key for key, ticket in listed("tickets").items() if mapping(SurveyResponse).applies(ticket)]
    assert answers == ["34"]


def test_a_rating_beyond_five_is_left_out_and_counted() -> None:
    reading = mapping(SurveyResponse).read({"id": 1, "custom": {"Satisfaction": "10"}}, Terms())
    assert isinstance(reading.entity, SurveyResponse)
    assert (reading.entity.score, reading.entity.label) == (None, "10")
    assert reading.unknown == (Unknown(path="custom.Satisfaction", raw=None, why="not a rating from 1 to 5"),)


@pytest.mark.parametrize(
    ("file", "key", "status"),
    [
        ("tickets", "31", TicketStatus.NEW),
        ("tickets", "33", TicketStatus.PENDING),
        ("tickets_page_2", "35", TicketStatus.CLOSED),
    ],
)
def test_other_statuses_are_not_solved(file: str, key: str, status: TicketStatus) -> None:
    ticket = read(Ticket, listed(file)[key])
    assert isinstance(ticket, Ticket)
    assert (ticket.status, ticket.solved_at) == (status, None)


def test_a_ticket_opened_again_is_not_solved_although_rt_keeps_the_time() -> None:
    ticket = read(Ticket, {**listed("tickets")["34"], "Status": "open"})
    assert isinstance(ticket, Ticket)
    assert ticket.solved_at is None


def test_several_requestors_or_none_and_never_a_group() -> None:
    several, none = read(Ticket, listed("tickets_last")["38"]), read(Ticket, listed("tickets_last")["39"])
    assert isinstance(several, Ticket)
    assert isinstance(none, Ticket)
    assert (several.requester_ids, none.requester_ids) == (("213", "211"), ())
    group = read(Ticket, {"id": 1, "Requestor": [{"type": "group", "id": 5}, {"type": "user", "id": 27}]})
    assert isinstance(group, Ticket)
    assert group.requester_ids == ("27",)


@pytest.mark.parametrize(
    ("number", "priority"), [("100", TicketPriority.HIGH), (99, TicketPriority.NORMAL), ("49", TicketPriority.LOW), ("", None)]
)
def test_the_number_of_a_priority(number: Any, priority: TicketPriority | None) -> None:
    ticket = read(Ticket, {"id": 1, "Priority": number})
    assert isinstance(ticket, Ticket)
    assert ticket.priority is priority


def test_a_status_of_another_lifecycle_is_unknown_and_asked_until_a_person_decides() -> None:
    record = {**listed("tickets")["34"], "Status": "awaiting-parts"}
    asked = mapping(Ticket).read(record, Terms())
    assert isinstance(asked.entity, Ticket)
    assert asked.entity.status is TicketStatus.UNKNOWN
    assert asked.unknown == (Unknown(path="Status", raw="awaiting-parts"),)
    decided = mapping(Ticket).read(record, Terms(choices={"Status": {"awaiting-parts": "on_hold"}}))
    assert isinstance(decided.entity, Ticket)
    assert (decided.entity.status, decided.unknown) == (TicketStatus.ON_HOLD, ())


@pytest.mark.parametrize("number", range(len(MAPPINGS)))
def test_nulls_everywhere_and_missing_keys_leave_only_the_id(number: int) -> None:
    chosen = MAPPINGS[number]
    constants: dict[str, Any] = {}
    if chosen.type is SurveyResponse:
        constants = {"kind": SurveyKind.CSAT, "scale_min": Decimal(1), "scale_max": Decimal(5), "ticket_id": "1"}
    nulls = dict.fromkeys((path.partition(".")[0] for path in chosen.reads()), None)
    for record in ({"id": "1"}, {**nulls, "id": "1"}):
        assert chosen.read(record, Terms()) == Reading(entity=chosen.type(id="1", **constants))


@pytest.mark.parametrize(("stream", "file"), [("contacts", "users"), ("tickets", "tickets")])
def test_every_recorded_field_is_read_or_knowingly_ignored(stream: str, file: str) -> None:
    ours = accounted([mapping for mapping in MAPPINGS if mapping.stream == stream])
    # The recordings were made with more fields than the connector asks for.
    unasked = {"Privileged", "Disabled", "NickName", "CustomFields", "Due", "Started"}
    assert {path for record in listed(file).values() for path in ours.unread(record)} <= unasked


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["4", "1e9999999", "user", "resolved"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "Name", "Satisfaction", "RealName", "Disabled"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("number", range(len(MAPPINGS)))
@given(data=st.data())
@settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_is_read_or_skipped(number: int, data: st.DataObject) -> None:
    chosen = MAPPINGS[number]
    keys = sorted({path.partition(".")[0] for path in chosen.reads()})
    record: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from(keys), JSON))
    assert chosen.applies(record) in {True, False}
    with contextlib.suppress(SkipRecord):
        entity = chosen.read(record, TERMS).entity
        assert from_json(chosen.type, as_json(entity)) == entity
