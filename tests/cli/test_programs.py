"""The API keys of programs from the command line."""

import json
from datetime import timedelta

import pytest

from hub.store import access
from hub.sync.hub import Hub
from tests.cli.running import audited, done, ran


def held(hub: Hub, text: str) -> access.ApiKey | None:
    with hub.database.reading() as tx:
        return access.key(tx, text, hub.time.now())


def made(hub: Hub, *more: str) -> str:
    return done(hub, "key", "new", "--label", "Nightly report", "--scope", "read", *more).strip()


def test_a_new_key_is_printed_alone_and_holds_for_a_year(hub: Hub) -> None:
    found = held(hub, made(hub, "--scope", "push"))
    assert found is not None
    assert (found.label, found.scopes) == ("Nightly report", frozenset({"read", "push"}))
    assert found.expires_at is not None
    assert timedelta(days=364, hours=23) < found.expires_at - hub.time.now() < timedelta(days=365)


@pytest.mark.parametrize(("days", "lasting"), [("30", 30), ("none", None)])
def test_a_key_holds_as_long_as_was_said(hub: Hub, days: str, lasting: int | None) -> None:
    found = held(hub, made(hub, "--days", days))
    assert found is not None
    assert (found.expires_at is None) == (lasting is None)
    assert found.expires_at is None or round((found.expires_at - hub.time.now()) / timedelta(days=1)) == lasting


def test_a_key_is_shown_once_and_never_again(hub: Hub) -> None:
    text = made(hub)
    secret = text.rpartition("_")[2]
    assert secret not in done(hub, "key") + done(hub, "key", "--json") + str(audited(hub))
    assert "Nightly report" in done(hub, "key")


def test_a_revoked_key_opens_nothing(hub: Hub) -> None:
    text = made(hub)
    done(hub, "key", "revoke", text.split("_")[1])
    assert held(hub, text) is None
    (listed,) = json.loads(done(hub, "key", "--json"))
    assert (listed["state"], listed["scopes"]) == ("revoked", ["read"])
    assert [each.action for each in audited(hub)] == ["programs.make", "programs.revoke"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("revoke", "nosuch12"), "there is no key 'nosuch12' that still holds"),
        (("new", "--label", "x", "--scope", "everything"), "'everything' is not one of"),
        (("new", "--label", "x"), "Missing option '--scope'"),
        (("new", "--label", " ", "--scope", "read"), "say what it is for"),
        (("new", "--label", "x" * 201, "--scope", "read"), "at most 200 characters"),
        (("new", "--label", "x", "--scope", "read", "--days", "7"), "'7' is not one of"),
    ],
)
def test_what_cannot_be_is_said_and_makes_no_key(hub: Hub, arguments: tuple[str, ...], words: str) -> None:
    result = ran(hub, "key", *arguments)
    assert result.exit_code in (1, 2)
    assert words in result.stderr
    assert json.loads(done(hub, "key", "--json")) == []
    assert audited(hub) == []


def test_for_a_program_the_key_comes_with_what_it_may(hub: Hub) -> None:
    said = json.loads(made(hub, "--json"))
    found = held(hub, said["key"])
    assert found is not None
    assert (said["id"], said["scopes"], said["state"]) == (found.id, ["read"], "active")
