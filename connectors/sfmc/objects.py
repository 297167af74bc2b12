"""How rows of Marketing Cloud's data extensions are read: a first page names a token, by which the others are asked for.

Rows and links as programs of others recorded them (https://github.com/Accenture/sfmc-devtools); the data views and their
columns: https://help.salesforce.com/s/articleView?id=mktg.mc_as_data_views.htm .
"""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from hashlib import blake2b
from typing import Any, Final

from hub.spec import Next, Record, Reply, Request, Stream, pluck, records

PAGE: Final = 200
"""As many as are written at once; 2500 are allowed."""
SYSTEM_TIME: Final = timezone(timedelta(hours=-6))
"""Rows are written in Central Standard Time all the year, without saying so."""
_EVENTS: Final = {
    "sends": ("Hub_Sent", "EventDate"),
    "opens": ("Hub_Open", "EventDate"),
    "clicks": ("Hub_Click", "EventDate"),
    "bounces": ("Hub_Bounce", "EventDate"),
    "unsubscribes": ("Hub_Unsubscribe", "EventDate"),
    "journeys": ("Hub_JourneyEntry", "EntryDate"),
}


def _columns(part: Any) -> Record:
    return {str(name).lower(): value for name, value in part.items()} if isinstance(part, dict) else {}


def _row(item: Record, name: str) -> Record:
    """A row as one object, known by the digest of its primary key, or of all of it where it has none.

    Rows of different extensions may have the same primary key, so their stream's name is part of the digest.
    """
    keys, values = _columns(item.get("keys")), _columns(item.get("values"))
    told = keys or values
    said = "\0".join((name, *(f"{column}={told[column]}" for column in sorted(told))))
    return {**values, **keys, "id": blake2b(said.encode(errors="replace"), digest_size=16).hexdigest() if told else None}


def _rows(name: str) -> Callable[[Reply], list[Record] | None]:
    """The rows of an answer; where there are none, it has no `items`."""

    def rows(reply: Reply) -> list[Record] | None:
        if pluck(reply.body, "items") is None and pluck(reply.body, "count") is None:
            return None
        return [_row(item, name) for item in records(pluck(reply.body, "items") or [], "")]

    return rows


def _onward(_request: Request, reply: Reply) -> Next | None:
    """Where the next page is, told from below /data."""
    link = pluck(reply.body, "links.next")
    return Next(request=Request(path=f"/data{link}")) if isinstance(link, str) and link.startswith("/v1/") else None


def _first(extension: str) -> Request:
    return Request(path=f"/data/v1/customobjectdata/key/{extension}/rowset", params={"$page": 1, "$pageSize": PAGE})


def _events(name: str, extension: str, column: str) -> Stream:
    """Events, copied from a data view by a query that may run no more than once a day: so late they may come."""

    def start(since: datetime | None) -> Request:
        first = _first(extension)
        at = since.astimezone(SYSTEM_TIME) if since else None
        return first.asking(**{"$filter": f"{column} gt '{at:%Y-%m-%dT%H:%M:%S}'"}) if at else first

    lag, every = timedelta(hours=36), timedelta(hours=1)
    return Stream(name=name, start=start, following=_onward, records=_rows(name), lag=lag, every=every)


STREAMS: Final = (
    Stream(
        name="subscribers",
        start=lambda _since: _first("Hub_Subscribers"),
        following=_onward,
        records=_rows("subscribers"),
        id="subscriberkey",
        incremental=False,
        every=timedelta(hours=1),
        sweep=timedelta(hours=1),
    ),
    *(_events(name, extension, column) for name, (extension, column) in _EVENTS.items()),
)
