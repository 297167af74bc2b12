"""What several tests need: a hub of their own, stand-ins to connect to, and the work done in this process."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from importlib import import_module
from pathlib import Path
from time import time
from urllib.parse import parse_qs, urlsplit

import requests

from hub import settings
from hub.sandbox.serve import serving
from hub.sandbox.world import World
from hub.store import connections, migrate
from hub.store.connections import Connection
from hub.sync import clock, connect, worker
from hub.sync.hub import Hub, auth_of, authorization_origin, opened
from hub import registry

KEY = "test:" + "11" * 32


def made(data: Path, **environment: str) -> Hub:
    """A migrated hub of its own."""
    found = opened(settings.read({"HUB_DATA": str(data), "HUB_KEYS": KEY, "REDIS_URL": "redis://127.0.0.1:1/0", **environment}))
    migrate.migrate(found.database)
    return found


def standin(connector: str):
    return import_module(f"connectors.{connector}.sandbox").STANDIN


@contextmanager
def sandboxed(data: Path, *connectors: str, people: int = 200, seed: int = 7, **environment: str) -> Iterator[tuple[Hub, Mapping[str, str], World]]:
    """A hub whose sandbox environment has these stand-ins, all of one invented company."""
    world = World(people, seed=seed)
    with serving([standin(each) for each in connectors], world, now=time) as origins:
        said = ",".join(f"{name}={origin}" for name, origin in origins.items())
        hub = made(data, HUB_SANDBOX="1", HUB_SANDBOX_ORIGINS=said, **environment)
        yield hub, origins, world
        hub.database.close()


def signed_in(hub: Hub, connector: str, answers: Mapping[str, str] | None = None) -> Connection:
    """Connect through the stand-in's real authorization-code flow, pressing Allow as a person would."""
    answers = answers or {}
    found = registry.connector(connector)
    endpoint = hub.endpoint(found, answers, "sandbox")
    origin = authorization_origin(endpoint, auth_of(found, "oauth2"))
    with hub.database.writing() as tx:
        connections.put_app(tx, hub.seal, connector, origin, client_id="sandbox-client", secret="sandbox-secret")
    url = connect.begin(hub, connector, answers=answers, label="", environment="sandbox", by="admin", session="s")
    back = parse_qs(urlsplit(allowed(url)).query)
    return connect.finish(hub, connector, state=back["state"][0], code=back["code"][0], by="admin", session="s")


def allowed(url: str) -> str:
    """Where the sign-in page sends the browser when somebody presses Allow."""
    with requests.Session() as browser:
        page = browser.get(url, timeout=10)
        fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        fields = {name: unescape(value) for name, value in fields.items()} | {"decision": "allow"}
        return str(browser.post(url, data=fields, timeout=10, allow_redirects=False).headers["Location"])


def drained(hub: Hub, *, limit: int = 400) -> int:
    """Do everything that is due until nothing is; the number of slices it took."""
    done = 0
    while done < limit:
        due = clock.tick(hub)
        if not due:
            return done
        while due:
            work_id, _ = due.pop(0)
            due += worker.perform(hub, work_id)
            done += 1
    raise AssertionError(f"work did not come to an end in {limit} slices")


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(UTC)


__all__ = ["allowed", "at", "drained", "made", "sandboxed", "signed_in", "standin", "timedelta"]
