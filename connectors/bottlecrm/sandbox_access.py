"""Tokens of the stand-in for BottleCRM and what it says to those it does not let in, as observed on 1.35.0.

A personal token, with or without scopes, reads and writes records; credentials and webhooks need a person's JWT. Nobody is
told 401: a wrong token is forbidden for want of an organisation.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, request

from connectors.bottlecrm.sandbox_records import Json
from hub.sandbox.consent import bearer
from hub.sandbox.standin import Controls

API = "/api"
_CREDENTIALS = (f"{API}/webhooks", f"{API}/profile/tokens")
_NO_ORG = "Organization context is required. Please login again."
_NO_CREDENTIALS = "API tokens and organization API keys cannot read or manage other credentials. Sign in to manage them."


def forbidden(detail: str) -> Response:
    """A refusal."""
    answer = jsonify(detail=detail)
    answer.status_code = 403
    return answer


class Access:
    """Who may do what; the control door gains `token` {scopes} and `revoke` {token}."""

    def __init__(self, controls: Controls, *, token: str, person: str) -> None:
        """`token` is a personal one without scopes, which may do everything with records; `person` a JWT."""
        self._scopes: dict[str, tuple[str, ...]] = {token: ()}
        self._token, self._person = token, person
        controls.acts.update(token=self._give, revoke=self._revoke)

    def install(self, app: Flask) -> None:
        """Guard all paths of the API."""
        app.before_request(self.admit)

    def _give(self, said: Mapping[str, Any]) -> Json:
        given = f"{self._token}{len(self._scopes)}"
        self._scopes[given] = tuple(said.get("scopes", ()))
        return {"token": given}

    def _revoke(self, said: Mapping[str, Any]) -> Json:
        self._scopes.pop(str(said.get("token", self._token)), None)
        return {"tokens": len(self._scopes)}

    def admit(self) -> Response | None:
        """Nothing for those who may go on, a refusal for others."""
        token = bearer()
        if not request.path.startswith(f"{API}/") or token == self._person:
            return None
        if token not in self._scopes:
            return forbidden(_NO_ORG)
        if request.path.startswith(_CREDENTIALS):
            return forbidden(_NO_CREDENTIALS)
        scopes, action = self._scopes[token], "read" if request.method in ("GET", "HEAD", "OPTIONS") else "write"
        resource = request.path.split("/")[2]
        if not scopes or {f"{resource}:{action}", f"*:{action}"} & set(scopes):
            return None
        needed = f"{resource}:{action}"
        return forbidden(f"This token is not scoped for {action} access to {resource}. It needs the {needed} scope.")
