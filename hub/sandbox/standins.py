"""Which stand-ins there are, and serving them from the command line."""

import time
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from rich.console import Console

from hub import registry
from hub.errors import Misdeclared
from hub.sandbox.oauth import DEFAULT_CLIENT, DEFAULT_SECRET
from hub.sandbox.serve import serve as serve_standins
from hub.sandbox.slots import TOOLS
from hub.sandbox.standin import StandIn
from hub.sandbox.world import World
from hub.spec import Auth
from hub.sync import decide
from hub.sync.hub import Hub

HOUSE: Final = tuple(sorted(TOOLS))
"""The systems with which the hub is shown unless all are wanted."""
SEED: Final = 7
"""Of the invented company that is shown."""


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


def entered(there: StandIn, auth: Auth) -> dict[str, str]:
    """What an admin enters to be let in there."""
    if auth.kind == "client":
        return {"client_id": DEFAULT_CLIENT, "client_secret": DEFAULT_SECRET}
    said = (there.key or "").split(":", 1) if len(auth.entered) > 1 else [there.key or ""]
    return {entry.name: value for entry, value in zip(auth.entered, said, strict=False)}


def decide_for(hub: Hub, connection_id: str, there: StandIn) -> None:
    """Decide what an admin would, right after connecting."""
    for each in there.decisions:
        decide.choose(hub, connection_id, stream=each.stream, path=each.path, raw=each.raw, value=each.value, by="admin")


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
