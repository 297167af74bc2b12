"""Connecting from the command line; the systems are faked at the wire."""

import json
from pathlib import Path

import click
import pytest
import responses

from hub.cli.connecting import connect
from hub.store import connections, credentials, work
from hub.store.connections import App, Connection
from hub.sync import connect as connecting
from hub.sync.hub import Hub
from tests import invented, support
from tests.cli.running import audited, done, ran

KEY = "pat-na1-11111111-2222"
SECRET = "zendesk-app-secret"
ACCOUNT = "https://api.hubapi.com/account-info/v3/details"
ZENDESK = "https://acme.zendesk.com"


def stored(hub: Hub) -> list[Connection]:
    with hub.database.reading() as tx:
        return connections.everyone(tx)


def apps(hub: Hub) -> list[App]:
    with hub.database.reading() as tx:
        return connections.apps(tx, hub.seal)


@responses.activate
def test_a_key_from_standard_input_is_tried_kept_sealed_and_shown_nowhere(hub: Hub) -> None:
    responses.get(ACCOUNT, json={"portalId": 4711})
    result = ran(hub, "connect", "hubspot", "--key-file", "-", "--answer", "currency=BRL", "--label", "Sales", said=f"{KEY}\n")
    assert (result.exit_code, result.stdout) == (0, "hubspot-1\n")
    assert "Sales is connected; `hub sync --wait`" in result.stderr
    assert responses.calls[0].request.headers["Authorization"] == f"Bearer {KEY}"
    (made,) = stored(hub)
    assert (made.account, made.answers, made.environment) == ("4711", {"currency": "BRL"}, "production")
    assert hub.vault.token("hubspot-1").data == {"key": KEY}
    (entry,) = audited(hub)
    assert (entry.action, entry.object, entry.detail) == ("catalogue.with_key", "hubspot", {"connection": "hubspot-1"})
    assert KEY not in result.output + str(entry)
    with hub.database.writing() as tx:
        assert {kind for _, kind in work.to_enqueue(tx, hub.time.now())} == {"sync"}


@responses.activate
def test_a_key_from_standard_input_is_never_taken_for_an_answer(hub: Hub) -> None:
    responses.get(ACCOUNT, json={"portalId": 4711})
    done(hub, "connect", "hubspot", "--key-file", "-", said="BRL\n")
    assert stored(hub)[0].answers == {}
    assert hub.vault.token("hubspot-1").data == {"key": "BRL"}


@responses.activate
def test_a_key_can_lie_in_a_file_that_the_environment_names(hub: Hub, tmp_path: Path) -> None:
    responses.get(ACCOUNT, json={"portalId": 4711})
    (tmp_path / "key").write_text(KEY)
    said = json.loads(done(hub, "connect", "hubspot", "--json", said="\n", HUB_KEY_FILE=str(tmp_path / "key")))
    assert said == {"id": "hubspot-1", "label": "HubSpot 4711", "account": "HubSpot 4711", "environment": "production"}


@responses.activate
def test_what_is_not_given_is_asked_until_it_fits_and_the_key_is_not_shown(hub: Hub) -> None:
    responses.get(ACCOUNT, json={"portalId": 4711})
    result = ran(hub, "connect", "hubspot", said=f"reais\nBRL\n{KEY}\n")
    assert (result.exit_code, result.stdout) == (0, "hubspot-1\n")
    assert "Company currency is not of the form it must have, for example BRL" in result.stderr
    assert stored(hub)[0].answers == {"currency": "BRL"}
    assert KEY not in result.output


@responses.activate
def test_an_optional_answer_is_left_out_where_nobody_is_there_to_be_asked(hub: Hub, tmp_path: Path) -> None:
    responses.get(ACCOUNT, json={"portalId": 4711})
    (tmp_path / "key").write_text(KEY)
    assert done(hub, "connect", "hubspot", "--key-file", str(tmp_path / "key"), said="") == "hubspot-1\n"
    assert stored(hub)[0].answers == {}
    missing = ran(hub, "connect", "hubspot", said="")
    assert "Access token of a private app is missing, and nobody is there to be asked" in missing.stderr.replace("\n", " ")
    wrong = ran(hub, "connect", "hubspot", said="reais\n")
    assert "Company currency (optional) is missing, and nobody is there" in wrong.stderr.replace("\n", " ")


