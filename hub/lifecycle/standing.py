"""Where a customer stands at a moment: everything of its lifecycle that depends on when one looks."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from hub.lifecycle.derived import Lifecycle
from hub.lifecycle.milestones import NAMES, Milestone
from hub.lifecycle.spans import holds
from hub.lifecycle.stages import COURTED, Interval

Status = Literal["prospect_open", "prospect_lost", "customer_active", "customer_churned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A milestone as it stands: reached first and last at these moments, and whether it is current."""

    name: str
    first_at: datetime
    last_at: datetime
    facts: tuple[str, ...]
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeIn:
    """How long a customer has been in a stage: the latest time, and all times together."""

    latest: timedelta
    cumulative: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The intervals until a moment, the one that spans it open, and what is true at the moment.

    Of a customer without a stage, because nothing of what happened puts it into one, cycle and status are None too.
    """

    moment: datetime
    intervals: tuple[Interval, ...]
    offerings: tuple[Interval, ...]
    stage: str | None
    since: datetime | None
    cycle: int | None
    is_winback: bool
    status: Status | None
    milestones: tuple[Reached, ...]
    aarrr_stage: str | None
    time_in: Mapping[str, TimeIn]


def at(lifecycle: Lifecycle, moment: datetime) -> Standing:
    """The standing at a moment; what happens at the moment itself has happened."""
    intervals = tuple(_cut(each, moment) for each in lifecycle.sterne_cutler if each.entered_at <= moment)
    now = intervals[-1] if intervals else None
    reached = tuple(_reached(each, moment) for each in lifecycle.aarrr if each.first_at <= moment)
    current = [each.name for each in reached if each.current]
    return Standing(
        moment=moment,
        intervals=intervals,
        offerings=tuple(_cut(each, moment) for each in lifecycle.offerings if each.entered_at <= moment),
        stage=now.stage if now else None,
        since=now.entered_at if now else None,
        cycle=now.cycle if now else None,
        is_winback=now is not None and now.is_winback,
        status=_status(lifecycle, now, moment),
        milestones=reached,
        aarrr_stage=max(current, key=NAMES.index, default=None),
        time_in=_times(intervals, moment),
    )


def presale(lifecycle: Lifecycle, moment: datetime) -> bool:
    """Whether a ticket opened at a moment was opened by somebody who was no customer then."""
    return not holds((spell.span for spell in lifecycle.spells), moment)


def _cut(interval: Interval, moment: datetime) -> Interval:
    if interval.exited_at is None or interval.exited_at <= moment:
        return interval
    return replace(interval, exited_at=None, exited_by=())


def _status(lifecycle: Lifecycle, now: Interval | None, moment: datetime) -> Status | None:
    """A former customer stays one until it buys again, however it is courted."""
    if now is None:
        return None
    if now.stage not in COURTED and now.stage != "churned":
        return "customer_active"
    if now.stage == "churned" or now.is_winback:
        return "customer_churned"
    return "prospect_lost" if holds(lifecycle.lost, moment) else "prospect_open"


def _reached(milestone: Milestone, moment: datetime) -> Reached:
    return Reached(
        name=milestone.name,
        first_at=milestone.first_at,
        last_at=milestone.times[bisect_right(milestone.times, moment) - 1],
        facts=milestone.facts,
        current=holds(milestone.current, moment),
    )


def _times(intervals: Sequence[Interval], moment: datetime) -> dict[str, TimeIn]:
    found: dict[str, TimeIn] = {}
    for each in intervals:
        lasted = (each.exited_at or moment) - each.entered_at
        before = found[each.stage].cumulative if each.stage in found else timedelta(0)
        found[each.stage] = TimeIn(latest=lasted, cumulative=before + lasted)
    return found
