"""The one way in: what a page of records changes is written here, in the transaction of its checkpoint, and nowhere else."""

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update

from hub.model import Entity
from hub.store import canonical
from hub.store import tables as t
from hub.store.canonical import Origin, mark_dirty
from hub.store.database import Transaction, chunks, upsert

Known = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One source record with what it reads as; `problem` says why it could not be read, and it is kept all the same."""

    source_id: str
    body: bytes
    hash: str
    terms: str
    changed_at: datetime | None
    entities: tuple[Entity, ...] = ()
    problem: str | None = None


@dataclass(slots=True, kw_only=True)
class Written:
    """What a page changed: source records whose canonical form is new, and the parties whose customers are touched."""

    written: int = 0
    same: int = 0
    touched: set[str] = field(default_factory=set)
    first: dict[str, int] = field(default_factory=dict)
    """The raw versions of source records that were not known before, by their ids there."""
    more: list[str] = field(default_factory=list)
    """Those that have more versions now, or are read in other terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """Source records that are gone now, and those whose deletion is remembered for what may still arrive."""

    gone: list[str]
    foretold: list[str]


def known(tx: Transaction, connection_id: str, stream: str, source_ids: Sequence[str]) -> Known:
    """What is stored of these source records, by their ids."""
    names = ("source_id", "hash", "terms", "changed_at", "gone", "gone_at", "raw_id")
    columns = [t.source.c[name] for name in names]
    mine = (t.source.c.connection_id == connection_id, t.source.c.stream == stream)
    query = select(*columns)
    return {
        row.source_id: row for ids in chunks(source_ids) for row in tx.execute(query.where(*mine, t.source.c.source_id.in_(ids)))
    }


def unchanged(row: Any, entry_hash: str, terms: str) -> bool:
    """Whether a source record is stored as it is, read in the same terms."""
    return row is not None and row.hash == entry_hash and row.terms == terms and not row.gone


def absorb(tx: Transaction, origin: Origin, entries: Sequence[Entry]) -> Written:
    """Write what is new in these records: raw versions, canonical records, keys, mentions, whose customers to derive again."""
    result = Written()
    stored = known(tx, origin.connection_id, origin.stream, [entry.source_id for entry in entries])
    fresh, late = _news(entries, stored)
    for entry in late:
        _keep_as_history(tx, origin, entry)
    if fresh:
        dead = {entry.source_id: () for entry in fresh if _dead(entry, stored.get(entry.source_id))}
        raw_ids = _write_sources(tx, origin, fresh, stored, dead)
        result.first = {found: raw_ids[found] for found in raw_ids if found not in stored}
        changed = canonical.write(tx, origin, [(entry.source_id, entry.entities) for entry in fresh], result.touched)
        result.touched |= canonical.withdraw(tx, origin, dead)
        result.written = len(changed)
        mark_dirty(tx, result.touched)
    result.same = len(entries) - result.written
    result.more = [entry.source_id for entry in (*fresh, *late) if entry.source_id not in result.first]
    return result


def withdraw(tx: Transaction, origin: Origin, source_ids: Sequence[str], at: datetime | None = None) -> Withdrawn:
    """The source no longer has these: their records stay, as deleted.

    `at` is when they were deleted there: news from before a record's last change is stale, and what is older than a deletion
    never brings a record back, whichever of the two arrives first.
    """
    stored = known(tx, origin.connection_id, origin.stream, source_ids)
    gone = [row.source_id for row in stored.values() if not row.gone and not _stale(row, at)]
    foretold = _foretold(source_ids, stored, at) if at else []
    news = [*gone, *foretold]
    if not news:
        return Withdrawn(gone=[], foretold=[])
    rows = [_raw(origin, each, stored[each].hash if each in stored else "", at) for each in news]
    raw_ids = tx.execute(insert(t.raw).returning(t.raw.c.id, sort_by_parameter_order=True), rows).scalars().all()
    common = {
        "connection_id": origin.connection_id,
        "stream": origin.stream,
        "gone": True,
        "gone_at": at,
        "received_at": origin.received_at,
    }
    unread = {"hash": "", "terms": "", "changed_at": None, "problem": None}
    upsert(
        tx,
        t.source,
        [common | unread | {"source_id": each, "raw_id": raw_id} for each, raw_id in zip(news, raw_ids, strict=True)],
        keep=("raw_id", *unread),
    )
    mark_dirty(tx, canonical.withdraw(tx, origin, dict.fromkeys(gone, ())))
    return Withdrawn(gone=gone, foretold=foretold)


def current(
    tx: Transaction, connection_id: str, stream: str, after: str, limit: int = 200, *, not_as: str | None = None
) -> list[Any]:
    """The current version of the source records behind `after`, by id: (source_id, received_at, gone, hash, body).

    With `not_as` only those that were read in other terms than these.
    """
    columns = (t.source.c.source_id, t.source.c.received_at, t.source.c.gone, t.source.c.hash, t.raw.c.body)
    mine = [t.source.c.connection_id == connection_id, t.source.c.stream == stream, t.source.c.source_id > after]
    if not_as is not None:
        mine.append(t.source.c.terms != not_as)
    query = select(*columns).join(t.raw, t.raw.c.id == t.source.c.raw_id).where(*mine, t.raw.c.body.is_not(None))
    rows = tx.execute(query.order_by(t.source.c.source_id).limit(limit))
    return [(row.source_id, row.received_at, row.gone, row.hash, zlib.decompress(row.body)) for row in rows]


