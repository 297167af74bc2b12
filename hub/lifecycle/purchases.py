"""Purchases: paid orders and won deals, one for every real event.

An order that names its deal is the same event as that deal, and so is an invoice that names the order or the deal. The event
happened when the deal was won, or when the order was paid if that was earlier; an invoice never makes a purchase of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from hub.lifecycle.coverage import Cover, Link, covered_since
from hub.lifecycle.deals import Outcome, Won
from hub.lifecycle.terms import number
from hub.lifecycle.timeline import Dated, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """Something bought. `record_id` is the deal's record where there is a deal, else the order's.

    The amount is told by the deal, else by the orders together, unless the rules name another of the systems; it is None
    where nobody told it or in several currencies. `facts` are all that tell of it, `decided_by` those that give its moment.
    A subscription covers it from `covered_since` on: what keeps the customer active from then is the subscription.
    """

    at: datetime
    amount: Decimal | None
    currency: str | None
    record_id: str
    system: str
    facts: tuple[str, ...]
    decided_by: tuple[str, ...]
    covered_since: datetime | None

    @property
    def covered(self) -> bool:
        """Whether a subscription stands for it."""
        return self.covered_since is not None


@dataclass(slots=True)
class _Event:
    won: Won | None = None
    orders: list[Dated] = field(default_factory=list)
    invoices: list[Dated] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def deciding(self) -> list[Dated]:
        return [*([self.won.first] if self.won else []), *self.orders]

    @property
    def tellers(self) -> tuple[list[Dated], ...]:
        """Who tells the amount, whoever is believed first coming first."""
        return [self.won.newest] if self.won else [], self.orders, self.invoices


def purchases(facts: Timeline, outcomes: Mapping[str, Outcome], cover: Cover, *, revenue_source: str | None) -> list[Purchase]:
    """Every purchase in order of time."""
    found = [_purchase(*event, cover, revenue_source) for event in _events(facts, outcomes)]
    return sorted(found, key=lambda purchase: (purchase.at, purchase.record_id))


def _events(facts: Timeline, outcomes: Mapping[str, Outcome]) -> Iterator[tuple[str, _Event]]:
    events = {record_id: _Event(won=outcome.won) for record_id, outcome in outcomes.items() if outcome.won}
    ordered: dict[str, tuple[str, datetime]] = {}
    for order in facts.of("order.paid"):
        event, _ = ordered.setdefault(order.fact.record_id, (order.fact.attrs.get("deal_id") or order.fact.record_id, order.at))
        found = events.setdefault(event, _Event())
        found.orders.append(order)
        found.links.append(Link.of(order, order.at))
    for invoice in facts.of("invoice.paid"):
        named = (ordered.get(invoice.fact.attrs.get("order_id", "")), (invoice.fact.attrs.get("deal_id", ""), invoice.at))
        paid = [(events[event[0]], event[1]) for event in named if event and event[0] in events]
        for found, since in paid:
            found.links.append(Link.of(invoice, since))
        for found, _ in paid[:1]:
            found.invoices.append(invoice)
    yield from events.items()


def _purchase(record_id: str, event: _Event, cover: Cover, revenue_source: str | None) -> Purchase:
    moment = min(each.at for each in event.deciding)
    tellers = _tellers(event, revenue_source)
    telling = {each.fact.id for each in (*event.deciding, *event.tellers[0], *event.invoices)}
    amount, currency = _sum(tellers)
    return Purchase(
        at=moment,
        amount=amount,
        currency=currency,
        record_id=record_id,
        system=tellers[0].fact.system,
        facts=tuple(sorted(telling)),
        decided_by=tuple(sorted(each.fact.id for each in event.deciding if each.at == moment)),
        covered_since=covered_since(moment, record_id, event.links, cover),
    )


def _tellers(event: _Event, revenue_source: str | None) -> Sequence[Dated]:
    """The facts that tell the amount: those of the system that counts money, as far as it tells of the event at all."""
    believed = ([each for each in some if each.fact.system == revenue_source] for some in event.tellers)
    return next(filter(None, believed), None) or next(filter(None, event.tellers))


def _sum(tellers: Sequence[Dated]) -> tuple[Decimal | None, str | None]:
    """What several orders or invoices of one event come to; of two facts about one record the later one counts."""
    told = {each.fact.record_id: each.fact.attrs for each in tellers}
    amounts = [(amount, attrs.get("currency")) for attrs in told.values() if (amount := number(attrs.get("amount"))) is not None]
    currencies = {currency for _, currency in amounts}
    if len(currencies) != 1:
        return None, None
    return sum((amount for amount, _ in amounts), Decimal(0)), currencies.pop()
