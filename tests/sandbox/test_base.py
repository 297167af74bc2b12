"""Objects with typed fields that refer to each other: how they are shown, found, merged, and what their ids are."""

from decimal import Decimal
from typing import Any

import pytest

from hub.sandbox.base import Base, Model
from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.fixed import fixed
from hub.sandbox.ids import Ids
from hub.sandbox.rows import Clock
from hub.sandbox.select import Dialect

SHAPES = {
    "Book": {"Id": "id", "Title": "text", "Price": "money", "Lent": "boolean", "Bought": "day", "AuthorRef": "reference Author"},
    "Author": {"Id": "id", "Name": "text", "TownRef": "reference Town", "MergedInto": "reference Author"},
    "Town": {"Id": "id", "Name": "text"},
}
IDS = Ids(marks={"Book": ("bo", "X"), "Author": ("au", "Y"), "Town": ("to", "")}, digits=4)
MODEL = Model(
    dialect=Dialect(shapes=SHAPES, bare=("boolean",), moment="moment", changed="", link="{}Ref"),
    ids=IDS,
    own=lambda _name, row: {"Id": row.id, "MergedInto": row.merged_into},
    written={"day": lambda at: f"day {at // 86_400_000}"},
    head=lambda name: {"is": name},
    master="MergedInto",
)
BOOKS: list[dict[str, Any]] = [
    {"Title": "One", "Price": Decimal("9.50"), "Lent": True, "Bought": 86_400_000 * 3, "AuthorRef": 1},
    {"Title": "Two", "Bought": "long ago", "AuthorRef": "au0002Y"},
    {"Title": "Three"},
]


@pytest.fixture
def base() -> Base:
    clock = Clock(lambda: 0, milliseconds(BEGINS))
    authors: list[dict[str, Any]] = [{"Name": "Ana", "TownRef": 1}, {"Name": "Bia"}]
    held = {"Book": BOOKS, "Author": authors, "Town": [{"Name": "Recife"}]}
    return Base(MODEL, {name: fixed(name, rows, clock) for name, rows in held.items()})


def asked(base: Base, text: str) -> list[Any]:
    query = MODEL.dialect.query(text)
    return base.part(query, base.select(query))


def test_an_id_says_of_which_object_and_which_record_it_is() -> None:
    assert (IDS.of("Book", 12), IDS.number("Book", "bo0012X"), IDS.read("to0007")) == ("bo0012X", 12, ("Town", 7))


@pytest.mark.parametrize("wrong", ["bo0012", "au0012X", "bo12X", "boelevenX", "xx0001"])
def test_what_is_no_id_of_an_object_has_no_number(wrong: str) -> None:
    assert IDS.read(wrong) is None
    with pytest.raises(ValueError, match=wrong):
        IDS.number("Book", wrong)


def test_every_field_is_shown_as_its_type_is_written_and_text_as_it_stands(base: Base) -> None:
    one, two, three = (base.shown(*found) for found in map(base.find, ("bo0001X", "bo0002X", "bo0003X")) if found)
    assert one == {
        "is": "Book",
        "Id": "bo0001X",
        "Title": "One",
        "Price": 9.5,
        "Lent": True,
        "Bought": "day 3",
        "AuthorRef": "au0001Y",
    }
    assert (two["Price"], two["Lent"], two["Bought"], two["AuthorRef"]) == (None, False, "long ago", "au0002Y")
    assert three["AuthorRef"] is None


def test_what_is_not_there_is_not_found(base: Base) -> None:
    assert [base.find(text) for text in ("bo0009X", "xx0001", "")] == [None, None, None]


def test_fields_of_other_records_are_nested_and_those_of_nobody_null(base: Base) -> None:
    found = asked(base, "SELECT Title, Author.Name, Author.Town.Name, Author.Id FROM Book ORDER BY Id")
    ana = {"is": "Author", "Name": "Ana", "Town": {"is": "Town", "Name": "Recife"}, "Id": "au0001Y"}
    assert [one["Author"] for one in found] == [ana, {"is": "Author", "Name": "Bia", "Town": None, "Id": "au0002Y"}, None]


def test_a_query_finds_what_fits_in_its_order_up_to_its_limit_and_in_the_bin_where_it_is_wanted(base: Base) -> None:
    assert [one["Title"] for one in asked(base, "SELECT Title FROM Book ORDER BY Title DESC LIMIT 2")] == ["Two", "Three"]
    assert [one["Title"] for one in asked(base, "SELECT Title FROM Book WHERE AuthorRef = 'au0002Y'")] == ["Two"]
    base.tables["Book"].archive(3)
    query = MODEL.dialect.query("SELECT Title FROM Book WHERE Lent = false")
    assert (base.select(query), base.select(query, lambda _row: True)) == ([2], [2, 3])


def test_whoever_is_merged_names_the_winner_who_gets_all_that_referred_to_the_loser(base: Base) -> None:
    assert base.merge(base.tables["Author"], 1, 2).id == 1
    lost = base.find("au0002Y")
    assert lost is not None
    assert (lost[1].state, base.shown(*lost)["MergedInto"]) == ("archived", "au0001Y")
    assert [one["AuthorRef"] for one in asked(base, "SELECT AuthorRef FROM Book")] == ["au0001Y", "au0001Y", None]


def test_what_cannot_name_a_winner_is_never_merged(base: Base) -> None:
    with pytest.raises(ValueError, match="2"):
        base.merge(base.tables["Book"], 1, 2)
    assert len(base.tables["Book"]) == 3
