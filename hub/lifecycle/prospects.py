"""When somebody who might have bought is lost: every deal is, and nothing has been heard for a long time."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from hub.lifecycle.deals import ENDS
from hub.lifecycle.spans import Span, common, later, united
from hub.lifecycle.timeline import Dated, Timeline

ENGAGEMENT: Final = (
    "reach.touch",
    "lead.captured",
    "lead.engaged",
    "lead.qualified",
    "deal.opened",
    "deal.reopened",
    "user.signed_up",
    "user.activated",
    "user.active",
    "onboarding.completed",
    "ticket.opened",
    "ticket.reopened",
    "survey.responded",
    "referral.made",
    "testimonial.given",
)
"""What shows that a prospect still has to do with us."""


def lost(facts: Timeline, expiry: timedelta) -> tuple[Span, ...]:
    """The times in which all deals are lost and there was no engagement for as long as a lead lasts."""
    hopeless = united(_without_hope(facts))
    return tuple(common(hopeless, united(_quiet(facts.of(*ENGAGEMENT), expiry)))) if hopeless else ()


def _without_hope(facts: Timeline) -> Iterator[Span]:
    """The times in which there are deals and all are lost, as far as was known then; deleted ones never were."""
    stands: dict[str, str] = {}
    count: Counter[str] = Counter()
    since: datetime | None = None
    for at, fact in facts.of("deal.opened", *ENDS):
        if fact.type == "deal.opened" and fact.record_id in stands:
            continue
        count[_hope(stands.get(fact.record_id, "deal.deleted"))] -= 1
        count[_hope(fact.type)] += 1
        stands[fact.record_id] = fact.type
        hopeless = count["lost"] > 0 and not count["open"]
        if since and not hopeless:
            yield since, at
        since = (since or at) if hopeless else None
    if since:
        yield since, None


def _hope(state: str) -> str:
    """What a deal in a state is to whoever hopes for a sale."""
    return {"deal.lost": "lost", "deal.deleted": "none"}.get(state, "open")


def _quiet(engagement: list[Dated], expiry: timedelta) -> Iterator[Span]:
    """The times more than the expiry after an engagement and before the next."""
    for each, following in pairwise([*engagement, None]):
        if each:
            yield later(each.at, expiry), following.at if following else None
