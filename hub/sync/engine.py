"""Reading a stream into the store: a run over as many slices as it takes, each page with its checkpoint in one transaction."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub import registry
from hub.errors import RateLimited, StopStream
from hub.spec import Next, Request, Stream
from hub.store import absorb, connections, runs, work
from hub.store.canonical import Origin
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync import again, plan, reader
from hub.sync import page as pages_of
from hub.sync.hub import Hub
from hub.sync.lease import Lease
from hub.sync.terms import Reader
from hub.sync.terms import reader as terms_of

SLICE = timedelta(seconds=120)
"""A job that has read for this long gives way; the next slice goes on from the checkpoint."""
MANY = 50
SHARE = 0.20
"""A full run that would remove more than this share and more than MANY records waits for a person instead."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run under way: what is read, how, and where it goes on."""

    id: int
    full: bool
    request: Request
    started_at: datetime


def sync(hub: Hub, lease: Lease) -> bool:
    """Read a slice of the stream that the work names; True when the run has come to its end."""
    now = hub.time.now()
    with hub.database.writing() as tx:
        lease.hold(tx)
        connection = connections.get(tx, lease.work.connection_id)
        if connection.state != connections.CONNECTED:
            return True
        stream = registry.connector(connection.connector).stream(lease.work.key)
        how = terms_of(tx, connection, stream.tombstones_of or stream.name)
        run = _run(tx, connection, stream, now)
    send = hub.waiting(lease.lost.wait).remote(connection).send
    for page in reader.pages(stream, run.request, send):
        received = hub.time.now()
        origin = Origin(connection_id=connection.id, system=connection.connector, stream=stream.name, received_at=received)
        ready = pages_of.prepared(hub.database, origin, stream, how, page.records)
        with hub.database.writing() as tx:
            lease.advance(tx)
            _write(tx, ready, stream, run, page=page)
            if ended := page.next is None or page.next.ended:
                _end(tx, connection, stream, run, saved=page.next.request if page.next else None, how=how, now=received)
        told = {"connection": connection.id, "stream": stream.name, "run": run.id, "records": len(page.records)}
        log.info("page absorbed", extra=told)
        _await(stream, page.next)
        if ended or received - now > SLICE:
            return ended
    raise StopStream(f"{stream.name}: the pages ended without an end")


def _await(stream: Stream, following: Next | None) -> None:
    """Give way where the system is not ready with its answer yet: no worker waits for it."""
    if following is not None and following.not_before is not None:
        raise RateLimited(f"{stream.name}: the system is not ready with its answer yet", after=following.not_before)


def stop(tx: Transaction, connection_id: str, name: str, error: str, now: datetime) -> None:
    """End a stream's run for a reason that a person must see; it is tried again later, from the start of the run."""
    standing = runs.standing(tx, connection_id, name)
    if standing.run_id is not None:
        runs.end(tx, standing.run_id, now, state="stopped", error=error)
    runs.set_stream(
        tx,
        connection_id,
        name,
        run_id=None,
        checkpoint=None,
        done_at=now,
        due_at=now + plan.AGAIN_AFTER_STOP,
        failures=standing.failures + 1,
    )


def _run(tx: Transaction, connection: Connection, stream: Stream, now: datetime) -> Run:
    """The run under way, else a new one."""
    standing = runs.standing(tx, connection.id, stream.name)
    if standing.run_id is not None and standing.checkpoint is not None:
        row = runs.get(tx, standing.run_id)
        return Run(id=row.id, full=row.full, request=standing.checkpoint, started_at=row.started_at)
    request, full, since = plan.begin(standing, stream, now)
    run_id = runs.begin(tx, connection.id, stream.name, now, kind="sync", full=full, since=since)
    runs.set_stream(tx, connection.id, stream.name, checkpoint=request)
    return Run(id=run_id, full=full, request=request, started_at=now)


def _write(tx: Transaction, ready: pages_of.Prepared, stream: Stream, run: Run, *, page: reader.Page) -> None:
    counts = pages_of.write(tx, ready, ready.origin.received_at)
    runs.advance(tx, run.id, counts, sorted(ready.unread))
    if page.total is not None:
        runs.expect(tx, run.id, page.total)
    if run.full and stream.sweep is not None:
        runs.saw(tx, run.id, ready.ids)
    if page.next is not None:
        runs.set_stream(tx, ready.origin.connection_id, stream.name, checkpoint=page.next.request, failures=0)


def _end(
    tx: Transaction, connection: Connection, stream: Stream, run: Run, *, saved: Request | None, how: Reader, now: datetime
) -> None:
    """Close a run that reached its end: only now is known what it did not see, and from when the next one looks."""
    saw_all = run.full and stream.sweep is not None and runs.whole(tx, run.id)
    standing = runs.standing(tx, connection.id, stream.name)
    missing = _sweep(tx, connection, stream, run, how=how, confirmed=standing.confirmed, now=now) if saw_all else None
    row = runs.end(tx, run.id, now)
    swept = {"swept_at": run.started_at, "confirmed": None} if saw_all and missing is None else {}
    runs.set_stream(
        tx,
        connection.id,
        stream.name,
        run_id=None,
        checkpoint=saved,
        watermark=run.started_at,
        done_at=now,
        failures=0,
        missing=missing,
        **({"terms": how.digest} if standing.watermark is None else {}),
        **swept,
    )
    connector = registry.connector(connection.connector)
    if stream.name in {reference.name for reference in connector.references}:
        if row.written:
            again.outdated(tx, connection, now)
        plan.due(tx, connection, now)


def _sweep(
    tx: Transaction, connection: Connection, stream: Stream, run: Run, *, how: Reader, confirmed: int, now: datetime
) -> int | None:
    """What a run that saw everything has not seen is gone, unless that is suspiciously much: then how many are missing."""
    missing = runs.unseen(tx, run.id, connection.id, stream.name)
    if len(missing) > confirmed and suspicious(len(missing), runs.stored(tx, connection.id, stream.name)):
        return len(missing)
    origin = Origin(connection_id=connection.id, system=connection.connector, stream=stream.name, received_at=now)
    gone = absorb.withdraw(tx, origin, missing).gone
    pages_of.tell_again(tx, origin, stream, how, gone)
    if gone:
        runs.advance(tx, run.id, {"gone": len(gone)}, ())
        work.add(tx, "derive", now)
    return None


def suspicious(missing: int, stored: int) -> bool:
    """Whether so many records cannot have vanished without a person having a look."""
    return missing > MANY and missing > SHARE * stored
