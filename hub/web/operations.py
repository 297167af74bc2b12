"""What people do with a connection: sync, pause, rename, confirm what vanished, enter a secret, disconnect."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub import jobs
from hub.errors import BadInput
from hub.store import connections
from hub.sync import connect, decide, push, signed
from hub.web.connections import counts_of, detail
from hub.web.guard import ADMINISTER, OPERATE, Page
from hub.web.here import connection_or_404, hub, line, noted

Work = list[tuple[int, str]]


def sync(connection_id: str) -> Any:
    """Read everything that changed, now."""
    return _done(connection_id, "Syncing now.", lambda: connect.sync_now(hub(), connection_id))


def pause(connection_id: str) -> Any:
    """Read nothing more until it is resumed."""

    def paused() -> Work:
        connect.pause(hub(), connection_id)
        return []

    return _done(connection_id, "Paused. Nothing is read until you resume.", paused)


def resume(connection_id: str) -> Any:
    """Go on where it was paused."""
    return _done(connection_id, "Resumed.", lambda: connect.resume(hub(), connection_id))


def gone(connection_id: str, stream: str) -> Any:
    """Confirm that the many records which a stream misses were deleted."""
    said = "Confirmed. The stream is read once more, and what is still missing then is marked as deleted."
    return _done(connection_id, said, lambda: decide.gone(hub(), connection_id, stream))


def rename(connection_id: str) -> Any:
    """Give a connection another name; its id stays."""

    def renamed() -> Work:
        label = line("label", label="The name")
        with hub().database.writing() as tx:
            connections.change(tx, connection_id, label=label)
        return []

    return _done(connection_id, "Renamed.", renamed)


def webhook_secret(connection_id: str) -> Any:
    """Enter the secret with which the system signs its pushes to this connection's door."""
    secret = line("secret", label="The signing secret", longest=500)
    with hub().database.writing() as tx:
        connection_or_404(tx, connection_id)
        held = connections.subscription(tx, connection_id)
        connections.set_webhook(tx, connection_id, hub().seal, secret=secret, subscription=held)
    flash("The signing secret is saved. Pushes are accepted from now on.")
    return redirect(url_for("connections.detail", connection_id=connection_id), code=303)


def signing_secret(connection_id: str) -> Any:
    """Make the secret with which a program of one's own signs what it sends; its text is in this answer and nowhere else."""
    with hub().database.reading() as tx:
        if connection_or_404(tx, connection_id).connector != push.SYSTEM:
            raise NotFound("This connection is of a system that signs by itself.")
    return detail(connection_id, signing=signed.new_secret(hub(), connection_id))


def disconnect(connection_id: str) -> Any:
    """Ask what becomes of the data, then end the access."""
    with hub().database.reading() as tx:
        connection = connection_or_404(tx, connection_id)
        counts = counts_of(tx, connection_id)
    data = request.form.get("data")
    if request.method == "GET" or data not in {"keep", "delete"}:
        problem = "Choose what becomes of the data." if request.method == "POST" else None
        page = render_template("disconnect.html", connection=connection, counts=counts, problem=problem)
        return make_response(page, 422 if problem else 200)
    problem = connect.disconnect(hub(), connection_id, keep_data=data == "keep")
    noted(data=data)
    over = connection.state == connections.DISCONNECTED
    flash(f"The data of {connection.label} is deleted." if over else f"{connection.label} is disconnected.")
    if problem:
        flash(f"The system itself would not end our access; end it there too. It said: {problem}", "warning")
    return redirect(url_for("connections.listing"), code=303)


def _done(connection_id: str, said: str, act: Callable[[], Work]) -> Response:
    with hub().database.reading() as tx:
        connection_or_404(tx, connection_id)
    try:
        work = act()
    except BadInput as error:
        flash(str(error), "problem")
    except KeyError as error:
        raise NotFound("This connection has no such stream.") from error
    else:
        jobs.enqueue(hub().settings, work)
        flash(said)
    return redirect(url_for("connections.detail", connection_id=connection_id), code=303)


_ONE = "/settings/connections/<connection_id>"
PAGES = (
    Page(path=f"{_ONE}/sync", view=sync, roles=OPERATE, methods=("POST",)),
    Page(path=f"{_ONE}/pause", view=pause, roles=OPERATE, methods=("POST",)),
    Page(path=f"{_ONE}/resume", view=resume, roles=OPERATE, methods=("POST",)),
    Page(path=f"{_ONE}/streams/<stream>/gone", view=gone, roles=OPERATE, methods=("POST",)),
    Page(path=f"{_ONE}/rename", view=rename, roles=ADMINISTER, methods=("POST",)),
    Page(path=f"{_ONE}/webhook-secret", view=webhook_secret, roles=ADMINISTER, methods=("POST",)),
    Page(path=f"{_ONE}/signing-secret", view=signing_secret, roles=ADMINISTER, methods=("POST",)),
    Page(path=f"{_ONE}/disconnect", view=disconnect, roles=ADMINISTER, methods=("GET", "POST")),
)
