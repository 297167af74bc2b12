"""What is stored, read again without a call to its system: after a decision, a new pipeline, or another release."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hub import registry
from hub.model import TYPES
from hub.spec import Stream
from hub.store import absorb, canonical, connections, questions, runs, work
from hub.store.canonical import Origin
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync import page, pushed_again
from hub.sync.hub import Hub
from hub.sync.lanes_kind import Kind
from hub.sync.lease import Lease
from hub.sync.pushed import DATA
from hub.sync.streams import reader, streams
from hub.sync.terms import PUSHED, Reader

SLICE = timedelta(seconds=120)


def outdated(tx: Transaction, connection: Connection, now: datetime) -> list[tuple[int, str]]:
    """Have read again what is stored in terms that no longer hold; the work for it."""
    old = _pushed_otherwise(tx, connection) if connection.connector == registry.PUSH.id else _read_otherwise(tx, connection)
    for name in old:
        if not work.known(tx, "remap", connection.id, name):
            questions.forget(tx, connection.id, name)
    return [(work.add(tx, "remap", now, connection_id=connection.id, key=name), "remap") for name in old]


def _pushed_otherwise(tx: Transaction, connection: Connection) -> list[str]:
    known = runs.streams(tx, connection.id)
    return [kind.PLURAL for kind in TYPES.values() if kind.PLURAL in known and known[kind.PLURAL].terms != PUSHED]


def _read_otherwise(tx: Transaction, connection: Connection) -> list[str]:
    read = {name: row.terms for name, row in runs.streams(tx, connection.id).items() if row.terms is not None}
    references = {stream.name for stream in registry.connector(connection.connector).references}
    names = [stream.name for stream in streams(connection) if stream.name in read and stream.name not in references]
    return [name for name in names if read[name] != reader(tx, connection, name).digest]


def remap(hub: Hub, lease: Lease) -> bool:
    """Read what is stored of a stream again, for a slice; True when all is read."""
    begun = hub.time.now()
    with hub.database.reading() as tx:
        connection = connections.get(tx, lease.work.connection_id)
    while hub.time.now() - begun < SLICE:
        with hub.database.writing() as tx:
            lease.hold(tx)
            if not _batch(tx, connection, lease.work.key, hub.time.now()):
                return True
    return False


def _batch(tx: Transaction, connection: Connection, name: str, now: datetime) -> bool:
    """Read some of a stream's records again; False where none is left, which the stream then remembers."""
    if connection.connector == registry.PUSH.id:
        kind = Kind(connection=connection, type=next(each for each in TYPES.values() if name == each.PLURAL), now=now)
        terms, rows = PUSHED, absorb.current(tx, connection.id, kind.origin(DATA).stream, "", not_as=PUSHED)
        pushed_again.write_data(tx, kind, rows)
    else:
        how, stream = reader(tx, connection, name), next(each for each in streams(connection) if each.name == name)
        terms, rows = how.digest, absorb.current(tx, connection.id, name, "", not_as=how.digest)
        reread(tx, connection, stream, how, rows, now=now)
    if rows:
        work.add(tx, "derive", now)
    else:
        runs.set_stream(tx, connection.id, name, terms=terms)
    return bool(rows)


def reread(tx: Transaction, connection: Connection, stream: Stream, how: Reader, rows: Sequence[Any], *, now: datetime) -> None:
    """Write what these source records (as `absorb.current` has them) mean in these terms; what was received when stays so."""
    by_time: dict[datetime, list[Any]] = defaultdict(list)
    for row in rows:
        by_time[row[1]].append(row)
    touched: set[str] = set()
    for received_at, some in by_time.items():
        origin = Origin(connection_id=connection.id, system=connection.connector, stream=stream.name, received_at=received_at)
        read = page.again(origin, stream, how, [(source_id, hashed, body) for source_id, _, _, hashed, body in some])
        canonical.write(tx, origin, [(entry.source_id, entry.entities) for entry in read.entries], touched)
        touched |= canonical.withdraw(tx, origin, {row[0]: () for row in some if row[2]})
        page.tell_again(tx, origin, stream, how, [row[0] for row in some])
        absorb.read_as(tx, origin, how.digest, {entry.source_id: entry.problem for entry in read.entries})
        questions.ask(tx, connection.id, stream.name, read.unknown, now)
    canonical.mark_dirty(tx, touched)
