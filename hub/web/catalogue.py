"""What can be connected, in plain words, and connecting it or connecting it again: by sign-in, or by a key."""

from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from hub import registry
from hub.errors import BadInput, HubError
from hub.spec import ApiKey, Connector, OAuth2
from hub.store.connections import Connection
from hub.sync import connect, entered, push
from hub.web.connecting import chosen_environment, connected, form, keep_app, not_connected, renewal, states
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
    return form(_connector(connector_id), {})


def new_push() -> Any:
    """A connection that programs push to: it needs a name and nothing else."""
    if request.method == "GET":
        return render_template("connect_push.html")
    made = push.create(hub(), line("label", label="The name", required=False))
    noted(connection=made.id)
    flash("The push connection is there. Make an API key with the scope push for the program that sends.")
    return redirect(url_for("connections.detail", connection_id=made.id), code=303)


def with_key(connector_id: str) -> Any:
    """Connect by a key or what else is entered: it is tried first, and nothing is kept unless the system accepts it."""
    connector, before = _connector(connector_id), states()
    way = request.form.get("way", ApiKey.kind)
    try:
        label, environment = line("label", label="The name", required=False), chosen_environment(connector)
        made = entered.with_credentials(
            hub(), connector_id, way, request.form, answers=request.form, label=label, environment=environment
        )
    except HubError as error:
        return form(connector, request.form, way=way, problem=error)
    return connected(made, before)


def sign_in(connector_id: str) -> Any:
    """Send the browser to the system's own sign-in, after keeping the app's credentials where they were entered."""
    connector = _connector(connector_id)
    try:
        label, environment = line("label", label="The name", required=False), chosen_environment(connector)
        keep_app(connector, connect.answered(connector, request.form), environment)
        url = connect.begin(
            hub(), connector_id, answers=request.form, label=label, environment=environment, by=by(), session=session_name()
        )
    except HubError as error:
        return form(connector, request.form, way=OAuth2.kind, problem=error)
    return render_template("leave.html", connector=connector, url=url)


def callback(connector_id: str) -> Any:
    """Take the browser back from the system's sign-in. What the system says of a refusal is not shown: anybody can write it."""
    connector, before = _connector(connector_id), states()
    state, code = request.args.get("state", ""), request.args.get("code", "")
    start = None
    try:
        start = connect.begun(hub(), connector_id, state=state, by=by(), session=session_name())
        if not code:
            raise _not_let_in(connector)
        made = connect.finish_begun(hub(), start, code)
    except HubError as error:
        return not_connected(connector, start, error if start or code else _not_let_in(connector))
    return connected(made, before)


def _not_let_in(connector: Connector) -> BadInput:
    return BadInput(f"{connector.label} did not let us in. Nothing was changed; start again when you are ready")


def renew(connection_id: str) -> Any:
    """Give a connection new credentials, keeping its id and its data; also one that was disconnected."""
    with hub().database.reading() as tx:
        connection = connection_or_404(tx, connection_id)
    connector = connector_of(connection)
    if connector is None:
        raise NotFound("This connection cannot be signed in again.")
    if request.method == "GET":
        return renewal(connection, connector)
    try:
        return _renewed(connection, connector)
    except HubError as error:
        return renewal(connection, connector, error)


def _renewed(connection: Connection, connector: Connector) -> Any:
    if connection.auth != OAuth2.kind:
        before = states()
        return connected(entered.reauthorise_with(hub(), connection.id, request.form), before)
    keep_app(connector, connection.answers, connection.environment)
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
