"""The figures at the top of a customer's page: what it brought, what is open, what it answered, when it was last dealt with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from hub.lifecycle import Summary, summary
from hub.lifecycle.surveys import DETRACTOR, PROMOTER, Answer
from hub.model import Fact
from hub.store import browse, timeline
from hub.store.database import Transaction
from hub.sync.lifecycles import Answer as Standing
from hub.web import plain
from hub.web.band import Band, Evidence, evidence
from hub.web.words import day, system

SHOWN: Final = 5
"""As many facts as stand below one figure."""
_RUNNING: Final = ("active", "past_due", "trialing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure; `values` has a line for each currency and nothing where there is none, which `hint` then says.

    It leads to a section of the page (`href`), or has the facts that it rests on, of which there may be `more`.
    """

    label: str
    values: tuple[str, ...]
    hint: str
    href: str = ""
    evidence: tuple[Evidence, ...] = ()
    more: int = 0


def tiles(
    tx: Transaction, found: Standing, document: Mapping[str, Any], band: Band, about: Mapping[str, Any]
) -> tuple[Tile, ...]:
    """The figures of a customer at the moment that was asked about."""
    moment, zone = found.standing.moment, found.settled.organisation.zone
    mine = {each["record_id"] for each in document["records"]}
    drawn = _Drawn(summary(found.mine, moment), found.mine, zone, mine)
    drawn = replace(drawn, records=browse.records(tx, {fact.record_id for some in drawn.shown for fact in some[:SHOWN]}))
    contact = timeline.last_contact(tx, sorted(mine), moment)
    renewal = _renewal(document, about, moment.astimezone(zone).date(), zone)
    return (
        _revenue(band),
        drawn.deals(),
        drawn.tickets(),
        drawn.nps(),
        drawn.csat(),
        _contact(contact, moment, zone),
        renewal,
        *drawn.scores(),
    )


def _revenue(band: Band) -> Tile:
    if not band.purchases:
        return Tile(label="Revenue to date", values=(), hint="No purchase yet", href="#h-purchases")
    bought = f"{band.purchases:,} {'purchase' if band.purchases == 1 else 'purchases'}"
    values = tuple(plain.amount(each) for each in band.revenue)
    return Tile(
        label="Revenue to date", values=values, hint=bought if values else f"{bought}, no amount told", href="#h-purchases"
    )


def _contact(last: tuple[datetime, str] | None, moment: datetime, zone: tzinfo) -> Tile:
    label = "Days since last contact"
    if last is None:
        return Tile(label=label, values=(), hint="No message, call or meeting is known", href="#h-timeline")
    who = "they turned to us" if last[1] == "in" else "we turned to them"
    return Tile(label=label, values=(f"{(moment - last[0]).days:,}",), hint=f"{day(last[0], zone)}, {who}", href="#h-timeline")


def _renewal(document: Mapping[str, Any], about: Mapping[str, Any], today: date, zone: tzinfo) -> Tile:
    known = _stated(document) or _next(about.get("subscription", ()), today, zone)
    if known is None:
        return Tile(label="Renewal", values=(), hint="No system tells when", href="#h-values")
    left, (href, said) = (known[0] - today).days, known[1:]
    days = f"{abs(left):,} {'day' if abs(left) == 1 else 'days'}"
    value = "Today" if not left else f"In {days}" if left > 0 else f"{days} ago"
    return Tile(label="Renewal", values=(value,), hint=f"{known[0]:%-d %b %Y}, {said}", href=href)


def _stated(document: Mapping[str, Any]) -> tuple[date, str, str] | None:
    """The date that the golden record has, as far as it is one."""
    try:
        return date.fromisoformat(document["fields"]["renewal_date"]["value"]), "#h-values", "as its record says"
    except (KeyError, ValueError):
        return None


