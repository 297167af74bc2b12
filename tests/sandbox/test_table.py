"""What stand-ins share whose queries are conditions: finding rows by their fields, and names for what is known."""

from collections.abc import Sequence

import pytest

from hub.sandbox.collection import Collection
from hub.sandbox.named import named
from hub.sandbox.rows import Row, Source
from hub.sandbox.standin import Controls, controls
from hub.sandbox.table import Table, condition
from hub.sandbox.world import World

NAMES = ("Ana", None, "carla", "Bruno")


@pytest.fixture
def held() -> Controls:
    return controls(lambda: 1_795_000_000)


@pytest.fixture
def people(held: Controls) -> Collection:
    empty = World(1).shelf_of("rt", lambda _slot: 0)
    nobody = Source(shelf=empty, first_id=100, fields=lambda *_: {}, stamps=lambda *_: (0, 0))
    rows = tuple(Row(id=at, created=at, updated=at, fields={"name": name, "age": 10 * at}) for at, name in enumerate(NAMES, 1))
    return Collection("people", nobody, clock=held.clock, head=rows)


def ids(people: Collection, *asked: tuple[str, str, Sequence[str]], **more: object) -> list[int]:
    table = Table(people, lambda row, field: row.id if field == "id" else row.fields.get(field))
    conditions = [found for each in asked if (found := condition(*each))]
    assert len(conditions) == len(asked)
    return [row.id for row in table.rows(conditions, **more)]  # type: ignore[arg-type]  # named by each test


def test_without_conditions_all_stand_by_their_ids(people: Collection) -> None:
    assert ids(people) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("name", "EQ", ["ANA"]), [1]),
        (("name", "NE", ["ana"]), [2, 3, 4]),
        (("age", "gt", ["20"]), [3, 4]),
        (("age", "GTE", ["20"]), [2, 3, 4]),
        (("age", "lt", ["20"]), [1]),
        (("age", "LTE", ["20"]), [1, 2]),
        (("age", "BTW", ["20", "30"]), [2, 3]),
        (("age", "between", ["20", "30"]), [2, 3]),
        (("id", "IN", ["1", "4", "9"]), [1, 4]),
        (("name", "IS_NULL", []), [2]),
        (("name", "IS_NOT_NULL", []), [1, 3, 4]),
    ],
)
def test_an_operator_goes_by_the_names_that_systems_have_for_it(
    people: Collection, asked: tuple[str, str, Sequence[str]], found: list[int]
) -> None:
    assert ids(people, asked) == found


def test_all_conditions_must_hold(people: Collection) -> None:
    assert ids(people, ("age", "GT", ["10"]), ("name", "IS_NOT_NULL", [])) == [3, 4]


@pytest.mark.parametrize(
    ("operator", "values"), [("LIKE", ["a"]), ("EQ", []), ("BETWEEN", ["1"]), ("BTW", []), ("IN", [])], ids=str
)
def test_an_operator_that_does_not_exist_or_lacks_a_value_is_no_condition(operator: str, values: list[str]) -> None:
    assert condition("name", operator, values) is None


def test_what_has_no_value_stands_last_and_letters_in_whatever_case(people: Collection) -> None:
    assert ids(people, order="name") == [1, 4, 3, 2]
    assert ids(people, order="age", descending=True) == [4, 3, 2, 1]


def test_what_was_archived_is_found_only_where_it_is_asked_for(people: Collection) -> None:
    people.archive(3)
    assert ids(people) == [1, 2, 4]
    assert ids(people, archived=True) == [3]
    assert ids(people, ("age", "LT", ["30"]), archived=True) == []


def test_what_is_known_is_told_under_the_names_of_a_tool() -> None:
    seen = World(8).as_seen(0, "rt")
    assert named(seen, "First=given_name Land=country") == {"First": seen.given_name, "Land": seen.country}
    with pytest.raises(AttributeError):
        named(seen, "First=nickname")
