"""Which records are one customer: links from shared keys, strongest first, each refused where a guard speaks against it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from hub.unify.keys import name_key

EMAIL_LIMIT = 10
"""A customer with more addresses than this is two that a bad key has joined; such a link waits for a person."""
ALIKE = 0.80
"""Names less alike than this (Jaro-Winkler) in one connection make the address they share a family's, not a person's."""

SCORES: Mapping[str, float] = {"native": 1.00, "email": 0.99, "domain": 0.96}
_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A record that says who it is, by its keys; a merged record belongs where the record it was merged into belongs."""

    record_id: str
    connection_id: str
    type: str
    source_id: str
    name: str
    keys: frozenset[str]
    own: str
    """The key that is this record's own native name."""
    created_at: datetime | None = None
    merged_into: str | None = None

    @property
    def age(self) -> tuple[datetime, str, str, str]:
        """Orders claims by seniority: earliest created at its source, then connection, type and source id."""
        return (self.created_at or _FOREVER, self.connection_id, self.type, self.source_id)


class Link(NamedTuple):
    """Two records joined by a key, and how sure that makes us."""

    score: float
    first: str
    second: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The records of one customer, the eldest first, the links that joined them, and what a guard refused."""

    claims: tuple[Claim, ...]
    links: tuple[Link, ...] = ()
    refused: tuple[Link, ...] = ()
    shared: frozenset[str] = frozenset()

    @property
    def anchor(self) -> Claim:
        """The eldest record; the customer's id comes from it."""
        return self.claims[0]


def groups(claims: Collection[Claim], apart: Collection[frozenset[str]] = ()) -> Iterator[Group]:
    """Group the claims of one component; `apart` are pairs of record ids that a person has said are not the same.

    The outcome depends on the claims alone, not on their order.
    """
    by_id = {claim.record_id: claim for claim in claims}
    shared = frozenset(_shared(claims))
    members, used, refused = _joined(by_id, {*_key_links(claims, shared), *_merge_links(by_id)}, apart)
    for inside in {id(found): found for found in members.values()}.values():
        yield Group(
            claims=tuple(sorted((by_id[each] for each in inside), key=lambda claim: claim.age)),
            links=tuple(link for link in used if link.first in inside),
            refused=tuple(link for link in refused if link.first in inside or link.second in inside),
            shared=frozenset(key for each in inside for key in by_id[each].keys & shared),
        )


def _joined(
    by_id: Mapping[str, Claim], links: Iterable[Link], apart: Collection[frozenset[str]]
) -> tuple[dict[str, list[str]], list[Link], list[Link]]:
    """The list of companions of each record, the links used, and those refused."""
    members = {found: [found] for found in by_id}
    used: list[Link] = []
    refused: list[Link] = []
    for link in sorted(links, key=_strength):
        first, second = members[link.first], members[link.second]
        if first is second:
            continue
        if _allowed(by_id, first, second, apart):
            first += second
            members.update(dict.fromkeys(second, first))
            used.append(link)
        else:
            refused.append(link)
    return members, used, refused


def _strength(link: Link) -> tuple[float, str, str, str]:
    return (-link.score, link.first, link.second, link.key)


def _key_links(claims: Iterable[Claim], shared: Collection[str]) -> Iterator[Link]:
    """Every pair of near neighbours under a key, in the order of their ids."""
    holders: dict[str, list[str]] = defaultdict(list)
    owners: Counter[str] = Counter()
    for claim in claims:
        owners[claim.own] += 1
        for key in claim.keys:
            holders[key].append(claim.record_id)
    for key, found in holders.items():
        if key in shared or owners[key] > 1:
            continue  # Two accounts of one system can use the same number: then the number names nobody.
        ordered = sorted(found)
        for position, second in enumerate(ordered):
            for first in ordered[max(0, position - EMAIL_LIMIT) : position]:
                yield Link(SCORES[key.partition(":")[0]], first, second, key)


def _merge_links(by_id: Mapping[str, Claim]) -> Iterator[Link]:
    """Each merged record with the record it was merged into."""
    for claim in by_id.values():
        if claim.merged_into in by_id and claim.merged_into is not None:
            first, second = sorted((claim.record_id, claim.merged_into))
            yield Link(1.0, first, second, "merge:")


def _shared(claims: Iterable[Claim]) -> Iterator[str]:
    """The addresses that one connection keeps for two people whose names are not alike."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for claim in claims:
        if claim.type == "contact" and claim.name and claim.merged_into is None:
            for key in claim.keys:
                names[key, claim.connection_id].add(name_key(claim.name))
    for (key, _), found in names.items():
        if any(JaroWinkler.similarity(one, other) < ALIKE for one, other in combinations(sorted(found), 2)):
            yield key


def _allowed(by_id: Mapping[str, Claim], first: list[str], second: list[str], apart: Collection[frozenset[str]]) -> bool:
    if by_id[first[0]].type != by_id[second[0]].type:
        return False  # A company is not a person, whatever a source refers to.
    emails = {key for found in (*first, *second) for key in by_id[found].keys if key.startswith("email:")}
    if len(emails) > EMAIL_LIMIT:
        return False
    return not any(pair.intersection(first) and pair.intersection(second) for pair in apart)
