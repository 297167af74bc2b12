"""What customers answered when asked whether they would recommend us."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from hub.lifecycle.terms import number
from hub.lifecycle.timeline import Timeline
from hub.model import Fact

TOP: Final = Decimal(10)
DETRACTOR: Final = Decimal(6)
"""The highest answer of a detractor."""
PROMOTER: Final = Decimal(9)
"""The lowest answer of a promoter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer on the scale from 0 to 10."""

    at: datetime
    score: Decimal
    fact_id: str


def answers(facts: Timeline) -> Iterator[Answer]:
    """The answers that have a score, in order."""
    for at, fact in facts.of("survey.responded"):
        if fact.attrs.get("kind") == "nps" and (score := _score(fact)) is not None:
            yield Answer(at=at, score=score, fact_id=fact.id)


def _score(fact: Fact) -> Decimal | None:
    """The score on 0 to 10; an answer on another scale is stretched to it, one outside of its scale says nothing."""
    score, lowest, highest = (number(fact.attrs.get(name)) for name in ("score", "minimum", "maximum"))
    lowest, highest = lowest if lowest is not None else Decimal(0), highest if highest is not None else TOP
    if score is None or not lowest <= score <= highest or lowest == highest:
        return None
    return score if highest == TOP else (score - lowest) * TOP / (highest - lowest)


def portion(fact: Fact) -> Decimal | None:
    """Where on its scale an answer lies, 0 at its least and 1 at its best; None without a scale or outside of it."""
    score, lowest, highest = (number(fact.attrs.get(name)) for name in ("score", "minimum", "maximum"))
    if score is None or lowest is None or highest is None or not lowest <= score <= highest or lowest == highest:
        return None
    return (score - lowest) / (highest - lowest)
