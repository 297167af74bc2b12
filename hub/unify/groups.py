"""Which records are one customer: links, the surest first, each refused where a guard speaks against it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from hub.unify.calls import Calls, calls, shared_with_others
from hub.unify.candidates import Home, Suspicion, suspicions, weak
from hub.unify.claims import Claim, Other, Verdicts
from hub.unify.links import NAMES, Link, shared_values, strength, strong
from hub.unify.namesakes import contradict

EMAIL_LIMIT = 10
PHONE_LIMIT = 5
"""A person with more addresses or numbers than these is two that a bad key has joined; such a link waits for a person."""
OPEN = ("limit", "names")
"""The guards that leave it to a person."""
NO_VERDICTS = Verdicts()


class Refusal(NamedTuple):
    """A link that was not made, and which guard spoke against it: `type`, `apart`, `names` or `limit`."""

    link: Link
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The records of one customer, the eldest first, the links that joined them, what a guard refused and what is suspected.

    `shared` are the keys (`email:…`, `phone:+55…`) that others have as well.
    """

    claims: tuple[Claim, ...]
    links: tuple[Link, ...] = ()
    refused: tuple[Refusal, ...] = ()
    shared: frozenset[str] = frozenset()
    candidates: tuple[Suspicion, ...] = ()

    @property
    def anchor(self) -> Claim:
        """The eldest record; the customer's id comes from it."""
        return self.claims[0]


@dataclass(slots=True, eq=False)
class _Party:
    """Records that have been joined so far, with what the guards want to know of them."""

    type: str
    records: dict[str, Claim]
    emails: set[str]
    names: dict[str, set[str]]
    """By the key of each address, what those who have it are called."""
    numbers: set[str]
    links: list[Link] = field(default_factory=list)

    def absorb(self, other: "_Party", link: Link) -> None:
        self.records |= other.records
        self.emails |= other.emails
        for key, found in other.names.items():
            self.names.setdefault(key, set()).update(found)
        self.numbers |= other.numbers
        self.links += [*other.links, link]


def groups(
    claims: Collection[Claim],
    others: Collection[Other] = (),
    verdicts: Verdicts = NO_VERDICTS,
    *,
    region: str | None,
    nobodys: Collection[str] = (),
) -> Iterator[Group]:
    """Group the claims of one component, the eldest customer first.

    `others` are the records of customers outside it with which it shares a clue, `nobodys` the keys that name nobody, for two
    accounts of one system use them. Nothing depends on any order.
    """
    everybody = [*claims, *(other.claim for other in others)]
    known = calls(everybody, region)
    shared = shared_values((claim, claim.keys) for claim in claims)
    parties, refused = _joined(
        claims, known, sorted(strong(claims, shared.union(nobodys), verdicts), key=strength), verdicts.apart
    )
    home: dict[str, Home] = {record: place for place, party in enumerate(parties) for record in party.records}
    home |= {other.claim.record_id: other.customer_id for other in others}
    doubted = [each.link for each in refused if each.why in OPEN]
    asked = suspicions(home, [*weak(everybody, known), *doubted], verdicts.apart)
    for place, party in enumerate(parties):
        yield _group(party, refused, known, shared, asked.get(place, ()))


def _group(
    party: _Party, refused: Iterable[Refusal], known: Calls, shared: frozenset[str], asked: tuple[Suspicion, ...]
) -> Group:
    inside = tuple(sorted(party.records.values(), key=lambda claim: claim.age))
    return Group(
        claims=inside,
        links=tuple(sorted(party.links, key=strength)),
        refused=tuple(each for each in refused if len(party.records.keys() & {each.link.first, each.link.second}) == 1),
        shared=frozenset(key for claim in inside for key in claim.keys & shared) | set(shared_with_others(inside, known)),
        candidates=asked,
    )


def _joined(
    claims: Iterable[Claim], known: Calls, links: Iterable[Link], apart: Collection[frozenset[str]]
) -> tuple[list[_Party], list[Refusal]]:
    """The customers that the links make, the eldest first, and the links that were not made."""
    party = {claim.record_id: _alone(claim, known) for claim in claims}
    refused: list[Refusal] = []
    for link in links:
        first, second = sorted((party[link.first], party[link.second]), key=lambda each: len(each.records), reverse=True)
        if first is second:
            continue
        if why := _objection(link, first, second, apart):
            refused.append(Refusal(link, why))
        else:
            first.absorb(second, link)
            party.update(dict.fromkeys(second.records, first))
    return sorted(set(party.values()), key=lambda each: min(claim.age for claim in each.records.values())), refused


def _alone(claim: Claim, known: Calls) -> _Party:
    numbers = {number.e164 for number in known.numbers[claim.record_id]}
    return _Party(
        type=claim.type,
        records={claim.record_id: claim},
        emails=set(claim.emails),
        names={key: {claim.name_key} for key in claim.emails if claim.name_key},
        numbers=numbers,
    )


def _namesakes(key: str, first: _Party, second: _Party) -> bool:
    """Whether an address seems to be two people's, or has more names than anybody."""
    one, other = first.names.get(key, set()), second.names.get(key, set())
    if len(one | other) > NAMES:
        return True
    address = key.removeprefix("email:")
    return any(contradict(mine, theirs, address) for mine in one for theirs in other)


def _objection(link: Link, first: _Party, second: _Party, apart: Collection[frozenset[str]]) -> str | None:
    """What speaks against joining these two, if anything does; no limit speaks against what people said."""
    if first.type != second.type:
        return "type"
    if any(pair & first.records.keys() and pair & second.records.keys() for pair in apart):
        return "apart"
    if link.rule in ("I2", "I3") and _namesakes(link.key, first, second):
        return "names"
    too_many = len(first.emails | second.emails) > EMAIL_LIMIT or len(first.numbers | second.numbers) > PHONE_LIMIT
    return "limit" if too_many and link.rule != "manual" else None
