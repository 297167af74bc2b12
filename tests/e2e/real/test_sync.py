"""The hub synced with BottleCRM and Request Tracker: what it has is what they say they have, and a change there is one here."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from hub.sync import connect
from hub.sync.entered import with_credentials
from hub.sync.hub import SELF_HOSTED, Hub
from tests import support
from tests.e2e.real import counted
from tests.e2e.real.client import Client, Pair
from tests.e2e.real.running import counts, customer_of, unchanged_by, value, worked_off, written
from tests.e2e.real.systems import BOTTLECRM, RT, System
from tests.web.visiting import Visitor, admin, later

pytestmark = [pytest.mark.real, pytest.mark.timeout(1800)]

A_DAY_LATER = timedelta(hours=25)


@contextmanager
def synced(folder: Path, connector: str, system: System) -> Iterator[tuple[Hub, Callable[[], None]]]:
    """A hub that has read everything of a system once, and how to have it read again."""
    hub = support.made(folder, HUB_PRIVATE_NETWORKS="127.0.0.0/8", HUB_WORKERS="1")
    answers = {"address": system.origin}
    made = with_credentials(hub, connector, "key", {"key": system.token()}, answers=answers, label="", environment=SELF_HOSTED)
    worked_off(hub)

    def again() -> None:
        connect.sync_now(hub, made.id)
        worked_off(hub)

    yield hub, again
    hub.database.close()


def complete(hub: Hub, said: dict[str, int]) -> None:
    """Each type is counted like the system itself, and no run found fewer than it was told."""
    found = counts(hub)
    assert {kind: found.get(kind) for kind in said} == said
    assert min(said.values()) >= counted.ENOUGH
    assert value(hub, "SELECT count(*) FROM run WHERE certified = 0") == 0


def state(hub: Hub, kind: str, source_id: str) -> str:
    """The state of a record by its type and its id there."""
    return str(value(hub, "SELECT state FROM record WHERE type = :kind AND source_id = :id", kind=kind, id=source_id))


def test_bottlecrm_is_read_whole_and_followed(bottlecrm: Pair, tmp_path: Path) -> None:
    real = bottlecrm.real
    with synced(tmp_path, "bottlecrm", BOTTLECRM) as (hub, again):
        complete(hub, counted.bottlecrm(real))
        unchanged_by(hub, again)
        before = written(hub)
        for one in real.done("/api/contacts/?limit=3", method="GET")["results"]:
            said = {"first_name": one["first_name"], "last_name": f"{one['last_name']} changed", "email": one["email"]}
            real.done(f"/api/contacts/{one['id']}/", method="PATCH", body=said)
        again()
        assert written(hub) - before == 3
        _delete_a_contact(real, hub, again, admin(hub))


def _delete_a_contact(real: Client, hub: Hub, again: Callable[[], None], visitor: Visitor) -> None:
    name = {"first_name": "Gone", "last_name": "Soon", "email": f"gone{time.time()}@real.example"}
    made = real.done("/api/contacts/", body=name)["id"]
    again()
    page = f"/customers/{customer_of(hub, made)}"
    assert "Gone Soon" in visitor.text(page)
    assert "Deleted" not in visitor.text(page)
    real.done(f"/api/contacts/{made}/", method="DELETE")
    again()
    assert state(hub, "contact", made) == "deleted"
    assert "Deleted at every source" in visitor.text(page)


def test_request_tracker_is_read_whole_and_followed(rt: Pair, tmp_path: Path) -> None:
    real = rt.real
    with synced(tmp_path, "rt", RT) as (hub, again):
        complete(hub, counted.rt(real))
        unchanged_by(hub, again)
        before = written(hub)
        for one in real.done("/REST/2.0/tickets?query=id%20%3E%200&per_page=3&fields=Subject", method="GET")["items"]:
            real.done(f"/REST/2.0/ticket/{one['id']}", method="PUT", body={"Subject": f"{one['Subject']} changed"})
        again()
        assert written(hub) - before == 3
        _delete_a_ticket(real, hub, again, admin(hub))


def _delete_a_ticket(real: Client, hub: Hub, again: Callable[[], None], visitor: Visitor) -> None:
    """No search shows deleted tickets: the complete read of the next day notices."""
    email = f"gone{time.time()}@real.example"
    body = {"Queue": "General", "Subject": "Soon gone", "Requestor": email, "Content": "x", "ContentType": "text/plain"}
    made = str(real.done("/REST/2.0/ticket", body=body)["id"])
    again()
    person = real.done(f"/REST/2.0/user/{email}", method="GET")["id"]
    page = f"/customers/{customer_of(hub, str(person))}"
    assert "Soon gone" in visitor.text(page)
    assert "Deleted there" not in visitor.text(page)
    real.done(f"/REST/2.0/ticket/{made}", method="DELETE")
    worked_off(later(hub, A_DAY_LATER))
    assert state(hub, "ticket", made) == "deleted"
    assert f"Soon gone rt-1 · {made} before a purchase Deleted there" in visitor.text(page)
