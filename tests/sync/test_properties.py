"""What must hold whatever arrives in whatever order: the documents follow from the versions alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from hub.model import Contact, Email, as_json, digest
from hub.store import absorb, connections, customers
from hub.store.absorb import Entry
from hub.store.canonical import Origin
from hub.sync import derive
from hub.sync.hub import Hub
from tests import support
from tests.states import timeless

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
CONNECTIONS = ("hubspot-1", "zendesk-1")
ADDRESSES = ("ana@example.com", "Ana@Example.com", "bia@example.com", "info@example.com", "caio@example.org")
NAMES = ("Ana Souza", "Ana Sousa", "Beatriz Lima", "Caio Prado")


Version = tuple[str, str, int, Contact | None]
"""Connection, source id, the moment of the version in minutes, and what it said; None is a deletion."""


def said(
    source_id: str,
    moment: int,
    name: str,
    emails: Sequence[str],
    *,
    external: Sequence[str] = (),
    merged: Sequence[str] = (),
    into: str | None = None,
) -> Contact:
    return Contact(
        id=source_id,
        full_name=name,
        emails=tuple(Email(address=each) for each in emails),
        created_at=BEGIN + timedelta(days=int(source_id)),
        changed_at=BEGIN + timedelta(minutes=moment),
        external_ids=tuple(external),
        merged_ids=tuple(merged),
        merged_into=into,
    )


@st.composite
def versions(draw: st.DrawFn) -> list[Version]:
    """Versions of a few contacts of two connections, each at a moment of its own, in the order of those moments."""
    found: list[Version] = []
    for moment in range(1, draw(st.integers(2, 8)) + 1):
        connection, source_id = draw(st.sampled_from(CONNECTIONS)), draw(st.sampled_from("123"))
        contact = said(
            source_id,
            moment,
            draw(st.sampled_from(NAMES)),
            draw(st.lists(st.sampled_from(ADDRESSES), max_size=2, unique=True)),
            external=draw(st.lists(st.sampled_from(["hubspot:contact:1", "hubspot:contact:2"]), max_size=1)),
            merged=[each for each in draw(st.lists(st.sampled_from("123"), max_size=1)) if each > source_id],
            into=next((each for each in draw(st.lists(st.sampled_from("123"), max_size=1)) if each < source_id), None),
        )
        found.append((connection, source_id, moment, None if draw(st.integers(0, 3)) == 0 else contact))
    return found


GONE_FIRST: list[Version] = [
    ("hubspot-1", "1", 1, said("1", 1, "Ana Souza", ["ana@example.com"])),
    ("hubspot-1", "1", 2, None),
]
MERGED_FIRST: list[Version] = [
    ("hubspot-1", "1", 1, said("1", 1, "Ana Souza", ["ana@example.com"], merged=["2"])),
    ("hubspot-1", "1", 2, said("1", 2, "Ana Souza", ["ana@example.com"])),
    ("hubspot-1", "2", 3, said("2", 3, "Ana Souza", ["bia@example.com"])),
]


def arrive(hub: Hub, arrivals: Sequence[Version], derive_after: int) -> dict[str, str]:
    """Take the versions in this order, derive now and then, and give the documents by customer."""
    with hub.database.writing() as tx:
        for connection in CONNECTIONS:
            connector = connection.partition("-")[0]
            connections.create(tx, connector, BEGIN, label="", environment="production", auth="key", answers={})
    for number, version in enumerate(arrivals):
        take(hub, version, BEGIN + timedelta(days=30, seconds=number))
        if number == derive_after:
            settled(hub)
    settled(hub)
    return documents(hub)


def take(hub: Hub, version: Version, received_at: datetime) -> None:
    connection, source_id, moment, contact = version
    system = connection.partition("-")[0]
    origin = Origin(connection_id=connection, system=system, stream="contacts", received_at=received_at)
    with hub.database.writing() as tx:
        if contact is None:
            absorb.withdraw(tx, origin, [source_id], BEGIN + timedelta(minutes=moment))
            return
        body = as_json(contact)
        read = Entry(
            source_id=source_id, body=body, hash=digest(body), terms="t", changed_at=contact.changed_at, entities=(contact,)
        )
        absorb.absorb(tx, origin, [read])


def settled(hub: Hub) -> None:
    with hub.database.writing() as tx:
        while versions := customers.dirty(tx, 100):
            derive.settle(tx, versions, BEGIN)


def documents(hub: Hub) -> dict[str, str]:
    with hub.database.reading() as tx:
        return {row.id: timeless(row.document) for row in tx.execute(text("SELECT id, document FROM customer"))}


@settings(max_examples=40, deadline=None)
@example(arrivals=GONE_FIRST, seed=1)
@example(arrivals=MERGED_FIRST, seed=1)
@given(arrivals=versions(), seed=st.integers(0, 2**32))
def test_any_order_of_arrival_gives_equal_documents(arrivals: list[Version], seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - an order to try, not a secret
    orders = [arrivals, arrivals[::-1], chance.sample(arrivals, len(arrivals))]
    outcomes = []
    for order in orders:
        with TemporaryDirectory() as folder:
            hub = support.made(Path(folder))
            outcomes.append(arrive(hub, order, chance.randrange(len(arrivals))))
            hub.database.close()
    assert outcomes[0] == outcomes[1] == outcomes[2]


@settings(max_examples=30, deadline=None)
@given(arrivals=versions())
def test_the_same_input_twice_changes_nothing(arrivals: list[Version]) -> None:
    with TemporaryDirectory() as folder:
        hub = support.made(Path(folder))
        first = arrive(hub, arrivals, -1)
        before = versions_stored(hub)
        for version in arrivals:
            take(hub, version, BEGIN + timedelta(days=60))
        settled(hub)
        assert documents(hub) == first
        assert versions_stored(hub) == before
        hub.database.close()


def versions_stored(hub: Hub) -> int:
    with hub.database.reading() as tx:
        return int(tx.execute(text("SELECT count(*) FROM raw")).scalar_one())
