"""A stand-in that is watched, and a clock that can be moved, for tests of what happens over time and after faults."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time
from typing import Any, cast

from flask import Flask, Response, request
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from hub.demo import standin
from hub.remote.pace import Shared
from hub.remote.token import Time
from hub.sandbox import push as deliveries
from hub.sandbox.faults import DOOR
from hub.sandbox.collection import Collection
from hub.sandbox.serve import serving
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import Tool, World
from hub.spec import Delivery, Pace
from hub.store import connections
from hub.store.connections import Connection
from hub import registry
from hub.sync import connect
from hub.sync.hub import Hub
from tests import standins, support

Row = tuple[Any, ...]
SECRET = "whsec_what-an-admin-copied"


class Clock:
    """The time of a hub and of its stand-ins: it runs on as usual, and whoever waits moves it instead of sleeping."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.waits: list[float] = []

    def seconds(self) -> float:
        return time() + self.ahead

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), tz=UTC)

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.ahead += seconds

    def skip(self, **much: float) -> None:
        self.ahead += timedelta(**much).total_seconds()


class Unpaced(Shared):
    """Our own share of a limit is never used up: these tests are about the systems' answers."""

    def __init__(self) -> None:
        super().__init__(support.NOWHERE, 1)

    def take(self, account: str, pace: Pace) -> float:  # noqa: ARG002 - the shape of what it stands in for
        return 0.0


class Post(deliveries.Sender):
    """Takes what a stand-in sends instead of carrying it, as our door would see it."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.taken: list[Delivery] = []
        self._clock = clock

    def send(self, delivery: deliveries.Delivery) -> None:
        body = delivery.body(0)
        headers = {"Content-Type": "application/json", **delivery.headers(body)}
        self.taken.append(
            Delivery(
                method="POST",
                url=delivery.url,
                headers={name.lower(): value for name, value in headers.items()},
                body=body,
                received_at=self._clock.now(),
            )
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A request as it reached the stand-in."""

    method: str
    path: str
    authorization: str | None


@dataclass(kw_only=True, slots=True)
class Watch:
    """What a stand-in was asked; `instead` may answer in its place, `spoilt` may change what it answers."""

    calls: list[Call] = field(default_factory=list)
    instead: Callable[[], Response | None] = lambda: None
    spoilt: Callable[[Response], Response] = lambda response: response
    controls: Controls | None = None

    def reset(self) -> None:
        self.calls.clear()
        self.instead, self.spoilt = (lambda: None), (lambda response: response)

    def asked(self, part: str) -> int:
        """How many requests had this in their path."""
        return sum(part in call.path for call in self.calls)

    def watched(self, system: StandIn) -> StandIn:
        """The stand-in, watched; what its control door is asked does not count."""

        def app(world: World, controls: Controls) -> Flask:
            made = system.app(world, controls)
            self.controls = controls
            made.before_request_funcs.setdefault(None, []).insert(0, self._before)
            made.after_request(lambda response: response if request.path.startswith(DOOR) else self.spoilt(response))
            return made

        return replace(system, app=app)

    def _before(self) -> Response | None:
        if request.path.startswith(DOOR):
            return None
        self.calls.append(Call(method=request.method, path=request.path, authorization=request.headers.get("Authorization")))
        return self.instead()


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
        with self.hub.database.writing() as tx:
            (app,) = connections.apps(tx, self.hub.seal) or [None]
            if webhook.per != "app" and webhook.signed and not webhook.subscribe:
                connections.set_webhook(tx, self.connection.id, self.hub.seal, secret=SECRET, subscription=None)
        shared = webhook.per == "app" and app is not None
        door, secret = (app.door, app.secret) if shared and app else (self.connection.door, SECRET)
        if webhook.subscribe is None:
            self.act("push", url=f"{self.hub.settings.public_url}/webhooks/{door}", secret=secret)
        return door, post

    def renamed(self, index: int, name: str) -> str:
        """Give a person another family name at the source; the record's id there."""
        tool = cast("Tool", self.system)
        found, old = standin(self.system).contact_id(index), self.world.as_seen(index, tool).family_name
        held = self.holding(found)
        row = held.row(self.controls.identity(held.name, found))
        assert row is not None
        changed = {key: new for key, value in row.fields.items() if (new := _replaced(value, old, name)) != value}
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
            except ValueError:
                continue
            return self._written(collection, winner), self._written(collection, loser)
        return None

    def _written(self, collection: Collection, number: int) -> str:
        """How the system writes the id of a record that was read."""
        for (text,) in self.rows("SELECT DISTINCT source_id FROM source"):
            try:
                if self.controls.identity(collection.name, text) == number:
                    return str(text)
            except (KeyError, ValueError):
                continue
        raise KeyError(number)

    def people(self, number: int) -> list[int]:
        """The first persons whom the system knows."""
        known = (index for index in range(self.world.people) if self.system in self.world.tools(index))
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
def watched(
    data: Path, system: str, *, people: int = 60, world: World | None = None, **environment: str
) -> Iterator[tuple[Hub, str, Watch, Clock]]:
    """A hub and a watched stand-in, not connected yet, and without limits of the system's own."""
    data.mkdir(exist_ok=True)
    watch, clock, there = Watch(), Clock(), world or World(people, seed=7)
    with serving([watch.watched(standin(system))], there, now=clock.seconds) as origins:
        where = {"HUB_SANDBOX": "1", "HUB_SANDBOX_ORIGINS": f"{system}={origins[system]}"}
        made = support.made(data, **where, **environment)
        hub = replace(made, time=Time(now=clock.now, wait=clock.wait), shared=Unpaced())
        standins.act(origins[system], "faults", limits=False)
        try:
            yield hub, origins[system], watch, clock
        finally:
            hub.database.close()


