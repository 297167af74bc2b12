"""The one table of canonical fields and the facts that they give."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from hub.lifecycle import facts_runs
from hub.lifecycle.facts_said import History, Said, moment, money
from hub.model import (
    Activity,
    ActivityKind,
    Consent,
    Direction,
    Entity,
    Invoice,
    Lead,
    LeadStatus,
    Payment,
    Referral,
    SurveyResponse,
    Touchpoint,
    UsageDaily,
)

Facts = Callable[[History[Any]], Iterator[Said]]
Attrs = Callable[[Any], Mapping[str, Any]]


class Once(NamedTuple):
    """The first of some times that a record states gives a fact; what is `lasting` holds though a newer version is silent."""

    fields: tuple[str, ...]
    fact: str
    attrs: Attrs = lambda _entity: {}
    lasting: bool = False


def once(*wanted: Once) -> Facts:
    """The facts of the times that a record states; those of a deleted record are not said any more."""

    def facts(history: History[Any]) -> Iterator[Said]:
        if history.gone:
            return
        for each in wanted:
            held = (history.last(name) for name in each.fields) if each.lasting else iter(((history.about, None),))
            entity = next((found[0] for found in held if found is not None), None)
            at = moment(entity, *each.fields) if entity is not None else None
            if at is not None:
                yield Said(type=each.fact, at=at[0], day=at[1], attrs=each.attrs(history.about))

    return facts


def said(kind: str, history: History[Any]) -> Iterator[Said]:
    """Everything that a record of a type says happened."""
    for facts in TABLE.get(kind, ()):
        yield from facts(history)


def _activity(history: History[Activity]) -> Iterator[Said]:
    entity = history.about
    if history.gone or entity is None or entity.automatic:
        return
    at = moment(entity, "occurred_at", "created_at")
    fact = _done(entity)
    if fact and at is not None:
        yield Said(type=fact, at=at[0], day=at[1], attrs={"kind": entity.kind, "campaign_id": entity.campaign_id})


def _done(entity: Activity) -> str | None:
    """What an activity is to the lifecycle: a meeting is, whoever asked for it, and of the rest what the customer did."""
    if entity.direction == Direction.OUT and entity.kind != ActivityKind.MEETING:
        return None
    if entity.kind in _ANSWERED:
        return "lead.engaged" if entity.direction == Direction.IN else None
    return _DONE.get(entity.kind or ActivityKind.UNKNOWN)


def _steps(history: History[Lead]) -> Iterator[Said]:
    """What the statuses of a lead say that no time of its own says."""
    entity = history.about
    if history.gone or entity is None:
        return
    for status, at, level in _statuses(history, entity):
        fact = _QUALIFYING.get(status)
        if fact and getattr(entity, _STATED[fact]) is None:
            attrs = {"level": level} if fact == "lead.qualified" else {"reason": entity.disqualified_reason}
            yield Said(type=fact, at=at, attrs=attrs)


def _statuses(history: History[Lead], entity: Lead) -> Iterator[tuple[Any, datetime, str | None]]:
    """The statuses of its own history, and such as only its versions had."""
    told = {step.status for step in entity.history}
    yield from ((step.status, step.at, step.level or entity.level) for step in entity.history)
    yield from (
        (run.state, run.first.at, entity.level) for run in history.runs(lambda each: each.status) if run.state not in told
    )


def _asserted(history: History[Any]) -> Iterator[Said]:
    """The stages that a source states; what it states is never taken for what is."""
    for run in history.runs(lambda each: (each.asserted_stage, getattr(each, "evangelist", None))):
        raw, evangelist = run.state
        if raw is not None or evangelist is not None:
            yield Said(type="source.stage_asserted", at=run.first.at, attrs={"raw": raw, "evangelist": evangelist})


def _scores(history: History[Any]) -> Iterator[Said]:
    names = {score.name for version in history.versions if version.entity for score in version.entity.scores}
    for name in sorted(names):
        for run in history.runs(lambda each, name=name: next((s for s in each.scores if s.name == name), None)):  # type: ignore[misc]
            score = run.state
            limits = {"minimum": _text(score.minimum), "maximum": _text(score.maximum)}
            attrs = {"name": name, "score": _text(score.value), "higher_is_better": score.higher_is_better} | limits
            yield Said(type="health.reported", at=run.first.at, attrs=attrs, key=f"{name}@{run.first.at.isoformat()}")


def _existence(history: History[Any]) -> Iterator[Said]:
    """That a party was deleted at its source, restored, and what was merged into it."""
    gone = False
    for run in history.runs(lambda _each: "live", deleted="gone"):
        if run.state == "gone" or gone:
            yield Said(type="record.deleted" if run.state == "gone" else "record.restored", at=run.first.at)
        gone = run.state == "gone"
    seen: set[str] = set()
    for version in history.versions:
        fresh = set(version.entity.merged_ids) - seen if version.entity else set()
        yield from (Said(type="record.merged", at=version.at, attrs={"from": loser}, key=loser) for loser in sorted(fresh))
        seen |= fresh


def _survey(entity: SurveyResponse) -> dict[str, Any]:
    limits = {"minimum": _text(entity.scale_min), "maximum": _text(entity.scale_max)}
    return {"kind": entity.kind, "score": _text(entity.score), "label": entity.label} | limits


def _scored(history: History[SurveyResponse]) -> Iterator[Said]:
    """An answer of which nobody says when it was given was given when its record was made."""
    entity = history.about
    if history.gone or entity is None or entity.responded_at is not None or (entity.score is None and entity.label is None):
        return
    at = moment(entity, "created_at") or (history.versions[0].at, False)
    yield Said(type="survey.responded", at=at[0], day=at[1], attrs=_survey(entity))


def _invoice(entity: Invoice) -> dict[str, Any]:
    links = {"order_id": entity.order_id, "deal_id": entity.deal_id, "subscription_id": entity.subscription_id}
    return money(entity.total) | links


def _payment(history: History[Payment]) -> Iterator[Said]:
    """A payment speaks only where no order and no invoice does."""
    entity = history.about
    if history.gone or entity is None or entity.order_id or entity.invoice_id or entity.paid_at is None:
        return
    attrs = money(entity.amount) | {"subscription_id": entity.subscription_id}
    yield Said(type="invoice.paid", at=entity.paid_at, day="paid_at" in entity.days, attrs=attrs)


def _usage(history: History[UsageDaily]) -> Iterator[Said]:
    entity = history.about
    if history.gone or entity is None or entity.date is None or not entity.count:
        return
    try:
        at = datetime.fromisoformat(entity.date).replace(tzinfo=UTC)
    except ValueError:
        return
    attrs = {"day": entity.date, "count": entity.count, "kind": entity.event_key}
    yield Said(type="user.active", at=at, day=True, attrs=attrs)


def _referral(history: History[Referral]) -> Iterator[Said]:
    """Whoever recommends makes it; whoever is recommended is reached by it."""
    entity = history.about
    if history.gone or entity is None:
        return
    if entity.made_at is not None:
        day = "made_at" in entity.days
        yield Said(type="referral.made", at=entity.made_at, day=day, attrs={"referee_id": entity.referee_id})
        if entity.referee_id is not None:
            attrs = {"source": "referral", "referrer_id": entity.referrer_id}
            yield Said(type="reach.touch", at=entity.made_at, day=day, attrs=attrs, person=entity.referee_id)
    if entity.converted_at is not None:
        yield Said(type="referral.converted", at=entity.converted_at, attrs={"referee_id": entity.referee_id})


def _text(value: Any) -> str | None:
    return None if value is None else format(value, "f")


def _touch(entity: Touchpoint) -> dict[str, Any]:
    return {"source": entity.source, "kind": entity.kind, "campaign_id": entity.campaign_id}


def _consent(entity: Consent) -> dict[str, Any]:
    return {"purpose": entity.purpose, "channel": entity.channel, "state": entity.state}


_DONE: Mapping[ActivityKind, str] = {
    ActivityKind.PAGE_VIEW: "reach.touch",
    ActivityKind.AD_CLICK: "reach.touch",
    ActivityKind.EMAIL_CLICK: "reach.touch",
    ActivityKind.SOCIAL_POST: "reach.touch",
    ActivityKind.FORM_SUBMISSION: "lead.engaged",
    ActivityKind.MEETING: "lead.engaged",
    ActivityKind.EVENT_ATTENDANCE: "lead.engaged",
    ActivityKind.TESTIMONIAL: "testimonial.given",
}
"""What an activity of a kind is to the lifecycle, unless we did it. Opening a message is nothing: machines open too."""
_ANSWERED = (ActivityKind.EMAIL, ActivityKind.CALL, ActivityKind.CHAT, ActivityKind.SMS)
_QUALIFYING = {
    LeadStatus.QUALIFIED: "lead.qualified",
    LeadStatus.CONVERTED: "lead.qualified",
    LeadStatus.UNQUALIFIED: "lead.disqualified",
}
_STATED = {"lead.qualified": "qualified_at", "lead.disqualified": "disqualified_at"}
_USER = once(
    Once(("signed_up_at",), "user.signed_up", lasting=True),
    Once(("activated_at",), "user.activated", lasting=True),
    Once(("onboarded_at",), "onboarding.completed", lasting=True),
)


def _of_party(history: History[Entity]) -> Iterator[Said]:
    for facts in (_USER, _asserted, _scores, _existence):
        yield from facts(history)


TABLE: Mapping[str, tuple[Facts, ...]] = {
    "contact": (_of_party,),
    "company": (_of_party,),
    "lead": (
        once(
            Once(("captured_at", "created_at"), "lead.captured", lambda lead: {"source": lead.source}, lasting=True),
            Once(("qualified_at",), "lead.qualified", lambda lead: {"level": lead.level}),
            Once(("disqualified_at",), "lead.disqualified", lambda lead: {"reason": lead.disqualified_reason}),
        ),
        _steps,
    ),
    "deal": (facts_runs.deal, once(Once(("proposal_sent_at",), "proposal.sent", lasting=True))),
    "ticket": (facts_runs.ticket,),
    "survey_response": (
        once(
            Once(("asked_at",), "survey.sent", lambda answer: {"kind": answer.kind}, lasting=True),
            Once(("responded_at",), "survey.responded", _survey),
        ),
        _scored,
    ),
    "order": (facts_runs.order,),
    "invoice": (once(Once(("paid_at",), "invoice.paid", _invoice)),),
    "payment": (_payment,),
    "refund": (once(Once(("refunded_at",), "order.refunded", lambda refund: money(refund.amount))),),
    "subscription": (facts_runs.subscription,),
    "activity": (_activity,),
    "touchpoint": (once(Once(("occurred_at", "created_at"), "reach.touch", _touch)),),
    "usage_daily": (_usage,),
    "referral": (_referral,),
    "consent": (once(Once(("at",), "consent.changed", _consent)),),
}
