"""What each record tells of its past: its facts, told anew from all its versions whenever one of them arrives."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.lifecycle.facts import Source, told
from hub.lifecycle.facts_said import Version
from hub.model import Entity, Fact, record_id
from hub.store import canonical, facts
from hub.store.canonical import Origin
from hub.store.database import Transaction
from hub.store.facts import Raw

Read = Callable[[Sequence[Raw]], Iterable[tuple[Entity, ...]]]
"""Reads raw versions that have a body, in today's terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A version of a source record and what it reads as: nothing where it was deleted."""

    raw_id: int
    changed_at: datetime | None
    recorded_at: datetime
    entities: tuple[Entity, ...] = ()


Past = Mapping[str, Sequence[Said]]
"""All versions of source records, by their ids there."""


def again(tx: Transaction, origin: Origin, source_ids: Sequence[str], read: Read, *, kinds: Sequence[str] = ()) -> None:
    """Tell the facts of these source records anew, from every version that is stored.

    `kinds` are the types that they may have been before somebody decided otherwise; what they told as such is forgotten.
    """
    rows = facts.versions(tx, origin.connection_id, origin.stream, source_ids)
    bodied = [row for row in rows if row.body is not None]
    entities = dict(zip((row.id for row in bodied), read(bodied), strict=True))
    past: dict[str, list[Said]] = defaultdict(list)
    for row in rows:
        said = Said(raw_id=row.id, changed_at=row.changed_at, recorded_at=row.received_at, entities=entities.get(row.id, ()))
        past[row.source_id].append(said)
    settle(tx, origin, past, {record_id(origin.connection_id, kind, each) for kind in kinds for each in source_ids})


def settle(tx: Transaction, origin: Origin, past: Past, before: Collection[str] = ()) -> None:
    """Write the facts that these pasts tell, and have the customers derived about whom something is not as it was.

    `before` are records that may have told facts and tell none any more unless these pasts tell them.
    """
    found: list[Fact] = []
    sources = set(before)
    for source, versions in _by_record(origin, past):
        sources.add(source.record_id)
        found += told(source, versions)
    canonical.mark_dirty(tx, facts.replace(tx, sources, found))


def _by_record(origin: Origin, past: Past) -> Iterator[tuple[Source, list[Version[Entity]]]]:
    """A source record can read as several of ours; a version that does not read as one of them says that it is gone."""
    for versions in past.values():
        kinds = {(entity.TYPE, entity.id) for version in versions for entity in version.entities}
        for kind, source_id in sorted(kinds):
            source = Source(connection_id=origin.connection_id, system=origin.system, type=kind, source_id=source_id)
            yield source, [_version(version, kind, source_id) for version in versions]


def _version(said: Said, kind: str, source_id: str) -> Version[Entity]:
    entity = next((each for each in said.entities if (each.TYPE, each.id) == (kind, source_id)), None)
    return Version(entity=entity, changed_at=said.changed_at, recorded_at=said.recorded_at, raw_id=said.raw_id)
