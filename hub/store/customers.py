"""Customers as rows: whole components of records are read, and their links, documents and feed rows swapped together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, delete, func, select, tuple_

from hub.model import digest
from hub.spec.jsontext import dumps
from hub.store import tables as t
from hub.store.database import Transaction, chunks, inserting, upsert
from hub.unify import PARTIES
from hub.unify.keys import name_key

POPULAR = 50
"""A key that this many records hold recognises nobody, and is not followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Records that could be one customer, with their keys; nothing outside it can change who they are."""

    records: Mapping[str, Row[Any]]
    keys: Mapping[str, frozenset[str]]
    customers: Mapping[str, str]
    """The customer that each record belongs to now."""
    activity: Mapping[str, Sequence[tuple[str, str, str]]]
    """(type, state, hash) of the other records that mention each record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A customer as it should be: its id, its document and the records that belong to it."""

    id: str
    document: Mapping[str, Any]
    record_ids: tuple[str, ...]


def dirty(tx: Transaction, limit: int) -> dict[str, int]:
    """Some of the parties to derive again, with the version that says whether they were touched once more meanwhile."""
    rows = tx.execute(select(t.dirty.c.record_id, t.dirty.c.version).order_by(t.dirty.c.record_id).limit(limit))
    return {row.record_id: row.version for row in rows}


def clean(tx: Transaction, versions: Mapping[str, int]) -> None:
    """Forget what was derived, except what was touched again meanwhile."""
    key = tuple_(t.dirty.c.record_id, t.dirty.c.version)
    for some in chunks(list(versions.items())):
        tx.execute(delete(t.dirty).where(key.in_(some)))


def component(tx: Transaction, start: Collection[str]) -> Component:
    """Everything that these records are connected with by keys, merges, or the customer they belong to now."""
    keys: dict[str, set[str]] = {}
    customers: dict[str, str] = {}
    frontier = set(start)
    known: set[str] = set()
    while frontier:
        known |= frontier
        reached = _same_keys(tx, frontier, keys) | _same_customer(tx, frontier, customers) | _merged(tx, frontier)
        frontier = reached - known
    records = {
        row.id: row for some in chunks(sorted(known)) for row in tx.execute(select(t.record).where(t.record.c.id.in_(some)))
    }
    parties = {found: row for found, row in records.items() if row.type in PARTIES and row.body is not None}
    return Component(
        records=parties,
        keys={found: frozenset(keys.get(found, ())) for found in parties},
        customers=customers,
        activity=_activity(tx, sorted(parties)),
    )


def replace(tx: Transaction, found: Component, derived: Sequence[Derived], now: datetime) -> list[dict[str, Any]]:
    """Make the component's customers these; what became of each customer that is not as it was, for the feed."""
    new = {customer.id: customer for customer in derived}
    owner = {record: customer.id for customer in derived for record in customer.record_ids}
    old = set(found.customers.values())
    stored = {
        row.id: row.hash
        for some in chunks(sorted(old | set(new)))
        for row in tx.execute(select(t.customer.c.id, t.customer.c.hash).where(t.customer.c.id.in_(some)))
    }
    changes = _write_customers(tx, new, stored, now)
    changes += _retire(tx, sorted(old - set(new)), found, owner, now)
    moved = [
        {"record_id": record, "customer_id": owner[record]} for record in owner if found.customers.get(record) != owner[record]
    ]
    upsert(tx, t.link, moved)
    lost = [record for record in found.customers if record not in owner]
    for some in chunks(lost):
        tx.execute(delete(t.link).where(t.link.c.record_id.in_(some)))
    return changes


def by_systems(tx: Transaction) -> dict[str, dict[int, int]]:
    """How many live customers are known to one system, to two, and so on, by type of customer."""
    columns = (t.customer.c.type, t.customer.c.systems)
    found: dict[str, dict[int, int]] = {}
    for row in tx.execute(select(*columns, func.count()).where(t.customer.c.live).group_by(*columns).order_by(*columns)):
        found.setdefault(row[0], {})[row[1]] = row[2]
    return found


def records_of(tx: Transaction, customer_id: str) -> list[str]:
    """The ids of the records that belong to a customer."""
    query = select(t.link.c.record_id).where(t.link.c.customer_id == customer_id).order_by(t.link.c.record_id)
    return list(tx.execute(query).scalars())


def drop_derived(tx: Transaction) -> None:
    """Forget everything that follows from the raw versions and from what people decided."""
    for table in (t.identifier, t.mention, t.link, t.customer, t.dirty, t.record):
        tx.execute(delete(table))


