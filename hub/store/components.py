"""Components: records that could be one customer, walked from those that were touched, with all that deriving them needs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select

from hub.model import Activity, Consent, Lead, Membership
from hub.store import tables as t
from hub.store.database import Transaction, chunks
from hub.unify import PARTIES

POPULAR = 50
"""A key that this many records hold recognises nobody, and is not followed."""
FOLLOWED = ("native:", "email:", "domain:", "tax:")
"""Keys that lead from record to record; any other is a clue, which counts for direct neighbours only."""

_DEALINGS = (Lead.TYPE, Consent.TYPE, Membership.TYPE)

Ids = Iterable[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Records that could be one customer; nothing outside it but a neighbour can change who they are."""

    records: Mapping[str, Row[Any]]
    customers: Mapping[str, str]
    """The customer that each record belongs to now."""
    neighbours: Mapping[str, Row[Any]]
    """The records of other customers that share a clue with one of these, each with its customer (`customer_id`)."""
    rulings: Mapping[frozenset[str], bool]
    """What people said of pairs of records: whether they are the same."""
    ambiguous: frozenset[str]
    """Keys that two accounts of one system use for different records: they name nobody."""


@dataclass(slots=True)
class _Walk:
    """How far a component was walked, and what was met on the way."""

    known: set[str] = field(default_factory=set)
    customers: dict[str, str] = field(default_factory=dict)
    clues: set[str] = field(default_factory=set)
    ambiguous: set[str] = field(default_factory=set)
    rulings: dict[frozenset[str], bool] = field(default_factory=dict)


def component(tx: Transaction, start: Collection[str]) -> Component:
    """Everything that these records are connected with by keys, merges, rulings, or the customer they belong to now."""
    walk = _walk(tx, start)
    return Component(
        records=_parties(tx, walk.known),
        customers=walk.customers,
        neighbours=_neighbours(tx, walk.clues, walk.known),
        rulings=walk.rulings,
        ambiguous=frozenset(walk.ambiguous),
    )


def reached(tx: Transaction, start: Collection[str]) -> set[str]:
    """The ids of the records of the component that these belong to."""
    return _walk(tx, start).known


def _walk(tx: Transaction, start: Collection[str]) -> _Walk:
    walk, frontier = _Walk(), set(start)
    while frontier:
        walk.known |= frontier
        found = _same_keys(tx, frontier, walk.clues, walk.ambiguous) | _same_customer(tx, frontier, walk.customers)
        found |= _merged(tx, frontier) | _ruled(tx, frontier, walk.rulings)
        frontier = found - walk.known
    return walk


def activity(tx: Transaction, ids: Collection[str]) -> dict[str, list[tuple[str, str, str]]]:
    """(type, state, hash) of the records of other types that mention each of these."""
    columns = (t.mention.c.target_id, t.record.c.type, t.record.c.state, t.record.c.hash)
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in _mentioning(tx, columns, ids, t.record.c.type.not_in(PARTIES)):
        found.setdefault(row.target_id, []).append((row.type, row.state, row.hash))
    return found


def dealings(tx: Transaction, ids: Collection[str]) -> list[Row[Any]]:
    """The live leads, consents and memberships that mention these, each with the record it mentions (`target_id`)."""
    wanted = t.record.c.type.in_(_DEALINGS) & (t.record.c.state == "live")
    return _mentioning(tx, (t.mention.c.target_id, *t.record.columns), ids, wanted)


def places(tx: Transaction, companies: Collection[str]) -> list[str]:
    """By what people say where they work: these companies' records and the keys of their domains."""
    query = select(t.identifier.c.key).where(t.identifier.c.key.startswith("domain:")).distinct()
    keys = {
        key for some in chunks(sorted(companies)) for key in tx.execute(query.where(t.identifier.c.record_id.in_(some))).scalars()
    }
    return sorted({*companies, *keys})


def contacted(tx: Transaction, ids: Collection[str]) -> dict[str, list[tuple[str, datetime]]]:
    """When each of these was last dealt with in each way: kinds of activities and moments, by record."""
    columns = (t.mention.c.target_id, t.record.c.kind, func.max(t.record.c.occurred_at))
    query = select(*columns).join(t.record, t.record.c.id == t.mention.c.record_id)
    mine = (t.record.c.type == Activity.TYPE, t.record.c.state == "live", t.record.c.occurred_at.is_not(None))
    query = query.where(*mine).group_by(t.mention.c.target_id, t.record.c.kind)
    found: dict[str, list[tuple[str, datetime]]] = {}
    for some in chunks(sorted(ids)):
        for target, kind, at in tx.execute(query.where(t.mention.c.target_id.in_(some))):
            found.setdefault(target, []).append((kind, at))
    return found


def newest(tx: Transaction, ids: Collection[str], kind: str) -> str | None:
    """The body of the newest activity of a kind that mentions one of these."""
    query = select(t.record.c.body).join(t.mention, t.record.c.id == t.mention.c.record_id)
    mine = (t.mention.c.target_id.in_(sorted(ids)), t.record.c.kind == kind, t.record.c.state == "live")
    return tx.execute(query.where(*mine).order_by(t.record.c.occurred_at.desc(), t.record.c.id).limit(1)).scalar_one_or_none()


