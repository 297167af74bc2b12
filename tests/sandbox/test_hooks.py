"""The registry of webhooks that stand-ins share: registering, changing, telling, and how healthy each one is."""

import hmac
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask, jsonify

from hub.sandbox.answers import Failure, Json, json_app, routes
from hub.sandbox.collection import Collection
from hub.sandbox.hooks import Door, Hook, Hooks, signed
from hub.sandbox.rows import Change, Source
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World
from tests.sandbox.posted import Post

HUB = "https://hub.example/in"


@pytest.fixture
def held() -> Controls:
    made = controls(lambda: 1_795_000_000)
    made.sender = Post()
    nothing = Source(shelf=World(9).shelf_of("rt", lambda _: 0), first_id=1, fields=lambda *_: {}, stamps=lambda *_: (0, 0))
    made.collections["things"] = Collection("things", nothing, clock=made.clock)
    return made


@pytest.fixture
def hooks(held: Controls) -> Hooks:
    return Hooks(held, lambda hook, event: event in hook["events"], most=3)


def app(hooks: Hooks, **more: Any) -> Flask:
    """A system that speaks of webhooks in the plainest way."""
    made, door = json_app("hooks"), Door(
        made=lambda said: Hook(url=said["url"], secret="s", shown={"id": 7, **said}),
        told=lambda hook: (jsonify(hook.shown | {"health": hooks.health(hook), "failures": hooks.failures(hook)}), 201),
        listed=lambda found: jsonify([hook.shown for hook in found]),
        missing=lambda: Failure(404, {"detail": "none"}),
        **more,
    )  # fmt: skip  # one pair
    routes(made, "", hooks.views(door, many="/hooks", one="/hooks/<identity>"))
    return made


def told(held: Controls) -> list[tuple[str, Json]]:
    assert isinstance(held.sender, Post)
    return [(one.url, json.loads(one.body(0))) for one in held.sender.taken]


def test_a_webhook_is_registered_listed_and_removed(hooks: Hooks) -> None:
    client, said = app(hooks).test_client(), {"url": HUB, "events": ["made"]}
    made = client.post("/hooks", json=said)
    assert (made.status_code, made.json) == (201, {"id": 7, **said, "health": "active", "failures": 0})
    assert client.get("/hooks").json == [{"id": 7, **said}]
    assert client.put("/hooks/7", json={}).status_code == 405
    ended = client.delete("/hooks/7")
    assert (ended.status_code, ended.text, client.get("/hooks").json) == (204, "", [])
    missing = client.delete("/hooks/7")
    assert (missing.status_code, missing.json) == (404, {"detail": "none"})


def test_a_webhook_is_changed_where_the_system_lets_that_be(hooks: Hooks) -> None:
    client = app(
        hooks, changed=lambda hook, said: Hook(url=said["url"], secret=hook.secret, shown=hook.shown | said)
    ).test_client()
    client.post("/hooks", json={"url": HUB, "events": ["made"]})
    assert client.put("/hooks/7", json={"url": "https://other.example"}).status_code == 201
    (hook,) = hooks.hearing("made")
    assert (hook.url, hook.secret, hook.shown["url"]) == ("https://other.example", "s", "https://other.example")
    assert client.put("/hooks/8", json={"url": HUB}).status_code == 404


def test_every_change_is_told_to_those_who_hear_it_and_to_the_control_doors_address(held: Controls, hooks: Hooks) -> None:
    def events(change: Change) -> Iterator[tuple[str, Json]]:
        yield change.kind, {"id": change.row.id}
        yield "seen", {}

    client = app(hooks).test_client()
    client.post("/hooks", json={"url": HUB, "events": ["created", "deleted"]})
    hooks.listen(events, told=lambda hook, said: {**said, "hook": hook.shown.get("id")})
    things = held.collections["things"]
    row = things.create({})
    things.change(row.id, {"name": "new"})
    held.push["url"] = "https://door.example"
    things.archive(row.id)
    assert told(held) == [
        (HUB, {"id": row.id, "hook": 7}),
        ("https://door.example", {"id": row.id, "hook": None}),
        (HUB, {"id": row.id, "hook": 7}),
        ("https://door.example", {"hook": None}),
    ]


def test_a_delivery_is_signed_over_its_body_with_the_secret_of_its_webhook(held: Controls, hooks: Hooks) -> None:
    app(hooks).test_client().post("/hooks", json={"url": HUB, "events": ["created"]})
    hooks.listen(lambda change: [(change.kind, {"b": 1})], signed("X-Signed"))
    held.collections["things"].create({})
    assert isinstance(held.sender, Post)
    (delivery,) = held.sender.taken
    content = delivery.body(0)
    assert delivery.headers(content) == {"X-Signed": hmac.new(b"s", content, sha256).hexdigest()}
    # openssl dgst -sha256 -hmac "O94IM25S7PXBPYTMNXLL" of the same bytes.
    known = signed("X-Signed")(Hook(url=HUB, secret="O94IM25S7PXBPYTMNXLL"), "")(b'{"event":"taskDeleted"}')
    assert known == {"X-Signed": "622f721b15cb7b1805a84038837766af492e7ad500a0b15cee666b2fbefe34ac"}


@pytest.mark.parametrize(
    ("tried", "health", "failures"),
    [
        ([], "active", 0),
        ([(HUB, 0, 500), (HUB, 1, 204)], "active", 0),
        ([(HUB, 0, 500), (HUB, 1, 500)], "failing", 1),
        ([(HUB, 0, 500), (HUB, 1, 0), (HUB, 0, 404), (HUB, 1, 301)], "failing", 2),
        ([(HUB, 0, 500), (HUB, 1, 500), (HUB, 0, 200)], "active", 0),
        ([("https://other.example", 0, 500)] * 9, "active", 0),
        ([(HUB, 0, 500), (HUB, 1, 500)] * 3, "suspended", 3),
        ([(HUB, 0, 410)], "suspended", 3),
    ],
)
def test_who_takes_nothing_three_times_in_a_row_is_told_nothing_more_until_it_is_revived(
    held: Controls, hooks: Hooks, tried: list[tuple[str, int, int]], health: str, failures: int
) -> None:
    client = app(hooks, changed=lambda hook, _: hook, revives=lambda said: said.get("again") is True).test_client()
    client.post("/hooks", json={"url": HUB, "events": ["made"]})
    held.sender.log.extend({"url": url, "attempt": attempt, "status": status} for url, attempt, status in tried)
    shown: Any = client.put("/hooks/7", json={}).json
    assert (shown["health"], shown["failures"]) == (health, failures)
    assert len(list(hooks.hearing("made"))) == (0 if health == "suspended" else 1)
    revived: Any = client.put("/hooks/7", json={"again": True}).json
    assert (revived["health"], len(list(hooks.hearing("made")))) == ("active", 1)
    assert [one["url"] for one in held.sender.log] == [url for url, _, _ in tried if url != HUB]


def test_without_a_most_nobody_is_ever_suspended(held: Controls) -> None:
    patient = Hooks(held, lambda _hook, _event: True)
    app(patient).test_client().post("/hooks", json={"url": HUB})
    held.sender.log.extend({"url": HUB, "attempt": 0, "status": 410} for _ in range(200))
    (hook,) = patient.hearing("made")
    assert (patient.health(hook), patient.failures(hook)) == ("failing", 200)
