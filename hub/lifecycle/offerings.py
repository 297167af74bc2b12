"""Offering cycles: a loyal customer to whom something of a family that it never bought is quoted is won anew for that family.

What is about one family makes a row of its own beside the stages of the customer as a whole, which remain as they are. The family
is what a record itself tells (`families`). Where any earlier purchase tells none, nobody knows that the family was never bought,
and no row opens.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hub.lifecycle.milestones import Dealt
from hub.lifecycle.rules import Rules
from hub.lifecycle.spells import spells
from hub.lifecycle.stages import HEADLINE, INTEREST, Interval, intervals
from hub.lifecycle.timeline import Dated, Timeline

QUOTES: Final = ("deal.opened", "proposal.sent")
_TELLING: Final = ("deal.opened", "order.paid", "subscription.started")
_PRAISE: Final = ("referral.made", "testimonial.given", "source.stage_asserted")
_OF_THE_WHOLE: Final = frozenset((*INTEREST, *_PRAISE, "reach.touch", "user.activated", "onboarding.completed"))
"""What is about the customer, of whatever family. An answer to whether it would recommend us counts for each row too."""


@dataclass(frozen=True, slots=True)
class _Told:
    """Since when which record tells its families; what is told after something happened is not known of it then."""

    by_record: Mapping[str, tuple[datetime, frozenset[str]]]

    @classmethod
    def of(cls, facts: Timeline) -> "_Told":
        found: dict[str, tuple[datetime, frozenset[str]]] = {}
        for at, fact in facts.of(*_TELLING):
            if families := frozenset(map(str, fact.attrs.get("families") or ())) - {"", HEADLINE}:
                found.setdefault(fact.record_id, (at, families))
        return cls(found)

    def families(self, record_id: str, moment: datetime) -> frozenset[str]:
        """The families of a record, none where nobody has told by a moment."""
        at, families = self.by_record.get(record_id, (moment, frozenset()))
        return families if at <= moment else frozenset()


def offerings(facts: Timeline, headline: Sequence[Interval], dealt: Dealt, rules: Rules) -> Iterator[Interval]:
    """The rows of all families that were offered to a loyal customer, each without a gap, in the order of the families."""
    told = _Told.of(facts)
    for family in sorted({each for _, families in told.by_record.values() for each in families}):
        quotes = [each for each in facts.of(*QUOTES) if family in told.families(each.fact.record_id, each.at)]
        begun = next((each for each in quotes if _loyal(headline, each.at) and _new(family, each.at, told, dealt)), None)
        if begun is not None:
            yield from _row(family, quotes[quotes.index(begun) :], (facts, told, dealt), rules)


def _loyal(headline: Sequence[Interval], moment: datetime) -> bool:
    now = [each for each in headline if each.entered_at <= moment]
    return bool(now) and now[-1].stage == "loyalty"


def _new(family: str, moment: datetime, told: _Told, dealt: Dealt) -> bool:
    """Whether it is known that nothing of a family was bought before a moment."""
    bought = [(each.record_id, each.at) for each in dealt.purchases] + [(each.record_id, each.started.at) for each in dealt.terms]
    families = [told.families(record_id, at) for record_id, at in bought if at < moment]
    return all(each and family not in each for each in families)


def _row(family: str, quotes: Sequence[Dated], known: tuple[Timeline, _Told, Dealt], rules: Rules) -> Iterator[Interval]:
    """The stages for one family since it was first quoted: by what was bought of it, and by nothing that is about the whole."""
    facts, told, dealt = known
    begun = quotes[0].at
    bought = [each for each in dealt.purchases if each.at >= begun and family in told.families(each.record_id, each.at)]
    ran = [each for each in dealt.terms if each.started.at >= begun and family in told.families(each.record_id, each.started.at)]
    renewed = [each for each in facts.of("subscription.renewed") if each.fact.record_id in {term.record_id for term in ran}]
    kept = {name: some for name, some in facts.by_type.items() if name not in _OF_THE_WHOLE}
    own = replace(facts, by_type={**kept, "deal.opened": list(quotes), "subscription.renewed": renewed})
    active = spells(ran, bought, timedelta(days=rules.inactivity_days))
    for each in intervals(own, active, bought, rules):
        yield replace(each, offering=family, rule="quoted" if each.rule == "first_interest" else each.rule)
