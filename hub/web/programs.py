"""The API keys of programs: made here, shown once, revoked here."""

from datetime import datetime, timedelta
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.errors import BadInput
from hub.store import access
from hub.web.guard import ADMINISTER, Page
from hub.web.here import hub, line, noted

LASTING = ("30", "90", "365", "")
"""Days that a key may hold; empty for one without end."""


def keys() -> Any:
    """All keys, without their secrets."""
    return _page()


def make() -> Any:
    """A new key; its text is in this answer and nowhere else."""
    now = hub().time.now()
    try:
        label, ends = line("label", label="What the key is for"), _end(now)
        with hub().database.writing() as tx:
            made, text = access.new_key(tx, now, label=label, scopes=request.form.getlist("scopes"), expires_at=ends)
    except BadInput as error:
        return _page(problem=f"{error}.")
    noted(key=made.id, scopes=sorted(made.scopes))
    return _page(shown=text)


def revoke(key_id: str) -> Any:
    """End a key for good."""
    with hub().database.writing() as tx:
        if not access.revoke_key(tx, key_id, hub().time.now()):
            raise NotFound("There is no key of that name that still holds.")
    flash("The key is revoked. Programs that use it are refused from now on.")
    return redirect(url_for("programs.keys"), code=303)


def _end(now: datetime) -> datetime | None:
    days = request.form.get("days", "")
    if days not in LASTING:
        raise BadInput("choose how long the key holds", where="days")
    return now + timedelta(days=int(days)) if days else None


def _page(*, shown: str | None = None, problem: str | None = None) -> Response:
    now = hub().time.now()
    with hub().database.reading() as tx:
        found = access.api_keys(tx)
    page = render_template("keys.html", keys=found, scopes=access.SCOPES, shown=shown, problem=problem, now=now, lasting=LASTING)
    return make_response(page, 422 if problem else 200)


PAGES = (
    Page(path="/settings/keys", view=keys, roles=ADMINISTER),
    Page(path="/settings/keys/new", view=make, roles=ADMINISTER, methods=("POST",)),
    Page(path="/settings/keys/<key_id>/revoke", view=revoke, roles=ADMINISTER, methods=("POST",)),
)
