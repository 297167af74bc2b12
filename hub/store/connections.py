"""Connections and the apps they sign in with, as rows; what is secret in them is sealed by the caller's seal."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from hub.store import tables as t
from hub.store import uploads
from hub.store.database import Transaction, inserting
from hub.store.seal import Seal

CONNECTED, PAUSED, RECONNECT, DISCONNECTED = "connected", "paused", "reconnect", "disconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One account of one system. `state` is connected, paused, reconnect or disconnected; `problem` says what to do."""

    id: str
    connector: str
    label: str
    environment: str
    auth: str
    answers: Mapping[str, str]
    account: str | None
    account_name: str | None
    state: str
    problem: str | None
    door: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Our registration at a system: the client that people sign in to it with, and the door its pushes come to."""

    connector: str
    origin: str
    client_id: str
    secret: str
    webhook_secret: str | None
    door: str


def create(
    tx: Transaction, connector: str, now: datetime, *, label: str, environment: str, auth: str, answers: Mapping[str, str]
) -> Connection:
    """A new connection, its id the next free number of its system."""
    taken = set(tx.execute(select(t.connection.c.id).where(t.connection.c.connector == connector)).scalars())
    number = next(n for n in range(1, len(taken) + 2) if f"{connector}-{n}" not in taken)
    connection_id = f"{connector}-{number}"
    row = {
        "id": connection_id,
        "connector": connector,
        "label": label,
        "environment": environment,
        "auth": auth,
        "answers": json.dumps(dict(answers), sort_keys=True),
        "state": CONNECTED,
        "door": secrets.token_urlsafe(24),
        "created_at": now,
    }
    tx.execute(insert(t.connection).values(row))
    return get(tx, connection_id)


def get(tx: Transaction, connection_id: str) -> Connection:
    """The connection of that id; KeyError where there is none."""
    row = tx.execute(select(t.connection).where(t.connection.c.id == connection_id)).one_or_none()
    if row is None:
        raise KeyError(connection_id)
    return _connection(row)


def held(tx: Transaction, connection_id: str) -> Connection:
    """The same; whoever else asks for it so waits until this transaction ends. On SQLite every writer waits anyway."""
    tx.execute(select(t.connection.c.id).where(t.connection.c.id == connection_id).with_for_update(key_share=True))
    return get(tx, connection_id)


def everyone(tx: Transaction) -> list[Connection]:
    """All connections, in the order of their making."""
    return [_connection(row) for row in tx.execute(select(t.connection).order_by(t.connection.c.created_at, t.connection.c.id))]


def change(tx: Transaction, connection_id: str, **values: Any) -> None:
    """Set columns of a connection; `answers` as a mapping."""
    if "answers" in values:
        values["answers"] = json.dumps(dict(values["answers"]), sort_keys=True)
    tx.execute(update(t.connection).where(t.connection.c.id == connection_id).values(values))


def at_door(tx: Transaction, door: str) -> Connection | None:
    """The connection whose pushes come to this door."""
    row = tx.execute(select(t.connection).where(t.connection.c.door == door)).one_or_none()
    return None if row is None else _connection(row)


def of_account(tx: Transaction, connector: str, account: str) -> list[Connection]:
    """The connections of a system's account, for pushes that come to an app."""
    rows = tx.execute(select(t.connection).where(t.connection.c.connector == connector, t.connection.c.account == account))
    return [_connection(row) for row in rows]


def webhook_secret(tx: Transaction, connection_id: str, seal: Seal) -> str | None:
    """The secret that signs a connection's pushes."""
    sealed = tx.execute(select(t.connection.c.webhook_secret).where(t.connection.c.id == connection_id)).scalar_one()
    return seal.open(sealed, f"connection:{connection_id}:webhook_secret") if sealed else None


def set_webhook(tx: Transaction, connection_id: str, seal: Seal, *, secret: str | None, subscription: Any) -> None:
    """Remember a registered push: its secret, and the answer that the system gave (needed to end it)."""
    sealed = seal.shut(secret, f"connection:{connection_id}:webhook_secret") if secret else None
    change(tx, connection_id, webhook_secret=sealed, subscription=json.dumps(subscription))


