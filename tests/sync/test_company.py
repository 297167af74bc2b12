"""A whole invented company in five systems: what the hub has is the truth, stays as it is, and follows from what was read."""

import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from hub import truth
from hub.sandbox.standins import HOUSE, standin
from hub.sandbox.world import World
from hub.store import connections
from hub.sync import connect
from hub.sync.hub import Hub
from hub.sync.rebuild import rebuild
from tests import standins, states, support
from tests.watching import Unpaced


def counts(hub: Hub) -> dict[str, dict[str, int]]:
    """Live records by connector and canonical type."""
    with hub.database.reading() as tx:
        found: dict[str, dict[str, int]] = {}
        for (connection_id, kind), number in connections.counts(tx).items():
            found.setdefault(connection_id.rpartition("-")[0], {})[kind] = number
        return found


def told(hub: Hub, seconds: float) -> None:
    """Say how fast one process read and united everything, the stand-ins beside it."""
    records = sum(number for found in counts(hub).values() for number in found.values())
    sys.stderr.write(f"{records:,} records in {seconds:.0f} s, {records / seconds:.0f} a second\n")


def united(hub: Hub, world: World) -> None:
    """Say how well people were united, and hold what a false one may cost."""
    with hub.database.reading() as tx:
        found = truth.judged(tx, world, {system: standin(system).contact_id for system in HOUSE})
    sys.stderr.write(f"precision {found.precision:.5f}, recall {found.recall:.4f}, {found.questions:,} questions {found.false}\n")
    assert found.precision >= truth.WANTED
    assert found.recall > 0.5


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("people", [1_400, pytest.param(10_000, marks=pytest.mark.scale)])
def test_a_company_is_read_as_it_is_and_read_or_built_again_without_a_change(people: int, tmp_path: Path) -> None:
    with standins.sandboxed(tmp_path, *HOUSE, people=people) as (made, origins, world):
        hub = replace(made, shared=Unpaced())
        for origin in origins.values():
            standins.act(origin, "faults", limits=False, lag_seconds=0)
        names = [standins.connected(hub, system).id for system in HOUSE]
        begun = monotonic()
        support.drained(hub)
        told(hub, monotonic() - begun)
        assert counts(hub) == {system: standin(system).truth(world) for system in HOUSE}
        united(hub, world)
        before = states.state(hub)
        for name in names:
            connect.sync_now(hub, name)
        support.drained(hub)
        assert states.state(hub) == before
        begun = monotonic()
        rebuild(hub)
        customers = len(before["customer"])
        sys.stderr.write(f"{customers:,} customers built again, {1000 * (monotonic() - begun) / customers:.1f} ms each\n")
        assert customers >= people * 10 // 7
        assert states.state(hub) == before
