"""What an answer means for whoever asked: nothing, or the error that says what to do."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from hub.errors import HubError, Missing, RateLimited, Reconnect, Retry, StopStream
from hub.spec import Connector, Reply

LONGEST = timedelta(hours=1)
_UNAUTHORIZED, _LIMITED, _REQUEST_TIMEOUT, _SERVER = 401, 429, 408, 500
_OK, _REDIRECT, _REFUSED = 200, 300, 400
_MISSING = (404, 410)


def verdict(connector: Connector, reply: Reply, where: str, now: datetime) -> HubError | None:
    """The error of an answer, None for a good one; the connector is asked first, then the status decides."""
    if connector.nothing and connector.nothing(reply):
        return None
    found = connector.errors(reply) if connector.errors else None
    if found is not None or _OK <= reply.status < _REDIRECT:
        return found
    return _refused(reply, where, retry_after(reply.headers.get("retry-after"), now), connector.patience)


def _refused(reply: Reply, where: str, after: timedelta | None, patience: timedelta) -> HubError:
    """What the status says; `patience` is waited where the system does not say how long."""
    status = reply.status
    if status == _UNAUTHORIZED:
        return Reconnect(f"{where}: our credentials are not accepted (401); sign in again, or enter a new key")
    if status == _LIMITED:
        return RateLimited(f"{where}: the system's limit is used up (429)", after=after or patience)
    if status >= _SERVER or status == _REQUEST_TIMEOUT:
        return Retry(f"{where}: the system has a fault of its own ({status})", after=after)
    return _stopped(status, where)


def _stopped(status: int, where: str) -> StopStream:
    """What only a person can change."""
    if status in _MISSING:
        return Missing(f"{where}: there is no such thing there ({status}); check the address and what the account may read")
    if status < _REFUSED:
        return StopStream(f"{where}: the system sends us elsewhere ({status}); check the address under Settings")
    return StopStream(f"{where}: the system refuses this call ({status}); check what the account may read, then sync again")


def retry_after(said: str | None, now: datetime) -> timedelta | None:
    """The wait a Retry-After header asks for, as seconds or as a date, between one second and one hour."""
    if not said:
        return None
    try:
        wait = timedelta(seconds=min(float(said), LONGEST.total_seconds()))
    except ValueError:
        try:
            wait = parsedate_to_datetime(said).astimezone(UTC) - now
        except (ValueError, OverflowError):
            return None
    except OverflowError:
        return LONGEST
    return max(timedelta(seconds=1), min(wait, LONGEST))
