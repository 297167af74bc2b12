"""Sign-in, scopes, limits and refusals of the Marketing Cloud stand-in.

https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/access-token-s2s.html,
https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/getUserInfo.html. A token request must be JSON.
"""

from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.sfmc.sandbox_records import TEXTS
from hub.sandbox.answers import Failure, allowance, retry_after, routes
from hub.sandbox.consent import bearer, token_fields
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Grant, Refused, Rules, Unauthorized
from hub.sandbox.standin import Controls

_INVALID = "Client authentication failed. Make sure that the client ID and client secret are valid and the package is installed."
_SCOPES = {"data": "data_extensions_read", "contacts": "list_and_subscribers_read", "interaction": "journeys_read"}
_HOSTS = {f"{kind}_instance_url": f"https://{TEXTS['subdomain']}.{kind}.marketingcloudapis.com/" for kind in ("rest", "soap")}


def refused(status: int, code: int, message: str, **headers: str) -> Failure:
    """An answer that is an error."""
    return Failure(status, {"documentation": TEXTS["error_page"], "errorcode": code, "message": message}, **headers)


class Access:
    """Who may ask what, and how often."""

    def __init__(self, controls: Controls) -> None:
        self._controls, self._window = controls, Window(2500, 60)
        self.server = controls.server = AuthorizationServer(
            Rules(access_seconds=1079, grants=("client_credentials",), prefix="eyJ"), controls.seconds
        )

    def install(self, app: Flask) -> None:
        """Open the sign-in and guard everything else."""
        routes(app, "/v2", {"POST /token": self._token, "GET /userinfo": self._userinfo})
        app.before_request(self._guard)

    def _token(self) -> ResponseReturnValue:
        """A token for a client, with where the APIs of its tenant are."""
        try:
            grant = self._bought()
        except Refused as error:
            wrong = error.about == "client"
            why = {"error_description": _INVALID if wrong else error.detail, "error_uri": TEXTS["error_uri"]}
            return jsonify({"error": error.code, **why}), 401 if wrong else 400
        told: dict[str, Any] = {"access_token": grant.access, "token_type": "Bearer", "expires_in": 1079}
        return jsonify({**told, "scope": " ".join(_allowed(grant)), **_HOSTS})

    def _bought(self) -> Grant:
        if not request.is_json:
            raise Refused("invalid_request", "The request must be JSON.")
        if token_fields().get("account_id", str(TEXTS["mid"])) != str(TEXTS["mid"]):
            raise Refused("invalid_request", "The client has no access to this account_id.")
        return self.server.token(token_fields())

    def _userinfo(self) -> ResponseReturnValue:
        grant, mid = self._granted(), TEXTS["mid"]
        who = {"sub": str(mid + 1), "name": "Ciclo Hub", "preferred_username": "ciclo-hub", "locale": "pt-BR"}
        where = {
            "member_id": mid,
            "enterprise_id": TEXTS["eid"],
            "enterprise_name": TEXTS["name"],
            "account_type": "Business Unit",
        }
        told = {"exp": int(grant.expires_at or 0), "iss": "https://mc.exacttarget.com", "user": who, "organization": where}
        return jsonify(
            {**told, "rest": _HOSTS, "application": {"id": grant.client, "scopes": _allowed(grant)}, "permissions": []}
        )

    def _granted(self) -> Grant:
        try:
            return self.server.standing(bearer() or "")
        except Unauthorized as error:
            raise refused(401, 0, "Not Authorized") from error

    def _guard(self) -> None:
        area = request.path.split("/")[1]
        if area not in (*_SCOPES, "platform"):
            return
        grant = self._granted()
        if area in _SCOPES and _SCOPES[area] not in _allowed(grant):
            raise refused(403, 403, "Insufficient privileges")
        if allowance(self._controls, self._window).wait:
            raise refused(429, 50200, "Rate limit exceeded", **retry_after(self._controls, None))


def _allowed(grant: Grant) -> list[str]:
    """The scopes that were asked for, else all that the package has."""
    return list(grant.scopes) or str(TEXTS["scope"]).split()
