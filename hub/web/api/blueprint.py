"""The blueprints of the API: strict about what they take, and every error a problem document."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Request, Response, request
from flask_smorest import Blueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, HTTPException, NotFound, ServiceUnavailable, UnsupportedMediaType

from hub.errors import BadInput
from hub.spec.jsontext import loads
from hub.store.database import Away
from hub.web.api.keys import View, allowed, required
from hub.web.api.problems import problem
from hub.web.schemas import Problem

LARGEST = 1_000_000
"""Bytes of a request's body."""

Shape = type[Schema]


class Arguments(FlaskParser):
    """Reads JSON with the hub's own limits."""

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ARG002 - webargs' signature
        """The parsed body, whatever characters, numbers and depths it holds."""
        if not req.is_json:
            raise UnsupportedMediaType("Send application/json.")
        try:
            return loads(req.get_data(), limit=LARGEST)
        except BadInput as error:
            raise BadRequest(f"The body is {error}.") from error


def answering(name: str) -> Blueprint:
    """A blueprint below /api/v1 whose errors are problems and whose bodies are short."""
    found = Blueprint(name, __name__, url_prefix="/api/v1", template_folder="templates")
    found.ARGUMENTS_PARSER = Arguments()
    found.register_error_handler(HTTPException, problem)
    for kind in Away:
        found.register_error_handler(kind, _away)
    found.before_request(_bounded)
    return found


def offers(
    rule: str,
    scope: str,
    gives: Shape,
    *,
    tag: str,
    query: Shape | None = None,
    body: Shape | None = None,
    also: Mapping[int, tuple[Shape | None, str]] | None = None,
) -> Callable[[View], View]:
    """Serve a view at a path to keys with a scope: POST where it takes a body, else GET.

    The view is called with its query or its body, checked, and with the parts of its path. `also` are the answers that need
    an explanation, by status.
    """

    def decorated(view: View) -> View:
        found = api.response(200, gives)(view)
        for status, (shape, said) in (also or {}).items():
            kind = "application/problem+json" if shape is Problem else "application/json"
            found = api.alt_response(status, schema=shape, description=said, content_type=kind)(found)
        for schema, location in ((query, "query"), (body, "json")):
            if schema is not None:
                found = api.arguments(schema, location=location, unknown=None)(found)
        found = api.doc(security=[{"key": [scope]}])(allowed(scope)(found))
        api.add_url_rule(rule, view_func=found, methods=["POST" if body else "GET"], tags=[tag])
        return view

    return decorated


def _bounded() -> None:
    request.max_content_length = LARGEST
    if "\0" in request.path:
        raise NotFound


def _away(_error: Exception) -> Response:
    return problem(ServiceUnavailable("The database is busy. Nothing was lost; try again in a moment.", retry_after=2))


api = answering("api")
api.before_request(required)
