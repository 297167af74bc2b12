"""What a customer's facts come to at a moment: what is open, what was answered, what the systems' own scores say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from hub.lifecycle.deals import ENDS
from hub.lifecycle.surveys import Answer, answers, portion
from hub.lifecycle.terms import number
from hub.lifecycle.timeline import Dated, timeline
from hub.lifecycle.written import sums
from hub.model import Fact

SATISFIED: Final = Decimal("0.75")
"""The least part of a scale that counts as satisfied: 4 of 1 to 5, and the good one of good and bad."""

_DEAL: Final = ("deal.opened", *ENDS)
_TICKET: Final = ("ticket.opened", "ticket.solved", "ticket.reopened")
_SCORE: Final = "health.reported"
_READ: Final = frozenset((*_DEAL, *_TICKET, "survey.responded", _SCORE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is open, by the facts that opened it, the eldest first; the latest answer and score of each kind.

    `satisfied` are those of the `rated` answers about satisfaction that are good; one without a scale is not rated.
    """

    deals: tuple[Fact, ...]
    tickets: tuple[Fact, ...]
    had_tickets: bool
    nps: Answer | None
    rated: tuple[Fact, ...]
    satisfied: int
    scores: tuple[Fact, ...]

    @property
    def worth(self) -> Sequence[Mapping[str, Any]]:
        """What the open deals come to, by currency."""
        return sums((number(each.attrs.get("amount")), each.attrs.get("currency")) for each in self.deals)

    @property
    def unpriced(self) -> int:
        """How many of the open deals nobody told the amount of."""
        return sum(number(each.attrs.get("amount")) is None for each in self.deals)


def summary(facts: Iterable[Fact], moment: datetime) -> Summary:
    """The summary of what had happened by a moment."""
    told = timeline(fact for fact in facts if fact.type in _READ and fact.occurred_at <= moment)
    rated = [(fact, good) for _, fact in told.of("survey.responded") if (good := _satisfied(fact)) is not None]
    latest = {(fact.system, fact.record_id, str(fact.attrs.get("name"))): fact for _, fact in told.of(_SCORE)}
    return Summary(
        deals=_open(told.of(*_DEAL)),
        tickets=_open(told.of(*_TICKET)),
        had_tickets=bool(told.of(*_TICKET)),
        nps=next(reversed(list(answers(told))), None),
        rated=tuple(fact for fact, _ in rated),
        satisfied=sum(good for _, good in rated),
        scores=tuple(latest[key] for key in sorted(latest)),
    )


def _open(steps: Iterable[Dated]) -> tuple[Fact, ...]:
    """What was opened and has not ended since; an opening that is told after an end does not open it again."""
    stands: dict[str, str] = {}
    opened: dict[str, Fact] = {}
    for _, fact in steps:
        kind = fact.type.partition(".")[2]
        opened |= {fact.record_id: fact} if kind == "opened" else {}
        if kind != "opened" or fact.record_id not in stands:
            stands[fact.record_id] = kind
    return tuple(sorted(_still(stands, opened), key=lambda fact: (fact.occurred_at, fact.id)))


def _still(stands: Mapping[str, str], opened: Mapping[str, Fact]) -> Iterator[Fact]:
    for record_id, fact in opened.items():
        if stands[record_id] in ("opened", "reopened"):
            yield fact


def _satisfied(fact: Fact) -> bool | None:
    """Whether an answer about satisfaction is a good one; None for another kind of answer, and where nobody told the scale."""
    if fact.attrs.get("kind") != "csat":
        return None
    found = portion(fact)
    return None if found is None else found >= SATISFIED
