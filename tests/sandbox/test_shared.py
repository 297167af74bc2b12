"""What stand-ins share: blanks that are filled, refusals, keys, webhooks, and people found by their address."""

import json
from typing import Any

import pytest
from flask import Flask

from hub.sandbox import door
from hub.sandbox.account import addressed, source
from hub.sandbox.answers import Failure, filled, json_app, number, routes
from hub.sandbox.collection import Collection
from hub.sandbox.hooks import Hook, Hooks
from hub.sandbox.keys import Keys
from hub.sandbox.push import Delivery
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World, record_id

HUB = "https://hub.example/in"
DOOR = "https://door.example"


class Kept:
    """Stands where deliveries are sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any, dict[str, str]]] = []

    def send(self, delivery: Delivery) -> None:
        assert delivery.body(0) == delivery.body(1)
        self.sent.append((delivery.url, json.loads(delivery.body(0)), dict(delivery.headers(b""))))


@pytest.fixture
def held() -> Controls:
    made = controls(lambda: 1_795_000_000)
    made.sender = Kept()  # type: ignore[assignment]  # keeps deliveries instead of sending them
    return made


@pytest.fixture
def app(held: Controls) -> Flask:
    made = json_app("shared")
    door.install(made, held)
    return made


def test_a_blank_takes_what_is_known_then_what_is_kept_then_its_own() -> None:
    blank = {"a": 1, "b": 2, "c": 3}
    assert filled(blank, {"b": 20, "c": 30, "d": 40}, c=None) == {"a": 1, "b": 20, "c": None}


def test_a_refusal_has_its_status_body_and_headers_and_paths_know_methods_and_givens(app: Flask) -> None:
    def refuse(name: str) -> str:
        raise Failure(418, {"said": name}, WWW_Authenticate="Token")

    routes(app, "/api", {"GET /<name>": refuse})
    routes(app, "/api", {"POST /given": lambda given: given}, given="x")
    answer = app.test_client().get("/api/teapot")
    assert (answer.status_code, answer.json, answer.headers["WWW-Authenticate"]) == (418, {"said": "teapot"}, "Token")
    assert app.test_client().post("/api/given").text == "x"
    assert app.test_client().delete("/api/teapot").status_code == 405


@pytest.mark.parametrize(("text", "least", "meant"), [("7", 1, 7), ("0", 1, 20), ("0", 0, 0), ("-1", 0, 20), ("many", 1, 20)])
def test_a_number_that_is_none_means_the_default(app: Flask, text: str, least: int, meant: int) -> None:
    with app.test_request_context(f"/?size={text}"):
        assert number("size", 20, least=least) == meant


def test_keys_are_given_with_scopes_and_revoked_at_the_control_door(held: Controls, app: Flask) -> None:
    keys = Keys(held, "first")
    given = app.test_client().post("/__sandbox/token", json={"scopes": ["read"]}).get_json()["token"]
    assert (keys.scopes("first"), keys.scopes(given), keys.scopes("guess"), keys.scopes(None)) == ((), ("read",), None, None)
    app.test_client().post("/__sandbox/revoke", json={})
    app.test_client().post("/__sandbox/revoke", json={"token": given})
    assert (keys.scopes("first"), keys.scopes(given)) == (None, None)


def test_a_webhook_hears_what_it_wants_and_the_control_doors_hears_all(held: Controls) -> None:
    hooks = Hooks(held, lambda hook, event: event in hook["events"])
    hooks.registered["1"] = Hook(url=HUB, secret="s", shown={"events": ["won"]})
    assert [hook.url for hook in hooks.hearing("won")] == [HUB]
    held.push.update(url=DOOR, secret="d")
    assert [(hook.url, hook.secret) for hook in hooks.hearing("won")] == [(DOOR, "d"), (HUB, "s")]
    assert [hook.url for hook in hooks.hearing("lost")] == [DOOR]
    hooks.send(hooks.registered["1"], {"event": "won"}, lambda body: {"X-Length": str(len(body))})
    assert held.sender.sent == [(HUB, {"event": "won"}, {"X-Length": "0"})]  # type: ignore[attr-defined]  # as above


def test_people_are_found_by_their_address_as_it_stands_now(held: Controls) -> None:
    world = World(60)
    index, _ = next(iter(world.keys("rt", "contact")))
    fields = {"email": world.as_seen(index, "rt").email}
    people = Collection("people", source(world, "rt", "contact", lambda *_: fields, first_id=5_000), clock=held.clock)
    mine = 5_000 + record_id("contact", index) - record_id("contact", 0)
    assert [row.id for row in addressed(world, people, fields["email"].upper())] == [mine]
    people.change(mine, {"email": "new@x.example"})
    assert addressed(world, people, fields["email"]) == []
    assert [row.id for row in addressed(world, people, "New@x.example")] == [mine]
    people.archive(mine)
    assert addressed(world, people, "new@x.example") == []
