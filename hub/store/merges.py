"""Records that their source merged into others, marked as such also before they ever arrive."""

from collections.abc import Iterable
from typing import Any

from hub.model import record_id
from hub.store import tables as t
from hub.store.canonical import Origin, mark_dirty
from hub.store.database import Transaction, inserting
from hub.unify import PARTIES


def merge(tx: Transaction, origin: Origin, kind: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Mark records of a type as merged, by (loser, winner) source ids, and have the customers concerned derived again."""
    rows = [_row(origin, kind, loser, winner) for loser, winner in pairs]
    if rows:
        statement = inserting(tx, t.record)
        change = {name: statement.excluded[name] for name in ("state", "merged_into", "received_at")}
        tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=change), rows)
        if kind in PARTIES:
            mark_dirty(tx, {found for row in rows for found in (row["id"], row["merged_into"])})


def _row(origin: Origin, kind: str, loser: str, winner: str) -> dict[str, Any]:
    return {
        "id": record_id(origin.connection_id, kind, loser),
        "connection_id": origin.connection_id,
        "type": kind,
        "source_id": loser,
        "stream": origin.stream,
        "origin_id": loser,
        "state": "merged",
        "merged_into": record_id(origin.connection_id, kind, winner),
        "hash": "",
        "received_at": origin.received_at,
    }
