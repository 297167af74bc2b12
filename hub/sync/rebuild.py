"""Everything derived, made again from the raw versions alone: what proves that nothing else is the truth."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from hub import registry
from hub.spec import Stream
from hub.store import absorb, canonical, connections, customers
from hub.store.canonical import Origin
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync import derive, page, pushed_again
from hub.sync.hub import Hub
from hub.sync.terms import reader

BATCH = 200


def rebuild(hub: Hub) -> None:
    """Drop every derived table and fill it again; the feed says nothing of it, for nothing has changed.

    No other job may run meanwhile: it holds the writer's place for one batch at a time only.
    """
    with hub.database.writing() as tx:
        customers.drop_derived(tx)
        everyone = connections.everyone(tx)
    for connection in everyone:
        if connection.connector == registry.PUSH.id:
            pushed_again.again(hub, connection)
            continue
        found = registry.connector(connection.connector)
        for stream in (*found.references, *found.streams):
            if stream.tombstones_of is None:
                _read_again(hub, connection, stream)
    _derive_all(hub)


def _read_again(hub: Hub, connection: Connection, stream: Stream) -> None:
    after = ""
    while True:
        with hub.database.writing() as tx:
            rows = absorb.current(tx, connection.id, stream.name, after, BATCH)
            if not rows:
                return
            _write(tx, connection, stream, rows)
            after = rows[-1][0]


def _write(tx: Transaction, connection: Connection, stream: Stream, rows: list[Any]) -> None:
    how = reader(tx, connection, stream.name)
    by_time: dict[datetime, list[Any]] = defaultdict(list)
    for row in rows:
        by_time[row[1]].append(row)
    for received_at, some in by_time.items():
        origin = Origin(connection_id=connection.id, system=connection.connector, stream=stream.name, received_at=received_at)
        read = page.again(origin, stream, how, [(source_id, hashed, body) for source_id, _, _, hashed, body in some])
        touched: set[str] = set()
        canonical.write(tx, origin, [(entry.source_id, entry.entities) for entry in read.entries], touched)
        touched |= canonical.withdraw(tx, origin, {row[0]: () for row in some if row[2]})
        page.tell_again(tx, origin, stream, how, [row[0] for row in some])
        canonical.mark_dirty(tx, touched)


def _derive_all(hub: Hub) -> None:
    while True:
        with hub.database.writing() as tx:
            touched = customers.dirty(tx, derive.BATCH)
            if not touched:
                return
            derive.settle(tx, touched, hub.time.now())
