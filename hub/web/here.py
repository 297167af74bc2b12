"""What every page needs of the request it answers: the hub, who is signed in, and what was sent, checked."""

import hashlib
from collections.abc import Iterable
from typing import cast

from flask import current_app, g, request, session
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.routing import IntegerConverter

from hub.errors import BadInput
from hub.store import connections
from hub.store.access import User
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync.hub import Hub

LONGEST_LINE = 200
"""Characters of the columns that hold names and labels."""
SIGNED_IN = "session"
"""Under what the cookie keeps the secret of the session."""


class Number(IntegerConverter):
    """A number of a row: no more digits than 64 bits hold for certain."""

    regex = r"[0-9]{1,18}"


def hub() -> Hub:
    """The hub that this application serves."""
    return cast("Hub", current_app.extensions["hub"])


def user() -> User:
    """Who is signed in; only where the page is not open to anyone."""
    return cast("User", g.user)


def by() -> str:
    """The same person as what a decision or an audit row says; pages turn it into a name."""
    return f"user:{user().id}"


def session_name() -> str:
    """A name of this browser's session that is no secret."""
    return hashlib.sha256(str(session[SIGNED_IN]).encode()).hexdigest()[:32]


def address() -> str:
    """Where the request comes from, as far as the configured number of proxies says it."""
    return request.remote_addr or ""


def line(name: str, *, label: str = "", required: bool = True, longest: int = LONGEST_LINE) -> str:
    """A text of one line from the form; BadInput in words for the person who typed it."""
    said = request.form.get(name, "").strip()
    if required and not said:
        raise BadInput(f"{label or name} is missing", where=name)
    if len(said) > longest or not said.isprintable():
        raise BadInput(f"{label or name} must be one line of at most {longest} characters", where=name)
    return said


def refuse_no_text(sent: Iterable[str]) -> None:
    """Refuse what no text of ours may hold: one of the databases would not keep it."""
    if any("\0" in text for text in sent):
        raise BadRequest("What was sent holds a character that is no text.")


def noted(**detail: object) -> None:
    """Put more into the audit row of this change; never a secret, never somebody's data."""
    g.detail = {**g.get("detail", {}), **detail}


def connection_or_404(tx: Transaction, connection_id: str) -> Connection:
    """The connection of that id; the page of a missing one where there is none."""
    try:
        return connections.get(tx, connection_id)
    except KeyError as error:
        raise NotFound("There is no connection of that name.") from error
