"""Claims written shortly: the record's id is `connection/source id`, and what it says is written as keys."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from hub.model import Company, Contact, Email, Phone
from hub.unify import Claim, Group, Other, Suspicion, Verdicts, groups

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
REGION = "BR"
ANA, BIA = "email:ana@example.com", "email:bia@example.com"
NEAR = ("Maria Reis", "Marta Reis", "Maria Ana")
"""The first is like both others (Jaro-Winkler 0.953 and 0.853), these are not like each other (0.685)."""
NOTHING: Mapping[str, Any] = MappingProxyType({})


def claim(
    record: str,
    held: str = "",
    *,
    name: str = "",
    day: int | None = None,
    kind: str = "contact",
    merged: str | None = None,
    live: bool = True,
    says: Mapping[str, Any] = NOTHING,
) -> Claim:
    """A record `hubspot-1/7` that was created on that day and holds these keys, such as `email:ana@example.com phone:+5511…`."""
    connection, _, source_id = record.partition("/")
    entity = _contact(source_id, name, held, says) if kind == "contact" else _company(source_id, name, held, says)
    return Claim(
        record_id=record,
        connection_id=connection,
        system=connection.partition("-")[0],
        type=kind,
        source_id=source_id,
        entity=entity,
        live=live and merged is None,
        created_at=None if day is None else BEGIN + timedelta(days=day),
        merged_into=merged,
    )


def _contact(source_id: str, name: str, held: str, says: Mapping[str, Any]) -> Contact:
    return Contact(
        id=source_id,
        full_name=name,
        emails=tuple(Email(address=each) for each in _values(held, "email:")),
        phones=tuple(Phone(number=each) for each in _values(held, "phone:")),
        external_ids=_values(held, "native:"),
        **says,
    )


def _company(source_id: str, name: str, held: str, says: Mapping[str, Any]) -> Company:
    return Company(id=source_id, name=name, domains=_values(held, "domain:"), external_ids=_values(held, "native:"), **says)


def _values(held: str, kind: str) -> tuple[str, ...]:
    return tuple(each.removeprefix(kind) for each in held.split() if each.startswith(kind))


def grouped(
    claims: Collection[Claim],
    *,
    others: Mapping[str, Iterable[Claim]] = NOTHING,
    apart: Iterable[Iterable[str]] = (),
    together: Iterable[Iterable[str]] = (),
) -> list[Group]:
    """The groups of these claims; `others` are claims by customer, and the verdicts are pairs of record ids."""
    outside = [Other(claim=each, customer_id=customer) for customer, held in others.items() for each in held]
    verdicts = Verdicts(
        together=frozenset(frozenset(pair) for pair in together), apart=frozenset(frozenset(pair) for pair in apart)
    )
    return list(groups(claims, outside, verdicts, region=REGION))


def members(found: Iterable[Group]) -> list[list[str]]:
    """The record ids of each group, the eldest first."""
    return sorted([each.record_id for each in group.claims] for group in found)


def suspicions(found: Iterable[Group]) -> set[Suspicion]:
    """Everything that is suspected of these groups."""
    return {each for group in found for each in group.candidates}


def asked(found: Iterable[Group]) -> list[tuple[str, float, str, str]]:
    """Rule, score and records of everything that is suspected."""
    return sorted(each[:4] for each in suspicions(found))


def addresses(begin: int, end: int) -> str:
    """The keys of so many addresses."""
    return " ".join(f"email:{number}@example.com" for number in range(begin, end))


def phones(begin: int, end: int) -> str:
    """The keys of so many mobile numbers."""
    return " ".join(f"phone:+551191234567{number}" for number in range(begin, end))
