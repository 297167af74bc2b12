"""Which versions of facts were known at a moment, of what had happened by another."""

from collections.abc import Iterable
from datetime import datetime

from hub.model import Fact


def known(facts: Iterable[Fact], *, as_of: datetime | None = None, known_at: datetime | None = None) -> list[Fact]:
    """The versions that were known at `known_at` (None: now) of facts at or before `as_of` (None: all), in order of time."""
    return newest(fact for fact in facts if _held(fact, known_at) and (as_of is None or fact.occurred_at <= as_of))


def newest(facts: Iterable[Fact]) -> list[Fact]:
    """One version of every fact, the one recorded last, in order of time and then of ids."""
    versions: dict[str, Fact] = {}
    for fact in facts:
        other = versions.get(fact.id)
        if other is None or (other is not fact and _age(other) < _age(fact)):
            versions[fact.id] = fact
    return sorted(versions.values(), key=lambda fact: (fact.occurred_at, fact.id))


def _held(fact: Fact, known_at: datetime | None) -> bool:
    if known_at is None:
        return fact.retracted_at is None
    return fact.recorded_at <= known_at and (fact.retracted_at is None or known_at < fact.retracted_at)


def _age(fact: Fact) -> tuple[datetime, str]:
    """Two versions recorded at once do not occur; should they, their text decides, so that no order of reading does."""
    return fact.recorded_at, repr(fact)
