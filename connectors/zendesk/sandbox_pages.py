"""The pages of the Zendesk stand-in's lists and exports.

https://developer.zendesk.com/api-reference/introduction/pagination/ and
https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from itertools import islice

from flask import request

from connectors.zendesk.sandbox_access import refused
from hub.sandbox.answers import Json, link, origin
from hub.sandbox.collection import Collection
from hub.sandbox.standin import Controls

Shown = Callable[[Sequence[int]], list[Json]]
LIST_PAGE, EXPORT_PAGE, DEEPEST = 100, 1000, 100
MINUTE = 60
_FIRST = -(2**62)


def whole(name: str, default: int) -> int:
    """A parameter that is a whole number."""
    text = request.args.get(name, str(default))
    if not text.isdecimal():
        raise refused(400, "InvalidValue", f"{name} must be a whole number")
    return int(text)


def _packed(*parts: int) -> str:
    return urlsafe_b64encode("||".join(map(str, parts)).encode()).decode().rstrip("=")


def _unpacked(cursor: str, count: int) -> list[int]:
    """The numbers in a cursor; a cursor that this account never gave is refused."""
    try:
        parts = [int(part) for part in urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("||")]
    except ValueError as error:
        raise refused(400, "InvalidPaginationParameter", "invalid cursor") from error
    if len(parts) != count:
        raise refused(400, "InvalidPaginationParameter", "invalid cursor")
    return parts


class Ids:
    """The ids of a list by position: a whole collection's, or the chosen ones of it."""

    def __init__(self, collection: Collection, chosen: list[int] | None = None) -> None:
        self._collection, self._chosen = collection, chosen

    def __len__(self) -> int:
        return len(self._collection if self._chosen is None else self._chosen)

    def between(self, start: int, stop: int) -> list[int]:
        """Those at the positions from start up to stop."""
        return self._collection.live(start, stop) if self._chosen is None else self._chosen[start:stop]

    def after(self, identity: int, most: int) -> list[int]:
        """The first ones greater than an id."""
        if self._chosen is not None:
            return [one for one in self._chosen if one > identity][:most]
        begin = self._collection.position_after(identity)
        return self._collection.live(begin, begin + most)


def page(key: str, ids: Ids, shown: Shown, controls: Controls) -> Json:
    """A page of a list, by cursor where `page[size]` or `page[after]` asks for it, else by number."""
    if "page[size]" in request.args or "page[after]" in request.args:
        return _by_cursor(key, ids, shown, controls)
    size, number = min(whole("per_page", LIST_PAGE), LIST_PAGE) or LIST_PAGE, whole("page", 1) or 1
    if number > DEEPEST:
        raise refused(400, "InvalidPaginationDepth", f"page must not be greater than {DEEPEST}; use cursors instead")
    found = shown(ids.between((number - 1) * size, number * size))
    return {key: found, **neighbours(number, size, len(ids))}


def neighbours(number: int, size: int, count: int) -> Json:
    """The pages before and after one, and how many records there are on all."""
    return {
        "next_page": link(page=number + 1) if number * size < count else None,
        "previous_page": link(page=number - 1) if number > 1 else None,
        "count": count,
    }


def _by_cursor(key: str, ids: Ids, shown: Shown, controls: Controls) -> Json:
    size = min(whole("page[size]", LIST_PAGE), LIST_PAGE) or LIST_PAGE
    given = request.args.get("page[after]")
    found = ids.after(_unpacked(given, 1)[0] if given else -1, size + 1)
    kept, more = found[:size], len(found) > size
    after = given if controls.faults.repeat_cursor else _packed(kept[-1]) if kept else None
    links = {"prev": None, "next": link(**{"page[after]": after}) if more else None}
    meta = {"has_more": more, "after_cursor": after, "before_cursor": _packed(kept[0]) if kept else None}
    return {key: shown(kept), "meta": meta, "links": links}


def _start(controls: Controls) -> int:
    start = whole("start_time", 0)
    if "start_time" not in request.args:
        raise refused(400, "MissingParameter", "start_time or cursor is needed")
    if start > controls.seconds() - MINUTE:
        raise refused(422, "StartTimeTooRecent", "Too recent start_time. Use a start_time older than 60 seconds")
    return start * 1000


def _latest(controls: Controls) -> int:
    """The newest change an export shows, in milliseconds: what happened in the last minute is kept for the next one.

    https://developer.zendesk.com/documentation/ticketing/managing-tickets/using-the-incremental-export-api
    """
    return controls.until(MINUTE) or controls.clock.now()


def by_cursor(key: str, collection: Collection, shown: Shown, controls: Controls) -> Json:
    """A page of an export from a start time or a cursor; the last cursor stays good for what changes later."""
    size, given = min(whole("per_page", EXPORT_PAGE), EXPORT_PAGE) or EXPORT_PAGE, request.args.get("cursor")
    if given and "start_time" in request.args:
        raise refused(400, "InvalidValue", "start_time and cursor exclude each other")
    moment, last = _unpacked(given, 2) if given else (_start(controls), _FIRST)
    changes = (entry for entry in collection.changed(moment, _latest(controls)) if entry > (moment, last))
    found = list(islice(changes, size + 1))
    kept, ended = found[:size], len(found) <= size
    after = _packed(*(kept[-1] if kept else (moment, last)))
    if controls.faults.repeat_cursor and given:
        after, ended = given, False
    address = f"{origin()}{request.path}.json?cursor={after}"
    return {
        key: shown([one for _, one in kept]),
        "after_url": address,
        "after_cursor": after,
        "before_url": None,
        "before_cursor": None,
        "end_of_stream": ended,
    }


def by_time(key: str, collection: Collection, shown: Shown, controls: Controls) -> Json:
    """A page of an export by time alone; the next one begins with the second in which this one ended."""
    size, start = min(whole("per_page", EXPORT_PAGE), EXPORT_PAGE) or EXPORT_PAGE, _start(controls)
    found = list(islice(collection.changed(start, _latest(controls)), size + 1))
    kept = found[:size]
    end = kept[-1][0] // 1000 if kept else None
    return {
        key: shown([one for _, one in kept]),
        "next_page": link(start_time=end) if end is not None else None,
        "end_time": end,
        "count": len(kept),
        "end_of_stream": len(found) <= size,
    }
