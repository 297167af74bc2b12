"""Whatever is killed, and whenever: what is stored in the end is what an undisturbed run stores."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from time import time

import pytest
from sqlalchemy import text

from hub.sandbox.serve import serving
from hub.sandbox.standins import standin
from hub.sandbox.world import World
from hub.sync.hub import Hub
from tests import standins, states, support, watching
from tests.chaos import killing

FEW = ("bottlecrm", "pretix")
MANY = ("bottlecrm", "hubspot", "pretix")
"""Those whose limits let twenty thousand records pass within minutes."""


def connected(data: Path, origins: dict[str, str], **environment: str) -> Hub:
    """A hub that is connected to all stand-ins and has read nothing."""
    where = ",".join(f"{name}={origin}" for name, origin in origins.items())
    data.mkdir(exist_ok=True)
    hub = support.made(data, HUB_SANDBOX="1", HUB_SANDBOX_ORIGINS=where, **environment)
    for system in origins:
        standins.connected(hub, system)
    return hub


def undisturbed(data: Path, origins: dict[str, str]) -> dict[str, list[states.Row]]:
    hub = connected(data, origins)
    support.drained(replace(hub, shared=watching.Unpaced()))
    assert states.ended(hub)
    found = states.state(hub)
    hub.database.close()
    return found


@contextmanager
def company(systems: Sequence[str], people: int) -> Iterator[dict[str, str]]:
    with serving([standin(system) for system in systems], World(people, seed=7), now=time) as origins:
        for origin in origins.values():
            standins.act(origin, "faults", limits=False)
        yield origins


def pages(hub: Hub) -> int:
    with hub.database.reading() as tx:
        return int(tx.execute(text("SELECT coalesce(sum(pages), 0) FROM run")).scalar_one())


def disturbed(
    data: Path, origins: dict[str, str], *, seed: int, times: int, minutes: int, **environment: str
) -> dict[str, list[states.Row]]:
    """Sync while something is killed every few pages, so many times; then in peace to the end."""
    hub = connected(data, origins, REDIS_URL="", **environment)
    set_to = {
        "HUB_DATA": str(data),
        "HUB_KEYS": support.KEY,
        "HUB_SANDBOX": "1",
        "HUB_SANDBOX_ORIGINS": ",".join(f"{name}={origin}" for name, origin in origins.items()),
        "REDIS_URL": "",
        "DATABASE_URL": hub.settings.database_url,
    }
    chance = Random(seed)  # noqa: S311 - a repeatable one
    with killing.processes(hub.settings, set_to, data / "log") as processes:
        hit = killing.hitting(processes, chance, pages=lambda: pages(hub), times=times)
        hit_enough = killing.until(hit, processes, seconds=60 * minutes)
        came_to_an_end = killing.until(lambda: states.ended(hub), processes, seconds=60 * minutes)
    assert hit_enough, dict(processes.hits)
    assert came_to_an_end, (data / "log").read_text()[-4000:]
    sys.stderr.write(f"seed {seed}: {dict(processes.hits)}\n")
    found = states.state(hub)
    hub.database.close()
    return found


def compared(whole: dict[str, list[states.Row]], hit: dict[str, list[states.Row]]) -> None:
    assert set(hit) == set(whole)
    for table, rows in whole.items():
        assert hit[table] == rows, table


@pytest.mark.timeout(240)
def test_killed_every_few_pages_a_small_hub_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    with company(FEW, 60) as origins:
        whole = undisturbed(tmp_path / "whole", origins)
        compared(whole, disturbed(tmp_path / "hit", origins, seed=1, times=4, minutes=3))


@pytest.mark.chaos
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [2, 3, 5])
def test_killed_for_minutes_a_hub_of_twenty_thousand_records_ends_as_if_nothing_had_happened(
    seed: int, database_url: str, tmp_path: Path
) -> None:
    with company(MANY, 9000) as origins:
        whole = undisturbed(tmp_path / "whole", origins)
        assert len(whole["record"]) >= 20_000
        compared(whole, disturbed(tmp_path / "hit", origins, seed=seed, times=60, minutes=12, DATABASE_URL=database_url))
