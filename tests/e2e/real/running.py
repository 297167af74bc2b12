"""A hub as people run it: `hub up` with its own Valkey and SQLite file, and what it has read."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import text

from hub import jobs, settings
from hub.store import connections
from hub.sync import connect
from hub.sync.hub import Hub, opened
from tests import support
from tests.e2e.real.systems import HERE
from tests.states import ended

_STARTS_WITHIN, _STOPS_WITHIN, _READS_WITHIN = 60, 30, 300
"""Seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """`hub` is the same hub seen from this process, `environment` what makes it so in any other."""

    hub: Hub
    environment: Mapping[str, str]


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """All processes of a new hub until the block is left."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"HUB_DATA": str(folder), "HUB_KEYS": support.KEY, "PORT": str(port), "HUB_PRIVATE_NETWORKS": "127.0.0.0/8"}
    environment = {**own, "REDIS_URL": "", "DATABASE_URL": "", "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    log = folder / "log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "hub", "up"],
            cwd=HERE.parent.parent.parent,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
        )
        try:
            until(lambda: _ready(environment["PUBLIC_URL"]), seconds=_STARTS_WITHIN, otherwise=log.read_text)
            hub = opened(settings.read(environment))
            yield Running(hub=hub, environment=environment)
            hub.database.close()
        finally:
            process.terminate()
            process.wait(timeout=_STOPS_WITHIN)


def _ready(address: str) -> bool:
    try:
        return requests.get(f"{address}/readyz", timeout=5).ok
    except requests.RequestException:
        return False


def until(done: Callable[[], bool], *, seconds: float, otherwise: Callable[[], str] = str) -> None:
    """Wait until something is so; what `otherwise` says explains why it never was."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, otherwise()[-4000:]
        time.sleep(0.02)


def settled(hub: Hub) -> None:
    """Wait until the hub's own workers have nothing left to do."""
    until(lambda: ended(hub), seconds=_READS_WITHIN)


def worked_off(hub: Hub) -> None:
    """Do everything in this process; what a slow answer or our own pace has put back is waited for."""

    def done() -> bool:
        support.drained(hub)
        return ended(hub)

    until(done, seconds=_READS_WITHIN)


def read_again(hub: Hub, connection_id: str) -> None:
    """Have the hub's own workers read everything that changed."""
    jobs.enqueue(hub.settings, connect.sync_now(hub, connection_id))
    settled(hub)


def value(hub: Hub, query: str, **parameters: str) -> Any:
    """The one value that a query gives."""
    with hub.database.reading() as tx:
        return tx.execute(text(query), parameters).scalar_one()


def counts(hub: Hub) -> dict[str, int]:
    """How many live records of each type the hub has."""
    with hub.database.reading() as tx:
        return {kind: count for (_, kind), count in connections.counts(tx).items()}


def customer_of(hub: Hub, source_id: str) -> str:
    """The id of the customer that a source record belongs to."""
    query = "SELECT customer_id FROM link JOIN record ON record.id = link.record_id WHERE record.source_id = :source_id"
    return str(value(hub, query, source_id=source_id))


def written(hub: Hub) -> int:
    """How many source records have been written by all runs so far."""
    return int(value(hub, "SELECT coalesce(sum(written), 0) FROM run"))


def unchanged_by(hub: Hub, act: Callable[[], None]) -> None:
    """Nothing canonical, and nothing that readers of the feed would see, may differ after an act."""
    queries = (
        "SELECT count(*) || coalesce(max(received_at), '') FROM record",
        "SELECT max(position) FROM change",
        "SELECT max(changed_at) FROM customer",
    )
    before = [*(value(hub, query) for query in queries), written(hub)]
    act()
    assert [*(value(hub, query) for query in queries), written(hub)] == before
