"""The queue: it carries ids of the work ledger to the workers and is the truth for nothing; the only importer of rq."""

import logging
from collections.abc import Sequence
from functools import cache
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq import Worker as RQWorker
from rq.serializers import JSONSerializer
from rq.timeouts import BaseTimeoutException

from hub import settings as settings_of
from hub.settings import Settings
from hub.sync import worker
from hub.sync.hub import Hub, opened

QUICK, SLOW = "high", "default"
"""Pushes and derivations are short and wait for nobody's long read."""
TIMEOUT = 300
"""Seconds after which a job that hangs is ended; a slice is at most 120."""
_KEPT = 60

log = logging.getLogger(__name__)


class Worker(RQWorker):
    """RQ's worker with the times that our promises need; a pool takes its worker from this class."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Notice a dead child within seconds, and a dead Redis too; never write what a job was given into the log."""
        timing = {"maintenance_interval": 30, "job_monitoring_interval": 5, "worker_ttl": 60, "log_job_description": False}
        super().__init__(*args, **(options | timing))


def run(work_id: int) -> None:
    """Do a slice of a piece of work, then enqueue what is due because of it."""
    hub = _hub()
    enqueue(hub.settings, worker.perform(hub, work_id, ends=(BaseTimeoutException,)))


def enqueue(settings: Settings, work: Sequence[tuple[int, str]]) -> None:
    """Hand work to the workers. Where Redis is away nothing is lost: the clock finds what is due in the database."""
    if not work:
        return
    try:
        redis = client(settings)
        for work_id, kind in work:
            _put(redis, work_id, kind)
    except RedisError as error:
        log.warning("queue away", extra={"error": type(error).__name__})


def client(settings: Settings, *, patience: float = 0.5) -> "Redis":
    """A client that fails after `patience` seconds instead of trying for long."""
    return Redis.from_url(settings.redis, socket_timeout=patience, socket_connect_timeout=patience, retry=Retry(NoBackoff(), 0))


def _put(redis: "Redis", work_id: int, kind: str) -> None:
    queue = Queue(SLOW if kind in ("sync", "remap") else QUICK, connection=redis, serializer=JSONSerializer)
    queue.enqueue_call("hub.jobs.run", args=(work_id,), timeout=TIMEOUT, result_ttl=0, failure_ttl=_KEPT)


@cache
def _hub() -> Hub:
    """The hub of this process: made once a job, because every job is a process of its own."""
    return opened(settings_of.read())
