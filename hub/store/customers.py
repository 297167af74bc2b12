"""Customers as rows: whole components of records are read, and their links, documents and feed rows swapped together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import delete, func, or_, select

from hub.model import digest
from hub.spec.jsontext import dumps
from hub.store import tables as t
from hub.store.database import Transaction, chunks, inserting, upsert
from hub.unify.names import name_key, search_key


class Stage(NamedTuple):
    """A stage that a customer is in, from when to when, in the order of a framework."""

    framework: str
    number: int
    stage: str
    entered_at: datetime
    exited_at: datetime | None


_BESIDE = ("revised_at", "known_at", "employer_id")
"""What is kept of a customer beside its document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A customer as it should be: its id, its document, the records that belong to it, its stages and who it may be as well.

    `revised_at` is until when its stages must be computed anew for a moment in the past, `known_at` when anything of it last
    became known, `employer` the company's record, or the key of its domain, that a person belongs to.
    """

    id: str
    document: Mapping[str, Any]
    record_ids: tuple[str, ...]
    intervals: tuple[Stage, ...] = ()
    candidates: tuple[Mapping[str, Any], ...] = ()
    revised_at: datetime | None = None
    known_at: datetime | None = None
    employer: str | None = None


def dirty(tx: Transaction, limit: int) -> dict[str, list[int]]:
    """Some of the parties to derive again, those that wait longest, with the rows that say so.

    In this order whoever is touched again and again while others wait, as a firm by each of its people, is derived once.
    """
    eldest = select(t.dirty.c.record_id).order_by(t.dirty.c.id).limit(limit)
    return waiting(tx, set(tx.execute(eldest).scalars()))


def waiting(tx: Transaction, record_ids: Collection[str]) -> dict[str, list[int]]:
    """Those of these parties that are to be derived again, with the rows that say so."""
    found: dict[str, list[int]] = {}
    for some in chunks(sorted(record_ids)):
        for row in tx.execute(select(t.dirty).where(t.dirty.c.record_id.in_(some)).order_by(t.dirty.c.id)):
            found.setdefault(row.record_id, []).append(row.id)
    return found


def clean(tx: Transaction, touched: Mapping[str, Sequence[int]]) -> None:
    """Forget what was derived, except what was touched again meanwhile."""
    for some in chunks([row for rows in touched.values() for row in rows]):
        tx.execute(delete(t.dirty).where(t.dirty.c.id.in_(some)))


def replace(tx: Transaction, found: Mapping[str, str], derived: Sequence[Derived], now: datetime) -> list[dict[str, Any]]:
    """Make a component's customers these; what became of each that is not as it was, for the feed.

    `found` is the customer that each record of the component belonged to.
    """
    new = {customer.id: customer for customer in derived}
    owner = {record: customer.id for customer in derived for record in customer.record_ids}
    old = set(found.values())
    names = ("id", "hash", *_BESIDE)
    stored = {
        row.id: row
        for some in chunks(sorted(old | set(new)))
        for row in tx.execute(select(*(t.customer.c[name] for name in names)).where(t.customer.c.id.in_(some)))
    }
    changes = _write_customers(tx, new, stored, now)
    changes += _retire(tx, sorted(old - set(new)), found, owner, now)
    moved = [{"record_id": record, "customer_id": owner[record]} for record in owner if found.get(record) != owner[record]]
    upsert(tx, t.link, moved)
    lost = [record for record in found if record not in owner]
    for some in chunks(lost):
        tx.execute(delete(t.link).where(t.link.c.record_id.in_(some)))
    _replace_stages(tx, old | set(new), derived)
    _replace_candidates(tx, old | set(new), derived)
    return changes


def employers(tx: Transaction, customer_ids: Collection[str]) -> set[str]:
    """The records of the companies to which the lifecycles of these people count as well."""
    named: set[str] = set()
    query = select(t.customer.c.employer_id).where(t.customer.c.employer_id.is_not(None), t.customer.c.known_at.is_not(None))
    for some in chunks(sorted(customer_ids)):
        named |= set(tx.execute(query.where(t.customer.c.id.in_(some))).scalars())
    owning = select(t.identifier.c.record_id).where(t.identifier.c.key.in_(sorted(named)))
    known = select(t.record.c.id).where(t.record.c.id.in_(sorted(named)))
    return set(tx.execute(owning.union(known)).scalars())


def employer(tx: Transaction, customer_id: str) -> str | None:
    """The company's customer that a person belongs to; None where it is none that a source has."""
    named = tx.execute(select(t.customer.c.employer_id).where(t.customer.c.id == customer_id)).scalar_one_or_none()
    if named is None:
        return None
    owning = select(t.identifier.c.record_id).where(t.identifier.c.key == named)
    theirs = or_(t.link.c.record_id == named, t.link.c.record_id.in_(owning))
    return tx.execute(select(t.link.c.customer_id).where(theirs).order_by(t.link.c.customer_id).limit(1)).scalar_one_or_none()


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


