"""How Request Tracker 5.0.3 frames its answers: pages, failures, references, tokens; recorded in tests/connectors/rt."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from connectors.rt.sandbox_query import WrongQuery
from hub.sandbox.answers import Failure, Json, number
from hub.sandbox.keys import Keys
from hub.sandbox.rows import Row
from hub.sandbox.standin import Controls

PREFIX = "/REST/2.0"
_MOST = 100


def reference(kind: str, shown: object) -> Json:
    """How one record names another."""
    return {"type": kind, "id": shown, "_url": f"{request.host_url.rstrip('/')}{PREFIX}/{kind}/{shown}"}


def fields(of: str = "") -> list[str]:
    """The fields asked for, of the records or of the people and queues in them."""
    return [name for name in request.values.get(f"fields[{of}]" if of else "fields", "").split(",") if name]


def _other_page(page: int) -> str:
    """The address of another page. RT leaves an empty pair where `page` stood before other parameters."""
    pairs = parse_qsl(request.query_string.decode(), keep_blank_values=True)
    names = [name for name, _ in pairs]
    if "page" in names:
        at = names.index("page")
        pairs[at : at + 1] = [("", "")] if at + 1 < len(pairs) else []
    query = urlencode([*pairs, ("page", str(page))], safe="'()!*~")
    return f"{request.base_url}?{query}"


def paged(found: Sequence[int], shown: Callable[[int], Json], *, counts_pages: bool = True) -> Response:
    """A page of ids. Lists of a group's members do not say how many pages there are, nor where the next one is."""
    per_page, page = min(number("per_page", 20), _MOST), number("page", 1)
    items = [shown(identity) for identity in found[(page - 1) * per_page : page * per_page]]
    frame: Json = {"count": len(items), "total": len(found), "per_page": per_page, "page": page, "items": items}
    pages = -(-len(found) // per_page)
    if counts_pages:
        frame["pages"] = pages or 0.0
        if page < pages:
            frame["next_page"] = _other_page(page + 1)
        if page > 1 and pages:
            frame["prev_page"] = _other_page(min(page - 1, pages))
    return jsonify(frame)


def described(kind: str, key: object, wanted: Sequence[str], known: Mapping[str, Json]) -> Json:
    """Something that is always the same, named, with some of its fields."""
    return {**reference(kind, str(key)), **{name: known[str(key)].get(name, "") for name in wanted}}


def listed(kind: str, known: Mapping[str, Json]) -> Response:
    """A page of such things, with the fields asked for."""
    return paged([int(key) for key in known], lambda key: described(kind, key, fields(), known))


def custom_fields(row: Row) -> list[Json]:
    """The one custom field of a ticket with its values."""
    answer = row.fields.get("Satisfaction")
    return [{**reference("customfield", "2"), "name": "Satisfaction", "values": [answer] if answer else []}]


def protect(app: Flask, controls: Controls, first: str) -> None:
    """Let in who has a token, and answer failures as RT does."""
    keys = Keys(controls, first)

    def admit() -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if request.path.startswith(PREFIX) and (scheme != "token" or keys.scopes(token) is None):
            raise Failure(401, {"message": "Unauthorized"})

    def plain(error: HTTPException) -> ResponseReturnValue:
        status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
        return jsonify(message=status.phrase), status

    app.before_request(admit)
    app.register_error_handler(WrongQuery, lambda error: (jsonify(message=str(error)), 400))
    app.register_error_handler(HTTPException, plain)
