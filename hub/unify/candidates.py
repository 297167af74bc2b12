"""Suspicions that two customers are one, for a person to decide: links too weak to be made, or that a guard refused."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from hub.unify.calls import Calls, related, same_name
from hub.unify.claims import Claim
from hub.unify.links import Link, made, strength
from hub.unify.names import name_key

WORTH_ASKING = 0.60
RELATED: Final = 0.20
"""The score of a shared number where the names tell father from son."""
POPULAR = 50
"""A clue that more records than this have recognises nobody."""
CODE_LENGTH = 2

Home = int | str
"""A customer: the place of a group in its component, or the id of a customer outside it."""


class Suspicion(NamedTuple):
    """Two customers that may be one: the best rule with its records, and everything that speaks for it."""

    rule: str
    score: float
    first: str
    second: str
    evidence: tuple[Link, ...]


def weak(claims: Iterable[Claim], known: Calls) -> Iterator[Link]:
    """Every link between live records that only raises a suspicion."""
    for number, callers in known.clues():
        for one, other in _pairs(callers):
            if same_name(one, other):
                link = made("I5", one.record_id, other.record_id, f"phone:{number.e164}")
                yield link._replace(score=RELATED) if related(one, other) else link
    for clue, holders in _by_clue(claims).items():
        for one, other in _pairs(holders):
            if not (_elsewhere(one, other) if clue.startswith("firm:") else related(one, other)):
                yield made("I8" if clue.startswith("firm:") else "I9", one.record_id, other.record_id, clue)


def suspicions(
    home: Mapping[str, Home], links: Iterable[Link], apart: Collection[frozenset[str]]
) -> dict[Home, tuple[Suspicion, ...]]:
    """What is suspected of each customer, by the links that lead from one to another; not where a person has said no."""
    found: dict[frozenset[Home], set[Link]] = defaultdict(set)
    for link in links:
        if home[link.first] != home[link.second]:
            found[frozenset((home[link.first], home[link.second]))].add(link)
    for pair in apart:
        found.pop(frozenset(home[record] for record in pair if record in home), None)
    by_home: dict[Home, list[Suspicion]] = defaultdict(list)
    for ends, evidence in found.items():
        best, *rest = sorted(evidence, key=strength)
        if best.score >= WORTH_ASKING:
            suspicion = Suspicion(best.rule, best.score, best.first, best.second, (best, *rest))
            for end in ends:
                by_home[end].append(suspicion)
    return {end: tuple(sorted(held, key=_order)) for end, held in by_home.items()}


def _order(suspicion: Suspicion) -> tuple[float, str, str]:
    return (-suspicion.score, suspicion.first, suspicion.second)


def _by_clue(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """The live records behind each clue that is told by names; numbers are compared whole."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in filter(lambda each: each.live, claims):
        for clue in claim.clues:
            if not clue.startswith("tel:"):
                found[clue].append(claim)
    return found


def _pairs(holders: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    return combinations(holders, 2) if len(holders) <= POPULAR else iter(())


def _elsewhere(one: Claim, other: Claim) -> bool:
    """Whether two firms of one name are in different places; where one does not say, nothing speaks against it."""
    places = ((one.entity.city, other.entity.city), (one.entity.country, other.entity.country))
    return any(_contradict(name_key(first or ""), name_key(second or "")) for first, second in places)


def _contradict(one: str, other: str) -> bool:
    """Whether two places differ; a country's code and a country's name cannot be compared."""
    return bool(one and other) and one != other and (len(one) == CODE_LENGTH) == (len(other) == CODE_LENGTH)
