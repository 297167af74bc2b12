"""The one table of canonical fields and the facts that they give."""

from collections.abc import Iterator, Mapping
from typing import Any

from hub.lifecycle import facts_engagement, facts_parties, facts_runs
from hub.lifecycle.facts_said import Facts, History, Once, Said, moment, money, number, once, while_there
from hub.model import Consent, Invoice, Payment, SurveyResponse, Touchpoint


def said(kind: str, history: History[Any]) -> Iterator[Said]:
    """Everything that a record of a type says happened."""
    if kind in TABLE:
        yield from TABLE[kind](history)


def _survey(entity: SurveyResponse) -> dict[str, Any]:
    limits = {"minimum": number(entity.scale_min), "maximum": number(entity.scale_max)}
    return {"kind": entity.kind, "score": number(entity.score), "label": entity.label} | limits


def _scored(history: History[SurveyResponse]) -> Iterator[Said]:
    """An answer of which nobody says when it was given was given when its record was made."""
    entity = history.about
    if entity is None or entity.responded_at is not None or (entity.score is None and entity.label is None):
        return
    at = moment(entity, "created_at") or (history.versions[0].at, False)
    yield Said(type="survey.responded", at=at[0], day=at[1], attrs=_survey(entity))


def _invoice(entity: Invoice) -> dict[str, Any]:
    links = {"order_id": entity.order_id, "deal_id": entity.deal_id, "subscription_id": entity.subscription_id}
    return money(entity.total) | links


def _payment(history: History[Payment]) -> Iterator[Said]:
    """A payment speaks only where no order and no invoice does."""
    entity = history.about
    if entity is None or entity.order_id or entity.invoice_id or entity.paid_at is None:
        return
    attrs = money(entity.amount) | {"subscription_id": entity.subscription_id}
    yield Said(type="invoice.paid", at=entity.paid_at, day="paid_at" in entity.days, attrs=attrs)


def _touch(entity: Touchpoint) -> dict[str, Any]:
    return {"source": entity.source, "kind": entity.kind, "campaign_id": entity.campaign_id}


def _consent(entity: Consent) -> dict[str, Any]:
    return {"purpose": entity.purpose, "channel": entity.channel, "state": entity.state}


TABLE: Mapping[str, Facts] = {
    "contact": facts_parties.party,
    "company": facts_parties.party,
    "lead": facts_parties.lead,
    "deal": facts_runs.deal,
    "ticket": while_there(facts_runs.ticket),
    "survey_response": while_there(
        once(
            Once(("asked_at",), "survey.sent", lambda answer: {"kind": answer.kind}, lasting=True),
            Once(("responded_at",), "survey.responded", _survey),
        ),
        _scored,
    ),
    "order": while_there(facts_runs.order),
    "invoice": while_there(once(Once(("paid_at",), "invoice.paid", _invoice))),
    "payment": while_there(_payment),
    "refund": while_there(once(Once(("refunded_at",), "order.refunded", lambda refund: money(refund.amount)))),
    "subscription": while_there(facts_runs.subscription),
    "activity": while_there(facts_engagement.activity),
    "touchpoint": while_there(once(Once(("occurred_at", "created_at"), "reach.touch", _touch))),
    "usage_daily": while_there(facts_engagement.usage),
    "referral": while_there(facts_engagement.referral),
    "consent": once(Once(("at",), "consent.changed", _consent)),
}
