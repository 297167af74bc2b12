"""One version of a record, what happened to it, where records come from, and the clock that dates their changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import RLock
from typing import Any, Literal

from hub.sandbox.shelf import Shelf

Fields = Mapping[str, Any]
State = Literal["live", "archived", "gone"]
Event = Literal["created", "changed", "deleted", "restored", "merged", "erased"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One version of a record; times in milliseconds since 1970.

    An archived row can still be read as such; one that is gone was merged into another or erased.
    """

    id: int
    created: int
    updated: int
    fields: Fields
    state: State = "live"
    merged_into: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What happened to a record; `fields` holds the values that are new, `before` the row until then."""

    object: str
    kind: Event
    row: Row
    before: Row | None
    fields: Fields
    loser: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a collection's first records come from: record k of member i is made when somebody asks for it."""

    shelf: Shelf
    first_id: int
    fields: Callable[[int, int], Fields]
    stamps: Callable[[int, int], tuple[int, int]]


class Clock:
    """The stand-in's time in milliseconds: the one given, but never at or before what it has already said."""

    def __init__(self, now: Callable[[], float], latest: int) -> None:
        """`now` gives seconds since 1970, `latest` is the newest time in the records."""
        self._now, self._latest, self._lock = now, latest, RLock()

    def now(self) -> int:
        """The time, which never runs backwards."""
        return max(int(self._now() * 1000), self._latest)

    def tick(self) -> int:
        """A time later than all before."""
        with self._lock:
            self._latest = max(int(self._now() * 1000), self._latest + 1)
            return self._latest