@responses.activate
def test_an_account_is_connected_once_and_taken_up_again_after_its_end(hub: Hub) -> None:
    responses.get(ACCOUNT, json={"portalId": 4711})
    connected = ("connect", "hubspot", "--key-file", "-", "--label", "Sales")
    done(hub, *connected, said=KEY)
    again = ran(hub, *connected, said=KEY)
    assert (again.exit_code, "already connected as Sales (hubspot-1)" in again.stderr) == (1, True)
    connecting.disconnect(hub, "hubspot-1", keep_data=True)
    taken_up = ran(hub, *connected, said=KEY)
    assert (taken_up.exit_code, taken_up.stdout) == (0, "hubspot-1\n")
    assert "it keeps its id and its data" in taken_up.stderr
    assert [each.state for each in stored(hub)] == ["connected"]


@responses.activate
def test_a_key_that_the_system_refuses_leaves_nothing_behind(hub: Hub) -> None:
    responses.get(ACCOUNT, status=401, json={})
    result = ran(hub, "connect", "hubspot", "--key-file", "-", said=KEY)
    assert result.exit_code == 1
    assert result.stderr.startswith("hub: HubSpot (GET /account-info/v3/details): our credentials are not accepted")
    assert KEY not in result.output
    assert (stored(hub), audited(hub)) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "said", "words"),
    [
        (("nosuch",), "", "there is no connector 'nosuch'; there are "),
        (("rt", "--key-file", "-"), KEY, "give it as --answer address=https://rt.example.com"),
        (("rt",), "", "nobody is there to be asked; give it as --answer address="),
        (("rt", "--answer", "address"), "", "'address' is not of the form NAME=VALUE"),
        (("rt", "--answer", "adress=x"), "", "asks for address, not 'adress'"),
        (("rt", "--answer", "address=ftp://x", "--key-file", "-"), KEY, "for example https://rt.example.com"),
        (("rt", "--answer", "address=http://10.0.0.1", "--key-file", "-"), KEY, "does not connect to such an address"),
        (("rt", "--sign-in"), "", "has no sign-in"),
        (("rt", "--environment", "sandbox"), "", "can be connected here as self-hosted"),
        (("hubspot", "Sales"), "", "use --label 'Sales'"),
        (("hubspot", "--key-file", "-", "--answer", "currency="), " \n", "this is not one line of text"),
        (("hubspot", "--label", "x" * 201), "", "at most 200 characters"),
    ],
)
def test_what_cannot_be_is_said_with_what_to_do(hub: Hub, arguments: tuple[str, ...], said: str, words: str) -> None:
    result = ran(hub, "connect", *arguments, said=said)
    assert result.exit_code in (1, 2)
    assert words in result.stderr.replace("\n", " ")
    assert stored(hub) == []


def test_the_app_of_a_sign_in_is_kept_sealed_and_the_page_to_open_is_printed(hub: Hub) -> None:
    options = ("--answer", "subdomain=acme", "--client-id", "us", "--client-secret-file", "-")
    result = ran(hub, "connect", "zendesk", *options, said=SECRET)
    assert (result.exit_code, result.stdout) == (0, "http://127.0.0.1:8000/settings/connections/new/zendesk\n")
    assert "http://127.0.0.1:8000/oauth/callback/zendesk" in result.stderr
    (app,) = apps(hub)
    assert (app.origin, app.client_id, app.secret) == (ZENDESK, "us", SECRET)
    assert SECRET not in result.output + str(audited(hub))
    again = done(hub, "connect", "zendesk", "--answer", "subdomain=acme", "--json")
    assert json.loads(again)["app"] == ZENDESK
    assert apps(hub) == [app]


def test_a_system_with_both_signs_in_where_that_is_asked_for(hub: Hub) -> None:
    page = done(hub, "connect", "hubspot", "--sign-in", said=f"\nus\n{SECRET}\n")
    assert page.strip() == "http://127.0.0.1:8000/settings/connections/new/hubspot"
    assert [(app.origin, app.secret) for app in apps(hub)] == [("https://app.hubspot.com", SECRET)]


