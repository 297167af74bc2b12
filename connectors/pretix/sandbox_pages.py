"""How pretix 2026.8.0 pages its lists, reads times and leaves out fields; recorded in tests/connectors/pretix."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import Response, jsonify, request
from werkzeug.exceptions import NotFound

from hub.sandbox.answers import Failure, Json, number
from hub.sandbox.chance import milliseconds

_MOST = 50
_T = TypeVar("_T")


def host() -> str:
    """The address of the installation as the client knows it."""
    return request.host_url.rstrip("/")


def _address(page: int) -> str:
    """The address of another page, with the parameters in alphabetical order as Django REST framework writes them."""
    pairs = [(name, value) for name, value in parse_qsl(request.query_string.decode()) if name != "page"]
    return f"{request.base_url}?{urlencode(sorted([*pairs, ('page', str(page))], key=lambda pair: pair[0]))}"


def paged(found: Sequence[_T], shown: Callable[[_T], Json]) -> Response:
    """A page; one beyond the last does not exist."""
    per_page, asked = min(number("page_size", _MOST), _MOST), request.args.get("page", "1")
    pages = max(-(-len(found) // per_page), 1)
    page = pages if asked == "last" else int(asked) if asked.isdecimal() else 0
    if not 1 <= page <= pages:
        raise NotFound("Invalid page.")
    return jsonify(
        count=len(found),
        next=_address(page + 1) if page < pages else None,
        previous=_address(page - 1) if page > 1 else None,
        results=[shown(one) for one in found[(page - 1) * per_page : page * per_page]],
    )


def moment(name: str) -> int | None:
    """A parameter that is a time, in milliseconds since 1970; None when it was not given."""
    text = request.args.get(name)
    if text is None:
        return None
    try:
        given = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise Failure(400, {name: ["Enter a valid date/time."]}) from None
    return milliseconds(given if given.tzinfo else given.replace(tzinfo=UTC))


def pruned(record: Json) -> Json:
    """An order without what `exclude` names and with only what `include` names; both reach into lists by dots."""
    for name in request.args.getlist("exclude"):
        top, _, below = name.partition(".")
        if not below:
            record.pop(top, None)
        for part in record.get(top, ()) if below else ():
            part.pop(below, None)
    wanted = {name.partition(".")[0] for name in request.args.getlist("include")}
    return {name: value for name, value in record.items() if name in wanted} if wanted else record
