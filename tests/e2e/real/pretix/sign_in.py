"""What a person does in a browser to let a client use pretix, and the requests of that client to the token endpoint."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from tests.e2e.real.systems import PRETIX, state

_SECONDS = 60
_AUTHORIZE, _TOKEN, _REVOKE = (f"/api/v1/oauth/{name}" for name in ("authorize", "token", "revoke_token"))
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
_ORGANIZERS = re.compile(r'<input[^>]*name="organizers"[^>]*value="([^"]+)"')


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """A registered OAuth application at one origin."""

    origin: str
    client_id: str
    client_secret: str
    redirect_uri: str

    def question(self, **other: str) -> dict[str, str]:
        """The parameters of a request for consent."""
        asked = {"client_id": self.client_id, "response_type": "code", "redirect_uri": self.redirect_uri}
        return {**asked, "scope": "read write", "state": "s-1", **other}

    def token(self, *, secret: str | None = None, **fields: str) -> requests.Response:
        """The answer of the token endpoint to a form, with the client's credentials by Basic."""
        auth = (self.client_id, secret or self.client_secret)
        return requests.post(self.origin + _TOKEN, data=fields, auth=auth, timeout=_SECONDS)

    def revoke(self, token: str) -> requests.Response:
        """The answer to ending a token."""
        auth = (self.client_id, self.client_secret)
        return requests.post(self.origin + _REVOKE, data={"token": token}, auth=auth, timeout=_SECONDS)

    def tokens(self, browser: "Browser", scope: str = "read write") -> dict[str, Any]:
        """A fresh pair of tokens for somebody's consent."""
        code = browser.answer(self, {"scope": scope})["code"]
        given = self.token(grant_type="authorization_code", code=code, redirect_uri=self.redirect_uri)
        given.raise_for_status()
        return dict(given.json())


def real_app() -> tuple[App, str, str]:
    """The real system's application, and the address and password of its one user."""
    kept = json.loads((state() / PRETIX.name / PRETIX.secret).read_text())
    names = {name: kept[name] for name in ("client_id", "client_secret", "redirect_uri")}
    return App(origin=PRETIX.origin, **names), kept["login"], kept["password"]


class Browser:
    """Somebody's browser; signed in where the system asks for that."""

    def __init__(self) -> None:
        self._session = requests.Session()

    def sign_in(self, origin: str, email: str, password: str) -> None:
        """Fill in pretix's sign-in form."""
        page = self._session.get(f"{origin}/control/login", timeout=_SECONDS)
        fields = {"csrfmiddlewaretoken": _CSRF.findall(page.text)[0], "email": email, "password": password}
        done = self._posted(page.url, fields)
        if done.status_code != requests.codes.found:
            raise AssertionError(f"signing in was answered {done.status_code}")

    def _posted(self, url: str, fields: dict[str, Any]) -> requests.Response:
        return self._session.post(url, data=fields, headers={"Referer": url}, allow_redirects=False, timeout=_SECONDS)

    def asked(self, app: App, other: Mapping[str, str] | None = None, *, allow: bool = True) -> requests.Response:
        """The answer to the consent form, or to the request for it where none is shown."""
        question = app.question(**(other or {}))
        page = self._session.get(app.origin + _AUTHORIZE, params=question, allow_redirects=False, timeout=_SECONDS)
        if page.status_code != requests.codes.ok:
            return page
        fields: dict[str, Any] = {**question, **dict(_HIDDEN.findall(page.text)), "organizers": _ORGANIZERS.findall(page.text)}
        if token := _CSRF.findall(page.text):
            fields["csrfmiddlewaretoken"] = token[0]
        choice = {"allow": "Authorize", "decision": "allow"} if allow else {"decision": "deny"}
        return self._posted(page.url, fields | choice)

    def answer(self, app: App, other: Mapping[str, str] | None = None, *, allow: bool = True) -> dict[str, str]:
        """What the client is told at its redirect address."""
        told = self.asked(app, other, allow=allow)
        return dict(parse_qsl(urlsplit(told.headers["Location"]).query))
