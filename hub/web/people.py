"""Who may sign in and as what, and the log of what everybody changed."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.errors import BadInput
from hub.store import access, audit, sessions
from hub.store.access import User
from hub.store.database import Transaction
from hub.web.guard import ADMINISTER, REVIEW, Page
from hub.web.here import hub, line, noted, user
from hub.web.signin import INVITATION, link
from hub.web.words import row_number


def everyone() -> Any:
    """All people."""
    return _page()


def invite() -> Any:
    """Let somebody new in: their link is shown once, here, for the admin to send."""
    try:
        email = validate_email(line("email", label="The address"), check_deliverability=False).normalized
        with hub().database.writing() as tx:
            role = request.form.get("role", "")
            person = access.add_user(tx, hub().time.now(), email=email, name=None, role=role)
            shown = link(hub(), tx, INVITATION, {"user_id": person.id})
    except (BadInput, EmailNotValidError) as error:
        return _page(problem=str(error) if isinstance(error, BadInput) else "This is no e-mail address.")
    noted(user=person.id, role=person.role)
    return _page(shown=(person, shown))


def new_link(user_id: int) -> Any:
    """A fresh one-time link for somebody who lost theirs, or their password."""
    with hub().database.writing() as tx:
        person = _person(tx, user_id)
        shown = link(hub(), tx, INVITATION, {"user_id": user_id})
    return _page(shown=(person, shown))


def role(user_id: int) -> Any:
    """Make somebody something else; it holds from their next click."""
    wanted = request.form.get("role", "")
    if wanted not in access.ROLES:
        return _page(problem="Choose one of the roles.")
    return _changed(user_id, "The role is changed.", role=wanted)


def deactivate(user_id: int) -> Any:
    """Let somebody in no more, and sign them out everywhere."""
    if user_id == user().id:
        return _page(problem="You cannot deactivate yourself; ask another admin.")
    return _changed(user_id, "Deactivated and signed out everywhere.", deactivated_at=hub().time.now())


def activate(user_id: int) -> Any:
    """Let somebody in again."""
    return _changed(user_id, "Active again.", deactivated_at=None)


def log() -> Any:
    """What was changed, by whom, the newest first."""
    before = row_number(request.args.get("before"))
    with hub().database.reading() as tx:
        found = audit.entries(tx, before)
        names = {f"user:{each.id}": each.name or each.email for each in access.users(tx)}
        broken = audit.broken(tx) if before is None else None
    older = found[-1].id if len(found) == audit.PAGE else None
    return render_template("audit.html", entries=found, names=names, older=older, broken=broken)


def _changed(user_id: int, said: str, **values: Any) -> Response:
    try:
        with hub().database.writing() as tx:
            person = _person(tx, user_id)
            access.change_user(tx, user_id, **values)
            if "deactivated_at" in values:
                sessions.end_all(tx, user_id)
    except BadInput as error:
        return _page(problem=f"{error}.")
    if "role" in values:
        noted(before=person.role, after=values["role"])
    flash(said)
    return redirect(url_for("people.everyone"), code=303)


def _person(tx: Transaction, user_id: int) -> User:
    found = access.user(tx, user_id)
    if found is None:
        raise NotFound("There is nobody with this number.")
    return found


def _page(*, shown: tuple[User, str] | None = None, problem: str | None = None) -> Response:
    with hub().database.reading() as tx:
        found = access.users(tx)
    page = render_template("people.html", people=found, roles=access.ROLES, shown=shown, problem=problem)
    return make_response(page, 422 if problem else 200)


_ONE = "/settings/people/<number:user_id>"
PAGES = (
    Page(path="/settings/people", view=everyone, roles=ADMINISTER),
    Page(path="/settings/people/invite", view=invite, roles=ADMINISTER, methods=("POST",)),
    Page(path=f"{_ONE}/link", view=new_link, roles=ADMINISTER, methods=("POST",)),
    Page(path=f"{_ONE}/role", view=role, roles=ADMINISTER, methods=("POST",)),
    Page(path=f"{_ONE}/deactivate", view=deactivate, roles=ADMINISTER, methods=("POST",)),
    Page(path=f"{_ONE}/activate", view=activate, roles=ADMINISTER, methods=("POST",)),
    Page(path="/settings/audit", view=log, roles=REVIEW),
)
