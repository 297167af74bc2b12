"""How pages write times, numbers, money and names of systems; the sentences themselves stand in the templates."""

import base64
import binascii
import json
from datetime import UTC, datetime, tzinfo

from flask import Flask
from werkzeug.exceptions import BadRequest

from hub import registry
from hub.store import candidates
from hub.web import plain
from hub.web.here import hub
from hub.web.plain import amount

_STEPS = ((60, 1, "second"), (3600, 60, "minute"), (86_400, 3600, "hour"), (30 * 86_400, 86_400, "day"))
_NOW, _MANY = 5, 100


def install(app: Flask) -> None:
    """Give templates these as filters."""
    for function in (ago, amount, clock, day, initials, moment, number, outward, system, unread_count):
        app.add_template_filter(function)
    app.jinja_env.globals["plain"] = plain
    app.add_template_global(waiting)


def waiting() -> int:
    """How many pairs of customers wait for somebody to say whether they are one."""
    with hub().database.reading() as tx:
        return candidates.count(tx)


def ago(value: datetime | None) -> str:
    """How far a moment is from now, in words: `5 minutes ago`, `in 2 hours`; further than a month as a date."""
    if value is None:
        return "never"
    seconds = (hub().time.now() - value).total_seconds()
    if abs(seconds) < _NOW:
        return "just now"
    for limit, size, unit in _STEPS:
        if abs(seconds) < limit:
            count = int(abs(seconds) // size)
            said = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{said} ago" if seconds > 0 else f"in {said}"
    return f"{value:%-d %b %Y}"


def moment(value: datetime | str | None) -> str:
    """A moment to the minute, in UTC."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{found:%-d %b %Y, %H:%M} UTC" if found else "-"


def day(value: datetime | str | None, zone: tzinfo = UTC, *, whole: bool = False) -> str:
    """The day of a moment in a zone; where only the day is known (`whole`) and it begins at midnight UTC, it is that day."""
    if value is None:
        return "-"
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    written_so = whole and found.astimezone(UTC).time() == datetime.min.time()
    return f"{found.astimezone(UTC if written_so else zone):%-d %b %Y}"


def clock(value: datetime, zone: tzinfo) -> str:
    """The time of day of a moment in a zone; nothing at midnight UTC, which is how a mere day is written."""
    return "" if value.astimezone(UTC).time() == datetime.min.time() else f"{value.astimezone(zone):%H:%M}"


def number(value: int | None) -> str:
    """A whole number that can be read."""
    return "-" if value is None else f"{value:,}"


def outward(url: str | None) -> str:
    """A web address that a source gave, or nothing: any other kind of link could run as a script of ours."""
    return url if url and url.lower().startswith(("https://", "http://")) else ""


def system(name: str) -> str:
    """What a system is called."""
    return registry.connector(name).label if name in (*registry.connector_ids(), *registry.BUILT_IN) else name


def unread_count(said: str) -> str:
    """How many filled fields a run found that no mapping reads; at a hundred the run stopped counting."""
    count = len(json.loads(said))
    return f"{count}+" if count >= _MANY else str(count)


def initials(name: str) -> str:
    """One or two letters that stand for a name."""
    parts = [part for part in name.split() if part[0].isalnum()]
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper() or "?"


def cursor(place: tuple[str, ...] | None) -> str | None:
    """A place in a list as one word for an address."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=") if place else None


def place(said: str | None) -> tuple[str, str] | None:
    """The place that a cursor names; the page of a bad request for one that names none."""
    if not said:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
        name, key = found
    except (ValueError, TypeError, binascii.Error, UnicodeError, RecursionError) as error:
        raise BadRequest("This address leads to no page of the list.") from error
    if not (isinstance(name, str) and isinstance(key, str)) or not (name + key).isprintable():
        raise BadRequest("This address leads to no page of the list.")
    return name, key


def row_number(said: str | None) -> int | None:
    """The number of a row in an address; the page of a bad request for anything else."""
    if not said:
        return None
    if not said.isascii() or not said.isdigit() or len(said) > 18:  # noqa: PLR2004 - the digits that 64 bits hold
        raise BadRequest("This address leads to no page of the list.")
    return int(said)
