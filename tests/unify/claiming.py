"""Claims and members written shortly: the record's id is `connection/source id`, so that groups can be read."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from hub.model import Company, Contact
from hub.unify import Claim, Group, golden, groups, keys
from hub.unify.golden import Member

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
CATEGORIES = {"billing": "Billing", "hubspot": "CRM", "gainsight": "Customer success", "shop": "Shop", "zendesk": "Helpdesk"}


def claim(
    record: str, held: str = "", *, name: str = "", day: int | None = None, kind: str = "contact", merged: str | None = None
) -> Claim:
    """A record `hubspot-1/7` with these keys, created on that day."""
    connection, _, source_id = record.partition("/")
    own = f"native:{connection.partition('-')[0]}:{kind}:{source_id}"
    return Claim(
        record_id=record,
        connection_id=connection,
        type=kind,
        source_id=source_id,
        name=name,
        keys=frozenset({own, *held.split()}),
        own=own,
        created_at=None if day is None else BEGIN + timedelta(days=day),
        merged_into=merged,
    )


def together(claims: Collection[Claim], *apart: Iterable[str]) -> list[list[str]]:
    """The record ids of each group, the eldest first."""
    found = groups(claims, [frozenset(pair) for pair in apart])
    return sorted([each.record_id for each in group.claims] for group in found)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def member(
    connection: str, entity: Contact | Company, *, state: Literal["live", "deleted", "merged"] = "live", name: str = ""
) -> Member:
    system = connection.partition("-")[0]
    held = " ".join(sorted(keys(entity, system)))
    made = claim(f"{connection}/{entity.id}", held, name=name, kind=entity.TYPE)
    return Member(
        claim=replace(made, created_at=entity.created_at),
        system=system,
        category=CATEGORIES.get(system, ""),
        entity=entity,
        state=state,
    )


def whole(*members: Member) -> dict[str, Any]:
    """The document of these records, taken for one customer."""
    return golden(Group(claims=tuple(each.claim for each in members)), members)
