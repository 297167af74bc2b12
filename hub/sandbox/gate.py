"""Who may ask below some paths of a stand-in's API, and how often."""

from collections.abc import Callable

from flask import Flask, request

from hub.sandbox.answers import Failure, allowance, retry_after
from hub.sandbox.consent import bearer
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Unauthorized
from hub.sandbox.standin import Controls

UNKNOWN, TOO_MANY = 401, 429
Refusal = Callable[..., Failure]
"""The system's own refusal with a status and headers."""


def guard(
    app: Flask, below: str | tuple[str, ...], controls: Controls, window: Window, *, known: Callable[[], bool], refused: Refusal
) -> None:
    """Refuse whoever is not known, and then who asks too often, before anything that begins so is answered."""

    def check() -> None:
        if not request.path.startswith(below):
            return
        if not known():
            raise refused(UNKNOWN)
        if allowance(controls, window).wait:
            raise refused(TOO_MANY, **retry_after(controls, None))

    app.before_request(check)


def has_token(server: AuthorizationServer) -> bool:
    """Whether the request has an access token that stands."""
    try:
        server.standing(bearer() or "")
    except Unauthorized:
        return False
    return True
