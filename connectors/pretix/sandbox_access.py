"""Sign-in of the stand-in for pretix: its OAuth server as observed on pretix 2026.8.0, team tokens, and refusals.

What differs from the usual: PKCE is taken and never checked, a missing redirect_uri passes, refresh tokens stay, a refresh
ends the access token before it, and token requests must be forms (tests/connectors/pretix, tests/e2e/real).
"""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from hub.sandbox.answers import Failure, View, routes
from hub.sandbox.consent import bearer, client_credentials, consent
from hub.sandbox.keys import Keys
from hub.sandbox.oauth import AuthorizationServer, Grant, Refused, Rules, Unauthorized
from hub.sandbox.standin import Controls

OAUTH = "/api/v1/oauth"
DAY = 86_400
_SCOPES = frozenset({"read", "write", "profile"})
FORBIDDEN = "You do not have permission to perform this action."
_SAFE = ("GET", "HEAD", "OPTIONS")


class Server(AuthorizationServer):
    """An authorization server with pretix's rules."""

    def code(self, *, client: str, redirect_uri: str, scopes: tuple[str, ...], challenge: str | None) -> str:
        """A code; the challenge is dropped, as pretix does when consent is given."""
        del challenge
        return super().code(client=client, redirect_uri=redirect_uri, scopes=scopes, challenge=None)

    def token(self, fields: Mapping[str, str], basic: tuple[str, str] | None = None) -> Grant:
        """The answer to a token request; no redirect_uri means the right one, a wrong one does not use up the code."""
        asked = self._codes.get(fields.get("code", ""))
        if asked is not None and fields.get("redirect_uri", asked.redirect_uri) != asked.redirect_uri:
            raise Refused("invalid_request", "Mismatching redirect URI.", about="redirect_uri")
        if asked is not None:
            fields = {**fields, "redirect_uri": asked.redirect_uri}
        before = self.refresh_known(fields.get("refresh_token", ""))
        if before is not None and not set(fields.get("scope", "").split()) <= set(before.scopes):
            raise Refused("invalid_scope", "")
        return super().token(fields, basic)


def refused(status: int, detail: str) -> Failure:
    """A refusal in the words of pretix's API."""
    return Failure(status, {"detail": detail}, **({"WWW_Authenticate": "Token"} if status == HTTPStatus.UNAUTHORIZED else {}))


class Access:
    """Who may do what."""

    def __init__(self, controls: Controls, team_token: str) -> None:
        self._server = Server(Rules(access_seconds=DAY, ends_earlier=True), controls.seconds)
        self._keys, controls.server = Keys(controls, team_token), self._server

    def install(self, app: Flask) -> None:
        """Open the paths of OAuth and guard the others."""
        page = consent(self._server, system="pretix", account="Acme Loopback")
        views: dict[str, View] = {f"{method} /authorize": partial(self._authorize, page) for method in ("GET", "POST")}
        routes(app, OAUTH, {**views, "POST /token": self._token, "POST /revoke_token": self._revoke})
        app.before_request(self._admit)

    def _authorize(self, page: Callable[[], AnyResponse]) -> AnyResponse:
        """The consent page; pretix sends unknown scopes and response types back to the client."""
        asked = request.values
        wrong = "" if set(asked.get("scope", "").split()) <= _SCOPES else "invalid_scope"
        if asked.get("response_type") != "code":
            wrong = "unauthorized_client"
        if wrong and asked.get("client_id") in self._server.clients:
            state = {"state": asked["state"]} if asked.get("state") else {}
            return redirect(f"{asked.get('redirect_uri', '')}?{urlencode({'error': wrong, **state})}")
        return page()

    def _token(self) -> ResponseReturnValue:
        """Tokens for a code or a refresh token; only forms are read."""
        sent = request.form.to_dict()
        if sent.get("grant_type") not in ("authorization_code", "refresh_token", "client_credentials"):
            return _oauth_refusal(Refused("unsupported_grant_type", ""))
        try:
            grant = self._server.token(sent, client_credentials())
        except Refused as refusal:
            return _oauth_refusal(refusal, client_credentials_asked=sent.get("grant_type") == "client_credentials")
        tokens = {"access_token": grant.access, "refresh_token": grant.refresh, "token_type": "Bearer"}
        told = {**tokens, "expires_in": DAY, "scope": " ".join(grant.scopes)}
        return jsonify(told), {"Cache-Control": "no-store", "Pragma": "no-cache"}

    def _revoke(self) -> ResponseReturnValue:
        """The end of a token, known or not."""
        basic = client_credentials() or (request.form.get("client_id", ""), request.form.get("client_secret", ""))
        if self._server.clients.get(basic[0]) != basic[1]:
            return _oauth_refusal(Refused("invalid_client", ""))
        self._server.revoke(request.form.get("token", ""))
        return Response("", 200, mimetype="text/html")

    def _admit(self) -> None:
        """Refuse those who may not go on."""
        if not request.path.startswith("/api/v1/") or request.path.startswith(OAUTH):
            return
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Token":
            if self._keys.scopes(token) is None:
                raise refused(401, "Invalid token.")
            return
        try:
            scopes = self._server.standing(bearer() or "").scopes
        except Unauthorized as error:
            raise refused(401, "Authentication credentials were not provided.") from error
        if ("read" if request.method in _SAFE else "write") not in scopes:
            raise refused(403, FORBIDDEN)


def _oauth_refusal(refusal: Refused, *, client_credentials_asked: bool = False) -> ResponseReturnValue:
    """A refusal of the token endpoint; only a wrong redirect_uri is explained."""
    if refusal.code == "invalid_client":
        return jsonify(error="invalid_client"), 401, {"WWW-Authenticate": 'Bearer error="invalid_client"'}
    if refusal.about == "redirect_uri":
        return jsonify(error="invalid_request", error_description="Mismatching redirect URI."), 400
    code = "unauthorized_client" if client_credentials_asked else refusal.code
    return jsonify(error=code), 400, {"Cache-Control": "no-store"}
