"""The API's description, for programs as OpenAPI 3.1 and for people as a page made from it here."""

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, render_template
from flask_smorest import Api

from hub.spec.jsontext import dumps
from hub.web.api.blueprint import answering
from hub.web.api.outline import outline
from hub.web.api.shapes import components
from hub.web.guard import signed_in
from hub.web.schemas import Problem

DESCRIPTION = (
    "One view of every customer, made of the systems that a company already uses. Programs bring a key, made under Settings,"
    " API keys, as `Authorization: Bearer hub_…`. What needs the scope `read:pii` is marked `x-scope` and left out otherwise:"
    " names, addresses, numbers and free text. Times are UTC, amounts are decimal text, errors are problem documents (RFC 9457)."
    " Lists come in the order of ids, which never changes; `next` is the `cursor` of the page after."
)
_SCHEME = {"type": "http", "scheme": "bearer", "description": "A key of this hub: `hub_` and 41 more characters."}


class Described(Api):  # type: ignore[misc]  # flask-smorest has no types
    """The API's description; errors are answered by the blueprints, so that pages keep their own."""

    def _register_error_handlers(self) -> None:
        """None: these would take over every page of the application."""

    def _register_responses(self) -> None:
        """Errors of every kind are problems."""
        content = {"application/problem+json": {"schema": Problem}}
        for status in HTTPStatus:
            if status >= HTTPStatus.BAD_REQUEST:
                described = {"description": status.phrase, "content": content}
                self.spec.components.response(status.name, described, lazy=True)
        self.spec.components.response("DEFAULT_ERROR", {"description": "Any other error", "content": content}, lazy=True)


def described(app: Flask) -> Described:
    """The description of this application's API, still without its paths."""
    info = {"description": DESCRIPTION, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}
    options = {"title": "Ciclo Hub", "version": "1", "openapi_version": "3.1.0", "info": info, "servers": [{"url": "/"}]}
    found = Described(app, spec_kwargs=options)
    found.spec.components.security_scheme("key", _SCHEME)
    for name, shape in components().items():
        found.spec.components.schema(name, shape)
    app.extensions["api"] = found
    return found


def openapi() -> Response:
    """The description as OpenAPI 3.1."""
    return Response(dumps(_spec()), content_type="application/json")


def page() -> str:
    """The description as a page."""
    g.user = signed_in()
    return render_template("api_docs.html", **outline(_spec()))


def _spec() -> dict[str, Any]:
    found: dict[str, Any] = current_app.extensions["api"].spec.to_dict()
    return found


docs = answering("api-docs")
docs.add_url_rule("/openapi.json", view_func=openapi)
docs.add_url_rule("/docs", view_func=page)
