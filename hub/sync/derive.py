"""Deriving customers: whole components of records, by the same pure functions whether one record changed or all are read anew."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from hub import registry
from hub.model import TYPES, Company, Contact, digest, from_json
from hub.spec.jsontext import dumps
from hub.store import connections, customers, questions
from hub.store.customers import Component, Derived
from hub.store.database import Transaction
from hub.sync.hub import Hub
from hub.sync.lease import Lease
from hub.unify import Claim, Group, golden, groups
from hub.unify.golden import Member

BATCH = 100
SLICE = timedelta(seconds=60)
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:ciclo-hub:customer")


def derive(hub: Hub, lease: Lease) -> bool:
    """Derive what was touched, a batch a transaction; True when nothing is left."""
    begun = hub.time.now()
    while hub.time.now() - begun < SLICE:
        with hub.database.writing() as tx:
            lease.hold(tx)
            versions = customers.dirty(tx, BATCH)
            if not versions:
                return True
            customers.announce(tx, settle(tx, versions, hub.time.now()), hub.time.now())
    return False


def settle(tx: Transaction, versions: Mapping[str, int], now: datetime) -> list[dict[str, Any]]:
    """Derive the customers of these touched records; what became of each that is not as it was."""
    found = customers.component(tx, versions)
    changes = customers.replace(tx, found, derived(tx, found), now)
    customers.clean(tx, versions)
    return changes


def derived(tx: Transaction, found: Component) -> list[Derived]:
    """The customers that the records of a component make."""
    systems = {connection.id: connection.connector for connection in connections.everyone(tx)}
    members = {member.claim.record_id: member for member in _members(found, systems)}
    apart = apart_pairs(tx)
    return [
        _customer(group, [members[claim.record_id] for claim in group.claims], found)
        for group in groups([member.claim for member in members.values()], apart)
    ]


def apart_pairs(tx: Transaction) -> Collection[frozenset[str]]:
    """The pairs of records that people have said are not the same, those taken back left out."""
    said = {decision.key: json.loads(decision.value) for decision in questions.decided(tx, "apart")}
    return {frozenset((record, other)) for record, *others in filter(None, said.values()) for other in others}


def customer_id(anchor: str) -> str:
    """The customer whose eldest record this is."""
    return str(uuid.uuid5(_SPACE, anchor))


def _members(found: Component, systems: Mapping[str, str]) -> list[Member]:
    members = []
    for record_id, row in found.records.items():
        entity = from_json(TYPES[row.type], row.body.encode())
        system = systems[row.connection_id]
        if isinstance(entity, Contact | Company):
            claim = Claim(
                record_id=record_id,
                connection_id=row.connection_id,
                type=row.type,
                source_id=row.source_id,
                name=_name(entity),
                keys=found.keys[record_id],
                own=f"native:{system}:{row.type}:{row.source_id}",
                created_at=entity.created_at,
                merged_into=row.merged_into,
            )
            members.append(Member(claim=claim, system=system, category=_category(system), entity=entity, state=row.state))
    return members


def _customer(group: Group, members: Sequence[Member], found: Component) -> Derived:
    document = golden(group, members) | {"activity": _activity(group, found)}
    return Derived(
        id=customer_id(group.anchor.record_id),
        document=document,
        record_ids=tuple(claim.record_id for claim in group.claims),
    )


def _activity(group: Group, found: Component) -> dict[str, Any]:
    """How many deals, tickets and so on are theirs, and a digest that changes when any of them does."""
    by_type: dict[str, list[tuple[str, str]]] = {}
    for claim in group.claims:
        for kind, state, hashed in found.activity.get(claim.record_id, ()):
            by_type.setdefault(kind, []).append((state, hashed))
    return {
        kind: {"live": sum(state == "live" for state, _ in held), "digest": digest(dumps(sorted(held)))}
        for kind, held in sorted(by_type.items())
    }


def _name(entity: Contact | Company) -> str:
    if isinstance(entity, Company):
        return entity.name or ""
    return entity.full_name or " ".join(part for part in (entity.given_name, entity.family_name) if part)


def _category(system: str) -> str:
    return registry.connector(system).category
