"""The five stages of Sterne and Cutler, and the leaving, as intervals over time."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final, NamedTuple

from hub.lifecycle.evidence import Evidence, evidence, when, within
from hub.lifecycle.progress import Held, breaks, held
from hub.lifecycle.purchases import Purchase
from hub.lifecycle.rules import Rules
from hub.lifecycle.spans import LAST
from hub.lifecycle.spells import Spell
from hub.lifecycle.timeline import Dated, Timeline

FRAMEWORK: Final = "sterne_cutler"
HEADLINE: Final = "*"
"""The offering of the intervals that are about the customer as a whole."""

COURTED: Final = ("reach", "acquisition")
"""The stages of somebody who is no customer."""

INTEREST: Final = ("lead.captured", "lead.engaged", "lead.qualified", "deal.opened", "user.signed_up", "ticket.opened")
"""What makes somebody who is no customer one who is to be won."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stage from `entered_at` until `exited_at`, None while nothing known ends it.

    `entered_by` and `exited_by` are ids of facts, `rule` names the rule that opened it, and `confidence` is the least of the
    facts that opened it. `is_winback` marks the reach and the acquisition of a former customer.
    """

    framework: str = FRAMEWORK
    cycle: int
    offering: str = HEADLINE
    stage: str
    entered_at: datetime
    exited_at: datetime | None
    entered_by: tuple[str, ...]
    exited_by: tuple[str, ...]
    rule: str
    is_winback: bool
    confidence: float


class _Step(NamedTuple):
    """The entering of a stage."""

    at: datetime
    cycle: int
    held: Held


def intervals(facts: Timeline, spells: Sequence[Spell], purchases: Sequence[Purchase], rules: Rules) -> Iterator[Interval]:
    """The intervals in order, without a gap between them."""
    steps = list(_steps(facts, spells, purchases, rules))
    confidence = {each.fact.id: each.fact.confidence for some in facts.by_type.values() for each in some}
    for step, following in pairwise([*steps, None]):
        if step:
            yield _interval(step, following, confidence)


def _interval(step: _Step, following: _Step | None, confidence: Mapping[str, float]) -> Interval:
    at, cycle, (stage, rule, entered_by) = step
    return Interval(
        cycle=cycle,
        stage=stage,
        entered_at=at,
        exited_at=following.at if following else None,
        entered_by=entered_by,
        exited_by=following.held.facts if following else (),
        rule=rule,
        is_winback=cycle > 1 and stage in COURTED,
        confidence=min((confidence[each] for each in entered_by), default=1.0),
    )


def _steps(facts: Timeline, spells: Sequence[Spell], purchases: Sequence[Purchase], rules: Rules) -> Iterator[_Step]:
    touches, interest = facts.of("reach.touch"), facts.of(*INTEREST)
    everything = evidence(facts, purchases, rules)
    before: Spell | None = None
    for spell in (*spells, None):
        if before is None or before.end:
            yield from _courted(touches, interest, before, spell)
        if spell:
            yield from _progress(everything, spell)
        before = spell


def _courted(touches: Sequence[Dated], interest: Sequence[Dated], before: Spell | None, after: Spell | None) -> Iterator[_Step]:
    """The stages of somebody who is no customer, after one spell and before the next: the first touch, the first interest."""
    cycle = before.cycle + 1 if before else 1
    if before and before.end:
        yield _Step(before.end, before.cycle, Held("churned", before.closing, before.closed_by))
    until = after.start if after else LAST
    reached = _first(touches, before, until)
    interested = _first(interest, before, until)
    if reached and not (interested and interested.at <= reached.at):
        yield _Step(reached.at, cycle, Held("reach", "first_touch", (reached.fact.id,)))
    if interested:
        yield _Step(interested.at, cycle, Held("acquisition", "first_interest", (interested.fact.id,)))


def _first(facts: Sequence[Dated], before: Spell | None, until: datetime) -> Dated | None:
    """The first fact after the end of the spell before: what happens at the very end belongs to the spell."""
    number = bisect_right(facts, before.end, key=when) if before and before.end else 0
    return facts[number] if number < len(facts) and facts[number].at < until else None


def _progress(everything: Evidence, spell: Spell) -> Iterator[_Step]:
    """The stages within a spell: what holds at each break point, equal neighbours joined."""
    known = within(everything, spell)
    before: Held | None = None
    for moment in breaks(known, spell):
        now = held(known, spell, moment, before)
        if before is None or now.stage != before.stage:
            yield _Step(moment, spell.cycle, now)
        before = now
