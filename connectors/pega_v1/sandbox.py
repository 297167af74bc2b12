"""A stand-in for Pega's API v1: data pages with a parameter, as the clipboard has them, for an operator or a token."""

# https://community.pega.com/knowledgebase/articles/data-integration/pega-api-pega-platform-81 , and the paths, descriptions and
# errors of the Swagger description that a Pega shows of its API v1 (tests/connectors/pega_v1/README.md). Invented here, since
# not documented: the numbers of the errors, and that a parameter that is no moment is refused.

import re
from functools import partial
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.pega.sandbox_records import CHANGED, CREATED, SHOWN, TEXTS, Application, signing_in, standin
from hub.sandbox.answers import Failure, View, json_app, routes
from hub.sandbox.consent import basic
from hub.sandbox.gate import guard, has_token
from hub.sandbox.keys import Keys
from hub.sandbox.limits import Window
from hub.sandbox.standin import Controls
from hub.sandbox.world import World

LOGIN = "hub@ciclo:sandbox-password"
_BASE = "/prweb/api/v1"
# The rows to which a report is limited by itself.
_MOST = 500
_MOMENT = {"D_HubCases": CHANGED, "D_HubPosts": CREATED}
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d\.\d{3})Z")
_DAY = re.compile(r"^(\d{4})-(\d\d)-(\d\d)$")
_SINCE = re.compile(r"\d{8}T\d{6}\.\d{3} GMT")
_ERRORS = {
    400: ("Pega_API_001", "Parameter is not a valid date time"),
    401: ("Pega_API_002", "Unauthorized"),
    404: ("Pega_API_003", "Data page not found"),
    429: ("Pega_API_004", "Too many requests"),
}


def _refused(status: int, **headers: str) -> Failure:
    number, told = _ERRORS[status]
    errors = [{"ID": number, "message": told, "pxObjClass": "Pega-API-Error"}]
    return Failure(status, {"pxObjClass": "Pega-API", "errors": errors}, **headers)


def _named(page: str) -> str:
    if page not in SHOWN:
        raise _refused(404)
    return page


def _clipboard(value: Any) -> Any:
    """As the clipboard has it: all text, moments and days in Pega's own form, and nothing of what is empty."""
    if isinstance(value, dict):
        return {name: _clipboard(held) for name, held in value.items() if held is not None}
    if isinstance(value, list):
        return [_clipboard(each) for each in value]
    return _DAY.sub(r"\1\2\3", _ISO.sub(r"\1\2\3T\4\5\6 GMT", str(value)))


def _described(page: str) -> ResponseReturnValue:
    """What a data page is of, and its parameters."""
    kind = TEXTS["views"][_named(page)]["classID"]
    since = {"name": "Since", "description": "Only later ones", "dataType": "DATETIME", "required": "false"}
    return jsonify(dataTypeID=kind, ID=page, name=page, structure="list", parameters=[since])


def _listed(application: Application, page: str) -> ResponseReturnValue:
    """The oldest of what has the given moment or a later one; parameters that a data page does not have change nothing."""
    moment, since = _MOMENT[_named(page)], request.args.get("Since", "")
    if since and not _SINCE.fullmatch(since):
        raise _refused(400)
    rows = [_clipboard(row) for row in application.rows(page)]
    later = sorted((row for row in rows if row[moment] >= since), key=lambda row: str(row[moment]))[:_MOST]
    return jsonify(pxObjClass="Code-Pega-List", pxResultCount=str(len(later)), pxResults=later)


def _authenticated() -> ResponseReturnValue:
    return "", 200


def _app(world: World, controls: Controls) -> Flask:
    app, application, keys = json_app(__name__), Application("pega_v1", world, controls), Keys(controls, LOGIN)
    views: dict[str, View] = {"GET /data/<page>/metadata": _described, "GET /data/<page>": partial(_listed, application)}
    routes(app, _BASE, {**views, "GET /authenticate": _authenticated})
    server = signing_in(app, controls)

    def known() -> bool:
        return keys.scopes(basic()) is not None or has_token(server)

    guard(app, _BASE, controls, Window(1000, 60), known=known, refused=_refused)
    return app


STANDIN = standin("pega_v1", _app, LOGIN)
