"""Sign-in, sessions and the daily limit of the Salesforce stand-in.

https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_web_server_flow.htm and
https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm
"""

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.salesforce.sandbox_records import TEXTS, identity
from connectors.salesforce.sandbox_soql import failed
from hub.sandbox.answers import View, allowance, routes
from hub.sandbox.consent import bearer, client_credentials, consent, token_fields
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Refused, Rules, Unauthorized
from hub.sandbox.parties import Staff
from hub.sandbox.push import hmac_base64
from hub.sandbox.standin import Controls

_ORG, _USER = TEXTS["organization"], identity("User", 1)
_ABOUT = f"https://login.salesforce.com/id/{_ORG}/{_USER}"


class Access:
    """Who may ask what, and how often in a day; `user` is whoever signs in."""

    def __init__(self, controls: Controls, user: Staff) -> None:
        self._user, self._controls, self._day = user, controls, Window(TEXTS["daily"], 86_400)
        self.server = AuthorizationServer(Rules(access_seconds=7200, prefix=f"{_ORG[:15]}!AQ"), controls.seconds)

    def install(self, app: Flask) -> None:
        """Guard the app's paths and open those of the sign-in."""
        page = consent(self.server, system="Salesforce", account=TEXTS["fixed"]["Organization"][0]["Name"])
        views: dict[str, View] = {"GET /authorize": page, "POST /authorize": page, "POST /token": self._token}
        routes(app, "/services/oauth2", views | {"POST /revoke": self._revoke, "GET /userinfo": self._userinfo})
        app.before_request(self._guard)
        app.after_request(_told)

    def _guard(self) -> None:
        """Let a request for data pass, or answer it with what it lacks."""
        if not request.path.startswith("/services/data/v"):
            return
        try:
            scopes = self.server.standing(bearer() or "").scopes
        except Unauthorized as error:
            raise failed(401, "INVALID_SESSION_ID", "Session expired or invalid", WWW_Authenticate="Token") from error
        if not {"api", "full"} & set(scopes):
            raise failed(403, "INVALID_SESSION_ID", "This session is not valid for use with the REST API")
        left = allowance(self._controls, self._day)
        request.environ["salesforce.used"] = left.limit - left.remaining
        if left.wait:
            raise failed(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")

    def _token(self) -> ResponseReturnValue:
        """Exchange a code or refresh; nothing says when the session ends, and a refresh brings no new refresh token."""
        sent = token_fields()
        try:
            grant = self.server.token(sent, client_credentials())
        except Refused as error:
            code, detail = TEXTS["refused"].get(error.about, (error.code, error.detail))
            return jsonify(error=code, error_description=detail), 400
        issued = str(self._controls.clock.now())
        signed = hmac_base64(self.server.clients[grant.client], (_ABOUT + issued).encode())
        told = {"access_token": grant.access, "signature": signed, "scope": " ".join(grant.scopes), "id": _ABOUT}
        if sent["grant_type"] == "authorization_code" and {"refresh_token", "offline_access", "full"} & set(grant.scopes):
            told["refresh_token"] = grant.refresh
        return jsonify(told | {"instance_url": TEXTS["instance"], "token_type": "Bearer", "issued_at": issued})

    def _userinfo(self) -> ResponseReturnValue:
        try:
            self.server.standing(bearer() or "")
        except Unauthorized:
            return Response("Bad_OAuth_Token", 403, mimetype="text/html")
        first, last, email = self._user.given_name, self._user.family_name, self._user.email
        who = {"name": f"{first} {last}", "given_name": first, "family_name": last, "email": email, "preferred_username": email}
        return jsonify({"sub": _ABOUT, "user_id": _USER, "organization_id": _ORG} | who | TEXTS["userinfo"])

    def _revoke(self) -> ResponseReturnValue:
        return ("", 200) if self.server.revoke(token_fields().get("token", "")) else (jsonify(error="invalid_token"), 400)


def _told(response: Response) -> Response:
    """The answer with the header that tells how much of the day was used."""
    if (used := request.environ.get("salesforce.used")) is not None:
        response.headers["Sforce-Limit-Info"] = f"api-usage={used}/{TEXTS['daily']}"
    return response
