"""How well people were united, judged by the truth about the invented company."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from hub.model import Contact
from hub.sandbox.slots import Trait
from hub.sandbox.world import World
from hub.store import candidates, records
from hub.store.database import Transaction
from hub.store.records import Page
from hub.unify.keys import email_key

SEVERAL = 3
"""Who is known to so many tools should be one customer."""
_SHARING = (Trait.FAMILY, Trait.REASSIGNED, Trait.ROLE)
"""People of whom an address says little: it was or is somebody else's too."""
WANTED = 0.998
"""The least share of joined pairs of records that must be right: a false one shows somebody's data on another's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Pairs of live contacts: those of one person in truth, those that were joined, and those that were joined wrongly.

    `many` are the people whom at least three tools know by one address of their own, `apart` those of them who became several
    customers, or none.
    """

    true: int
    joined: int
    false: tuple[tuple[str, str], ...]
    questions: int
    many: int
    apart: tuple[int, ...]

    @property
    def precision(self) -> float:
        """The share of joined pairs that are one person's."""
        return 1 - len(self.false) / max(1, self.joined)

    @property
    def recall(self) -> float:
        """The share of the pairs of one person that were joined without asking anybody."""
        return (self.joined - len(self.false)) / max(1, self.true)


def judged(tx: Transaction, world: World, ids: Mapping[str, Callable[[int], str]]) -> Judged:
    """Judge what is stored; `ids` give the id that a person has in a system."""
    whose: dict[tuple[str, str], int] = {
        (system, id_of(index)): index
        for system, id_of in ids.items()
        for index in range(world.people)
        if world.knows(system, index)
    }
    people: dict[str, list[tuple[str, int]]] = defaultdict(list)
    homes: dict[int, set[str]] = defaultdict(set)
    truly: Counter[int] = Counter()
    for record in _contacts(tx):
        index = whose.get((record.system, record.source_id))
        if index is not None and record.customer_id is not None:
            people[record.customer_id].append((f"{record.connection_id} {record.source_id}", index))
            truly[index] += 1
            homes[index].add(record.customer_id)
    false = [(one[0], other[0]) for held in people.values() for one, other in combinations(held, 2) if one[1] != other[1]]
    many = [index for index in range(world.people) if _by_one_address(world, index, ids)]
    return Judged(
        true=_pairs(truly.values()),
        joined=_pairs(map(len, people.values())),
        false=tuple(false),
        questions=candidates.count(tx),
        many=len(many),
        apart=tuple(index for index in many if len(homes[index]) != 1),
    )


def _by_one_address(world: World, index: int, systems: Iterable[str]) -> bool:
    """Whether at least three tools know a person, all by one address that is the person's own."""
    person = world.person(index)
    seen = [email_key(world.as_seen(index, system).email) for system in systems if world.knows(system, index)]
    return len(seen) >= SEVERAL and len(set(seen)) == 1 and None not in seen and person.trait not in _SHARING


def _contacts(tx: Transaction) -> Iterable[records.Record]:
    page = Page(limit=500)
    while found := records.listed(tx, Contact.TYPE, page, state="live"):
        yield from found
        page = Page(limit=500, after=found[-1].id)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)
