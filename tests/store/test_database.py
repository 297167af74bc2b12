"""Transactions mean the same on both databases: nothing that is read in one is stale when it writes."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, text

from hub.store import tables as t
from hub.store.database import Away, Database, Transaction, upsert
from hub.sync.hub import Hub
from tests import support

COUNTER = Table("counter", MetaData(), Column("name", String, primary_key=True), Column("count", Integer))
NOW = support.at("2026-11-02T12:00:00Z")


@pytest.fixture
def counting(hub: Hub) -> Hub:
    """A hub with a table more, to count in."""
    COUNTER.create(hub.database.engine)
    return hub


def together(number: int, each: Callable[[], None]) -> None:
    """So many threads at once."""
    start = Barrier(number)

    def run() -> None:
        start.wait()
        each()

    threads = [Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_two_hundred_read_modify_writes_by_four_threads_none_is_lost(counting: Hub) -> None:
    with counting.database.writing() as tx:
        upsert(tx, COUNTER, [{"name": "one", "count": 0}])
    locked = "" if counting.database.sqlite else " FOR UPDATE"

    def increments() -> None:
        for _ in range(50):
            with counting.database.writing() as tx:
                version = tx.execute(text(f"SELECT count FROM counter WHERE name = 'one'{locked}")).scalar_one()  # noqa: S608 - ours
                upsert(tx, COUNTER, [{"name": "one", "count": version + 1}])

    together(4, increments)
    with counting.database.reading() as tx:
        assert tx.execute(text("SELECT count FROM counter")).scalar_one() == 200


def test_a_writer_that_cannot_have_its_turn_says_so_in_the_time_it_was_given(tmp_path: Path) -> None:
    hub = support.made(tmp_path)
    COUNTER.create(hub.database.engine)
    impatient = Database(f"sqlite:///{tmp_path / 'hub.db'}", busy=100)
    with hub.database.writing(), pytest.raises(Away), impatient.writing():
        raise AssertionError("two writers at once")
    with impatient.writing() as tx:
        upsert(tx, COUNTER, [{"name": "one", "count": 0}])
    impatient.close()
    hub.database.close()


def test_a_reader_sees_one_state_while_a_writer_goes_on(counting: Hub) -> None:
    def wrote(version: int) -> None:
        with counting.database.writing() as tx:
            upsert(tx, COUNTER, [{"name": "one", "count": version}])

    def read(tx: Transaction) -> int:
        return int(tx.execute(text("SELECT count FROM counter")).scalar_one())

    wrote(1)
    with counting.database.reading() as reader:
        assert read(reader) == 1
        wrote(2)
        assert read(reader) == 1
    with counting.database.reading() as reader:
        assert read(reader) == 2


def test_a_transaction_that_fails_leaves_nothing(counting: Hub) -> None:
    def fails() -> None:
        with counting.database.writing() as tx:
            upsert(tx, COUNTER, [{"name": "one", "count": 1}])
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - ours, without words
        fails()
    with counting.database.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM counter")).scalar_one() == 0


def test_what_belongs_to_no_connection_is_not_stored(hub: Hub) -> None:
    row = {"connection_id": "nobody-1", "stream": "s", "source_id": "1", "received_at": NOW, "op": "read", "hash": ""}
    with pytest.raises(Exception, match=r"(?i)foreign key"), hub.database.writing() as tx:
        upsert(tx, t.raw, [row])


def test_an_upsert_keeps_the_columns_that_it_is_told_to_keep(hub: Hub) -> None:
    with hub.database.writing() as tx:
        upsert(tx, t.lease, [{"name": "clock", "owner": "a", "until": NOW}])
        upsert(tx, t.lease, [{"name": "clock", "owner": "b", "until": NOW}], keep=("owner",))
        upsert(tx, t.lease, [])
        assert tx.execute(text("SELECT owner FROM lease")).scalar_one() == "a"


def test_a_deleted_text_is_overwritten_in_the_file(tmp_path: Path) -> None:
    hub = support.made(tmp_path)
    with hub.database.writing() as tx:
        upsert(tx, t.lease, [{"name": "a-name-that-must-go", "owner": "b", "until": NOW}])
    with hub.database.writing() as tx:
        tx.execute(text("DELETE FROM lease"))
    hub.database.close()
    with sqlite3.connect(tmp_path / "hub.db") as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()
    assert b"a-name-that-must-go" not in (tmp_path / "hub.db").read_bytes()
