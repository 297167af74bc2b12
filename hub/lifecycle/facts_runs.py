"""Facts that follow from how a record changed: deals, tickets, orders and subscriptions."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

from msgspec.structs import replace

from hub.lifecycle.facts_said import FIRST_SEEN, History, Run, Said, Version, begun, moment, money
from hub.model import Deal, DealStatus, DealStep, Order, OrderStatus, Subscription, SubscriptionStatus, Ticket, TicketStatus

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_SOLVED = (TicketStatus.SOLVED, TicketStatus.CLOSED)
_ENDED = (SubscriptionStatus.CANCELED, SubscriptionStatus.ENDED)


def deal(history: History[Deal]) -> Iterator[Said]:
    """Opened once; won, lost, reopened and deleted as often as it was; its way through the stages."""
    if history.about is not None:
        yield _opened(history, "deal.opened", _offered(history.about))
        if (sent := history.last("proposal_sent_at")) is not None:
            yield Said(type="proposal.sent", at=sent[1], day="proposal_sent_at" in sent[0].days)
        history = _lived(history, history.about) if history.about.history else history
    ended = False
    for run in history.runs(_deal_state, deleted=DealStatus.DELETED):
        said = _deal_end(run) if run.state != DealStatus.OPEN else None
        if said is not None:
            yield said
        elif ended:
            yield _since(run, "deal.reopened")
        ended = said is not None
    stages = list(history.runs(lambda entity: entity.stage_id))
    for run in stages[1:]:
        entity = run.last.entity
        pipeline = entity.pipeline_id if entity is not None else None
        yield _since(run, "deal.stage_changed", attrs={"pipeline_id": pipeline, "stage_id": run.state})


def ticket(history: History[Ticket]) -> Iterator[Said]:
    """Opened once, solved and reopened as often as it was."""
    if history.about is None:
        return
    yield _opened(history, "ticket.opened", {"priority": history.about.priority, "category": history.about.category})
    solved = False
    for run in history.runs(_ticket_solved):
        if run.state:
            yield _since(run, "ticket.solved", "solved_at")
        elif solved:
            yield _since(run, "ticket.reopened")
        solved = run.state


def order(history: History[Order]) -> Iterator[Said]:
    """Paid, fulfilled and paid back, as it stands now."""
    entity = history.about
    if entity is None:
        return
    (*_, run) = history.runs(lambda each: each.status or OrderStatus.UNKNOWN)
    if (paid := _paid(entity, run)) is not None:
        links = {"deal_id": entity.deal_id, "subscription_id": entity.subscription_id}
        bought = {"products": [line.product for line in entity.lines], "families": _families(entity)}
        yield Said(type="order.paid", at=paid[0], day=paid[1], attrs=money(entity.total) | links | bought)
    if (fulfilled := moment(entity, "fulfilled_at")) is not None:
        yield Said(type="order.fulfilled", at=fulfilled[0], day=fulfilled[1])
    if entity.status == OrderStatus.REFUNDED or entity.refunded is not None:
        back = entity.refunded if entity.refunded is not None else entity.total
        yield _since(run, "order.refunded", "refunded_at", attrs=money(back))


def subscription(history: History[Subscription]) -> Iterator[Said]:
    """Started when it was first paid for, renewed, changed, and ended; a trial is a sign-up."""
    entity = history.about
    if entity is None:
        return
    trial = _trial(entity)
    if trial is not None:
        yield Said(type="user.signed_up", at=trial, day="started_at" in entity.days)
    yield from _term(history, entity, "trial_end_at" if trial is not None else "started_at")
    if entity.cancel_requested_at is not None:
        at = entity.cancel_at.isoformat() if entity.cancel_at else None
        yield Said(type="subscription.cancel_scheduled", at=entity.cancel_requested_at, attrs={"cancel_at": at})


def _term(history: History[Subscription], entity: Subscription, begins: str) -> Iterator[Said]:
    """The time for which it is paid; nothing of it where it ended with its trial."""
    start, ended = moment(entity, begins, "created_at"), _ended(history, entity)
    tried = begins == "trial_end_at" and ended is not None and start is not None and ended.at <= start[0]
    if start is None or tried or entity.status == SubscriptionStatus.TRIALING:
        return
    yield Said(type="subscription.started", at=start[0], day=start[1], attrs=_plan(entity))
    yield from (Said(type="subscription.renewed", at=at) for at in entity.renewals)
    yield from _changed(history)
    if ended is not None:
        yield ended


def _paid(entity: Order, run: Run[Order]) -> tuple[datetime, bool] | None:
    """When an order was paid: as it says, else when it was placed, if it was paid at all."""
    said = moment(entity, "paid_at")
    if said is not None or entity.status not in (OrderStatus.PAID, OrderStatus.REFUNDED):
        return said
    return moment(entity, "placed_at", "created_at") or (run.first.at, False)


def _offered(entity: Deal) -> dict[str, Any]:
    return money(entity.amount) | {"kind": entity.kind, "families": sorted(set(entity.families))}


def _families(entity: Order) -> list[str]:
    """The families of all lines; nothing where one of them does not tell its own."""
    families = {line.family for line in entity.lines}
    return [] if None in families else sorted(filter(None, families))


def _trial(entity: Subscription) -> datetime | None:
    """When a trial began, where there was one."""
    started, ended = entity.started_at, entity.trial_end_at
    return started if started is not None and ended is not None and ended > started else None


def _lived(history: History[Deal], about: Deal) -> History[Deal]:
    """Also the versions that were before we first read it, as the source's own history tells them."""

    def at(step: DealStep) -> Version[Deal]:
        was = replace(about, stage_id=step.stage_id, status=step.status, won_at=None, lost_at=None, closed_at=None)
        return Version(entity=was, changed_at=step.at, recorded_at=history.versions[-1].recorded_at)

    return History.of((*map(at, about.history), *history.versions))


