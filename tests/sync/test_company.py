"""A whole invented company of two thousand people in five systems: what the hub has is the truth, and stays as it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from hub.demo import available, standin
from hub.store import connections
from hub.sync import connect
from hub.sync.hub import Hub
from tests import standins, states, support
from tests.watching import Unpaced

PEOPLE = 2_000


def counts(hub: Hub) -> dict[str, dict[str, int]]:
    """Live records by connector and canonical type."""
    with hub.database.reading() as tx:
        found: dict[str, dict[str, int]] = {}
        for (connection_id, kind), number in connections.counts(tx).items():
            found.setdefault(connection_id.rpartition("-")[0], {})[kind] = number
        return found


@pytest.mark.timeout(300)
def test_a_company_of_two_thousand_is_read_as_it_is_and_read_again_without_a_change(tmp_path: Path) -> None:
    systems = available()
    with standins.sandboxed(tmp_path, *systems, people=PEOPLE) as (made, origins, world):
        hub = replace(made, shared=Unpaced())
        for origin in origins.values():
            standins.act(origin, "faults", limits=False, lag_seconds=0)
        names = [standins.connected(hub, system).id for system in systems]
        support.drained(hub)
        assert counts(hub) == {system: standin(system).truth(world) for system in systems}
        before = states.state(hub)
        for name in names:
            connect.sync_now(hub, name)
        support.drained(hub)
        assert states.state(hub) == before
