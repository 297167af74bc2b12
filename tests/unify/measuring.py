"""How well records of a known truth are united: the pairs that are joined or suspected, beside those that are one person's."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TypeVar

from hub.unify import Claim, Group, Other, groups

Node = TypeVar("Node", int, str)
POPULAR = 50
"""As in the store: a key or clue of more records than this is not followed."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Pairs of records: those of one person in truth, those joined rightly and wrongly, those suspected rightly and wrongly."""

    records: int
    true: int
    joined: int
    false: tuple[tuple[Claim, Claim], ...]
    suspected: int
    unfounded: int
    missed: int

    @property
    def precision(self) -> float:
        return 1 - len(self.false) / max(1, self.joined)

    @property
    def recall(self) -> float:
        return (self.joined - len(self.false)) / self.true

    @property
    def recall_with_candidates(self) -> float:
        """As if somebody approved every suspicion that is right, of pairs of customers."""
        return 1 - self.missed / self.true

    def __str__(self) -> str:
        return (
            f"{self.records:,} records, {self.true:,} true pairs: joined {self.joined:,} pairs, {len(self.false)} falsely, "
            f"precision {self.precision:.5f}, recall {self.recall:.4f}; {self.suspected:,} candidates, of which "
            f"{self.suspected - self.unfounded:,} right ({1 - self.unfounded / max(1, self.suspected):.3f}), "
            f"recall with them {self.recall_with_candidates:.4f}"
        )


def measured(claims: Sequence[Claim], truth: Mapping[str, str], *, region: str) -> Measured:
    """Unite the records as the store and derive do, and judge the outcome by who each record is about."""
    found = united(claims, region=region)
    false = tuple(
        (one, other)
        for group in found
        for one, other in combinations(group.claims, 2)
        if truth[one.record_id] != truth[other.record_id]
    )
    home = {claim.record_id: number for number, group in enumerate(found) for claim in group.claims}
    asked = {suspicion[:4] for group in found for suspicion in group.candidates}
    right = [(home[first], home[second]) for _, _, first, second in asked if truth[first] == truth[second]]
    return Measured(
        records=len(claims),
        true=pairs(Counter(truth[claim.record_id] for claim in claims).values()),
        joined=pairs(len(group.claims) for group in found),
        false=false,
        suspected=len(asked),
        unfounded=len(asked) - len(right),
        missed=_missed(found, right, truth),
    )


def _missed(found: Sequence[Group], approved: Iterable[tuple[int, int]], truth: Mapping[str, str]) -> int:
    """The true pairs that would still be apart if the right suspicions were approved."""
    root = _roots(range(len(found)), approved)
    people: dict[str, Counter[int]] = defaultdict(Counter)
    for number, group in enumerate(found):
        for claim in group.claims:
            people[truth[claim.record_id]][root[number]] += 1
    return sum(pairs([sum(held.values())]) - pairs(held.values()) for held in people.values())


def pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def united(claims: Sequence[Claim], *, region: str) -> list[Group]:
    """The customers of all these records, each component grouped with the neighbours that it shares a clue with."""
    components = list(_components(claims))
    alone = [list(groups(component, region=region)) for component in components]
    customers = {claim.record_id: group for found in alone for group in found for claim in group.claims}
    clues = _holders((claim, claim.clues) for claim in claims)
    others = [_others(component, customers, clues) for component in components]
    known = zip(components, alone, others, strict=True)
    return [group for part, found, near in known for group in (groups(part, near, region=region) if near else found)]


def _others(component: Iterable[Claim], customers: Mapping[str, Group], clues: Mapping[str, list[Claim]]) -> list[Other]:
    """All records of the customers that share a clue with a component."""
    mine = {customers[claim.record_id].anchor.record_id for claim in component}
    held = {clue for claim in component for clue in claim.clues}
    near = {customers[other.record_id].anchor.record_id for clue in held for other in clues.get(clue, ())} - mine
    return [Other(claim=claim, customer_id=each) for each in sorted(near) for claim in customers[each].claims]


def _components(claims: Iterable[Claim]) -> Iterator[list[Claim]]:
    claims = list(claims)
    held = _holders((claim, claim.keys) for claim in claims)
    ties = [(one.record_id, other.record_id) for found in held.values() for one, other in pairwise(found)]
    root = _roots((claim.record_id for claim in claims), ties)
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[root[claim.record_id]].append(claim)
    yield from found.values()


def _holders(said: Iterable[tuple[Claim, Collection[str]]]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim, values in said:
        for value in values:
            found[value].append(claim)
    return {value: holders for value, holders in found.items() if 1 < len(holders) <= POPULAR}


def _roots(nodes: Iterable[Node], ties: Iterable[tuple[Node, Node]]) -> dict[Node, Node]:
    """Of each node the one that stands for all that it is tied to."""
    parent = {node: node for node in nodes}

    def root(node: Node) -> Node:
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for one, other in ties:
        parent[root(one)] = root(other)
    return {node: root(node) for node in parent}
