"""Doing one piece of work from the ledger: claim it, do a slice, and say in the ledger how it went."""

import logging
from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex

from hub.errors import HubError, LostLease, RateLimited, Reconnect, Retry, StopStream
from hub.store import connections, runs, work
from hub.store.database import Away, Transaction
from hub.store.work import Work
from hub.sync import again, derive, engine, import_run, inbox, subscribe
from hub.sync.hub import Hub
from hub.sync.lease import Lease, leased

KINDS: dict[str, Callable[[Hub, Lease], bool]] = {
    "sync": engine.sync,
    "remap": again.remap,
    "import": import_run.take,
    "push": inbox.take,
    "derive": derive.derive,
    "subscribe": subscribe.subscribe,
}
"""What each kind of work does: a slice, True when there is no more of it."""

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)

log = logging.getLogger(__name__)


def perform(hub: Hub, work_id: int, *, ends: tuple[type[BaseException], ...] = ()) -> list[tuple[int, str]]:
    """Do a slice of a piece of work, if it is due and nobody else does it; the work to enqueue now.

    `ends` are exceptions of the queue that end the job from outside; they pass through.
    """
    with hub.database.writing() as tx:
        claimed = work.claim(tx, work_id, token_hex(8), hub.time.now())
    if claimed is None:
        return []
    try:
        with leased(hub, claimed) as lease:
            finished = KINDS[claimed.kind](hub, lease)
        with hub.database.writing() as tx:
            return _on(hub, tx, claimed, finished=finished)
    except ends:
        raise
    except LostLease:
        log.info("work lost", extra={"work": claimed.id, "kind": claimed.kind})
    except Away as error:
        log.warning("database away", extra={"work": claimed.id, "error": type(error).__name__})
    except HubError as error:
        _tell(hub, claimed, error)
    except Exception as error:  # One fault of ours must not stop the others; the row keeps its name and it is tried again.
        log.exception("job failed", extra={"work": claimed.id, "kind": claimed.kind})
        _tell(hub, claimed, Retry(f"an internal fault ({type(error).__name__}); see the log of work {claimed.id}"))
    return []


def _on(hub: Hub, tx: Transaction, claimed: Work, *, finished: bool) -> list[tuple[int, str]]:
    """Put the rest of the work back, or end it; everything that is due now, this slice's consequences among it."""
    now = hub.time.now()
    if finished:
        work.done(tx, claimed, now)
    else:
        work.later(tx, claimed, now)
    return list(work.to_enqueue(tx, now))


def _tell(hub: Hub, claimed: Work, error: HubError) -> None:
    """Write down what went wrong, unless the work is another's by now: what a dead job found out may be over."""
    try:
        with hub.database.writing() as tx:
            work.hold(tx, claimed, hub.time.now())
            _failed(hub, tx, claimed, error)
    except LostLease:
        log.info("work lost", extra={"work": claimed.id, "kind": claimed.kind})


def _failed(hub: Hub, tx: Transaction, claimed: Work, error: HubError) -> None:
    """Write down what went wrong where a person looks for it, and when it is tried again."""
    now = hub.time.now()
    log.info("work failed", extra={"work": claimed.id, "kind": claimed.kind, "error": type(error).__name__})
    if isinstance(error, Reconnect):
        connections.change(tx, claimed.connection_id, state=connections.RECONNECT, problem=str(error))
        work.drop(tx, claimed.connection_id)
    elif isinstance(error, StopStream) and claimed.kind == "sync":
        engine.stop(tx, claimed.connection_id, claimed.key, str(error), now)
        work.done(tx, claimed, now)
    elif isinstance(error, RateLimited):
        work.later(tx, claimed, now + (error.after or FIRST_WAIT))
    else:
        after = error.after if isinstance(error, Retry) and error.after else backoff(work.failures(tx, claimed))
        work.later(tx, claimed, now + after, error=str(error))
        if claimed.kind == "sync" and (run_id := runs.standing(tx, claimed.connection_id, claimed.key).run_id):
            runs.fault(tx, run_id, str(error))


def backoff(failures: int) -> timedelta:
    """The wait before the next try: two seconds, doubled at each failure, an hour at most."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(failures, 12)))
