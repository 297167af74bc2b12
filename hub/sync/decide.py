"""What people decide: what a value means, what was deleted, who is not who. Each is a dated row; taking one back is another."""

import json

from hub.errors import BadInput
from hub.store import canonical, connections, customers, questions, runs, work
from hub.store.database import Transaction
from hub.sync import engine, plan
from hub.sync.hub import Hub

Work = list[tuple[int, str]]


def choose(hub: Hub, connection_id: str, *, stream: str, path: str, raw: str, value: str | None, by: str) -> Work:
    """Say what a raw value means, or with None that it is a question again; what is stored is read again in these terms."""
    now = hub.time.now()
    with hub.database.writing() as tx:
        connection = connections.get(tx, connection_id)
        said = {"path": path, "raw": raw, "value": value}
        questions.decide(tx, "choice", f"{connection_id}/{stream}/{path}", said, by=by, now=now)
        questions.forget(tx, connection_id, stream)
        return engine.outdated(tx, connection, now)


def gone(hub: Hub, connection_id: str, stream: str) -> Work:
    """Say that the records which a stream misses were deleted; it is read once more, and what is missing then is marked so."""
    with hub.database.writing() as tx:
        missing = runs.streams(tx, connection_id)[stream].missing
        if missing is None:
            raise BadInput("this stream misses nothing any more")
        connection = connections.get(tx, connection_id)
        if connection.state != connections.CONNECTED:
            raise BadInput(f"{connection_id} is {connection.state}; resume or re-authorise it first")
        runs.set_stream(tx, connection_id, stream, confirmed=missing, due_at=hub.time.now())
        return plan.due(tx, connection, hub.time.now())


def apart(hub: Hub, record_id: str, customer_id: str, by: str) -> Work:
    """Say that a record is somebody else than all the others of its customer."""
    with hub.database.writing() as tx:
        others = [each for each in customers.records_of(tx, customer_id) if each != record_id]
        if not others:
            raise BadInput("this customer has no other record that it could be parted from")
        questions.decide(tx, "apart", f"{record_id}/{customer_id}", [record_id, *others], by=by, now=hub.time.now())
        return _derive(hub, tx, [record_id, *others])


def together_again(hub: Hub, decision_id: int, by: str) -> Work:
    """Take back that a record is somebody else; KeyError where there is no such decision."""
    with hub.database.writing() as tx:
        made = next((each for each in questions.decided(tx, "apart") if each.id == decision_id), None)
        if made is None:
            raise KeyError(decision_id)
        questions.decide(tx, "apart", made.key, None, by=by, now=hub.time.now())
        return _derive(hub, tx, json.loads(made.value) or [])


def _derive(hub: Hub, tx: Transaction, record_ids: list[str]) -> Work:
    canonical.mark_dirty(tx, record_ids)
    return [(work.add(tx, "derive", hub.time.now()), "derive")]
