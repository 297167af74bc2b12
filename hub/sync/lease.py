"""Holding a piece of work: a thread renews its lease, and whatever waits or writes learns when it is lost."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from hub.errors import LostLease
from hub.store import work
from hub.store.database import Away, Transaction
from hub.store.work import Work
from hub.sync.hub import Hub

RENEW = 5.0
"""Seconds between two renewals; the lease outlives three that fail."""

log = logging.getLogger(__name__)


class Lease:
    """One claimed piece of work, for as long as the ledger says it is ours."""

    def __init__(self, hub: Hub, claimed: Work) -> None:
        """Of this claim."""
        self.work = claimed
        self.lost = Event()
        self._hub = hub
        self._ended = Event()

    def hold(self, tx: Transaction) -> None:
        """Fence a transaction: it commits only while the work is ours (LostLease)."""
        self._check()
        work.hold(tx, self.work, self._hub.time.now())

    def advance(self, tx: Transaction) -> None:
        """Fence a transaction that brings the work on."""
        self._check()
        work.advance(tx, self.work, self._hub.time.now())

    def _check(self) -> None:
        if self.lost.is_set():
            raise LostLease(f"work {self.work.id} ({self.work.kind}) was lost")

    def _renew(self) -> None:
        while not self._ended.wait(RENEW):
            try:
                with self._hub.database.writing() as tx:
                    work.hold(tx, self.work, self._hub.time.now())
            except LostLease:
                self.lost.set()
                return
            except Away:
                log.warning("lease not renewed", extra={"work": self.work.id})


@contextmanager
def leased(hub: Hub, claimed: Work) -> Iterator[Lease]:
    """Keep a claim alive while its job runs."""
    lease = Lease(hub, claimed)
    thread = Thread(target=lease._renew, daemon=True)  # noqa: SLF001 - the two are one thing in two shapes
    thread.start()
    try:
        yield lease
    finally:
        lease._ended.set()  # noqa: SLF001 - as above
        thread.join()
