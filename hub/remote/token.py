"""Tokens: whether they still hold, and how exactly one worker renews them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Protocol

from hub.errors import HubError, Retry
from hub.spec import Token

AHEAD = timedelta(seconds=60)
"""A token that ends this soon is renewed before it is used."""
PATIENCE = 40.0
STEP = 0.05


class Vault(Protocol):
    """Where tokens are kept, with a lease for renewing them."""

    def token(self, connection_id: str) -> Token:
        """What is stored now."""

    def seize(self, connection_id: str, version: int, owner: str, now: datetime) -> bool:
        """Take the lease to renew this version."""

    def save(self, connection_id: str, owner: str, data: Mapping[str, Any], expires_at: datetime | None) -> None:
        """Store the renewed token and give back the lease."""

    def release(self, connection_id: str, owner: str) -> None:
        """Give back the lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """The clock and how to wait, so that neither is hidden in a function."""

    now: Callable[[], datetime]
    wait: Callable[[float], object]


def fresh(
    vault: Vault, connection_id: str, renew: Callable[[Mapping[str, Any]], dict[str, Any]], time: Time, *, than: int | None = None
) -> Token:
    """A token that holds and is newer than version `than` (one the system has just refused).

    However many workers ask, one renews and the others wait for what it stores. A renewal whose answer was lost is tried
    again with the old refresh token by the next caller; if that is refused, Reconnect says that a person must sign in.
    """
    owner = token_hex(8)
    for _ in range(int(PATIENCE / STEP)):
        token = vault.token(connection_id)
        now = time.now()
        if token.version != than and (token.expires_at is None or now + AHEAD < token.expires_at):
            return token
        if vault.seize(connection_id, token.version, owner, now):
            try:
                data = renew(token.data)
            except HubError:
                vault.release(connection_id, owner)
                raise
            vault.save(connection_id, owner, data, expiry(data, now))
            return vault.token(connection_id)
        time.wait(STEP)
    raise Retry(f"{connection_id}: another worker has been renewing the token for {PATIENCE:.0f} seconds")


def expiry(data: Mapping[str, Any], now: datetime) -> datetime | None:
    """When a token reply's access token ends; None where it says nothing, or nothing that can be believed."""
    try:
        seconds = float(data.get("expires_in") or 0)
    except (TypeError, ValueError):
        return None
    return now + timedelta(seconds=min(seconds, 10 * 365 * 86400)) if seconds > 0 else None
