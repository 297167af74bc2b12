"""The whole hub shown on stand-ins: an invented company's systems, signed in to, synced, united, counted against the truth."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPErrorProcessor, Request, build_opener, urlopen

from rich.console import Console
from rich.table import Table

from hub import progress, registry, truth
from hub import settings as settings_of
from hub.errors import Misdeclared
from hub.processes import die_with_parent
from hub.sandbox.oauth import DEFAULT_CLIENT, DEFAULT_SECRET
from hub.sandbox.serve import serve as serve_standins
from hub.sandbox.standin import StandIn
from hub.sandbox.world import World
from hub.spec import OAuth2
from hub.store import connections, migrate
from hub.sync import connect, organisation
from hub.sync.hub import SANDBOX, Hub, auth_of, authorization_origin, opened
from hub.web import first_admin_link

SEED = 7
STANDINS_FROM = 200
"""The stand-ins' ports lie this far above the port of the pages."""
ADMIN = "demo"
HOME = {"time_zone": "America/Sao_Paulo", "currency": "BRL", "country": "BR"}
"""Where the invented company is."""


def available() -> tuple[str, ...]:
    """The connectors that have a stand-in."""
    return tuple(found for found in registry.connector_ids() if find_spec(f"connectors.{found}.sandbox"))


def standin(connector: str) -> StandIn:
    """The stand-in of a connector; Misdeclared where it has none."""
    if connector not in available():
        raise Misdeclared(f"there is no stand-in of {connector!r}; there are {', '.join(available())}")
    found = import_module(f"connectors.{connector}.sandbox").STANDIN
    if not isinstance(found, StandIn):
        raise Misdeclared(f"connectors/{connector}/sandbox.py: STANDIN must be a StandIn")
    return found


def serve(connectors: Iterable[str], scale: int, port: int) -> None:
    """Serve stand-ins until interrupted."""
    console = Console()

    def ready(origins: Mapping[str, str]) -> None:
        where = ",".join(f"{name}={origin}" for name, origin in origins.items())
        told = [
            f"HUB_SANDBOX=1 HUB_SANDBOX_ORIGINS={where}",
            "With these in its environment, `hub up` offers Sandbox when connecting:",
        ]
        for name in origins:
            there = standin(name)
            key = f"key {there.key}" if there.key else f"client ID {DEFAULT_CLIENT}, client secret {DEFAULT_SECRET}"
            answers = "".join(f", {ask} {answer}" for ask, answer in there.answers.items())
            told.append(f"  {registry.connector(name).label:<16} {key}{answers}")
        console.print("\n".join(told), soft_wrap=True, highlight=False)

    serve_standins([standin(each) for each in connectors], World(scale, seed=SEED), now=time.time, port=port, ready=ready)


def run(data: Path, *, scale: int, port: int, once: bool) -> int:
    """Start everything, connect, wait for the sync, compare with the truth; serve on until interrupted unless `once`."""
    console = Console()
    environment = {**os.environ, **_environment(data, port)}
    settings = settings_of.read(environment)
    hub = opened(settings)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    migrate.migrate(hub.database)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data / "log").open("ab") as log:
        standins = _started(
            ["sandbox", *available(), "--scale", str(scale), "--port", str(port + STANDINS_FROM)], environment, log
        )
        processes = _started(["up"], environment, log)
        try:
            _wait([origin for _, origin in settings.sandbox_origins])
            _settle(hub)
            wanted = _connect(hub, console)
            progress.shown(hub, wanted, console)
            world = World(scale, seed=SEED)
            right = _compared(hub, world, console) & _judged(hub, world, console)
            if not once:
                _serve(hub, console, processes)
        finally:
            for process in (processes, standins):
                process.terminate()
            for process in (processes, standins):
                process.wait(timeout=30)
    return 0 if right else 1


def _environment(data: Path, port: int) -> dict[str, str]:
    origins = (f"{name}=http://127.0.0.1:{port + STANDINS_FROM + place}" for place, name in enumerate(available()))
    return {"HUB_DATA": str(data), "PORT": str(port), "HUB_SANDBOX": "1", "HUB_SANDBOX_ORIGINS": ",".join(origins)}


def _started(command: Sequence[str], environment: Mapping[str, str], log: BinaryIO) -> "subprocess.Popen[bytes]":
    ours = [sys.executable, "-m", "hub", *command]
    return subprocess.Popen(ours, env=dict(environment), stdout=log, stderr=log, preexec_fn=die_with_parent)  # noqa: S603, PLW1509 - ours


