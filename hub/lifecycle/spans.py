"""Spans of time: half-open, in order, without overlap; an end of None is open for ever."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

Span = tuple[datetime, datetime | None]

LAST: Final = datetime.max.replace(tzinfo=UTC)
"""Stands for the end that never comes wherever ends are compared."""


def later(moment: datetime, window: timedelta) -> datetime:
    """The moment after a window, the last one there is where the calendar ends before."""
    return moment + window if moment <= LAST - window else LAST


def united(spans: Iterable[Span]) -> list[Span]:
    """The time that any of the spans covers; those that only touch become one, those without length are left out."""
    found: list[Span] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        if end is not None and end <= start:
            continue
        if found and (found[-1][1] or LAST) >= start:
            found[-1] = (found[-1][0], _end(max(found[-1][1] or LAST, end or LAST)))
        else:
            found.append((start, end))
    return found


def common(some: Sequence[Span], others: Sequence[Span]) -> Iterator[Span]:
    """The time that both cover."""
    one = other = 0
    while one < len(some) and other < len(others):
        start = max(some[one][0], others[other][0])
        ends = some[one][1] or LAST, others[other][1] or LAST
        if start < min(ends):
            yield start, _end(min(ends))
        if ends[0] <= ends[1]:
            one += 1
        else:
            other += 1


def since(moment: datetime, spans: Sequence[Span]) -> list[Span]:
    """What of the spans lies at or after a moment."""
    return list(common(spans, [(moment, None)]))


def holds(spans: Iterable[Span], moment: datetime) -> bool:
    """Whether a moment lies within one of the spans."""
    return any(start <= moment and (end is None or moment < end) for start, end in spans)


def _end(moment: datetime) -> datetime | None:
    return None if moment == LAST else moment
