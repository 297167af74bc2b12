"""The facts of many customers at once, as what would follow from other rules is computed over all of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from hub.model import Company, Fact
from hub.store import components, facts
from hub.store import tables as t
from hub.store.database import Transaction, chunks


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


def named(tx: Transaction, fact_ids: Collection[str]) -> dict[str, Fact]:
    """The facts of these ids, as they are known now."""
    query = select(t.fact).where(t.fact.c.retracted_at.is_(None))
    return {
        row["id"]: facts.fact(dict(row))
        for ids in chunks(sorted(fact_ids))
        for row in tx.execute(query.where(t.fact.c.id.in_(ids))).mappings()
    }


def of_people(tx: Transaction, company: Collection[str], kind: str, *, limit: int) -> list[Fact]:
    """The facts of a kind, as they are known now, about the people of the company of these records that name no company."""
    mine = select(t.link.c.record_id).join(t.customer, t.customer.c.id == t.link.c.customer_id)
    people = mine.where(t.customer.c.employer_id.in_(components.places(tx, company)))
    wanted = (
        t.fact.c.type == kind,
        t.fact.c.company_id.is_(None),
        t.fact.c.retracted_at.is_(None),
        t.fact.c.person_id.in_(people),
    )
    rows = tx.execute(select(t.fact).where(*wanted).order_by(t.fact.c.id).limit(limit)).mappings()
    return [facts.fact(dict(row)) for row in rows]


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
