"""The audit log: what people and programs changed, append-only, each row chained to the one before it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select

from hub.spec.jsontext import dumps, loads
from hub.store import access_tables as t
from hub.store.database import Transaction

PAGE = 50
_START = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row: who did what to which thing, and what there is to know about it, without secrets."""

    id: int
    at: datetime
    actor: str
    action: str
    object: str
    detail: Mapping[str, Any]
    chain: str


def record(tx: Transaction, now: datetime, *, actor: str, action: str, of: str, detail: Mapping[str, Any]) -> None:
    """Append a row; on PostgreSQL two writers at once wait for each other here, so that the chain does not fork."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("LOCK TABLE audit IN EXCLUSIVE MODE")
    last = tx.execute(select(t.audit.c.chain).order_by(t.audit.c.id.desc()).limit(1)).scalar_one_or_none()
    row = {"at": now, "actor": actor[:200], "action": action[:200], "object": of[:200], "detail": dumps(dict(detail)).decode()}
    tx.execute(insert(t.audit).values(**row, chain=_link(last or _START, row)))


def entries(tx: Transaction, before: int | None = None) -> list[Entry]:
    """One page, the newest first; `before` is the id that the page before ended with."""
    query = select(t.audit).order_by(t.audit.c.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(t.audit.c.id < before)
    return [
        Entry(**{**row._mapping, "detail": loads(row.detail.encode())})  # noqa: SLF001 - SQLAlchemy's public name
        for row in tx.execute(query)
    ]


def broken(tx: Transaction) -> int | None:
    """The id of the first row that was changed, or that follows a removed one; None where the chain is whole."""
    chain = _START
    for row in tx.execute(select(t.audit).order_by(t.audit.c.id)):
        chain = _link(chain, {name: getattr(row, name) for name in ("at", "actor", "action", "object", "detail")})
        if chain != row.chain:
            return int(row.id)
    return None


def _link(before: str, row: Mapping[str, Any]) -> str:
    values = [before, row["at"].astimezone(UTC).isoformat(), row["actor"], row["action"], row["object"], row["detail"]]
    return hashlib.sha256(dumps(values)).hexdigest()
