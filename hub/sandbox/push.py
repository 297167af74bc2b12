"""Deliveries to registered addresses: off the request's thread, in order, each tried twice."""

import http.client
import queue
import urllib.error
import urllib.request
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from threading import Lock, Thread

_SECONDS = 5
_ATTEMPTS = 2
_OK = range(200, 300)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A body for an address; the headers are made anew for each attempt, counted from 0, because they carry its time."""

    url: str
    body: Callable[[int], bytes]
    headers: Callable[[bytes], Mapping[str, str]]


def hmac_base64(secret: str, signed: bytes) -> str:
    """HMAC-SHA256 in base64."""
    return b64encode(digest(secret.encode(), signed, sha256)).decode()


def always(content: bytes) -> Callable[[int], bytes]:
    """The body of a delivery that is the same at every attempt."""
    return lambda _attempt: content


class Sender:
    """One thread that begins with the first delivery; `log` keeps the last two hundred attempts."""

    def __init__(self) -> None:
        self.log: deque[dict[str, object]] = deque(maxlen=200)
        self._waiting: queue.SimpleQueue[Delivery | None] = queue.SimpleQueue()
        self._thread: Thread | None = None
        self._lock = Lock()

    def send(self, delivery: Delivery) -> None:
        """Deliver soon."""
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._work, daemon=True)
                self._thread.start()
        self._waiting.put(delivery)

    def close(self) -> None:
        """Deliver what waits, then end the thread."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(timeout=_SECONDS * _ATTEMPTS)

    def _work(self) -> None:
        while (delivery := self._waiting.get()) is not None:
            for attempt in range(_ATTEMPTS):
                status = _posted(delivery, attempt)
                self.log.append({"url": delivery.url, "attempt": attempt, "status": status})
                if status in _OK:
                    break


def _posted(delivery: Delivery, attempt: int) -> int:
    """The status of one attempt; 0 when nobody answered."""
    body = delivery.body(attempt)
    headers = {"Content-Type": "application/json", **delivery.headers(body)}
    message = urllib.request.Request(delivery.url, data=body, headers=headers, method="POST")  # noqa: S310  # set by the sandbox's owner
    try:
        with urllib.request.urlopen(message, timeout=_SECONDS) as answer:  # noqa: S310  # as above
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code
    except (OSError, http.client.HTTPException):
        return 0
