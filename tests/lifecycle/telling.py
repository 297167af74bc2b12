"""Facts written by hand, and lifecycles written in one line a stage."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hub.lifecycle import Interval, Rules, Standing, at, known, lifecycle
from hub.model import Fact

RULES = Rules()


def moment(text: str) -> datetime:
    """A moment in UTC: 2024-01-02 is its start, 2024-01-02T12 is at noon."""
    return datetime.fromisoformat(text if "T" not in text or ":" in text else f"{text}:00").replace(tzinfo=UTC)


def fact(name: str, when: str, record: str = "", /, **more: Any) -> Fact:
    """A fact known since it happened; its id is its type and its moment."""
    occurred = moment(when)
    fields: dict[str, Any] = {
        each: more.pop(each) for each in ("id", "system", "precision", "recorded_at", "confidence") if each in more
    }
    given: dict[str, Any] = {"id": f"{name} {when}", "recorded_at": occurred} | fields
    return Fact(type=name, occurred_at=occurred, record_id=record or f"{name}@{when}", attrs=more, **given)


def seen(facts: Sequence[Fact], when: str, rules: Rules = RULES) -> Standing:
    """Where somebody stood at a moment, told from what had happened until then."""
    return at(lifecycle(known(facts, as_of=moment(when)), rules), moment(when))


def told(standing: Standing) -> list[str]:
    """The intervals of a standing: stage, cycle and the moments, what is open without an end."""
    return [
        f"{each.stage}{_cycle(each)} {_short(each.entered_at)} {_short(each.exited_at)}".strip() for each in standing.intervals
    ]


def days(standing: Standing) -> list[float]:
    """How many days each closed interval lasted."""
    return [(each.exited_at - each.entered_at).total_seconds() / 86400 for each in standing.intervals if each.exited_at]


def _cycle(interval: Interval) -> str:
    return f"({interval.cycle}{', winback' if interval.is_winback else ''})"


def _short(when: datetime | None) -> str:
    return when.strftime("%Y-%m-%dT%H:%M") if when else ""
