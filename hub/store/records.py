"""Canonical records and customers as other programs list them: short pages in the order of their ids."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select

from hub.store import tables as t
from hub.store.database import Transaction
from hub.unify import PARTIES
from hub.unify.names import name_key

STATES = ("live", "deleted", "merged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list is wanted: at most `limit` items, those after the id `after`."""

    limit: int
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A source's record with what it reads as; `data` is None for one that was merged away before it ever arrived."""

    id: str
    connection_id: str
    system: str
    type: str
    source_id: str
    state: str
    merged_into: str | None
    customer_id: str | None
    created_at: datetime | None
    changed_at: datetime | None
    received_at: datetime
    data: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A customer's document with its id and when the hub last saw it change."""

    id: str
    changed_at: datetime
    document: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of the feed: a customer was created, updated, merged or removed; `records` are the ids of its records."""

    position: int
    customer_id: str
    action: str
    at: datetime
    records: list[str]


def listed(
    tx: Transaction,
    kind: str,
    page: Page,
    *,
    state: str | None = None,
    connection_id: str | None = None,
    modified_after: datetime | None = None,
) -> list[Record]:
    """One page of the records of a type; `modified_after` is about when the hub received their present form."""
    wanted = [t.record.c.type == kind]
    if state is not None:
        wanted.append(t.record.c.state == state)
    if connection_id is not None:
        wanted.append(t.record.c.connection_id == connection_id)
    if modified_after is not None:
        wanted.append(t.record.c.received_at > modified_after)
    return _page(tx, wanted, page)


def one(tx: Transaction, kind: str, record_id: str) -> Record | None:
    """The record of that type and id, whatever its state."""
    row = tx.execute(_records().where(t.record.c.id == record_id, t.record.c.type == kind)).one_or_none()
    return None if row is None else _record(row)


def of_customer(tx: Transaction, customer_id: str, page: Page, *, kind: str | None = None) -> list[Record]:
    """One page of what a customer consists of, and of the deals, tickets, answers and orders that mention it."""
    own = select(t.link.c.record_id).where(t.link.c.customer_id == customer_id)
    mentioning = select(t.mention.c.record_id).where(t.mention.c.target_id.in_(own))
    about = t.record.c.type.not_in(PARTIES) & t.record.c.id.in_(mentioning)
    wanted = [or_(t.record.c.id.in_(own), about)]
    if kind is not None:
        wanted.append(t.record.c.type == kind)
    return _page(tx, wanted, page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which customers are wanted; every word of `q` must occur in a name, an address or a number."""

    q: str | None = None
    kind: str | None = None
    modified_after: datetime | None = None
    system: str | None = None
    connection_id: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as conditions on rows."""
        wanted = [t.customer.c.search.contains(word, autoescape=True) for word in name_key(self.q or "").split()]
        if self.kind is not None:
            wanted.append(t.customer.c.type == self.kind)
        if self.modified_after is not None:
            wanted.append(t.customer.c.changed_at > self.modified_after)
        if self.system is not None or self.connection_id is not None:
            wanted.append(t.customer.c.id.in_(_holders(self.system, self.connection_id)))
        return wanted


def customers(tx: Transaction, page: Page, wanted: Filter) -> list[Listed]:
    """One page of customers."""
    conditions = wanted.conditions()
    if page.after is not None:
        conditions.append(t.customer.c.id > page.after)
    rows = tx.execute(_customers().where(*conditions).order_by(t.customer.c.id).limit(page.limit))
    return [_customer(row) for row in rows]


def chosen(tx: Transaction, customer_ids: Sequence[str]) -> list[Listed]:
    """These customers, one page of them at most, in the order of their ids."""
    rows = tx.execute(_customers().where(t.customer.c.id.in_(customer_ids)).order_by(t.customer.c.id))
    return [_customer(row) for row in rows]


def customer(tx: Transaction, customer_id: str) -> Listed | None:
    """The customer of that id; None where there is none, any more or yet."""
    row = tx.execute(_customers().where(t.customer.c.id == customer_id)).one_or_none()
    return None if row is None else _customer(row)


def went(tx: Transaction, customer_id: str) -> str | None:
    """Which customer an id that no longer stands for one leads to, None where its records are gone; KeyError if never given."""
    seen: set[str] = set()
    found: str | None = customer_id
    while found is not None and found not in seen:
        seen.add(found)
        row = tx.execute(select(t.identity_log.c.merged_into).where(t.identity_log.c.customer_id == found)).one_or_none()
        if row is None:
            raise KeyError(found)
        if row.merged_into is None:
            return found if customer(tx, found) is not None else None
        found = row.merged_into
    return None


def changes(tx: Transaction, after: int, limit: int) -> list[Change]:
    """The rows of the feed that follow a position, in the order in which they happened."""
    rows = tx.execute(select(t.change).where(t.change.c.position > after).order_by(t.change.c.position).limit(limit))
    return [
        Change(position=row.position, customer_id=row.customer_id, action=row.action, at=row.at, records=json.loads(row.records))
        for row in rows
    ]


def current(tx: Transaction, ids: Sequence[str]) -> dict[str, str]:
    """The canonical JSON of some records, one page of them at most."""
    rows = tx.execute(select(t.record.c.id, t.record.c.body).where(t.record.c.id.in_(ids), t.record.c.body.is_not(None)))
    return {row.id: row.body for row in rows}


def sent(tx: Transaction, raw_ids: Sequence[int]) -> dict[int, bytes]:
    """The raw versions with these numbers, one page of them at most, as their source sent them."""
    rows = tx.execute(select(t.raw.c.id, t.raw.c.body).where(t.raw.c.id.in_(raw_ids), t.raw.c.body.is_not(None)))
    return {row.id: zlib.decompress(row.body) for row in rows}


def _holders(system: str | None, connection_id: str | None) -> Select[tuple[str]]:
    query = select(t.link.c.customer_id).join(t.record, t.record.c.id == t.link.c.record_id)
    if connection_id is not None:
        query = query.where(t.record.c.connection_id == connection_id)
    if system is not None:
        query = query.join(t.connection, t.connection.c.id == t.record.c.connection_id).where(t.connection.c.connector == system)
    return query


def _records() -> Select[Any]:
    return (
        select(t.record, t.connection.c.connector.label("system"), t.link.c.customer_id)
        .join(t.connection, t.connection.c.id == t.record.c.connection_id)
        .outerjoin(t.link, t.link.c.record_id == t.record.c.id)
    )


def _page(tx: Transaction, wanted: Sequence[ColumnElement[bool]], page: Page) -> list[Record]:
    query = _records().where(*wanted).order_by(t.record.c.id).limit(page.limit)
    if page.after is not None:
        query = query.where(t.record.c.id > page.after)
    return [_record(row) for row in tx.execute(query)]


def _record(row: Row[Any]) -> Record:
    values = {name: getattr(row, name) for name in Record.__slots__ if name != "data"}
    return Record(data=None if row.body is None else json.loads(row.body), **values)


def _customers() -> Select[Any]:
    return select(t.customer.c.id, t.customer.c.changed_at, t.customer.c.document)


def _customer(row: Row[Any]) -> Listed:
    return Listed(id=row.id, changed_at=row.changed_at, document=json.loads(row.document))
