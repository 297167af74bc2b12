"""The guard at every page: who is there, whether they may, that the form is ours, and that what changed is written down."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, g, make_response, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from hub.store import audit, sessions
from hub.store.access import ADMIN, OPERATOR, PRIVACY, VIEWER, User
from hub.web.here import SIGNED_IN, address, hub, refuse_no_text

View = Callable[..., Any]

ANYONE = frozenset[str]()
READ = frozenset({VIEWER, OPERATOR, ADMIN, PRIVACY})
OPERATE = frozenset({OPERATOR, ADMIN})
ADMINISTER = frozenset({ADMIN})
REVIEW = frozenset({ADMIN, PRIVACY})

_REFUSED = 400
csrf = CSRFProtect()
LARGE = "large"
"""Under what an application keeps the pages that take more than others: their forms are read when it is known who sends them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A path, what answers it, and who may ask. There is no page without this, so nothing is open by omission."""

    path: str
    view: View
    roles: frozenset[str]
    methods: tuple[str, ...] = ("GET",)
    largest: int | None = None
    """Bytes that a request to it may bring, where that is not what every other page takes."""

    @property
    def endpoint(self) -> str:
        """The module and the name of the view; also what the audit log calls a change."""
        return f"{self.view.__module__.rpartition('.')[2]}.{self.view.__name__}"


def add(app: Flask, page: Page) -> None:
    """Serve a page behind the guard."""
    if page.largest is not None:
        app.extensions.setdefault(LARGE, set()).add(page.endpoint)
    app.add_url_rule(page.path, page.endpoint, _guarded(page), methods=page.methods)


def signed_in() -> User | None:
    """The person whose session this browser's cookie holds."""
    token = session.get(SIGNED_IN)
    if not isinstance(token, str):
        return None
    now = hub().time.now()
    with hub().database.reading() as tx:
        found = sessions.person(tx, token, now)
    if found is None:
        return None
    person, seen_at = found
    if sessions.worth_noting(seen_at, now):
        with hub().database.writing() as tx:
            sessions.seen(tx, token, person.id, now)
    return person


def _guarded(page: Page) -> View:
    @wraps(page.view)
    def answer(**values: Any) -> Response:
        g.user = signed_in()
        if page.roles and g.user is None:
            return _to_sign_in()
        if page.roles and g.user.role not in page.roles:
            raise Forbidden("Your role does not allow this; an admin can change it.")
        if page.largest is not None:
            request.max_content_length = page.largest
            refuse_no_text(request.form.values())
        csrf.protect()
        response = make_response(page.view(**values))
        changed = request.method == "POST" or "detail" in g
        if changed and response.status_code < _REFUSED and g.user is not None:
            _write_down(page, values)
        return response

    return answer


def _to_sign_in() -> Response:
    if request.method == "GET":
        return redirect(url_for("signin.sign_in", next=request.full_path.rstrip("?")))
    return redirect(url_for("signin.sign_in"), code=303)


def _write_down(page: Page, values: dict[str, Any]) -> None:
    detail = {"address": address(), **g.get("detail", {})}
    of = "/".join(str(value) for name, value in values.items() if name != "token")
    with hub().database.writing() as tx:
        audit.record(tx, hub().time.now(), actor=f"user:{g.user.id}", action=page.endpoint, of=of, detail=detail)
