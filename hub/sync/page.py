"""One page of records becomes one transaction: what is new in it, and where the stream goes on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.errors import SkipRecord
from hub.model import Entity, digest
from hub.spec import Record, Stream, Unknown, convert, pluck, undecided
from hub.spec.jsontext import dumps, loads
from hub.store import absorb, questions, work
from hub.store.absorb import Entry
from hub.store.canonical import Origin
from hub.store.database import Database, Transaction
from hub.store.facts import Raw
from hub.sync import history
from hub.sync.reader import source_id
from hub.sync.terms import Reader


@dataclass(slots=True, kw_only=True)
class Prepared:
    """A page as it is to be written: entries that are new, ids that are deleted, and what was noticed on the way."""

    origin: Origin
    stream: Stream
    reader: Reader
    ids: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    gone: list[tuple[str, datetime | None]] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)


def prepared(database: Database, origin: Origin, stream: Stream, reader: Reader, found: Sequence[Record]) -> Prepared:
    """Read a page's records, only those that are not stored as they are; touches the database only to look."""
    page = Prepared(origin=origin, stream=stream, reader=reader, counts={"read": len(found)})
    fresh: dict[str, tuple[Record, bytes, str]] = {}
    for record in found:
        body = dumps(_lasting(record, stream))
        hashed = digest(body)
        key = source_id(stream, record) or f"?{hashed}"
        page.ids.append(key)
        if stream.tombstones_of is not None or (stream.gone is not None and stream.gone(record)):
            page.gone.append((key, _changed_at(stream, record)))
            fresh.pop(key, None)
        else:
            fresh[key] = (record, body, hashed)
    with database.reading() as tx:
        known = absorb.known(tx, origin.connection_id, origin.stream, list(fresh))
    for key, (record, body, hashed) in fresh.items():
        if absorb.unchanged(known.get(key), hashed, reader.digest):
            page.counts["same"] = page.counts.get("same", 0) + 1
        else:
            page.entries.append(_entry(page, stream, reader, key, record=record, body=body, hashed=hashed))
    return page


def again(origin: Origin, stream: Stream, reader: Reader, stored: Iterable[tuple[str, str, bytes]]) -> Prepared:
    """A page of what is stored already, read anew in these terms."""
    page = Prepared(origin=origin, stream=stream, reader=reader)
    for key, hashed, body in stored:
        record = loads(body)
        page.entries.append(_entry(page, stream, reader, key, record=record, body=body, hashed=hashed))
    return page


def write(tx: Transaction, page: Prepared, now: datetime) -> dict[str, int]:
    """Write a prepared page within the caller's transaction; what it counts to."""
    written = absorb.absorb(tx, page.origin, page.entries)
    counts = dict(page.counts) | {"written": written.written, "unknown": len(page.unknown)}
    counts["same"] = counts.get("same", 0) + written.same
    parent = page.origin if page.stream.tombstones_of is None else _of(page.origin, page.stream.tombstones_of)
    by_time: dict[datetime | None, list[str]] = {}
    for key, at in page.gone:
        by_time.setdefault(at, []).append(key)
    withdrawn = [absorb.withdraw(tx, parent, ids, at) for at, ids in by_time.items()]
    counts["gone"] = sum(len(each.gone) for each in withdrawn)
    _tell(tx, page, written)
    tell_again(tx, parent, page.stream, page.reader, [found for each in withdrawn for found in (*each.gone, *each.foretold)])
    questions.ask(tx, page.origin.connection_id, page.origin.stream, page.unknown, now)
    if written.touched or written.more or counts["gone"]:
        work.add(tx, "derive", now)
    return counts


def tell_again(tx: Transaction, origin: Origin, stream: Stream, reader: Reader, source_ids: Sequence[str]) -> None:
    """Tell the facts of source records anew, from every version that is stored."""

    def read(rows: Sequence[Raw]) -> list[tuple[Entity, ...]]:
        bodies = [(row.source_id, row.hash, row.body or b"") for row in rows]
        return [entry.entities for entry in again(origin, stream, reader, bodies).entries]

    if source_ids and reader.mappings:
        kinds = [mapping.type.TYPE for mapping in reader.mappings if mapping.as_decided is not None]
        history.again(tx, origin, list(dict.fromkeys(source_ids)), read, kinds=kinds)


def _tell(tx: Transaction, page: Prepared, written: absorb.Written) -> None:
    """Tell the facts of what a page has written: of what is new, from the one version that there is."""
    at = page.origin.received_at
    past = {
        entry.source_id: [
            history.Said(
                raw_id=written.first[entry.source_id], changed_at=entry.changed_at, recorded_at=at, entities=entry.entities
            )
        ]
        for entry in page.entries
        if entry.source_id in written.first
    }
    history.settle(tx, page.origin, past)
    tell_again(tx, page.origin, page.stream, page.reader, written.more)


def _of(origin: Origin, stream: str) -> Origin:
    return Origin(connection_id=origin.connection_id, system=origin.system, stream=stream, received_at=origin.received_at)


def _entry(page: Prepared, stream: Stream, reader: Reader, key: str, *, record: Record, body: bytes, hashed: str) -> Entry:
    entities: list[Entity] = []
    problem = None
    page.unknown += undecided(reader.mappings, record, reader.terms)
    chosen = [mapping for mapping in reader.mappings if mapping.chosen(record, reader.terms)]
    try:
        for mapping in chosen:
            if mapping.applies(record):
                reading = mapping.read(record, reader.terms)
                entities.append(reading.entity)
                page.unknown += reading.unknown
    except SkipRecord as error:
        problem = str(error)
        page.counts["skipped"] = page.counts.get("skipped", 0) + 1
    if chosen:
        page.unread |= reader.accounted.unread(record)
    return Entry(
        source_id=key,
        body=body,
        hash=hashed,
        terms=reader.digest,
        changed_at=_changed_at(stream, record),
        entities=tuple(entities),
        problem=problem,
    )


def _changed_at(stream: Stream, record: Record) -> datetime | None:
    try:
        return convert.instant(pluck(record, stream.changed_at)) if stream.changed_at else None
    except ValueError:
        return None


def _lasting(record: Record, stream: Stream) -> Record:
    """The record without what its system computes anew at every read."""
    kept = record
    for path in stream.volatile:
        kept = _without(kept, path.split("."))
    return kept


def _without(value: Any, steps: Sequence[str]) -> Any:
    """A copy without what lies at a path; a step into a list is a position in it. The value itself where nothing does."""
    first, *rest = steps
    if isinstance(value, dict) and first in value:
        others = {key: held for key, held in value.items() if key != first}
        return {**others, first: _without(value[first], rest)} if rest else others
    if isinstance(value, list) and rest and first in map(str, range(len(value))):
        place = int(first)
        return [*value[:place], _without(value[place], rest), *value[place + 1 :]]
    return value
