"""Who may ask below a path of a stand-in's API, and how often."""

from collections.abc import Callable

from flask import Flask, request

from hub.sandbox.answers import Failure, allowance, retry_after
from hub.sandbox.consent import bearer
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Unauthorized
from hub.sandbox.standin import Controls

UNKNOWN, TOO_MANY = 401, 429
Refusal = Callable[..., Failure]
"""The system's own refusal with a status; headers have underscores in place of the hyphens."""


def guard(app: Flask, base: str, controls: Controls, window: Window, *, known: Callable[[], bool], refused: Refusal) -> None:
    """Refuse whoever is not known, and then who asks too often, before anything below the path is answered."""

    def check() -> None:
        if not request.path.startswith(base):
            return
        if not known():
            raise refused(UNKNOWN)
        if allowance(controls, window).wait:
            raise refused(TOO_MANY, **{name.replace("-", "_"): said for name, said in retry_after(controls, None).items()})

    app.before_request(check)


def has_token(server: AuthorizationServer) -> bool:
    """Whether the request has an access token that stands."""
    try:
        server.standing(bearer() or "")
    except Unauthorized:
        return False
    return True
