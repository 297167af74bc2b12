"""How the API writes its answers: JSON of what the schema names, with a tag where one thing is asked for."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request
from marshmallow import Schema
from werkzeug.wrappers import Response as AnyResponse

from hub.spec.jsontext import dumps


def answer(schema: type[Schema], value: Any, status: int = 200) -> Response:
    """A value as its schema writes it."""
    return Response(dumps(schema().dump(value)), status, content_type="application/json")


def tagged(schema: type[Schema], value: Any) -> AnyResponse:
    """The same with an ETag; 304 for who has it already (RFC 9110, section 13.1.2)."""
    found = answer(schema, value)
    found.add_etag()
    found.headers["Cache-Control"] = "private, no-cache"
    return found.make_conditional(request)


def page(schema: type[Schema], items: Sequence[Any], limit: int) -> Response:
    """A page of a list of which one item more than `limit` was asked for, to know whether there is another page."""
    more = len(items) > limit
    shown = items[:limit]
    return answer(schema, {"items": shown, "next": shown[-1].id if more else None})
