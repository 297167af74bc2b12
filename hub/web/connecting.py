"""What the pages that connect share: their forms, keeping the app that people sign in with, and how it went."""

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hub.errors import BadInput, HubError
from hub.remote.oauth import WRONG_CLIENT
from hub.spec import Connector, OAuth2
from hub.store import connections
from hub.store.connections import App, Connection
from hub.sync import connect
from hub.sync.connect import Begun
from hub.sync.hub import auth_of, authorization_origin
from hub.web.here import hub, line, noted

OF_THE_APP = ("client_id", "client_secret", "webhook_secret")
"""The fields in which an app's credentials are entered."""


def form(connector: Connector, said: Mapping[str, Any], *, way: str | None = None, problem: HubError | None = None) -> Response:
    """What to prepare, and the forms, filled with what was said; `way` is the one with the problem."""
    with hub().database.reading() as tx:
        apps = [found for found in connections.apps(tx, hub().seal) if found.connector == connector.id]
    page = render_template(
        "connect.html",
        connector=connector,
        ways={auth.kind: auth for auth in connector.auth},
        way=way,
        problem=problem,
        said=said,
        apps=apps,
        wanted=not apps or _of_the_app(problem),
        environments=connect.environments(hub(), connector),
        public_url=hub().settings.public_url,
        **_callback(connector),
    )
    return make_response(page, 422 if problem else 200)


def renewal(connection: Connection, connector: Connector, problem: HubError | None = None) -> Response:
    """The form that gives a connection new credentials, its app's too where those are missing or wrong."""
    auth = auth_of(connector, connection.auth)
    app = _app(connector, connection.answers, connection.environment) if isinstance(auth, OAuth2) else None
    page = render_template(
        "renew.html",
        connection=connection,
        connector=connector,
        auth=auth,
        problem=problem,
        app=app,
        wanted=app is None or _of_the_app(problem) or WRONG_CLIENT in (connection.problem or ""),
        **_callback(connector),
    )
    return make_response(page, 422 if problem else 200)


def not_connected(connector: Connector, start: Begun | None, problem: HubError) -> Response:
    """Back from a sign-in that came to nothing: where to correct it, or where to begin again."""
    held = None
    if start is not None and start.connection_id is not None:
        with hub().database.reading() as tx:
            held = connections.get(tx, start.connection_id)
    if start is not None and _of_the_app(problem):
        if held is not None:
            return renewal(held, connector, problem)
        app = _app(connector, start.made["answers"], start.made["environment"])
        said = {**start.made["answers"], **start.made, "client_id": app.client_id if app else ""}
        return form(connector, said, way=OAuth2.kind, problem=problem)
    return make_response(render_template("not_connected.html", connector=connector, held=held, problem=problem), 422)


def states() -> dict[str, str]:
    """The state of every connection, by id: what `connected` compares with."""
    with hub().database.reading() as tx:
        return {each.id: each.state for each in connections.everyone(tx)}


def connected(made: Connection, before: Mapping[str, str]) -> Response:
    """To the connection, saying whether it is a new one, a renewed one or one that was taken up again."""
    noted(connection=made.id)
    match before.get(made.id):
        case None:
            flash(f"{made.label} is connected. The first sync has begun.")
        case connections.DISCONNECTED:
            flash(f"{made.label} is connected again; it kept its id and its data.")
        case _:
            flash(f"{made.label} is connected again.")
    return redirect(url_for("connections.detail", connection_id=made.id), code=303)


def keep_app(connector: Connector, answers: Mapping[str, str], environment: str) -> None:
    """Store the app's credentials where they were entered; BadInput where there are none yet for this address."""
    origin = _origin(connector, answers, environment)
    client_id = line("client_id", label="The client ID", required=False)
    secret = line("client_secret", label="The client secret", required=bool(client_id), longest=1000)
    if not client_id:
        if secret or _app(connector, answers, environment) is None:
            raise BadInput(f"enter the client ID and the secret of the app you registered at {origin}", where="client_id")
        return
    signing = line("webhook_secret", label="The signing secret", required=False, longest=1000) or None
    with hub().database.writing() as tx:
        connections.put_app(tx, hub().seal, connector.id, origin, client_id=client_id, secret=secret, webhook_secret=signing)
    noted(app=origin)


def chosen_environment(connector: Connector) -> str:
    """The environment that was chosen, or else the usual one."""
    known = connect.environments(hub(), connector)
    said = request.form.get("environment", known[0])
    if said not in known:
        raise BadInput("choose one of the environments", where="environment")
    return said


def _origin(connector: Connector, answers: Mapping[str, str], environment: str) -> str:
    auth = next((each for each in connector.auth if isinstance(each, OAuth2)), None)
    if auth is None:
        raise BadInput(f"{connector.label} has no sign-in of this kind")
    return authorization_origin(hub().endpoint(connector, answers, environment), auth)


def _app(connector: Connector, answers: Mapping[str, str], environment: str) -> App | None:
    origin = _origin(connector, answers, environment)
    with hub().database.reading() as tx:
        return connections.app(tx, connector.id, origin, hub().seal)


def _of_the_app(problem: HubError | None) -> bool:
    return isinstance(problem, BadInput) and problem.where in OF_THE_APP


def _callback(connector: Connector) -> dict[str, Any]:
    """The address that people come back to, and whether systems may turn it down for not being https."""
    address = hub().redirect_uri(connector.id)
    parts = urlsplit(address)
    return {"callback": address, "open_line": parts.scheme == "http" and not _loopback(parts.hostname or "")}


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
