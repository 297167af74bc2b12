"""A stand-in that is watched, and a clock that can be moved, for tests of what happens over time and after faults."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time
from typing import Any

from flask import Flask, Response, request

from hub.remote.pace import Shared
from hub.remote.token import Time
from hub.sandbox import push as deliveries
from hub.sandbox.faults import DOOR
from hub.sandbox.serve import serving
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.standins import standin
from hub.sandbox.world import World
from hub.spec import Delivery, Pace
from hub.sync.hub import Hub
from tests import standins, support

Row = tuple[Any, ...]


class Clock:
    """The time of a hub and of its stand-ins: it stands still until somebody moves it, and whoever waits moves it too."""

    def __init__(self) -> None:
        self.begun = time()
        self.ahead = 0.0
        self.waits: list[float] = []

    def seconds(self) -> float:
        return self.begun + self.ahead

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


@contextmanager
def watched(data: Path, system: str, world: World, **environment: str) -> Iterator[tuple[Hub, str, Watch, Clock]]:
    """A hub and a watched stand-in, not connected yet, and without limits of the system's own."""
    data.mkdir(exist_ok=True)
    watch, clock = Watch(), Clock()
    with serving([watch.watched(standin(system))], world, now=clock.seconds) as origins:
        where = {"HUB_SANDBOX": "1", "HUB_SANDBOX_ORIGINS": f"{system}={origins[system]}"}
        made = support.made(data, **where, **environment)
        hub = replace(made, time=Time(now=clock.now, wait=clock.wait), shared=Unpaced())
        standins.act(origins[system], "faults", limits=False)
        try:
            yield hub, origins[system], watch, clock
        finally:
            hub.database.close()
