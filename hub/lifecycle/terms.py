"""The terms of subscriptions: from when until when each one ran."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from hub.lifecycle.spans import Span
from hub.lifecycle.timeline import Dated, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One run of a subscription; `ended_at` is None while nothing ended it. Both ends carry the fact that says so."""

    record_id: str
    started: Dated
    ended: Dated | None

    @property
    def span(self) -> Span:
        """From the start until the end."""
        return self.started.at, self.ended.at if self.ended else None

    @property
    def deal_id(self) -> str | None:
        """The record of the deal that sold it."""
        return self.started.fact.attrs.get("deal_id")

    @property
    def paid(self) -> bool:
        """Whether it brings money: one whose monthly amount nobody told does, one of nothing does not."""
        amount = number(self.started.fact.attrs.get("mrr"))
        return amount is None or amount > 0


def terms(facts: Timeline) -> list[Term]:
    """Every run of every subscription in order of its start; an end that no start precedes ends nothing."""
    by_record = defaultdict(list)
    for each in facts.of("subscription.started", "subscription.ended"):
        by_record[each.fact.record_id].append(each)
    found = [term for record_id, steps in by_record.items() for term in _runs(record_id, steps)]
    return sorted(found, key=lambda term: (term.started.at, term.record_id))


def number(written: Any) -> Decimal | None:
    """A number that a fact carries as text; None where it is none."""
    try:
        found = Decimal(str(written)) if written is not None else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None


def _runs(record_id: str, steps: list[Dated]) -> Iterator[Term]:
    started: Dated | None = None
    for step in steps:
        if step.fact.type == "subscription.started":
            started = started or step
        elif started:
            yield Term(record_id=record_id, started=started, ended=step)
            started = None
    if started:
        yield Term(record_id=record_id, started=started, ended=None)
