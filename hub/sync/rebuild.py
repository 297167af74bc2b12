"""Everything derived, made again from the raw versions alone: what proves that nothing else is the truth."""

from hub import registry
from hub.spec import Stream
from hub.store import absorb, connections, customers, questions
from hub.store.connections import Connection
from hub.sync import again, derive, pushed_again
from hub.sync.hub import Hub
from hub.sync.streams import reader, streams

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
        for stream in streams(connection):
            if stream.tombstones_of is None:
                with hub.database.writing() as tx:
                    questions.forget(tx, connection.id, stream.name)
                _read_again(hub, connection, stream)
    _derive_all(hub)


def _read_again(hub: Hub, connection: Connection, stream: Stream) -> None:
    after = ""
    while True:
        with hub.database.writing() as tx:
            rows = absorb.current(tx, connection.id, stream.name, after, BATCH)
            if not rows:
                return
            again.reread(tx, connection, stream, reader(tx, connection, stream.name), rows, now=hub.time.now())
            after = rows[-1][0]


def _derive_all(hub: Hub) -> None:
    while True:
        with hub.database.writing() as tx:
            touched = customers.dirty(tx, derive.BATCH)
            if not touched:
                return
            derive.settle(tx, touched, hub.time.now())
