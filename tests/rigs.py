"""A hub connected to one watched stand-in, with what tests do to both and ask of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from hub import registry
from hub.sandbox.collection import Collection
from hub.sandbox.standin import Controls
from hub.sandbox.standins import standin
from hub.sandbox.world import World
from hub.store import connections
from hub.store import tables as t
from hub.store.connections import Connection
from hub.sync import connect
from hub.sync.hub import Hub
from tests import standins, support
from tests.watching import Clock, Post, Row, Watch, watched

SECRET = "whsec_what-an-admin-copied"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rig:
    """A hub that is connected to one watched stand-in; both live by one clock."""

    hub: Hub
    origin: str
    world: World
    watch: Watch
    clock: Clock
    connection: Connection

    @property
    def controls(self) -> Controls:
        assert self.watch.controls is not None
        return self.watch.controls

    @property
    def system(self) -> str:
        return self.connection.connector

    def act(self, name: str, **said: object) -> Any:
        return standins.act(self.origin, name, **said)

    def listening(self) -> tuple[str, Post]:
        """Have the stand-in send its pushes; the door they come to, and where they are found."""
        webhook = registry.connector(self.system).webhook
        assert webhook is not None
        post = Post(self.clock)
        self.controls.sender = post
        door, secret = self.connection.door, SECRET
        with self.hub.database.writing() as tx:
            if webhook.per == "app":
                (app,) = connections.apps(tx, self.hub.seal)
                door, secret = app.door, app.secret
            elif webhook.signed and webhook.subscribe is None:
                connections.set_webhook(tx, self.connection.id, self.hub.seal, secret=SECRET, subscription=None)
        if webhook.subscribe is None:
            self.act("push", url=f"{self.hub.settings.public_url}/webhooks/{door}", secret=secret)
        return door, post

    def renamed(self, index: int, name: str) -> str:
        """Give a person another family name at the source; the record's id there."""
        found, old = standin(self.system).contact_id(index), self.world.as_seen(index, self.system).family_name
        held = self.holding(found)
        row = held.row(self.controls.identity(held.name, found))
        assert row is not None
        changed = {key: new for key, value in row.fields.items() if (new := replaced(value, old, name)) != value}
        assert changed, f"{self.system}: no field of {held.name} has the family name"
        self.act("change", object=held.name, id=found, fields=changed)
        return found

    def archives(self, identity: str) -> bool:
        """Whether the deleted contact lies in a bin from which it can be taken back."""
        try:
            held = self.holding(identity)
        except KeyError:
            return False
        row = held.row(self.controls.identity(held.name, identity))
        return row is not None and row.state == "archived"

    def holding(self, identity: str) -> Collection:
        """The collection of a contact with this id."""
        for name, found in self.controls.collections.items():
            try:
                if found.row(self.controls.identity(name, identity)) is not None:
                    return found
            except (KeyError, ValueError):
                continue
        raise KeyError(identity)

    def merge_two(self) -> tuple[str, str] | None:
        """Merge two records of the first kind that the system merges: the source ids of winner and loser."""
        for collection in self.controls.collections.values() if self.controls.merge else ():
            winner, loser = collection.live(len(collection) - 2, len(collection))
            try:
                assert self.controls.merge is not None
                self.controls.merge(collection, winner, loser)
            except (KeyError, ValueError):
                continue
            return self._written(collection, winner), self._written(collection, loser)
        return None

    def _written(self, collection: Collection, number: int) -> str:
        """How the system writes the id of a record that was read."""
        for (written,) in self.rows("SELECT DISTINCT source_id FROM source"):
            try:
                if self.controls.identity(collection.name, written) == number:
                    return str(written)
            except (KeyError, ValueError):
                continue
        raise KeyError(number)

    def people(self, number: int) -> list[int]:
        """The first persons whom the system knows."""
        known = (index for index in range(self.world.people) if self.world.knows(self.system, index))
        return [index for index, _ in zip(known, range(number), strict=False)]

    def beside(self, data: Path) -> "Rig":
        """Another hub, connected to the same stand-in."""
        data.mkdir()
        where = ",".join(f"{name}={origin}" for name, origin in self.hub.settings.sandbox_origins)
        made = support.made(data, HUB_SANDBOX="1", HUB_SANDBOX_ORIGINS=where)
        hub = replace(made, time=self.hub.time, shared=self.hub.shared)
        return replace(self, hub=hub, connection=standins.connected(hub, self.system))

    def drained(self) -> int:
        return support.drained(self.hub)

    def synced(self, **later: float) -> int:
        """Some time later everything is read again, pushes and deletions included; how many slices it took."""
        self.clock.skip(**later)
        with self.hub.database.reading() as tx:
            state = connections.get(tx, self.connection.id).state
        if state == connections.CONNECTED:
            connect.sync_now(self.hub, self.connection.id)
        return self.drained()

    def revived(self) -> None:
        """Do everything that is due, also what dead workers hold: their leases end at once."""
        for _ in range(500):
            self.drained()
            if not self.one("SELECT count(*) FROM work"):
                return
            self.set("UPDATE work SET lease_until = '2000-01-01 00:00:00.000000', enqueued_at = NULL WHERE state = 'running'")
        raise AssertionError("work did not come to an end")

    def persisted(self) -> None:
        """Do everything, also what is put back for a while: time is moved to the moment at which it is due."""
        for _ in range(200):
            self.drained()
            with self.hub.database.reading() as tx:
                due = tx.execute(select(func.min(t.work.c.not_before))).scalar_one()
            if due is None:
                return
            self.clock.skip(seconds=max(1.0, (due - self.clock.now()).total_seconds() + 0.01))
        raise AssertionError("work did not come to an end")

    def rows(self, query: str, **values: object) -> list[Row]:
        with self.hub.database.reading() as tx:
            return [tuple(row) for row in tx.execute(text(query), values)]

    def one(self, query: str, **values: object) -> Any:
        ((value,),) = self.rows(query, **values)
        return value

    def set(self, statement: str, **values: object) -> None:
        with self.hub.database.writing() as tx:
            tx.execute(text(statement), values)

    def counts(self) -> dict[str, int]:
        """Live records by canonical type."""
        with self.hub.database.reading() as tx:
            return {kind: number for (_, kind), number in connections.counts(tx).items()}

    def documents(self) -> dict[str, Any]:
        return {found: json.loads(document) for found, document in self.rows("SELECT id, document FROM customer")}


@contextmanager
def rig(data: Path, system: str, *, people: int = 60, **environment: str) -> Iterator[Rig]:
    """The same, connected; nothing is read yet."""
    world = World(people, seed=7)
    with watched(data, system, world, **environment) as (hub, origin, watch, clock):
        connection = standins.connected(hub, system)
        yield Rig(hub=hub, origin=origin, world=world, watch=watch, clock=clock, connection=connection)


def replaced(value: Any, old: str, new: str) -> Any:
    """A value with a text changed wherever it stands in it."""
    if isinstance(value, dict):
        return {key: replaced(held, old, new) for key, held in value.items()}
    return value.replace(old, new) if isinstance(value, str) else value