def neighbours(tx: Transaction, ids: Collection[str]) -> set[str]:
    """The records that share a clue with one of these, or a native name that two accounts use."""
    clues: set[str] = set()
    ambiguous: set[str] = set()
    _same_keys(tx, ids, clues, ambiguous)
    named = select(t.identifier.c.record_id).where(t.identifier.c.key.in_(sorted(ambiguous)))
    return {*_neighbours(tx, clues, frozenset()), *(tx.execute(named).scalars() if ambiguous else ())}


def keys(tx: Transaction, ids: Collection[str]) -> dict[str, set[str]]:
    """The keys and clues that these records are stored with."""
    found: dict[str, set[str]] = {}
    for some in chunks(sorted(ids)):
        for row in tx.execute(select(t.identifier).where(t.identifier.c.record_id.in_(some))):
            found.setdefault(row.record_id, set()).add(row.key)
    return found


def holders(tx: Transaction, wanted: Collection[str]) -> set[str]:
    """The records that have one of these keys."""
    return {row.record_id for found in _holders(tx, wanted).values() for row in found}


def beside(tx: Transaction, ids: Collection[str]) -> set[str]:
    """Everybody who shares a key or a clue with one of these."""
    return neighbours(tx, ids) | holders(tx, {key for held in keys(tx, ids).values() for key in held})


def _mentioning(tx: Transaction, columns: Sequence[Any], ids: Collection[str], wanted: Any) -> list[Row[Any]]:
    query = select(*columns).join(t.record, t.record.c.id == t.mention.c.record_id).where(wanted).order_by(t.mention.c.record_id)
    return [row for some in chunks(sorted(ids)) for row in tx.execute(query.where(t.mention.c.target_id.in_(some)))]


def _parties(tx: Transaction, ids: Ids) -> dict[str, Row[Any]]:
    query = select(t.record).where(t.record.c.type.in_(PARTIES), t.record.c.body.is_not(None))
    return {row.id: row for some in chunks(sorted(ids)) for row in tx.execute(query.where(t.record.c.id.in_(some)))}


def _same_keys(tx: Transaction, frontier: Ids, clues: set[str], ambiguous: set[str]) -> set[str]:
    """The records that share a followed key with these; their clues are noted, and the keys that name nobody."""
    ids = sorted(frontier)
    held = select(t.identifier.c.key).distinct()
    mine = {key for some in chunks(ids) for key in tx.execute(held.where(t.identifier.c.record_id.in_(some))).scalars()}
    followed = {key for key in mine if key.startswith(FOLLOWED)}
    clues |= mine - followed
    reached: set[str] = set()
    for key, holders in _holders(tx, followed).items():
        if sum(row.own for row in holders) > 1:
            ambiguous.add(key)
        else:
            reached |= {row.record_id for row in holders}
    return reached


def _holders(tx: Transaction, keys: Collection[str]) -> dict[str, list[Row[Any]]]:
    """Who holds each of these keys, but for those that too many hold."""
    found: dict[str, list[Row[Any]]] = {}
    for some in chunks(sorted(keys)):
        for row in tx.execute(select(t.identifier).where(t.identifier.c.key.in_(some))):
            found.setdefault(row.key, []).append(row)
    return {key: holders for key, holders in found.items() if len(holders) <= POPULAR}


def _neighbours(tx: Transaction, clues: Collection[str], known: Collection[str]) -> dict[str, Row[Any]]:
    """Whoever shares a clue with them, with all records of their customers: what was said of one of these counts too."""
    ids = {row.record_id for holders in _holders(tx, clues).values() for row in holders}.difference(known)
    customers: dict[str, str] = {}
    ids |= _same_customer(tx, ids, customers)
    query = select(t.record, t.link.c.customer_id).outerjoin(t.link, t.link.c.record_id == t.record.c.id)
    wanted = query.where(t.record.c.type.in_(PARTIES), t.record.c.body.is_not(None))
    found = {row.id: row for some in chunks(sorted(ids)) for row in tx.execute(wanted.where(t.record.c.id.in_(some)))}
    return {each: row for each, row in found.items() if each not in known}


def _same_customer(tx: Transaction, frontier: Ids, customers: dict[str, str]) -> set[str]:
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


def _merged(tx: Transaction, frontier: Ids) -> set[str]:
    ids = sorted(frontier)
    pair = select(t.record.c.id, t.record.c.merged_into).where(t.record.c.merged_into.is_not(None))
    rows = [
        row
        for some in chunks(ids)
        for where in (t.record.c.id, t.record.c.merged_into)
        for row in tx.execute(pair.where(where.in_(some)))
    ]
    return {found for row in rows for found in (row.id, row.merged_into)}


def _ruled(tx: Transaction, frontier: Ids, rulings: dict[frozenset[str], bool]) -> set[str]:
    """The records that a person said are the same as one of these; the newest word on every pair is noted."""
    pair = (t.ruling.c.first_id, t.ruling.c.second_id)
    query = select(t.ruling).order_by(t.ruling.c.decision_id)
    found: dict[frozenset[str], bool] = {}
    for some in chunks(sorted(frontier)):
        for row in tx.execute(query.where(or_(*(column.in_(some) for column in pair)))):
            found[frozenset((row.first_id, row.second_id))] = row.same
    rulings |= found
    return {record for ruled, same in found.items() if same for record in ruled}
