"""Rules: what one field of ours reads from a record, and which paths it looks at."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from hub.model import DealStatus, Email, Money, TicketStatus
from hub.spec import Rule, Terms, Unknown, choose, constant, convert, decide, emails, field, first, join, many, money, stage
from tests.spec.anything import JSON

NOTHING = Terms()
STATUSES = {"Open": TicketStatus.OPEN, "solved": TicketStatus.SOLVED}
PIPELINES = Terms(pipelines={"p": {"1": "open", "2": "won", "3": "unknown", "4": "invented"}})


def said(rule: Rule, record: dict[str, Any], terms: Terms = NOTHING) -> Any:
    return rule.apply(record, terms)


@pytest.mark.parametrize(
    ("rule", "reads"),
    [
        (field("a.b"), ("a.b",)),
        (constant(1), ()),
        (first(field("a"), join("b", "c")), ("a", "b", "c")),
        (join("a", "b"), ("a", "b")),
        (decide(str, "a"), ("a",)),
        (many("a"), ("a",)),
        (emails(field("a"), many("b")), ("a", "b")),
        (money("amount", "currency"), ("amount", "currency")),
        (money("amount", answer="currency"), ("amount",)),
        (choose("status", STATUSES), ("status",)),
        (stage(DealStatus, "pipeline", "stage"), ("pipeline", "stage")),
    ],
)
def test_a_rule_knows_every_path_it_reads(rule: Rule, reads: tuple[str, ...]) -> None:
    assert rule.reads == reads


def test_a_field_is_text_unless_it_is_said_to_be_more() -> None:
    assert said(field("a.b"), {"a": {"b": " 7 "}}) == "7"
    assert said(field("a.b", convert.number), {"a": {"b": " 7 "}}) == Decimal(7)
    assert said(field("a.b"), {"a": None}) is None


def test_a_constant_is_the_same_for_every_record() -> None:
    assert (said(constant("x"), {}), said(constant("x"), {"a": 1})) == ("x", "x")


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"a": "1", "b": "2"}, "1"),
        ({"a": "", "b": "2"}, "2"),
        ({"b": "2"}, "2"),
        ({}, None),
        ({"a": None, "c": ["x", "y"]}, ("x", "y")),
    ],
)
def test_the_first_rule_that_has_something_to_say_is_heard(record: dict[str, Any], found: Any) -> None:
    rule = first(field("a"), field("b"), many("c"))
    assert said(rule, record) == found
    assert [part.reads for part in rule.parts] == [("a",), ("b",), ("c",)]


def test_nought_and_no_are_something_to_say() -> None:
    assert said(many("a", convert.number), {"a": [0, None, "0", ""]}) == (0, 0)
    assert said(first(field("a", convert.number), field("b")), {"a": 0, "b": "2"}) == 0
    assert said(first(field("a", convert.flag), field("b")), {"a": False, "b": "2"}) is False


@pytest.mark.parametrize(
    ("record", "found"),
    [({"a": "Ana", "b": "Souza"}, "Ana Souza"), ({"a": "Ana", "b": " "}, "Ana"), ({"b": "Souza"}, "Souza"), ({}, None)],
)
def test_texts_are_joined_without_gaps(record: dict[str, Any], found: str | None) -> None:
    assert said(join("a", "b"), record) == found


def test_what_joins_them_can_be_said() -> None:
    assert said(join("a", "b", by=", "), {"a": "Ana", "b": "Souza"}) == "Ana, Souza"


def test_a_decision_is_given_what_lies_at_its_paths_in_their_order() -> None:
    assert said(decide(lambda *found: found, "b", "a.c"), {"a": {"c": [1]}, "b": None}) == (None, [1])


@pytest.mark.parametrize(
    ("held", "found"), [(["a", " b ", None, ""], ("a", "b")), ("a", ("a",)), (7, ("7",)), ([], ()), (None, ()), ("", ())]
)
def test_a_list_is_read_item_by_item_and_one_value_counts_as_a_list(held: Any, found: tuple[str, ...]) -> None:
    assert said(many("tags"), {"tags": held}) == found


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"amount": "10.50", "currency": "brl"}, Money(amount=Decimal("10.50"), currency="BRL")),
        ({"amount": 10}, Money(amount=Decimal(10), currency="EUR")),
        ({"amount": "0", "currency": ""}, Money(amount=Decimal(0), currency="EUR")),
        ({"amount": "", "currency": "BRL"}, None),
        ({"currency": "BRL"}, None),
    ],
)
def test_money_is_in_the_currency_of_the_record_else_in_what_the_admin_answered(
    record: dict[str, Any], found: Money | None
) -> None:
    assert said(money("amount", "currency", answer="money"), record, Terms(answers={"money": "eur"})) == found


def test_money_without_any_word_of_its_currency_has_none() -> None:
    assert said(money("amount", "currency"), {"amount": 1}) == Money(amount=Decimal(1))
    assert said(money("amount", answer="money"), {"amount": 1, "currency": "BRL"}) == Money(amount=Decimal(1))


@pytest.mark.parametrize(
    "rule", [field("a", convert.number), money("a"), many("a", convert.number), join("a"), first(field("a", convert.day))]
)
def test_nonsense_is_a_value_error(rule: Rule) -> None:
    with pytest.raises(ValueError, match=r"^not "):
        said(rule, {"a": [{"b": 1}]})


@pytest.mark.parametrize("raw", ["open", "Open", " OPEN "])
def test_a_listed_value_is_found_whatever_its_case(raw: str) -> None:
    assert said(choose("status", STATUSES), {"status": raw}) is TicketStatus.OPEN


def test_a_value_that_no_table_lists_is_unknown_and_not_the_nearest() -> None:
    assert said(choose("status", STATUSES), {"status": "On fire"}) == Unknown(path="status", raw="On fire")
    assert said(choose("status", STATUSES), {"status": None}) is None


def test_what_a_person_chose_holds_also_against_the_table() -> None:
    terms = Terms(choices={"status": {"On fire": "new", "Open": "closed"}})
    assert said(choose("status", STATUSES), {"status": "On fire"}, terms) is TicketStatus.NEW
    assert said(choose("status", STATUSES), {"status": "Open"}, terms) is TicketStatus.CLOSED
    assert said(choose("other", STATUSES), {"other": "On fire"}, terms) == Unknown(path="other", raw="On fire")


def test_a_person_may_choose_any_value_of_the_kind() -> None:
    assert choose("status", STATUSES).options == ("new", "open", "pending", "on_hold", "solved", "closed", "unknown")
    assert stage(DealStatus, "pipeline", "stage").options == ("open", "won", "lost", "deleted", "unknown")
    assert (stage(DealStatus, "p", "s").pipelines, choose("status", STATUSES).pipelines) == (True, False)


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"pipeline": "p", "stage": "1"}, DealStatus.OPEN),
        ({"pipeline": "p", "stage": 2}, DealStatus.WON),
        ({"pipeline": "p"}, None),
        ({"pipeline": "p", "stage": "3"}, Unknown(path="stage", raw="3")),
        ({"pipeline": "p", "stage": "4"}, Unknown(path="stage", raw="4")),
        ({"pipeline": "p", "stage": "5"}, Unknown(path="stage", raw="5")),
        ({"pipeline": "q", "stage": "1"}, Unknown(path="stage", raw="1")),
        ({"stage": "1"}, Unknown(path="stage", raw="1")),
    ],
)
def test_a_stage_is_what_the_accounts_own_pipeline_says(record: dict[str, Any], found: Any) -> None:
    assert said(stage(DealStatus, "pipeline", "stage"), record, PIPELINES) == found


def test_what_a_person_chose_for_a_stage_holds_against_the_pipeline() -> None:
    terms = Terms(pipelines=PIPELINES.pipelines, choices={"stage": {"1": "lost"}})
    assert said(stage(DealStatus, "pipeline", "stage"), {"pipeline": "p", "stage": "1"}, terms) is DealStatus.LOST


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"a": " ana@acme.example "}, ("ana@acme.example",)),
        (
            {"a": "ana@acme.example", "b": ["bia@acme.example", "ana@acme.example", None]},
            ("ana@acme.example", "bia@acme.example"),
        ),
        ({"a": "", "b": "bia@acme.example"}, ("bia@acme.example",)),
        ({"a": None, "b": []}, ()),
        ({}, ()),
    ],
)
def test_of_several_addresses_the_first_is_the_primary_one(record: dict[str, Any], found: tuple[str, ...]) -> None:
    addresses = tuple(Email(address=each, primary=each == found[0]) for each in found)
    assert said(emails(field("a"), many("b")), record) == addresses


EVERY = [
    field("a", convert.instant),
    first(field("a"), many("b")),
    join("a", "b"),
    many("a", convert.whole),
    emails(field("a"), many("b")),
    money("a", "b"),
    choose("a", STATUSES),
    stage(DealStatus, "a", "b"),
]


@pytest.mark.parametrize("rule", EVERY, ids=range(len(EVERY)))
@settings(deadline=None, database=None, max_examples=30)
@given(a=JSON, b=JSON)
def test_any_record_is_read_or_a_value_error(rule: Rule, a: Any, b: Any) -> None:
    try:
        said(rule, {"a": a, "b": b}, PIPELINES)
    except ValueError as error:
        assert str(error).startswith("not ")  # noqa: PT017 - any other record has nothing to raise