def _wait(origins: Iterable[str], patience: float = 60) -> None:
    """Until every stand-in answers, be it with a refusal."""
    opener = build_opener(_Unhurried)
    for origin in origins:
        until = time.monotonic() + patience
        while True:
            try:
                opener.open(f"{origin}/__sandbox/truth", timeout=5).close()
                break
            except OSError as error:
                if time.monotonic() > until:
                    raise Misdeclared(f"the stand-in at {origin} did not start; see the file `log` in the data folder") from error
                time.sleep(0.1)


def _settle(hub: Hub) -> None:
    """Say where the invented company is, unless somebody has said something else."""
    with hub.database.reading() as tx:
        said = organisation.settled(tx).version
    if not said:
        organisation.change(hub, {"organisation": HOME}, by=ADMIN)


def _connect(hub: Hub, console: Console) -> list[str]:
    """Sign in to every stand-in that is not connected yet, or whose tokens went with its last run; the connections' ids."""
    found = []
    with hub.database.reading() as tx:
        known = {each.connector: each.id for each in connections.everyone(tx)}
    for name in available():
        connector, there = registry.connector(name), standin(name)
        how = "sign-in" if any(isinstance(auth, OAuth2) for auth in connector.auth) else "key"
        if how == "sign-in":
            made = _signed_in(hub, name, there.answers, known.get(name))
        elif name in known:
            made = connect.reauthorise_with_key(hub, known[name], there.key or "")
        else:
            made = connect.with_key(hub, name, answers=there.answers, key=there.key or "", label="", environment=SANDBOX)
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
    auth = auth_of(registry.connector(name), connect.OAUTH2)
    if not isinstance(auth, OAuth2):
        raise Misdeclared(f"{name} has no sign-in")
    return auth


def _allowed(url: str) -> str:
    """Where the sign-in page sends the browser when Allow is pressed."""
    with urlopen(url, timeout=10) as page:  # noqa: S310 - a stand-in's address, on this machine
        text = page.read().decode()
    fields = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text)}
    sent = Request(url, data=urlencode(fields | {"decision": "allow"}).encode(), method="POST")  # noqa: S310 - as above
    with build_opener(_Unhurried).open(sent, timeout=10) as answer:
        return str(answer.headers["Location"])


class _Unhurried(HTTPErrorProcessor):
    """Takes every answer as it is: a redirect is read, not followed, and a refusal is an answer too."""

    def http_response(self, _request: Request, response: Any) -> Any:
        """As it came."""
        return response

    def https_response(self, _request: Request, response: Any) -> Any:
        """As it came."""
        return response


def _compared(hub: Hub, world: World, console: Console) -> bool:
    """Print what was synced beside the truth; whether every count is right."""
    found = progress.status(hub)
    table = Table("connection", "type", "synced", "truth", "", title="Live records")
    right = True
    for each in found["connections"]:
        truth = standin(each["id"].rpartition("-")[0]).truth(world)
        for kind in sorted(truth | each["counts"]):
            pair = each["counts"].get(kind, 0), truth.get(kind, 0)
            right &= pair[0] == pair[1]
            table.add_row(each["id"], kind, f"{pair[0]:,}", f"{pair[1]:,}", "" if pair[0] == pair[1] else "[red]differs[/]")
        if each["problem"]:
            console.print(f"[red]{each['id']}: {each['problem']}[/]")
    console.print(table)
    tools = Table("customers", "known to", "number", title="Customers by number of tools they were found in")
    for kind, by in found["customers"].items():
        for number, count in by.items():
            tools.add_row(kind, f"{number} tool{'s' * (number > 1)}", f"{count:,}")
    console.print(tools)
    return right


def _judged(hub: Hub, world: World, console: Console) -> bool:
    """Print how well people were united; whether well enough."""
    with hub.database.reading() as tx:
        found = truth.judged(tx, world, {name: standin(name).contact_id for name in available()})
    console.print(
        f"Who is who: {found.joined:,} pairs of records joined, {len(found.false):,} of them falsely:"
        f" precision {found.precision:.4f}, recall {found.recall:.4f}; {found.questions:,} questions wait for a person."
    )
    for one, other in found.false:
        console.print(f"  joined falsely: {one} and {other}")
    return found.precision >= truth.WANTED


def _serve(hub: Hub, console: Console, processes: "subprocess.Popen[bytes]") -> None:
    """Say where the pages are and how to sign in, and stay until interrupted."""
    console.print(f"The pages: [bold]{hub.settings.public_url}[/]")
    link = first_admin_link(hub)
    console.print(f"Sign in, once: {link}" if link else "Sign in with the admin you made before.", soft_wrap=True)
    console.print("Ctrl-C ends everything.")
    try:
        processes.wait()
    except KeyboardInterrupt:
        console.print("ending")
