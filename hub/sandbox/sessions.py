"""Requests for tokens and requests with tokens, refused in a system's own words."""

from collections.abc import Callable, Mapping, Sequence

from flask import Flask, g, request

from hub.sandbox.answers import Failure, allowance
from hub.sandbox.consent import bearer, client_credentials, token_fields
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Grant, Refused, Unauthorized
from hub.sandbox.standin import Controls

Refusal = Callable[[], Failure]


def granted(server: AuthorizationServer, words: Mapping[str, Sequence[str]]) -> Grant:
    """What a request to the token path brings. Refusals answer 400 with a code and a description.

    `words` has these two by what was not accepted (`client`, `code`, `refresh_token`, ...), where they are not RFC 6749's.
    """
    try:
        return server.token(token_fields(), client_credentials())
    except Refused as error:
        code, said = words.get(error.about, (error.code, error.detail))
        raise Failure(400, {"error": code, "error_description": said}) from error


def admitted(server: AuthorizationServer, refusal: Failure) -> Grant:
    """What the access token of this request allows; the refusal where there is none, or one that is over."""
    try:
        return server.standing(bearer() or "")
    except Unauthorized as error:
        raise refusal from error


def guard(app: Flask, prefix: str, controls: Controls, window: Window, *, without: Refusal, too_often: Refusal) -> None:
    """Let requests below a prefix pass that have a token and that the window allows; `g.left` says what is left of it then."""

    def admit() -> None:
        if not request.path.startswith(prefix) or controls.server is None:
            return
        admitted(controls.server, without())
        g.left = allowance(controls, window)
        if g.left.wait:
            raise too_often()

    app.before_request(admit)
