"""Fields of the source as fields of ours: which there are, and how a value becomes one."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from hub.errors import Misdeclared
from hub.model import (
    TYPES,
    Activity,
    Company,
    Contact,
    Deal,
    DealStatus,
    Email,
    Entity,
    ExternalScore,
    Money,
    Order,
    Phone,
    SurveyResponse,
    Ticket,
    as_json,
)
from hub.spec import NOTHING, Mapping, Terms, Unknown, constant, decide, field, many, undecided
from hub.spec.fields import options, reach, readable
from hub.spec.mapping import leaves
from tests.spec.anything import JSON


def reading(kind: type[Entity], name: str, value: Any, *, terms: Terms | None = None, **rules: Any) -> Any:
    """What a field of ours holds where a field of the account's own is read as it, and what is asked then."""
    mapping = Mapping(type=kind, stream="things", rules=rules, custom="own")
    known = terms or Terms()
    held = Terms(fields={kind.TYPE: {"custom.X": name}}, choices=known.choices, answers=known.answers)
    found = mapping.read({"id": 1, "own": {"X": value}}, held)
    return getattr(found.entity, name), found.unknown


@pytest.mark.parametrize(
    ("kind", "name", "value", "held"),
    [
        (Contact, "job_title", " CTO ", "CTO"),
        (Contact, "city", 7, "7"),
        (Contact, "tax_id", "123", "123"),
        (Contact, "evangelist", "yes", True),
        (Contact, "signed_up_at", 1767571200000, datetime(2026, 1, 5, tzinfo=UTC)),
        (Contact, "tags", ["a", "", "b", "a"], ("a", "b")),
        (Contact, "tags", "a", ("a",)),
        (Contact, "emails", "ana@example.com", (Email(address="ana@example.com"),)),
        (Contact, "phones", ["1", 2], (Phone(number="1"), Phone(number="2"))),
        (Contact, "scores", "7.5", (ExternalScore(name="X", value=Decimal("7.5")),)),
        (Company, "employee_count", "12", 12),
        (Company, "renewal_date", "2026-03-01T10:00:00Z", "2026-03-01"),
        (Company, "csm_id", 5, "5"),
        (Company, "annual_revenue", "10.5", Money(amount=Decimal("10.5"))),
        (Deal, "expected_close_on", "2026-03-01", "2026-03-01"),
        (Deal, "probability", "0.4", Decimal("0.4")),
        (Deal, "status", "WON", DealStatus.WON),
        (Ticket, "status", "on hold", "on_hold"),
        (Ticket, "priority", "High", "high"),
        (SurveyResponse, "score", 9, Decimal(9)),
        (Order, "total", 3, Money(amount=Decimal(3))),
        (Contact, "city", None, None),
        (Contact, "city", "", None),
        (Contact, "tags", [], ()),
        (Deal, "status", "", None),
    ],
)
def test_a_value_becomes_what_the_field_holds(kind: type[Entity], name: str, value: Any, held: Any) -> None:
    assert reading(kind, name, value) == (held, ())


@pytest.mark.parametrize(
    ("kind", "name", "value", "why"),
    [
        (Contact, "city", True, "not text"),
        (Contact, "city", {"name": "Rio"}, "not text"),
        (Contact, "tags", [["a"]], "not text"),
        (Contact, "emails", "ana", "not an e-mail address"),
        (Contact, "signed_up_at", "soon", "not a moment in time"),
        (Contact, "scores", "good", "not a number"),
        (Company, "employee_count", "12.5", "not a whole number of 64 bits"),
        (Company, "renewal_date", "March", "not a date"),
        (Contact, "evangelist", "perhaps", "not a truth value"),
        (Deal, "amount", "much", "not a number"),
        (Deal, "status", ["won"], "not text"),
    ],
)
def test_what_a_field_cannot_hold_is_left_out_and_counted(kind: type[Entity], name: str, value: Any, why: str) -> None:
    held, asked = reading(kind, name, value)
    assert held in (None, ())
    assert asked == (Unknown(path="custom.X", raw=None, why=why),)


