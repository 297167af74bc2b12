"""What went wrong, as problem documents (RFC 9457) of one shape."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

from hub.spec.jsontext import dumps

_KEPT = frozenset({"allow", "retry-after", "www-authenticate"})
_FAULT = 500


def problem(error: HTTPException) -> Response:
    """The answer that an error of HTTP becomes; errors of validation are listed by the dotted name of their field."""
    code = error.code or _FAULT
    body: dict[str, Any] = {"type": "about:blank", "title": error.name, "status": code}
    sent = getattr(error, "data", None) or {}
    if "messages" in sent:
        body |= {"detail": "Some of what was sent does not fit.", "errors": dict(_flat(sent["messages"]))}
    elif error.description:
        body["detail"] = error.description
    headers = [(name, value) for name, value in error.get_headers() if name.lower() in _KEPT]
    return Response(dumps(body), code, headers, content_type="application/problem+json")


def _flat(messages: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The messages without their location (query, json), which the names of the fields make plain."""
    for found in messages.values():
        yield from _named(found, "")


def _named(messages: Any, path: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(messages, Mapping):
        for name, held in messages.items():
            yield from _named(held, f"{path}.{name}".removeprefix(".").removesuffix("._schema"))
    else:
        yield path or "_schema", [str(message) for message in messages]
