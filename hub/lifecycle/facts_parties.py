"""Facts about people and companies: what they signed up for, what their sources assert, and how leads fared."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from hub.lifecycle.facts_said import History, Once, Said, number, once
from hub.model import Entity, Lead, LeadStatus

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
_CAPTURED = once(
    Once(("captured_at", "created_at"), "lead.captured", lambda lead: {"source": lead.source}, lasting=True),
    Once(("qualified_at",), "lead.qualified", lambda lead: {"level": lead.level}),
    Once(("disqualified_at",), "lead.disqualified", lambda lead: {"reason": lead.disqualified_reason}),
)


def lead(history: History[Lead]) -> Iterator[Said]:
    """Captured, found fit or unfit, as often as it was."""
    for facts in (_CAPTURED, _steps):
        yield from facts(history)


def party(history: History[Entity]) -> Iterator[Said]:
    """What a contact or a company did itself, what its source says of it, and what became of its record."""
    for facts in (_USER, _asserted, _scores, _existence):
        yield from facts(history)


def _steps(history: History[Lead]) -> Iterator[Said]:
    """What the statuses of a lead say that no time of its own says."""
    entity = history.about
    if entity is None:
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
        for run in history.runs(partial(_score, name)):
            score = run.state
            limits = {"minimum": number(score.minimum), "maximum": number(score.maximum)}
            attrs = {"name": name, "score": number(score.value), "higher_is_better": score.higher_is_better} | limits
            yield Said(type="health.reported", at=run.first.at, attrs=attrs, key=f"{name}@{run.first.at.isoformat()}")


def _score(name: str, entity: Any) -> Any:
    return next((score for score in entity.scores if score.name == name), None)


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