def kind(tx: Transaction, customer_id: str) -> str | None:
    """Whether a customer is a person or a company; None where there is none of that id."""
    return tx.execute(select(t.customer.c.type).where(t.customer.c.id == customer_id)).scalar_one_or_none()


def drop_derived(tx: Transaction) -> None:
    """Forget everything that follows from the raw versions and from what people decided."""
    for table in (t.identifier, t.mention, t.link, t.customer, t.interval, t.candidate, t.dirty, t.fact, t.record):
        tx.execute(delete(table))


def _write_customers(
    tx: Transaction, new: Mapping[str, Derived], stored: Mapping[str, Any], now: datetime
) -> list[dict[str, Any]]:
    """Write the customers that are not as they were; the feed tells of those whose documents are not."""
    rows = [_row(customer, now) for customer in new.values()]
    changed = [row for row in rows if row["id"] not in stored or stored[row["id"]].hash != row["hash"]]
    written = {row["id"] for row in changed}
    upsert(tx, t.customer, changed)
    beside = [row for row in rows if row["id"] not in written and _differs(row, stored[row["id"]])]
    upsert(tx, t.customer, beside, keep=("changed_at",))
    given = [{"customer_id": row["id"], "merged_into": None, "at": now} for row in changed]
    upsert(tx, t.identity_log, given, keep=("at",))
    return [
        {
            "customer_id": row["id"],
            "action": "updated" if row["id"] in stored else "created",
            "records": new[row["id"]].record_ids,
        }
        for row in changed
    ]


def _differs(row: Mapping[str, Any], stored: Any) -> bool:
    return any(row[name] != getattr(stored, name) for name in _BESIDE)


def _row(customer: Derived, now: datetime) -> dict[str, Any]:
    document = customer.document
    body = dumps(document)
    words = [document["name"], *(email["address"] for email in document["emails"]), *(p["number"] for p in document["phones"])]
    return {
        "id": customer.id,
        "type": document["type"],
        "name": name_key(document["name"])[:200],
        "search": " ".join(dict.fromkeys(search_key(word) for word in words)),
        "hash": digest(body),
        "document": body.decode(),
        "systems": len({record["system"] for record in document["records"] if record["state"] == "live"}),
        "live": document["live"],
        "changed_at": now,
        "revised_at": customer.revised_at,
        "known_at": customer.known_at,
        "employer_id": customer.employer,
    }


def _replace_stages(tx: Transaction, ids: Collection[str], derived: Sequence[Derived]) -> None:
    for some in chunks(sorted(ids)):
        tx.execute(delete(t.interval).where(t.interval.c.customer_id.in_(some)))
    rows = [{"customer_id": each.id, **stage._asdict()} for each in derived for stage in each.intervals]
    for some in chunks(rows):
        tx.execute(inserting(tx, t.interval), some)


def _replace_candidates(tx: Transaction, ids: Collection[str], derived: Sequence[Derived]) -> None:
    """Both customers of a pair bring the same row, whichever of them is derived."""
    for some in chunks(sorted(ids)):
        for column in (t.candidate.c.first_id, t.candidate.c.second_id):
            tx.execute(delete(t.candidate).where(column.in_(some)))
    upsert(tx, t.candidate, list({row["id"]: row for each in derived for row in each.candidates}.values()))


def _retire(
    tx: Transaction, ids: Sequence[str], found: Mapping[str, str], owner: Mapping[str, str], now: datetime
) -> list[dict[str, Any]]:
    """Ids that are no longer anybody's answer with the customer that their records went to."""
    went = {customer: owner.get(record) for record, customer in sorted(found.items(), reverse=True) if record in owner}
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
