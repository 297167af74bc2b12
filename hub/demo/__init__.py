"""The whole hub shown on stand-ins: an invented company's systems, signed in to, synced, united, counted against the truth."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from urllib.request import build_opener

from rich.console import Console
from rich.table import Table

from hub import progress, truth
from hub import settings as settings_of
from hub.demo import others
from hub.demo.signing import ADMIN, Unhurried, sign_in
from hub.errors import Misdeclared
from hub.processes import die_with_parent
from hub.sandbox.standins import HOUSE, SEED, standin
from hub.sandbox.world import World
from hub.store import migrate
from hub.sync import organisation
from hub.sync.hub import Hub, opened
from hub.web import first_admin_link

STANDINS_FROM = 200
"""The stand-ins' ports lie this far above the port of the pages."""
HOME = {"time_zone": "America/Sao_Paulo", "currency": "BRL", "country": "BR"}
"""Where the invented company is."""


def run(data: Path, systems: Sequence[str], *, scale: int, port: int, once: bool, everything: bool = False) -> int:
    """Start everything, connect the systems, wait, compare with the truth; serve on until interrupted unless `once`.

    With `everything` a table is imported and a web form pushes, too.
    """
    console = Console()
    environment = {**os.environ, **_environment(data, systems, port)}
    settings = settings_of.read(environment)
    hub = opened(settings)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    migrate.migrate(hub.database)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data / "log").open("ab") as log:
        standins = _started(["sandbox", *systems, "--scale", str(scale), "--port", str(port + STANDINS_FROM)], environment, log)
        processes = _started(["up"], environment, log)
        try:
            _wait([origin for _, origin in settings.sandbox_origins])
            _settle(hub)
            world = World(scale, seed=SEED)
            wanted = sign_in(hub, systems, console)
            if everything:
                _wait([hub.settings.public_url])
                wanted += others.send(hub, world, environment, console)
            progress.shown(hub, wanted, console)
            right = _compared(hub, world, console) & _judged(hub, world, systems, console)
            if not once:
                _serve(hub, console, processes)
        finally:
            for process in (processes, standins):
                process.terminate()
            for process in (processes, standins):
                process.wait(timeout=30)
    return 0 if right else 1


def _environment(data: Path, systems: Sequence[str], port: int) -> dict[str, str]:
    origins = (f"{name}=http://127.0.0.1:{port + STANDINS_FROM + place}" for place, name in enumerate(systems))
    return {"HUB_DATA": str(data), "PORT": str(port), "HUB_SANDBOX": "1", "HUB_SANDBOX_ORIGINS": ",".join(origins)}


def _started(command: Sequence[str], environment: Mapping[str, str], log: BinaryIO) -> "subprocess.Popen[bytes]":
    ours = [sys.executable, "-m", "hub", *command]
    return subprocess.Popen(ours, env=dict(environment), stdout=log, stderr=log, preexec_fn=die_with_parent)  # noqa: S603, PLW1509 - ours


def _wait(origins: Iterable[str], patience: float = 60) -> None:
    """Until every stand-in answers, be it with a refusal."""
    opener = build_opener(Unhurried)
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


def _compared(hub: Hub, world: World, console: Console) -> bool:
    """Print what was synced beside the truth; whether every count is right."""
    found = progress.status(hub)
    table = Table("connection", "type", "synced", "truth", "", title="Live records")
    right = True
    for each in found["connections"]:
        system = each["id"].rpartition("-")[0]
        truth = others.TRUTHS[system](world) if system in others.TRUTHS else standin(system).truth(world)
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


def _judged(hub: Hub, world: World, systems: Sequence[str], console: Console) -> bool:
    """Print how well people were united; whether well enough."""
    with hub.database.reading() as tx:
        ids: dict[str, Callable[[int], str]] = {name: standin(name).contact_id for name in systems}
        if len(systems) > len(HOUSE):
            ids |= dict.fromkeys(others.TRUTHS, str)
        found = truth.judged(tx, world, ids)
    console.print(
        f"Who is who: {found.joined:,} pairs of records joined, {len(found.false):,} of them falsely:"
        f" precision {found.precision:.4f}, recall {found.recall:.4f}; {found.questions:,} questions wait for a person."
    )
    for one, other in found.false:
        console.print(f"  joined falsely: {one} and {other}")
    whole = found.many - len(found.apart)
    console.print(f"Of {found.many:,} people whom three or more systems know by one address, {whole:,} are one customer each.")
    return found.precision >= truth.WANTED and not found.apart


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
