"""Where a customer stands: asked about any moment, as it was known at any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.lifecycle import Conflict, Lifecycle, Standing, at, conflicts, known, lifecycle
from hub.model import Company, Fact
from hub.store import customers, lives, records
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
    """A customer's lifecycle as it stands at a moment; `inherited_from` is the company whose stages these are.

    `mine` are the facts about the customer alone, in order of time; `facts` also those about that company.
    """

    settled: Settled
    lifecycle: Lifecycle
    standing: Standing
    own: Standing
    facts: Mapping[str, Fact]
    mine: Sequence[Fact]
    conflicts: Sequence[Conflict]
    inherited_from: str | None = None


def ask(tx: Transaction, customer_id: str, when: When) -> Answer:
    """Where a customer stands; one person of a company stands where the company does, if that is what is counted."""
    held = settled(tx, when.known_at)
    company = customers.employer(tx, customer_id) if held.rules.unit_of_analysis == Company.TYPE else None
    mine, theirs = _known(tx, customer_id, company, when)
    own = lifecycle(mine, held.rules)
    found = lifecycle(theirs, held.rules) if company else own
    told = {fact.id: fact for fact in (*theirs, *mine)}
    return Answer(
        settled=held,
        lifecycle=found,
        standing=at(found, when.as_of),
        own=at(own, when.as_of),
        facts=told,
        mine=mine,
        conflicts=conflicts(found, told.values(), when.as_of),
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


def _known(tx: Transaction, customer_id: str, company: str | None, when: When) -> tuple[list[Fact], list[Fact]]:
    """What was known about a customer, and about the company that it belongs to: about itself where it belongs to none.

    What is about a company's people counts for it too, where it names no company.
    """
    mine, home = set(customers.records_of(tx, customer_id)), set(customers.records_of(tx, company) if company else ())
    if company is None and customers.kind(tx, customer_id) == Company.TYPE:
        home = mine
    told = known(lives.around(tx, mine | home, home, until=when.as_of), as_of=when.as_of, known_at=when.known_at)
    if company is None:
        return told, told
    own = [fact for fact in told if fact.person_id in mine or fact.company_id in mine]
    return own, [fact for fact in told if fact.company_id is None or fact.company_id in home]


def _stage(tx: Transaction, customer_id: str, when: When, held: Settled) -> str | None:
    found, _ = _known(tx, customer_id, None, when)
    return at(lifecycle(found, held.rules), when.as_of).stage