def test_what_is_not_among_a_field_s_few_things_is_unknown_and_asked_about() -> None:
    assert reading(Deal, "status", "Signed", status=constant(DealStatus.OPEN)) == (
        DealStatus.UNKNOWN,
        (Unknown(path="custom.X", raw="Signed"),),
    )
    assert reading(Deal, "status", "unknown")[1] == (Unknown(path="custom.X", raw="unknown"),)
    chosen = Terms(choices={"custom.X": {"Signed": "won"}})
    assert reading(Deal, "status", "Signed", terms=chosen) == (DealStatus.WON, ())
    foreign = Terms(choices={"custom.X": {"Signed": "solved"}})
    assert reading(Deal, "status", "Signed", terms=foreign)[0] is DealStatus.UNKNOWN


def test_money_is_in_the_currency_that_the_admin_gave() -> None:
    assert reading(Deal, "amount", 5, terms=Terms(answers={"currency": "brl"}))[0] == Money(amount=Decimal(5), currency="BRL")


def test_a_rule_s_value_stays_where_the_field_says_nothing_or_nonsense() -> None:
    assert reading(Contact, "city", "Rio", city=constant("Recife"))[0] == "Rio"
    assert reading(Contact, "city", " ", city=constant("Recife"))[0] == "Recife"
    assert reading(Contact, "city", ["Rio"], city=constant("Recife"))[0] == "Recife"


def test_to_a_list_it_adds_what_is_not_there_yet() -> None:
    rule = decide(lambda _id: (Email(address="a@example.com", primary=True),), "id")
    assert reading(Contact, "emails", ["b@example.com", "a@example.com"], emails=rule)[0] == (
        Email(address="a@example.com", primary=True),
        Email(address="b@example.com"),
    )
    assert reading(Contact, "tags", "new", tags=many("none"))[0] == ("new",)


def test_a_day_alone_is_said_to_be_one_and_a_moment_is_not() -> None:
    rules = {
        "signed_up_at": field("id", lambda _id: datetime(2020, 1, 1, tzinfo=UTC)),
        "days": constant(("signed_up_at", "created_at")),
    }
    mapping = Mapping(type=Contact, stream="things", rules=rules)
    terms = Terms(fields={"contact": {"when": "signed_up_at"}})
    assert mapping.read({"id": 1, "when": "2026-01-05"}, terms).entity.days == ("created_at", "signed_up_at")
    assert mapping.read({"id": 1, "when": "2026-01-05T08:00:00Z"}, terms).entity.days == ("created_at",)
    assert mapping.read({"id": 1}, terms).entity.days == ("signed_up_at", "created_at")


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_fields_that_are_read_as_one_the_first_by_its_path_counts(order: int) -> None:
    mapping = Mapping(type=Contact, stream="things", rules={})
    fields = dict([("a", "city"), ("b", "city"), ("c", "tags"), ("d", "tags")][::order])
    found = mapping.read({"id": 1, "a": "one", "b": "two", "c": "x", "d": "y"}, Terms(fields={"contact": fields})).entity
    assert found == Contact(id="1", city="one", tags=("x", "y"))
    assert mapping.read({"id": 1, "a": "", "b": "two"}, Terms(fields={"contact": fields})).entity == Contact(id="1", city="two")


def test_a_path_that_begins_with_custom_is_the_entity_s_own_field_before_the_record_s() -> None:
    mapping = Mapping(
        type=Contact, stream="things", rules={"custom": decide(lambda it: {e["n"]: e["v"] for e in it or ()}, "list")}
    )
    terms = Terms(fields={"contact": {"custom.City": "city", "custom.Job": "job_title"}})
    record = {"id": 1, "list": [{"n": "City", "v": "Rio"}], "custom": {"City": "Recife", "Job": "CTO"}}
    found = mapping.read(record, terms).entity
    assert found == Contact(id="1", city="Rio", job_title="CTO", custom={"City": "Rio"})


def test_a_field_that_no_longer_can_be_read_as_such_is_not() -> None:
    assert reading(Contact, "company_ids", "7") == ((), ())


