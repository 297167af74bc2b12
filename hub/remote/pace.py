"""Keeping below a system's limits, shared by all workers through Redis; without Redis each process takes its share."""

from collections.abc import Callable
from datetime import timedelta
from time import time
from typing import Any

from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from hub.errors import RateLimited
from hub.spec import Connector, Pace

SHORT = 1.5
"""Seconds worth waiting for inside a job; what takes longer is put back into the ledger."""


class Shared:
    """The calls that all workers together have made lately."""

    def __init__(self, redis_url: str, processes: int) -> None:
        """`processes` is how many share a limit where Redis cannot be asked."""
        address = redis_url.replace("unix://", "redis+unix://", 1) if redis_url.startswith("unix://") else redis_url
        options: dict[str, Any] = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "wrap_exceptions": True}
        self._redis: Storage = storage_from_string(address, **options)  # type: ignore[assignment]
        self._own = MemoryStorage()
        self._processes = max(1, processes)

    def take(self, account: str, pace: Pace) -> float:
        """Count one call; 0.0 where it may be made now, else how many seconds to wait before asking again."""
        try:
            return _take(self._redis, RateLimitItemPerSecond(pace.calls, pace.per), account)
        except StorageError:
            share = max(1, pace.calls // self._processes)
            return _take(self._own, RateLimitItemPerSecond(share, pace.per), account)


def keep(shared: Shared, connector: Connector, account: str, path: str, wait: Callable[[float], object]) -> None:
    """Make room for one call to this path: waits where it takes little, else RateLimited says for how long."""
    for number, pace in enumerate(connector.pace):
        if not path.startswith(pace.paths):
            continue
        waited = 0.0
        while (seconds := shared.take(f"{account}/{number}", pace)) > 0:
            if waited + seconds > SHORT:
                raise RateLimited(f"{account}: our own pace for {connector.label}", after=timedelta(seconds=seconds))
            wait(seconds)
            waited += seconds


def _take(storage: Storage, item: RateLimitItemPerSecond, account: str) -> float:
    limiter = SlidingWindowCounterRateLimiter(storage)
    if limiter.hit(item, account):
        return 0.0
    return max(0.05, limiter.get_window_stats(item, account).reset_time - time())
