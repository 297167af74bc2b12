"""The review queue: pairs of customers that may be one, for a person to decide."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from hub.store import tables as t
from hub.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Two customers that may be one: the best rule and its score, and every rule with the two records that it found.

    `postponed` is the number of the decision by which somebody put it off, 0 where nobody did.
    """

    id: str
    first_id: str
    second_id: str
    rule: str
    score: float
    evidence: list[dict[str, Any]]
    postponed: int = 0

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The records that are the same if the customers are."""
        return [(one, other) for one, other in (each["records"] for each in self.evidence)]


Place = tuple[int, float, str]
"""Where in the queue a page ends: what is put off comes last, then the surest come first."""


def queue(tx: Transaction, *, after: Place | None = None, limit: int = 50) -> list[Candidate]:
    """One page of the queue."""
    query, put_off = _all()
    if after is not None:
        off, score, found = after
        behind = or_(t.candidate.c.score < score, and_(t.candidate.c.score == score, t.candidate.c.id > found))
        query = query.where(or_(put_off > off, and_(put_off == off, behind)))
    rows = tx.execute(query.order_by(put_off, t.candidate.c.score.desc(), t.candidate.c.id).limit(limit))
    return [_candidate(row) for row in rows]


def count(tx: Transaction) -> int:
    """How many questions there are."""
    return int(tx.execute(select(func.count()).select_from(t.candidate)).scalar_one())


def one(tx: Transaction, candidate_id: str) -> Candidate:
    """The question of that id; KeyError where it is none any more."""
    query, _ = _all()
    row = tx.execute(query.where(t.candidate.c.id == candidate_id)).one_or_none()
    if row is None:
        raise KeyError(candidate_id)
    return _candidate(row)


def of(tx: Transaction, customer_id: str) -> Sequence[Candidate]:
    """The questions about a customer."""
    query, _ = _all()
    mine = or_(t.candidate.c.first_id == customer_id, t.candidate.c.second_id == customer_id)
    return [_candidate(row) for row in tx.execute(query.where(mine).order_by(t.candidate.c.score.desc(), t.candidate.c.id))]


def decided(tx: Transaction, candidate_ids: Collection[str]) -> dict[str, tuple[str, int]]:
    """What was last decided of these questions, `together` or `apart`, with the decision's number; not what was taken back."""
    query = select(t.decision).where(t.decision.c.kind.in_(("together", "apart")), t.decision.c.key.in_(sorted(candidate_ids)))
    latest = {(row.kind, row.key): row for row in tx.execute(query.order_by(t.decision.c.id))}
    held = sorted((row for row in latest.values() if json.loads(row.value) is not None), key=lambda row: row.id)
    return {row.key: (row.kind, row.id) for row in held}


def _all() -> tuple[Any, ColumnElement[int]]:
    put_off = select(t.decision.c.key, func.max(t.decision.c.id).label("number")).where(t.decision.c.kind == "later")
    later = put_off.group_by(t.decision.c.key).subquery()
    number = func.coalesce(later.c.number, 0)
    query = select(t.candidate, number.label("postponed")).outerjoin(later, later.c.key == t.candidate.c.id)
    return query, number


def _candidate(row: Row[Any]) -> Candidate:
    values = {name: getattr(row, name) for name in Candidate.__slots__ if name != "evidence"}
    return Candidate(evidence=json.loads(row.evidence), **values)
