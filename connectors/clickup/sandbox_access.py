"""Sign-in, limits and refusals of the ClickUp stand-in.

https://developer.clickup.com/docs/authentication, /docs/rate-limits, /docs/common_errors. The code of a refused code is
not documented; it is OAUTH_014 here.
"""

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.clickup.sandbox_records import TEXTS
from hub.sandbox.answers import Failure, allowance, retry_after, routes
from hub.sandbox.consent import consent, token_fields
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Refused, Rules, Unauthorized
from hub.sandbox.standin import Controls

PERSONAL = "pk_302438600_SANDBOX"
"""A personal token, which may do everything."""


def refused(status: int, code: str, told: str, **headers: str) -> Failure:
    """An answer that is an error."""
    return Failure(status, {"err": told, "ECODE": code}, **headers)


class Access:
    """Who may ask, and how often: tokens last for ever, and the header may name them with Bearer or without."""

    def __init__(self, controls: Controls) -> None:
        self._controls, self._window = controls, Window(100, 60)
        self.server = controls.server = AuthorizationServer(
            Rules(access_seconds=None, grants=("authorization_code",)), controls.seconds
        )

    def install(self, app: Flask) -> None:
        """Open the sign-in and guard everything else."""
        page = consent(self.server, system="ClickUp", account=TEXTS["team"]["name"])
        routes(app, "/api", {"GET ": page, "POST ": page, "POST /v2/oauth/token": self._token})
        app.before_request(self._guard)
        app.after_request(self._told)

    def _token(self) -> ResponseReturnValue:
        """Exchange a code that is sent in the address, as a form or as JSON; there is neither a refresh token nor a lifetime."""
        try:
            grant = self.server.token({"grant_type": "authorization_code", **request.args.to_dict(), **token_fields()})
        except Refused as error:
            codes = {
                "client": (401, "OAUTH_010", "Client not found"),
                "redirect_uri": (400, "OAUTH_007", "Redirect URI does not match"),
            }
            raise refused(*codes.get(error.about, (400, "OAUTH_014", "Code already used or not found"))) from error
        return jsonify(access_token=grant.access, token_type="Bearer")  # noqa: S106  # not a password

    def _guard(self) -> None:
        if not request.path.startswith("/api/v2/") or request.path.endswith("/oauth/token"):
            return
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            raise refused(401, "OAUTH_017", "Authorization header required")
        try:
            _ = token == PERSONAL or self.server.standing(token)
        except Unauthorized as error:
            raise refused(401, "OAUTH_025", "Token invalid") from error
        left = request.environ["clickup.left"] = allowance(self._controls, self._window, token)
        if left.wait:
            raise refused(429, "APP_002", "Rate limit reached", **retry_after(self._controls, None))

    def _told(self, response: Response) -> Response:
        """The answer with the headers that tell how much is left, and when in seconds since 1970 it is all again."""
        if left := request.environ.get("clickup.left"):
            told = {"Limit": left.limit, "Remaining": left.remaining, "Reset": int(self._controls.seconds() + left.resets) + 1}
            response.headers.update({f"X-RateLimit-{name}": str(said) for name, said in told.items()})
        return response
