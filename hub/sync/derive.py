"""Deriving customers: whole components of records, by the same pure functions whether one record changed or all are read anew."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from hub.model import TYPES, Company, Contact, from_json
from hub.spec.jsontext import dumps
from hub.store import canonical, components, connections, customers
from hub.store.components import Component
from hub.store.customers import Derived
from hub.store.database import Transaction
from hub.sync import documents
from hub.sync.hub import Hub
from hub.sync.lease import Lease
from hub.sync.organisation import settled
from hub.unify import Claim, Group, Link, Other, Suspicion, Verdicts, groups

BATCH = 100
SLICE = timedelta(seconds=60)
_CUSTOMER = uuid.uuid5(uuid.NAMESPACE_URL, "urn:ciclo-hub:customer")
_CANDIDATE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:ciclo-hub:candidate")


def derive(hub: Hub, lease: Lease) -> bool:
    """Derive what was touched, a batch a transaction; True when nothing is left."""
    begun = hub.time.now()
    while hub.time.now() - begun < SLICE:
        with hub.database.writing() as tx:
            lease.hold(tx)
            touched = customers.dirty(tx, BATCH)
            if not touched:
                return True
            customers.announce(tx, settle(tx, touched, hub.time.now()), hub.time.now())
    return False


def settle(tx: Transaction, touched: Mapping[str, Sequence[int]], now: datetime) -> list[dict[str, Any]]:
    """Derive the customers of these touched records; what became of each that is not as it was."""
    if sum(map(len, touched.values())) >= BATCH:
        # Others wait behind a full batch. Who of them belongs to it is derived with it, if known to wait before it is read.
        touched = {**touched, **customers.waiting(tx, components.reached(tx, touched) - touched.keys())}
    found = components.component(tx, touched)
    before = customers.employers(tx, set(found.customers.values()))
    changes = customers.replace(tx, found.customers, derived(tx, found), now)
    customers.clean(tx, touched)
    if changes:
        canonical.mark_dirty(tx, before | customers.employers(tx, {change["customer_id"] for change in changes}))
    return changes


def derived(tx: Transaction, found: Component) -> list[Derived]:
    """The customers that the records of a component make."""
    systems = {connection.id: connection.connector for connection in connections.everyone(tx)}
    known = settled(tx)
    claims = {record_id: _claim(row, systems) for record_id, row in found.records.items()}
    others = [Other(claim=_claim(row, systems), customer_id=row.customer_id or "") for row in found.neighbours.values()]
    made = list(
        groups(list(claims.values()), others, _verdicts(found), region=known.organisation.country, nobodys=found.ambiguous)
    )
    home = {claim.record_id: customer_id(group.anchor.record_id) for group in made for claim in group.claims}
    home |= {other.claim.record_id: other.customer_id for other in others}
    papers = documents.gather(tx, found.records, known, systems)
    return [_customer(group, papers.of(group), home) for group in made]


def customer_id(anchor: str) -> str:
    """The customer whose eldest record this is."""
    return str(uuid.uuid5(_CUSTOMER, anchor))


def candidate_id(one: str, other: str) -> str:
    """The question whether two customers are one: the same for as long as both stand."""
    return str(uuid.uuid5(_CANDIDATE, "/".join(sorted((one, other)))))


def _claim(row: Any, systems: Mapping[str, str]) -> Claim:
    entity = from_json(TYPES[row.type], row.body.encode())
    if not isinstance(entity, Contact | Company):
        raise TypeError(row.type)
    return Claim(
        record_id=row.id,
        connection_id=row.connection_id,
        system=systems[row.connection_id],
        type=row.type,
        source_id=row.source_id,
        entity=entity,
        live=row.state == "live",
        created_at=entity.created_at,
        merged_into=row.merged_into,
    )


def _verdicts(found: Component) -> Verdicts:
    return Verdicts(
        together=frozenset(pair for pair, same in found.rulings.items() if same),
        apart=frozenset(pair for pair, same in found.rulings.items() if not same),
    )


def _customer(group: Group, paper: documents.Paper, home: Mapping[str, str]) -> Derived:
    id_ = customer_id(group.anchor.record_id)
    why = {refusal.link: refusal.why for refusal in group.refused}
    return Derived(
        id=id_,
        document=paper.document,
        record_ids=tuple(claim.record_id for claim in group.claims),
        intervals=paper.stages,
        candidates=tuple(_candidate(each, home, why) for each in group.candidates if _stands(each, home)),
        revised_at=paper.revised_at,
        known_at=paper.known_at,
        employer=paper.employer,
    )


def _stands(suspicion: Suspicion, home: Mapping[str, str]) -> bool:
    """Whether the customers of both records are known; one that is about to be derived raises the question itself."""
    return bool(home.get(suspicion.first) and home.get(suspicion.second))


def _candidate(suspicion: Suspicion, home: Mapping[str, str], why: Mapping[Link, str]) -> dict[str, Any]:
    ends = {home[suspicion.first]: suspicion.first, home[suspicion.second]: suspicion.second}
    first, second = sorted(ends)
    evidence: Sequence[Any] = [
        {"rule": link.rule, "score": link.score, "records": [link.first, link.second], "key": link.key, "why": why.get(link)}
        for link in suspicion.evidence
    ]
    return {
        "id": candidate_id(first, second),
        "first_id": first,
        "second_id": second,
        "rule": suspicion.rule,
        "score": suspicion.score,
        "evidence": dumps(evidence).decode(),
    }
