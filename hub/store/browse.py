"""Customers as people look for them: pages of a list in the order of names, and what belongs to one customer."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_

from hub.model import Company, Contact
from hub.store import tables as t
from hub.store.database import Transaction, chunks
from hub.unify.names import name_key

PAGE = 50
COUNTED = 10_000
"""A list longer than this is not counted to its end."""
RELATED = 100
"""As many people of a company, or records about a customer, as one page shows."""

_NAMED = tuple_(t.customer.c.name, t.customer.c.id)

Place = tuple[str, str]
"""Where in the list a page begins: the folded name and the id of a customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody is looking for: every word must occur in a name, an address or a number."""

    words: tuple[str, ...] = ()
    kind: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as conditions on rows."""
        found = [t.customer.c.search.contains(word, autoescape=True) for word in self.words]
        return [*found, t.customer.c.type == self.kind] if self.kind else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of customers, and the places where the pages before and after it begin, None where there is none."""

    rows: Sequence[Any]
    before: Place | None
    after: Place | None
    count: int


def wanted(text: str, kind: str | None) -> Wanted:
    """What a search text means."""
    return Wanted(words=tuple(name_key(text).split()), kind=kind)


def listing(tx: Transaction, what: Wanted, *, after: Place | None = None, before: Place | None = None) -> Listing:
    """The customers that follow a place, or those that precede one."""
    rows, more = _following(tx, what, after) if before is None else _preceding(tx, what, before)
    earlier, later = (after is not None, more) if before is None else (more, True)
    return Listing(
        rows=[(row, json.loads(row.document)) for row in rows],
        before=_place(rows[0]) if rows and earlier else None,
        after=_place(rows[-1]) if rows and later else None,
        count=_count(tx, what),
    )


def customer(tx: Transaction, customer_id: str) -> dict[str, Any] | None:
    """The document of a customer."""
    said = tx.execute(select(t.customer.c.document).where(t.customer.c.id == customer_id)).scalar_one_or_none()
    return None if said is None else dict(json.loads(said))


def about(tx: Transaction, record_ids: Collection[str], types: Collection[str]) -> dict[str, list[Any]]:
    """The newest records of each of some types that mention these records, with what they say."""
    mentioning = select(t.mention.c.record_id).where(t.mention.c.target_id.in_(record_ids))
    moment = func.coalesce(t.record.c.occurred_at, t.record.c.changed_at, t.record.c.created_at, t.record.c.received_at)
    found = {}
    for kind in types:
        query = select(t.record).where(t.record.c.id.in_(mentioning), t.record.c.type == kind, t.record.c.body.is_not(None))
        rows = tx.execute(query.order_by(moment.desc(), t.record.c.id).limit(RELATED))
        if read := [(row, json.loads(row.body)) for row in rows]:
            found[kind] = read
    return found


def records(tx: Transaction, record_ids: Collection[str]) -> dict[str, Any]:
    """These records, of whatever type, with what they say."""
    return {
        row.id: (row, json.loads(row.body))
        for some in chunks(sorted(record_ids))
        for row in tx.execute(select(t.record).where(t.record.c.id.in_(some)))
    }


def documents(tx: Transaction, customer_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The documents of these customers."""
    return {
        row.id: json.loads(row.document)
        for some in chunks(sorted(customer_ids))
        for row in tx.execute(select(t.customer.c.id, t.customer.c.document).where(t.customer.c.id.in_(some)))
    }


def companies(tx: Transaction, record_ids: Collection[str], domains: Collection[str]) -> list[Any]:
    """The companies of a person: those that the person's records name, and those that own a domain of the person's addresses."""
    named = select(t.mention.c.target_id).where(t.mention.c.record_id.in_(record_ids))
    owning = select(t.identifier.c.record_id).where(t.identifier.c.key.in_([f"domain:{domain}" for domain in domains]))
    return _customers(tx, Company.TYPE, t.link.c.record_id.in_(named.union(owning)))


def people(tx: Transaction, record_ids: Collection[str], domains: Collection[str]) -> list[Any]:
    """The people of a company: those whose records name it, and those who have an address at one of its domains."""
    targets = [*record_ids, *(f"domain:{domain}" for domain in domains)]
    naming = select(t.mention.c.record_id).where(t.mention.c.target_id.in_(targets))
    return _customers(tx, Contact.TYPE, t.link.c.record_id.in_(naming))


def names(tx: Transaction, customer_ids: Sequence[str]) -> dict[str, str]:
    """What these customers are called."""
    return {found: document["name"] for found, document in documents(tx, customer_ids).items()}


def customers_of(tx: Transaction, record_ids: Sequence[str]) -> dict[str, str]:
    """The customer that each of these records belongs to."""
    return {
        row.record_id: row.customer_id
        for some in chunks(record_ids)
        for row in tx.execute(select(t.link).where(t.link.c.record_id.in_(some)))
    }


def _following(tx: Transaction, what: Wanted, after: Place | None) -> tuple[list[Any], bool]:
    query = select(t.customer).where(*what.conditions()).order_by(t.customer.c.name, t.customer.c.id)
    if after is not None:
        query = query.where(_NAMED.__gt__(after))
    found = list(tx.execute(query.limit(PAGE + 1)))
    return found[:PAGE], len(found) > PAGE


def _preceding(tx: Transaction, what: Wanted, before: Place) -> tuple[list[Any], bool]:
    query = select(t.customer).where(*what.conditions(), _NAMED.__lt__(before))
    found = list(tx.execute(query.order_by(t.customer.c.name.desc(), t.customer.c.id.desc()).limit(PAGE + 1)))
    return found[PAGE - 1 :: -1] if len(found) >= PAGE else found[::-1], len(found) > PAGE


def _customers(tx: Transaction, kind: str, whose: ColumnElement[bool]) -> list[Any]:
    ids = select(t.link.c.customer_id).where(whose)
    type_ = "person" if kind == Contact.TYPE else "company"
    query = select(t.customer).where(t.customer.c.id.in_(ids), t.customer.c.type == type_)
    rows = tx.execute(query.order_by(t.customer.c.name, t.customer.c.id).limit(RELATED))
    return [(row, json.loads(row.document)) for row in rows]


def _count(tx: Transaction, what: Wanted) -> int:
    some = select(t.customer.c.id).where(*what.conditions()).limit(COUNTED + 1).subquery()
    return int(tx.execute(select(func.count()).select_from(some)).scalar_one())


def _place(row: Any) -> Place:
    return (row.name, row.id)
