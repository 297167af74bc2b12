"""The hub synced with the real systems: what it has is what they say they have, and a change there is that change here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from hub.store import connections
from hub.sync import connect
from hub.sync.hub import SELF_HOSTED, Hub
from tests import support
from tests.e2e.real.client import Client, Pair
from tests.e2e.real.systems import BOTTLECRM, RT, System

pytestmark = [pytest.mark.real, pytest.mark.timeout(1800)]


@contextmanager
def synced(folder: Path, connector: str, system: System) -> Iterator[tuple[Hub, str]]:
    """A hub that has read everything of a system once."""
    hub = support.made(folder, HUB_PRIVATE_NETWORKS="127.0.0.0/8")
    answers = {"address": system.origin}
    made = connect.with_key(hub, connector, answers=answers, key=system.token(), label="", environment=SELF_HOSTED)
    support.drained(hub)
    yield hub, made.id
    hub.database.close()


def again(hub: Hub, connection_id: str) -> None:
    connect.sync_now(hub, connection_id)
    support.drained(hub)


def value(hub: Hub, query: str, **parameters: str) -> Any:
    with hub.database.reading() as tx:
        return tx.execute(text(query), parameters).scalar_one()


def counts(hub: Hub) -> dict[str, int]:
    with hub.database.reading() as tx:
        return {kind: count for (_, kind), count in connections.counts(tx).items()}


def written(hub: Hub) -> int:
    return int(value(hub, "SELECT coalesce(sum(written), 0) FROM run"))


def unchanged_by(hub: Hub, connection_id: str, act: Callable[[Hub, str], None]) -> None:
    """Nothing canonical, and nothing that readers of the feed would see, may differ after an act."""
    queries = (
        "SELECT count(*) || coalesce(max(received_at), '') FROM record",
        "SELECT max(position) FROM change",
        "SELECT max(changed_at) FROM customer",
    )
    before = [value(hub, query) for query in queries]
    act(hub, connection_id)
    assert [value(hub, query) for query in queries] == before


def test_bottlecrm_is_read_whole_and_followed(bottlecrm: Pair, tmp_path: Path) -> None:
    real = bottlecrm.real
    with synced(tmp_path, "bottlecrm", BOTTLECRM) as (hub, connection_id):
        found = counts(hub)
        assert found["contact"] == real.done("/api/contacts/?limit=1", method="GET")["count"]
        assert found["deal"] == real.done("/api/opportunities/?limit=1", method="GET")["opportunities_count"]
        assert found["ticket"] == real.done("/api/cases/?limit=1", method="GET")["cases_count"]
        accounts = real.done("/api/accounts/?limit=1", method="GET")
        assert found["company"] == sum(
            accounts[half][count]
            for half, count in (("active_accounts", "open_accounts_count"), ("closed_accounts", "close_accounts_count"))
        )
        assert value(hub, "SELECT count(*) FROM run WHERE certified = 0") == 0
        unchanged_by(hub, connection_id, again)
        _change_three_contacts(real, hub, connection_id)
        _delete_a_contact(real, hub, connection_id)


def _change_three_contacts(real: Client, hub: Hub, connection_id: str) -> None:
    chosen = real.done("/api/contacts/?limit=3", method="GET")["results"]
    before = written(hub)
    for one in chosen:
        said = {"first_name": one["first_name"], "last_name": f"{one['last_name']} changed", "email": one["email"]}
        real.done(f"/api/contacts/{one['id']}/", method="PATCH", body=said)
    again(hub, connection_id)
    assert written(hub) - before == 3


def _delete_a_contact(real: Client, hub: Hub, connection_id: str) -> None:
    name = {"first_name": "Gone", "last_name": "Soon", "email": "gone.soon@real.example"}
    made = real.done("/api/contacts/", body=name)["id"]
    again(hub, connection_id)
    customer = "SELECT live FROM customer WHERE document LIKE :like"
    assert value(hub, customer, like=f"%{made}%") == 1
    real.done(f"/api/contacts/{made}/", method="DELETE")
    again(hub, connection_id)
    assert value(hub, "SELECT state FROM record WHERE source_id = :id", id=made) == "deleted"
    assert value(hub, customer, like=f"%{made}%") == 0


def test_request_tracker_is_read_whole_and_followed(rt: Pair, tmp_path: Path) -> None:
    real = rt.real
    with synced(tmp_path, "rt", RT) as (hub, connection_id):
        tickets = real.done("/REST/2.0/tickets?query=id%20%3E%200&per_page=3&fields=Subject", method="GET")
        assert counts(hub)["ticket"] == tickets["total"]
        assert value(hub, "SELECT count(*) FROM run WHERE certified = 0") == 0
        unchanged_by(hub, connection_id, again)
        before = written(hub)
        for one in tickets["items"]:
            real.done(f"/REST/2.0/ticket/{one['id']}", method="PUT", body={"Subject": f"{one['Subject']} changed"})
        again(hub, connection_id)
        assert written(hub) - before == 3
