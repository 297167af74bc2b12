"""Facts from what a record said in all its versions, and since when each of them was known."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.lifecycle.facts_said import History, Said, Version
from hub.lifecycle.facts_table import said
from hub.model import Entity, Fact, record_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The record that speaks: its connection, the system of that, and its type and id there."""

    connection_id: str
    system: str
    type: str
    source_id: str

    @property
    def record_id(self) -> str:
        """The hub's id of the record."""
        return record_id(self.connection_id, self.type, self.source_id)


def told(source: Source, versions: Iterable[Version[Any]]) -> list[Fact]:
    """Every version of every fact that these versions of a record tell, whichever order they arrived in.

    A fact is known from the receipt of the first version that says so until the receipt of the first after which none does.
    """
    known = sorted(versions, key=lambda version: (version.recorded_at, version.raw_id))
    rows: list[Fact] = []
    current: dict[str, Fact] = {}
    for moment, count in _steps(known):
        stated = {fact.id: fact for fact in _facts(source, known[:count])}
        over = [found for found, fact in current.items() if found not in stated or _content(stated[found]) != _content(fact)]
        rows += [_retracted(current.pop(found), moment) for found in over]
        for found, fact in stated.items():
            current.setdefault(found, fact)
    return [*rows, *current.values()]


def _steps(known: Sequence[Version[Any]]) -> Iterator[tuple[datetime, int]]:
    """Each moment at which something became known, and how many versions were known then."""
    for count, version in enumerate(known, start=1):
        if count == len(known) or known[count].recorded_at != version.recorded_at:
            yield version.recorded_at, count


def _facts(source: Source, known: Sequence[Version[Any]]) -> Iterator[Fact]:
    """What is said by these versions, the last of which has just become known."""
    history = History.of(known)
    about = history.about
    for one in said(source.type, history):
        yield Fact(
            id=_id(source, one),
            type=one.type,
            occurred_at=one.at,
            recorded_at=known[-1].recorded_at,
            precision="day" if one.day else "instant",
            record_id=source.record_id,
            raw_id=known[-1].raw_id,
            system=source.system,
            person_id=_party(source, "contact", one.person or _first(about, "contact")),
            company_id=_party(source, "company", _first(about, "company")),
            confidence=one.confidence,
            attrs=_attrs(source, one.attrs),
        )


def _id(source: Source, one: Said) -> str:
    parts = (source.connection_id, source.type, source.source_id, one.type, one.key or one.at.isoformat())
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _first(entity: Entity | None, kind: str) -> str | None:
    """The party of a kind that a record is about: itself, or the first that it names."""
    if entity is None:
        return None
    if kind == entity.TYPE:
        return entity.id
    return next((found.id for found in entity.references() if found.type == kind), None)


def _party(source: Source, kind: str, source_id: str | None) -> str | None:
    return None if source_id is None else record_id(source.connection_id, kind, source_id)


def _attrs(source: Source, attrs: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, without what was not; ids of other records of the source as ours."""
    links = {"deal_id": "deal", "order_id": "order", "subscription_id": "subscription", "product_id": "product"}
    links |= {"campaign_id": "campaign", "referrer_id": "contact", "referee_id": "contact"}
    return {
        name: record_id(source.connection_id, links[name], value) if name in links else value
        for name, value in sorted(attrs.items())
        if value not in (None, "", (), [])
    }


def _content(fact: Fact) -> tuple[Any, ...]:
    return (fact.occurred_at, fact.precision, fact.person_id, fact.company_id, fact.confidence, fact.attrs)


def _retracted(fact: Fact, moment: datetime) -> Fact:
    return Fact(**{name: getattr(fact, name) for name in fact.__struct_fields__} | {"retracted_at": moment})
