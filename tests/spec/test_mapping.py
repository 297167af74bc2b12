"""A mapping reads a record as one entity, counts what it could not, and knows what nobody reads."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from hub.errors import SkipRecord
from hub.model import Contact, Deal, DealStatus, Email, Pipeline, PipelineKind, Ticket, TicketStatus, as_json
from hub.spec import Mapping, Reading, Terms, Unknown, accounted, choose, constant, convert, decide, field, stage
from hub.spec.mapping import leaves
from tests.spec.anything import JSON

NOTHING = Terms()
PEOPLE = Mapping(
    type=Contact,
    stream="users",
    id="user.no",
    rules={
        "full_name": field("name"),
        "created_at": field("created", convert.instant),
        "emails": decide(lambda found: (Email(address=found),) if found else None, "mail"),
    },
    ignored=("secret", "photo*"),
    custom="extra",
    unless={"role": ("agent", "admin")},
)
TICKETS = Mapping(
    type=Ticket, stream="tickets", rules={"status": choose("status", {"open": TicketStatus.OPEN}), "subject": field("title")}
)
DEALS = Mapping(
    type=Deal,
    stream="deals",
    rules={"status": stage(DealStatus, "pipeline", "step"), "probability": field("chance", convert.number)},
)


def test_a_record_is_read_in_our_words() -> None:
    record = {"user": {"no": 7}, "name": " Ana ", "mail": "ana@example.com", "extra": {"shoe size": 38}}
    assert PEOPLE.read(record, NOTHING) == Reading(
        entity=Contact(id="7", full_name="Ana", emails=(Email(address="ana@example.com"),), custom={"shoe size": 38})
    )


@pytest.mark.parametrize("no", [None, "", " ", True, [], {}, ["7"]])
def test_a_record_without_an_id_cannot_be_told_from_others(no: Any) -> None:
    with pytest.raises(SkipRecord, match=r"^users: a record without 'user.no' cannot be told from others$"):
        PEOPLE.read({"user": {"no": no}, "name": "Ana"}, NOTHING)


@pytest.mark.parametrize("extra", [None, [], "text", 7])
def test_own_fields_that_are_no_object_are_none(extra: Any) -> None:
    assert PEOPLE.read({"user": {"no": 7}, "extra": extra}, NOTHING).entity.custom == {}


def test_what_cannot_be_read_is_left_out_and_counted_but_never_shown() -> None:
    reading = PEOPLE.read({"user": {"no": 7}, "name": {"first": "Ana"}, "created": "yesterday"}, NOTHING)
    assert reading == Reading(
        entity=Contact(id="7"),
        unknown=(Unknown(path="name", raw=None, why="not text"), Unknown(path="created", raw=None, why="not a moment in time")),
    )


def test_what_nobody_decided_is_unknown_and_a_person_is_asked() -> None:
    reading = TICKETS.read({"id": "1", "status": "On fire", "title": "Help"}, NOTHING)
    assert reading == Reading(
        entity=Ticket(id="1", status=TicketStatus.UNKNOWN, subject="Help"), unknown=(Unknown(path="status", raw="On fire"),)
    )
    assert isinstance(reading.entity, Ticket)
    assert reading.entity.status is TicketStatus.UNKNOWN
    assert as_json(reading.entity) == b'{"id":"1","status":"unknown","subject":"Help"}'


def test_what_was_not_said_is_not_unknown() -> None:
    assert TICKETS.read({"id": "1", "status": None}, NOTHING) == Reading(entity=Ticket(id="1"))


def test_what_cannot_be_read_where_a_person_could_choose_is_nothing() -> None:
    reading = TICKETS.read({"id": "1", "status": ["open"]}, NOTHING)
    assert reading == Reading(entity=Ticket(id="1"), unknown=(Unknown(path="status", raw=None, why="not text"),))


def test_what_nobody_decided_is_nothing_where_no_one_can_choose() -> None:
    asked = Unknown(path="name", raw="?")
    mapping = Mapping(type=Contact, stream="users", rules={"full_name": decide(lambda _found: asked, "name")})
    assert mapping.read({"id": "1", "name": "?"}, NOTHING) == Reading(entity=Contact(id="1"), unknown=(asked,))


def test_an_enumeration_that_is_never_none_can_be_unknown_too() -> None:
    mapping = Mapping(type=Pipeline, stream="pipelines", rules={"kind": choose("kind", {"sales": PipelineKind.SALES})})
    assert mapping.read({"id": "1", "kind": "other"}, NOTHING) == Reading(
        entity=Pipeline(id="1", kind=PipelineKind.UNKNOWN), unknown=(Unknown(path="kind", raw="other"),)
    )


def test_a_record_is_read_in_the_terms_of_its_account() -> None:
    record = {"id": "1", "pipeline": "p", "step": "2", "chance": "0.4"}
    won = Deal(id="1", status=DealStatus.WON, probability=Decimal("0.4"))
    assert DEALS.read(record, Terms(pipelines={"p": {"2": "won"}})) == Reading(entity=won)
    assert DEALS.read(record, NOTHING).unknown == (Unknown(path="step", raw="2"),)


def test_whether_the_pipelines_are_needed_is_known() -> None:
    assert (DEALS.pipelines(), TICKETS.pipelines()) == (True, False)


@pytest.mark.parametrize(
    ("record", "applies"), [({"role": "agent"}, 0), ({"role": "admin"}, 0), ({"role": "end-user"}, 1), ({}, 1)]
)
def test_some_records_of_a_stream_are_of_another_type(record: dict[str, Any], applies: int) -> None:
    assert PEOPLE.applies(record) == bool(applies)


def test_a_mapping_knows_every_path_it_reads() -> None:
    assert PEOPLE.reads() == {"user.no", "name", "created", "mail", "role"}


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        ({"a": 1, "b": {"c": "x", "d": {"e": False}}}, ["a", "b.c", "b.d.e"]),
        ({"a": 0, "b": [1, 2], "c": [{"d": 1}]}, ["a", "b", "c"]),
        ({"a": None, "b": "", "c": [], "d": {}, "e": {"f": None}}, []),
        ("x", [""]),
        (None, []),
    ],
)
def test_every_leaf_that_holds_something_has_a_path(value: Any, paths: list[str]) -> None:
    assert list(leaves(value)) == paths


@pytest.mark.parametrize(
    ("record", "unread"),
    [
        ({"user": {"no": 7}, "name": "Ana", "role": "end-user", "secret": "x"}, set()),
        ({"photo": {"url": "x"}, "photo_small": "x", "phot": "x"}, {"phot"}),
        ({"secret": {"inner": 1}, "secrets": 1}, {"secrets"}),
        ({"extra": {"shoe size": 38}, "extras": 1}, {"extras"}),
        ({"mail": {"work": "x"}, "user": {"no": 7, "name": "x"}}, {"user.name"}),
        ({"new": None, "empty": "", "none": [], "sub": {"deep": 0}}, {"sub.deep"}),
    ],
)
def test_what_nobody_reads_and_nobody_ignores_is_seen(record: dict[str, Any], unread: set[str]) -> None:
    assert accounted([PEOPLE]).unread(record) == unread


def test_what_one_mapping_of_a_stream_reads_the_others_need_not() -> None:
    record = {"id": "1", "title": "Help", "chance": 1}
    assert accounted([TICKETS]).unread(record) == {"chance"}
    assert accounted([TICKETS, DEALS]).unread(record) == set()
    assert accounted([]).unread(record) == {"id", "title", "chance"}


def test_where_the_whole_record_is_read_only_what_is_in_it_is_unread() -> None:
    whole = Mapping(type=Contact, stream="users", rules={"full_name": decide(str, ""), "city": constant("Faro")})
    assert accounted([whole]).unread({"id": 1, "other": 2, ".hidden": 3}) == {"other", ".hidden"}


@settings(deadline=None, database=None, max_examples=50)
@given(name=JSON, status=JSON, other=JSON)
def test_any_record_with_an_id_is_read(name: Any, status: Any, other: Any) -> None:
    record = {
        "id": "1",
        "user": {"no": 7},
        "name": name,
        "created": other,
        "status": status,
        "pipeline": name,
        "step": other,
        "chance": status,
    }
    for mapping in (PEOPLE, TICKETS, DEALS):
        assert mapping.read(record, NOTHING).entity.id in {"1", "7"}
        assert accounted([mapping]).unread(record) <= set(leaves(record))
