"""Customers by the stage they are in at a moment, as far as the stored stages can tell."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from hub.lifecycle import FRAMEWORK
from hub.store import tables as t
from hub.store.database import Transaction
from hub.store.records import Filter


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A stage and the moment it is asked about; `known_at` is None for what is known now.

    With `by_company` a person of a company that a source has stands where the company does. Without `trusted` nothing stored
    holds, because the rules were others then.
    """

    stage: str
    as_of: datetime
    known_at: datetime | None = None
    by_company: bool = False
    trusted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A customer that is, or may be, in the stage: whose stages are its own, and whether they must be computed to know."""

    id: str
    home: str
    sure: bool


def staged(tx: Transaction, asked: Asked, wanted: Filter, *, after: str | None, limit: int) -> list[Found]:
    """Some customers, in the order of their ids, that are in the stage or whose stages must be computed to know."""
    home = t.customer.alias("home")
    whose = func.coalesce(_employer(), t.customer.c.id) if asked.by_company else t.customer.c.id
    unsure = _unsure(home, asked)
    columns = (t.customer.c.id, home.c.id.label("home"), unsure.label("unsure"))
    query = select(*columns).select_from(t.customer).join(home, home.c.id == whose)
    conditions = [*wanted.conditions(), or_(unsure, _in_stage(home, asked))]
    if after is not None:
        conditions.append(t.customer.c.id > after)
    rows = tx.execute(query.where(*conditions).order_by(t.customer.c.id).limit(limit))
    return [Found(id=row.id, home=row.home, sure=not row.unsure) for row in rows]


def counts(tx: Transaction, as_of: datetime, kinds: Collection[str]) -> dict[str, int]:
    """How many live customers of some types are in each stage by the stored stages; those in none are counted under `none`."""
    inside = _spanning(t.customer.c.id, as_of)
    joined = t.customer.outerjoin(t.interval, inside)
    stage = func.coalesce(t.interval.c.stage, "none")
    mine = (t.customer.c.live, t.customer.c.type.in_(kinds))
    rows = tx.execute(select(stage, func.count()).select_from(joined).where(*mine).group_by(stage))
    return {row[0]: row[1] for row in rows}


def _employer() -> Any:
    """The company's customer that a person belongs to."""
    owning = select(t.identifier.c.record_id).where(t.identifier.c.key == t.customer.c.employer_id)
    theirs = or_(t.link.c.record_id == t.customer.c.employer_id, t.link.c.record_id.in_(owning))
    return select(func.min(t.link.c.customer_id)).where(theirs).scalar_subquery()


def _unsure(home: Any, asked: Asked) -> Any:
    revised = and_(home.c.revised_at.is_not(None), home.c.revised_at > asked.as_of)
    if asked.known_at is None:
        return revised
    if not asked.trusted:
        return home.c.known_at.is_not(None)
    return or_(revised, and_(home.c.known_at.is_not(None), home.c.known_at > asked.known_at))


def _in_stage(home: Any, asked: Asked) -> ColumnElement[bool]:
    if asked.known_at is not None and not asked.trusted:
        return false()
    return select(t.interval.c.number).where(_spanning(home.c.id, asked.as_of), t.interval.c.stage == asked.stage).exists()


def _spanning(customer: ColumnElement[str], as_of: datetime) -> ColumnElement[bool]:
    """The interval of a customer that spans a moment."""
    open_still = or_(t.interval.c.exited_at.is_(None), t.interval.c.exited_at > as_of)
    of = and_(t.interval.c.customer_id == customer, t.interval.c.framework == FRAMEWORK)
    return and_(of, t.interval.c.entered_at <= as_of, open_still)
