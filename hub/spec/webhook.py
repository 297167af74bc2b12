"""Pushes: whether a delivery is genuine, what it says has changed, and how to have it sent."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.spec.wire import Reply, Request

WINDOW = timedelta(minutes=5)
"""A signed time further off than this is a replay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A push as it reached the door: `url` is the public address it was sent to, header names are lower-case."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A hint that a record changed: it is read again, never taken from the push.

    `account` routes a push of an app that serves many accounts; `key` tells a delivery that is repeated from news; without one
    each is taken for news.
    """

    stream: str
    id: str
    account: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """What a system's pushes are like; `per` says whether its door belongs to a connection or to the app of many."""

    genuine: Callable[[Delivery, str], bool]
    changes: Callable[[Any], Iterable[Change]]
    """From the parsed body."""
    per: str = "connection"
    subscribe: Callable[[str], Request] | None = None
    """The call that registers our address, where the system lets us."""
    secret: Callable[[Reply], str] | None = None
    """The signing secret, out of the answer to `subscribe`."""
    secret_request: Callable[[Reply], Request] | None = None
    """A second call that tells the secret, from the answer to `subscribe`; `secret` then reads its answer."""
    unsubscribe: Callable[[Reply], Request] | None = None
    preparation: str = ""
    signed: bool = True


def hmac_sha256(secret: str, *parts: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) over the parts joined."""
    return hmac.new(secret.encode(), b"".join(parts), hashlib.sha256).digest()


def same(ours: bytes | str, theirs: str | None) -> bool:
    """Whether a signature matches, in constant time; bytes are compared in base64."""
    text = base64.b64encode(ours).decode() if isinstance(ours, bytes) else ours
    return theirs is not None and hmac.compare_digest(text.encode(), theirs.encode(errors="replace"))


def standard(delivery: Delivery, secret: str) -> bool:
    """Whether a delivery is signed as Standard Webhooks 1.0.0 has it, by HMAC-SHA256: `secret` is `whsec_` and base64.

    While a secret is being changed a sender gives several signatures; one that fits is enough.
    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    named, moment = (delivery.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp"))
    if not named or not re.fullmatch(r"\d{1,11}", moment) or not recent(datetime.fromtimestamp(int(moment), UTC), delivery):
        return False
    signed = f"{named}.{moment}.".encode() + delivery.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    ours = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = delivery.headers.get("webhook-signature", "").split(" ")
    return any([same(ours, each) for each in given])  # noqa: C419 - all are compared, so that the time tells nothing


def recent(moment: datetime | None, delivery: Delivery) -> bool:
    """Whether a signed time lies within the window around the receipt."""
    return moment is not None and abs(delivery.received_at - moment) <= WINDOW
