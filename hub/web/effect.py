"""What other rules would change: how many customers would be in another stage, before anything is saved."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.lifecycle import Rules, at, known, lifecycle
from hub.model import Company
from hub.store import lives
from hub.store.database import Transaction
from hub.store.lives import Life

SAMPLE = 20_000
"""As many customers are looked at; of more than these, so many of them."""
CHUNK = 500
LONGEST = timedelta(seconds=20)
"""Nor is anybody kept waiting for longer than about this; what was looked at by then is a sample too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """How many of `looked_at` customers, of `total`, would move, and from which stage to which, the most first."""

    total: int
    looked_at: int
    moves: Sequence[tuple[str | None, str | None, int]]

    @property
    def moved(self) -> int:
        """All that would move."""
        return sum(count for _, _, count in self.moves)

    @property
    def sampled(self) -> bool:
        """Whether not all were looked at."""
        return self.looked_at < self.total


def effect(tx: Transaction, before: Rules, after: Rules, clock: Callable[[], datetime]) -> Effect:
    """The stages of all live customers now, by the rules that hold and by others."""
    now = clock()
    moves: Counter[tuple[str | None, str | None]] = Counter()
    stages = _Stages(before, after, now)
    last, looked_at = "", 0
    while (
        looked_at < SAMPLE
        and clock() - now < LONGEST
        and (some := lives.some(tx, after=last, limit=min(CHUNK, SAMPLE - looked_at)))
    ):
        stages.learn(tx, some)
        moves.update(stages.of(each) for each in some)
        last, looked_at = some[-1].id, looked_at + len(some)
    found = [(one, other, count) for (one, other), count in moves.items() if one != other]
    total = max(lives.count(tx), looked_at)
    return Effect(total=total, looked_at=looked_at, moves=sorted(found, key=lambda each: (-each[2], str(each))))


class _Stages:
    """The stage of each customer by the rules before and after; a company that many belong to is computed once."""

    def __init__(self, before: Rules, after: Rules, now: datetime) -> None:
        self._before, self._after, self._now = before, after, now
        self._known: dict[str, tuple[str | None, str | None]] = {}

    def learn(self, tx: Transaction, some: Iterable[Life]) -> None:
        """Compute what is not known yet of these and of their companies."""
        homes = {self._home(each, rules) for each in some for rules in (self._before, self._after)}
        wanted = homes - self._known.keys()
        told = lives.told(tx, wanted)
        for customer in wanted:
            facts = known(told.get(customer, ()), as_of=self._now)
            one = at(lifecycle(facts, self._before), self._now).stage
            other = at(lifecycle(facts, self._after), self._now).stage
            self._known[customer] = (one, other)

    def of(self, each: Life) -> tuple[str | None, str | None]:
        """The stage of a customer before and after."""
        before, after = (self._known[self._home(each, rules)] for rules in (self._before, self._after))
        return before[0], after[1]

    def _home(self, each: Life, rules: Rules) -> str:
        """Whose stages a customer has."""
        return (each.company or each.id) if rules.unit_of_analysis == Company.TYPE else each.id
