"""Moments that a request asks about, and places in lists that are not in the order of ids."""

import base64
import binascii
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import msgspec
from werkzeug.exceptions import UnprocessableEntity

from hub.store.database import Transaction
from hub.sync.lifecycles import When
from hub.sync.organisation import settled
from hub.web.here import hub

Place = TypeVar("Place")


def when(tx: Transaction, asked: dict[str, Any]) -> When:
    """The moments that a query names; a date is its start in the organisation's zone."""
    zone = settled(tx).organisation.zone
    moments = [_moment(asked.get(name), zone) for name in ("as_of", "known_at")]
    return When(as_of=moments[0] or hub().time.now(), known_at=moments[1])


def place(cursor: str | None, shape: type[Place]) -> Place | None:
    """The place in a list that a cursor names; a problem where it is none of ours."""
    if cursor is None:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=shape)
    except (ValueError, binascii.Error) as error:
        raise UnprocessableEntity("`cursor` must be the `next` of an earlier page.") from error


def cursor(*found: Any) -> str:
    """A place in a list as one word."""
    return base64.urlsafe_b64encode(msgspec.json.encode(found)).decode().rstrip("=")


def _moment(said: datetime | date | None, zone: Any) -> datetime | None:
    if said is None or isinstance(said, datetime):
        return said
    return datetime(said.year, said.month, said.day, tzinfo=zone).astimezone(UTC)
