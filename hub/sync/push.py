"""The push connection: records that a program sends go the same way in as those that are read."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.errors import BadInput
from hub.store import connections, runs, work
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync import lanes
from hub.sync.hub import PRODUCTION, Hub
from hub.sync.lanes import NEW, SAME, STALE
from hub.sync.lanes_kind import Kind
from hub.sync.organisation import settled
from hub.sync.pushed import Version, version

SYSTEM = "push"
"""The connector of push connections: built in, without a folder, without anything to read."""
LABEL = "Push API"
MOST = 200
"""Records of one call; they are one transaction."""

WRITTEN, DELETED, REJECTED = "written", "deleted", "rejected"
OUTCOMES = (WRITTEN, SAME, STALE, DELETED, REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one pushed record; `error` says why it was rejected and where."""

    type: str | None
    id: str | None
    outcome: str
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The outcomes in the order of what was sent, and the work to enqueue."""

    outcomes: tuple[Outcome, ...]
    work: tuple[tuple[int, str], ...] = ()


def create(hub: Hub, label: str) -> Connection:
    """A new push connection; there is nothing to sign in to, programs bring an API key with the scope push."""
    with hub.database.writing() as tx:
        now = hub.time.now()
        made = {"label": label.strip() or LABEL, "environment": PRODUCTION, "auth": SYSTEM}
        return connections.create(tx, SYSTEM, now, **made, answers={})


def accept(hub: Hub, connection_id: str, sent: Sequence[Any]) -> Accepted:
    """Take pushed records in one transaction; one that cannot be read is rejected alone.

    Sending the same again changes nothing. KeyError where there is no such connection, BadInput where it takes nothing.
    """
    now = hub.time.now()
    outcomes: dict[int, Outcome] = {}
    versions: dict[int, Version] = {}
    with hub.database.reading() as tx:
        zone = settled(tx).organisation.zone
    for number, one in enumerate(sent):
        try:
            versions[number] = version(one, now, zone)
        except BadInput as error:
            outcomes[number] = _rejected(one, str(error))
    with hub.database.writing() as tx:
        connection = _open(tx, connection_id)
        for turn in _turns(versions):
            outcomes |= _written(tx, connection, turn, now)
        due = any(outcome.outcome in (WRITTEN, DELETED, STALE) for outcome in outcomes.values())
        ids = ((work.add(tx, "derive", now), "derive"),) if due else ()
    return Accepted(outcomes=tuple(outcomes[number] for number in range(len(sent))), work=ids)


def _open(tx: Transaction, connection_id: str) -> Connection:
    connection = connections.held(tx, connection_id)
    if connection.connector != SYSTEM:
        raise BadInput(f"{connection_id} reads its system itself and takes no pushed records")
    if connection.state != connections.CONNECTED:
        raise BadInput(f"{connection_id} is {connection.state}; resume it under Settings, Connections")
    return connection


def _turns(versions: dict[int, Version]) -> Iterator[dict[int, Version]]:
    """Several versions of one record in one call are written one after the other, in the order in which they were sent."""
    turns: list[dict[int, Version]] = []
    occurred: dict[tuple[str, str], int] = defaultdict(int)
    for number, found in versions.items():
        turn = occurred[found.sent.type, found.sent.id]
        occurred[found.sent.type, found.sent.id] += 1
        if turn == len(turns):
            turns.append({})
        turns[turn][number] = found
    yield from turns


def _written(tx: Transaction, connection: Connection, turn: dict[int, Version], now: datetime) -> dict[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    for kind in sorted({found.kind for found in turn.values()}, key=lambda each: each.TYPE):
        versions = {number: found for number, found in turn.items() if found.kind is kind}
        news = lanes.write(tx, Kind(connection=connection, type=kind, now=now), versions)
        runs.set_stream(tx, connection.id, kind.PLURAL, done_at=now)
        outcomes |= {number: _outcome(found, news[number]) for number, found in versions.items()}
    return outcomes


def _outcome(found: Version, news: str) -> Outcome:
    new = DELETED if found.sent.deleted else WRITTEN
    return Outcome(type=found.sent.type, id=found.sent.id, outcome=new if news == NEW else news)


def _rejected(sent: Any, why: str) -> Outcome:
    said = sent if isinstance(sent, dict) else {}
    kind, key = (value[:200] if isinstance(value := said.get(name), str) else None for name in ("type", "id"))
    return Outcome(type=kind, id=key, outcome=REJECTED, error=why)
