"""Pushes as rows: each once, until the record it hints at has been read again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from hub.spec import Change
from hub.store import tables as t
from hub.store.database import Transaction, chunks, inserting

KEPT = timedelta(days=7)
"""How long a push is remembered after it was dealt with: longer than any sender repeats it."""


def put(tx: Transaction, door: str, key: str, *, connection_id: str, change: Change, now: datetime) -> bool:
    """Store a push; False where it is there already."""
    row = {"door": door, "key": key, "connection_id": connection_id, "stream": change.stream, "source_id": change.id}
    statement = inserting(tx, t.inbox).values(row | {"received_at": now})
    return tx.execute(statement.on_conflict_do_nothing(index_elements=["door", "key"])).rowcount == 1


def waiting(tx: Transaction, connection_id: str, stream: str, limit: int = 100) -> dict[int, str]:
    """The source ids that pushes of a stream hint at and nobody has read since, by row."""
    mine = (t.inbox.c.connection_id == connection_id, t.inbox.c.stream == stream, t.inbox.c.done_at.is_(None))
    rows = tx.execute(select(t.inbox.c.id, t.inbox.c.source_id).where(*mine).order_by(t.inbox.c.id).limit(limit))
    return {row.id: row.source_id for row in rows}


def streams(tx: Transaction, connection_id: str) -> list[str]:
    """The streams of a connection that have pushes waiting."""
    mine = (t.inbox.c.connection_id == connection_id, t.inbox.c.done_at.is_(None))
    return list(tx.execute(select(t.inbox.c.stream).where(*mine).distinct().order_by(t.inbox.c.stream)).scalars())


def done(tx: Transaction, ids: Sequence[int], now: datetime) -> None:
    """These were dealt with."""
    for some in chunks(ids):
        tx.execute(update(t.inbox).where(t.inbox.c.id.in_(some)).values(done_at=now))


def prune(tx: Transaction, now: datetime) -> None:
    """Forget what was dealt with long ago."""
    tx.execute(delete(t.inbox).where(t.inbox.c.done_at < now - KEPT))
