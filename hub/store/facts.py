"""Facts as rows: every version of each, with the raw versions that they are told from."""

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, delete, or_, select, tuple_

from hub.model import Fact
from hub.spec.jsontext import dumps
from hub.store import tables as t
from hub.store.database import Transaction, chunks, upsert

_COLUMNS = tuple(column.name for column in t.fact.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A raw version of a source record; without a body it says that the record was deleted."""

    id: int
    source_id: str
    hash: str
    changed_at: datetime | None
    received_at: datetime
    body: bytes | None


def versions(tx: Transaction, connection_id: str, stream: str, source_ids: Sequence[str]) -> list[Raw]:
    """Every raw version of these source records, in the order of their arrival."""
    mine = (t.raw.c.connection_id == connection_id, t.raw.c.stream == stream)
    rows = [
        row
        for some in chunks(source_ids)
        for row in tx.execute(select(t.raw).where(*mine, t.raw.c.source_id.in_(some)).order_by(t.raw.c.id))
    ]
    return [
        Raw(
            id=row.id,
            source_id=row.source_id,
            hash=row.hash,
            changed_at=row.changed_at,
            received_at=row.received_at,
            body=None if row.body is None else zlib.decompress(row.body),
        )
        for row in rows
    ]


def kept(tx: Transaction, connection_id: str, stream: str, source_ids: Sequence[str]) -> set[tuple[str, str]]:
    """The versions that have ever come of these source records, by their ids and hashes."""
    mine = (t.raw.c.connection_id == connection_id, t.raw.c.stream == stream)
    query = select(t.raw.c.source_id, t.raw.c.hash).where(*mine)
    return {
        (row.source_id, row.hash) for some in chunks(source_ids) for row in tx.execute(query.where(t.raw.c.source_id.in_(some)))
    }


def replace(tx: Transaction, record_ids: Collection[str], told: Iterable[Fact]) -> set[str]:
    """Make these the facts that the records tell; the parties about whom something is not as it was."""
    stored = {(row["id"], row["recorded_at"]): row for row in _rows(tx, t.fact.c.record_id, record_ids)}
    wanted = {(row["id"], row["recorded_at"]): row for row in map(_row, told)}
    news = [row for key, row in wanted.items() if stored.get(key) != row]
    over = {key: row for key, row in stored.items() if wanted.get(key) != row}
    for some in chunks([key for key in over if key not in wanted]):
        tx.execute(delete(t.fact).where(tuple_(t.fact.c.id, t.fact.c.recorded_at).in_(some)))
    for rows in chunks(news):
        upsert(tx, t.fact, rows)
    return {row[party] for row in (*over.values(), *news) for party in ("person_id", "company_id")} - {None}


def about(tx: Transaction, record_ids: Collection[str]) -> list[Fact]:
    """Every version of every fact about these parties, a person or a company."""
    found = {}
    for column in (t.fact.c.person_id, t.fact.c.company_id):
        for row in _rows(tx, column, record_ids):
            found[row["id"], row["recorded_at"]] = fact(row)
    return [found[key] for key in sorted(found)]


def of_employees(tx: Transaction, companies: Collection[str]) -> dict[str, list[Fact]]:
    """The facts about the people of these companies, by record or domain, that name no company themselves."""
    people = select(t.customer.c.employer_id, t.fact).join(t.link, t.link.c.customer_id == t.customer.c.id)
    query = people.join(t.fact, t.fact.c.person_id == t.link.c.record_id).where(t.fact.c.company_id.is_(None))
    found: dict[str, list[Fact]] = defaultdict(list)
    for some in chunks(sorted(companies)):
        for row in tx.execute(query.where(t.customer.c.employer_id.in_(some)).order_by(t.fact.c.id)).mappings():
            found[row["employer_id"]].append(fact({name: row[name] for name in _COLUMNS}))
    return found


def listed(
    tx: Transaction,
    *,
    after: tuple[str, datetime] | None,
    limit: int,
    kind: str | None = None,
    parties: Collection[str] | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> list[Fact]:
    """One page of facts in the order of their ids, as they were known at a moment, by default now."""
    wanted: list[ColumnElement[bool]] = [_known(known_at)]
    if after is not None:
        wanted.append(tuple_(t.fact.c.id, t.fact.c.recorded_at).__gt__(after))
    if kind is not None:
        wanted.append(t.fact.c.type == kind)
    if parties is not None:
        wanted.append(or_(t.fact.c.person_id.in_(parties), t.fact.c.company_id.in_(parties)))
    if as_of is not None:
        wanted.append(t.fact.c.occurred_at <= as_of)
    query = select(t.fact).where(*wanted).order_by(t.fact.c.id, t.fact.c.recorded_at).limit(limit)
    return [fact(dict(row._mapping)) for row in tx.execute(query)]  # noqa: SLF001 - SQLAlchemy's public name for it


def _known(known_at: datetime | None) -> ColumnElement[bool]:
    if known_at is None:
        return t.fact.c.retracted_at.is_(None)
    still = or_(t.fact.c.retracted_at.is_(None), t.fact.c.retracted_at > known_at)
    return and_(t.fact.c.recorded_at <= known_at, still)


def _rows(tx: Transaction, column: ColumnElement[str], ids: Collection[str]) -> list[dict[str, Any]]:
    return [
        dict(row)
        for some in chunks(sorted(ids))
        for row in tx.execute(select(t.fact).where(column.in_(some)).order_by(t.fact.c.id)).mappings()
    ]


def _row(fact: Fact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in _COLUMNS} | {"attrs": dumps(fact.attrs).decode()}


def fact(row: dict[str, Any]) -> Fact:
    """A row as the fact that it is."""
    return Fact(**row | {"attrs": msgspec.json.decode(row["attrs"])})
