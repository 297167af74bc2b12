"""What is due: which streams of which connections, references first; written into the work ledger and nowhere else."""

from datetime import datetime, timedelta
from typing import Any

from hub import registry
from hub.spec import Stream
from hub.store import canonical, components, connections, inbox, runs, uploads, work
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.unify import PARTIES

AGAIN_AFTER_STOP = timedelta(minutes=15)
"""A stream that was stopped is tried again after this: perhaps a person has granted what was missing."""


def connected(tx: Transaction, connection: Connection, now: datetime) -> list[tuple[int, str]]:
    """A connection was made or re-authorised: everything is due, and its pushes are to be registered."""
    found = all_due(tx, connection, now)
    webhook = registry.connector(connection.connector).webhook
    if webhook and webhook.subscribe and connections.subscription(tx, connection.id) is None:
        found.append((work.add(tx, "subscribe", now, connection_id=connection.id), "subscribe"))
    return found


def all_due(tx: Transaction, connection: Connection, now: datetime) -> list[tuple[int, str]]:
    """Make every stream of a connection due now, and what pushes left waiting; the work that can start at once."""
    connector = registry.connector(connection.connector)
    for stream in (*connector.references, *connector.streams):
        runs.set_stream(tx, connection.id, stream.name, due_at=now)
    if (file := uploads.of(tx, connection.id)) is not None and file.state == uploads.RUNNING:
        runs.set_stream(tx, connection.id, runs.get(tx, file.run_id or 0).stream, due_at=now)
    pushed = [work.add(tx, "push", now, connection_id=connection.id, key=name) for name in inbox.streams(tx, connection.id)]
    return [*due(tx, connection, now), *((found, "push") for found in pushed)]


def due(tx: Transaction, connection: Connection, now: datetime) -> list[tuple[int, str]]:
    """Have the due streams of one connection read; its streams wait until every reference was read, or was stopped, once."""
    connector = registry.connector(connection.connector)
    known = runs.streams(tx, connection.id)
    if connection.connector == registry.SHEET.id:
        return _files(tx, connection, known, now)
    ready = all(name in known and known[name].done_at is not None for name in (stream.name for stream in connector.references))
    wanted = (*connector.references, *(connector.streams if ready else ()))
    found = []
    for stream in wanted:
        row = known.get(stream.name)
        if row is None or (row.due_at is not None and row.due_at <= now):
            runs.set_stream(tx, connection.id, stream.name, due_at=now + stream.every)
            found.append((work.add(tx, "sync", now, connection_id=connection.id, key=stream.name), "sync"))
    return found


def _files(tx: Transaction, connection: Connection, known: dict[str, Any], now: datetime) -> list[tuple[int, str]]:
    """Have the file of a connection read on, where that was interrupted, or a person has answered."""
    due_now = [name for name, row in known.items() if row.due_at is not None and row.due_at <= now]
    for name in due_now:
        runs.set_stream(tx, connection.id, name, due_at=None)
    return [(work.add(tx, "import", now, connection_id=connection.id, key=name), "import") for name in due_now]


def everything_due(tx: Transaction, now: datetime) -> None:
    """Have all that is due on any connection read."""
    for connection in connections.everyone(tx):
        if connection.state == connections.CONNECTED:
            due(tx, connection, now)


def begin(standing: runs.Standing, stream: Stream, now: datetime) -> tuple[Any, bool, datetime | None]:
    """How a new run of a stream starts: its first request, whether it is to see everything, and since when it looks."""
    sweep = stream.sweep is not None and (standing.swept_at is None or now - standing.swept_at >= stream.sweep)
    if standing.watermark is None or not stream.incremental or sweep:
        return stream.start(None), True, None
    if standing.checkpoint is not None:
        return standing.checkpoint, False, standing.watermark
    since = standing.watermark - stream.lag
    return stream.start(since), False, since


def cancel(tx: Transaction, connection_id: str) -> None:
    """Nothing more is to be done for a connection; a run under way keeps its place for when it is resumed."""
    work.drop(tx, connection_id)


def forget(tx: Transaction, connection_id: str, now: datetime) -> None:
    """Remove a connection with its data, and have the customers that it touched, or stood beside, derived without it."""
    parties = connections.parties(tx, connection_id, PARTIES)
    canonical.mark_dirty(tx, {*parties, *components.beside(tx, parties)})
    connections.forget(tx, connection_id)
    work.add(tx, "derive", now)
