"""Reading a file that was sent: a page of rows is one transaction with its checkpoint, and whoever goes on ends equal."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from hub.errors import BadInput
from hub.model import digest
from hub.sheets.plan import from_text
from hub.sheets.rows import record
from hub.sheets.table import Row, table
from hub.spec import Record
from hub.spec.jsontext import dumps
from hub.store import absorb, connections, runs, uploads, work
from hub.store.canonical import Origin
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.store.uploads import Upload
from hub.sync import engine, sheets
from hub.sync import page as pages_of
from hub.sync.hub import Hub
from hub.sync.lease import Lease

PAGE = 500
SLICE = timedelta(seconds=120)
UNTOLD = "?"
"""How the id begins of a row that cannot be told from others: it is that of its content."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Import:
    hub: Hub
    lease: Lease
    connection: Connection
    upload: Upload
    run_id: int


def take(hub: Hub, lease: Lease) -> bool:
    """Read a slice of the file that a connection has; True when nothing of it is left to be read."""
    with hub.database.reading() as tx:
        connection = connections.get(tx, lease.work.connection_id)
        upload = uploads.of(tx, connection.id)
    if upload is None or upload.run_id is None or connection.state != connections.CONNECTED:
        return True
    one = _Import(hub=hub, lease=lease, connection=connection, upload=upload, run_id=upload.run_id)
    try:
        ended = upload.state == uploads.HELD or _read(one)
    except BadInput as error:
        _stop(one, str(error))
        return True
    if ended:
        _end(one)
    return ended


def _read(one: _Import) -> bool:
    """Store pages until the slice is over; True at the end of the file."""
    with sheets.file_of(one.hub, one.upload) as path:
        rows = _after(path, one.upload)
        first = next(rows, None)
        begun = one.hub.time.now()
        for page in _pages(([] if first is None else [first]), rows):
            _store(one, page)
            if one.hub.time.now() - begun > SLICE:
                return False
    return True


def _after(path: Path, upload: Upload) -> Iterator[Row]:
    """The rows behind the checkpoint."""
    _, rows = table(path, sheets.sampled(upload).form)
    return (row for row in rows if row.number > upload.row)


def _pages(first: list[Row], rows: Iterator[Row]) -> Iterator[list[Row]]:
    page = [*first, *islice(rows, PAGE - len(first))]
    while page:
        yield page
        page = list(islice(rows, PAGE))


def _store(one: _Import, rows: Sequence[Row]) -> None:
    now = one.hub.time.now()
    stream, how = sheets.stream_of(one.connection), sheets.reader_of(one.connection)
    origin = Origin(connection_id=one.connection.id, system=one.connection.connector, stream=stream.name, received_at=now)
    with one.hub.database.reading() as tx:
        found = _told_apart(tx, one, rows)
    ready = pages_of.prepared(one.hub.database, origin, stream, how, [kept for _, kept in found])
    numbers = {_source_id(kept): row.number for row, kept in reversed(found)}
    ready.entries = [
        entry if entry.problem is None else replace(entry, problem=f"row {numbers[entry.source_id]:,}: {entry.problem}")
        for entry in ready.entries
    ]
    with one.hub.database.writing() as tx:
        one.lease.advance(tx)
        counts = pages_of.write(tx, ready, now)
        runs.saw(tx, one.run_id, ready.ids)
        runs.advance(tx, one.run_id, counts | {"read": len(rows)}, sorted(ready.unread))
        uploads.change(tx, one.upload.id, row=rows[-1].number)
    log.info("page imported", extra={"connection": one.connection.id, "run": one.run_id, "records": len(rows)})


def _told_apart(tx: Transaction, one: _Import, rows: Iterable[Row]) -> list[tuple[Row, Record]]:
    """The rows as records. One with the id of an earlier row is the same row once more, or has no id of its own."""
    plan = from_text(one.connection.answers)
    if plan is None:
        raise BadInput("nothing says what the columns mean; map them again")
    kind = sheets.kind_of(one.connection)
    kept = [(row, record(plan, row.cells)) for row in rows]
    ids = list(dict.fromkeys(said["id"] for _, said in kept if "id" in said))
    earlier = runs.seen(tx, one.run_id, ids)
    stored = absorb.known(tx, one.connection.id, kind.PLURAL, earlier)
    first = {found: stored[found].hash for found in earlier}
    apart: list[tuple[Row, Record]] = []
    for row, said in kept:
        key, told = said.get("id"), digest(dumps(said))
        if key is None or first.setdefault(key, told) == told:
            apart.append((row, said))
        else:
            apart.append((row, {name: value for name, value in said.items() if name != "id"}))
    return apart


def _source_id(kept: Record) -> str:
    return str(kept["id"]) if "id" in kept else f"{UNTOLD}{digest(dumps(kept))}"


def _end(one: _Import) -> None:
    """Close the run: what of an earlier file has no id of its own goes, and, where the file is complete, what it lacks."""
    now, name = one.hub.time.now(), sheets.kind_of(one.connection).PLURAL
    with one.hub.database.writing() as tx:
        one.lease.hold(tx)
        unseen = runs.unseen(tx, one.run_id, one.connection.id, name)
        _withdraw(tx, one, [found for found in unseen if found.startswith(UNTOLD)], now)
        lacking = [found for found in unseen if not found.startswith(UNTOLD)] if one.upload.complete else []
        confirmed = runs.standing(tx, one.connection.id, name).confirmed
        held = len(lacking) > confirmed and engine.suspicious(len(lacking), runs.stored(tx, one.connection.id, name))
        runs.set_stream(tx, one.connection.id, name, missing=len(lacking) if held else None, confirmed=None, done_at=now)
        if held:
            uploads.change(tx, one.upload.id, state=uploads.HELD)
            return
        _withdraw(tx, one, lacking, now)
        runs.advance(tx, one.run_id, {"gone": len(lacking)}, ())
        runs.end(tx, one.run_id, now)
        runs.set_stream(tx, one.connection.id, name, run_id=None, **_terms(tx, one, name))
        uploads.drop(tx, one.connection.id)


def _terms(tx: Transaction, one: _Import, name: str) -> dict[str, str]:
    """The first file settles in which terms all that is stored was read."""
    known = runs.streams(tx, one.connection.id)[name].terms
    return {} if known else {"terms": sheets.reader_of(one.connection).digest}


def _withdraw(tx: Transaction, one: _Import, source_ids: Sequence[str], now: datetime) -> None:
    stream, how = sheets.stream_of(one.connection), sheets.reader_of(one.connection)
    origin = Origin(connection_id=one.connection.id, system=one.connection.connector, stream=stream.name, received_at=now)
    gone = absorb.withdraw(tx, origin, source_ids).gone
    pages_of.tell_again(tx, origin, stream, how, gone)
    if gone:
        work.add(tx, "derive", now)


def _stop(one: _Import, error: str) -> None:
    """The file cannot be read on: what was read of it stays, and the file goes."""
    now = one.hub.time.now()
    with one.hub.database.writing() as tx:
        one.lease.hold(tx)
        engine.stop(tx, one.connection.id, sheets.kind_of(one.connection).PLURAL, error, now)
        runs.set_stream(tx, one.connection.id, sheets.kind_of(one.connection).PLURAL, due_at=None)
        uploads.drop(tx, one.connection.id)
