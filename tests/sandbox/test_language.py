"""Expressions that narrow lists, the order of lists, and what is selected from a collection by both."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from hub.sandbox.collection import Collection
from hub.sandbox.conditions import Condition
from hub.sandbox.fixed import fixed
from hub.sandbox.language import Language, Misread, dated, fits, groups
from hub.sandbox.order import Key, ordered
from hub.sandbox.rows import Clock
from hub.sandbox.selection import Selection

OPERATORS = {"is": "EQ", "isnt": "NEQ", "over": "GT", "in": "IN", "not in": "NOT_IN", "has": "CONTAINS_TOKEN"}


def meant(field: str, operator: str, values: Sequence[str]) -> Condition:
    return {"propertyName": field, "operator": OPERATORS[operator], "value": values[0], "values": list(values)}


SPOKEN = Language(
    token=re.compile(r"\s*([\w*]+|[(),])"), operators=OPERATORS, meant=meant, lists=("in", "not in"), negation="not"
)


def shortly(text: str) -> list[list[str]]:
    """Each group of conditions in short."""
    return [
        [f"{one['propertyName']} {one['operator']} {','.join(one['values'])}" for one in group] for group in groups(text, SPOKEN)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a is 1", [["a EQ 1"]]),
        ("a is 1 and b over 2", [["a EQ 1", "b GT 2"]]),
        ("a is 1 OR b is 2 AND c is 3", [["a EQ 1"], ["b EQ 2", "c EQ 3"]]),
        ("(a is 1 or b is 2) and c is 3", [["a EQ 1", "c EQ 3"], ["b EQ 2", "c EQ 3"]]),
        ("a in (1, 2) and b not in (3)", [["a IN 1,2", "b NOT_IN 3"]]),
        ("((a is 1))", [["a EQ 1"]]),
        ("not a is 1 and b is 2", [["a NEQ 1", "b EQ 2"]]),
        ("not (a is 1 and b over 2)", [["a NEQ 1"], ["b LTE 2"]]),
        ("not (a is 1 or b has x)", [["a NEQ 1", "b NOT_CONTAINS_TOKEN x"]]),
        ("not not a in (1)", [["a IN 1"]]),
    ],
)
def test_an_expression_is_read_as_groups_of_which_one_must_hold(text: str, expected: list[list[str]]) -> None:
    assert shortly(text) == expected


@pytest.mark.parametrize(
    ("text", "wanted", "token", "at"),
    [
        ("", "field", "", 0),
        ("a", "operator", "", 1),
        ("a likes 1", "operator", "likes", 2),
        ("a is", "value", "", 4),
        ("a is 1 b is 2", "and", "b", 7),
        ("(a is 1", "end of brackets", "", 7),
        ("(a is 1 b", "end of brackets", "b", 8),
        ("a is 1 or", "field", "", 9),
        ("a in 1", "value", "1", 5),
        ("a in (1", "end of brackets", "", 7),
        ("a is 1 ?", "and", "?", 7),
        ("a not is 1", "operator", "is", 6),
    ],
)
def test_what_is_no_expression_is_told_with_its_place(text: str, wanted: str, token: str, at: int) -> None:
    with pytest.raises(Misread) as misread:
        groups(text, SPOKEN)
    assert (misread.value.wanted, misread.value.token, misread.value.at) == (wanted, token, at)


def test_a_word_that_negates_nothing_is_a_field_like_any_other() -> None:
    plain = Language(token=SPOKEN.token, operators=OPERATORS, meant=meant)
    assert groups("not is 1", plain)[0][0]["propertyName"] == "not"


@pytest.mark.parametrize(
    ("operator", "passed"),
    [("EQ", [1000, 1999]), ("GT", [2000]), ("GTE", [1000, 1999, 2000]), ("LT", [999]), ("LTE", [999, 1000, 1999])],
)
def test_a_time_in_milliseconds_is_compared_by_whole_seconds(operator: str, passed: list[int]) -> None:
    condition = dated("at", operator, 1000)
    assert [at for at in (999, 1000, 1999, 2000) if fits([[condition]], lambda _: str(at))] == passed  # noqa: B023  # called at once


def test_what_is_not_in_a_second_is_before_it_or_after_it() -> None:
    spoken = Language(token=SPOKEN.token, operators=OPERATORS, meant=lambda *_: dated("at", "EQ", 1000), negation="not")
    wanted = groups("not at is x", spoken)
    assert [at for at in (999, 1000, 1999, 2000) if fits(wanted, {"at": str(at)}.get)] == [999, 2000]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([Key(field="size")], ["none", "b", "c", "a"]),
        ([Key(field="size", descending=True)], ["none", "a", "b", "c"]),
        ([Key(field="size", absent_last=True)], ["b", "c", "a", "none"]),
        ([Key(field="size", descending=True, absent_last=True)], ["a", "b", "c", "none"]),
        ([Key(field="size"), Key(field="name", descending=True)], ["none", "c", "b", "a"]),
        ([], ["a", "b", "none", "c"]),
    ],
)
def test_the_first_key_counts_most_and_equals_stay_as_they_came(keys: list[Key], expected: list[str]) -> None:
    things: list[dict[str, Any]] = [
        {"name": "a", "size": 2},
        {"name": "b", "size": 1},
        {"name": "none", "size": None},
        {"name": "c", "size": 1},
    ]
    assert [one["name"] for one in ordered(things, lambda one, field: one[field], keys)] == expected


@pytest.fixture
def stages() -> Collection:
    return fixed("stages", [{"name": "new"}, {"name": "open"}, {"name": "won"}], Clock(lambda: 0, 1_795_000_000_000))


def test_what_is_always_there_is_numbered_from_one_and_can_be_changed(stages: Collection) -> None:
    assert [stages.live(0, 9), stages.create({"name": "lost"}).id] == [[1, 2, 3], 4]
    assert stages.change(2, {"name": "talks"}).fields == {"name": "talks"}
    assert [identity for _, identity in stages.changed(0, 2**62)] == [1, 3, 4, 2]


def test_a_selection_reaches_the_archived_where_they_are_wanted(stages: Collection) -> None:
    stages.archive(1)
    selection = Selection(stages, lambda row, name: row.fields.get(name), id_name="id", changed_name="changed")
    with_o = groups("name has *o* or name is new", SPOKEN)
    assert selection.select(with_o) == [2, 3]
    assert selection.select(with_o, archived=lambda row: row.state == "archived") == [1, 2, 3]
    assert selection.select(with_o, archived=lambda row: row.updated < 0) == [2, 3]
    by_name = [Key(field="name", descending=True)]
    assert selection.select([[]], order=by_name, archived=lambda _: True) == [3, 2, 1]
