"""What happened with a customer: the records about it in the order of time, the newest first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_

from hub.store import tables as t
from hub.store.database import Transaction
from hub.unify import PARTIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A record about a customer, at the moment at which it happened, as far as anybody knows."""

    id: str
    at: datetime
    type: str
    kind: str | None
    state: str
    connection_id: str
    system: str
    source_id: str
    data: dict[str, Any]


HUMAN = ("email", "call", "meeting", "chat", "sms")
"""Kinds of activities in which people deal with each other."""

_AT = func.coalesce(t.record.c.occurred_at, t.record.c.changed_at, t.record.c.created_at, t.record.c.received_at)


def page(
    tx: Transaction,
    record_ids: Sequence[str],
    *,
    limit: int,
    after: tuple[datetime, str] | None = None,
    kind: str | None = None,
    system: str | None = None,
) -> list[Event]:
    """Some of what happened with the customer of these records; `after` is the moment and the id of the last one seen."""
    mentioning = select(t.mention.c.record_id).where(t.mention.c.target_id.in_(record_ids))
    wanted: list[ColumnElement[bool]] = [
        t.record.c.id.in_(mentioning),
        t.record.c.type.not_in(PARTIES),
        t.record.c.body.is_not(None),
    ]
    if after is not None:
        wanted.append(tuple_(_AT, t.record.c.id).__lt__(after))
    if kind is not None:
        wanted.append(t.record.c.type == kind)
    if system is not None:
        wanted.append(t.connection.c.connector == system)
    query = select(t.record, t.connection.c.connector.label("system"), _AT.label("at")).join(
        t.connection, t.connection.c.id == t.record.c.connection_id
    )
    rows = tx.execute(query.where(*wanted).order_by(_AT.desc(), t.record.c.id.desc()).limit(limit))
    return [
        Event(data=json.loads(row.body), **{name: getattr(row, name) for name in Event.__slots__ if name != "data"})
        for row in rows
    ]


def last_contact(tx: Transaction, record_ids: Sequence[str], until: datetime) -> tuple[datetime, str] | None:
    """When people last dealt with each other by a moment, and who turned to whom: `in` or `out`; machines do not count."""
    kinds = [f"{kind}.{direction}" for kind in HUMAN for direction in ("in", "out")]
    query = select(t.record.c.occurred_at, t.record.c.kind).join(t.mention, t.mention.c.record_id == t.record.c.id)
    mine = (t.mention.c.target_id.in_(record_ids), t.record.c.kind.in_(kinds), t.record.c.state == "live")
    newest = query.where(*mine, t.record.c.occurred_at <= until).order_by(t.record.c.occurred_at.desc(), t.record.c.kind)
    row = tx.execute(newest.limit(1)).one_or_none()
    return None if row is None else (row.occurred_at, row.kind.rpartition(".")[2])
