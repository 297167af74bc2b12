"""Where a client of a stand-in signs in: the page that asks a person, the token endpoint and the end of a grant, side by side."""

from collections.abc import Callable
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from hub.sandbox.answers import View, routes
from hub.sandbox.consent import client_credentials, consent, token_fields, token_view
from hub.sandbox.oauth import AuthorizationServer, Grant, Rules
from hub.sandbox.standin import Controls

Told = Callable[[Grant], dict[str, Any]]
"""What a token reply says besides."""


def sign_in(
    app: Flask, base: str, controls: Controls, rules: Rules, *, system: str, account: str, told: Told
) -> AuthorizationServer:
    """Open `authorize`, `token` and `revoke` below a path; the server whose tokens these are."""
    server = controls.server = AuthorizationServer(rules, controls.seconds)
    page = consent(server, system=system, account=account)
    views: dict[str, View] = {"GET /authorize": page, "POST /authorize": page, "POST /token": token_view(server, told)}
    routes(app, base, {**views, "POST /revoke": _revocation(server)})
    return server


def _revocation(server: AuthorizationServer) -> Callable[[], ResponseReturnValue]:
    """RFC 7009: nothing is told of whether there was such a token, and only a client may end one."""

    def view() -> ResponseReturnValue:
        sent = token_fields()
        name, secret = client_credentials() or (sent.get("client_id", ""), sent.get("client_secret", ""))
        if not name or server.clients.get(name) != secret:
            return jsonify(error="invalid_client"), 401
        server.revoke(request.form.get("token", ""))
        return "", 200

    return view