def _next(subscriptions: Sequence[tuple[Any, Mapping[str, Any]]], today: date, zone: tzinfo) -> tuple[date, str, str] | None:
    """The next end of a term of a subscription that goes on by itself."""
    going = [
        body
        for row, body in subscriptions
        if row.state == "live" and body.get("status") in _RUNNING and not body.get("cancel_at")
    ]
    ends = [
        datetime.fromisoformat(body["current_period_end"]).astimezone(zone).date()
        for body in going
        if "current_period_end" in body
    ]
    found = min((each for each in ends if each >= today), default=None)
    return None if found is None else (found, "#h-subscription", "the end of a term")


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The figures that follow from facts; `records` are those that tell the facts below them."""

    known: Summary
    mine: Sequence[Fact]
    zone: tzinfo
    parties: set[str]
    records: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shown(self) -> Iterator[Sequence[Fact]]:
        """The facts below each figure, those first that say most."""
        yield from (self.known.deals[::-1], self.known.tickets, self.known.rated[::-1], self.answered(self.known.nps))
        yield from ((each,) for each in self.reported)

    @property
    def reported(self) -> list[Fact]:
        """The scores of the customer's own records; those of a company's people are not the company's."""
        return [each for each in self.known.scores if each.record_id in self.parties]

    def answered(self, answer: Answer | None) -> list[Fact]:
        """The fact that is an answer."""
        return [each for each in self.mine if answer and each.id == answer.fact_id]

    def deals(self) -> Tile:
        """What may be sold, and for how much."""
        deals = self.known.deals
        if not deals:
            return Tile(label="Open deals", values=(), hint="No deal is open")
        said = [plain.amount(each) for each in self.known.worth]
        said += [f"{self.known.unpriced:,} without an amount"] if self.known.unpriced else []
        return self._tile("Open deals", f"{len(deals):,}", " · ".join(said), deals[::-1])

    def tickets(self) -> Tile:
        """What waits for an answer of ours, and since when."""
        tickets = self.known.tickets
        if not tickets:
            none = "No ticket is open" if self.known.had_tickets else "No ticket in the connected systems"
            return Tile(label="Open tickets", values=(), hint=none)
        return self._tile("Open tickets", f"{len(tickets):,}", f"the oldest since {self._day(tickets[0])}", tickets)

    def nps(self) -> Tile:
        """The latest answer to whether they would recommend us."""
        answer, told = self.known.nps, self.answered(self.known.nps)
        if answer is None or not told:
            return Tile(label="NPS", values=(), hint="Never answered whether they would recommend us")
        kind = "promoter" if answer.score >= PROMOTER else "detractor" if answer.score <= DETRACTOR else "passive"
        return self._tile("NPS", f"{_short(answer.score)} of 10", f"{kind}, {self._day(told[0])}", told)

    def csat(self) -> Tile:
        """How many of the answers about satisfaction are good ones."""
        rated = self.known.rated
        if not rated:
            return Tile(label="CSAT", values=(), hint="Never answered how satisfied they are")
        share = (Decimal(100 * self.known.satisfied) / len(rated)).quantize(Decimal(1), ROUND_HALF_UP)
        hint = f"{self.known.satisfied:,} of {len(rated):,} {'answer' if len(rated) == 1 else 'answers'} satisfied"
        return self._tile("CSAT", f"{share} %", hint, rated[::-1])

    def scores(self) -> Iterator[Tile]:
        """The scores that systems compute themselves, as they give them."""
        for each in self.reported:
            most, better = each.attrs.get("maximum"), each.attrs.get("higher_is_better")
            value = f"{each.attrs.get('score')} of {most}" if most else str(each.attrs.get("score"))
            way = "unknown which way is good" if better is None else "higher is better" if better else "lower is better"
            name = str(each.attrs.get("name")).replace("_", " ").capitalize()
            yield self._tile(name, value, f"{system(each.system)}, {way}", (each,))

    def _day(self, fact: Fact) -> str:
        return day(fact.occurred_at, self.zone, whole=fact.precision == "day")

    def _tile(self, label: str, value: str, hint: str, facts: Sequence[Fact]) -> Tile:
        told = evidence(facts[:SHOWN], self.records, self.zone)
        return Tile(label=label, values=(value,), hint=hint, evidence=told, more=max(len(facts) - SHOWN, 0))


def _short(score: Decimal) -> str:
    """A score without needless digits."""
    return f"{score:.1f}".removesuffix(".0")
