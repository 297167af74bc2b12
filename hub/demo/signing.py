"""Signing in to stand-ins as an admin would in a browser."""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPErrorProcessor, Request, build_opener, urlopen

from rich.console import Console

from hub import registry
from hub.errors import Misdeclared
from hub.sandbox.oauth import DEFAULT_CLIENT, DEFAULT_SECRET
from hub.sandbox.standins import decide_for, entered, standin
from hub.spec import OAuth2
from hub.store import connections
from hub.sync import connect
from hub.sync.entered import reauthorise_with, with_credentials
from hub.sync.hub import SANDBOX, Hub, auth_of, authorization_origin

ADMIN = "demo"
"""Who connects, in the audit log."""


def sign_in(hub: Hub, systems: Iterable[str], console: Console) -> list[str]:
    """Sign in to each stand-in that is not connected yet, or whose tokens went with its last run; the connections' ids."""
    found = []
    with hub.database.reading() as tx:
        known = {each.connector: each.id for each in connections.everyone(tx)}
    for name in systems:
        connector, there = registry.connector(name), standin(name)
        auth = next((each for each in connector.auth if isinstance(each, OAuth2)), connector.auth[0])
        how = {"oauth2": "sign-in", "client": "client ID and secret", "key": "key"}[auth.kind]
        if isinstance(auth, OAuth2):
            made = _signed_in(hub, name, there.answers, known.get(name))
        elif name in known:
            made = reauthorise_with(hub, known[name], entered(there, auth))
        else:
            said = entered(there, auth)
            made = with_credentials(hub, name, auth.kind, said, answers=there.answers, label="", environment=SANDBOX)
        decide_for(hub, made.id, there)
        console.print(f"connected [bold]{connector.label}[/] by {how}: {made.account_name}")
        found.append(made.id)
    return found


def _signed_in(hub: Hub, name: str, answers: Mapping[str, str], connection_id: str | None) -> connections.Connection:
    """Through the stand-in's own sign-in page, as a browser would: open it, press Allow, come back with the code."""
    connector = registry.connector(name)
    endpoint = hub.endpoint(connector, answers, SANDBOX)
    origin = authorization_origin(endpoint, _oauth(name))
    with hub.database.writing() as tx:
        connections.put_app(tx, hub.seal, name, origin, client_id=DEFAULT_CLIENT, secret=DEFAULT_SECRET)
    url = connect.begin(
        hub, name, answers=answers, label="", environment=SANDBOX, by=ADMIN, session=ADMIN, connection_id=connection_id
    )
    back = parse_qs(urlsplit(_allowed(url)).query)
    return connect.finish(hub, name, state=back["state"][0], code=back["code"][0], by=ADMIN, session=ADMIN)


def _oauth(name: str) -> OAuth2:
    auth = auth_of(registry.connector(name), OAuth2.kind)
    if not isinstance(auth, OAuth2):
        raise Misdeclared(f"{name} has no sign-in")
    return auth


def _allowed(url: str) -> str:
    """Where the sign-in page sends the browser when Allow is pressed."""
    with urlopen(url, timeout=10) as page:  # noqa: S310 - a stand-in's address, on this machine
        text = page.read().decode()
    fields = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text)}
    sent = Request(url, data=urlencode(fields | {"decision": "allow"}).encode(), method="POST")  # noqa: S310 - as above
    with build_opener(Unhurried).open(sent, timeout=10) as answer:
        return str(answer.headers["Location"])


class Unhurried(HTTPErrorProcessor):
    """Takes every answer as it is: a redirect is read, not followed, and a refusal is an answer too."""

    def http_response(self, _request: Request, response: Any) -> Any:
        """As it came."""
        return response

    def https_response(self, _request: Request, response: Any) -> Any:
        """As it came."""
        return response
