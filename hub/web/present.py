"""Where a customer stands now, read from its document: what follows from all its facts was derived when the last one came.

Asked about in full are a prospect with a lost deal, because documents do not say when a prospect is lost, and a customer that
was last derived before documents told of the lifecycle.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from hub.lifecycle import Interval, Lifecycle, Milestone, Spell, Standing, at, conflicts
from hub.model import Company, Fact
from hub.store import browse, customers, facts, lives
from hub.store.database import Transaction
from hub.sync.lifecycles import Answer
from hub.sync.organisation import settled

_MANY = 1000
_OPEN = "prospect_open"
_ACTIVE = ("conversion", "retention", "loyalty")


def present(tx: Transaction, customer_id: str, document: dict[str, Any], now: datetime) -> Answer | None:
    """The answer that asking in full would give, with the facts that its stages rest on; None where that must be asked."""
    held = settled(tx)
    home = customers.employer(tx, customer_id) if held.rules.unit_of_analysis == Company.TYPE else None
    theirs = browse.customer(tx, home) if home else document
    if theirs is None or "lifecycle" not in document or "lifecycle" not in theirs:
        return None
    own, found = _read(document["lifecycle"]), _read(theirs["lifecycle"])
    standing, alone = at(found, now), at(own, now)
    told = _Told(tx, document, theirs)
    if standing.status == _OPEN and told.of("deal.lost"):
        return None
    against = conflicts(found, told.of("source.stage_asserted"), now)
    ids = {*_rest_on(standing), *_rest_on(alone), *(each.fact_id for each in against)}
    return Answer(
        settled=held,
        lifecycle=found,
        standing=standing,
        own=alone,
        facts=lives.named(tx, ids),
        conflicts=against,
        inherited_from=home,
    )


class _Told:
    """The facts about a customer and the one in whose stages it is, and those about a company's people that name no company."""

    def __init__(self, tx: Transaction, document: dict[str, Any], home: dict[str, Any]) -> None:
        self._tx = tx
        self._parties = {each["record_id"] for it in (document, home) for each in it["records"]}
        self._company = [each["record_id"] for each in home["records"]] if home["type"] == Company.TYPE else []

    def of(self, kind: str) -> list[Fact]:
        """Those of one kind."""
        told = facts.listed(self._tx, after=None, limit=_MANY, kind=kind, parties=self._parties)
        return [*told, *lives.of_people(self._tx, self._company, kind, limit=_MANY)] if self._company else told


def _rest_on(standing: Standing) -> Iterator[str]:
    for each in standing.intervals:
        yield from each.entered_by
    for milestone in standing.milestones:
        yield from milestone.facts


def _read(written: dict[str, Any]) -> Lifecycle:
    """The same lifecycle as the document has it, without what nobody reads of it here."""
    stages = tuple(_interval(each) for each in written["intervals"])
    return Lifecycle(
        sterne_cutler=stages,
        aarrr=tuple(_milestone(each) for each in written["milestones"]),
        purchases=(),
        spells=tuple(_spells(stages)),
        lost=(),
        revised_at=None,
    )


def _interval(said: dict[str, Any]) -> Interval:
    times = {name: _moment(said[name]) for name in ("entered_at", "exited_at")}
    ids = {name: tuple(said[name]) for name in ("entered_by", "exited_by")}
    return Interval(**said | times | ids)


def _milestone(said: dict[str, Any]) -> Milestone:
    first = datetime.fromisoformat(said["first_at"])
    current = tuple((datetime.fromisoformat(begun), _moment(ended)) for begun, ended in said["current"])
    return Milestone(name=said["name"], first_at=first, facts=tuple(said["facts"]), times=(first,), current=current)


def _spells(stages: Iterable[Interval]) -> Iterator[Spell]:
    """The times as a customer: what lies between the first and the last active stage of a cycle."""
    active = (each for each in stages if each.stage in _ACTIVE)
    for cycle, some in groupby(active, key=lambda each: each.cycle):
        first, *rest = some
        last = rest[-1] if rest else first
        yield Spell(
            cycle=cycle,
            start=first.entered_at,
            end=last.exited_at,
            opening=first.rule,
            opened_by=first.entered_by,
            closing="",
            closed_by=last.exited_by,
        )


def _moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)
