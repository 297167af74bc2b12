"""Members and documents written shortly: the record `hubspot-1/101` is the contact or company 101 of the connection hubspot-1."""

from datetime import UTC, datetime
from typing import Any, Literal

from hub.model import Company, Contact
from hub.unify.claims import Claim
from hub.unify.golden import Dealings, Lock, Member, golden
from hub.unify.groups import Group

CATEGORIES = {
    "billing": "Billing",
    "hubspot": "CRM",
    "gainsight": "Customer success",
    "shop": "Shop",
    "zendesk": "Helpdesk",
    "mailing": "Marketing",
}
State = Literal["live", "deleted", "merged"]


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def member(connection: str, entity: Contact | Company, *, state: State = "live", received: str | None = None) -> Member:
    system = connection.partition("-")[0]
    claim = Claim(
        record_id=f"{connection}/{entity.id}",
        connection_id=connection,
        system=system,
        type=entity.TYPE,
        source_id=entity.id,
        entity=entity,
        live=state == "live",
        created_at=entity.created_at,
        merged_into=None,
    )
    return Member(
        claim=claim,
        system=system,
        category=CATEGORIES.get(system, "Other"),
        entity=entity,
        state=state,
        received_at=at(received) if received else None,
    )


def whole(
    *members: Member,
    shared: frozenset[str] = frozenset(),
    locks: dict[str, Lock] | None = None,
    dealings: Dealings | None = None,
    region: str = "BR",
) -> dict[str, Any]:
    """The document of these records, taken for one customer."""
    group = Group(claims=tuple(each.claim for each in members), shared=shared)
    return golden(group, members, region=region, locks=locks or {}, dealings=dealings or Dealings())


def origin(record: str, kind: str = "contact") -> dict[str, str]:
    connection, _, source_id = record.partition("/")
    return {"connection_id": connection, "system": connection.partition("-")[0], "type": kind, "id": source_id}
