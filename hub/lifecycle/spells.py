"""Spells: the times in which somebody is a customer, each of which begins a cycle."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from hub.lifecycle.purchases import Purchase
from hub.lifecycle.spans import LAST, Span, later
from hub.lifecycle.terms import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """One time as a customer: what began it, and by which rule it ends where it does."""

    cycle: int
    start: datetime
    end: datetime | None
    opening: str
    opened_by: tuple[str, ...]
    closing: str
    closed_by: tuple[str, ...]

    @property
    def span(self) -> Span:
        """From the start until the end."""
        return self.start, self.end


class _Active(NamedTuple):
    """A stretch of time in which one thing keeps a customer active; LAST is the end that never comes."""

    start: datetime
    end: datetime
    opening: str
    opened_by: tuple[str, ...]
    closing: str
    closed_by: tuple[str, ...]


def spells(terms: Sequence[Term], purchases: Sequence[Purchase], inactivity: timedelta) -> list[Spell]:
    """The union of what keeps a customer active, the stretches that touch joined; what lasted no time begins no spell."""
    stretches = sorted((*_subscribed(terms), *_bought(purchases, inactivity)))
    joined: list[list[_Active]] = []
    end = None
    for each in stretches:
        if end is not None and each.start <= end:
            joined[-1].append(each)
            end = max(end, each.end)
        else:
            joined.append([each])
            end = each.end
    lasting = (parts for parts in joined if any(part.start < part.end for part in parts))
    return [_spell(cycle, parts) for cycle, parts in enumerate(lasting, start=1)]


def _subscribed(terms: Sequence[Term]) -> Iterator[_Active]:
    for term in terms:
        start, end = term.span
        ended_by = (term.ended.fact.id,) if term.ended else ()
        yield _Active(start, end or LAST, "subscription_started", (term.started.fact.id,), "subscription_ended", ended_by)


def _bought(purchases: Sequence[Purchase], inactivity: timedelta) -> Iterator[_Active]:
    """A purchase counts for the time of inactivity, or until the subscription that covers it takes over."""
    for each in purchases:
        end = min(later(each.at, inactivity), each.covered_since or LAST)
        yield _Active(each.at, end, "first_purchase", each.decided_by, "inactivity", each.decided_by)


def _spell(cycle: int, parts: Sequence[_Active]) -> Spell:
    start, end = parts[0].start, max(part.end for part in parts)
    first = [part for part in parts if part.start == start]
    last = [part for part in parts if part.end == end and part.start < end]
    return Spell(
        cycle=cycle,
        start=start,
        end=None if end == LAST else end,
        opening=min(part.opening for part in first),
        opened_by=_ids(part.opened_by for part in first),
        closing=max(part.closing for part in last),
        closed_by=_ids(part.closed_by for part in last),
    )


def _ids(several: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({each for ids in several for each in ids}))
