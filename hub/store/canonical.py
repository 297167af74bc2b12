"""Canonical records as rows, with the keys they can be recognised by and the records they mention."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select, true, update

from hub.model import UNKNOWN, Activity, Company, Contact, Entity, as_json, digest, record_id
from hub.store import components, facts, merges
from hub.store import tables as t
from hub.store.database import Transaction, chunks, inserting
from hub.unify import PARTIES, clues, employers, keys
from hub.unify.keys import own_key

Entry = tuple[str, Sequence[Entity]]
"""A source record's id, and what it reads as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a page comes from: a stream of a connection of a system (the connector's id), received at a moment."""

    connection_id: str
    system: str
    stream: str
    received_at: datetime


def write(tx: Transaction, origin: Origin, entries: Sequence[Entry], touched: set[str]) -> set[str]:
    """Upsert the canonical records that differ; the source ids whose records did, and in `touched` the parties concerned.

    What a source record no longer reads as is forgotten with all that it told: the source deleted nothing.
    """
    read = {_id(origin, entity): (origin_id, entity) for origin_id, entities in entries for entity in entities}
    stored = _stored(tx, list(read))
    rows = {found: _row(origin, *one) for found, one in read.items()}
    changed = {found: row for found, row in rows.items() if _differs(stored.get(found), row)}
    fresh = {found: read[found][1] for found in changed}
    _upsert(tx, list(changed.values()))
    merged = merges.say(tx, {found: _mergers(origin, entity) for found, entity in fresh.items()})
    merges.settle(tx, merged | set(changed))
    touched |= merged | _concerned(tx, {found: row["type"] for found, row in changed.items()})
    touched |= _write_keys(tx, origin, fresh)
    touched |= _write_mentions(tx, origin, fresh)
    touched |= _forget(tx, origin, _ids(origin, entries))
    return {row["origin_id"] for row in changed.values()}


def _ids(origin: Origin, entries: Sequence[Entry]) -> dict[str, list[str]]:
    """The records that each source record reads as."""
    return {origin_id: [_id(origin, each) for each in entities] for origin_id, entities in entries}


def withdraw(tx: Transaction, origin: Origin, kept: Mapping[str, Collection[str]]) -> set[str]:
    """Mark the records of these source records as gone, but for the ids that are kept; the parties concerned."""
    gone = _others(tx, origin, kept, t.record.c.gone.is_(False))
    for ids in chunks(list(gone)):
        tx.execute(update(t.record).where(t.record.c.id.in_(ids)).values(gone=True, received_at=origin.received_at))
    merges.settle(tx, gone)
    return _concerned(tx, gone) | components.neighbours(tx, gone)


def _forget(tx: Transaction, origin: Origin, kept: Mapping[str, Collection[str]]) -> set[str]:
    """Remove the records of these source records that are not kept, as if they had never been; the parties concerned."""
    over = _others(tx, origin, kept, true())
    if not over:
        return set()
    lost = {key for mine in components.keys(tx, over).values() for key in mine}
    touched = _concerned(tx, over) | components.neighbours(tx, over) | components.holders(tx, lost) | facts.replace(tx, over, ())
    merged = merges.say(tx, dict.fromkeys(over, ()))
    for some in chunks(list(over)):
        for table, column in ((t.identifier, "record_id"), (t.mention, "record_id"), (t.record, "id")):
            tx.execute(delete(table).where(table.c[column].in_(some)))
    merges.settle(tx, merged)
    return touched | merged


def _others(tx: Transaction, origin: Origin, kept: Mapping[str, Collection[str]], which: ColumnElement[bool]) -> dict[str, str]:
    """The types of the stored records of these source records, by their ids, but for those that are kept."""
    mine = and_(t.record.c.connection_id == origin.connection_id, t.record.c.stream == origin.stream, which)
    query = select(t.record.c.id, t.record.c.type, t.record.c.origin_id).where(mine)
    return {
        row.id: row.type
        for some in chunks(list(kept))
        for row in tx.execute(query.where(t.record.c.origin_id.in_(some)))
        if row.id not in kept[row.origin_id]
    }


def merge(tx: Transaction, origin: Origin, kind: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Take what losers themselves say of being merged, by (loser, winner) source ids, before or after either arrives."""
    ids = [(record_id(origin.connection_id, kind, one), record_id(origin.connection_id, kind, other)) for one, other in pairs]
    merges.settle(tx, merges.say(tx, {loser: [(loser, winner)] for loser, winner in ids}))
    mark_dirty(tx, _concerned(tx, {found: kind for pair in ids for found in pair}))


def mark_dirty(tx: Transaction, record_ids: Iterable[str]) -> None:
    """Have the customers of these parties derived again. Rows are only added, so that nobody waits for another that does too."""
    rows = [{"record_id": found} for found in sorted(record_ids)]
    if rows:
        tx.execute(insert(t.dirty), rows)


