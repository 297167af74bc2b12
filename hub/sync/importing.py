"""Saving what a spreadsheet's columns mean, and having the file that waits read by it."""

from datetime import datetime

from hub.errors import BadInput
from hub.sheets.plan import Plan, as_text, checked, from_text
from hub.store import connections, runs, uploads, work
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync import again, sheets
from hub.sync.hub import Hub


def begin(hub: Hub, connection_id: str, plan: Plan, *, complete: bool) -> list[tuple[int, str]]:
    """Save what the columns mean and have the waiting file read; the work to enqueue.

    `complete` says that the file holds every record there is: one that it lacks is gone.
    """
    now = hub.time.now()
    with hub.database.writing() as tx:
        connection = connections.held(tx, connection_id)
        upload, kind = sheets.waiting(tx, connection_id), sheets.kind_of(connection)
        if upload.state != uploads.WAITING:
            raise BadInput("this file is being imported already")
        if connection.state != connections.CONNECTED:
            raise BadInput(f"{connection_id} is {connection.state}; resume it first")
        again_due = _save(tx, connection, checked(plan, kind, sheets.sampled(upload).columns), now)
        run_id = runs.begin(tx, connection_id, kind.PLURAL, now, kind="sync", full=complete, since=None)
        runs.set_stream(tx, connection_id, kind.PLURAL, missing=None, confirmed=None)
        uploads.change(tx, upload.id, state=uploads.RUNNING, complete=complete, run_id=run_id)
        return [(work.add(tx, "import", now, connection_id=connection_id, key=kind.PLURAL), "import"), *again_due]


def change(hub: Hub, connection_id: str, plan: Plan) -> list[tuple[int, str]]:
    """Save what the columns mean without a file: what is stored is read again so."""
    with hub.database.writing() as tx:
        connection = connections.held(tx, connection_id)
        names = [column.name for column in plan.columns]
        return _save(tx, connection, checked(plan, sheets.kind_of(connection), [*names, *plan.key]), hub.time.now())


def _save(tx: Transaction, connection: Connection, plan: Plan, now: datetime) -> list[tuple[int, str]]:
    """Keep what the columns mean; what tells rows apart stays as it was, because what is stored is known by it."""
    before, kind = from_text(connection.answers), sheets.kind_of(connection)
    rekeyed = before is not None and (before.key, before.digested) != (plan.key, plan.digested)
    if before is not None and rekeyed and runs.stored(tx, connection.id, kind.PLURAL):
        told = " and ".join(map(repr, before.key))
        raise BadInput(f"rows are told apart by {told}; for another way make a new connection", where="key")
    connections.change(tx, connection.id, answers={**connection.answers, "plan": as_text(plan)})
    return again.outdated(tx, connections.get(tx, connection.id), now)
