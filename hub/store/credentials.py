"""What a connection signs its calls with, sealed; and the lease that lets one worker at a time renew it."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from hub.errors import Reconnect
from hub.spec import Token
from hub.store import tables as t
from hub.store.database import Database, Transaction, upsert
from hub.store.seal import Seal

LEASE = timedelta(seconds=45)
"""Longer than a token call may take; a holder that dies is replaced after it."""


def put(tx: Transaction, connection_id: str, seal: Seal, data: Mapping[str, Any], expires_at: datetime | None) -> None:
    """Set a connection's credentials anew, whoever holds the lease."""
    stored = tx.execute(select(t.credential.c.version).where(t.credential.c.connection_id == connection_id)).scalar_one_or_none()
    row = {"connection_id": connection_id, "sealed": _shut(seal, connection_id, data), "version": (stored or 0) + 1}
    upsert(tx, t.credential, [row | {"expires_at": expires_at, "lease_owner": None, "lease_until": None}])


class Vault:
    """The credentials of all connections, each step a transaction of its own: no lock is held while a system is asked."""

    def __init__(self, database: Database, seal: Seal) -> None:
        """Over this database, opened with this seal."""
        self._database = database
        self._seal = seal

    def token(self, connection_id: str) -> Token:
        """What is stored now; Reconnect where nothing is."""
        with self._database.reading() as tx:
            row = tx.execute(select(t.credential).where(t.credential.c.connection_id == connection_id)).one_or_none()
        if row is None:
            raise Reconnect(f"{connection_id} has no credentials; sign in again under Settings, Connections")
        data = json.loads(self._seal.open(row.sealed, f"credential:{connection_id}:sealed"))
        return Token(data=data, version=row.version, expires_at=row.expires_at)

    def seize(self, connection_id: str, version: int, owner: str, now: datetime) -> bool:
        """Take the lease to renew this version; False where another holds it or has renewed already."""
        free = or_(t.credential.c.lease_until.is_(None), t.credential.c.lease_until < now)
        mine = (t.credential.c.connection_id == connection_id, t.credential.c.version == version)
        with self._database.writing() as tx:
            values = {"lease_owner": owner, "lease_until": now + LEASE}
            return tx.execute(update(t.credential).where(*mine, free).values(values)).rowcount == 1

    def save(self, connection_id: str, owner: str, data: Mapping[str, Any], expires_at: datetime | None) -> None:
        """Store what was renewed and give back the lease; nothing is stored where the lease was lost."""
        values = {
            "sealed": _shut(self._seal, connection_id, data),
            "version": t.credential.c.version + 1,
            "expires_at": expires_at,
            "lease_owner": None,
            "lease_until": None,
        }
        mine = (t.credential.c.connection_id == connection_id, t.credential.c.lease_owner == owner)
        with self._database.writing() as tx:
            tx.execute(update(t.credential).where(*mine).values(values))

    def release(self, connection_id: str, owner: str) -> None:
        """Give back the lease without a new token."""
        mine = (t.credential.c.connection_id == connection_id, t.credential.c.lease_owner == owner)
        with self._database.writing() as tx:
            tx.execute(update(t.credential).where(*mine).values(lease_owner=None, lease_until=None))


def _shut(seal: Seal, connection_id: str, data: Mapping[str, Any]) -> str:
    return seal.shut(json.dumps(dict(data)), f"credential:{connection_id}:sealed")


def remove(tx: Transaction, connection_id: str) -> None:
    """Forget what a connection signed with."""
    tx.execute(delete(t.credential).where(t.credential.c.connection_id == connection_id))
