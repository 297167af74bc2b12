"""Changing the key that seals: everything is opened and sealed anew, whatever happens meanwhile."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from hub import settings
from hub.store import connections, credentials, reseal
from hub.store.seal import Seal
from hub.sync.hub import Hub
from tests import support
from tests.cli.running import audited, done, environment, ran

NEW = "new:" + "22" * 32
BOTH = f"{NEW},{support.KEY}"
NOW = support.at("2026-11-02T12:00:00Z")
MANY = 2 * reseal.BATCH + 30
DYING = f"""
import os, signal
from hub.__main__ import main
from hub.store.seal import Seal
shut, done = Seal.shut, []
def dying(self, secret, where):
    done.append(where)
    if len(done) > {reseal.BATCH + 50}:
        os.kill(os.getpid(), signal.SIGKILL)
    return shut(self, secret, where)
Seal.shut = dying
main()
"""


def filled(hub: Hub, number: int = 3) -> None:
    """Connections with every kind of secret."""
    with hub.database.writing() as tx:
        connections.put_app(tx, hub.seal, "zendesk", "https://a.example:81", client_id="us", secret="app", webhook_secret="hook")
        connections.put_app(tx, hub.seal, "pretix", "https://p.example", client_id="us", secret="other")
        for _ in range(number):
            made = connections.create(tx, "zendesk", NOW, label="", environment="production", auth="oauth2", answers={})
            credentials.put(tx, made.id, hub.seal, {"access_token": f"of {made.id}"}, None)
        connections.set_webhook(tx, "zendesk-1", hub.seal, secret="push", subscription={"id": 1})


def sealed_with(hub: Hub, key: str) -> int:
    """How many values anywhere in the database are sealed with a key."""
    names = {
        name: [column["name"] for column in inspect(hub.database.engine).get_columns(name)]
        for name in ("app", "connection", "credential")
    }
    with hub.database.reading() as tx:
        rows = [row for name, columns in names.items() for row in tx.execute(text(f"SELECT {', '.join(columns)} FROM {name}"))]  # noqa: S608 - ours
    return sum(str(value).startswith(f"v1:{key}:") for row in rows for value in row)


def opened(hub: Hub, keys: str) -> list[str]:
    """Every secret, opened by the code that uses it, with these keys alone."""
    seal = Seal(settings.read({"HUB_KEYS": keys}).keys)
    vault = credentials.Vault(hub.database, seal)
    with hub.database.reading() as tx:
        apps = [secret for app in connections.apps(tx, seal) for secret in (app.secret, app.webhook_secret)]
        pushes = [connections.webhook_secret(tx, each.id, seal) for each in connections.everyone(tx)]
        ids = [each.id for each in connections.everyone(tx)]
    tokens = [str(vault.token(each).data["access_token"]) for each in ids]
    return sorted(filter(None, [*apps, *pushes, *tokens]))


def test_everything_is_sealed_again_with_the_first_key_and_the_old_one_can_go(hub: Hub) -> None:
    filled(hub)
    before = opened(hub, support.KEY)
    assert (len(before), sealed_with(hub, "test")) == (7, 7)
    said = done(hub, "keys", "rotate", HUB_KEYS=BOTH)
    assert "7 of 7 values sealed again with the key new" in said
    assert "old key(s) test can be removed from HUB_KEYS" in said
    assert (sealed_with(hub, "new"), sealed_with(hub, "test")) == (7, 0)
    assert opened(hub, NEW) == before
    assert [(entry.action, entry.object, entry.detail) for entry in audited(hub)] == [("keys.rotate", "new", {"resealed": 7})]


def test_a_second_time_there_is_nothing_to_do(hub: Hub) -> None:
    filled(hub)
    done(hub, "keys", "rotate", HUB_KEYS=BOTH)
    said = json.loads(done(hub, "keys", "rotate", "--json", HUB_KEYS=BOTH))
    assert said == {"key": "new", "resealed": 0, "unopened": [], "removable": ["test"]}
    assert len(audited(hub)) == 1


def test_more_values_than_one_batch_are_all_found(hub: Hub) -> None:
    filled(hub, MANY)
    assert json.loads(done(hub, "keys", "rotate", "--json", HUB_KEYS=BOTH))["resealed"] == MANY + 4
    assert sealed_with(hub, "test") == 0


def test_a_kill_in_the_middle_loses_nothing_and_the_next_time_does_the_rest(hub: Hub, tmp_path: Path) -> None:
    filled(hub, MANY)
    before, script = opened(hub, support.KEY), tmp_path / "dying.py"
    script.write_text(DYING)
    child = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(script), "keys", "rotate"],
        env={**os.environ, **environment(hub, HUB_KEYS=BOTH)},
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    assert 0 < sealed_with(hub, "new") < MANY
    assert opened(hub, BOTH) == before
    said = json.loads(done(hub, "keys", "rotate", "--json", HUB_KEYS=BOTH))
    assert 0 < said["resealed"] < MANY + 4
    assert (said["removable"], sealed_with(hub, "test")) == (["test"], 0)
    assert opened(hub, NEW) == before


def test_a_token_that_is_renewed_at_the_same_moment_is_not_lost(hub: Hub) -> None:
    filled(hub)
    old, both = hub.seal, Seal(settings.read({"HUB_KEYS": BOTH}).keys)

    class Meanwhile(Seal):
        """Just before the first credential is written, a worker that has not been restarted stores a renewed token."""

        renewed = False

        def shut(self, secret: str, where: str) -> str:
            if where == "credential:zendesk-2:sealed" and not self.renewed:
                self.renewed = True
                vault = credentials.Vault(hub.database, old)
                assert vault.seize("zendesk-2", 1, "worker", NOW)
                vault.save("zendesk-2", "worker", {"access_token": "renewed"}, None)
            return super().shut(secret, where)

    seal = Meanwhile(settings.read({"HUB_KEYS": BOTH}).keys)
    *_, tally = reseal.resealed(hub.database, seal)
    assert seal.renewed
    token = credentials.Vault(hub.database, both).token("zendesk-2")
    assert (token.data, token.version) == ({"access_token": "renewed"}, 2)
    assert (tally.resealed, tally.looked_at, tally.unused(("test",))) == (7, 7, ["test"])
    assert sealed_with(hub, "test") == 0


def test_a_connection_that_ends_meanwhile_is_left_out(hub: Hub) -> None:
    filled(hub)

    class Meanwhile(Seal):
        def shut(self, secret: str, where: str) -> str:
            if where == "credential:zendesk-2:sealed":
                with hub.database.writing() as tx:
                    credentials.remove(tx, "zendesk-2")
            return super().shut(secret, where)

    *_, tally = reseal.resealed(hub.database, Meanwhile(settings.read({"HUB_KEYS": BOTH}).keys))
    assert (tally.resealed, tally.unopened) == (6, [])


def planted(hub: Hub, sealed: Callable[[str], str]) -> None:
    """Change what is sealed for the second connection."""
    with hub.database.writing() as tx:
        held = tx.execute(text("SELECT sealed FROM credential WHERE connection_id = 'zendesk-2'")).scalar_one()
        tx.execute(text("UPDATE credential SET sealed = :new WHERE connection_id = 'zendesk-2'"), {"new": sealed(held)})


@pytest.mark.parametrize(
    ("sealed", "why"),
    [
        (lambda held: held.replace("v1:test:", "v1:lost:"), "is sealed with the key 'lost', which HUB_KEYS does not have"),
        (lambda held: held.replace("v1:test:", "v1:new:"), "was not sealed for this place, or the key 'new' is another"),
        (lambda held: held[:-8] + "AAAAAAA=", "was not sealed for this place"),
        (lambda _held: "v1:test:AAAA", "was not sealed for this place"),
        (lambda _held: "s3cret-in-the-open", "holds no sealed text"),
        (lambda _held: "v1:s3cret:in:the:open", "holds no sealed text"),
    ],
)
def test_a_value_that_no_key_opens_is_named_kept_and_told_by_the_status(hub: Hub, sealed: Callable[[str], str], why: str) -> None:
    filled(hub)
    planted(hub, sealed)
    result = ran(hub, "keys", "rotate", HUB_KEYS=BOTH)
    assert result.exit_code == 1
    assert f"cannot be opened: credential:zendesk-2:sealed {why}" in result.stderr
    assert "s3cret" not in result.output
    assert "6 of 7 values sealed again" in result.stdout
    assert sealed_with(hub, "new") >= 6


def test_a_key_that_still_seals_something_is_not_called_removable(hub: Hub) -> None:
    filled(hub)
    planted(hub, lambda held: held[:-8] + "AAAAAAA=")
    assert json.loads(ran(hub, "keys", "rotate", "--json", HUB_KEYS=BOTH).stdout)["removable"] == []


def test_a_printed_key_can_be_put_before_the_others(hub: Hub) -> None:
    filled(hub)
    fresh = done(hub, "keys", "new").strip()
    assert "7 of 7" in done(hub, "keys", "rotate", HUB_KEYS=f"{fresh},{support.KEY}")
    assert len(opened(hub, fresh)) == 7


def test_the_key_file_gets_a_new_first_key_and_keeps_the_others(hub: Hub) -> None:
    filled(hub)
    file = hub.settings.data / "keys"
    file.write_text(support.KEY)
    said = done(hub, "keys", "new", "--file", HUB_KEYS="")
    fresh, old = file.read_text().split(",")
    assert old == support.KEY
    assert fresh.partition(":")[2] not in said
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in file.parent.iterdir() if "keys" in path.name) == ["keys"]
    rotated = done(hub, "keys", "rotate", HUB_KEYS="")
    assert f"can be removed from {file}" in rotated.replace("\n", "")
    assert len(opened(hub, fresh)) == 7


def test_where_the_environment_has_the_keys_the_file_is_not_touched(hub: Hub) -> None:
    file = hub.settings.data / "keys"
    file.write_text(NEW)
    result = ran(hub, "keys", "new", "--file")
    assert (result.exit_code, "HUB_KEYS is set" in result.stderr) == (1, True)
    assert file.read_text() == NEW
