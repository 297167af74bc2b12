"""The records of one object of one stand-in: the world's, and whatever was changed, created, deleted or merged since.

Changes live in memory and each gets a later time than everything seen before; the world below stays as it is.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from dataclasses import replace
from heapq import merge
from threading import RLock

from hub.sandbox.rows import Change, Clock, Event, Fields, Row, Source, State
from hub.sandbox.timeline import Timeline


class Collection:
    """Live ids ascend: those of `head`, which are smaller than the world's, then the world's, then created ones."""

    def __init__(self, name: str, source: Source, *, clock: Clock, head: tuple[Row, ...] = ()) -> None:
        self.name, self.clock, self.version, self.first_id = name, clock, 0, source.first_id
        self.listeners: list[Callable[[Change], None]] = []
        self._source, self._lock = source, RLock()
        self._versions: dict[int, list[Row]] = {row.id: [row] for row in head}
        self._low, self._high, self._removed = [row.id for row in head], list[int](), list[int]()
        self._first_new = source.first_id + source.shelf.members * source.shelf.width
        self._timeline = Timeline(source)

    def _world_row(self, identity: int) -> Row | None:
        number = identity - self._source.first_id
        if number not in self._source.shelf:
            return None
        key = divmod(number, self._source.shelf.width)
        created, updated = self._source.stamps(*key)
        return Row(id=identity, created=created, updated=updated, fields=self._source.fields(*key))

    def row(self, identity: int, until: int | None = None) -> Row | None:
        """The record, archived ones included; `until` gives the version that stood at that time."""
        versions = self._versions.get(identity)
        if versions is None:
            return self._world_row(identity)
        for row in reversed(versions):
            if until is None or row.updated <= until:
                return None if row.state == "gone" else row
        return None

    def is_live(self, identity: int) -> bool:
        """Whether a known record is neither archived nor gone."""
        versions = self._versions.get(identity)
        return versions is None or versions[-1].state == "live"

    def changed_later(self, moment: int) -> list[int]:
        """The ids of what was touched after a time."""
        return [identity for identity, versions in list(self._versions.items()) if versions[-1].updated > moment]

    def survivor(self, identity: int) -> int:
        """The record that holds what this one held: another one after it was merged."""
        while (versions := self._versions.get(identity)) and (winner := versions[-1].merged_into) is not None:
            identity = winner
        return identity

    def losers(self, identity: int) -> list[int]:
        """The records that were merged into this one, at once or by way of others."""
        gone = [loser for loser, versions in list(self._versions.items()) if versions[-1].merged_into is not None]
        return [loser for loser in gone if self.survivor(loser) == identity]

    def __len__(self) -> int:
        return len(self._low) + len(self._source.shelf) - len(self._removed) + len(self._high)

    def position_after(self, identity: int) -> int:
        """How many live ids are at most this one."""
        with self._lock:
            place = self._source.shelf.position(identity - self._source.first_id + 1)
            inside = place - bisect_left(self._removed, place)
            return bisect_right(self._low, identity) + inside + bisect_right(self._high, identity)

    def live(self, start: int, stop: int) -> list[int]:
        """The live ids at the positions from start up to stop."""
        with self._lock:
            return [self._at(position) for position in range(max(start, 0), min(stop, len(self)))]

    def _at(self, position: int) -> int:
        if position < len(self._low):
            return self._low[position]
        wanted = position - len(self._low)
        left = len(self._source.shelf) - len(self._removed)
        if wanted >= left:
            return self._high[wanted - left]
        place = wanted
        while (found := wanted + bisect_right(self._removed, place)) != place:
            place = found
        return self._source.first_id + self._source.shelf[place]

    def archived(self) -> list[int]:
        """The ids in the recycle bin, ascending."""
        return sorted(identity for identity, versions in self._versions.items() if versions[-1].state == "archived")

    def changed(self, earliest: int, latest: int) -> Iterator[tuple[int, int]]:
        """(updated, id) of what last changed between the two times, both included, in that order; archived ones too."""
        with self._lock:
            own = sorted(
                (versions[-1].updated, identity)
                for identity, versions in self._versions.items()
                if versions[-1].state != "gone" and earliest <= versions[-1].updated <= latest
            )
        untouched = (entry for entry in self._timeline.between(earliest, latest) if entry[1] not in self._versions)
        return merge(own, untouched)

    def create(self, fields: Fields) -> Row:
        """A new live record with the next id."""
        with self._lock:
            identity, moment = self._first_new, self.clock.tick()
            self._first_new += 1
            row = Row(id=identity, created=moment, updated=moment, fields=dict(fields))
            return self._store(Change(object=self.name, kind="created", row=row, before=None, fields=fields))

    def change(self, identity: int, fields: Fields) -> Row:
        """The record with new values; KeyError where there is none."""
        return self._next("changed", identity, fields=fields)

    def archive(self, identity: int) -> Row:
        """The record, moved to the recycle bin."""
        return self._next("deleted", identity, state="archived")

    def restore(self, identity: int) -> Row:
        """The record, taken back out of the recycle bin."""
        return self._next("restored", identity)

    def erase(self, identity: int) -> Row:
        """The record, gone without a trace."""
        return self._next("erased", identity, state="gone")

    def merge(self, winner: int, loser: int, fields: Fields, *, leaves: State = "gone") -> Row:
        """The winner with new values; the loser points to it and is gone, or what else merging leaves of it."""
        with self._lock:
            gone = self._next("merged", loser, state=leaves, merged_into=winner, told=False)
            return self._next("merged", winner, fields=fields, loser=gone.id)

    def _next(
        self,
        kind: Event,
        identity: int,
        *,
        fields: Fields | None = None,
        state: State = "live",
        merged_into: int | None = None,
        loser: int | None = None,
        told: bool = True,
    ) -> Row:
        with self._lock:
            before = self.row(identity)
            if before is None:
                raise KeyError(identity)
            row = replace(
                before,
                updated=self.clock.tick(),
                fields={**before.fields, **(fields or {})},
                state=state,
                merged_into=merged_into,
            )
            change = Change(object=self.name, kind=kind, row=row, before=before, fields=fields or {}, loser=loser)
            return self._store(change, told=told)

    def _store(self, change: Change, *, told: bool = True) -> Row:
        row, before = change.row, change.before
        self._versions.setdefault(row.id, [before] if before else []).append(row)
        self.version += 1
        was_live = before is not None and before.state == "live"
        if was_live != (row.state == "live"):
            self._place(row.id, live=not was_live)
        for listener in self.listeners if told else ():
            listener(change)
        return row

    def _place(self, identity: int, *, live: bool) -> None:
        """Keep the lists of live ids right when a record comes or goes."""
        number = identity - self._source.first_id
        if 0 <= number < self._source.shelf.members * self._source.shelf.width:
            place, listed, added = self._source.shelf.position(number), self._removed, not live
        else:
            place, listed, added = identity, self._low if number < 0 else self._high, live
        if added:
            insort(listed, place)
        else:
            listed.remove(place)
