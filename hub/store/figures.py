"""How the hub stands, in numbers: the ledger, the streams, the runs and the feed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from hub.store import tables as t
from hub.store.database import Transaction


def work(tx: Transaction) -> Sequence[Any]:
    """Rows of work as (kind, state, count)."""
    return tx.execute(select(t.work.c.kind, t.work.c.state, func.count()).group_by(t.work.c.kind, t.work.c.state)).all()


def oldest_due(tx: Transaction, now: datetime) -> datetime | None:
    """Since when the longest waiting piece of work has been due; None where nothing is."""
    due = (t.work.c.state == "pending", t.work.c.not_before <= now)
    found: datetime | None = tx.execute(select(func.min(t.work.c.not_before)).where(*due)).scalar_one()
    return found


def standings(tx: Transaction) -> Sequence[Any]:
    """Every stream with its connection's state, its failures and when it was last complete."""
    joined = t.stream.join(t.connection, t.connection.c.id == t.stream.c.connection_id)
    columns = (t.stream.c.connection_id, t.stream.c.name, t.stream.c.failures, t.stream.c.done_at, t.connection.c.state)
    return tx.execute(select(*columns).select_from(joined).order_by(t.stream.c.connection_id, t.stream.c.name)).all()


def connections(tx: Transaction) -> Sequence[Any]:
    """Connections as (connector, state, count)."""
    columns = (t.connection.c.connector, t.connection.c.state)
    return tx.execute(select(*columns, func.count()).group_by(*columns)).all()


def feed_position(tx: Transaction) -> int:
    """The position of the newest row of the feed, 0 where there is none."""
    return int(tx.execute(select(func.coalesce(func.max(t.change.c.position), 0))).scalar_one())


def streams(tx: Transaction, connection_id: str) -> Sequence[Any]:
    """The streams of a connection by name."""
    columns = (t.stream.c.name, t.stream.c.done_at, t.stream.c.due_at, t.stream.c.failures)
    return tx.execute(select(*columns).where(t.stream.c.connection_id == connection_id).order_by(t.stream.c.name)).all()


def runs(tx: Transaction, connection_id: str, limit: int = 50) -> Sequence[Any]:
    """The latest runs of a connection, the newest first."""
    mine = select(t.run).where(t.run.c.connection_id == connection_id)
    return tx.execute(mine.order_by(t.run.c.id.desc()).limit(limit)).all()
