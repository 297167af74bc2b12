"""How far somebody has come within one spell: conversion, retention or loyalty, at every moment of it."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.lifecycle.evidence import Evidence, flagged, latest, when
from hub.lifecycle.spans import LAST, later
from hub.lifecycle.spells import Spell
from hub.lifecycle.surveys import DETRACTOR, PROMOTER, Answer

REPEATED: Final = 2
"""So many purchases make praise loyalty."""


class Held(NamedTuple):
    """A stage that holds at a moment, by which rule, and the facts that make it so."""

    stage: str
    rule: str
    facts: tuple[str, ...]


def breaks(known: Evidence, spell: Spell) -> list[datetime]:
    """The moments within the spell at which its stage may change, the start among them."""
    end = spell.end or LAST
    return sorted({spell.start, *(each for each in _moments(known, spell) if spell.start < each < end)})


def held(known: Evidence, spell: Spell, moment: datetime, before: Held | None) -> Held:
    """The stage at a moment of the spell, of which `known` is the evidence; `before` is what held until then."""
    retained = _retained(known, spell, moment)
    if retained is None:
        return Held("conversion", spell.opening, spell.opened_by)
    answer = latest(known.answers, moment, valid=timedelta(days=known.rules.nps_valid_days))
    detractor = answer if answer and answer.score <= DETRACTOR else None
    if not detractor and (loyal := _loyal(known, moment, answer)):
        return loyal
    if before and before.stage == "loyalty":
        return (
            Held("retention", "detractor", (detractor.fact_id,))
            if detractor
            else Held("retention", "loyalty_ended", before.facts)
        )
    return retained


def _moments(known: Evidence, spell: Spell) -> Iterator[datetime]:
    rules = known.rules
    yield later(spell.start, timedelta(days=rules.conversion_window_days))
    yield from (each.at for some in (known.renewed[:1], known.begun[:1], known.flags) for each in some)
    for purchase in known.bought:
        yield purchase.at
        yield later(purchase.at, timedelta(days=rules.loyal_window_days))
    for praised in known.praise:
        yield praised.at
        yield later(praised.at, timedelta(days=rules.referral_valid_days))
    for answer in known.answers:
        yield answer.at
        yield later(answer.at, timedelta(days=rules.nps_valid_days))


def _retained(known: Evidence, spell: Spell, moment: datetime) -> Held | None:
    """Whether the customer is beyond conversion at least, and why."""
    if len(known.bought) > 1 and known.bought[1].at <= moment:
        return Held("retention", "second_purchase", known.bought[1].decided_by)
    for rule, some in (("renewal", known.renewed), ("onboarding", known.begun)):
        if some and some[0].at <= moment:
            return Held("retention", rule, (some[0].fact.id,))
    if moment >= later(spell.start, timedelta(days=known.rules.conversion_window_days)):
        return Held("retention", "conversion_window", spell.opened_by)
    return None


def _loyal(known: Evidence, moment: datetime, answer: Answer | None) -> Held | None:
    """Whether the customer is loyal unless it says otherwise, and why."""
    renewal = latest(known.renewed, moment)
    if renewal:
        return Held("loyalty", "renewal", (renewal.fact.id,))
    bought = bisect_right(known.bought, moment, key=when)
    counted = known.bought[max(bought - known.rules.loyal_purchases, 0) : bought]
    window = timedelta(days=known.rules.loyal_window_days)
    if len(counted) == known.rules.loyal_purchases and moment < later(counted[0].at, window):
        return Held("loyalty", "repeat_purchases", tuple(sorted(each for one in counted for each in one.decided_by)))
    praise = _praise(known, moment, answer) if bought >= REPEATED else None
    if praise is None:
        return None
    rule, fact_id = praise
    return Held("loyalty", rule, tuple(sorted({*counted[-1].decided_by, fact_id})))


def _praise(known: Evidence, moment: datetime, answer: Answer | None) -> tuple[str, str] | None:
    """Who speaks well of us at a moment: the rule and the fact."""
    if answer and answer.score >= PROMOTER:
        return "promoter", answer.fact_id
    praised = latest(known.praise, moment, valid=timedelta(days=known.rules.referral_valid_days))
    if praised:
        return praised.fact.type.partition(".")[0], praised.fact.id
    flag = latest(known.flags, moment)
    return ("evangelist", flag.fact.id) if flag and flagged(flag) else None
