"""The facts of whole customers: of one with its company, and of many at once, as other rules are tried on all of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import func, or_, select

from hub.model import Company, Fact
from hub.store import components, facts
from hub.store import tables as t
from hub.store.database import Transaction, chunks

_COLUMNS = tuple(column.name for column in t.fact.columns)


class Life(NamedTuple):
    """A customer, and the customer of the company that it belongs to, None where it is none that a source has."""

    id: str
    company: str | None


def count(tx: Transaction) -> int:
    """How many live customers there are."""
    return int(tx.execute(select(func.count()).select_from(t.customer).where(t.customer.c.live)).scalar_one())


def some(tx: Transaction, *, after: str, limit: int) -> list[Life]:
    """The live customers that follow an id; ids are digests, so the first thousands are a fair sample of all."""
    columns = (t.customer.c.id, t.customer.c.employer_id)
    query = select(*columns).where(t.customer.c.live, t.customer.c.id > after).order_by(t.customer.c.id).limit(limit)
    rows = tx.execute(query).all()
    companies = _companies(tx, {row.employer_id for row in rows if row.employer_id})
    return [Life(row.id, companies.get(row.employer_id)) for row in rows]


def told(tx: Transaction, customer_ids: Collection[str]) -> Mapping[str, Sequence[Fact]]:
    """Every version of every fact about each of these; about a company also those of its people that name no company."""
    home = _records(tx, customer_ids)
    found: dict[str, dict[tuple[str, object], Fact]] = defaultdict(dict)
    for fact in facts.about(tx, home):
        for party in (fact.person_id, fact.company_id):
            if party in home:
                found[home[party]][fact.id, fact.recorded_at] = fact
    company = _keys(tx, home)
    for key, theirs in facts.of_employees(tx, company).items():
        found[company[key]] |= {(fact.id, fact.recorded_at): fact for fact in theirs}
    return {customer: list(mine.values()) for customer, mine in found.items()}


def around(tx: Transaction, records: Collection[str], company: Collection[str], *, until: datetime) -> list[Fact]:
    """Every version of every fact until a moment about these records of parties, among them those of a company, if of any.

    About the people of that company also those that name no company. Each row is read once: a company's people may be one
    person with ten thousand facts.
    """
    past = select(t.fact).where(t.fact.c.occurred_at <= until)
    others = past.where(or_(t.fact.c.person_id.is_(None), t.fact.c.person_id.not_in(records)))
    people = select(t.link.c.record_id).join(t.customer, t.customer.c.id == t.link.c.customer_id)
    queries = [past.where(t.fact.c.person_id.in_(some)) for some in chunks(sorted(records))]
    queries += [others.where(t.fact.c.company_id.in_(some)) for some in chunks(sorted(records))]
    queries += [
        others.where(t.fact.c.company_id.is_(None), t.fact.c.person_id.in_(people.where(t.customer.c.employer_id.in_(some))))
        for some in chunks(components.places(tx, company))
    ]
    rows = (dict(zip(_COLUMNS, row, strict=True)) for query in queries for row in tx.execute(query))
    return [Fact(**row | {"attrs": msgspec.json.decode(row["attrs"])}) for row in rows]


def _records(tx: Transaction, customer_ids: Collection[str]) -> dict[str, str]:
    """The customer of each record of these."""
    query = select(t.link)
    return {
        row.record_id: row.customer_id
        for ids in chunks(sorted(customer_ids))
        for row in tx.execute(query.where(t.link.c.customer_id.in_(ids)))
    }


def _keys(tx: Transaction, home: Mapping[str, str]) -> dict[str, str]:
    """The companies among these by what their people name: a record of theirs, or a domain."""
    companies = select(t.record.c.id).where(t.record.c.type == Company.TYPE)
    domains = select(t.identifier).where(t.identifier.c.key.startswith("domain:"))
    found: dict[str, str] = {}
    for ids in chunks(sorted(home)):
        found |= {record: home[record] for record in tx.execute(companies.where(t.record.c.id.in_(ids))).scalars()}
        found |= {row.key: home[row.record_id] for row in tx.execute(domains.where(t.identifier.c.record_id.in_(ids)))}
    return found


def _companies(tx: Transaction, named: Collection[str]) -> dict[str, str]:
    """The customer behind each record or domain by which people name a company."""
    found: dict[str, str] = {}
    owning = select(t.identifier.c.key, t.link.c.customer_id).join(t.link, t.link.c.record_id == t.identifier.c.record_id)
    for names in chunks(sorted(named)):
        rows = tx.execute(owning.where(t.identifier.c.key.in_(names)).order_by(t.link.c.customer_id.desc()))
        found |= {row.key: row.customer_id for row in rows}
        found |= {row.record_id: row.customer_id for row in tx.execute(select(t.link).where(t.link.c.record_id.in_(names)))}
    return found
