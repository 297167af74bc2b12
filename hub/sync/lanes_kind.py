"""Where pushed versions are kept: data, deletions, restorations and merges of a type are streams of their own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.model import Entity
from hub.store import absorb
from hub.store.canonical import Origin
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync.pushed import DATA

Rows = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The records of one type of one connection; they are received now."""

    connection: Connection
    type: type[Entity]
    now: datetime

    def origin(self, lane: str) -> Origin:
        """The stream of a lane; that of the data is the one people see."""
        stream = self.type.PLURAL if lane == DATA else f"{self.type.PLURAL}.{lane}"
        return Origin(connection_id=self.connection.id, system=self.connection.connector, stream=stream, received_at=self.now)

    def stored(self, tx: Transaction, lane: str, source_ids: Collection[str]) -> Rows:
        """What is the newest in a lane, by the source's ids."""
        return absorb.known(tx, self.connection.id, self.origin(lane).stream, list(source_ids))
