"""The way into a stand-in whose tokens last for ever: a page on which people allow a client, its token, and who is let in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from hub.sandbox.answers import Failure, allowance, retry_after, routes
from hub.sandbox.consent import consent, token_fields
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Refused, Rules, Unauthorized
from hub.sandbox.standin import Controls

_LEFT = "sandbox.left"


@dataclass(frozen=True, kw_only=True, slots=True)
class Paths:
    """Where people allow a client, where it gets its tokens, and how the paths begin that want one."""

    page: str
    tokens: str
    guarded: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entrance:
    """How one system lets programs in: `system` and `account` stand on the page, and `key` opens everything without a sign-in.

    `refused` gives the system's own refusal: of what a token request was refused for (as `oauth.Refused.about` names it), of a
    request without a token ("nobody"), with one that opens nothing ("token"), and of one too many ("limit", with headers).
    """

    system: str
    account: str
    paths: Paths
    rules: Rules
    limit: tuple[int, float]
    """So many calls with one token in so many seconds."""
    refused: Callable[..., Failure]
    key: str

    def token(self, server: AuthorizationServer) -> ResponseReturnValue:
        """Exchange what is sent in the address, as a form or as JSON; where there is only one kind of grant, it goes unsaid."""
        fields = {"grant_type": self.rules.grants[0], **request.args.to_dict(), **token_fields()}
        try:
            grant = server.token(fields)
        except Refused as error:
            raise self.refused(error.about) from error
        return jsonify(access_token=grant.access, token_type="Bearer")

    def admit(self, server: AuthorizationServer, controls: Controls, window: Window) -> None:
        """Refuse who has no token, with Bearer or without, or asks too often with one."""
        if not request.path.startswith(self.paths.guarded) or request.path == self.paths.tokens:
            return
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            raise self.refused("nobody")
        try:
            _ = token == self.key or server.standing(token)
        except Unauthorized as error:
            raise self.refused("token") from error
        left = request.environ[_LEFT] = allowance(controls, window, token)
        if left.wait:
            raise self.refused("limit", **retry_after(controls, None))


def _counted(controls: Controls, response: Response) -> Response:
    """The answer with the widespread headers that tell how much is left, and when, in seconds since 1970, it is all again."""
    if left := request.environ.get(_LEFT):
        told = {"Limit": left.limit, "Remaining": left.remaining, "Reset": int(controls.seconds() + left.resets) + 1}
        response.headers.update({f"X-RateLimit-{name}": str(said) for name, said in told.items()})
    return response


def install(app: Flask, controls: Controls, entrance: Entrance) -> None:
    """Open the sign-in of an app and guard the rest."""
    server = controls.server = AuthorizationServer(entrance.rules, controls.seconds)
    page = consent(server, system=entrance.system, account=entrance.account)
    opened = {f"GET {entrance.paths.page}": page, f"POST {entrance.paths.page}": page}
    routes(app, "", {**opened, f"POST {entrance.paths.tokens}": partial(entrance.token, server)})
    app.before_request(partial(entrance.admit, server, controls, Window(*entrance.limit)))
    app.after_request(partial(_counted, controls))
