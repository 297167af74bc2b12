"""What joins two records: the rules, how sure each makes us, and the values that tell nobody apart.

I1 a native cross reference, I2 the same primary address, I3 the same address where it is a secondary one, I4 the same valid
tax number, I5 the same mobile number under one name, I7 the same domain of companies, I8 the same name of companies, I9 the
same name at the same employer; `merge` is said by the source, `manual` by a person.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from rapidfuzz.distance import JaroWinkler

from hub.unify.claims import Claim, Verdicts

SCORES: Final[Mapping[str, float]] = {
    "manual": 1.00,
    "merge": 1.00,
    "I1": 1.00,
    "I2": 0.99,
    "I3": 0.97,
    "I4": 0.99,
    "I5": 0.90,
    "I7": 0.96,
    "I8": 0.80,
    "I9": 0.70,
}
ALIKE = 0.80
"""Names less alike than this (Jaro-Winkler) in one connection make the value they share nobody's own."""
NAMES = 50
"""Nobody has more names than this, however alike they are, and no number of a person's own has more other holders."""
NEAR = 10
"""Each holder of a key is joined with so many before it; more would say the same again."""
_RULES = {"native": "I1", "tax": "I4", "domain": "I7"}


class Link(NamedTuple):
    """Two records joined by a rule and the value it found, and how sure that makes us."""

    score: float
    first: str
    second: str
    rule: str
    key: str


def made(rule: str, one: str, other: str, key: str) -> Link:
    """A link as a rule makes it, the lower record id first."""
    first, second = sorted((one, other))
    return Link(SCORES[rule], first, second, rule, key)


def strength(link: Link) -> tuple[bool, float, str, str, str, str]:
    """Orders links: what people said, then the surest, then by record ids."""
    return (link.rule != "manual", -link.score, link.first, link.second, link.rule, link.key)


def strong(claims: Collection[Claim], shared: Collection[str], verdicts: Verdicts) -> set[Link]:
    """Every link between records of a component that would join them."""
    by_id = {claim.record_id: claim for claim in claims}
    found = {
        made("merge", claim.record_id, claim.merged_into, "merge:")
        for claim in claims
        if claim.merged_into is not None and claim.merged_into in by_id
    }
    pairs = [sorted(pair) for pair in verdicts.together if len(pair) > 1 and pair <= by_id.keys()]
    found |= {made("manual", first, second, "manual:") for first, second in pairs}
    return found | set(_by_keys(claims, shared))


def _by_keys(claims: Iterable[Claim], shared: Collection[str]) -> Iterator[Link]:
    """Every pair of near neighbours under a key, in the order of their ids."""
    holders: dict[str, list[Claim]] = defaultdict(list)
    owners: Counter[str] = Counter()
    for claim in claims:
        owners[claim.own] += 1
        for key in claim.keys:
            holders[key].append(claim)
    for key, found in holders.items():
        if len(found) > 1 and key not in shared and owners[key] < 2:  # noqa: PLR2004 - two records of one number: then it is nobody's
            yield from _neighbours(key, sorted(found, key=lambda claim: (key not in claim.primary, claim.record_id)))


def _neighbours(key: str, ordered: Sequence[Claim]) -> Iterator[Link]:
    for position, second in enumerate(ordered):
        for first in ordered[max(0, position - NEAR) : position]:
            rule = _RULES.get(key.partition(":")[0]) or ("I2" if key in first.primary & second.primary else "I3")
            yield made(rule, first.record_id, second.record_id, key)


def shared_values(held: Iterable[tuple[Claim, Iterable[str]]]) -> frozenset[str]:
    """The values that one connection keeps for two live records whose names are not alike."""
    names: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for claim, values in held:
        if claim.live and claim.name_key:
            for value in values:
                names[value, claim.connection_id, claim.type].add(claim.name_key)
    return frozenset(value for (value, _, _), found in names.items() if len(found) > 1 and _differ(sorted(found)))


def _differ(names: Sequence[str]) -> bool:
    return len(names) > NAMES or any(JaroWinkler.similarity(one, other) < ALIKE for one, other in combinations(names, 2))
