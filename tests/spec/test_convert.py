"""From what systems write to what we hold: a value, None for nothing, ValueError for nonsense."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from hub.model.values import countable
from hub.spec.convert import day, flag, instant, number, text, whole
from tests.spec.anything import JSON

EVERY: list[Callable[[Any], Any]] = [text, flag, number, whole, instant, day]
each = pytest.mark.parametrize("convert", EVERY, ids=lambda convert: convert.__name__)


@each
@pytest.mark.parametrize("nothing", [None, "", "   "])
def test_nothing_is_none(convert: Callable[[Any], Any], nothing: Any) -> None:
    assert convert(nothing) is None


@each
@pytest.mark.parametrize("nonsense", [[], {}, ["1"], {"id": 1}, b"1"])
def test_what_is_no_single_value_is_nonsense(convert: Callable[[Any], Any], nonsense: Any) -> None:
    with pytest.raises(ValueError, match=r"^not "):
        convert(nonsense)


@each
@settings(deadline=None, database=None, max_examples=50)
@given(value=JSON)
def test_any_value_is_read_or_a_value_error(convert: Callable[[Any], Any], value: Any) -> None:
    try:
        found = convert(value)
    except ValueError:
        return
    assert found is None or isinstance(found, str | bool | int | Decimal | datetime)
    assert not isinstance(found, datetime) or found.tzinfo is UTC
    assert not isinstance(found, Decimal) or countable(found)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("  Ana Souza\n", "Ana Souza"),
        (7, "7"),
        (1.5, "1.5"),
        ("\0A\0na", "Ana"),
        (" \0 ", None),
        (True, None),
        (False, None),
        (0, "0"),
    ],
)
def test_text_has_no_blanks_around_it_and_no_nul_and_a_truth_value_is_none(value: Any, found: str | None) -> None:
    assert text(value) == found


@pytest.mark.parametrize("value", [True, "true", "TRUE", " yes ", 1, "1"])
def test_what_is_true(value: Any) -> None:
    assert flag(value) is True


@pytest.mark.parametrize("value", [False, "false", "False", "no", 0, "0"])
def test_what_is_false(value: Any) -> None:
    assert flag(value) is False


@pytest.mark.parametrize("value", ["maybe", "2", 2, -1, "on fire"])
def test_what_is_neither(value: Any) -> None:
    with pytest.raises(ValueError, match="not a truth value"):
        flag(value)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("11050.00", "11050.00"),
        (0.1, "0.1"),
        (-7, "-7"),
        (" 1e3 ", "1E+3"),
        ("1e30", "1E+30"),
        (1e30, "1E+30"),
        ("0.000", "0.000"),
    ],
)
def test_a_number_is_exact(value: Any, found: str) -> None:
    assert str(number(value)) == found


@pytest.mark.parametrize(
    "value",
    ["1e31", 1e31, "0e99999999", "1e-31", "9" * 31, "NaN", "Infinity", "-inf", float("nan"), float("inf"), "1,5", "R$ 10", "ten"],
)
def test_what_counts_nothing_is_no_number(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^not a (finite )?number"):
        number(value)


@pytest.mark.parametrize(
    ("value", "found"),
    [(7, 7), ("7.0", 7), ("-9223372036854775807", 1 - 2**63), ("9223372036854775807", 2**63 - 1), ("1e3", 1000), (True, None)],
)
def test_a_whole_number_fits_64_bits(value: Any, found: int | None) -> None:
    assert whole(value) == found


@pytest.mark.parametrize("value", ["7.5", 0.1, "9223372036854775808", "-9223372036854775809", "1e30"])
def test_a_broken_or_larger_one_does_not(value: Any) -> None:
    with pytest.raises(ValueError, match="not a whole number of 64 bits"):
        whole(value)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520000+00:00"),
        ("1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57+00:00"),
        ("1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.870000+00:00"),
        ("20041231T235959Z", "2004-12-31T23:59:59+00:00"),
        ("2004-W53-6", "2005-01-01T00:00:00+00:00"),
        ("2026-03-01", "2026-03-01T00:00:00+00:00"),
        ("2026-03-01 09:30:00", "2026-03-01T09:30:00+00:00"),
        ("1969-12-31T21:00:01-03:00", "1970-01-01T00:00:01+00:00"),
        (1700000000, "2023-11-14T22:13:20+00:00"),
        ("1700000000", "2023-11-14T22:13:20+00:00"),
        (1700000000000, "2023-11-14T22:13:20+00:00"),
        ("1700000000123", "2023-11-14T22:13:20.123000+00:00"),
        (1700000000.5, "2023-11-14T22:13:20.500000+00:00"),
        (-1, "1969-12-31T23:59:59+00:00"),
        (99_999_999_999, "5138-11-16T09:46:39+00:00"),
        (100_000_000_001, "1973-03-03T09:46:40.001000+00:00"),
    ],
)
def test_a_moment_is_read_from_iso_8601_and_from_seconds_and_milliseconds(value: Any, found: str) -> None:
    """RFC 3339, section 5.8; https://en.wikipedia.org/wiki/ISO_week_date; the seconds by `date -u -d @1700000000`."""
    assert str(instant(value)).replace(" ", "T") == found


@pytest.mark.parametrize("never", ["1970-01-01T00:00:00Z", "1969-12-31T21:00:00-03:00", 0, "0", 0.0])
def test_the_start_of_1970_is_never(never: Any) -> None:
    assert instant(never) is None


@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "2026-02-30",
        "2026-13-01T00:00:00Z",
        "25:00",
        "0001-01-01T00:00:00+01:00",
        "9" * 400,
        float("nan"),
        "--1",
        "²",
        "1.2.3",
    ],
)
def test_what_is_no_moment(value: Any) -> None:
    with pytest.raises(ValueError, match="not a moment in time"):
        instant(value)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-03-01", "2026-03-01"),
        (" 2024-02-29 ", "2024-02-29"),
        ("2026-03-01T23:59:59-03:00", "2026-03-01"),
        ("2026-03-01 10:00", "2026-03-01"),
    ],
)
def test_a_date_is_the_one_the_source_wrote_whatever_the_zone(value: str, found: str) -> None:
    assert day(value) == found


@pytest.mark.parametrize("value", ["2026-02-29", "2026-13-01", "01/03/2026", "20260301", 20260301, "2026-3-1", "tomorrow"])
def test_what_is_no_date(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the calendar says it in its own words
        day(value)
