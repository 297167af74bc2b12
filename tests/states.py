"""What a sync leaves behind, to be compared with what another one did; and how to lose a worker at every page of one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from unittest.mock import patch

from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from hub.spec import Record, Reply, Stream, pluck
from hub.store import tables as t
from hub.sync.hub import Hub

Row = tuple[Any, ...]

STATE = {
    t.record: {"received_at"},
    t.source: {"raw_id", "received_at"},
    t.raw: {"id", "received_at"},
    t.identifier: set[str](),
    t.mention: set[str](),
    t.merger: set[str](),
    t.link: set[str](),
    t.fact: {"raw_id", "recorded_at", "retracted_at"},
    t.interval: set[str](),
    t.candidate: set[str](),
    t.customer: {"changed_at", "known_at", "hash"},
    t.question: {"last_at"},
}
"""What a sync leaves behind, each table with the columns that tell only when things arrived and as which number."""


def state(hub: Hub) -> dict[str, list[Row]]:
    """What a sync left behind, to be compared with what another one did, on whichever database."""
    with hub.database.reading() as tx:
        return {
            table.name: sorted(
                (lasting(row) for row in tx.execute(select(*(column for column in table.columns if column.name not in passing)))),
                key=repr,
            )
            for table, passing in STATE.items()
        }


def timeless(document: str) -> str:
    """A customer's document without when each value became known."""
    return re.sub(r',?"recorded_at":(null|"[^"]*")', "", document)


def lasting(row: Any) -> Row:
    """A row without what only tells when something was seen."""
    if getattr(row, "confidence", 1.0) < 1.0:
        row = [value for name, value in row._mapping.items() if name not in ("id", "occurred_at")]
    return tuple(timeless(value) if isinstance(value, str) and value.startswith("{") else value for value in row)


def ended(hub: Hub) -> bool:
    """Whether every stream was read to its end, every customer derived, and nothing waits."""
    waiting = ("SELECT count(*) FROM work", "SELECT count(*) FROM dirty", "SELECT count(*) FROM stream WHERE done_at IS NULL")
    with hub.database.reading() as tx:
        return not any(tx.execute(text(query)).scalar_one() for query in waiting)


@contextmanager
def bare_records(*, blank: bool) -> Iterator[set[tuple[str, str]]]:
    """Records arrive with nothing but which they are and when they changed; `blank`: the rest is there, and null.

    Which records came is added up, each as (stream, id).
    """
    whole, came = Stream.found, set[tuple[str, str]]()

    def found(stream: Stream, reply: Reply) -> list[Record] | None:
        kept = {path.partition(".")[0] for path in (stream.id, stream.changed_at or stream.id)}
        records = whole(stream, reply)
        came.update((stream.tombstones_of or stream.name, str(pluck(one, stream.id))) for one in records or ())
        if records is None:
            return None
        return [
            {name: value if name in kept else None for name, value in one.items() if blank or name in kept} for one in records
        ]

    with patch.object(Stream, "found", found):
        yield came


@contextmanager
def broken_pages(hub: Hub) -> Iterator[list[int]]:
    """The transaction of every page is lost the first time, and its worker with it; the runs that lost one, in their order."""
    lost: list[int] = []
    broken: set[int] = set()
    page: ContextVar[int | None] = ContextVar("page", default=None)

    def executed(_tx: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> None:
        if statement.startswith("UPDATE run SET pages"):
            page.set(parameters[-1])

    def committing(_tx: Any) -> None:
        run = page.get()
        page.set(None)
        if run in broken:
            broken.remove(run)
        elif run is not None:
            broken.add(run)
            lost.append(run)
            raise OperationalError("COMMIT", {}, RuntimeError("killed"))

    event.listen(hub.database.engine, "before_cursor_execute", executed)
    event.listen(hub.database.engine, "commit", committing)
    try:
        yield lost
    finally:
        event.remove(hub.database.engine, "before_cursor_execute", executed)
        event.remove(hub.database.engine, "commit", committing)
