"""Everything right of the raw versions is derived: dropped and built again, it is the same."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import func, select, text

from hub.sandbox.standins import standin
from hub.sandbox.world import COMPANY_TOOLS, TOOLS, World
from hub.store import absorb
from hub.store import tables as t
from hub.store.canonical import Origin
from hub.sync import clock, connect, decide, push
from hub.sync.hub import Hub
from hub.sync.rebuild import rebuild
from tests import standins, support
from tests.states import STATE, lasting, state
from tests.watching import Unpaced

SYSTEMS = ("hubspot", "zendesk")


def contact(key: str, at: str, **data: Any) -> dict[str, Any]:
    return {"type": "contact", "id": key, "changed_at": at, "data": data}


def pushed(hub: Hub, world: World) -> None:
    """What a program pushes: somebody whom HubSpot knows too, somebody merged, somebody deleted, and a deal."""
    known = world.as_seen(next(index for index in range(world.people) if "hubspot" in world.tools(index)), "hubspot")
    till = push.create(hub, "Till").id
    records = [
        contact("1", "2026-01-01T00:00:00Z", full_name="Known", emails=[{"address": known.email}]),
        contact("2", "2026-01-01T00:00:00Z", full_name="Loser", emails=[{"address": "loser@example.com"}]),
        contact("3", "2026-01-01T00:00:00Z", full_name="Winner", emails=[{"address": "winner@example.com"}]),
        contact("4", "2026-01-01T00:00:00Z", full_name="Gone", emails=[{"address": "gone@example.com"}]),
        contact("3", "2026-01-02T00:00:00Z", full_name="Winner Later", emails=[{"address": "winner@example.com"}]),
        contact("3", "2025-01-01T00:00:00Z", full_name="Winner Earlier"),
        {"type": "contact", "id": "2", "changed_at": "2026-01-03T00:00:00Z", "merged_into": "3"},
        {"type": "contact", "id": "4", "changed_at": "2026-01-03T00:00:00Z", "deleted": True},
        {"type": "deal", "id": "5", "changed_at": "2026-01-03T00:00:00Z", "data": {"name": "Won", "contact_ids": ["1"]}},
    ]
    outcomes = [found.outcome for found in push.accept(hub, till, records).outcomes]
    assert outcomes == ["written"] * 5 + ["stale", "written", "deleted", "written"]


@pytest.fixture(scope="module")
def lived(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub with a history: two systems and a program, with changes, deletions, a restoration and a merger.

    Each test leaves it whole: what is built again is what was there.
    """
    folder = tmp_path_factory.mktemp("lived")
    with standins.sandboxed(folder, *SYSTEMS, people=120, DATABASE_URL=shared_url) as (made, origins, world):
        hub = replace(made, shared=Unpaced())
        for origin in origins.values():
            standins.act(origin, "faults", limits=False, lag_seconds=0)
        names = [standins.connected(hub, system).id for system in SYSTEMS]
        pushed(hub, world)
        support.drained(hub)
        changed(origins, world)
        with hub.database.writing() as tx:
            tx.execute(text("UPDATE stream SET watermark = NULL, swept_at = NULL, checkpoint = NULL"))
        for name in names:
            connect.sync_now(hub, name)
        support.drained(hub)
        yield hub


def changed(origins: Any, world: World) -> None:
    """Somebody works in both systems."""
    ids = {
        system: [standin(system).contact_id(index) for index in range(world.people) if world.knows(system, index)]
        for system in SYSTEMS
    }
    hubspot, zendesk = ids["hubspot"], ids["zendesk"]
    standins.act(origins["hubspot"], "change", object="contacts", id=hubspot[0], fields={"lastname": "Novinski"})
    standins.act(origins["hubspot"], "delete", object="contacts", id=hubspot[1])
    standins.act(origins["hubspot"], "merge", object="contacts", id=hubspot[2], loser=hubspot[3])
    standins.act(origins["zendesk"], "delete", object="users", id=zendesk[0])
    standins.act(origins["zendesk"], "merge", object="users", id=zendesk[1], loser=zendesk[2])
    standins.act(origins["zendesk"], "delete", object="users", id=zendesk[3])
    standins.act(origins["zendesk"], "restore", object="users", id=zendesk[3])


def everything(hub: Hub) -> dict[str, list[tuple[Any, ...]]]:
    """All that is derived, and when each record was received."""
    with hub.database.reading() as tx:
        received = [tuple(row) for row in tx.execute(select(t.record.c.id, t.record.c.received_at).order_by(t.record.c.id))]
    return state(hub) | {"received": received}


def test_what_is_built_again_from_the_raw_versions_is_the_same(lived: Hub) -> None:
    before = everything(lived)
    states = {row[6] for row in before["record"]}
    assert states == {"live", "deleted", "merged"}
    assert len({row[1] for row in before["record"]}) == 3
    rebuild(lived)
    after = everything(lived)
    for table, rows in before.items():
        assert after[table] == rows, table


def test_building_again_announces_nothing_and_gives_no_new_ids(lived: Hub) -> None:
    def told() -> list[tuple[Any, ...]]:
        with lived.database.reading() as tx:
            feed = [tuple(row) for row in tx.execute(select(t.change).order_by(t.change.c.position))]
            return feed + [tuple(row) for row in tx.execute(select(t.identity_log.c.customer_id).order_by("customer_id"))]

    before = told()
    rebuild(lived)
    assert told() == before


def test_building_again_twice_is_the_same_as_once(lived: Hub) -> None:
    rebuild(lived)
    once = everything(lived)
    rebuild(lived)
    assert everything(lived) == once


