"""How often a stand-in may be asked: so many requests in a sliding window of time."""

from collections import deque
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """What is left after a request; `wait` is 0 when it was let in, else the seconds until one will be."""

    limit: int
    remaining: int
    wait: float
    resets: float


class Window:
    """Lets so many requests pass in any stretch of so many seconds, and counts those apart that have different keys."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit, seconds
        self._passed: dict[str, deque[float]] = {}
        self._lock = Lock()

    def take(self, now: float, key: str = "") -> Allowance:
        """Count a request at a time in seconds, unless it must wait."""
        with self._lock:
            passed = self._passed.setdefault(key, deque())
            while passed and passed[0] <= now - self.seconds:
                passed.popleft()
            wait = passed[0] + self.seconds - now if len(passed) >= self.limit else 0.0
            if not wait:
                passed.append(now)
            resets = passed[0] + self.seconds - now
            return Allowance(limit=self.limit, remaining=self.limit - len(passed), wait=wait, resets=resets)