def subscription(tx: Transaction, connection_id: str) -> Any:
    """What the system answered when our push was registered; None where none is."""
    said = tx.execute(select(t.connection.c.subscription).where(t.connection.c.id == connection_id)).scalar_one()
    return json.loads(said) if said else None


def put_app(
    tx: Transaction, seal: Seal, connector: str, origin: str, *, client_id: str, secret: str, webhook_secret: str | None = None
) -> None:
    """Enter or replace the app credentials of a system at an authorization origin."""
    where = f"app:{connector}:{origin}"
    values = {"client_id": client_id, "secret": seal.shut(secret, f"{where}:secret")}
    if webhook_secret:
        values["webhook_secret"] = seal.shut(webhook_secret, f"{where}:webhook_secret")
    row = {"connector": connector, "origin": origin, "door": secrets.token_urlsafe(24), **values}
    statement = inserting(tx, t.app).values(row)
    tx.execute(statement.on_conflict_do_update(index_elements=["connector", "origin"], set_=values))


def app(tx: Transaction, connector: str, origin: str, seal: Seal) -> App | None:
    """The app credentials of a system at an authorization origin."""
    row = tx.execute(select(t.app).where(t.app.c.connector == connector, t.app.c.origin == origin)).one_or_none()
    return None if row is None else _app(row, seal)


def apps(tx: Transaction, seal: Seal) -> list[App]:
    """All app credentials."""
    return [_app(row, seal) for row in tx.execute(select(t.app).order_by(t.app.c.connector, t.app.c.origin))]


def app_at_door(tx: Transaction, door: str, seal: Seal) -> App | None:
    """The app whose pushes come to this door."""
    row = tx.execute(select(t.app).where(t.app.c.door == door)).one_or_none()
    return None if row is None else _app(row, seal)


def drop_app(tx: Transaction, connector: str, origin: str) -> None:
    """Forget app credentials; connections made with them go on until their tokens end."""
    tx.execute(delete(t.app).where(t.app.c.connector == connector, t.app.c.origin == origin))


def forget(tx: Transaction, connection_id: str) -> None:
    """Remove a connection with everything that came through it; the parties it touched must be marked dirty before."""
    uploads.drop(tx, connection_id)
    ids = select(t.record.c.id).where(t.record.c.connection_id == connection_id)
    for table in (t.identifier, t.mention, t.fact):
        tx.execute(delete(table).where(table.c.record_id.in_(ids)))
    runs = select(t.run.c.id).where(t.run.c.connection_id == connection_id)
    tx.execute(delete(t.seen).where(t.seen.c.run_id.in_(runs)))
    for table in (t.record, t.source, t.raw, t.run, t.stream, t.question, t.credential, t.inbox, t.work):
        tx.execute(delete(table).where(table.c.connection_id == connection_id))
    tx.execute(delete(t.connection).where(t.connection.c.id == connection_id))


def counts(tx: Transaction) -> dict[tuple[str, str], int]:
    """How many live records each connection has, by (connection id, canonical type)."""
    columns = (t.record.c.connection_id, t.record.c.type)
    rows = tx.execute(select(*columns, func.count()).where(t.record.c.state == "live").group_by(*columns))
    return {(row[0], row[1]): row[2] for row in rows}


def parties(tx: Transaction, connection_id: str, types: Sequence[str]) -> list[str]:
    """The ids of all records of these types that came through a connection."""
    mine = (t.record.c.connection_id == connection_id, t.record.c.type.in_(types))
    return list(tx.execute(select(t.record.c.id).where(*mine)).scalars())


def _connection(row: Any) -> Connection:
    values = {name: getattr(row, name) for name in Connection.__slots__ if name != "answers"}
    return Connection(answers=json.loads(row.answers), **values)


def _app(row: Any, seal: Seal) -> App:
    where = f"app:{row.connector}:{row.origin}"
    return App(
        connector=row.connector,
        origin=row.origin,
        client_id=row.client_id,
        secret=seal.open(row.secret, f"{where}:secret"),
        webhook_secret=seal.open(row.webhook_secret, f"{where}:webhook_secret") if row.webhook_secret else None,
        door=row.door,
    )
