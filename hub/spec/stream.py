"""A stream: one kind of record a system lists, and how to read all of it, what changed, and single ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hub.spec.wire import Following, Record, Reply, Request, pluck, records


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """One batch request a page whose answer is folded into the page's records, such as HubSpot's associations.

    `request` takes at most `size` record ids, `read` gives a value by record id, which lands in the record under `into`.
    """

    into: str
    size: int
    request: Callable[[Sequence[str]], Request]
    read: Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """How to read at most `size` records again by their ids; one that was asked for and not answered is gone there."""

    request: Callable[[Sequence[str]], Request]
    size: int = 1
    records: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One kind of record.  Paths are dotted; times are UTC.

    `start` gives the first request: of everything for None, else of what changed since.  Without `changed_at` a change is
    seen by comparing content, `volatile` paths left out (what the system computes anew at every read).
    """

    name: str
    start: Callable[[datetime | None], Request]
    following: Following
    records: str | Callable[[Reply], list[Record] | None]
    """Where an answer's records lie. A function gives them: none of an answer that only prepares those after it, such as a
    description or a job that was made, and None where the answer is none of this stream."""
    id: str = "id"
    changed_at: str | None = None
    incremental: bool = True
    """False: the source cannot filter by change; every run reads everything."""
    some: Some | None = None
    also: tuple[Lookup, ...] = ()
    total: str | None = None
    """Where the first page of a run says how many records the run will bring; a run that brings them all is certified."""
    lag: timedelta = timedelta(0)
    """The newest so-much is not reliable yet: the next run starts that much earlier."""
    every: timedelta = timedelta(minutes=5)
    gone: Callable[[Record], bool] | None = None
    """Tells a record that the stream itself shows as deleted."""
    tombstones_of: str | None = None
    """This stream lists what was deleted from that other stream."""
    sweep: timedelta | None = None
    """A complete read shows all that exists: read everything this often, then what was not seen is gone."""
    volatile: tuple[str, ...] = ()

    def found(self, reply: Reply) -> list[Record] | None:
        """The records of an answer; None where it is no answer of this stream, perhaps an error that looks like success."""
        if callable(self.records):
            return self.records(reply)
        return None if pluck(reply.body, self.records) is None else records(reply.body, self.records)
