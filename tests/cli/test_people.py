"""Letting people in from the command line, and the way back in for an admin who is locked out."""

import json

import pytest

from hub.store import access
from hub.store.access import User
from hub.sync.hub import Hub
from hub.web import create_app
from tests.cli.running import audited, done, ran
from tests.web.visiting import PASSWORD, path_of, person, signed_in, visitor


def everyone(hub: Hub) -> list[User]:
    with hub.database.reading() as tx:
        return access.users(tx)


def test_somebody_new_gets_a_link_that_lets_them_in_once(hub: Hub) -> None:
    link = done(hub, "user", "add", "Ana@Example.com", "--role", "operator").strip()
    assert link.startswith("http://127.0.0.1:8000/welcome/")
    somebody = visitor(create_app(hub))
    assert somebody.post(path_of(link), name="Ana", password=PASSWORD).status_code == 303
    assert "ana@example.com, Operator" in somebody.text("/account")
    assert somebody.get(path_of(link)).status_code == 410


@pytest.mark.parametrize(
    ("said", "stored"), [("admin", "admin"), ("operator", "operator"), ("viewer", "viewer"), ("privacy-officer", "privacy")]
)
def test_every_role_can_be_given(hub: Hub, said: str, stored: str) -> None:
    done(hub, "user", "add", "a@example.com", "--role", said)
    assert [(each.email, each.role, each.password) for each in everyone(hub)] == [("a@example.com", stored, None)]
    assert f" {said} " in done(hub, "user")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "ana", "--role", "admin"), "'ana' is no e-mail address"),
        (("add", "ADMIN@example.com", "--role", "viewer"), "there already"),
        (("add", "a@example.com", "--role", "chief"), "'chief' is not one of"),
        (("link", "a@example.com"), "there is nobody with the address 'a@example.com'"),
        (("disable", "admin@example.com"), "this is the last admin"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(hub: Hub, arguments: tuple[str, ...], words: str) -> None:
    person(hub)
    before = everyone(hub)
    result = ran(hub, "user", *arguments)
    assert result.exit_code in (1, 2)
    assert words in result.stderr
    assert result.stdout == ""
    assert everyone(hub) == before
    assert audited(hub) == []


def test_an_admin_who_is_locked_out_comes_in_again_by_a_new_link(hub: Hub) -> None:
    person(hub)
    link = done(hub, "user", "link", "admin@example.com").strip()
    somebody = visitor(create_app(hub))
    assert somebody.post(path_of(link), name="Admin", password="a new long password").status_code == 303
    assert somebody.get("/settings/people").status_code == 200


def test_who_is_disabled_is_out_at_once_and_stays_out_until_enabled(hub: Hub) -> None:
    app = create_app(hub)
    person(hub)
    somebody = signed_in(app, hub, "viewer")
    done(hub, "user", "disable", "VIEWER@example.com")
    assert somebody.get("/customers").status_code == 302
    assert somebody.post("/sign-in", email="viewer@example.com", password=PASSWORD).status_code == 422
    refused = ran(hub, "user", "link", "viewer@example.com")
    assert (refused.exit_code, "is disabled" in refused.stderr) == (1, True)
    done(hub, "user", "enable", "viewer@example.com")
    assert somebody.get("/customers").status_code == 302
    assert somebody.post("/sign-in", email="viewer@example.com", password=PASSWORD).status_code == 303


def test_the_list_for_a_program_says_who_is_there_as_what(hub: Hub) -> None:
    assert json.loads(done(hub, "user", "--json")) == []
    person(hub)
    made = json.loads(done(hub, "user", "add", "a@example.com", "--role", "privacy-officer", "--json"))
    assert made.pop("link").startswith("http://127.0.0.1:8000/welcome/")
    listed = json.loads(done(hub, "user", "--json"))
    assert [(each["email"], each["role"], each["state"]) for each in listed] == [
        ("admin@example.com", "admin", "active"),
        ("a@example.com", "privacy-officer", "invited"),
    ]
    assert listed[1] == made
    assert "argon2" not in json.dumps(listed)


def test_each_change_is_written_down_without_the_link(hub: Hub) -> None:
    person(hub)
    links = [done(hub, "user", "add", "a@example.com", "--role", "viewer"), done(hub, "user", "link", "a@example.com")]
    done(hub, "user", "disable", "a@example.com")
    done(hub, "user", "enable", "a@example.com")
    found = audited(hub)
    assert [each.action for each in found] == ["people.invite", "people.new_link", "people.deactivate", "people.activate"]
    assert {each.actor.partition(":")[0] for each in found} == {"shell"}
    assert not any(link.strip().rpartition("/")[2] in str(each) for each in found for link in links)
