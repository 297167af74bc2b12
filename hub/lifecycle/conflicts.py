"""Where what a source asserts contradicts what follows from the facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.lifecycle.derived import Lifecycle
from hub.lifecycle.known import newest
from hub.lifecycle.stages import COURTED, Interval
from hub.lifecycle.standing import at
from hub.model import Fact

ASSERTED: Final = "source.stage_asserted"
PROSPECT: Final = frozenset(COURTED)
CUSTOMER: Final = frozenset({"conversion", "retention", "loyalty"})
FORMER: Final = frozenset({"churned", "winback"})

AGREES: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(("lead", "prospect", "opportunity", "trial"), PROSPECT | {"winback"}),
    **dict.fromkeys(("marketing qualified lead", "mql", "sales qualified lead", "sql"), PROSPECT | {"winback"}),
    "subscriber": PROSPECT | FORMER,
    **dict.fromkeys(("customer", "client", "evangelist", "promoter"), CUSTOMER),
    **dict.fromkeys(("churned", "former customer", "ex customer", "cancelled", "canceled"), FORMER),
}
"""The words whose meaning is plain, and the derived stages that they agree with; any other word contradicts nothing.

`winback` stands for the reach and the acquisition of a former customer. A subscriber reads what we send, whoever it is.
"""

_PLAIN: Final = {"".join(word.split()): stages for word, stages in AGREES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What a system asserts since `asserted_at`, in its own word, against the stage that is derived, None where there is none."""

    system: str
    raw: str
    asserted_at: datetime
    fact_id: str
    stage: str | None
    since: datetime | None


def conflicts(
    lifecycle: Lifecycle, facts: Iterable[Fact], moment: datetime, *, trust: Sequence[str] = ()
) -> tuple[Conflict, ...]:
    """The systems whose newest assertion at a moment contradicts the derived stage, the most believed first.

    `trust` names systems in the order in which they are believed; those it does not name come after, the newest first.
    """
    standing = at(lifecycle, moment)
    now = standing.intervals[-1] if standing.intervals else None
    asserted = [each for each in newest(each for each in facts if each.type == ASSERTED) if each.occurred_at <= moment]
    latest: dict[str, Fact] = {}
    for fact in sorted(asserted, key=_age):
        latest[fact.system] = fact
    ranked = sorted(latest.values(), key=_age, reverse=True)
    ranked.sort(key=lambda fact: trust.index(fact.system) if fact.system in trust else len(trust))
    return tuple(_conflict(fact, now) for fact in ranked if _contradicts(fact, now))


def _age(fact: Fact) -> tuple[datetime, datetime, str]:
    return fact.occurred_at, fact.recorded_at, fact.id


def _contradicts(fact: Fact, now: Interval | None) -> bool:
    agreeing = _PLAIN.get(_plain(fact.attrs.get("raw")))
    if agreeing is None:
        return False
    if now is None:
        return not agreeing & PROSPECT
    return ("winback" if now.is_winback else now.stage) not in agreeing


def _plain(raw: object) -> str:
    """A word without case, blanks and what is written for them."""
    return "".join(letter for letter in str(raw).casefold() if letter.isalnum())


def _conflict(fact: Fact, now: Interval | None) -> Conflict:
    return Conflict(
        system=fact.system,
        raw=str(fact.attrs["raw"]),
        asserted_at=fact.occurred_at,
        fact_id=fact.id,
        stage=now.stage if now else None,
        since=now.entered_at if now else None,
    )