def mark_all_dirty(tx: Transaction) -> None:
    """Have every customer derived again."""
    tx.execute(insert(t.dirty).from_select(["record_id"], select(t.record.c.id).where(t.record.c.type.in_(PARTIES))))


def _id(origin: Origin, entity: Entity) -> str:
    return record_id(origin.connection_id, entity.TYPE, entity.id)


def _differs(stored: Any, row: Mapping[str, Any]) -> bool:
    return stored is None or stored.hash != row["hash"] or stored.gone or stored.stream != row["stream"]


def _row(origin: Origin, origin_id: str, entity: Entity) -> dict[str, Any]:
    body = as_json(entity)
    return {
        "id": _id(origin, entity),
        "connection_id": origin.connection_id,
        "type": entity.TYPE,
        "source_id": entity.id,
        "stream": origin.stream,
        "origin_id": origin_id,
        "state": "live",
        "gone": False,
        "hash": digest(body),
        "body": body.decode(),
        "created_at": entity.created_at,
        "changed_at": entity.changed_at,
        "received_at": origin.received_at,
        "occurred_at": entity.happened_at,
        "kind": _kind(entity),
    }


def _kind(entity: Entity) -> str | None:
    """What an activity is, by whom: `email.in`, `call.out`, `email.out.automatic`."""
    if not isinstance(entity, Activity):
        return None
    parts = [entity.kind or UNKNOWN, entity.direction or UNKNOWN, *(["automatic"] if entity.automatic else [])]
    return ".".join(parts)


def _stored(tx: Transaction, ids: Sequence[str]) -> dict[str, Any]:
    query = select(t.record.c.id, t.record.c.hash, t.record.c.gone, t.record.c.stream)
    return {row.id: row for some in chunks(ids) for row in tx.execute(query.where(t.record.c.id.in_(some)))}


def _upsert(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        statement = inserting(tx, t.record)
        names = ("gone", "hash", "body", "stream", "origin_id", "created_at", "changed_at", "received_at", "occurred_at", "kind")
        change = {name: statement.excluded[name] for name in names}
        tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=change), list(rows))


def _mergers(origin: Origin, entity: Entity) -> list[tuple[str, str]]:
    """What a record says of mergers: which others became part of it, and of which other it became part."""
    if not isinstance(entity, Contact | Company):
        return []
    mine, winner = _id(origin, entity), entity.merged_into
    pairs = [(record_id(origin.connection_id, entity.TYPE, loser), mine) for loser in entity.merged_ids]
    return pairs if winner is None else [*pairs, (mine, record_id(origin.connection_id, entity.TYPE, winner))]


def _write_keys(tx: Transaction, origin: Origin, changed: Mapping[str, Entity]) -> set[str]:
    """Replace the keys and clues of changed parties; those who share a clue with them, now or before, or a key that is lost."""
    parties = {found: entity for found, entity in changed.items() if entity.TYPE in PARTIES}
    touched = components.neighbours(tx, parties)
    before = components.keys(tx, parties)
    for some in chunks(list(parties)):
        tx.execute(delete(t.identifier).where(t.identifier.c.record_id.in_(some)))
    held = {
        found: keys(entity, origin.system, origin.connection_id) | clues(entity, origin.connection_id)
        for found, entity in parties.items()
    }
    own = {found: own_key(entity, origin.system) for found, entity in parties.items()}
    rows = [{"record_id": found, "key": key, "own": key == own[found]} for found, mine in held.items() for key in sorted(mine)]
    if rows:
        tx.execute(inserting(tx, t.identifier), rows)
    lost = {key for found, mine in before.items() for key in mine - held[found]}
    return touched | components.neighbours(tx, parties) | components.holders(tx, lost)


def _write_mentions(tx: Transaction, origin: Origin, changed: Mapping[str, Entity]) -> set[str]:
    """Replace what changed records mention; the parties that records of other types mention now."""
    for some in chunks(list(changed)):
        tx.execute(delete(t.mention).where(t.mention.c.record_id.in_(some)))
    mentions = {
        (found, record_id(origin.connection_id, reference.type, reference.id)): reference.type
        for found, entity in changed.items()
        for reference in entity.references()
    }
    rows = [(found, key) for found, entity in changed.items() for key in sorted(employers(entity))]
    if rows := [*mentions, *rows]:
        tx.execute(inserting(tx, t.mention), [{"record_id": found, "target_id": target} for found, target in rows])
    return {target for (found, target), kind in mentions.items() if kind in PARTIES and changed[found].TYPE not in PARTIES}


def _concerned(tx: Transaction, types: Mapping[str, str]) -> set[str]:
    """The parties whose customers show these records: themselves, or those that the stored records mention."""
    others = [found for found, kind in types.items() if kind not in PARTIES]
    query = select(t.mention.c.target_id)
    targets = {target for some in chunks(others) for target in tx.execute(query.where(t.mention.c.record_id.in_(some))).scalars()}
    return targets | {found for found, kind in types.items() if kind in PARTIES}
