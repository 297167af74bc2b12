"""What is secret at rest opens only in its place and with its key."""

import pytest
from sqlalchemy import text

from hub.errors import Misdeclared
from hub.store import connections, credentials
from hub.store.seal import Seal
from hub.sync.hub import Hub
from tests import support

OLD, NEW = ("2025", b"\x11" * 32), ("2026", b"\x22" * 32)
PLACE = "credential:zendesk-1:sealed"
NOW = support.at("2026-11-02T12:00:00Z")


def test_what_was_sealed_opens_in_its_place() -> None:
    seal = Seal((OLD,))
    assert seal.open(seal.shut("pássword", PLACE), PLACE) == "pássword"


def test_the_secret_cannot_be_read_in_the_sealed_text_and_is_sealed_otherwise_each_time() -> None:
    seal = Seal((OLD,))
    first, second = seal.shut("password", PLACE), seal.shut("password", PLACE)
    assert "password" not in first
    assert first.startswith("v1:2025:")
    assert first != second


@pytest.mark.parametrize("place", ["credential:zendesk-2:sealed", "credential:zendesk-1:other", "app:zendesk-1:sealed", ""])
def test_a_sealed_text_that_was_moved_is_refused(place: str) -> None:
    seal = Seal((OLD,))
    with pytest.raises(Misdeclared, match="not sealed for this place"):
        seal.open(seal.shut("password", PLACE), place)


def test_a_sealed_text_that_was_changed_is_refused() -> None:
    seal = Seal((OLD,))
    sealed = seal.shut("password", PLACE)
    changed = sealed[:-6] + ("AAAAAA" if not sealed.endswith("AAAAAA") else "BBBBBB")
    with pytest.raises(Misdeclared):
        seal.open(changed, PLACE)


def test_without_any_key_nothing_starts() -> None:
    with pytest.raises(Misdeclared, match="HUB_KEYS"):
        Seal(())


def test_a_new_key_seals_while_the_old_one_still_opens() -> None:
    sealed = Seal((OLD,)).shut("password", PLACE)
    both = Seal((NEW, OLD))
    assert both.open(sealed, PLACE) == "password"
    assert not both.current(sealed)
    again = both.shut("password", PLACE)
    assert again.startswith("v1:2026:")
    assert both.current(again)
    assert Seal((NEW,)).open(again, PLACE) == "password"


def test_a_key_that_is_gone_is_named() -> None:
    with pytest.raises(Misdeclared, match="'2025'"):
        Seal((NEW,)).open(Seal((OLD,)).shut("password", PLACE), PLACE)


def test_another_key_of_the_same_name_opens_nothing() -> None:
    with pytest.raises(Misdeclared):
        Seal((("2025", b"\x33" * 32),)).open(Seal((OLD,)).shut("password", PLACE), PLACE)


def connection(hub: Hub) -> str:
    with hub.database.writing() as tx:
        made = connections.create(tx, "zendesk", NOW, label="", environment="production", auth="oauth2", answers={})
        credentials.put(tx, made.id, hub.seal, {"access_token": f"of {made.id}"}, None)
    return made.id


def test_credentials_moved_to_another_connection_do_not_open(hub: Hub) -> None:
    first, second = connection(hub), connection(hub)
    assert hub.vault.token(first).data == {"access_token": "of zendesk-1"}
    with hub.database.writing() as tx:
        moved = tx.execute(text("SELECT sealed FROM credential WHERE connection_id = :id"), {"id": first}).scalar_one()
        tx.execute(text("UPDATE credential SET sealed = :moved WHERE connection_id = :id"), {"id": second, "moved": moved})
    with pytest.raises(Misdeclared):
        hub.vault.token(second)


def test_no_column_holds_a_secret_in_the_open(hub: Hub) -> None:
    name = connection(hub)
    with hub.database.writing() as tx:
        connections.put_app(
            tx, hub.seal, "zendesk", "https://a.example", client_id="us", secret="s-app", webhook_secret="s-app-hook"
        )
        connections.set_webhook(tx, name, hub.seal, secret="s-hook", subscription={"id": 1})
    with hub.database.reading() as tx:
        rows = [str(row) for table in ("app", "connection", "credential") for row in tx.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608 - ours
    assert not any(secret in row for row in rows for secret in ("s-app", "s-hook", "of zendesk-1"))
    with hub.database.reading() as tx:
        assert connections.webhook_secret(tx, name, hub.seal) == "s-hook"
        (app,) = connections.apps(tx, hub.seal)
    assert (app.secret, app.webhook_secret) == ("s-app", "s-app-hook")
