"""What people are asked, and what they decided: append-only, the latest of a kind and key holds."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from hub.spec import Unknown
from hub.store import tables as t
from hub.store.database import Transaction, inserting

MAX_RAW = 150


def ask(tx: Transaction, connection_id: str, stream: str, unknown: Iterable[Unknown], now: datetime) -> None:
    """Count values that nobody has decided about; such as could not be read are counted without what they said."""
    counted: dict[tuple[str, str, str], int] = {}
    for each in unknown:
        key = (each.path, (each.raw or "")[:MAX_RAW], each.why[:MAX_RAW])
        counted[key] = counted.get(key, 0) + 1
    rows = [
        {"connection_id": connection_id, "stream": stream, "path": path, "raw": raw, "why": why, "count": count, "last_at": now}
        for (path, raw, why), count in counted.items()
    ]
    for row in rows:
        statement = inserting(tx, t.question).values(row)
        change = {"count": t.question.c.count + row["count"], "last_at": now, "why": row["why"]}
        tx.execute(statement.on_conflict_do_update(index_elements=["connection_id", "stream", "path", "raw"], set_=change))


def forget(tx: Transaction, connection_id: str, stream: str) -> None:
    """Ask anew: everything stored is about to be read again."""
    tx.execute(delete(t.question).where(t.question.c.connection_id == connection_id, t.question.c.stream == stream))


def decide(tx: Transaction, kind: str, key: str, value: Any, *, by: str, now: datetime) -> int:
    """Record a decision; nothing is ever edited."""
    row = {"kind": kind, "key": key, "value": json.dumps(value), "by": by, "recorded_at": now}
    return int(tx.execute(insert(t.decision).values(row).returning(t.decision.c.id)).scalar_one())


def decided(tx: Transaction, kind: str, prefix: str = "") -> list[Any]:
    """The decisions of a kind whose key starts so, in the order they were made."""
    query = select(t.decision).where(t.decision.c.kind == kind, t.decision.c.key.startswith(prefix, autoescape=True))
    return list(tx.execute(query.order_by(t.decision.c.id)))


def bodies(tx: Transaction, connection_id: str, kind: str) -> list[str]:
    """The canonical records of a type that a connection has, as JSON, in the order of their ids."""
    mine = (t.record.c.connection_id == connection_id, t.record.c.type == kind, t.record.c.state == "live")
    return list(tx.execute(select(t.record.c.body).where(*mine).order_by(t.record.c.id)).scalars())
