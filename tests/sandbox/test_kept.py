"""What is kept under tokens, told as sheets, and counted for whoever is told how much is left."""

import csv
import io
from typing import Any

from hub.sandbox.kept import Kept
from hub.sandbox.sheet import sheet
from hub.sandbox.usage import Usage


def test_what_is_kept_is_found_by_its_token_until_it_is_dropped() -> None:
    kept = Kept[str]("t{:03}".format)
    first, second = kept.keep("one"), kept.keep("two")
    assert (first, second, kept.get(first), kept.get(second), kept.get("t009")) == ("t001", "t002", "one", "two", None)
    assert (kept.drop(first), kept.drop(first), kept.get(first)) == (True, False, None)


def test_a_token_is_given_once_even_when_what_it_was_for_is_gone() -> None:
    kept = Kept[int](str)
    kept.drop(kept.keep(5))
    assert kept.keep(6) == "2"


def test_a_sheet_has_a_line_of_names_and_everything_in_quotes() -> None:
    rows: list[dict[str, Any]] = [
        {"a": "x,\n", "b": {"c": 1}, "d": True, "e": 2.5},
        {"a": 'say "no"', "b": None, "d": False, "e": None},
    ]
    text = sheet(("a", "b.c", "d", "e"), rows, lambda said: f"<{said}>")
    assert text.splitlines()[0] == '"a","b.c","d","e"'
    assert list(csv.reader(io.StringIO(text)))[1:] == [["<x,\n>", "<1>", "true", "<2.5>"], ['<say "no">', "", "false", ""]]
    assert sheet(("a",), []) == '"a"\n'


def test_a_window_tells_how_much_of_it_is_used_as_of_the_last_request() -> None:
    day = Usage(3, 60)
    assert (day.used, day.left) == (0, 3)
    day.take(0.0)
    day.take(30.0)
    assert (day.used, day.left) == (2, 1)
    day.take(70.0)
    assert (day.used, day.left) == (2, 1)
    assert [day.take(71.0).wait, day.take(72.0).wait > 0, day.left] == [0.0, True, 0]
