"""One-time tickets: a secret that somebody brings back once, and what must be known then. Only its hash is stored."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from hub.store.access_tables import ticket
from hub.store.database import Transaction, inserting


def issue(tx: Transaction, purpose: str, secret: str, data: Mapping[str, Any], expires_at: datetime) -> None:
    """Remember a secret for one use until it expires."""
    row = {"hash": _hash(purpose, secret), "purpose": purpose, "data": json.dumps(dict(data)), "expires_at": expires_at}
    tx.execute(inserting(tx, ticket).values(row))


def redeem(tx: Transaction, purpose: str, secret: str, now: datetime) -> dict[str, Any] | None:
    """What was remembered with a secret, which is spent by this; None where it is unknown, spent or expired."""
    mine = (ticket.c.hash == _hash(purpose, secret), ticket.c.purpose == purpose, ticket.c.expires_at > now)
    said = tx.execute(delete(ticket).where(*mine).returning(ticket.c.data)).scalar_one_or_none()
    return None if said is None else dict(json.loads(said))


def prune(tx: Transaction, now: datetime) -> None:
    """Forget what has expired."""
    tx.execute(delete(ticket).where(ticket.c.expires_at <= now))


def _hash(purpose: str, secret: str) -> str:
    return hashlib.sha256(f"{purpose}:{secret}".encode()).hexdigest()
