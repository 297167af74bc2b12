"""What one of many processes does at the same moment as the others: ask pretix for its customers in the hub's name."""

from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import Any

from hub import settings
from hub.spec import Request
from hub.store import connections
from hub.sync.hub import opened
from tests.e2e.real.pretix.seed import ORGANIZER

_PATIENCE = 120
_together: list[Barrier] = []


def barrier(number: int) -> tuple[Barrier]:
    """Where so many processes wait for each other."""
    return (get_context("spawn").Barrier(number),)


def ready(together: Barrier) -> None:
    """Keep the barrier; it can only be given to a process when that starts."""
    _together.append(together)


def customers(environment: Mapping[str, str], connection_id: str) -> int:
    """How many customers pretix has, asked at the moment when all processes are ready."""
    hub = opened(settings.read(environment))
    with hub.database.reading() as tx:
        remote = hub.remote(connections.get(tx, connection_id))
    _together[0].wait(_PATIENCE)
    body: Any = remote.send(Request(path=f"{ORGANIZER}/customers/")).body
    hub.database.close()
    return int(body["count"])
