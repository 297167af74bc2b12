"""Sign-in, scopes, rate limits and error bodies of the Zendesk stand-in.

https://developer.zendesk.com/api-reference/introduction/security-and-auth/,
https://developer.zendesk.com/documentation/api-basics/authentication/refresh-token/ and
https://developer.zendesk.com/api-reference/introduction/rate-limits/.
"""

from typing import Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from hub.sandbox.answers import Failure, allowance, retry_after, routes
from hub.sandbox.consent import bearer, client_credentials, consent, token_fields
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Grant, Refused, Rules, Unauthorized
from hub.sandbox.standin import Controls
from hub.sandbox.world import World

API_KEY = "sandbox-api-token"
"""The API token with which any member of staff may sign in by Basic: {email}/token:{this}."""
_REFRESH_SECONDS = 30 * 24 * 3600
_INVALID = "The access token provided is expired, revoked, malformed or invalid for other reasons."
_FORBIDDEN = {"title": "Forbidden", "message": "You do not have access to this page. Ask the account's owner for help."}
_LIMITED = {"error": "APIRateLimitExceeded", "description": "Number of allowed API requests per minute exceeded"}


def refused(status: int, error: str, description: str | None = None, **more: Any) -> Failure:
    """An answer that is an error."""
    return Failure(status, {"error": error, **({"description": description} if description else {}), **more})


def missing() -> Failure:
    """The answer where there is no such record."""
    return refused(404, "RecordNotFound", "Not found")


def invalid(field: str, description: str, error: str) -> Failure:
    """The answer to a record that cannot be kept."""
    details = {field: [{"description": description, "error": error}]}
    return refused(422, "RecordInvalid", "Record validation errors", details=details)


class Access:
    """Who may ask what, and how often."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._controls, self._staff = controls, {one.email: one.index for one in world.staff}
        rules = Rules(access_seconds=1800, refresh_seconds=_REFRESH_SECONDS, rotates=True, ends_earlier=True)
        self.server = AuthorizationServer(rules, controls.seconds)
        self._account, self._by_time, self._by_cursor = Window(700, 60), Window(10, 60), Window(20, 60)

    def install(self, app: Flask) -> None:
        """Guard the app's paths and open those of the sign-in."""
        page = consent(self.server, system="Zendesk", account="Ciclo sandbox")
        routes(app, "/oauth", {"GET /authorizations/new": page, "POST /authorizations/new": page, "POST /tokens": self._token})
        routes(app, "/api/v2/oauth", {"DELETE /tokens/current": self._revoke})
        app.before_request(self._guard)
        app.after_request(self._told)

    def _guard(self) -> None:
        """Let a request pass, or answer it with what it lacks."""
        if not request.path.startswith("/api/"):
            return
        self._authorize()
        left = request.environ["zendesk.left"] = allowance(self._controls, self._account)
        if not left.wait and "/incremental/" in request.path:
            window = self._by_cursor if "cursor" in request.path else self._by_time
            left = request.environ["zendesk.export"] = allowance(self._controls, window)
        if left.wait:
            raise Failure(429, _LIMITED, **retry_after(self._controls, left.wait))

    def _authorize(self) -> None:
        """Find out who asks; `zendesk.user` is their place among the staff."""
        token, given = bearer(), request.authorization
        if token is not None:
            try:
                grant = self.server.standing(token)
            except Unauthorized as error:
                raise refused(401, "invalid_token", error_description=_INVALID) from error
            request.environ["zendesk.user"] = 0
            _check_scope(grant)
            return
        name, _, how = (given.username or "").partition("/") if given is not None and given.type == "basic" else ("", "", "")
        if name not in self._staff or how != "token" or given is None or given.password != API_KEY:
            raise refused(401, "Couldn't authenticate you")
        request.environ["zendesk.user"] = self._staff[name]

    def _told(self, response: Response) -> Response:
        """The answer with the headers that tell how much is left."""
        left, export = request.environ.get("zendesk.left"), request.environ.get("zendesk.export")
        if left is not None:
            resets = str(max(1, round(left.resets)))
            response.headers["X-Rate-Limit"] = response.headers["ratelimit-limit"] = str(left.limit)
            response.headers["X-Rate-Limit-Remaining"] = response.headers["ratelimit-remaining"] = str(left.remaining)
            response.headers["ratelimit-reset"] = resets
        if export is not None:
            name = "zendesk-ratelimit-incremental-exports" + ("-cursor" if "cursor" in request.path else "")
            resets = max(1, round(export.resets))
            response.headers[name] = f"total={export.limit}; remaining={export.remaining}; resets={resets}"
        return response

    def _token(self) -> ResponseReturnValue:
        """Exchange a code or refresh, which ends the tokens given before."""
        try:
            grant = self.server.token(token_fields(), client_credentials())
        except Refused as error:
            return jsonify(error=error.code, error_description=error.detail), 401 if error.about == "client" else 400
        tokens = {"access_token": grant.access, "refresh_token": grant.refresh, "token_type": "bearer"}
        lifetimes = {"expires_in": 1800, "refresh_token_expires_in": _REFRESH_SECONDS}
        return jsonify({**tokens, "scope": " ".join(grant.scopes), **lifetimes})

    def _revoke(self) -> ResponseReturnValue:
        """End the token that asks, and what it could be refreshed with."""
        token = bearer()
        if token is None:
            raise missing()
        self.server.revoke(self.server.standing(token).refresh)
        return "", 204


def _check_scope(grant: Grant) -> None:
    """`read` and `write` open everything; `tickets:read` only the paths of tickets."""
    act = "read" if request.method == "GET" else "write"
    parts = request.path.removesuffix(".json").split("/")
    named = next((part for part in parts[3:] if part != "incremental"), "")
    if request.path.startswith("/api/v2/oauth/") or {act, f"{named}:{act}"} & set(grant.scopes):
        return
    raise Failure(403, {"error": _FORBIDDEN})
