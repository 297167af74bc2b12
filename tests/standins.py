"""Stand-ins to connect to, as a person would connect to the systems they stand for."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from time import time
from urllib.parse import parse_qs, urlsplit

import requests

from hub import registry
from hub.sandbox.serve import serving
from hub.sandbox.standins import decide_for, entered, standin
from hub.sandbox.world import World
from hub.spec import Auth, OAuth2
from hub.store import connections
from hub.store.connections import Connection
from hub.sync import connect
from hub.sync.entered import with_credentials
from hub.sync.hub import SANDBOX, Hub, auth_of, authorization_origin
from tests import support


@contextmanager
def sandboxed(
    data: Path, *connectors: str, people: int = 200, seed: int = 7, **environment: str
) -> Iterator[tuple[Hub, Mapping[str, str], World]]:
    """A hub whose sandbox environment has these stand-ins, all of one invented company."""
    world = World(people, seed=seed)
    with serving([standin(each) for each in connectors], world, now=time) as origins:
        where = ",".join(f"{name}={origin}" for name, origin in origins.items())
        hub = support.made(data, HUB_SANDBOX="1", HUB_SANDBOX_ORIGINS=where, **environment)
        yield hub, origins, world
        hub.database.close()


def connected(hub: Hub, connector: str) -> Connection:
    """Connect to a stand-in by its sign-in where it has one, else by what is entered; and decide what an admin would."""
    there, auth = standin(connector), way(connector)
    if isinstance(auth, OAuth2):
        found = signed_in(hub, connector)
    else:
        said = entered(there, auth)
        found = with_credentials(hub, connector, auth.kind, said, answers=there.answers, label="", environment=SANDBOX)
    decide_for(hub, found.id, there)
    return found


def way(connector: str) -> Auth:
    """How tests connect: by signing in where that can be done, else the first way."""
    ways = registry.connector(connector).auth
    return next((auth for auth in ways if isinstance(auth, OAuth2)), ways[0])


def signed_in(hub: Hub, connector: str) -> Connection:
    """Connect through the stand-in's real authorization-code flow, pressing Allow as a person would."""
    answers = standin(connector).answers
    auth = auth_of(registry.connector(connector), OAuth2.kind)
    assert isinstance(auth, OAuth2)
    origin = authorization_origin(hub.endpoint(registry.connector(connector), answers, SANDBOX), auth)
    with hub.database.writing() as tx:
        connections.put_app(tx, hub.seal, connector, origin, client_id="sandbox-client", secret="sandbox-secret")
    url = connect.begin(hub, connector, answers=answers, label="", environment=SANDBOX, by="admin", session="s")
    back = parse_qs(urlsplit(allowed(url)).query)
    return connect.finish(hub, connector, state=back["state"][0], code=back["code"][0], by="admin", session="s")


def allowed(url: str) -> str:
    """Where the sign-in page sends the browser when somebody presses Allow."""
    with requests.Session() as browser:
        page = browser.get(url, timeout=10)
        fields = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)}
        answer = browser.post(url, data=fields | {"decision": "allow"}, timeout=10, allow_redirects=False)
        return str(answer.headers["Location"])


def act(origin: str, name: str, **said: object) -> object:
    """Do something at a stand-in's control door."""
    answer = requests.post(f"{origin}/__sandbox/{name}", json=said, timeout=10)
    assert answer.ok, answer.text
    return answer.json()
