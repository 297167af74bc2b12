"""Sign-in, scopes, rate limits and error bodies of the HubSpot stand-in.

https://developers.hubspot.com/docs/guides/api/app-management/oauth-tokens,
https://developers.hubspot.com/docs/guides/apps/api-usage/usage-details and
https://developers.hubspot.com/docs/reference/api/other-resources/error-handling.
"""

import uuid
from typing import Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.hubspot.sandbox_records import NAMES
from hub.sandbox.answers import allowance, retry_after
from hub.sandbox.consent import bearer, consent, token_fields
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Grant, Refused, Rules, Unauthorized
from hub.sandbox.standin import Controls

PORTAL, APP, USER = 147_893_286, 54_321, 5_000_001
PRIVATE_APP = "pat-na1-sandbox"
"""The token of a private app that may do everything."""
_DOMAIN, _EMAIL = "ciclo-sandbox.example", "admin@ciclo.example"
_SCOPES = {"tickets": "tickets", "owners": "crm.objects.owners.read"}
# What was not accepted, as the token endpoint calls it.
_BAD = {"code": "AUTH_CODE", "refresh_token": "REFRESH_TOKEN", "redirect_uri": "REDIRECT_URI", "client": "CLIENT_ID"}


class Failure(Exception):
    """An answer that is an error; `more` joins its body."""

    def __init__(self, status: int, category: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.category, self.message, self.more = status, category, message, more


def failed(failure: Failure) -> ResponseReturnValue:
    """The body every error has."""
    said = {"status": "error", "message": failure.message, "correlationId": str(uuid.uuid4())}
    return jsonify({**said, "category": failure.category, **failure.more}), failure.status


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
        page = consent(self.server, system="HubSpot", account=f"{_DOMAIN} ({PORTAL})")
        app.add_url_rule("/oauth/authorize", "authorize", page, methods=["GET", "POST"])
        for path in ("/oauth/v1/token", "/oauth/v3/token", "/oauth/2026-03/token"):
            app.add_url_rule(path, path, self.token, methods=["POST"])
        app.add_url_rule("/oauth/v1/access-tokens/<token>", "access-token", self.token_info)
        app.add_url_rule("/oauth/v1/refresh-tokens/<token>", "refresh-token", self.refresh_info)
        app.add_url_rule("/oauth/v1/refresh-tokens/<token>", "end", self.end, methods=["DELETE"])
        app.add_url_rule("/oauth/2026-03/token/revoke", "revoke", self.revoke, methods=["POST"])
        app.add_url_rule("/account-info/v3/details", "account", account)
        app.before_request(self.guard)
        app.after_request(self.told)
        app.register_error_handler(Failure, failed)

    def guard(self) -> ResponseReturnValue | None:
        """Let a request pass, or answer it with what it lacks."""
        if not request.path.startswith(("/crm/", "/account-info/")):
            return None
        self._authorize()
        searching = request.path.endswith("/search")
        window, policy = (self._search, "SECONDLY") if searching else (self._burst, "TEN_SECONDLY_ROLLING")
        left = allowance(self._controls, window)
        request.environ["hubspot.left"] = None if searching else left
        return self._over(policy) if left.wait else None

    def _authorize(self) -> None:
        token = bearer()
        if token is None:
            raise Failure(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
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

    def _over(self, policy: str) -> ResponseReturnValue:
        said = {
            "status": "error",
            "message": f"You have reached your {policy.lower()} limit.",
            "errorType": "RATE_LIMIT",
            "correlationId": str(uuid.uuid4()),
            "policyName": policy,
            "requestId": str(uuid.uuid4()),
        }
        return jsonify(said), 429, dict(retry_after(self._controls, None))

    def told(self, response: Response) -> Response:
        """The answer with the headers that tell how much is left; searches do not have them."""
        left = request.environ.get("hubspot.left")
        if left is not None:
            response.headers["X-HubSpot-RateLimit-Max"] = str(left.limit)
            response.headers["X-HubSpot-RateLimit-Remaining"] = str(left.remaining)
            response.headers["X-HubSpot-RateLimit-Interval-Milliseconds"] = "10000"
        return response

    def token(self) -> ResponseReturnValue:
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

    def token_info(self, token: str) -> ResponseReturnValue:
        """Whose an access token is."""
        try:
            grant = self.server.standing(token)
        except Unauthorized as error:
            raise Failure(404, "OBJECT_NOT_FOUND", "access token not found or expired") from error
        return jsonify({**_whose(grant), "token": token, "token_type": "access", "expires_in": self._left(grant)})

    def refresh_info(self, token: str) -> ResponseReturnValue:
        """Whose a refresh token is."""
        grant = self.server.refresh_known(token)
        if grant is None:
            raise Failure(404, "OBJECT_NOT_FOUND", "refresh token not found")
        return jsonify({**_whose(grant), "token": token, "token_type": "refresh", "client_id": grant.client})

    def end(self, token: str) -> ResponseReturnValue:
        """End a refresh token, as on disconnecting."""
        self.server.revoke(token)
        return "", 204

    def revoke(self) -> ResponseReturnValue:
        """End a grant as RFC 7009 has it, for the client that it was given to."""
        sent = token_fields()
        if self.server.clients.get(sent.get("client_id", "")) != sent.get("client_secret"):
            raise Failure(401, "INVALID_AUTHENTICATION", "The client id or secret is not valid.")
        self.server.revoke(sent.get("token", ""))
        return "", 200


def account() -> ResponseReturnValue:
    """The account itself: https://developers.hubspot.com/docs/api-reference/latest/account/account-info/guide ."""
    details = {"portalId": PORTAL, "accountType": "STANDARD", "timeZone": "America/Sao_Paulo", "companyCurrency": "BRL"}
    hosting = {"uiDomain": "app.hubspot.com", "dataHostingLocation": "na1", "additionalCurrencies": ["USD"]}
    return jsonify({**details, **hosting, "utcOffset": "-03:00", "utcOffsetMilliseconds": -10_800_000})


def _whose(grant: Grant) -> dict[str, Any]:
    ids = {"hub_id": PORTAL, "app_id": APP, "user_id": USER}
    return {"user": _EMAIL, "hub_domain": _DOMAIN, "scopes": list(grant.scopes), **ids}


def _unauthorized(error: Unauthorized) -> Failure:
    if error.expired_for is None:
        return Failure(401, "INVALID_AUTHENTICATION", "The access token is not valid.")
    message = f"The OAuth token used to make this call expired {round(error.expired_for)} second(s) ago."
    return Failure(401, "EXPIRED_AUTHENTICATION", message)


def _missing(scope: str) -> Failure:
    needed = {"message": "One or more of the following scopes are required."}
    return Failure(
        403,
        "MISSING_SCOPES",
        "This app hasn't been granted all required scopes to make this call.",
        errors=[{**needed, "context": {"requiredGranularScopes": [scope]}}],
        links={"scopes": "https://developers.hubspot.com/scopes"},
    )
