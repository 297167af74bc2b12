"""A hub that is told a story over its API: what happened is pushed, system by system, and what follows from it is asked for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from hub.remote.token import Time
from hub.sync import push
from hub.sync.hub import Hub
from hub.web import create_app
from tests import support
from tests.web.asking import EVERYTHING, Program, program

BEFORE, NOW = support.at("2023-01-01T00:00:00Z"), support.at("2026-01-01T00:00:00Z")
"""When the organisation settled what it is, and when the story is told: all of it lies between."""
SETTLED = {
    "organisation": {"time_zone": "America/Sao_Paulo", "currency": "BRL", "country": "BR"},
    "lifecycle": {"unit_of_analysis": "person"},
}
UNCHANGED = ("same", "stale")
"""What becomes of a record that was there already, or is older than what is there."""


@dataclass(slots=True)
class Clock:
    """The hub's clock; it stands still until it is put forward."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True, kw_only=True)
class Story:
    """Tells a hub what happened and asks it; `sent` is everything it was told."""

    hub: Hub
    clock: Clock
    asks: Program
    sent: list[tuple[str, list[Any]]] = field(default_factory=list)

    def system(self, label: str) -> str:
        """A connection to push into; its id."""
        return push.create(self.hub, label).id

    def tell(self, connection: str, *records: Mapping[str, Any]) -> list[str]:
        """Push records in one call and wait for what follows from them; the outcomes."""
        self.sent.append((connection, list(records)))
        return self._told(connection, list(records))

    def deliver(self, connection: str, *records: Mapping[str, Any]) -> list[str]:
        """Push records in one call, whatever follows from them later; the outcomes."""
        answer = self.asks.post(f"connections/{connection}/records", {"records": list(records)})
        return [each["outcome"] for each in answer.get_json()["records"]]

    def tell_again(self) -> None:
        """Send everything a second time, which changes nothing of anything."""
        before = self.everything()
        self.clock.moment += timedelta(hours=1)
        outcomes = {outcome for connection, records in self.sent for outcome in self._told(connection, records)}
        assert outcomes <= set(UNCHANGED)
        assert self.everything() == before

    def everything(self) -> dict[str, Any]:
        """All customers, facts and questions, and the feed of changes from its beginning."""
        return {name: list(self.listed(name)) for name in ("customers", "facts", "identity/candidates")} | {
            "changes": list(self._changes())
        }

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Decide something, and wait for what follows from it."""
        answer = self.asks.post(path, body)
        assert answer.status_code == 200, answer.text
        support.drained(self.hub)
        found: dict[str, Any] = answer.get_json()
        return found

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        answer = self.asks.get(f"{path}?{urlencode(query)}" if query else path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def listed(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every item of a list, page by page."""
        page = self.get(path, **query)
        yield from page["items"]
        while page["next"] is not None:
            page = self.get(path, **query, cursor=page["next"])
            yield from page["items"]

    def customer(self, name: str, **query: Any) -> dict[str, Any]:
        """The one customer of that name."""
        (found,) = (each for each in self.listed("customers", **query) if each["name"] == name)
        return found

    def candidates(self) -> list[dict[str, Any]]:
        return list(self.listed("identity/candidates"))

    def lifecycle(self, customer_id: str, as_of: str, **query: str) -> dict[str, Any]:
        return self.get(f"customers/{customer_id}/lifecycle", as_of=as_of, **query)

    def facts(self, **query: str) -> list[str]:
        """What happened, each fact in a line, in the order of time."""
        return sorted(f"{each['occurred_at']} {each['type']}" for each in self.listed("facts", **query))

    def _told(self, connection: str, records: list[Any]) -> list[str]:
        outcomes = self.post(f"connections/{connection}/records", {"records": records})["records"]
        assert not [each for each in outcomes if each["outcome"] == "rejected"], outcomes
        return [each["outcome"] for each in outcomes]

    def _changes(self) -> Iterator[dict[str, Any]]:
        page = self.get("changes", limit=200)
        while page["items"]:
            yield from page["items"]
            page = self.get("changes", limit=200, after=page["next"])


def begun(hub: Hub) -> Story:
    """A hub of an organisation in São Paulo that has heard of nobody yet."""
    clock = Clock(BEFORE)
    timed = replace(hub, time=Time(now=clock.now, wait=hub.time.wait))
    story = Story(hub=timed, clock=clock, asks=program(timed, create_app(timed), (*EVERYTHING, "admin")))
    story.post("settings", SETTLED)
    clock.moment = NOW
    return story


def said(kind: str, key: str, at: str, /, **data: Any) -> dict[str, Any]:
    """A record as its system had it since a moment, at which the hub could have known it."""
    return {"type": kind, "id": key, "changed_at": at, "observed_at": at, "data": data}


def emails(*addresses: str) -> list[dict[str, str]]:
    return [{"address": each} for each in addresses]


def phones(*numbers: str) -> list[dict[str, str]]:
    return [{"number": each} for each in numbers]


def reais(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "BRL"}


def stages(lifecycle: Mapping[str, Any]) -> list[str]:
    """The intervals of a lifecycle, each in a line: stage, cycle, from when to when."""
    return [_stage(each) for each in lifecycle["intervals"]]


def days(lifecycle: Mapping[str, Any]) -> list[float]:
    """How many days each interval lasted, or has lasted until the moment that was asked about."""
    return [each["duration_s"] / 86400 for each in lifecycle["intervals"]]


def reached(lifecycle: Mapping[str, Any]) -> dict[str, tuple[str, bool]]:
    """The milestones that were reached: when first, and whether they are current."""
    return {each["name"]: (each["first_at"], each["current"]) for each in lifecycle["milestones"] if each["first_at"]}


def joined(customer: Mapping[str, Any]) -> list[tuple[str, float]]:
    """What joined the records of a customer: each rule with how sure it makes us."""
    return [(each["rule"], each["score"]) for each in customer["links"]]


def dateless(documents: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Documents without when the hub last wrote them."""
    return [{name: value for name, value in each.items() if name != "changed_at"} for each in documents]


def _stage(each: Mapping[str, Any]) -> str:
    cycle = f"({each['cycle']}{', winback' if each['is_winback'] else ''})"
    return f"{each['stage']}{cycle} {each['entered_at']} {each['exited_at'] or ''}".strip()
