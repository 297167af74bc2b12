"""Records found by any of their fields, for systems whose queries are lists of conditions that must all hold."""

from collections.abc import Callable, Sequence
from typing import Any

from hub.sandbox.answers import rows
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import NEEDS, OPERATORS, Condition, holds, ordinal
from hub.sandbox.rows import Row

_ALSO = {"NE": "NEQ", "BTW": "BETWEEN", "IS_NULL": "NOT_HAS_PROPERTY", "IS_NOT_NULL": "HAS_PROPERTY"}
"""What some systems call an operator."""


def condition(field: str, operator: str, values: Sequence[str]) -> Condition | None:
    """A condition on a field, its operator in any case of letters; None where there is none such, or a value is missing."""
    known = _ALSO.get(operator.upper(), operator.upper())
    least = 2 if known == "BETWEEN" else int(NEEDS.get(known, "value") is not None)
    if known not in OPERATORS or len(values) < least:
        return None
    first, last = (values[0], values[-1]) if values else ("", "")
    lowered = [each.lower() for each in values]
    return {"propertyName": field, "operator": known, "value": first, "highValue": last, "values": lowered}


class Table:
    """A collection whose records are found by what `value` reads in them."""

    def __init__(self, collection: Collection, value: Callable[[Row, str], Any]) -> None:
        self._collection, self._value = collection, value

    def rows(
        self, conditions: Sequence[Condition], order: str = "", *, descending: bool = False, archived: bool = False
    ) -> list[Row]:
        """All that fits of the live records, or of the archived ones: by a field, those without it last; else by id."""
        held = self._collection
        ids = held.archived() if archived else held.live(0, len(held))
        found = [row for row in rows(held, ids) if all(self._fits(row, each) for each in conditions)]
        return sorted(found, key=lambda row: _place(self._value(row, order)), reverse=descending) if order else found

    def _fits(self, row: Row, asked: Condition) -> bool:
        said = self._value(row, asked["propertyName"])
        return holds(asked, None if said is None else str(said))


def _place(value: Any) -> tuple[bool, bool, float | str]:
    """Where a record stands by a value, as conditions compare it."""
    compared = ordinal(str(value))
    return value is None, isinstance(compared, str), compared
