"""From what systems write to what we hold: each takes a raw value, gives None for nothing, raises ValueError for nonsense."""

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from hub.model.values import countable

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EPOCH_MS = 100_000_000_000
"""Numbers above this are milliseconds since 1970: as seconds they would lie after the year 5100."""


def text(value: Any) -> str | None:
    """Text without blanks around it; numbers as their digits; nothing for empty text. Anything else is nonsense."""
    if value is None or isinstance(value, bool):
        return None
    if not isinstance(value, str | int | float):
        raise ValueError("not text")  # noqa: TRY004 - one kind of error for every unreadable value
    return str(value).replace("\0", "").strip() or None


def flag(value: Any) -> bool | None:
    """A truth value, also as the texts and digits that systems use for one."""
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": None}
    try:
        return None if value is None else words[str(value).strip().lower()]
    except KeyError as error:
        raise ValueError("not a truth value") from error


def number(value: Any) -> Decimal | None:
    """A number, exact, also from text; never infinite, never not a number."""
    said = text(value)
    if said is None:
        return None
    try:
        found = Decimal(said)
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not countable(found):
        raise ValueError("not a finite number of at most 30 digits")
    return found


def whole(value: Any) -> int | None:
    """A whole number of at most 64 bits."""
    found = number(value)
    if found is not None and (found != found.to_integral_value() or abs(found) >= 1 << 63):
        raise ValueError("not a whole number of 64 bits")
    return None if found is None else int(found)


def instant(value: Any) -> datetime | None:
    """A moment in UTC from ISO 8601 text or seconds or milliseconds since 1970; a time without zone is taken as UTC.

    The start of 1970 itself is what systems write for "never" (recorded from Request Tracker 5.0.3), so it is nothing.
    """
    said = text(value)
    if said is None:
        return None
    try:
        if said.lstrip("-").replace(".", "", 1).isdigit():
            seconds = float(said)
            found = datetime.fromtimestamp(seconds / 1000 if abs(seconds) > _EPOCH_MS else seconds, tz=UTC)
        else:
            found = datetime.fromisoformat(said)
            found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError("not a moment in time") from error
    return found if found.timestamp() else None


def day(value: Any) -> str | None:
    """A calendar date as YYYY-MM-DD, also the first part of a longer time."""
    said = text(value)
    if said is None:
        return None
    match = _DAY.match(said)
    if match is None:
        raise ValueError("not a date")
    return datetime.fromisoformat(match[0]).date().isoformat()
