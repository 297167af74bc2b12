"""Sign-in, scopes, rate limits and error bodies of the HubSpot stand-in.

https://developers.hubspot.com/docs/guides/api/app-management/oauth-tokens,
https://developers.hubspot.com/docs/guides/apps/api-usage/usage-details and
https://developers.hubspot.com/docs/reference/api/other-resources/error-handling.
"""

import uuid
from typing import Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.hubspot.sandbox_records import NAMES, TEXTS
from hub.sandbox.answers import Failure, View, allowance, retry_after, routes
from hub.sandbox.consent import bearer, consent, token_fields
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Grant, Refused, Rules, Unauthorized
from hub.sandbox.standin import Controls

PRIVATE_APP = "pat-na1-sandbox"
"""The token of a private app that may do everything."""
_SCOPES = {"tickets": "tickets", "owners": "crm.objects.owners.read"}
# What was not accepted, as the token endpoint calls it.
_BAD = {"code": "AUTH_CODE", "refresh_token": "REFRESH_TOKEN", "redirect_uri": "REDIRECT_URI", "client": "CLIENT_ID"}


def failed(status: int, category: str, message: str, **more: Any) -> Failure:
    """An answer that is an error; `more` joins its body."""
    said = {"status": "error", "message": message, "correlationId": str(uuid.uuid4()), "category": category}
    return Failure(status, {**said, **more})


def wrong(message: str) -> Failure:
    """The answer to a request that does not make sense."""
    return failed(400, "VALIDATION_ERROR", message)


def _needed_scope(path: str, *, writes: bool) -> str | None:
    """The scope a path asks for: that of the first object it names."""
    names = [_SCOPES.get(part, NAMES.get(part, "")) for part in path.split("/")]
    named = next((name for name in names if name), None)
    if named is None or "." in named or named == "tickets":
        return named
    return f"crm.objects.{named}.{'write' if writes else 'read'}"


class Access:
    """Who may ask what, and how often."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self.server = AuthorizationServer(Rules(access_seconds=1800, prefix="CK"), controls.seconds)
        self._burst, self._search = Window(110, 10), Window(5, 1)

    def install(self, app: Flask) -> None:
        """Guard the app's paths and open those of the sign-in."""
        account = f"{TEXTS['grant']['hub_domain']} ({TEXTS['account']['portalId']})"
        page = consent(self.server, system="HubSpot", account=account)
        views: dict[str, View] = {"GET /authorize": page, "POST /authorize": page, "POST /2026-03/token/revoke": self._revoke}
        views |= {"POST /v1/token": self._token, "POST /2026-03/token": self._token}
        routes(app, "/oauth", {**views, "GET /v1/access-tokens/<token>": self._token_info})
        routes(app, "/account-info", {"GET /v3/details": lambda: jsonify(TEXTS["account"])})
        app.before_request(self._guard)
        app.after_request(self._told)

    def _guard(self) -> None:
        """Let a request pass, or answer it with what it lacks."""
        if not request.path.startswith(("/crm/", "/properties/", "/account-info/")):
            return
        self._authorize()
        searching = request.path.endswith("/search")
        left = allowance(self._controls, self._search if searching else self._burst)
        request.environ["hubspot.left"] = None if searching else left
        if left.wait:
            policy = "SECONDLY" if searching else "TEN_SECONDLY_ROLLING"
            ids = {name: str(uuid.uuid4()) for name in ("correlationId", "requestId")}
            said = {"status": "error", "message": f"You have reached your {policy.lower()} limit.", "errorType": "RATE_LIMIT"}
            raise Failure(429, {**said, **ids, "policyName": policy}, **retry_after(self._controls, None))

    def _authorize(self) -> None:
        token = bearer()
        if token is None:
            raise failed(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
        if token == PRIVATE_APP:
            return
        try:
            grant = self.server.standing(token)
        except Unauthorized as error:
            raise _unauthorized(error) from error
        reads = request.method == "GET" or request.path.endswith(("/search", "/read"))
        wanted = _needed_scope(request.path, writes=not reads)
        if wanted and wanted not in grant.scopes:
            raise _missing(wanted)

    def _told(self, response: Response) -> Response:
        """The answer with the headers that tell how much is left; searches do not have them."""
        left = request.environ.get("hubspot.left")
        if left is not None:
            response.headers["X-HubSpot-RateLimit-Max"] = str(left.limit)
            response.headers["X-HubSpot-RateLimit-Remaining"] = str(left.remaining)
            response.headers["X-HubSpot-RateLimit-Interval-Milliseconds"] = "10000"
        return response

    def _token(self) -> ResponseReturnValue:
        """Exchange a code or refresh; the refresh token stays the same and never expires."""
        try:
            grant = self.server.token(token_fields())
        except Refused as error:
            status = f"BAD_{_BAD.get(error.about, 'REQUEST')}"
            said = {"status": status, "message": error.detail, "correlationId": str(uuid.uuid4())}
            return jsonify({**said, "error": error.code, "error_description": error.detail}), 400
        tokens = {"access_token": grant.access, "refresh_token": grant.refresh}
        return jsonify({**tokens, "token_type": "bearer", "expires_in": self._left(grant)})

    def _left(self, grant: Grant) -> int:
        return max(0, round((grant.expires_at or 0) - self._controls.seconds()))

    def _token_info(self, token: str) -> ResponseReturnValue:
        """Whose an access token is."""
        try:
            grant = self.server.standing(token)
        except Unauthorized as error:
            raise failed(404, "OBJECT_NOT_FOUND", "access token not found or expired") from error
        about = {"token": token, "token_type": "access", "expires_in": self._left(grant)}
        return jsonify({**TEXTS["grant"], "scopes": list(grant.scopes), **about})

    def _revoke(self) -> ResponseReturnValue:
        """End a grant as RFC 7009 has it, for the client that it was given to."""
        sent = token_fields()
        if self.server.clients.get(sent.get("client_id", "")) != sent.get("client_secret"):
            raise failed(401, "INVALID_AUTHENTICATION", "The client id or secret is not valid.")
        self.server.revoke(sent.get("token", ""))
        return "", 200


def _unauthorized(error: Unauthorized) -> Failure:
    if error.expired_for is None:
        return failed(401, "INVALID_AUTHENTICATION", "The access token is not valid.")
    message = f"The OAuth token used to make this call expired {round(error.expired_for)} second(s) ago."
    return failed(401, "EXPIRED_AUTHENTICATION", message)


def _missing(scope: str) -> Failure:
    needed = {"message": "One or more of the following scopes are required."}
    return failed(
        403,
        "MISSING_SCOPES",
        "This app hasn't been granted all required scopes to make this call.",
        errors=[{**needed, "context": {"requiredGranularScopes": [scope]}}],
        links={"scopes": "https://developers.hubspot.com/scopes"},
    )
