"""Conditions on a record's values, with the operators that searches of CRMs have."""

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Condition = Mapping[str, Any]
"""`propertyName`, `operator` and, as the operator needs them, `value`, `highValue` or `values`."""
Group = Sequence[Condition]
EVER = 2**62


def ordinal(value: str) -> float | str:
    """A value to compare by: numbers and dates as numbers (dates in milliseconds), other text in lower case."""
    try:
        return float(value)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value.lower()
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000


def _compared(found: str, wanted: str) -> int | None:
    """-1, 0 or 1; None where a number meets a word."""
    left, right = ordinal(found), ordinal(wanted)
    if isinstance(left, float) and isinstance(right, float):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    return None


def _token(found: str, wanted: str) -> bool:
    """Whether one word of the value fits the pattern, in which * stands for anything."""
    words = [found.lower(), *found.lower().replace("@", " ").replace(".", " ").split()]
    return any(fnmatch.fnmatchcase(word, wanted.lower()) for word in words)


_OPERATORS: dict[str, Callable[[str, Condition], bool]] = {
    "EQ": lambda found, c: _compared(found, c["value"]) == 0,
    "NEQ": lambda found, c: _compared(found, c["value"]) != 0,
    "LT": lambda found, c: _compared(found, c["value"]) == -1,
    "LTE": lambda found, c: _compared(found, c["value"]) in (-1, 0),
    "GT": lambda found, c: _compared(found, c["value"]) == 1,
    "GTE": lambda found, c: _compared(found, c["value"]) in (0, 1),
    "BETWEEN": lambda found, c: _compared(found, c["value"]) in (0, 1) and _compared(found, c["highValue"]) in (-1, 0),
    "IN": lambda found, c: found.lower() in c["values"],
    "NOT_IN": lambda found, c: found.lower() not in c["values"],
    "HAS_PROPERTY": lambda _found, _c: True,
    "CONTAINS_TOKEN": lambda found, c: _token(found, c["value"]),
    "NOT_CONTAINS_TOKEN": lambda found, c: not _token(found, c["value"]),
}
_ABSENT_FITS = ("NOT_HAS_PROPERTY", "NEQ", "NOT_IN", "NOT_CONTAINS_TOKEN")
OPERATORS = frozenset(_OPERATORS) | {"NOT_HAS_PROPERTY"}
NEEDS = {"IN": "values", "NOT_IN": "values", "HAS_PROPERTY": None, "NOT_HAS_PROPERTY": None}
"""The key an operator needs beside its property; every other one needs `value`."""


def holds(condition: Condition, value: str | None) -> bool:
    """Whether a property's value fulfils a condition."""
    operator = condition["operator"]
    if value is None:
        return operator in _ABSENT_FITS
    return operator in _OPERATORS and _OPERATORS[operator](value, condition)


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """Whole numbers from low up to high, both included."""

    low: int = 0
    high: int = EVER

    def __and__(self, other: "Interval") -> "Interval":
        return Interval(low=max(self.low, other.low), high=min(self.high, other.high))

    def __contains__(self, number: int) -> bool:
        return self.low <= number <= self.high


def interval(condition: Condition, name: str) -> Interval | None:
    """The numbers of a property that a condition lets pass; None where it is about another property or not an order."""
    first = ordinal(str(condition.get("value")))
    if condition["propertyName"] != name or isinstance(first, str):
        return None
    number, last = int(first), ordinal(str(condition.get("highValue")))
    if condition["operator"] == "BETWEEN" and isinstance(last, float):
        return Interval(low=number, high=int(last))
    return {
        "EQ": Interval(low=number, high=number),
        "GT": Interval(low=number + 1),
        "GTE": Interval(low=number),
        "LT": Interval(high=number - 1),
        "LTE": Interval(high=number),
    }.get(condition["operator"])
