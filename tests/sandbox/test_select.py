"""Queries of the form SELECT … FROM … WHERE … ORDER BY … LIMIT: what they ask for, and what of them is refused."""

import pytest

from hub.sandbox.conditions import Condition
from hub.sandbox.order import Key
from hub.sandbox.select import Dialect, Query, WrongQuery

SHAPES = {
    "Book": {
        "Id": "id",
        "Title": "text",
        "Pages": "number",
        "Lent": "flag",
        "Changed": "moment",
        "AuthorRef": "reference Author",
    },
    "Author": {"Id": "id", "Name": "text", "HomeRef": "reference Town"},
    "Town": {"Name": "text"},
}
DIALECT = Dialect(shapes=SHAPES, bare=("number", "flag", "moment"), moment="moment", changed="Changed", link="{}Ref")


def groups(where: str) -> list[list[Condition]]:
    return [list(group) for group in DIALECT.query(f"SELECT Id FROM Book WHERE {where}").groups]  # noqa: S608  # no data base


def test_a_query_is_read_whatever_the_case_of_its_words() -> None:
    assert DIALECT.query("select id , TITLE from book order by pages desc, title limit 7") == Query(
        columns=("Id", "Title"),
        name="Book",
        groups=[[]],
        order=[Key(field="Pages", descending=True), Key(field="Title")],
        limit=7,
    )


def test_whoever_counts_has_no_columns_and_no_limit_is_none() -> None:
    counted = DIALECT.query("SELECT COUNT() FROM Book")
    assert (counted.columns, counted.limit > 10**12) == ((), True)


def test_a_column_may_be_that_of_another_object_by_way_of_references() -> None:
    assert DIALECT.query("SELECT author.name, Author.HOME.name FROM Book").columns == ("Author.Name", "Author.Home.Name")


def test_values_are_compared_as_text_without_their_quotes() -> None:
    (((title, pages),),) = [groups(r"Title = 'It\'s or' AND Pages >= 300")]
    assert (title["propertyName"], title["operator"], title["value"]) == ("Title", "EQ", "It's or")
    assert (pages["propertyName"], pages["operator"], pages["value"]) == ("Pages", "GTE", "300")
    assert groups("Title NOT IN ('A', 'b')")[0][0]["values"] == ["a", "b"]


@pytest.mark.parametrize(
    ("where", "operator"), [("Title = null", "NOT_HAS_PROPERTY"), ("Title != NULL", "HAS_PROPERTY"), ("Title IN (null)", "IN")]
)
def test_nothing_is_a_value_of_its_own(where: str, operator: str) -> None:
    assert groups(where) == [[{"propertyName": "Title", "operator": operator, "values": []}]]


def test_the_time_of_the_last_change_is_compared_in_milliseconds() -> None:
    at = 1_767_225_600_000  # 2026-01-01T00:00:00Z
    assert groups("Changed >= 2025-12-31T21:00:00-03:00") == [[{"propertyName": "Changed", "operator": "GTE", "value": at}]]
    assert groups("Changed > 2026-01-01T00:00:00Z") == [[{"propertyName": "Changed", "operator": "GTE", "value": at + 1000}]]


@pytest.mark.parametrize(
    ("text", "about", "told"),
    [
        ("", "token", {"said": "<EOF>"}),
        ("SELECT Id FROM", "token", {"said": "SELECT Id FROM"}),
        ("SELECT Id FROM Book WHERE Title =", "token", {"said": "<EOF>"}),
        ("SELECT Id FROM Book WHERE Title LIKES 'a'", "token", {"said": "LIKES"}),
        ("SELECT Id FROM Book WHERE Changed > 2026-01-01", "token", {"said": "2026-01-01"}),
        ("SELECT Id FROM Film", "object", {"said": "Film"}),
        ("SELECT Id FROM Book ORDER BY Colour", "field", {"said": "Colour", "name": "Book"}),
        ("SELECT Author.Age FROM Book", "field", {"said": "Age", "name": "Author"}),
        ("SELECT Title.Name FROM Book", "field", {"said": "TitleRef", "name": "Book"}),
        ("SELECT Id FROM Book WHERE Title = 3", "value", {"said": "Title", "name": "Book", "kind": "text"}),
        ("SELECT Id FROM Book WHERE lent = 'true'", "value", {"said": "Lent", "name": "Book", "kind": "flag"}),
    ],
)
def test_what_cannot_be_answered_is_told_with_what_is_wrong_in_it(text: str, about: str, told: dict[str, str]) -> None:
    with pytest.raises(WrongQuery) as wrong:
        DIALECT.query(text)
    assert (wrong.value.about, wrong.value.told) == (about, {"said": "", "name": "", "kind": "", **told})
