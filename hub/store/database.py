"""The way into the database: short transactions that mean the same on SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import NullPool

from hub.settings import Settings

Transaction = Connection
"""What the queries of this package take: they are called within one, and never begin or end it."""

Away = (OperationalError, InterfaceError)
"""What a query raises when the database is locked for too long or cannot be reached: the same call may go through later."""

Refused = DBAPIError
"""What a query raises for anything the database itself says no to."""

BUSY = 15_000
"""Milliseconds that a worker's transaction waits for SQLite's one writer."""


class Database:
    """An engine and its transactions. A transaction holds no network call and no more than one page of records."""

    def __init__(self, url: str, *, busy: int = BUSY) -> None:
        """`busy` is how many milliseconds to wait for SQLite's lock."""
        self.sqlite = url.startswith("sqlite")
        self.engine = (
            _sqlite(url, busy) if self.sqlite else create_engine(url, pool_pre_ping=True, pool_size=4, hide_parameters=True)
        )

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """One transaction that writes; on SQLite it takes the writer's place at its start, so nothing read in it is stale."""
        with self.engine.connect().execution_options(immediate=True) as found, found.begin():
            yield found

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """One transaction that only reads: a consistent view for as long as it lasts."""
        one_view = {} if self.sqlite else {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect().execution_options(**one_view) as found, found.begin():
            yield found

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def opened(settings: Settings, *, busy: int = BUSY) -> Database:
    """The database the settings name; its folder is made where it is a file of ours, for us alone."""
    if settings.sqlite:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Database(settings.database_url, busy=busy)


def upsert(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]], *, keep: Sequence[str] = ()) -> None:
    """Insert rows, or set all their columns but the key and those in `keep` where the key is there already."""
    if not rows:
        return
    statement = inserting(tx, table)
    key = [column.name for column in table.primary_key]
    change = {name: statement.excluded[name] for name in rows[0] if name not in key and name not in keep}
    tx.execute(
        statement.on_conflict_do_update(index_elements=key, set_=change)
        if change
        else statement.on_conflict_do_nothing(index_elements=key),
        list(rows),
    )


def inserting(tx: Transaction, table: Table) -> Insert:
    """An insert with the database's own words for conflicts, which both spell alike."""
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)  # type: ignore[return-value]


def chunks(values: Sequence[Any], size: int = 500) -> Iterator[Sequence[Any]]:
    """Lists short enough for an IN on either database."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _sqlite(url: str, busy: int) -> Engine:
    patience = {"timeout": busy / 1000, "check_same_thread": False}
    engine = create_engine(url, poolclass=NullPool, connect_args=patience, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def connected(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None  # Transactions are begun below, not by the driver.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={busy}", "secure_delete=ON"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(found: Connection) -> None:
        # A deferred transaction that starts to write fails at once instead of waiting, whatever the timeout.
        found.exec_driver_sql("BEGIN IMMEDIATE" if found.get_execution_options().get("immediate") else "BEGIN")

    return engine
