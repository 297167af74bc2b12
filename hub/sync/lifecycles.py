"""Where a customer stands: asked about any moment, as it was known at any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.lifecycle import Conflict, Lifecycle, Standing, at, conflicts, known, lifecycle
from hub.model import Company, Fact
from hub.store import components, customers, facts, records
from hub.store.database import Transaction
from hub.store.records import Filter, Listed, Page
from hub.store.staged import Asked, staged
from hub.sync.organisation import Settled, settled


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The moment that is asked about, and the one at which it was known; None is the present knowledge."""

    as_of: datetime
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A customer's lifecycle as it stands at a moment; `inherited_from` is the company whose stages these are."""

    settled: Settled
    lifecycle: Lifecycle
    standing: Standing
    own: Standing
    facts: Mapping[str, Fact]
    conflicts: Sequence[Conflict]
    inherited_from: str | None = None


def ask(tx: Transaction, customer_id: str, when: When) -> Answer:
    """Where a customer stands; one person of a company stands where the company does, if that is what is counted."""
    held = settled(tx, when.known_at)
    mine = _known(tx, customer_id, when)
    own = lifecycle(mine, held.rules)
    company = customers.employer(tx, customer_id) if held.rules.unit_of_analysis == Company.TYPE else None
    theirs = _known(tx, company, when) if company else mine
    found = lifecycle(theirs, held.rules) if company else own
    return Answer(
        settled=held,
        lifecycle=found,
        standing=at(found, when.as_of),
        own=at(own, when.as_of),
        facts={fact.id: fact for fact in (*theirs, *mine)},
        conflicts=conflicts(found, [*theirs, *mine] if company else mine, when.as_of),
        inherited_from=company,
    )


def in_stage(tx: Transaction, stage: str, when: When, wanted: Filter, page: Page) -> list[Listed]:
    """One page of the customers that are in a stage, in the order of their ids."""
    held, now = settled(tx, when.known_at), settled(tx)
    asked = Asked(
        stage=stage,
        as_of=when.as_of,
        known_at=when.known_at,
        by_company=held.rules.unit_of_analysis == Company.TYPE,
        trusted=held.rules == now.rules,
    )
    ids: list[str] = []
    after = page.after
    while len(ids) < page.limit and (some := staged(tx, asked, wanted, after=after, limit=page.limit)):
        ids += [each.id for each in some if each.sure or _stage(tx, each.home, when, held) == stage]
        after = some[-1].id
    return records.chosen(tx, ids[: page.limit])


def every_fact(tx: Transaction, customer_id: str) -> list[Fact]:
    """Every version of every fact about a customer; those about its people too, where they name no company."""
    mine = customers.records_of(tx, customer_id)
    company = customers.kind(tx, customer_id) == Company.TYPE
    people = facts.of_employees(tx, components.places(tx, mine)) if company else {}
    return [*facts.about(tx, mine), *(fact for theirs in people.values() for fact in theirs)]


def _known(tx: Transaction, customer_id: str, when: When) -> list[Fact]:
    return known(every_fact(tx, customer_id), as_of=when.as_of, known_at=when.known_at)


def _stage(tx: Transaction, customer_id: str, when: When, held: Settled) -> str | None:
    return at(lifecycle(_known(tx, customer_id, when), held.rules), when.as_of).stage
