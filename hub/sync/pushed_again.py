"""The records of a push connection, made again from the versions that were pushed."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from hub.model import TYPES
from hub.spec.jsontext import loads
from hub.store import absorb, canonical
from hub.store.canonical import Origin
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync import pushed_history
from hub.sync.hub import Hub
from hub.sync.lanes_kind import Kind
from hub.sync.pushed import DATA, MERGED, Version, version
from hub.sync.terms import PUSHED

BATCH = 200

Write = Callable[[Transaction, Kind, list[Any]], None]


def again(hub: Hub, connection: Connection) -> None:
    """Write every record as it follows from the newest version in each lane, one batch a transaction."""
    for kind in TYPES.values():
        each = Kind(connection=connection, type=kind, now=hub.time.now())
        for lane, write in ((DATA, write_data), (MERGED, _write_merges)):
            _walk(hub, each, lane, write)


def _walk(hub: Hub, kind: Kind, lane: str, write: Write) -> None:
    after = ""
    while True:
        with hub.database.writing() as tx:
            rows = absorb.current(tx, kind.connection.id, kind.origin(lane).stream, after, BATCH)
            if not rows:
                return
            write(tx, kind, rows)
            after = rows[-1][0]


def write_data(tx: Transaction, kind: Kind, rows: list[Any]) -> None:
    """Write what these records (as `absorb.current` has them) say, whether they are gone, and the facts that they tell."""
    touched: set[str] = set()
    by_time: dict[datetime, list[Any]] = defaultdict(list)
    for row in rows:
        by_time[row[1]].append(row)
    for received_at, some in by_time.items():
        origin = _received(kind, received_at)
        read = [(row[0], [found.entity]) for row, found in _versions(some) if found.entity is not None]
        canonical.write(tx, origin, read, touched)
        touched |= canonical.withdraw(tx, origin, {row[0]: () for row in some if row[2]})
    pushed_history.tell(tx, kind, [row[0] for row in rows])
    absorb.read_as(tx, kind.origin(DATA), PUSHED, dict.fromkeys((row[0] for row in rows), None))
    canonical.mark_dirty(tx, touched)


def _write_merges(tx: Transaction, kind: Kind, rows: list[Any]) -> None:
    for row, found in _versions(rows):
        if found.sent.merged_into is not None:
            canonical.merge(tx, _received(kind, row[1]), kind.type.TYPE, [(found.sent.id, found.sent.merged_into)])


def _versions(rows: list[Any]) -> Iterator[tuple[Any, Version]]:
    return ((row, version(loads(row[4]), row[1])) for row in rows)


def _received(kind: Kind, received_at: datetime) -> Origin:
    return Kind(connection=kind.connection, type=kind.type, now=received_at).origin(DATA)
