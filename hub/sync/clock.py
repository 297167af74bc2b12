"""The one clock: makes due work due, finds what a dead worker left, and enqueues; elected, so that only one ticks."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from secrets import token_hex

from hub.errors import HubError
from hub.store import connections, customers, inbox, tickets, work
from hub.store.database import Away
from hub.sync import again, plan
from hub.sync.hub import Hub

TICK = 1.0
"""Seconds between two ticks."""
HOUR = timedelta(hours=1)

log = logging.getLogger(__name__)


def run(hub: Hub, enqueue: Callable[[Sequence[tuple[int, str]]], None], stopped: Callable[[], bool]) -> None:
    """Tick until stopped; a process that is not the elected one waits for its turn."""
    owner = token_hex(8)
    tidied: datetime | None = None
    while not stopped():
        try:
            with hub.database.writing() as tx:
                now = hub.time.now()
                elected = work.elected(tx, "clock", owner, now)
            if elected and (tidied is None or now - tidied > HOUR):
                tidy(hub)
                tidied = now
            if elected:
                enqueue(tick(hub))
        except Away as error:
            log.warning("database away", extra={"error": type(error).__name__})
        except HubError as error:
            log.warning("tick failed", extra={"error": type(error).__name__})
        hub.time.wait(TICK)


def tick(hub: Hub) -> list[tuple[int, str]]:
    """Make due what is due at this moment; the work to enqueue."""
    now = hub.time.now()
    with hub.database.writing() as tx:
        plan.everything_due(tx, now)
        if customers.dirty(tx, 1):
            work.add(tx, "derive", now)
        return list(work.to_enqueue(tx, now))


def tidy(hub: Hub) -> None:
    """Forget what has expired, and read again what a new release or a lost job left in old terms."""
    now = hub.time.now()
    with hub.database.writing() as tx:
        tickets.prune(tx, now)
        inbox.prune(tx, now)
        for connection in connections.everyone(tx):
            if connection.state == connections.CONNECTED:
                again.outdated(tx, connection, now)