def read_as(tx: Transaction, origin: Origin, terms: str, problems: Mapping[str, str | None]) -> None:
    """Remember in which terms these source records are read now, and why some could not be."""
    mine = (t.source.c.connection_id == origin.connection_id, t.source.c.stream == origin.stream)
    statement = update(t.source).where(*mine, t.source.c.source_id == bindparam("found"))
    rows = [{"found": source_id, "terms": terms, "problem": problem} for source_id, problem in problems.items()]
    if rows:
        tx.execute(statement, rows)


def _news(entries: Sequence[Entry], stored: Known) -> tuple[list[Entry], list[Entry]]:
    """Of the versions that are not stored: those that become current, and those that come too late for that."""
    news = [entry for entry in {entry.source_id: entry for entry in entries}.values() if not _same(entry, stored)]
    fresh: list[Entry] = []
    late: list[Entry] = []
    for entry in news:
        (late if _before(entry, stored.get(entry.source_id)) else fresh).append(entry)
    return fresh, late


def _same(entry: Entry, stored: Known) -> bool:
    row = stored.get(entry.source_id)
    return row is not None and (row.hash, row.terms) == (entry.hash, entry.terms) and (not row.gone or _dead(entry, row))


def _dead(entry: Entry, row: Any) -> bool:
    """Whether a version is from before its record's deletion: it is kept, and brings nothing back."""
    moment = None if row is None else row.gone_at
    return moment is not None and entry.changed_at is not None and entry.changed_at <= moment


def _before(entry: Entry, row: Any) -> bool:
    moment = None if row is None else row.changed_at
    return moment is not None and entry.changed_at is not None and entry.changed_at < moment


def _stale(row: Any, at: datetime | None) -> bool:
    """Whether news of a deletion is from before the record's last change."""
    return at is not None and row.changed_at is not None and at < row.changed_at


def _foretold(source_ids: Sequence[str], stored: Known, at: datetime) -> list[str]:
    """Those whose deletion is to be remembered for what may still arrive: never seen, or deleted once more, later."""
    later = [row.source_id for row in stored.values() if row.gone and row.gone_at and at > row.gone_at]
    return [*later, *(set(source_ids) - set(stored))]


def _raw(
    origin: Origin, source_id: str, hashed: str, changed_at: datetime | None, *, body: bytes | None = None
) -> dict[str, Any]:
    return {
        "connection_id": origin.connection_id,
        "stream": origin.stream,
        "source_id": source_id,
        "received_at": origin.received_at,
        "changed_at": changed_at,
        "op": "gone" if body is None else "read",
        "hash": hashed,
        "body": None if body is None else zlib.compress(body, 1),
    }


def _keep_as_history(tx: Transaction, origin: Origin, entry: Entry) -> None:
    """An older version that arrives late is kept once, and never becomes current."""
    same = and_(t.raw.c.connection_id == origin.connection_id, t.raw.c.stream == origin.stream)
    there = select(t.raw.c.id).where(same, t.raw.c.source_id == entry.source_id, t.raw.c.hash == entry.hash).limit(1)
    if tx.execute(there).one_or_none() is None:
        tx.execute(insert(t.raw), [_raw(origin, entry.source_id, entry.hash, entry.changed_at, body=entry.body)])


def _write_sources(
    tx: Transaction, origin: Origin, fresh: Sequence[Entry], stored: Known, dead: Collection[str]
) -> dict[str, int]:
    """Write raw versions and what is stored of each source record; the number of its newest raw version by its id."""
    new = [entry for entry in fresh if (row := stored.get(entry.source_id)) is None or row.hash != entry.hash or row.gone]
    raw_ids = {entry.source_id: stored[entry.source_id].raw_id for entry in fresh if entry.source_id in stored}
    if new:
        rows = [_raw(origin, entry.source_id, entry.hash, entry.changed_at, body=entry.body) for entry in new]
        written = tx.execute(insert(t.raw).returning(t.raw.c.id, sort_by_parameter_order=True), rows)
        raw_ids.update(zip((entry.source_id for entry in new), written.scalars(), strict=True))
    upsert(
        tx,
        t.source,
        [
            {
                "connection_id": origin.connection_id,
                "stream": origin.stream,
                "source_id": entry.source_id,
                "hash": entry.hash,
                "terms": entry.terms,
                "raw_id": raw_ids[entry.source_id],
                "changed_at": entry.changed_at,
                "received_at": origin.received_at,
                "gone": entry.source_id in dead,
                "gone_at": None,
                "problem": entry.problem,
            }
            for entry in fresh
        ],
        keep=("gone_at",),
    )
    return raw_ids
