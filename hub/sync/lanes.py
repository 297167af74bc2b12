"""Pushed versions of records of one type, written so that their order of arrival makes no difference.

Data, deletions, restorations and merges are kept as streams of their own, each by its own time. A record is gone where its
newest deletion is younger than its newest data and its newest restoration.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from hub.model import from_json, record_id
from hub.spec.jsontext import loads
from hub.store import absorb, canonical, facts, records
from hub.store.absorb import Entry
from hub.store.database import Transaction
from hub.sync import pushed_history
from hub.sync.lanes_kind import Kind, Rows
from hub.sync.pushed import DATA, DELETED, LANES, MERGED, RESTORED, Version
from hub.sync.terms import PUSHED

NEW, SAME, STALE = "new", "same", "stale"
"""What a version is in its lane: the newest, stored already, or older than what is stored (then it is kept as history)."""

_NEVER = datetime.min.replace(tzinfo=UTC)


def write(tx: Transaction, kind: Kind, versions: Mapping[int, Version]) -> dict[int, str]:
    """Write versions of different records; what each is in its lane."""
    news: dict[int, str] = {}
    for lane in LANES:
        mine = {number: found for number, found in versions.items() if found.lane == lane}
        if mine:
            news |= _write_lane(tx, kind, lane, mine)
    _settle(tx, kind, {found.sent.id for found in versions.values()})
    pushed_history.tell(tx, kind, sorted({versions[number].sent.id for number, found in news.items() if found != SAME}))
    return news


def _write_lane(tx: Transaction, kind: Kind, lane: str, versions: Mapping[int, Version]) -> dict[int, str]:
    stored = kind.stored(tx, lane, {found.sent.id for found in versions.values()})
    news = {number: _news(found, stored.get(found.sent.id)) for number, found in versions.items()}
    changed = {number: found for number, found in versions.items() if news[number] != SAME}
    known = sorted({found.sent.id for found in changed.values() if found.sent.id in stored})
    kept = facts.kept(tx, kind.connection.id, kind.origin(lane).stream, known)
    fresh = {number: found for number, found in changed.items() if (found.sent.id, found.hash) not in kept}
    absorb.absorb(tx, kind.origin(lane), [_entry(found) for found in fresh.values()])
    return news | dict.fromkeys(changed.keys() - fresh.keys(), STALE)


def _news(found: Version, row: Any) -> str:
    if row is None:
        return NEW
    if found.changed_at < row.changed_at:
        return STALE
    return SAME if found.hash == row.hash else NEW


def _entry(found: Version) -> Entry:
    entities = () if found.entity is None else (found.entity,)
    return Entry(
        source_id=found.sent.id, body=found.body, hash=found.hash, terms=PUSHED, changed_at=found.changed_at, entities=entities
    )


def _settle(tx: Transaction, kind: Kind, source_ids: Collection[str]) -> None:
    """Make gone and merged what is so by all that is known now, and bring back what is not."""
    data, deleted, restored = (kind.stored(tx, lane, source_ids) for lane in (DATA, DELETED, RESTORED))
    gone = {found for found in data if _at(deleted, found) >= _at(data, found) and _at(deleted, found) > _at(restored, found)}
    absorb.withdraw(tx, kind.origin(DATA), sorted(gone))
    back = {found: row for found, row in data.items() if row.gone and found not in gone}
    if back:
        _bring_back(tx, kind, back)
    merged = kind.stored(tx, MERGED, source_ids)
    if merged:
        _merge(tx, kind, merged)


def _merge(tx: Transaction, kind: Kind, rows: Rows) -> None:
    """Say again what was merged into what: data that came after it says nothing of it."""
    bodies = records.sent(tx, [row.raw_id for row in rows.values()])
    pairs = [(found, str(loads(bodies[row.raw_id])["merged_into"])) for found, row in rows.items()]
    canonical.merge(tx, kind.origin(DATA), kind.type.TYPE, pairs)


def _at(rows: Rows, source_id: str) -> datetime:
    return rows[source_id].changed_at if source_id in rows else _NEVER


def _bring_back(tx: Transaction, kind: Kind, rows: Rows) -> None:
    """Absorb the newest data once more."""
    ids = {found: record_id(kind.connection.id, kind.type.TYPE, found) for found in rows}
    current = records.current(tx, list(ids.values()))
    bodies = records.sent(tx, [row.raw_id for row in rows.values()])
    entries = [
        Entry(
            source_id=found,
            body=bodies[row.raw_id],
            hash=row.hash,
            terms=PUSHED,
            changed_at=row.changed_at,
            entities=(from_json(kind.type, current[ids[found]].encode()),),
        )
        for found, row in rows.items()
    ]
    absorb.absorb(tx, kind.origin(DATA), entries)