def _deal_state(entity: Deal) -> DealStatus | None:
    return None if entity.status in (None, DealStatus.UNKNOWN) else entity.status


def _deal_end(run: Run[Deal]) -> Said | None:
    entity = run.last.entity
    if run.state == DealStatus.DELETED or entity is None:
        return _since(run, "deal.deleted")
    if run.state == DealStatus.WON:
        bought = money(entity.amount) | {"kind": entity.kind, "products": list(entity.products)}
        return _since(run, "deal.won", "won_at", "closed_at", attrs=bought)
    return _since(run, "deal.lost", "lost_at", "closed_at", attrs={"reason": entity.lost_reason, "competitor": entity.competitor})


def _opened(history: History[Any], kind: str, attrs: dict[str, Any]) -> Said:
    """When a record was opened, as its newest version that says so has it, else when it was made, else first seen."""
    for name in ("opened_at", "created_at"):
        if (found := history.last(name)) is not None:
            entity, at = found
            return Said(type=kind, at=at, day=name in entity.days, attrs=attrs)
    first = history.versions[0]
    return Said(type=kind, at=first.at, attrs=attrs, confidence=1.0 if first.changed_at is not None else FIRST_SEEN)


def _since(run: Run[Any], fact: str, *names: str, attrs: Mapping[str, Any] = NOTHING) -> Said:
    at, day, confidence = begun(run, *names)
    return Said(type=fact, at=at, day=day, confidence=confidence, attrs=attrs)


def _ticket_solved(entity: Ticket) -> bool | None:
    return None if entity.status in (None, TicketStatus.UNKNOWN) else entity.status in _SOLVED


def _ended(history: History[Subscription], entity: Subscription) -> Said | None:
    (*_, run) = history.runs(lambda each: each.status or SubscriptionStatus.UNKNOWN)
    if entity.ended_at is None and entity.status not in _ENDED:
        return None
    if entity.ended_at is None and entity.status == SubscriptionStatus.CANCELED and entity.cancel_at is None:
        entity_end = moment(entity, "current_period_end")
        if entity_end is not None:
            return Said(type="subscription.ended", at=entity_end[0], day=entity_end[1], attrs={"reason": entity.end_reason})
    return _since(run, "subscription.ended", "ended_at", "cancel_at", attrs={"reason": entity.end_reason})


def _plan(entity: Subscription) -> dict[str, Any]:
    links = {"product_id": entity.product_id, "deal_id": entity.deal_id}
    families = {"families": [entity.family] if entity.family else []}
    return money(entity.mrr, "mrr") | {"interval": entity.interval} | links | families


def _changed(history: History[Subscription]) -> Iterator[Said]:
    """Each change of what it brings in a month."""
    runs = list(history.runs(lambda entity: entity.mrr))
    for before, after in pairwise(runs):
        attrs = money(before.state, "mrr_from") | money(after.state, "mrr_to")
        yield _since(after, "subscription.changed", attrs=attrs)
