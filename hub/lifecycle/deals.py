"""Whether and when a deal was won in the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.lifecycle.timeline import Dated, Timeline

ENDS: Final = ("deal.won", "deal.lost", "deal.reopened", "deal.deleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Won:
    """A deal that is won: the fact that gives the moment, and the newest one, which gives the amount."""

    first: Dated
    newest: Dated


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a deal came to; before `revised_at` another moment, or none, stood for its winning than now."""

    won: Won | None
    revised_at: datetime | None


def outcomes(facts: Timeline, grace: timedelta) -> Iterator[tuple[str, Outcome]]:
    """The outcome of every deal that ended, by its record."""
    steps: dict[str, list[Dated]] = {}
    for each in facts.of(*ENDS):
        steps.setdefault(each.fact.record_id, []).append(each)
    for record_id, taken in steps.items():
        yield record_id, _outcome(taken, grace)


def _outcome(steps: Sequence[Dated], grace: timedelta) -> Outcome:
    """The last status decides. What it was before is revised where a step takes a winning back or dates one before itself."""
    won: Won | None = None
    left: _Left | None = None
    revised_at = None
    for step in steps:
        before = won
        if step.fact.type == "deal.won":
            won = _won(step, before, left, grace)
        else:
            won, left = None, _Left(before, step.at) if before else left
        told, tells = (each.first.at if each else None for each in (before, won))
        if told != tells and (told or (tells and tells < step.at)):
            revised_at = step.at
    return Outcome(won=won, revised_at=revised_at)


class _Left(NamedTuple):
    """A winning that was taken back, and when."""

    won: Won
    at: datetime


def _won(step: Dated, standing: Won | None, left: _Left | None, grace: timedelta) -> Won:
    """A deal that is won again within the grace since it was taken back was won all the time."""
    if standing:
        return Won(first=standing.first, newest=step)
    if left and step.at - left.at <= grace:
        return Won(first=left.won.first, newest=step)
    return Won(first=step, newest=step)
