"""Who has which phone number: whether it is somebody's own, or an office's or a family's."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from hub.unify import blocked
from hub.unify.claims import Claim
from hub.unify.links import NAMES, shared_values
from hub.unify.phones import Number

SAME_NAME = 0.92
"""Names at least so alike (Jaro-Winkler) may be one person's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The numbers of each record, the live people behind each number, and the numbers that one connection has under two names."""

    numbers: Mapping[str, frozenset[Number]]
    holders: Mapping[Number, tuple[Claim, ...]]
    shared: frozenset[str]

    def clues(self) -> Iterator[tuple[Number, tuple[Claim, ...]]]:
        """The numbers that can speak for a person, with those who have them."""
        for number, holders in self.holders.items():
            if number.mobile and len(holders) > 1 and number.e164 not in self.shared and not blocked.phone(number.e164):
                yield number, holders


def calls(claims: Iterable[Claim], region: str | None) -> Calls:
    """The numbers of records whose organisation is in a region."""
    numbers: dict[str, frozenset[Number]] = {}
    holders: dict[Number, list[Claim]] = defaultdict(list)
    for claim in claims:
        numbers[claim.record_id] = claim.numbers(region)
        for number in numbers[claim.record_id]:
            if claim.live:
                holders[number].append(claim)
    many = {number: tuple(found) for number, found in holders.items()}
    held = ((claim, (number.e164,)) for number, found in many.items() if len(found) > 1 for claim in found)
    return Calls(numbers=numbers, holders=many, shared=shared_values(held))


def shared_with_others(inside: Collection[Claim], known: Calls) -> Iterator[str]:
    """The keys of the numbers of a customer that somebody else has as well (rule I6)."""
    ids = {claim.record_id for claim in inside}
    for number in {number for claim in inside for number in known.numbers[claim.record_id]}:
        outsiders = [claim for claim in known.holders.get(number, ()) if claim.record_id not in ids]
        if outsiders and _is_shared(number, [claim for claim in inside if number in known.numbers[claim.record_id]], outsiders):
            yield f"phone:{number.e164}"


def _is_shared(number: Number, mine: Collection[Claim], others: Collection[Claim]) -> bool:
    """Whether a number is an office's or a family's; a mobile number is not by those who have no name."""
    named = [claim for claim in mine if claim.name_key]
    return (
        not number.mobile
        or len(others) > NAMES
        or any(other.name_key and named and not any(_may_be_one(other, each) for each in named) for other in others)
    )


def related(one: Claim, other: Claim) -> bool:
    """Whether what follows their names tells two people apart who are otherwise called the same."""
    return one.suffix != other.suffix


def same_name(one: Claim, other: Claim) -> bool:
    """Whether two records may well give one person's name; related people's names are the same in this sense."""
    if not one.name_key or not other.name_key:
        return False
    return JaroWinkler.similarity(one.name_key, other.name_key) >= SAME_NAME


def _may_be_one(one: Claim, other: Claim) -> bool:
    return same_name(one, other) and not related(one, other)
