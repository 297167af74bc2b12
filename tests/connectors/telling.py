"""The facts that a record of a system tells, from what was recorded to the last attribute."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hub import registry
from hub.lifecycle.facts import Source, told
from hub.lifecycle.facts_said import Version
from hub.model import Fact, record_id
from hub.spec import Mapping, Record, Stream, Terms, convert, pluck

RECEIVED = datetime(2026, 12, 1, tzinfo=UTC)
"""When the hub received the first version of a record; each later one a day after the one before."""
CONNECTION = "conn-1"


def facts(system: str, stream: str, *records: Record, terms: Terms | None = None) -> list[Fact]:
    """Every version of every fact that the versions of one record tell, through all mappings of their stream."""
    return [fact for mapping in _mappings(system, stream) for fact in _told(system, mapping, records, terms or Terms())]


def tell(system: str, stream: str, *records: Record, terms: Terms | None = None) -> list[tuple[str, str, dict[str, Any]]]:
    """The facts that hold, the eldest first, as their type, moment and attributes; `day` where only the day is known.

    A moment that is only when we first saw something ends in a question mark.
    """
    holding = [fact for fact in facts(system, stream, *records, terms=terms) if fact.retracted_at is None]
    return sorted(((fact.type, _moment(fact), fact.attrs) for fact in holding), key=lambda fact: (fact[1], fact[0]))


def ours(kind: str, source_id: str) -> str:
    """The hub's id of a record of the connection that is told about."""
    return record_id(CONNECTION, kind, source_id)


def _mappings(system: str, stream: str) -> list[Mapping]:
    return [mapping for mapping in registry.mappings_of(system) if mapping.stream == stream]


def _told(system: str, mapping: Mapping, records: Sequence[Record], terms: Terms) -> list[Fact]:
    versions = list(_versions(registry.connector(system).stream(mapping.stream), mapping, records, terms))
    if not versions or versions[0].entity is None:
        return []
    source = Source(connection_id=CONNECTION, system=system, type=mapping.type.TYPE, source_id=versions[0].entity.id)
    return told(source, versions)


def _versions(stream: Stream, mapping: Mapping, records: Sequence[Record], terms: Terms) -> Iterator[Version[Any]]:
    for number, record in enumerate(records):
        if mapping.applies(record):
            changed_at = convert.instant(pluck(record, stream.changed_at)) if stream.changed_at else None
            yield Version(
                entity=mapping.read(record, terms).entity,
                changed_at=changed_at,
                recorded_at=RECEIVED + timedelta(days=number),
                raw_id=number + 1,
            )


def _moment(fact: Fact) -> str:
    said = fact.occurred_at.isoformat().replace("+00:00", "Z")
    return f"{said}{' day' if fact.precision == 'day' else ''}{'?' if fact.confidence < 1 else ''}"
