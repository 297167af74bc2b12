"""What people decide: what a value means, what was deleted, who is not who. Each is a dated row; taking one back is another."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hub.errors import BadInput
from hub.store import browse, candidates, canonical, connections, customers, locks, questions, rulings, runs, work
from hub.store.database import Transaction
from hub.sync import again, plan
from hub.sync.hub import Hub
from hub.unify.golden import FIELDS, said

Work = list[tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAs:
    """A field of the source, by its path, and the field of a type of ours that it is read as; None for no longer."""

    type: str
    path: str
    field: str | None


def choose(
    hub: Hub, connection_id: str, *, stream: str, path: str, raw: str, value: str | None, by: str, called: str | None = None
) -> Work:
    """Say what a raw value means, or with None that it is a question again; what is stored is read again in these terms.

    `called` is what the source calls that which the value is the id of.
    """
    now = hub.time.now()
    with hub.database.writing() as tx:
        connection = connections.get(tx, connection_id)
        meaning = {"path": path, "raw": raw, "value": value} | ({"called": called} if called else {})
        questions.decide(tx, "choice", f"{connection_id}/{stream}/{path}", meaning, by=by, now=now)
        questions.forget(tx, connection_id, stream)
        return again.outdated(tx, connection, now)


def read_as(hub: Hub, connection_id: str, *, stream: str, fields: Iterable[ReadAs], by: str) -> Work:
    """Say which fields of ours some of a stream's own fields are; what is stored is read again so."""
    now = hub.time.now()
    with hub.database.writing() as tx:
        connection = connections.get(tx, connection_id)
        for each in fields:
            word = {"type": each.type, "path": each.path, "field": each.field}
            questions.decide(tx, "field", f"{connection_id}/{stream}/{each.type}", word, by=by, now=now)
        questions.forget(tx, connection_id, stream)
        return again.outdated(tx, connection, now)


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
        made = questions.decide(tx, "apart", f"{record_id}/{customer_id}", [record_id, *others], by=by, now=hub.time.now())
        rulings.rule(tx, made, [(record_id, other) for other in others], same=False)
        return _derive(hub, tx, [record_id, *others])


def together_again(hub: Hub, decision_id: int, by: str) -> Work:
    """Take back that a record is somebody else; KeyError where there is no such decision."""
    return _take_back(hub, "apart", decision_id, by)


def same(hub: Hub, candidate_id: str, by: str) -> Work:
    """Say that the two customers of a candidate are one; KeyError where it is no question any more."""
    with hub.database.writing() as tx:
        found = candidates.one(tx, candidate_id)
        made = questions.decide(tx, "together", candidate_id, found.pairs, by=by, now=hub.time.now())
        rulings.rule(tx, made, found.pairs, same=True)
        return _derive(hub, tx, [record for pair in found.pairs for record in pair])


def different(hub: Hub, candidate_id: str, by: str) -> Work:
    """Say that they are not; they are never suspected of it again. KeyError where it is no question any more."""
    with hub.database.writing() as tx:
        found = candidates.one(tx, candidate_id)
        one, other = (customers.records_of(tx, each) for each in (found.first_id, found.second_id))
        pairs = [(first, second) for first in one for second in other]
        made = questions.decide(tx, "apart", candidate_id, [one[0], *other], by=by, now=hub.time.now())
        rulings.rule(tx, made, pairs, same=False)
        return _derive(hub, tx, [*one, *other])


def later(hub: Hub, candidate_id: str, by: str) -> None:
    """Put a question at the end of the queue."""
    with hub.database.writing() as tx:
        candidates.one(tx, candidate_id)
        questions.decide(tx, "later", candidate_id, None, by=by, now=hub.time.now())


def unmerge(hub: Hub, customer_id: str, by: str, *, record_id: str | None = None) -> Work:
    """Undo what made a customer of several: the newest word of a person, else that the record belongs to it.

    BadInput where it is not clear which record is meant.
    """
    with hub.database.reading() as tx:
        mine = customers.records_of(tx, customer_id)
        approved = rulings.of(tx, mine, same=True)
    if record_id is None and approved:
        return _take_back(hub, "together", approved[0], by)
    if record_id is None and len(mine) != 2:  # noqa: PLR2004 - of two, either is the one to part
        raise BadInput("say which record is somebody else", where="record_id")
    if record_id is not None and record_id not in mine:
        raise BadInput("this record does not belong to the customer", where="record_id")
    return apart(hub, record_id or mine[-1], customer_id, by)


def reopen(hub: Hub, candidate_id: str, by: str) -> Work:
    """Take back what was last decided of a question; KeyError where nothing is in force."""
    with hub.database.reading() as tx:
        kind, number = candidates.decided(tx, [candidate_id])[candidate_id]
    return _take_back(hub, kind, number, by)


def lock(hub: Hub, customer_id: str, field: str, value: Any, *, by: str) -> Work:
    """Fix a field of a customer, whatever the sources say; KeyError where there is no such customer."""
    if not said(value):
        raise BadInput("say what the value is", where=field)
    return _locked(hub, customer_id, {"field": field, "value": value, "locked": True}, by)


def unlock(hub: Hub, customer_id: str, field: str, *, by: str) -> Work:
    """Believe the sources of a field again."""
    return _locked(hub, customer_id, {"field": field, "value": None, "locked": False}, by)


def _locked(hub: Hub, customer_id: str, word: dict[str, Any], by: str) -> Work:
    with hub.database.writing() as tx:
        document = browse.customer(tx, customer_id)
        if document is None:
            raise KeyError(customer_id)
        if word["field"] not in FIELDS[document["type"]]:
            raise BadInput("this field cannot be fixed", where="field")
        eldest = document["records"][0]["record_id"]
        questions.decide(tx, locks.KIND, eldest, word, by=by, now=hub.time.now())
        return _derive(hub, tx, [eldest])


def _take_back(hub: Hub, kind: str, decision_id: int, by: str) -> Work:
    with hub.database.writing() as tx:
        made = next((each for each in questions.decided(tx, kind) if each.id == decision_id), None)
        if made is None:
            raise KeyError(decision_id)
        questions.decide(tx, kind, made.key, None, by=by, now=hub.time.now())
        return _derive(hub, tx, rulings.lift(tx, decision_id))


def _derive(hub: Hub, tx: Transaction, record_ids: list[str]) -> Work:
    canonical.mark_dirty(tx, record_ids)
    return [(work.add(tx, "derive", hub.time.now()), "derive")]
