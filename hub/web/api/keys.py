"""Which program is asking, and what its key allows."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from flask import g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from hub.store import access
from hub.store.access import ApiKey
from hub.store.database import Away
from hub.web.here import address, hub

READ, PII, PUSH, BACKFILL, ADMIN = access.SCOPES
_IMPLIED = {PII: frozenset({READ}), BACKFILL: frozenset({PUSH})}

View = Callable[..., Any]


def asking() -> ApiKey | None:
    """The key that this request brings, if it is one that holds."""
    if "api_key" not in g:
        g.api_key = _looked_up()
    found: ApiKey | None = g.api_key
    return found


def by() -> str:
    """The key that is asking, as what a decision says who made it."""
    found = asking()
    return f"key:{found.id}" if found else ""


def bucket() -> str:
    """Whose calls count together against the limit: a key's, or an address's that brings none."""
    found = asking()
    return f"key:{found.id}" if found else f"address:{address()}"


def required() -> None:
    """Let nobody in without a key."""
    if asking() is None:
        said = {"error": "invalid_token"} if "Authorization" in request.headers else {}
        raise Unauthorized("Send an API key of this hub: `Authorization: Bearer hub_…`.", www_authenticate=_challenge(**said))


def holds(scope: str) -> bool:
    """Whether the key that is asking has a scope, or one that includes it."""
    found = asking()
    return found is not None and any(scope == held or scope in _IMPLIED.get(held, ()) for held in found.scopes)


class Lacking(Forbidden):
    """The key holds, but not for this (RFC 6750, section 3.1)."""

    def __init__(self, scope: str) -> None:
        """`scope` is the one that is wanted."""
        super().__init__(f"This key lacks the scope {scope}. An admin makes keys under Settings, API keys.")
        self.scope = scope

    def get_headers(self, *values: Any, **named: Any) -> list[tuple[str, str]]:
        """The usual ones, and what would be enough."""
        challenge = _challenge(error="insufficient_scope", scope=self.scope)
        return [*super().get_headers(*values, **named), ("WWW-Authenticate", str(challenge))]


def demand(scope: str) -> None:
    """Refuse a key without this scope."""
    if not holds(scope):
        raise Lacking(scope)


def allowed(scope: str) -> Callable[[View], View]:
    """Open a view to keys with this scope."""

    def decorated(view: View) -> View:
        @wraps(view)
        def answer(*values: Any, **named: Any) -> Any:
            demand(scope)
            return view(*values, **named)

        return answer

    return decorated


def _looked_up() -> ApiKey | None:
    scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    now = hub().time.now()
    with hub().database.reading() as tx:
        found = access.key(tx, presented.strip(), now)
    if found is not None and access.worth_noting(found, now):
        with suppress(*Away), hub().database.writing() as tx:
            access.key_used(tx, found, now)
    return found


def _challenge(**said: str) -> WWWAuthenticate:
    return WWWAuthenticate("bearer", {"realm": "Ciclo Hub", **said})
