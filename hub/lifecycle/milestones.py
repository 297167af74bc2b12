"""The five milestones of the SaaS lifecycle: acquisition, activation, retention, revenue, referral."""

import calendar
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.lifecycle.evidence import when
from hub.lifecycle.purchases import Purchase
from hub.lifecycle.rules import Rules
from hub.lifecycle.spans import LAST, Span, later, since, united
from hub.lifecycle.spells import Spell
from hub.lifecycle.terms import Term
from hub.lifecycle.timeline import USE, Dated, Timeline

NAMES: Final = ("acquisition", "activation", "retention", "revenue", "referral")
"""In the order in which they are shown; a later one is further."""

PERIOD: Final = timedelta(days=30)
"""How long a use counts, and how long after activation use is retention."""

_MONTHS: Final = {"month": 1, "year": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """Something reached at `first_at` by `facts`, told again at each of `times`, and current during the spans of `current`."""

    name: str
    first_at: datetime
    facts: tuple[str, ...]
    times: tuple[datetime, ...]
    current: tuple[Span, ...]


class Dealt(NamedTuple):
    """What a customer paid for, when it was a customer, and what made it use what it has."""

    terms: Sequence[Term]
    purchases: Sequence[Purchase]
    spells: Sequence[Spell]
    activated: Sequence[Dated]


class _Told(NamedTuple):
    at: datetime
    facts: tuple[str, ...]


def milestones(facts: Timeline, dealt: Dealt, rules: Rules) -> Iterator[Milestone]:
    """The milestones that are reached at some time; one that was reached for good is current for ever."""
    paid = [_Told(purchase.at, purchase.decided_by) for purchase in dealt.purchases]
    paid += _told(term.started for term in dealt.terms if term.paid)
    praise = facts.of("referral.made", "testimonial.given")
    fresh = timedelta(days=rules.referral_valid_days)
    reached: tuple[tuple[list[_Told], Iterable[Span] | None], ...] = (
        (_told(facts.of("lead.captured", "user.signed_up")), None),
        (_told(dealt.activated), None),
        (_told(_retaining(facts, dealt.activated)), _returning(facts, dealt.terms)),
        (paid, [spell.span for spell in dealt.spells]),
        (_told(praise), [(each.at, later(each.at, fresh)) for each in praise]),
    )
    for name, (told, spans) in zip(NAMES, reached, strict=True):
        if told:
            yield _milestone(name, sorted(told), spans)


def _milestone(name: str, told: Sequence[_Told], spans: Iterable[Span] | None) -> Milestone:
    first_at = told[0].at
    return Milestone(
        name=name,
        first_at=first_at,
        facts=tuple(sorted({fact for each in told if each.at == first_at for fact in each.facts})),
        times=tuple(each.at for each in told),
        current=((first_at, None),) if spans is None else tuple(since(first_at, united(spans))),
    )


def _told(facts: Iterable[Dated]) -> list[_Told]:
    return [_Told(each.at, (each.fact.id,)) for each in facts]


def _retaining(facts: Timeline, activated: Sequence[Dated]) -> list[Dated]:
    """Every renewal, and every use a period or more after activation."""
    used = facts.of(USE)
    soon = bisect_left(used, later(activated[0].at, PERIOD), key=when) if activated else len(used)
    return [*facts.of("subscription.renewed"), *used[soon:]]


def _returning(facts: Timeline, terms: Sequence[Term]) -> Iterator[Span]:
    """The times within a period after a use, and those of subscriptions beyond their first period."""
    yield from ((each.at, later(each.at, PERIOD)) for each in facts.of(USE))
    renewals = defaultdict(list)
    for each in facts.of("subscription.renewed"):
        renewals[each.fact.record_id].append(each)
    for term in terms:
        second = _second_period(term, renewals)
        if second:
            yield second, term.span[1]


def _second_period(term: Term, renewals: Mapping[str, Sequence[Dated]]) -> datetime | None:
    """When the second period of a subscription begins: when it is renewed, or after the interval at which it is paid."""
    start = term.started.at
    own = renewals.get(term.record_id, ())
    found = [each.at for each in own[bisect_right(own, start, key=when) :][:1]]
    months = _MONTHS.get(str(term.started.fact.attrs.get("interval")))
    return min([*found, *([_months_later(start, months)] if months else [])], default=None)


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day and time some months later, the last day of a shorter month."""
    year, month = divmod(moment.month - 1 + months, 12)
    if moment.year + year > LAST.year:
        return LAST
    days = calendar.monthrange(moment.year + year, month + 1)[1]
    return moment.replace(year=moment.year + year, month=month + 1, day=min(moment.day, days))
