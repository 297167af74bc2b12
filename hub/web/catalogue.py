"""What can be connected, in plain words, and connecting it: sign in with our own app, or enter a key."""

from itertools import groupby
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub import registry
from hub.errors import BadInput, HubError
from hub.spec import Connector, OAuth2
from hub.store import connections
from hub.store.connections import Connection
from hub.sync import connect, push
from hub.sync.hub import PRODUCTION, SANDBOX, SELF_HOSTED, auth_of, authorization_origin
from hub.web.connections import connector_of
from hub.web.guard import ADMINISTER, Page
from hub.web.here import by, connection_or_404, hub, line, noted, session_name


def catalogue() -> Any:
    """Every system there is a connector for, by category."""
    known = sorted((registry.connector(each) for each in registry.connector_ids()), key=lambda each: (each.category, each.label))
    by_category = [(category, list(found)) for category, found in groupby(known, key=lambda each: each.category)]
    return render_template("catalogue.html", categories=by_category, label=push.LABEL)


def new(connector_id: str) -> Any:
    """What to prepare, and the forms."""
    return _form(_connector(connector_id))


def new_push() -> Any:
    """A connection that programs push to: it needs a name and nothing else."""
    if request.method == "GET":
        return render_template("connect_push.html")
    made = push.create(hub(), line("label", label="The name", required=False))
    noted(connection=made.id)
    flash("The push connection is there. Make an API key with the scope push for the program that sends.")
    return redirect(url_for("connections.detail", connection_id=made.id), code=303)


def with_key(connector_id: str) -> Any:
    """Connect by key: the key is tried first, and nothing is kept unless the system accepts it."""
    connector = _connector(connector_id)
    try:
        label, environment = _label(), _environment(connector)
        made = connect.with_key(
            hub(), connector_id, answers=request.form, key=request.form.get("key", ""), label=label, environment=environment
        )
    except HubError as error:
        return _form(connector, way="key", problem=error)
    return _connected(made)


def sign_in(connector_id: str) -> Any:
    """Send the browser to the system's own sign-in, after keeping the app's credentials where they were entered."""
    connector = _connector(connector_id)
    try:
        label, environment = _label(), _environment(connector)
        _keep_app(connector, environment)
        url = connect.begin(
            hub(), connector_id, answers=request.form, label=label, environment=environment, by=by(), session=session_name()
        )
    except HubError as error:
        return _form(connector, way="oauth2", problem=error)
    return render_template("leave.html", connector=connector, url=url)


def callback(connector_id: str) -> Any:
    """Take the browser back from the system's sign-in."""
    connector = _connector(connector_id)
    problem = None
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if not state or not code:
        problem = f"{connector.label} did not let us in. Nothing was changed; start again when you are ready."
    else:
        try:
            made = connect.finish(hub(), connector_id, state=state, code=code, by=by(), session=session_name())
        except HubError as error:
            problem = str(error)
    if problem:
        return make_response(render_template("not_connected.html", connector=connector, problem=problem), 422)
    noted(connection=made.id)
    return _connected(made)


def renew(connection_id: str) -> Any:
    """Give a connection new credentials, keeping its id and its data."""
    with hub().database.reading() as tx:
        connection = connection_or_404(tx, connection_id)
    connector = connector_of(connection)
    if connector is None or connection.state == connections.DISCONNECTED:
        raise NotFound("This connection cannot be signed in again.")
    problem: HubError | None = None
    if request.method == "POST":
        try:
            return _renewed(connection, connector)
        except HubError as error:
            problem = error
    page = render_template("renew.html", connection=connection, auth=auth_of(connector, connection.auth), problem=problem)
    return make_response(page, 422 if problem else 200)


def _renewed(connection: Connection, connector: Connector) -> Any:
    if connection.auth == connect.KEY:
        return _connected(connect.reauthorise_with_key(hub(), connection.id, line("key", label="The key", longest=5000)))
    url = connect.begin(
        hub(),
        connector.id,
        answers=connection.answers,
        label=connection.label,
        environment=connection.environment,
        by=by(),
        session=session_name(),
        connection_id=connection.id,
    )
    return render_template("leave.html", connector=connector, url=url)


def _connected(made: Connection) -> Response:
    noted(connection=made.id)
    flash(f"{made.label} is connected. The first sync has begun.")
    return redirect(url_for("connections.detail", connection_id=made.id), code=303)


def _keep_app(connector: Connector, environment: str) -> None:
    """Store the app's credentials where they were entered; BadInput where there are none yet for this address."""
    auth = auth_of(connector, connect.OAUTH2)
    if not isinstance(auth, OAuth2):
        raise BadInput(f"{connector.label} has no sign-in of this kind")
    endpoint = hub().endpoint(connector, connect.answered(connector, request.form), environment)
    origin = authorization_origin(endpoint, auth)
    client_id = line("client_id", label="The client ID", required=False)
    if not client_id:
        with hub().database.reading() as tx:
            if connections.app(tx, connector.id, origin, hub().seal) is None:
                raise BadInput(f"enter the client ID and the secret of the app you registered at {origin}", where="client_id")
        return
    secret = line("client_secret", label="The client secret", longest=1000)
    signing = line("webhook_secret", label="The signing secret", required=False, longest=1000) or None
    with hub().database.writing() as tx:
        connections.put_app(tx, hub().seal, connector.id, origin, client_id=client_id, secret=secret, webhook_secret=signing)
    noted(app=origin)


def _form(connector: Connector, *, way: str | None = None, problem: HubError | None = None) -> Response:
    ways = {"oauth2" if isinstance(auth, OAuth2) else "key": auth for auth in connector.auth}
    with hub().database.reading() as tx:
        apps = [found for found in connections.apps(tx, hub().seal) if found.connector == connector.id]
    page = render_template(
        "connect.html",
        connector=connector,
        ways=ways,
        way=way,
        problem=problem,
        apps=apps,
        environments=environments(connector),
        callback=hub().redirect_uri(connector.id),
        public_url=hub().settings.public_url,
    )
    return make_response(page, 422 if problem else 200)


def environments(connector: Connector) -> list[str]:
    """Where an account of this system can be: at its vendor or on one's own machines, and in the sandbox where that runs."""
    usual = SELF_HOSTED if connector.self_hosted else PRODUCTION
    return [usual, SANDBOX] if connect.sandboxed(hub(), connector.id) else [usual]


def _environment(connector: Connector) -> str:
    known = environments(connector)
    said = request.form.get("environment", known[0])
    if said not in known:
        raise BadInput("choose one of the environments", where="environment")
    return said


def _label() -> str:
    return line("label", label="The name", required=False)


def _connector(connector_id: str) -> Connector:
    try:
        return registry.connector(connector_id)
    except KeyError as error:
        raise NotFound("There is no connector for a system of that name.") from error


_NEW = "/settings/connections/new"
PAGES = (
    Page(path=_NEW, view=catalogue, roles=ADMINISTER),
    Page(path=f"{_NEW}/push", view=new_push, roles=ADMINISTER, methods=("GET", "POST")),
    Page(path=f"{_NEW}/<connector_id>", view=new, roles=ADMINISTER),
    Page(path=f"{_NEW}/<connector_id>/key", view=with_key, roles=ADMINISTER, methods=("POST",)),
    Page(path=f"{_NEW}/<connector_id>/sign-in", view=sign_in, roles=ADMINISTER, methods=("POST",)),
    Page(path="/oauth/callback/<connector_id>", view=callback, roles=ADMINISTER),
    Page(path="/settings/connections/<connection_id>/renew", view=renew, roles=ADMINISTER, methods=("GET", "POST")),
)
