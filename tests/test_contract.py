"""What holds for every connector against its stand-in; a new one is tested by being there."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Response, request
from sqlalchemy import update

from hub import registry
from hub.demo import standin
from hub.spec import OAuth2, Webhook
from hub.store import connections, runs
from hub.store import tables as t
from hub.sync import inbox
from tests import watching
from tests.watching import Rig, state

SYSTEMS = registry.connector_ids()
README = Path(__file__).parent.parent / "README.md"
ELSEWHERE = "https://elsewhere.example"


def signs_in(system: str) -> bool:
    return any(isinstance(auth, OAuth2) for auth in registry.connector(system).auth)


def pushes(system: str) -> Webhook | None:
    return registry.connector(system).webhook


OAUTH = [system for system in SYSTEMS if signs_in(system)]
PUSHING = [system for system in SYSTEMS if pushes(system)]
SIGNING = [system for system in PUSHING if (found := pushes(system)) and found.signed]


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=SYSTEMS)
def synced(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A hub that has read everything once; tests leave it so."""
    with watching.rig(tmp_path_factory.mktemp("contract"), request.param) as rig:
        rig.drained()
        yield rig


@pytest.fixture
def rig(synced: Rig) -> Rig:
    synced.watch.reset()
    synced.clock.waits.clear()
    return synced


def latest(rig: Rig) -> dict[str, object]:
    with rig.hub.database.reading() as tx:
        return runs.latest(tx, rig.connection.id)


def counted(rig: Rig) -> dict[str, int]:
    """How many rows there are of everything that a sync may add."""
    tables = ("record", "source", "raw", "change", "customer", "dirty", "question", "identity_log")
    return {table: rig.one(f"SELECT count(*) FROM {table}") for table in tables}


def written(rig: Rig, before: int) -> int:
    return int(rig.one("SELECT coalesce(sum(written), 0) FROM run WHERE id > :before", before=before))


def newest_run(rig: Rig) -> int:
    return int(rig.one("SELECT max(id) FROM run"))


def test_it_connects_and_learns_whose_account_it_is(rig: Rig) -> None:
    with rig.hub.database.reading() as tx:
        found = connections.get(tx, rig.connection.id)
    assert found.state == "connected"
    assert found.problem is None
    assert found.account
    assert found.account_name


def test_it_brings_exactly_what_is_there(rig: Rig) -> None:
    assert rig.counts() == standin(rig.system).truth(rig.world)


def test_a_second_sync_writes_nothing(rig: Rig) -> None:
    before, held, newest = counted(rig), state(rig.hub), newest_run(rig)
    rig.synced(minutes=1)
    assert newest_run(rig) > newest
    assert written(rig, newest) == 0
    assert counted(rig) == before
    assert state(rig.hub) == held


def test_two_full_reads_are_equal(rig: Rig) -> None:
    newest = newest_run(rig)
    first = dict(rig.rows("SELECT stream, read FROM run WHERE connection_id = :c AND id IN "
                          "(SELECT min(id) FROM run WHERE run.full GROUP BY stream)", c=rig.connection.id))
    held = state(rig.hub)
    rig.set("UPDATE stream SET watermark = NULL, swept_at = NULL, checkpoint = NULL")
    rig.synced()
    again = dict(rig.rows('SELECT stream, "read" FROM run WHERE id > :newest', newest=newest))
    assert again == first
    assert state(rig.hub) == held
