"""Signed-in browsers, the tickets that let people in, and the counting of failed sign-ins; of a secret only a hash is stored."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from hub.store import access_tables as t
from hub.store import tickets
from hub.store.access import User
from hub.store.database import Transaction, inserting

IDLE = timedelta(hours=24)
LONGEST = timedelta(days=7)
WINDOW = timedelta(minutes=15)
"""Failed sign-ins count together for so long."""
_NOTED = timedelta(minutes=5)


def secret() -> str:
    """A fresh secret for a cookie or a link."""
    return secrets.token_urlsafe(32)


def start(tx: Transaction, user_id: int, now: datetime) -> str:
    """A new session of a person; its secret goes into the browser's cookie."""
    token = secret()
    tx.execute(delete(t.session).where(t.session.c.started_at < now - LONGEST))
    tx.execute(insert(t.session).values(hash=_digest(token), user_id=user_id, started_at=now, seen_at=now))
    tx.execute(update(t.user).where(t.user.c.id == user_id).values(last_seen_at=now))
    return token


def person(tx: Transaction, token: str, now: datetime) -> tuple[User, datetime] | None:
    """Who is signed in with this secret, and when that was last noted; None where the session or the person has ended."""
    query = select(t.user, t.session.c.seen_at).join(t.session, t.session.c.user_id == t.user.c.id)
    holds = (t.session.c.hash == _digest(token), t.session.c.seen_at > now - IDLE, t.session.c.started_at > now - LONGEST)
    row = tx.execute(query.where(*holds, t.user.c.deactivated_at.is_(None))).one_or_none()
    if row is None:
        return None
    return User(**{name: getattr(row, name) for name in User.__slots__}), row.seen_at


def worth_noting(seen_at: datetime, now: datetime) -> bool:
    """Whether the last noted use is long enough ago to write another."""
    return now - seen_at > _NOTED


def seen(tx: Transaction, token: str, user_id: int, now: datetime) -> None:
    """Note that a session is in use."""
    tx.execute(update(t.session).where(t.session.c.hash == _digest(token)).values(seen_at=now))
    tx.execute(update(t.user).where(t.user.c.id == user_id).values(last_seen_at=now))


def end(tx: Transaction, token: str) -> None:
    """Sign out: the cookie is worth nothing from now on, wherever a copy of it may be."""
    tx.execute(delete(t.session).where(t.session.c.hash == _digest(token)))


def end_all(tx: Transaction, user_id: int) -> None:
    """Sign a person out everywhere."""
    tx.execute(delete(t.session).where(t.session.c.user_id == user_id))


def waiting(tx: Transaction, purpose: str, token: str, now: datetime) -> dict[str, Any] | None:
    """What a ticket is for, without spending it: it is spent within a savepoint that is taken back."""
    with tx.begin_nested() as savepoint:
        found = tickets.redeem(tx, purpose, token, now)
        savepoint.rollback()
    return found


def withdraw(tx: Transaction, purpose: str) -> None:
    """End all tickets of a purpose."""
    tx.execute(delete(t.ticket).where(t.ticket.c.purpose == purpose))


def withheld(tx: Transaction, limits: Mapping[str, int], now: datetime) -> int:
    """How many seconds to wait before another try, 0 for none; `limits` are failures allowed by what they count under."""
    keys = {_digest(name): limit for name, limit in limits.items()}
    rows = tx.execute(select(t.attempt).where(t.attempt.c.key.in_(list(keys)), t.attempt.c.until > now))
    waits = [int((row.until - now).total_seconds()) + 1 for row in rows if row.failures >= keys[row.key]]
    return max(waits, default=0)


def failed(tx: Transaction, names: Collection[str], now: datetime) -> None:
    """Count a failed sign-in under each name; a count starts anew when its window has passed."""
    tx.execute(delete(t.attempt).where(t.attempt.c.until < now))
    for name in sorted(names):
        statement = inserting(tx, t.attempt).values(key=_digest(name), failures=1, until=now + WINDOW)
        tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"failures": t.attempt.c.failures + 1}))


def forgiven(tx: Transaction, name: str) -> None:
    """Forget the failures under a name: it has signed in."""
    tx.execute(delete(t.attempt).where(t.attempt.c.key == _digest(name)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
