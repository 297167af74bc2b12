"""The page on which somebody allows a client to use a stand-in's account, and the reading of token requests."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import escape
from werkzeug.wrappers import Response as AnyResponse

from hub.sandbox.oauth import AuthorizationServer, Grant, Refused

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{system} sandbox</title></head><body>
<h1>{system} sandbox</h1><p>Account <b>{account}</b> would let <b>{client}</b> use: <b>{scopes}</b>.</p>
<form method="post">{hidden}<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button></form></body></html>"""
_ASKED = ("client_id", "redirect_uri", "scope", "optional_scope", "state", "response_type", "code_challenge")


def consent(server: AuthorizationServer, *, system: str, account: str) -> Callable[[], AnyResponse]:
    """The view for the authorization path, GET and POST. It sends nobody to an address without a known client."""

    def view() -> AnyResponse:
        asked = {name: request.values.get(name, "") for name in (*_ASKED, "code_challenge_method")}
        if wrong := _wrong(server, asked):
            return Response(f"<!doctype html><title>{escape(system)}</title><p>{escape(wrong)}</p>", 400)
        if request.method == "POST":
            return redirect(_answer(server, asked, allowed=request.form.get("decision") == "allow"))
        hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in asked.items() if value)
        page = _PAGE.format(
            system=escape(system),
            account=escape(account),
            client=escape(asked["client_id"]),
            scopes=escape(asked["scope"]),
            hidden=hidden,
        )
        return Response(page)

    return view


def _wrong(server: AuthorizationServer, asked: dict[str, str]) -> str | None:
    if asked["client_id"] not in server.clients:
        return "Unknown client_id."
    if not asked["redirect_uri"].startswith(("https://", "http://")):
        return "redirect_uri is missing or no web address."
    if asked["code_challenge"] and asked["code_challenge_method"] != "S256":
        return "code_challenge_method must be S256."
    return None


def _answer(server: AuthorizationServer, asked: dict[str, str], *, allowed: bool) -> str:
    """The address to send the browser back to."""
    answer = {"error": "access_denied"}
    if allowed:
        code = server.code(
            client=asked["client_id"],
            redirect_uri=asked["redirect_uri"],
            scopes=tuple(f"{asked['scope']} {asked['optional_scope']}".split()),
            challenge=asked["code_challenge"] or None,
        )
        answer = {"code": code}
    if asked["state"]:
        answer["state"] = asked["state"]
    return f"{asked['redirect_uri']}{'&' if '?' in asked['redirect_uri'] else '?'}{urlencode(answer)}"


def token_fields() -> dict[str, str]:
    """The fields of a token request, sent as a form or as JSON."""
    sent = request.get_json(silent=True) if request.is_json else request.form
    return {str(name): str(value) for name, value in dict(sent or {}).items()}


def client_credentials() -> tuple[str, str] | None:
    """The client's id and secret if they came in an Authorization header of type Basic."""
    given = request.authorization
    if given is None or given.type != "basic":
        return None
    return given.username or "", given.password or ""


def token_view(server: AuthorizationServer, told: Callable[[Grant], dict[str, Any]] = lambda _grant: {}) -> Callable[[], Any]:
    """The view for the token path, whatever the grant: what RFC 6749 has in a reply or a refusal, and what is `told` besides.

    What is told as None is left out, such as an `expires_in` that the system does not send.
    """

    def view() -> ResponseReturnValue:
        try:
            grant = server.token(token_fields(), client_credentials())
        except Refused as error:
            return jsonify(error=error.code, error_description=error.detail), 401 if error.about == "client" else 400
        said: dict[str, Any] = {"access_token": grant.access, "refresh_token": grant.refresh or None, "token_type": "Bearer"}
        said |= {"expires_in": server.rules.access_seconds, "scope": " ".join(grant.scopes), **told(grant)}
        return jsonify({name: value for name, value in said.items() if value is not None})

    return view


def basic() -> str | None:
    """What came in an Authorization header of type Basic, as `user:key`."""
    given = client_credentials()
    return None if given is None else ":".join(given)


def bearer() -> str | None:
    """The access token of the request."""
    given = request.authorization
    return given.token if given is not None and given.type == "bearer" else None
