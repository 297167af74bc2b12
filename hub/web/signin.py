"""Coming in and going out: sign-in, the one-time links of the first admin and of invitations, one's own account."""

from datetime import timedelta
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.exceptions import Gone
from werkzeug.wrappers import Response

from hub.errors import BadInput
from hub.store import access, audit, sessions, tickets
from hub.store.access import User
from hub.store.database import Transaction
from hub.sync.hub import Hub
from hub.web import passwords
from hub.web.guard import ANYONE, READ, Page
from hub.web.here import SIGNED_IN, address, hub, line, user

FIRST_ADMIN, INVITATION = "first-admin", "invitation"
LINK_LASTS = timedelta(hours=24)
_BY_ACCOUNT, _BY_ADDRESS = 10, 30


def first_admin_link(of: Hub) -> str | None:
    """A fresh one-time link that makes the first admin; None as soon as somebody can sign in as one."""
    with of.database.writing() as tx:
        if access.has_admin(tx):
            return None
        sessions.withdraw(tx, FIRST_ADMIN)
        return link(of, tx, FIRST_ADMIN, {})


def link(of: Hub, tx: Transaction, purpose: str, data: dict[str, Any]) -> str:
    """A one-time link that lets somebody in."""
    now, token = of.time.now(), sessions.secret()
    tickets.issue(tx, purpose, token, data, now + LINK_LASTS)
    return f"{of.settings.public_url}/welcome/{token}"


def sign_in() -> Any:
    """Show the form, or take what was entered."""
    if request.method == "GET":
        return _form()
    email = request.form.get("email", "")
    limits = {f"account:{email.strip().lower()}": _BY_ACCOUNT, f"address:{address()}": _BY_ADDRESS}
    now = hub().time.now()
    with hub().database.reading() as tx:
        wait = sessions.withheld(tx, limits, now)
        found = access.by_email(tx, email)
    if wait:
        return _too_many(wait)
    able = found if found is not None and found.active else None
    if not passwords.fits(able.password if able else None, request.form.get("password", "")) or able is None:
        with hub().database.writing() as tx:
            sessions.failed(tx, limits, now)
        return _form(problem="The address or the password is wrong.", status=422)
    with hub().database.writing() as tx:
        sessions.forgiven(tx, f"account:{able.email}")
        _let_in(tx, able)
    return redirect(_inside(request.form.get("next", "")), code=303)


def sign_out() -> Any:
    """End this browser's session."""
    with hub().database.writing() as tx:
        sessions.end(tx, session[SIGNED_IN])
    session.clear()
    return redirect(url_for("signin.sign_in"), code=303)


def welcome(token: str) -> Any:
    """Let in who holds a one-time link: it is looked at by GET and spent by POST."""
    now = hub().time.now()
    with hub().database.writing() as tx:
        purpose, data = _held(tx, token)
        invited = access.user(tx, data["user_id"]) if "user_id" in data else None
    if request.method == "GET":
        return _welcome(token, invited)
    try:
        email = invited.email if invited else _email()
        name = line("name", label="Your name")
        stored = passwords.hashed(request.form.get("password", ""), not_like=email)
        with hub().database.writing() as tx:
            if tickets.redeem(tx, purpose, token, now) is None:
                raise Gone
            person = invited or access.add_user(tx, now, email=email, name=name, role=access.ADMIN)
            access.change_user(tx, person.id, name=name, password=stored)
            sessions.end_all(tx, person.id)
            _let_in(tx, person)
    except BadInput as error:
        return make_response(_welcome(token, invited, error), 422)
    return redirect("/", code=303)


def account() -> Any:
    """One's own name and password; a new password signs out everywhere else."""
    if request.method == "GET":
        return render_template("account.html", problem=None)
    try:
        stored = _changed_password()
    except BadInput as error:
        return make_response(render_template("account.html", problem=error), 422)
    with hub().database.writing() as tx:
        access.change_user(tx, user().id, password=stored)
        sessions.end_all(tx, user().id)
        _let_in(tx, user())
    flash("Your password is changed; every other browser is signed out.")
    return redirect(url_for("signin.account"), code=303)


def _changed_password() -> str:
    if not passwords.fits(user().password, request.form.get("current", "")):
        raise BadInput("the current password is wrong", where="current")
    return passwords.hashed(request.form.get("password", ""), not_like=user().email)


def _let_in(tx: Transaction, person: User) -> None:
    """Begin a session under a new secret, whatever the browser held before."""
    session.clear()
    session.permanent = True
    session[SIGNED_IN] = sessions.start(tx, person.id, hub().time.now())
    detail = {"address": address()}
    audit.record(tx, hub().time.now(), actor=f"user:{person.id}", action="signin.signed_in", of="", detail=detail)


def _held(tx: Transaction, token: str) -> tuple[str, dict[str, Any]]:
    for purpose in (FIRST_ADMIN, INVITATION):
        data = sessions.waiting(tx, purpose, token, hub().time.now())
        if data is not None and not (purpose == FIRST_ADMIN and access.has_admin(tx)):
            return purpose, data
    raise Gone("This link was used or is too old. Ask an admin for another; the first one is printed when the hub starts.")


def _email() -> str:
    try:
        return validate_email(line("email", label="Your address"), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise BadInput("this is no e-mail address", where="email") from error


def _form(problem: str | None = None, status: int = 200) -> Response:
    with hub().database.reading() as tx:
        nobody = not access.has_admin(tx)
    page = render_template("sign_in.html", problem=problem, nobody=nobody, next=request.values.get("next", ""))
    return make_response(page, status)


def _too_many(wait: int) -> Response:
    answer = _form(f"Too many tries. Wait {wait // 60 + 1} minutes, then try again.", 429)
    answer.headers["Retry-After"] = str(wait)
    return answer


def _welcome(token: str, invited: User | None, problem: BadInput | None = None) -> str:
    return render_template("welcome.html", token=token, invited=invited, problem=problem, shortest=passwords.SHORTEST)


def _inside(target: str) -> str:
    """Where to go after signing in: a path of ours, never another site's address."""
    ours = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if ours else "/"


PAGES = (
    Page(path="/sign-in", view=sign_in, roles=ANYONE, methods=("GET", "POST")),
    Page(path="/welcome/<token>", view=welcome, roles=ANYONE, methods=("GET", "POST")),
    Page(path="/sign-out", view=sign_out, roles=READ, methods=("POST",)),
    Page(path="/account", view=account, roles=READ, methods=("GET", "POST")),
)
