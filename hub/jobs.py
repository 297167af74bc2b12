"""The queue: it carries ids of the work ledger to the workers and is the truth for nothing; the only importer of rq."""

import ctypes
import logging
import signal
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq import Worker as RQWorker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import BaseTimeoutException

from hub import registry
from hub import settings as settings_of
from hub.settings import Settings
from hub.sync import worker
from hub.sync.hub import Hub, opened

QUICK, SLOW = "high", "default"
"""Pushes and derivations are short and wait for nobody's long read."""
TIMEOUT = 300
"""Seconds after which a job that hangs is ended; a slice is at most 120."""
_KEPT = 60
_PR_SET_PDEATHSIG = 1

log = logging.getLogger(__name__)


class Worker(RQWorker):
    """RQ's worker with the times that our promises need. Its child, which does the job, never outlives it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Notice a dead child within seconds, and a dead Redis too; never write what a job was given into the log."""
        timing = {"maintenance_interval": 30, "job_monitoring_interval": 5, "worker_ttl": 60, "log_job_description": False}
        super().__init__(*args, **(options | timing))

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """In the child: end when the parent ends, however it went."""
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        super().main_work_horse(job, queue)


def work(settings: Settings) -> None:
    """Take jobs until told to stop; what every job needs is loaded once, before the first."""
    for connector in registry.connector_ids():
        registry.mappings_of(connector)
    opened(settings).database.close()  # For the modules that it loads: each job would load them again.
    redis = Redis.from_url(settings.redis, retry=Retry(NoBackoff(), 0))
    queues = [Queue(name, connection=redis, serializer=JSONSerializer) for name in (QUICK, SLOW)]
    try:
        Worker(queues, connection=redis, serializer=JSONSerializer).work(logging_level="WARNING")
    except RedisError as error:
        log.warning("queue away", extra={"error": type(error).__name__})
        sys.exit(1)


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


def reachable(settings: Settings) -> bool:
    """Whether Redis answers; while it does not, nothing is lost and the next work begins later."""
    try:
        return bool(client(settings).ping())
    except RedisError:
        return False


def _put(redis: "Redis", work_id: int, kind: str) -> None:
    queue = Queue(SLOW if kind in ("sync", "remap", "import") else QUICK, connection=redis, serializer=JSONSerializer)
    queue.enqueue_call("hub.jobs.run", args=(work_id,), timeout=TIMEOUT, result_ttl=0, failure_ttl=_KEPT)


@cache
def _hub() -> Hub:
    """The hub of this process: made once a job, because every job is a process of its own."""
    return opened(settings_of.read())
