"""A system that nobody sells, in the place of one that there is: for ways of signing in, whichever systems have them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, jsonify, request

from hub import registry
from hub.sandbox.consent import basic, bearer, consent, token_view
from hub.sandbox.keys import Keys
from hub.sandbox.oauth import AuthorizationServer, Rules, Unauthorized
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World
from hub.spec import Account, ApiKey, Ask, Auth, ClientCredentials, Connector, OAuth2, Request
from tests import standins, watching

ID = "rt"
"""Of the connector whose place it takes."""
LOGIN = "login.example.com"
TOKEN = f"https://{LOGIN}/v2/token"
TOLD = "https://acme.api.example.com/"
KEY = "ada@example.com:k-1"
CLIENT = ClientCredentials(
    token_url="https://{login}/v2/token",
    scopes=("read", "list"),
    client_auth="json",
    parameters=(("account_id", "{unit}"),),
    preparation="Make a package with an API integration.",
)
SIGN_IN = OAuth2(authorize_url="https://{login}/authorize", token_url="https://{login}/v2/token", scopes=("read",))
BASIC = ApiKey(format="Basic {basic}", user="Login e-mail", label="API key of that user")
QUERY = ApiKey(query="api_key", label="API key")
PLACED = {"base_url": "{token.api_url}", "hosts": ("{login}",), "token_domains": ("api.example.com",)}
FIXED = {"base_url": "https://{login}"}


def invented(*auth: Auth, **about: Any) -> Connector:
    """The system, let in so."""
    return replace(
        registry.connector(ID),
        label="Acme",
        auth=auth,
        account=Account(request=Request(path="/me"), id=lambda body: str(body["id"]), name=lambda body: str(body["name"])),
        asks=(
            Ask(name="login", label="Host", pattern=r"[a-z0-9.-]+", example=LOGIN),
            Ask(name="unit", label="Business unit", required=False),
        ),
        **({"pace": (), "errors": None, "self_hosted": False} | about),
    )


def take_its_place(monkeypatch: pytest.MonkeyPatch, connector: Connector) -> None:
    """From here on, the connector of that id is this one, and so is its stand-in."""
    real = registry.connector
    monkeypatch.setattr(registry, "connector", lambda found: connector if found == ID else real(found))
    for each in (standins, watching):
        monkeypatch.setattr(each, "standin", lambda _name: STANDIN)


def _app(_world: World, controls: Controls) -> Flask:
    grants = ("authorization_code", "refresh_token", "client_credentials")
    server = controls.server = AuthorizationServer(Rules(access_seconds=1079, grants=grants), controls.seconds)
    keys = Keys(controls, KEY)
    page = consent(server, system="Acme", account="Acme")
    app = Flask("acme")
    app.add_url_rule("/v2/token", view_func=token_view(server, lambda _grant: {"api_url": TOLD}), methods=["POST"])
    app.add_url_rule("/authorize", "authorize", page, methods=["GET", "POST"])
    app.add_url_rule("/me", view_func=_account(server, keys))
    return app


def _account(server: AuthorizationServer, keys: Keys) -> Callable[[], Any]:
    def me() -> Any:
        for key in (basic(), f"ada@example.com:{request.args.get('api_key')}"):
            if keys.scopes(key) is not None:
                return jsonify(id=7, name="Acme")
        try:
            server.standing(bearer() or "")
        except Unauthorized:
            return jsonify(message="Not Authorized"), 401
        return jsonify(id=7, name="Acme")

    return me


STANDIN = StandIn(
    id=ID,
    hosts=(LOGIN,),
    app=_app,
    truth=lambda _world: {},
    contact_id=str,
    answers={"login": LOGIN},
    key=KEY,
)
