"""What speaks for how far a customer has come: purchases, renewals, first steps, praise and answers."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from hub.lifecycle.purchases import Purchase
from hub.lifecycle.rules import Rules
from hub.lifecycle.spans import LAST, later
from hub.lifecycle.spells import Spell
from hub.lifecycle.surveys import Answer, answers
from hub.lifecycle.timeline import Dated, Timeline

T = TypeVar("T", Purchase, Dated, Answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that counts, each kind in order of time.

    `flags` are the moments at which the sources began or ceased to call the customer an evangelist.
    """

    bought: Sequence[Purchase]
    renewed: Sequence[Dated]
    begun: Sequence[Dated]
    praise: Sequence[Dated]
    flags: Sequence[Dated]
    answers: Sequence[Answer]
    rules: Rules


def evidence(facts: Timeline, purchases: Sequence[Purchase], rules: Rules) -> Evidence:
    """The evidence of a customer's whole history."""
    return Evidence(
        bought=purchases,
        renewed=facts.of("subscription.renewed"),
        begun=facts.of("user.activated", "onboarding.completed"),
        praise=facts.of("referral.made", "testimonial.given"),
        flags=list(_flags(facts)),
        answers=list(answers(facts)),
        rules=rules,
    )


def within(known: Evidence, spell: Spell) -> Evidence:
    """What counts in a spell: purchases, renewals and first steps of its own; of praise and answers also the last ones before."""
    end = spell.end or LAST
    return replace(
        known,
        bought=_between(known.bought, spell.start, end),
        renewed=_between(known.renewed, spell.start, end),
        begun=[each for each in _between(known.begun, spell.start, end) if each.at > spell.start],
        praise=_speaking(known.praise, spell),
        flags=_speaking(known.flags, spell),
        answers=_speaking(known.answers, spell),
    )


def when(each: Purchase | Dated | Answer) -> datetime:
    """The moment of a piece of evidence."""
    return each.at


def flagged(fact: Dated) -> bool:
    """Whether a source calls the customer an evangelist."""
    return fact.fact.attrs.get("evangelist") in (True, "true")


def latest(some: Sequence[T], moment: datetime, *, valid: timedelta | None = None) -> T | None:
    """The last one until a moment, None where there is none or it is no longer valid."""
    number = bisect_right(some, moment, key=when)
    if not number:
        return None
    found = some[number - 1]
    return found if valid is None or moment < later(found.at, valid) else None


def _between(some: Sequence[T], start: datetime, end: datetime) -> Sequence[T]:
    return some[bisect_left(some, start, key=when) : bisect_left(some, end, key=when)]


def _speaking(some: Sequence[T], spell: Spell) -> Sequence[T]:
    """The last one until the spell begins, which may still hold then, and those within it."""
    last_before = max(bisect_right(some, spell.start, key=when) - 1, 0)
    return some[last_before : bisect_left(some, spell.end or LAST, key=when)]


def _flags(facts: Timeline) -> Iterator[Dated]:
    """A source that says nothing of it leaves it as it was; one source that says so is enough."""
    saying: set[tuple[str, str]] = set()
    for each in facts.of("source.stage_asserted"):
        if "evangelist" not in each.fact.attrs:
            continue
        before = bool(saying)
        speaker = each.fact.system, each.fact.record_id
        (saying.add if flagged(each) else saying.discard)(speaker)
        if bool(saying) != before:
            yield each
