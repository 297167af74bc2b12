"""A hub connected to stand-ins of Pega in every way that needs no browser; by signing in there, the contract's tests connect."""

from pathlib import Path

import pytest

from hub import registry
from hub.sandbox.standins import decide_for, entered, standin
from hub.store import connections
from hub.sync.entered import with_credentials
from hub.sync.hub import SANDBOX, auth_of
from tests import standins, support

WAYS = [("pega", "client"), ("pega_v1", "client"), ("pega_v1", "key")]


@pytest.mark.parametrize(("connector", "way"), WAYS, ids=["-".join(each) for each in WAYS])
def test_what_is_entered_lets_us_in_and_brings_exactly_what_is_there(tmp_path: Path, connector: str, way: str) -> None:
    there = standin(connector)
    with standins.sandboxed(tmp_path, connector, people=100) as (hub, _, world):
        said = entered(there, auth_of(registry.connector(connector), way))
        made = with_credentials(hub, connector, way, said, answers=there.answers, label="", environment=SANDBOX)
        decide_for(hub, made.id, there)
        support.drained(hub)
        with hub.database.reading() as tx:
            counted = {kind: number for (_, kind), number in connections.counts(tx).items()}
            assert connections.get(tx, made.id).state == connections.CONNECTED
        assert counted == there.truth(world)
        assert made.account == "CICLO-CRM-Work"
