"""Searches that also reach what was archived, in the order that somebody wants."""

from collections.abc import Callable, Sequence
from functools import partial

from hub.sandbox.answers import rows
from hub.sandbox.conditions import EVER, Group, ordinal
from hub.sandbox.language import fits
from hub.sandbox.order import Key, ordered
from hub.sandbox.rows import Row
from hub.sandbox.search import Search


class Selection(Search):
    """Selects from one collection; values and the two quick properties are as in `Search`."""

    def select(
        self, groups: Sequence[Group], *, order: Sequence[Key] = (), archived: Callable[[Row], bool] | None = None
    ) -> list[int]:
        """All ids of which one group holds, by id where no order says otherwise; those too that were archived, if these are."""
        found = list(self.find(groups, offset=0, limit=EVER).ids)
        binned = rows(self._collection, self._collection.archived()) if archived else []
        found += [row.id for row in binned if archived and archived(row) and fits(groups, partial(self._value, row))]
        return [row.id for row in ordered(rows(self._collection, sorted(found)), self._place, order)] if order else sorted(found)

    def replace(self, field: str, old: str, new: object) -> None:
        """Give all live records that have one value another one."""
        for one in self.select([[{"propertyName": field, "operator": "EQ", "value": old}]]):
            self._collection.change(one, {field: new})

    def _place(self, row: Row, name: str) -> tuple[bool, float | str] | None:
        """What to order by: numbers and times before words."""
        value = self._value(row, name)
        return None if value is None else (isinstance(placed := ordinal(value), str), placed)
