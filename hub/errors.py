"""Every exception of the hub, grouped by what whoever catches it must do.

A message says where, what was wanted and what to do, and never holds a token, a name, an address or a record.
"""

from datetime import timedelta


class HubError(Exception):
    """Anything the hub itself raises; caught only where its kind says what to do."""


class Retry(HubError):
    """Passing: the same work is due again later, from its last checkpoint."""

    def __init__(self, message: str, *, after: timedelta | None = None) -> None:
        """`after` is what the other side asked for; None leaves the wait to the work ledger."""
        super().__init__(message)
        self.after = after


class RateLimited(Retry):
    """The system's limit, or our share of it, is used up until `after`; nobody did anything wrong."""


class Reconnect(HubError):
    """The system refuses our credentials: a person signs in again; nothing is asked of it until then."""


class SkipRecord(HubError):
    """This record cannot be read: it is kept with the reason, and the page goes on."""


class StopStream(HubError):
    """This stream cannot go on until a person acts; the connection's other streams go on."""


class Missing(StopStream):
    """What was asked for is not there: for a record read again by its id, it is gone; for a stream, a person must act."""


class Misdeclared(HubError):
    """A connector or mapping contradicts itself: its author mends it; found at start or by its tests."""


class LostLease(HubError):
    """Another worker owns this work now: end without writing anything more."""


class BadInput(HubError):
    """What came from outside cannot be taken as it is; the caller mends it (a 4xx, never a 5xx)."""

    def __init__(self, message: str, *, where: str = "") -> None:
        """`where` is a dotted path into what was sent, empty for the whole of it."""
        super().__init__(message)
        self.where = where
