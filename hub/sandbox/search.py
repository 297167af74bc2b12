"""Finding records by their values: groups of conditions, of which one group must hold entirely.

Conditions on the id and on the time of the last change are answered from order alone, so that the usual walks
(everything by ascending id, everything changed since) look only at records they return.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import EVER, Condition, Group, Interval, holds, interval, ordinal
from hub.sandbox.rows import Row

_BEGIN = milliseconds(BEGINS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One page of ids, and how many there are in all."""

    total: int
    ids: Sequence[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Narrowed:
    """A group, taken apart into what order answers and the rest."""

    ids: Interval
    changed: Interval
    rest: tuple[tuple[tuple[str, str | tuple[str, ...]], ...], ...]

    @property
    def everything(self) -> bool:
        return not self.rest and self.changed.low <= _BEGIN and self.changed.high >= EVER


class Search:
    """Searches one collection. `value` reads a property of a row; `id_name` and `changed_name` are the two quick ones."""

    def __init__(
        self, collection: Collection, value: Callable[[Row, str], str | None], *, id_name: str, changed_name: str
    ) -> None:
        self._collection, self._value = collection, value
        self._id_name, self._changed_name = id_name, changed_name
        self._remembered = lru_cache(maxsize=16)(self._matching)

    def find(self, groups: Sequence[Group], *, offset: int, limit: int, until: int | None = None) -> Found:
        """A page of the records of which one group holds, by ascending id; `until` reads them as they stood then."""
        kept = [self._narrowed(group) for group in groups or [[]]]
        span = kept[0].ids if len(kept) == 1 else Interval()
        if until is None and len(kept) == 1 and kept[0].everything:
            begin, end = (self._collection.position_after(bound) for bound in (span.low - 1, span.high))
            return Found(total=end - begin, ids=self._collection.live(begin + offset, min(begin + offset + limit, end)))
        wanted = tuple(kept) if len(kept) > 1 else (replace(kept[0], ids=Interval()),)
        ids = self._remembered(wanted, self._collection.version, until)
        begin, end = bisect_left(ids, span.low), bisect_left(ids, span.high + 1)
        return Found(total=end - begin, ids=ids[begin + offset : min(begin + offset + limit, end)])

    def find_sorted(self, groups: Sequence[Group], by: str, *, descending: bool, until: int | None = None) -> list[int]:
        """All ids of which one group holds, in the order of a property's values; records without it stand last."""
        wanted = tuple(self._narrowed(group) for group in groups or [[]])
        ids = self._remembered(wanted, self._collection.version, until)
        values = {row.id: self._value(row, by) for row in (self._collection.row(i, until) for i in ids) if row}
        keyed = [(ordinal(value), identity) for identity, value in values.items() if value is not None]
        keyed.sort(key=lambda pair: (isinstance(pair[0], str), *pair), reverse=descending)
        return [identity for _, identity in keyed] + [identity for identity, value in values.items() if value is None]

    def _narrowed(self, group: Group) -> _Narrowed:
        ids, changed, rest = Interval(), Interval(), []
        for condition in group:
            of_id, of_change = interval(condition, self._id_name), interval(condition, self._changed_name)
            ids &= of_id or Interval()
            changed &= of_change or Interval()
            if not of_id and not of_change:
                rest.append(_frozen(condition))
        return _Narrowed(ids=ids, changed=changed, rest=tuple(rest))

    def _matching(self, groups: tuple[_Narrowed, ...], _version: int, until: int | None) -> list[int]:
        """Ascending; the version makes what is remembered fall out of use when anything changes."""
        return sorted({identity for group in groups for identity in self._in_group(group, until)})

    def _in_group(self, group: _Narrowed, until: int | None) -> list[int]:
        collection, changed = self._collection, group.changed
        latest = changed.high if until is None else min(until, changed.high)
        ids = [i for _, i in collection.changed(changed.low, latest) if i in group.ids and collection.is_live(i)]
        if until is not None:
            ids += [row.id for row in self._earlier(until) if row.id in group.ids and row.updated in changed]
        conditions = [dict(condition) for condition in group.rest]
        return [i for i in ids if self._fits(i, conditions, until)] if conditions else ids

    def _earlier(self, until: int) -> list[Row]:
        """What was changed after a time, as it stood then."""
        rows = [self._collection.row(identity, until) for identity in self._collection.changed_later(until)]
        return [row for row in rows if row and row.state == "live"]

    def _fits(self, identity: int, conditions: Sequence[Condition], until: int | None) -> bool:
        row = self._collection.row(identity, until)
        return row is not None and all(holds(c, self._value(row, c["propertyName"])) for c in conditions)


def _frozen(condition: Condition) -> tuple[tuple[str, str | tuple[str, ...]], ...]:
    """The condition as a value that can be remembered by."""
    return tuple((key, tuple(value) if isinstance(value, list) else str(value)) for key, value in condition.items())
