"""A system that nobody sells, whose lists hold whatever their account says: an admin decides what their cards are."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import time
from typing import Any

import pytest
from flask import Flask, jsonify
from sqlalchemy import select

from hub import registry
from hub.model import Company, Contact, Deal, DealStatus, Email
from hub.sandbox.serve import serving
from hub.sandbox.standin import StandIn
from hub.sandbox.world import World
from hub.spec import (
    Account,
    ApiKey,
    Connector,
    Mapping,
    Request,
    Stream,
    choose,
    convert,
    decide,
    field,
    many,
    once,
)
from hub.store import tables as t
from hub.store.connections import Connection
from hub.sync import connect
from hub.sync.entered import with_credentials
from hub.sync.hub import SANDBOX, Hub
from tests import support
from tests.watching import Unpaced

ID = "rt"
"""Of the connector whose place it takes."""
KEY = "k-1"
CONNECTOR = Connector(
    id=ID,
    label="Boards",
    category="Work",
    docs="https://boards.example.com/docs",
    summary="Cards of lists.",
    base_url="https://boards.example.com",
    auth=(ApiKey(),),
    account=Account(request=Request(path="/me"), id=lambda body: str(body["id"]), name=lambda body: str(body["name"])),
    streams=(
        Stream(
            name="cards",
            start=lambda _since: Request(path="/cards"),
            following=once(),
            records="cards",
            changed_at="updated",
            incremental=False,
        ),
    ),
)
_LISTED: dict[str, Any] = {"stream": "cards", "as_decided": "list.id", "decided_name": "list.name", "custom": "custom"}
_OF_ALL = {"created_at": field("created", convert.instant), "changed_at": field("updated", convert.instant)}
MAPPINGS = (
    Mapping(
        type=Contact,
        rules={
            **_OF_ALL,
            "full_name": field("title"),
            "emails": decide(lambda said: (Email(address=said, primary=True),) if said else None, "mail"),
            "tags": many("labels"),
            "language": field("custom.Language"),
        },
        proposes={"custom.Satisfaction": "scores", "custom.e-mail": "emails", "custom.Lead source": "source"},
        **_LISTED,
    ),
    Mapping(type=Company, rules={**_OF_ALL, "name": field("title")}, **_LISTED),
    Mapping(
        type=Deal,
        rules={
            **_OF_ALL,
            "name": field("title"),
            "opened_at": field("created", convert.instant),
            "status": choose("status", {"open": DealStatus.OPEN, "won": DealStatus.WON}),
            "contact_ids": many("people"),
        },
        **_LISTED,
    ),
)
PEOPLE, SALES = {"id": 901, "name": "People"}, {"id": "902", "name": "Sales"}


def card(number: int, of: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A card as the system sends it."""
    dates = {"created": "2026-01-01T00:00:00Z", "updated": "2026-02-01T00:00:00Z"}
    return {"id": number, "title": f"Card {number}", "list": of, **dates, **more}


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """A hub that is connected to it; `cards` is what it holds."""

    hub: Hub
    connection: Connection
    cards: dict[int, dict[str, Any]]

    def put(self, *cards: dict[str, Any]) -> None:
        """These are on the board from now on, and the hub reads it."""
        self.cards.update({each["id"]: each for each in cards})
        connect.sync_now(self.hub, self.connection.id)
        support.drained(self.hub)

    def live(self) -> dict[str, dict[str, Any]]:
        """What is live, as `type:id`, in our words."""
        with self.hub.database.reading() as tx:
            rows = tx.execute(select(t.record).where(t.record.c.state == "live").order_by(t.record.c.id)).all()
        return {f"{row.type}:{row.source_id}": json.loads(row.body) for row in rows}

    def one(self, name: str) -> dict[str, Any]:
        return self.live()[name]

    def asked(self) -> set[tuple[str, str, str, int]]:
        """Path, value, why and how often."""
        with self.hub.database.reading() as tx:
            rows = tx.execute(select(t.question.c.path, t.question.c.raw, t.question.c.why, t.question.c.count))
            return {(path, raw, why, count) for path, raw, why, count in rows}


@contextmanager
def board(monkeypatch: pytest.MonkeyPatch, data: Path, database_url: str) -> Iterator[Board]:
    """The system in the place of another, with nothing on it yet."""
    real, mapped = registry.connector, registry.mappings_of
    monkeypatch.setattr(registry, "connector", lambda found: CONNECTOR if found == ID else real(found))
    monkeypatch.setattr(registry, "mappings_of", lambda found: MAPPINGS if found == ID else mapped(found))
    cards: dict[int, dict[str, Any]] = {}
    system = StandIn(
        id=ID,
        hosts=("boards.example.com",),
        app=lambda _world, _controls: _app(cards),
        truth=lambda _world: {},
        contact_id=str,
        key=KEY,
    )
    with serving([system], World(1, seed=7), now=time) as origins:
        made = support.made(data, DATABASE_URL=database_url, HUB_SANDBOX="1", HUB_SANDBOX_ORIGINS=f"{ID}={origins[ID]}")
        hub = replace(made, shared=Unpaced())
        said = {"key": KEY}
        connection = with_credentials(hub, ID, ApiKey.kind, said, answers={}, label="Boards", environment=SANDBOX)
        support.drained(hub)
        yield Board(hub=hub, connection=connection, cards=cards)
        hub.database.close()


def _app(cards: dict[int, dict[str, Any]]) -> Flask:
    app = Flask("boards")
    app.add_url_rule("/me", "me", view_func=lambda: jsonify(id=7, name="Boards"))
    app.add_url_rule("/cards", "cards", view_func=lambda: jsonify(cards=list(cards.values())))
    return app