@contextmanager
def rig(data: Path, system: str, *, people: int = 60, **environment: str) -> Iterator[Rig]:
    """The same, connected; nothing is read yet."""
    world = World(people, seed=7)
    with watched(data, system, world=world, **environment) as (hub, origin, watch, clock):
        connection = standins.connected(hub, system)
        yield Rig(hub=hub, origin=origin, world=world, watch=watch, clock=clock, connection=connection)


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(held, old, new) for key, held in value.items()}
    return value.replace(old, new) if isinstance(value, str) else value


STATE: Mapping[str, str] = {
    "record": "id, connection_id, type, source_id, stream, origin_id, state, gone, merged_into, hash, body, created_at, changed_at",
    "source": "connection_id, stream, source_id, hash, terms, changed_at, gone, gone_at, problem",
    "raw": "connection_id, stream, source_id, op, hash, changed_at, body",
    "identifier": "record_id, key",
    "mention": "record_id, target_id",
    "merger": "loser_id, said_by, winner_id",
    "link": "record_id, customer_id",
    "customer": "id, type, name, search, hash, document, systems, live",
    "question": "connection_id, stream, path, raw, why, count",
}
"""Every column of what a sync leaves behind, but the numbers that were given on the way and when things arrived."""


def state(hub: Hub) -> dict[str, list[Row]]:
    """What a sync left behind, to be compared with what another one did."""
    with hub.database.reading() as tx:
        return {
            table: sorted((tuple(row) for row in tx.execute(text(f"SELECT {columns} FROM {table}"))), key=repr)  # noqa: S608 - ours
            for table, columns in STATE.items()
        }


@contextmanager
def broken_pages(hub: Hub) -> Iterator[list[int]]:
    """The transaction of every page is lost the first time, and its worker with it; the runs that lost one, in their order."""
    lost: list[int] = []
    broken: set[int] = set()
    page: ContextVar[int | None] = ContextVar("page", default=None)

    def executed(_tx: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> None:
        if statement.startswith("UPDATE run SET pages"):
            page.set(parameters[-1])

    def committing(_tx: Any) -> None:
        run = page.get()
        page.set(None)
        if run in broken:
            broken.remove(run)
        elif run is not None:
            broken.add(run)
            lost.append(run)
            raise OperationalError("COMMIT", {}, RuntimeError("killed"))

    event.listen(hub.database.engine, "before_cursor_execute", executed)
    event.listen(hub.database.engine, "commit", committing)
    try:
        yield lost
    finally:
        event.remove(hub.database.engine, "before_cursor_execute", executed)
        event.remove(hub.database.engine, "commit", committing)
