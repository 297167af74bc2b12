"""How right the hub is about who is who, on people whose truth is known: false links leak one person's data to another.

One set is made by a generator that knows nothing of the hub, the other is the hub's own invented company.
"""

import importlib.util
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from hub.model import Contact, Email, Phone
from hub.sandbox.world import Tool, World
from hub.unify import Claim
from tests.unify.measuring import Measured, measured

GENERATOR = Path(__file__).parents[3] / "shared" / "bench" / "crmgen.py"
GOAL = 0.998
Known = tuple[list[Claim], dict[str, str]]
"""Records, and by the id of each who it is about."""


def generated(size: int, seed: int) -> Known:
    spec = importlib.util.spec_from_file_location("crmgen", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rows = module.people(size, seed)
    return [_claim(row["source"], _generated(row)) for row in rows], {
        f"{row['source']}-1/{row['unique_id']}": row["cluster"] for row in rows
    }


def _generated(row: Mapping[str, Any]) -> Contact:
    return Contact(
        id=row["unique_id"],
        given_name=row["given_name"],
        family_name=row["surname"],
        emails=(Email(address=row["email"]),) if row["email"] else (),
        phones=(Phone(number=row["phone"]),) if row["phone"] else (),
        company_name=row["company"],
    )


def invented(people: int) -> Known:
    world = World(people)
    seen = [(index, tool) for index in range(people) for tool in world.tools(index)]
    claims = [_claim(tool, _seen(world, index, tool)) for index, tool in seen]
    return claims, {claim.record_id: str(index) for claim, (index, _) in zip(claims, seen, strict=True)}


def _seen(world: World, index: int, tool: Tool) -> Contact:
    seen = world.as_seen(index, tool)
    return Contact(
        id=str(index),
        given_name=seen.given_name,
        family_name=seen.family_name,
        emails=() if seen.email_taken else (Email(address=seen.email),),
        phones=(Phone(number=seen.phone),) if seen.phone else (),
        country=seen.country,
        company_name=None if seen.company is None else world.company(seen.company).name,
        created_at=seen.created_at,
    )


def _claim(system: str, entity: Contact) -> Claim:
    connection = f"{system}-1"
    return Claim(
        record_id=f"{connection}/{entity.id}",
        connection_id=connection,
        system=system,
        type="contact",
        source_id=entity.id,
        entity=entity,
        created_at=entity.created_at,
    )


def told(found: Measured) -> Iterator[str]:
    """The figures, how often each cause made a false pair, and every false pair."""
    yield str(found)
    yield f"causes of false pairs: {dict(Counter(cause(one, other) for one, other in found.false))}"
    for one, other in found.false:
        yield f"  {cause(one, other)}: {described(one)} and {described(other)}"


def cause(one: Claim, other: Claim) -> str:
    """Why two people's records could be joined."""
    if not one.emails & other.emails:
        return "joined over a third record"
    if one.name_key == other.name_key:
        return "namesakes with one address"
    if not all(" " in each.name_key for each in (one, other)):
        return "an address shared by somebody of whom only a part of the name is known"
    if set(one.name_key.split()) & set(other.name_key.split()):
        return "an address that fits two namesakes"
    return "a reassigned address"


def described(claim: Claim) -> str:
    return f"{claim.record_id} {claim.name!r} {', '.join(sorted(claim.emails))}"


def judged(known: Known, region: str) -> Measured:
    begun = process_time()
    found = measured(*known, region=region)
    print("", *told(found), f"{process_time() - begun:.1f} s of computing", sep="\n")  # noqa: T201 - the figures are what this is for
    return found


def test_of_five_thousand_records_of_an_independent_generator_hardly_a_pair_is_joined_falsely() -> None:
    found = judged(generated(5_000, seed=7), "DE")
    assert found.precision >= GOAL
    assert found.recall >= 0.58
    assert found.recall_with_candidates >= 0.86


def test_of_two_thousand_invented_people_hardly_a_pair_is_joined_falsely() -> None:
    found = judged(invented(2_000), "BR")
    assert found.precision >= GOAL
    assert found.recall >= 0.54
    assert found.recall_with_candidates >= 0.96


@pytest.mark.scale
@pytest.mark.timeout(600)
def test_of_a_hundred_thousand_records_hardly_a_pair_is_joined_falsely_within_a_minute_of_computing() -> None:
    known = generated(100_000, seed=11)
    begun = process_time()
    found = judged(known, "DE")
    assert process_time() - begun < 60
    assert found.precision >= GOAL
