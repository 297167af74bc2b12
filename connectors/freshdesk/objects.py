"""How Freshdesk lists its records: https://developers.freshdesk.com/api/ (pagination, and the filters of each list)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

from hub.spec import Following, Next, Record, Reply, Request, Some, Stream, convert, once, records

ROOT: Final = "/api/v2"
PAGE: Final = 100
"""The most that is allowed; 30 where nothing is said."""
_EVER: Final = datetime(2010, 1, 1, tzinfo=UTC)
"""Before there was Freshdesk: tickets that are asked for without a moment are only those of the last thirty days."""


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _listing(path: str, **params: str) -> Request:
    return Request(path=f"{ROOT}/{path}", params={"per_page": PAGE, "page": 1, **params})


def _contacts(since: datetime | None, **params: str) -> Request:
    return _listing("contacts", **params, **({"_updated_since": _text(since)} if since else {}))


def _tickets(since: datetime | None, **params: str) -> Request:
    return _listing("tickets", updated_since=_text(since or _EVER), order_by="updated_at", order_type="asc", **params)


def _paged(request: Request, reply: Reply) -> Next | None:
    """A page that is not the last names the next one in its header Link; the body is the bare list."""
    if 'rel="next"' not in reply.headers.get("link", ""):
        return None
    return Next(request=request.asking(page=int(str(request.params["page"])) + 1))


def _walked(request: Request, reply: Reply) -> Next | None:
    """Tickets end at the 300th page, but they come in the order of their last change: each page is asked for from there on.

    The last second is asked for twice: whether the moment itself is included is not documented.
    """
    following = _paged(request, reply)
    try:
        moments = [at for each in records(reply.body, "") if (at := convert.instant(each.get("updated_at")))]
    except ValueError:
        return following
    since = _text(max([_EVER, *moments]) - timedelta(seconds=1))
    if following is None or since <= str(request.params["updated_since"]):
        return following
    return Next(request=request.asking(updated_since=since, page=1))


def _removed(record: Record) -> bool:
    return record.get("deleted") is True or record.get("spam") is True


def _some(name: str, **params: str) -> Some:
    return Some(request=lambda ids: Request(path=f"{ROOT}/{name}/{quote(ids[0], safe='')}", params={**params}))


# Whether what changed in the very second that is asked about is listed is not documented; hence a minute more each time.
_LIST: Final = Stream(
    name="contacts", start=_contacts, following=_paged, records="", changed_at="updated_at", lag=timedelta(minutes=1)
)


def _whole(name: str, request: Request, hours: int, following: Following = _paged) -> Stream:
    """A list that cannot be asked for what changed."""
    often = timedelta(hours=hours)
    every = replace(_LIST, name=name, start=lambda _since: request, following=following)
    return replace(every, incremental=False, every=often, sweep=often)


_TICKETS: Final = replace(_LIST, name="tickets", following=_walked, gone=_removed)


def _unlisted(why: str) -> Stream:
    """Tickets that are in no list but this one."""
    return replace(_TICKETS, name=f"{why}_tickets", start=lambda since: _tickets(since, filter=why), tombstones_of="tickets")


REFERENCES: Final = (
    _whole("agents", _listing("agents"), 6),
    _whole("statuses", Request(path=f"{ROOT}/ticket_fields", params={"type": "default_status"}), 6, once()),
)
STREAMS: Final = (
    _whole("companies", _listing("companies"), 1),
    # Who was merged into somebody else, or blocked, is only missing.
    replace(_LIST, some=_some("contacts"), gone=_removed, sweep=timedelta(days=7)),
    replace(_LIST, name="deleted_contacts", start=lambda since: _contacts(since, state="deleted"), tombstones_of="contacts"),
    # What is missing may only have been archived, as tickets are that were closed for long: they are never swept away.
    # https://support.freshdesk.com/en/support/solutions/articles/212901-ticket-archiving
    # To include their requesters would cost as many calls again, and tell what contacts tell.
    replace(_TICKETS, start=lambda since: _tickets(since, include="stats"), some=_some("tickets", include="stats")),
    *map(_unlisted, ("deleted", "spam")),
    # They can be asked for only by when they were given, and the words to them are written after that.
    replace(
        _LIST,
        name="satisfaction_ratings",
        start=lambda since: _listing("surveys/satisfaction_ratings", created_since=_text(since or _EVER)),
        lag=timedelta(days=1),
    ),
)
