"""The facts of one customer in the order in which they took effect."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.lifecycle.known import newest
from hub.lifecycle.spans import later
from hub.model import Fact

DAY: Final = timedelta(days=1)
USE: Final = "user.active"


class Dated(NamedTuple):
    """A fact with the moment at which it took effect."""

    at: datetime
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All facts by type, each type in order; `revised_at` is the last moment to which a later instant moved a day's fact."""

    by_type: dict[str, list[Dated]]
    revised_at: datetime | None

    def of(self, *types: str) -> list[Dated]:
        """The facts of some types, in order."""
        if len(types) == 1:
            return self.by_type.get(types[0], [])
        return sorted((each for name in types for each in self.by_type.get(name, [])), key=_order)


def timeline(facts: Iterable[Fact]) -> Timeline:
    """The facts in order: a fact of which only the day is known comes after the instants of its day."""
    single = newest(facts)
    instants = [fact.occurred_at for fact in single if fact.precision == "instant"]
    first_use = next((fact.occurred_at for fact in single if fact.type == USE), None)
    by_type = defaultdict(list)
    revisions = []
    for fact in single:
        moment = _moment(fact, instants, first_use)
        by_type[fact.type].append(Dated(moment, fact))
        if moment > fact.occurred_at:
            revisions.append(moment)
    for name in {fact.type for fact in single if fact.precision == "day"}:
        by_type[name].sort(key=_order)
    return Timeline(by_type=dict(by_type), revised_at=max(revisions, default=None))


def _moment(fact: Fact, instants: Sequence[datetime], first_use: datetime | None) -> datetime:
    """When a fact took effect: a day's fact at the latest instant of its day.

    A day of use after the first one is compared with no other fact and stays where it is, so that a customer who uses
    something every day is not revised every day.
    """
    start = fact.occurred_at
    if fact.precision == "instant" or (fact.type == USE and first_use is not None and start >= later(first_use, DAY)):
        return start
    before_the_next_day = bisect_left(instants, later(start, DAY))
    return max(start, instants[before_the_next_day - 1]) if before_the_next_day else start


def _order(each: Dated) -> tuple[datetime, bool, str]:
    return each.at, each.fact.precision == "day", each.fact.id
