"""Files that are imported as on the page: matched, with the id that the test names."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from hub.sheets import match
from hub.sheets.plan import Plan, from_text
from hub.store import connections, overview, runs
from hub.sync import importing, sheets
from hub.sync.hub import Hub
from tests import support


def sent(hub: Hub, connection_id: str, folder: Path, content: str | bytes, *, key: str = "id", **fields: str) -> Plan:
    """Keep a file, as it is matched but for these columns; the mapping."""
    path = folder / "shop.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    upload = sheets.receive(hub, connection_id, path, path.name)
    with hub.database.reading() as tx:
        connection = connections.get(tx, connection_id)
    found = sheets.sampled(upload)
    plan = match.proposed(sheets.kind_of(connection), found, zone="UTC", before=from_text(connection.answers))
    return msgspec.structs.replace(match.remapped(sheets.kind_of(connection), plan, found, fields), key=(key,))


def imported(
    hub: Hub, connection_id: str, folder: Path, content: str | bytes, *, complete: bool = False, **how: str
) -> dict[str, Any]:
    """Import a file to its end; what its run counted."""
    importing.begin(hub, connection_id, sent(hub, connection_id, folder, content, **how), complete=complete)
    support.drained(hub)
    return counted(hub, connection_id)


def counted(hub: Hub, connection_id: str) -> dict[str, Any]:
    with hub.database.reading() as tx:
        (run,) = runs.latest(tx, connection_id).values()
    return {name: getattr(run, name) for name in ("state", "read", "written", "same", "skipped", "gone", "unknown")}


def problems(hub: Hub, connection_id: str) -> list[str]:
    with hub.database.reading() as tx:
        return [row.problem for row in overview.skipped(tx, connection_id)]


@contextmanager
def broken(hub: Hub) -> Iterator[set[str]]:
    """The transaction of every page is lost the first time, and its worker with it; the checkpoints that were lost."""
    lost: set[str] = set()
    wanted: list[str] = []

    def executed(_tx: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> None:
        if statement.startswith("UPDATE upload SET") and "row" in statement.partition("WHERE")[0]:
            wanted.append(repr(parameters))

    def committing(_tx: Any) -> None:
        checkpoint = wanted.pop() if wanted else None
        if checkpoint is not None and checkpoint not in lost:
            lost.add(checkpoint)
            raise OperationalError("COMMIT", {}, RuntimeError("killed"))

    event.listen(hub.database.engine, "before_cursor_execute", executed)
    event.listen(hub.database.engine, "commit", committing)
    try:
        yield lost
    finally:
        event.remove(hub.database.engine, "before_cursor_execute", executed)
        event.remove(hub.database.engine, "commit", committing)