def test_ids_and_what_only_the_system_knows_are_never_read_from_a_field() -> None:
    for kind in TYPES.values():
        assert not readable(kind).keys() & {"id", "url", "changed_at", "custom", "days", "external_ids", "merged_ids"}
        of_others = {name for name, of in kind.REFERENCES if of != "owner"}
        assert not readable(kind).keys() & of_others
    assert not readable(Deal).keys() & {"stage_id", "pipeline_id", "products"}
    assert {"owner_id", "tax_id"} <= readable(Contact).keys()
    assert "lines" not in readable(Order)
    assert options(Deal, "status") == ("open", "won", "lost", "deleted", "unknown")
    assert (options(Deal, "name"), options(Deal, "nothing")) == ((), ())
    assert options(Activity, "kind")


def test_a_name_that_holds_dots_is_found() -> None:
    record = {"own": {"No. of seats": 5, "a.b": {"c.d": 6}, "a": {"b": {"e": 7}}}, "list": [1, 2]}
    assert reach(record, "own.No. of seats") == 5
    assert reach(record, "own.a.b.c.d") == 6
    assert reach(record, "own.a.b.e") == 7
    assert reach(record, "list") == [1, 2]
    assert (reach(record, "own.x"), reach(record, "list.0"), reach(record, "own.No. of seats.x")) == (None, None, None)


@given(JSON)
def test_every_leaf_is_found_by_its_path(value: Any) -> None:
    for path in leaves({"x": value}):
        assert reach({"x": value}, path) is not None


@given(JSON)
def test_any_value_is_read_or_asked_about_as_any_field(value: Any) -> None:
    for kind in TYPES.values():
        terms = Terms(fields={kind.TYPE: {f"custom.{name}": name for name in readable(kind)}})
        mapping = Mapping(type=kind, stream="things", rules={}, custom="own")
        as_json(mapping.read({"id": 1, "own": dict.fromkeys(readable(kind), value)}, terms).entity)


def test_a_proposal_that_cannot_be_read_stops_the_start() -> None:
    with pytest.raises(Misdeclared, match=r"^things: no field of the source can be read as contact \['shoe'\]$"):
        Mapping(type=Contact, stream="things", rules={}, proposes={"custom.X": "city", "custom.Y": "shoe"})


LISTED: dict[str, Any] = {"stream": "tasks", "rules": {}, "as_decided": "list.id", "decided_name": "list.name"}
PEOPLE, DEALS = Mapping(type=Contact, **LISTED), Mapping(type=Deal, unless={"kind": ("note",)}, **LISTED)


def test_a_record_is_of_the_type_that_its_list_was_decided_to_hold() -> None:
    record = {"id": 1, "list": {"id": 9, "name": "Sales"}}
    assert not PEOPLE.chosen(record, Terms())
    said = Terms(choices={"list.id": {"9": "deal"}})
    assert (PEOPLE.chosen(record, said), DEALS.chosen(record, said)) == (False, True)
    assert Mapping(type=Contact, stream="tasks", rules={}).chosen(record, said)
    assert {"list.id", "list.name"} <= PEOPLE.reads()


@pytest.mark.parametrize(
    ("record", "asked"),
    [
        ({"list": {"id": 9, "name": "Sales"}}, [Unknown(path="list.id", raw="9", why="Sales")]),
        ({"list": {"id": 9}}, [Unknown(path="list.id", raw="9", why="without a name")]),
        ({"list": {"id": [9]}}, [Unknown(path="list.id", raw=None, why="the record says nothing there")]),
        ({}, [Unknown(path="list.id", raw=None, why="the record says nothing there")]),
        ({"list": {"id": "10"}}, []),
        ({"list": {"id": "11"}}, []),
        ({"list": {"id": "12", "name": "Old"}}, [Unknown(path="list.id", raw="12", why="Old")]),
    ],
)
def test_what_nobody_decided_about_is_asked_once(record: dict[str, Any], asked: list[Unknown]) -> None:
    terms = Terms(choices={"list.id": {"10": "deal", "11": NOTHING, "12": "ticket"}})
    assert list(undecided((PEOPLE, DEALS), record, terms)) == asked


def test_what_could_be_nothing_of_it_all_is_no_question() -> None:
    assert list(undecided((DEALS,), {"kind": "note", "list": {"id": 9}}, Terms())) == []
    assert list(undecided((Mapping(type=Contact, stream="tasks", rules={}),), {}, Terms())) == []
