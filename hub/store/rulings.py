"""What people said of who is who: every decision as pairs of records; the newest word on a pair holds."""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, or_, select

from hub.store import tables as t
from hub.store.database import Transaction, upsert


def rule(tx: Transaction, decision_id: int, pairs: Iterable[tuple[str, str]], *, same: bool) -> None:
    """Note that the two records of each pair are, or are not, the same."""
    ordered = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    said = {"same": same, "decision_id": decision_id}
    upsert(tx, t.ruling, [{"first_id": first, "second_id": second, **said} for first, second in ordered])


def lift(tx: Transaction, decision_id: int) -> list[str]:
    """Take a decision back, so that what was said before it holds again; the records it spoke of."""
    mine = t.ruling.c.decision_id == decision_id
    found = tx.execute(select(t.ruling.c.first_id, t.ruling.c.second_id).where(mine)).all()
    tx.execute(delete(t.ruling).where(mine))
    return sorted({record for pair in found for record in pair})


def of(tx: Transaction, record_ids: Collection[str], *, same: bool) -> list[int]:
    """The decisions, the newest first, that say this of one of these records."""
    ids = sorted(record_ids)
    mine = or_(t.ruling.c.first_id.in_(ids), t.ruling.c.second_id.in_(ids))
    query = select(t.ruling.c.decision_id).where(mine, t.ruling.c.same.is_(same)).distinct()
    return list(tx.execute(query.order_by(t.ruling.c.decision_id.desc())).scalars())
