"""Who may ask the API what: nobody without a key, nothing beyond its scopes, and not too often."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from hub.model import TYPES
from hub.store import access
from hub.sync.hub import Hub
from hub.web import api
from hub.web.api import personal
from tests import support
from tests.web.asking import SECRETS, Program, filled, program, served

READING = (
    "customers",
    "contacts",
    "companies",
    "deals",
    "tickets",
    "survey-responses",
    "orders",
    "owners",
    "pipelines",
    "connections",
    "changes",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, Flask]]:
    hub, app = served(tmp_path_factory.mktemp("hub"))
    filled(hub)
    yield hub, app
    hub.database.close()


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]


def path(rule: Rule) -> str:
    values = dict.fromkeys(rule.arguments, "00000000-0000-0000-0000-000000000000")
    found = rule.rule
    for name, value in values.items():
        start, end = found.rindex("<", 0, found.index(name)), found.index(">", found.index(name))
        found = found[:start] + value + found[end + 1 :]
    return found.removeprefix("/api/v1/")


def scope(rule: Rule) -> str:
    if "POST" not in (rule.methods or ()):
        return "read"
    return "push" if rule.rule.endswith("/records") else "admin"


def asked(by: Program, rule: Rule) -> int:
    body: dict[str, Any] = {"records": [{}]} if scope(rule) == "push" else {}
    return by.get(path(rule)).status_code if scope(rule) == "read" else by.post(path(rule), body).status_code


def test_every_path_refuses_who_has_no_key_and_a_key_of_no_scope_for_it(made: tuple[Hub, Flask]) -> None:
    nobody = program(*made, [])
    others = {"read": ["push", "admin"], "push": ["read:pii", "admin"], "admin": ["read:pii", "backfill"]}
    useless = {name: program(*made, held) for name, held in others.items()}
    found = rules(made[1])
    assert {scope(rule) for rule in found} == set(others)
    assert [rule.rule for rule in found if asked(nobody, rule) != 401] == []
    assert [rule.rule for rule in found if asked(useless[scope(rule)], rule) != 403] == []


def test_the_scope_of_a_path_opens_it(made: tuple[Hub, Flask]) -> None:
    holders = {name: program(*made, [name]) for name in ("read", "push", "admin")}
    found = {rule.rule: asked(holders[scope(rule)], rule) for rule in rules(made[1])}
    assert {path: status for path, status in found.items() if status not in (200, 404)} == {}


def test_a_refusal_says_how_to_be_let_in(made: tuple[Hub, Flask]) -> None:
    unknown = program(*made)
    wrong = Program(client=unknown.client, key="hub_aaaaaaaa_" + "b" * 32)
    answers = [program(*made, []).get("deals"), wrong.get("deals"), program(*made, ["push"]).get("deals")]
    assert [answer.headers["WWW-Authenticate"] for answer in answers] == [
        'Bearer realm="Ciclo Hub"',
        'Bearer realm="Ciclo Hub", error=invalid_token',
        'Bearer realm="Ciclo Hub", error=insufficient_scope, scope=read',
    ]
    assert {answer.content_type for answer in answers} == {"application/problem+json"}


def test_a_key_that_ended_or_was_revoked_opens_nothing(made: tuple[Hub, Flask]) -> None:
    hub, app = made
    now = hub.time.now()
    with hub.database.writing() as tx:
        ended = access.new_key(tx, now, label="x", scopes=["read"], expires_at=now - timedelta(seconds=1))[1]
        found, revoked = access.new_key(tx, now, label="x", scopes=["read"], expires_at=None)
        access.revoke_key(tx, found.id, now)
    for key in (ended, revoked, revoked[:-1] + "!", "hub_", "x" * 5000, "é"):
        assert Program(client=app.test_client(), key=key).get("deals").status_code == 401


def test_without_read_pii_nothing_says_who_anybody_is(made: tuple[Hub, Flask]) -> None:
    plain, full = program(*made, ["read"]), program(*made, ["read:pii"])
    without, with_all = ("".join(_everything(by)) for by in (plain, full))
    assert [secret for secret in SECRETS if secret in without] == []
    assert [secret for secret in SECRETS if secret not in with_all] == []


def _everything(by: Program) -> Iterator[str]:
    for name in READING:
        body = by.get(name).get_json()
        yield json.dumps(body, ensure_ascii=False)
        for one in body["items"]:
            if name not in ("changes", "connections"):
                yield by.get(f"{name}/{one['id']}").get_data(as_text=True)
            if name == "customers":
                yield by.get(f"customers/{one['id']}/records").get_data(as_text=True)


def test_without_read_pii_what_says_nothing_of_people_is_still_there(made: tuple[Hub, Flask]) -> None:
    plain = program(*made, ["read"])
    (deal,) = plain.get("deals").get_json()["items"]
    assert deal["data"]["amount"] == {"amount": "12000", "currency": "BRL"}
    company = plain.get("customers?type=company").get_json()["items"][0]
    assert company["fields"]["industry"]["value"] == "Food"
    assert company["records"][0]["id"] == "C1"


def test_searching_needs_read_pii_since_an_answer_would_say_who_is_there(made: tuple[Hub, Flask]) -> None:
    assert program(*made, ["read"]).get("customers?q=ana").status_code == 403


def test_every_field_that_may_be_shown_exists() -> None:
    for kind, type_ in TYPES.items():
        assert personal.shown(kind) <= set(type_.__struct_fields__), kind
        assert personal.hidden(kind) >= {"custom"}, kind


def test_a_key_that_asks_too_often_waits_and_harms_no_other(tmp_path: Path) -> None:
    hub = support.made(tmp_path)
    app = Flask("test")
    api.install(app, hub, limit="3 per minute")
    hasty, other = program(hub, app), program(hub, app)
    answers = [hasty.get("deals") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61
    assert answers[-1].content_type == "application/problem+json"
    assert other.get("deals").status_code == 200
    hub.database.close()