def _same_keys(tx: Transaction, frontier: Iterable[str], keys: dict[str, set[str]]) -> set[str]:
    ids = sorted(frontier)
    mine = [row for some in chunks(ids) for row in tx.execute(select(t.identifier).where(t.identifier.c.record_id.in_(some)))]
    for row in mine:
        keys.setdefault(row.record_id, set()).add(row.key)
    reached: dict[str, list[str]] = {}
    for some in chunks(sorted({row.key for row in mine})):
        for row in tx.execute(select(t.identifier).where(t.identifier.c.key.in_(some))):
            reached.setdefault(row.key, []).append(row.record_id)
    return {record for holders in reached.values() if len(holders) <= POPULAR for record in holders}


def _same_customer(tx: Transaction, frontier: Iterable[str], customers: dict[str, str]) -> set[str]:
    """A record whose key is gone must still be seen by those it was joined with, so that they part."""
    ids = sorted(frontier)
    found = {
        customer
        for some in chunks(ids)
        for customer in tx.execute(select(t.link.c.customer_id).where(t.link.c.record_id.in_(some))).scalars()
    }
    for some in chunks(sorted(found)):
        for row in tx.execute(select(t.link).where(t.link.c.customer_id.in_(some))):
            customers[row.record_id] = row.customer_id
    return {record for record, customer in customers.items() if customer in found}


def _merged(tx: Transaction, frontier: Iterable[str]) -> set[str]:
    ids = sorted(frontier)
    pair = select(t.record.c.id, t.record.c.merged_into).where(t.record.c.merged_into.is_not(None))
    rows = [
        row
        for some in chunks(ids)
        for where in (t.record.c.id, t.record.c.merged_into)
        for row in tx.execute(pair.where(where.in_(some)))
    ]
    return {found for row in rows for found in (row.id, row.merged_into)}


def _activity(tx: Transaction, ids: Sequence[str]) -> dict[str, list[tuple[str, str, str]]]:
    query = (
        select(t.mention.c.target_id, t.record.c.type, t.record.c.state, t.record.c.hash)
        .join(t.record, t.record.c.id == t.mention.c.record_id)
        .where(t.record.c.type.not_in(PARTIES))
        .order_by(t.mention.c.record_id)
    )
    found: dict[str, list[tuple[str, str, str]]] = {}
    for some in chunks(ids):
        for row in tx.execute(query.where(t.mention.c.target_id.in_(some))):
            found.setdefault(row.target_id, []).append((row.type, row.state, row.hash))
    return found


def _write_customers(
    tx: Transaction, new: Mapping[str, Derived], stored: Mapping[str, str], now: datetime
) -> list[dict[str, Any]]:
    rows = []
    for found, customer in new.items():
        body = dumps(customer.document)
        if stored.get(found) != (hashed := digest(body)):
            rows.append(_row(customer, body, hashed, now))
    upsert(tx, t.customer, rows)
    given = [{"customer_id": row["id"], "merged_into": None, "at": now} for row in rows]
    upsert(tx, t.identity_log, given, keep=("at",))
    return [
        {
            "customer_id": row["id"],
            "action": "updated" if row["id"] in stored else "created",
            "records": new[row["id"]].record_ids,
        }
        for row in rows
    ]


def _row(customer: Derived, body: bytes, hashed: str, now: datetime) -> dict[str, Any]:
    document = customer.document
    words = [document["name"], *(email["address"] for email in document["emails"]), *(p["number"] for p in document["phones"])]
    return {
        "id": customer.id,
        "type": document["type"],
        "name": name_key(document["name"])[:200],
        "search": " ".join(name_key(word) for word in words),
        "hash": hashed,
        "document": body.decode(),
        "systems": len({record["system"] for record in document["records"] if record["state"] == "live"}),
        "live": document["live"],
        "changed_at": now,
    }


def _retire(
    tx: Transaction, ids: Sequence[str], found: Component, owner: Mapping[str, str], now: datetime
) -> list[dict[str, Any]]:
    """Ids that are no longer anybody's answer with the customer that their records went to."""
    went = {customer: owner.get(record) for record, customer in sorted(found.customers.items(), reverse=True) if record in owner}
    for some in chunks(ids):
        tx.execute(delete(t.customer).where(t.customer.c.id.in_(some)))
    upsert(tx, t.identity_log, [{"customer_id": each, "merged_into": went.get(each), "at": now} for each in ids])
    return [{"customer_id": each, "action": "merged" if went.get(each) else "removed", "records": ()} for each in ids]


def announce(tx: Transaction, changes: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Rows of the feed, numbered without gaps: only the one derive job, under its lease, ever writes them."""
    if changes:
        last = tx.execute(select(func.coalesce(func.max(t.change.c.position), 0))).scalar_one()
        rows = [
            {**each, "position": last + number, "at": now, "records": msgspec.json.encode(each["records"]).decode()}
            for number, each in enumerate(changes, start=1)
        ]
        tx.execute(inserting(tx, t.change), rows)
