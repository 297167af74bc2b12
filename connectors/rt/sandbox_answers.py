"""How Request Tracker 5.0.3 frames its answers: pages, failures, references, tokens; recorded in tests/connectors/rt."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from connectors.rt.sandbox_query import WrongQuery
from hub.sandbox.standin import Controls

Json = dict[str, Any]
PREFIX = "/REST/2.0"
_MOST = 100


def failure(status: int, message: str) -> Response:
    """A refusal in RT's words."""
    failed = jsonify(message=message)
    failed.status_code = status
    return failed


def base() -> str:
    """The address of the API as the client knows it."""
    return request.host_url.rstrip("/") + PREFIX


def reference(kind: str, shown: object) -> Json:
    """How one record names another."""
    return {"type": kind, "id": shown, "_url": f"{base()}/{kind}/{shown}"}


def fields(of: str = "") -> list[str]:
    """The fields asked for, of the records or of the people and queues in them."""
    return [name for name in request.values.get(f"fields[{of}]" if of else "fields", "").split(",") if name]


def _whole(name: str, default: int) -> int:
    """A parameter that is a positive whole number; RT takes the default for anything else."""
    text = request.values.get(name, "")
    return int(text) if text.isdecimal() and int(text) else default


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
    per_page, page = min(_whole("per_page", 20), _MOST), _whole("page", 1)
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


def protect(app: Flask, controls: Controls, first: str) -> None:
    """Let in who has a token, answer failures as RT does; the control door gains `token` and `revoke`."""
    tokens = {first}

    def admit() -> Response | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        known = scheme == "token" and token in tokens
        return None if known or not request.path.startswith(PREFIX) else failure(401, "Unauthorized")

    def give(_said: object) -> Json:
        tokens.add(given := f"{first}-{len(tokens)}")
        return {"token": given}

    def revoke(said: Any) -> Json:
        tokens.discard(str(said.get("token", first)))
        return {"tokens": len(tokens)}

    def plain(error: HTTPException) -> Response:
        status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
        return failure(status, status.phrase)

    app.before_request(admit)
    app.register_error_handler(WrongQuery, lambda error: failure(400, str(error)))
    app.register_error_handler(HTTPException, plain)
    controls.acts.update(token=give, revoke=revoke)