def test_a_push_connection_needs_a_name_and_nothing_else(hub: Hub) -> None:
    assert done(hub, "connect", "push", "Till") == "push-1\n"
    assert [(each.label, each.connector, each.state) for each in stored(hub)] == [("Till", "push", "connected")]
    assert [entry.action for entry in audited(hub)] == ["catalogue.new_push"]


def test_no_argument_takes_a_secret() -> None:
    for parameter in connect.params:
        if "key" in str(parameter.name) or "secret" in str(parameter.name):
            assert isinstance(parameter.type, click.File), parameter.name


def test_the_database_must_have_its_tables(tmp_path: Path) -> None:
    hub = support.made(tmp_path)
    (tmp_path / "hub.db").unlink()
    result = ran(hub, "connect", "push", "Till")
    assert (result.exit_code, "`hub migrate`" in result.stderr) == (1, True)
    hub.database.close()


@responses.activate
def test_a_check_asks_the_system_whether_the_key_still_works(hub: Hub) -> None:
    now = hub.time.now()
    with hub.database.writing() as tx:
        made = connections.create(tx, "hubspot", now, label="", environment="production", auth="key", answers={})
        connections.change(tx, made.id, account="4711")
        credentials.put(tx, made.id, hub.seal, {"key": KEY}, None)
    responses.get(ACCOUNT, json={"portalId": 4711})
    assert "connection hubspot-1: accepted" in done(hub, "check", "hubspot", "--connection", "hubspot-1")
    for answer, words in (
        ({"status": 401, "json": {}}, "401"),
        ({"json": {"portalId": 8}}, "another account"),
        ({"json": []}, "whose"),
    ):
        responses.replace(responses.GET, ACCOUNT, **answer)
        result = ran(hub, "check", "hubspot", "--connection", "hubspot-1", "--json")
        assert result.exit_code == 1
        assert any(words in each for each in json.loads(result.stdout)["wrong"])
        assert KEY not in result.output
    missing = ran(hub, "check", "rt", "--connection", "hubspot-1")
    assert (missing.exit_code, "no connection 'hubspot-1' of Request Tracker" in missing.stderr) == (2, True)


@responses.activate
def test_a_client_is_asked_for_or_given_and_its_secret_is_shown_nowhere(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    invented.take_its_place(monkeypatch, invented.invented(invented.BASIC, invented.CLIENT, **invented.PLACED))
    responses.post(invented.TOKEN, json={"access_token": "a", "api_url": invented.TOLD})
    responses.get(f"{invented.TOLD}me", json={"id": 7, "name": "Acme"})
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    options = ("connect", "rt", "--answer", f"login={invented.LOGIN}", "--client-id", "us")
    result = ran(hub, *options, "--client-secret-file", str(tmp_path / "secret"), said="\n")
    assert (result.exit_code, result.stdout) == (0, "rt-1\n"), result.output
    data = hub.vault.token("rt-1").data
    assert (stored(hub)[0].auth, data["client_id"], data["client_secret"]) == ("client", "us", SECRET)
    assert SECRET not in result.output + str(audited(hub))


@responses.activate
def test_a_key_with_a_user_name_is_asked_for_in_turn(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    invented.take_its_place(monkeypatch, invented.invented(invented.BASIC, invented.CLIENT, **invented.FIXED))
    responses.get(f"https://{invented.LOGIN}/me", json={"id": 7, "name": "Acme"})
    result = ran(hub, "connect", "rt", "--answer", f"login={invented.LOGIN}", said=f"\nada@example.com\n{KEY}\n")
    assert (result.exit_code, result.stdout) == (0, "rt-1\n"), result.output
    assert hub.vault.token("rt-1").data == {"user": "ada@example.com", "key": KEY}
    assert KEY not in result.output
    missing = ran(hub, "connect", "rt", "--answer", f"login={invented.LOGIN}", "--key-file", "-", said=KEY)
    assert "Login e-mail is missing; give it as --user" in missing.stderr.replace("\n", " ")
