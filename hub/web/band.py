"""Where a customer stands and stood, as its page shows it: each stage with its days, its reasons and its place on a line."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any

from hub.lifecycle import MILESTONES, Interval, Reached
from hub.lifecycle.written import revenue
from hub.model import Fact
from hub.store import browse
from hub.store.database import Transaction
from hub.sync.lifecycles import Answer
from hub.web import plain
from hub.web.words import day

LENGTH = 1000
"""How many units wide the line is."""
_NARROWEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A fact in plain words; `source` is the record that tells it, with its content, where it is still there."""

    text: str
    day: str
    system: str
    source: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stage from when to when; `left` and `width` are its place on the line."""

    stage: str
    name: str
    cycle: int
    entered: str
    exited: str | None
    lasted: str
    rule: str
    confidence: float
    entered_by: tuple[Evidence, ...]
    left: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Everything about where a customer stands at a moment."""

    cycles: tuple[tuple[int, tuple[Bar, ...]], ...]
    offerings: tuple[tuple[str, tuple[Bar, ...]], ...]
    times: tuple[tuple[str, str, str], ...]
    milestones: tuple[dict[str, Any], ...]
    conflicts: tuple[tuple[Any, Evidence | None], ...]
    purchases: int
    revenue: tuple[dict[str, Any], ...]
    since: str

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The stages of all cycles in order."""
        return tuple(bar for _, bars in self.cycles for bar in bars)


def band(tx: Transaction, found: Answer, moment: datetime) -> Band:
    """The standing of a customer at a moment, with the records that its facts come from."""
    told = _Told(found, _records(tx, found), moment)
    bars = list(told.bars())
    bought = tuple(each for each in found.lifecycle.purchases if each.at <= moment)
    return Band(
        cycles=tuple((cycle, tuple(some)) for cycle, some in groupby(bars, key=lambda bar: bar.cycle)),
        offerings=tuple(told.offerings()),
        times=tuple(
            (plain.stage(stage), lasting(each.latest), lasting(each.cumulative)) for stage, each in found.standing.time_in.items()
        ),
        milestones=tuple(told.milestone(name) for name in MILESTONES),
        conflicts=tuple((each, next(iter(told.evidence((each.fact_id,))), None)) for each in found.conflicts),
        purchases=len(bought),
        revenue=tuple(revenue(bought)),
        since=bars[-1].entered if bars else "",
    )


def lasting(time: timedelta) -> str:
    """How long something lasted, in days."""
    if time.days == 0:
        return "less than a day"
    return f"{time.days:,} {'day' if time.days == 1 else 'days'}"


def evidence(facts: Iterable[Fact], records: Mapping[str, Any], zone: tzinfo) -> tuple[Evidence, ...]:
    """Facts in plain words, each with the record that tells it as far as it is among `records`."""
    return tuple(
        Evidence(
            text=plain.fact(fact),
            day=day(fact.occurred_at, zone, whole=fact.precision == "day"),
            system=fact.system,
            source=records.get(fact.record_id),
        )
        for fact in facts
    )


@dataclass(frozen=True, slots=True)
class _Told:
    found: Answer
    records: dict[str, Any]
    moment: datetime

    @property
    def zone(self) -> tzinfo:
        return self.found.settled.organisation.zone

    def bars(self) -> Iterator[Bar]:
        intervals = self.found.standing.intervals
        if not intervals:
            return
        begin, total = intervals[0].entered_at, max(self.moment - intervals[0].entered_at, timedelta(seconds=1))
        for each in intervals:
            left = int(LENGTH * ((each.entered_at - begin) / total))
            right = int(LENGTH * (((each.exited_at or self.moment) - begin) / total))
            yield self._bar(each, min(left, LENGTH - _NARROWEST), max(right - left, _NARROWEST))

    def offerings(self) -> Iterator[tuple[str, tuple[Bar, ...]]]:
        """The stages for each family of products; they have no place on the line."""
        for family, some in groupby(self.found.standing.offerings, key=lambda each: each.offering):
            yield family, tuple(self._bar(each, 0, 0) for each in some)

    def _bar(self, each: Interval, left: int, width: int) -> Bar:
        return Bar(
            stage=each.stage,
            name=plain.stage(each.stage, winback=each.is_winback),
            cycle=each.cycle,
            entered=self._on(each.entered_at, each.entered_by),
            exited=self._on(each.exited_at, each.exited_by) if each.exited_at else None,
            lasted=lasting((each.exited_at or self.moment) - each.entered_at),
            rule=plain.rule(each.rule, self.found.settled.rules),
            confidence=each.confidence,
            entered_by=self.evidence(each.entered_by),
            left=left,
            width=width,
        )

    def milestone(self, name: str) -> dict[str, Any]:
        """A milestone of the person's or company's own, reached or not."""
        reached: Reached | None = next((each for each in self.found.own.milestones if each.name == name), None)
        if reached is None:
            return {"name": name, "state": "never", "first": None, "evidence": ()}
        state = "current" if reached.current else "past"
        first = self._on(reached.first_at, reached.facts)
        return {"name": name, "state": state, "first": first, "evidence": self.evidence(reached.facts)}

    def evidence(self, ids: Collection[str]) -> tuple[Evidence, ...]:
        """The facts of these ids, in the order of time."""
        return evidence(sorted(self._facts(ids), key=lambda fact: (fact.occurred_at, fact.id)), self.records, self.zone)

    def _facts(self, ids: Iterable[str]) -> list[Fact]:
        return [self.found.facts[each] for each in ids if each in self.found.facts]

    def _on(self, moment: datetime, ids: Iterable[str]) -> str:
        return day(moment, self.zone, whole=any(fact.precision == "day" for fact in self._facts(ids)))


def _records(tx: Transaction, found: Answer) -> dict[str, Any]:
    stages = (*found.standing.intervals, *found.standing.offerings)
    ids = {each for interval in stages for each in interval.entered_by}
    ids |= {each for milestone in found.own.milestones for each in milestone.facts}
    ids |= {each.fact_id for each in found.conflicts}
    return browse.records(tx, {found.facts[each].record_id for each in ids if each in found.facts})
