"""The ledger of work: what is to be done, who does it now, and until when that is believed.

The row is the truth; a queue only carries its id. A lease that is not renewed ends by itself, and every write of a job
asks the row first whether the job still owns it, so a worker that was thought dead can write nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, delete, or_, select, update

from hub.errors import LostLease
from hub.store import tables as t
from hub.store.database import Transaction, inserting

LEASE = timedelta(seconds=20)
SOON = timedelta(minutes=2)
"""Work that is put back for so short a while is still under way, as far as a person is concerned."""
ENQUEUE_AGAIN = timedelta(seconds=15)
"""A row that was enqueued this long ago and not claimed was lost by the queue: it is enqueued again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One claimed piece of work; `owner` is the claim's own secret name."""

    id: int
    kind: str
    connection_id: str
    key: str
    attempt: int
    owner: str


def add(tx: Transaction, kind: str, now: datetime, *, connection_id: str = "", key: str = "") -> int:
    """Have something done, once: work of that name which waits is brought forward, work that runs is done again after."""
    values = {"kind": kind, "connection_id": connection_id, "key": key, "state": "pending", "not_before": now}
    waiting = t.work.c.state == "pending"
    statement = (
        inserting(tx, t.work)
        .values(values)
        .on_conflict_do_update(
            index_elements=["kind", "connection_id", "key"],
            set_={
                "again": case((waiting, t.work.c.again), else_=True),
                "not_before": case((waiting, now), else_=t.work.c.not_before),
            },
        )
    )
    return int(tx.execute(statement.returning(t.work.c.id)).scalar_one())


def known(tx: Transaction, kind: str, connection_id: str, key: str) -> bool:
    """Whether work of that name waits or runs."""
    mine = (t.work.c.kind == kind, t.work.c.connection_id == connection_id, t.work.c.key == key)
    return tx.execute(select(t.work.c.id).where(*mine)).first() is not None


def claim(tx: Transaction, work_id: int, owner: str, now: datetime) -> Work | None:
    """Take a piece of work that is due, or whose owner's lease has ended; None where there is nothing to take."""
    free = or_(
        and_(t.work.c.state == "pending", t.work.c.not_before <= now),
        and_(t.work.c.state == "running", t.work.c.lease_until < now),
    )
    row = tx.execute(
        update(t.work)
        .where(t.work.c.id == work_id, free)
        .values(state="running", lease_owner=owner, lease_until=now + LEASE, attempt=t.work.c.attempt + 1, again=False)
        .returning(t.work.c.kind, t.work.c.connection_id, t.work.c.key, t.work.c.attempt)
    ).one_or_none()
    return None if row is None else Work(id=work_id, owner=owner, **row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def hold(tx: Transaction, work: Work, now: datetime) -> None:
    """Renew the lease, and stop this job's transaction where the lease is no longer its own (LostLease)."""
    _set(tx, work, lease_until=now + LEASE)


def advance(tx: Transaction, work: Work, now: datetime) -> None:
    """The same in a transaction that brings the work on: what fails after it fails for the first time again."""
    _set(tx, work, lease_until=now + LEASE, failures=0)


def failures(tx: Transaction, work: Work) -> int:
    """How often in a row the work has failed."""
    return int(tx.execute(select(t.work.c.failures).where(t.work.c.id == work.id)).scalar_one())


def done(tx: Transaction, work: Work, now: datetime) -> bool:
    """End the work; True where it was asked for again meanwhile and is due once more."""
    mine = and_(t.work.c.id == work.id, t.work.c.lease_owner == work.owner)
    again = tx.execute(update(t.work).where(mine, t.work.c.again).values(_waiting(now) | {"failures": 0}))
    if again.rowcount:
        return True
    if tx.execute(delete(t.work).where(mine)).rowcount != 1:
        raise LostLease(f"work {work.id} ({work.kind}) has another owner now")
    return False


def later(tx: Transaction, work: Work, at: datetime, *, error: str | None = None) -> None:
    """Put the work back until `at`: its next slice, or another try after an error."""
    failed = t.work.c.failures + 1 if error else t.work.c.failures
    tx.execute(
        update(t.work)
        .where(t.work.c.id == work.id, t.work.c.lease_owner == work.owner)
        .values(_waiting(at) | {"error": error, "failures": failed})
    )


def to_enqueue(tx: Transaction, now: datetime, limit: int = 200) -> Sequence[tuple[int, str]]:
    """The (id, kind) of what is due and not in the queue as far as we know, marked as enqueued now."""
    lost = or_(t.work.c.enqueued_at.is_(None), t.work.c.enqueued_at < now - ENQUEUE_AGAIN)
    due = or_(
        and_(t.work.c.state == "pending", t.work.c.not_before <= now, lost),
        and_(t.work.c.state == "running", t.work.c.lease_until < now, lost),
    )
    ids = select(t.work.c.id).where(due).order_by(t.work.c.not_before).limit(limit)
    found = tx.execute(update(t.work).where(t.work.c.id.in_(ids)).values(enqueued_at=now).returning(t.work.c.id, t.work.c.kind))
    return [(row.id, row.kind) for row in found]


def elected(tx: Transaction, name: str, owner: str, now: datetime, *, lasting: timedelta = LEASE) -> bool:
    """Take or renew a named lease that only one process holds."""
    row = {"name": name, "owner": owner, "until": now + lasting}
    mine = or_(t.lease.c.owner == owner, t.lease.c.until < now)
    statement = inserting(tx, t.lease).values(row)
    taken = tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row, where=mine).returning(t.lease.c.owner))
    return taken.one_or_none() is not None


def busy(tx: Transaction, now: datetime) -> bool:
    """Whether anything is being done, or is due."""
    soon = or_(t.work.c.state == "running", t.work.c.not_before <= now + SOON)
    waiting = select(t.work.c.id).where(soon).limit(1)
    return any(tx.execute(query).first() is not None for query in (waiting, select(t.dirty.c.record_id).limit(1)))


def drop(tx: Transaction, connection_id: str) -> None:
    """Forget what was to be done for a connection; a job that runs ends at its next write."""
    tx.execute(delete(t.work).where(t.work.c.connection_id == connection_id))


def _set(tx: Transaction, work: Work, **values: object) -> None:
    mine = (t.work.c.id == work.id, t.work.c.lease_owner == work.owner)
    if tx.execute(update(t.work).where(*mine).values(values)).rowcount != 1:
        raise LostLease(f"work {work.id} ({work.kind}) has another owner now")


def _waiting(at: datetime) -> dict[str, object]:
    return {"state": "pending", "lease_owner": None, "lease_until": None, "enqueued_at": None, "not_before": at, "again": False}