def test_a_rebuild_notices_a_document_that_does_not_follow_from_the_versions(lived: Hub) -> None:
    with lived.database.writing() as tx:
        row = tx.execute(select(t.customer.c.id, t.customer.c.document).order_by(t.customer.c.id).limit(1)).one()
        forged = json.dumps(json.loads(row.document) | {"name": "Somebody Else"})
        tx.execute(t.customer.update().where(t.customer.c.id == row.id).values(document=forged))
    before = state(lived)["customer"]
    rebuild(lived)
    assert state(lived)["customer"] != before


def test_pushed_records_are_read_again_after_a_release_that_tells_more_of_them(lived: Hub) -> None:
    till = t.fact.c.record_id.in_(select(t.record.c.id).where(t.record.c.connection_id == "push-1"))
    with lived.database.writing() as tx:
        before = tx.execute(select(t.fact).where(till).order_by(t.fact.c.id)).all()
        tx.execute(t.fact.delete().where(till))
        tx.execute(text("UPDATE source SET terms = 'an older release' WHERE connection_id = 'push-1'"))
        tx.execute(text("UPDATE stream SET terms = NULL WHERE connection_id = 'push-1'"))
    clock.tidy(lived)
    support.drained(lived)
    with lived.database.reading() as tx:
        assert before
        assert tx.execute(select(t.fact).where(till).order_by(t.fact.c.id)).all() == before
    clock.tidy(lived)
    assert support.drained(lived) == 0


def test_what_is_gone_is_read_in_new_terms_too(lived: Hub) -> None:
    with lived.database.reading() as tx:
        mine = (t.record.c.connection_id == "hubspot-1", t.record.c.type == "deal", t.record.c.body.contains('"kind":"unknown"'))
        one = tx.execute(select(t.record.c.source_id, t.record.c.id).where(*mine).limit(1)).one()
        raw = tx.execute(select(t.question.c.raw).where(t.question.c.path == "properties.dealtype").limit(1)).scalar_one()
    with lived.database.writing() as tx:
        origin = Origin(connection_id="hubspot-1", system="hubspot", stream="deals", received_at=lived.time.now())
        assert absorb.withdraw(tx, origin, [one.source_id]).gone
    decide.choose(lived, "hubspot-1", stream="deals", path="properties.dealtype", raw=raw, value="renewal", by="admin")
    support.drained(lived)
    with lived.database.reading() as tx:
        row = tx.execute(select(t.record.c.state, t.record.c.body).where(t.record.c.id == one.id)).one()
    assert (row.state, json.loads(row.body)["kind"]) == ("deleted", "renewal")
    before = everything(lived)
    rebuild(lived)
    assert everything(lived) == before


@pytest.mark.scale
@pytest.mark.timeout(7200)
def test_a_hundred_thousand_customers_are_built_again_as_they_were(tmp_path: Path) -> None:
    """Of 72,000 people as five tools know them, with their firms and deals, come 100,000 customers."""
    hub, world = support.made(tmp_path), World(72_000, seed=7)
    for tool in TOOLS:
        connection = push.create(hub, tool).id
        for some in batched(told_by(world, tool)):
            assert all(each.outcome == "written" for each in push.accept(hub, connection, some).outcomes)
    begun = monotonic()
    support.drained(hub, limit=100_000)
    derived = monotonic() - begun
    before, number = digests(hub), count(hub)
    begun = monotonic()
    rebuild(hub)
    sys.stderr.write(
        f"{number:,} customers: derived in {1000 * derived / number:.2f} ms each,"
        f" built again with their records in {1000 * (monotonic() - begun) / number:.2f} ms each\n"
    )
    assert number >= 100_000
    assert digests(hub) == before


def batched(records: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while some := list(islice(records, 500)):
        yield some


def told_by(world: World, tool: str) -> Iterator[dict[str, Any]]:
    """What a tool would push: its people with their firms, and their deals where it keeps some."""
    for index, _ in world.keys(tool, "company") if tool in COMPANY_TOOLS else ():
        firm = world.company(index)
        yield record("company", f"c{index}", name=firm.name, domains=[firm.domain], city=firm.city, country=firm.country)
    for index, _ in world.keys(tool, "contact"):
        seen = world.as_seen(index, tool)
        yield record(
            "contact",
            f"p{index}",
            full_name=f"{seen.given_name} {seen.family_name}",
            emails=[{"address": seen.email, "primary": True}],
            phones=[{"number": seen.phone, "label": "mobile"}] if seen.phone else [],
            country=seen.country,
            company_ids=[f"c{seen.company}"] if seen.company is not None and tool in COMPANY_TOOLS else [],
            created_at=seen.created_at.isoformat(),
        )
    for index, number in world.keys(tool, "deal"):
        deal = world.deal(index, tool, number)
        closed = {"closed_at": deal.closed_at.isoformat()} if deal.closed_at else {}
        made = {"name": deal.name, "status": deal.status, "contact_ids": [f"p{index}"], "opened_at": deal.opened_at.isoformat()}
        yield record("deal", f"d{index}-{number}", **made, **closed)


def record(kind: str, key: str, **data: Any) -> dict[str, Any]:
    return {"type": kind, "id": key, "changed_at": "2026-10-31T00:00:00Z", "data": data}


def digests(hub: Hub) -> dict[str, bytes]:
    """All that is derived, each table as one digest: a hundred thousand documents twice are more than one wants to hold."""
    found = {}
    with hub.database.reading() as tx:
        for table, passing in STATE.items():
            columns = [column for column in table.columns if column.name not in passing]
            rows = tx.execution_options(yield_per=1000).execute(select(*columns))
            found[table.name] = b"".join(sorted(blake2b(repr(lasting(row)).encode(), digest_size=16).digest() for row in rows))
    return found


def count(hub: Hub) -> int:
    with hub.database.reading() as tx:
        return tx.execute(select(func.count()).select_from(t.customer)).scalar_one()
