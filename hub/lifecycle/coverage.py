"""Which purchases a subscription stands for, and from when on."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.lifecycle.spans import LAST, Span, later, united
from hub.lifecycle.terms import Term
from hub.lifecycle.timeline import Dated

SOON: Final = timedelta(days=30)
"""A subscription that starts within this after a purchase is what was bought."""


class Link(NamedTuple):
    """That a purchase has to do with a subscription, if with any, and since when that is known."""

    subscription_id: str
    at: datetime

    @classmethod
    def of(cls, telling: Dated, since: datetime) -> "Link":
        """What a fact tells of a purchase that it is known to be about since a moment."""
        return cls(telling.fact.attrs.get("subscription_id") or "", max(telling.at, since))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """When subscriptions ran at all, when each of them first started, and when the one that a deal sold did."""

    spans: Sequence[Span]
    starts: Mapping[str, datetime]
    sold: Mapping[str, datetime]

    @classmethod
    def of(cls, terms: Sequence[Term]) -> "Cover":
        """What terms, in order of their starts, cover."""
        starts: dict[str, datetime] = {}
        sold: dict[str, datetime] = {}
        for term in terms:
            starts.setdefault(term.record_id, term.started.at)
            if term.deal_id:
                sold.setdefault(term.deal_id, term.started.at)
        return cls(spans=united(term.span for term in terms), starts=starts, sold=sold)


def covered_since(moment: datetime, record_id: str, links: Iterable[Link], cover: Cover) -> datetime | None:
    """From when on a subscription stands for a purchase: once it has started and the link to it, if it needs one, is told."""
    found = [max(moment, start) for start in _running(moment, cover)]
    found += [max(moment, cover.sold[record_id])] if record_id in cover.sold else []
    for link in links:
        start = cover.starts.get(link.subscription_id)
        found += [max(moment, start, link.at)] if start else []
    return min(found, default=None)


def _running(moment: datetime, cover: Cover) -> list[datetime]:
    """The start of the subscription that runs at a moment or will soon after it."""
    first = bisect_right(cover.spans, moment, key=lambda span: span[1] or LAST)
    return [start for start, _ in cover.spans[first : first + 1] if start <= later(moment, SOON)]
