"""Each account is connected once: taken up again, signed in again, or corrected; the systems are faked at the wire."""

import re
from dataclasses import replace
from typing import Any

import pytest
import responses
from werkzeug.test import TestResponse

from hub.store import connections
from hub.store.connections import Connection
from hub.sync.hub import Hub
from tests.web.visiting import Visitor, admin, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ACCOUNT = "https://api.hubapi.com/account-info/v3/details"
TOKENS = "https://api.hubapi.com/oauth/2026-03/token"
REVOKED = "https://api.hubapi.com/oauth/2026-03/token/revoke"
NEW = "/settings/connections/new/hubspot"
ONE = "/settings/connections/hubspot-1"
APP = {"client_id": "our-app", "client_secret": "our-app-secret"}
UNKNOWN = (
    {"status": 401, "json": {"error": "invalid_client"}},
    {"status": 400, "json": {"error": "invalid_client"}},
    {"status": 401},
)


def accepted(account: int = 4711) -> None:
    responses.get(ACCOUNT, json={"portalId": account})
    responses.post(TOKENS, json={"access_token": "a", "refresh_token": "r", "expires_in": 1800})


def by_key(somebody: Visitor, **fields: str) -> TestResponse:
    return somebody.post(f"{NEW}/key", key="pat-1", **({"label": "Sales"} | fields))


def begun(somebody: Visitor, path: str = f"{NEW}/sign-in", **fields: str) -> str:
    """The state that the system's sign-in page was given."""
    left = somebody.post(path, **fields)
    assert left.status_code == 200, words(left)
    return str(re.findall(r"state=([\w-]+)", left.text)[0])


def back(somebody: Visitor, state: str) -> TestResponse:
    return somebody.get(f"/oauth/callback/hubspot?code=c0de&state={state}")


def by_sign_in(somebody: Visitor) -> None:
    assert back(somebody, begun(somebody, **APP, label="Sales")).status_code == 303


def stored(hub: Hub) -> list[Connection]:
    with hub.database.reading() as tx:
        return connections.everyone(tx)


def field(page: str, name: str) -> str:
    (found,) = re.findall(rf'<input id="{name}"[^>]+>', page)
    return str(found)


def folded(page: str) -> str:
    """What can be folded away on a page."""
    return "".join(re.findall(r"<details.*?</details>", page, re.DOTALL))


@responses.activate
def test_an_account_is_connected_once_by_key_or_by_sign_in(hub: Hub) -> None:
    accepted()
    somebody = admin(hub)
    by_key(somebody)
    for again in (by_key(somebody, label="Again"), back(somebody, begun(somebody, **APP))):
        assert again.status_code == 422
        assert "This account is already connected as Sales (hubspot-1); enter the new key there instead." in words(again)
    assert [(each.id, each.label) for each in stored(hub)] == [("hubspot-1", "Sales")]
    assert hub.vault.token("hubspot-1").data == {"key": "pat-1"}


@responses.activate
def test_an_account_that_signed_in_is_not_connected_by_key_too(hub: Hub) -> None:
    accepted()
    somebody = admin(hub)
    by_sign_in(somebody)
    assert "is already connected as Sales (hubspot-1); sign in again there instead" in words(by_key(somebody))
    assert len(stored(hub)) == 1


@responses.activate
def test_another_account_of_the_same_system_is_connected_beside_it(hub: Hub) -> None:
    accepted()
    somebody = admin(hub)
    by_key(somebody)
    responses.replace(responses.GET, ACCOUNT, json={"portalId": 4712})
    assert by_key(somebody).location == "/settings/connections/hubspot-2"


@responses.activate
def test_the_same_number_on_another_server_is_another_account(hub: Hub) -> None:
    somebody = admin(hub)
    path = "/settings/connections/new/bottlecrm/key"
    for host in ("one.example.com", "two.example.com"):
        responses.get(f"https://{host}/api/org/settings/", json={"id": 1, "name": host})
        assert somebody.post(path, key="k", address=f"https://{host}").status_code == 303
    assert [each.account for each in stored(hub)] == ["1", "1"]
    written = "https://TWO.example.com:443"
    responses.get(f"{written}/api/org/settings/", json={"id": 1, "name": "two.example.com"})
    again = somebody.post(path, key="k", address=f"{written}/")
    assert "already connected as two.example.com (bottlecrm-2)" in words(again)


@responses.activate
@pytest.mark.parametrize("way", ["key", "sign-in"])
def test_an_account_whose_data_was_kept_is_taken_up_again_under_its_id(hub: Hub, way: str) -> None:
    accepted()
    somebody = admin(hub)
    by_key(somebody)
    somebody.post(f"{ONE}/disconnect", data="keep")
    answer = by_key(somebody, label="") if way == "key" else back(somebody, begun(somebody, **APP))
    assert answer.location == ONE
    assert "Sales is connected again; it kept its id and its data." in somebody.text(ONE)
    (held,) = stored(hub)
    assert (held.id, held.label, held.state, held.auth) == ("hubspot-1", "Sales", "connected", way.replace("sign-in", "oauth2"))
    assert len(hub.vault.token("hubspot-1").data) > 0


@responses.activate
def test_a_disconnected_connection_offers_to_connect_again_or_to_delete_its_data(hub: Hub) -> None:
    accepted()
    somebody = admin(hub)
    by_key(somebody)
    assert "Delete its data" not in somebody.text(ONE)
    somebody.post(f"{ONE}/disconnect", data="keep")
    page = somebody.get(ONE).text
    assert re.search(rf'href="{ONE}/renew">Connect again<', page)
    assert re.search(rf'href="{ONE}/disconnect">Delete its data', page)
    assert "Connect again" in somebody.text(f"{ONE}/renew")
    assert somebody.post(f"{ONE}/renew", key="pat-2").location == ONE
    assert "Sales is connected again; it kept its id and its data." in somebody.text(ONE)
    assert [(each.id, each.state) for each in stored(hub)] == [("hubspot-1", "connected")]


@responses.activate
def test_the_kept_data_of_a_sign_in_is_deleted_without_asking_the_system(hub: Hub) -> None:
    accepted()
    responses.post(REVOKED, status=204)
    somebody = admin(hub)
    by_sign_in(somebody)
    somebody.post(f"{ONE}/disconnect", data="keep")
    asked = len(responses.calls)
    page = somebody.get(f"{ONE}/disconnect")
    assert "Delete the data of Sales?" in words(page)
    assert 'value="keep"' not in page.text
    somebody.post(f"{ONE}/disconnect", data="delete")
    assert "would not end our access" not in somebody.text("/settings/connections")
    assert (stored(hub), len(responses.calls)) == ([], asked)


@responses.activate
def test_a_disconnected_connection_is_not_taken_up_beside_another_of_its_account(hub: Hub) -> None:
    accepted()
    somebody = admin(hub)
    by_key(somebody)
    somebody.post(f"{ONE}/disconnect", data="keep")
    with hub.database.writing() as tx:
        more = connections.create(tx, "hubspot", hub.time.now(), label="More", environment="production", auth="key", answers={})
        connections.change(tx, more.id, account="4711")
    assert "already connected as More (hubspot-2)" in words(somebody.post(f"{ONE}/renew", key="pat-2"))


@responses.activate
def test_new_credentials_are_no_first_sync(hub: Hub) -> None:
    accepted()
    somebody = admin(hub)
    by_key(somebody)
    assert "Sales is connected. The first sync has begun." in somebody.text(ONE)
    somebody.post(f"{ONE}/renew", key="pat-2")
    page = somebody.text(ONE)
    assert "Sales is connected again." in page
    assert "first sync" not in page


@responses.activate
def test_who_denies_while_signing_in_again_is_told_that_nothing_changed(hub: Hub) -> None:
    accepted()
    somebody = admin(hub)
    by_sign_in(somebody)
    state = begun(somebody, f"{ONE}/renew")
    before = stored(hub), hub.vault.token("hubspot-1")
    answer = somebody.get(f"/oauth/callback/hubspot?error=access_denied&error_description=EVIL&state={state}")
    assert (answer.status_code, "Sales is as it was" in words(answer)) == (422, True)
    assert f'href="{ONE}/renew"' in answer.text
    assert NEW not in answer.text
    assert "not connected" not in words(answer).replace("Not connected", "")
    assert "EVIL" not in answer.text
    assert (stored(hub), hub.vault.token("hubspot-1")) == before


@responses.activate
def test_a_refused_code_while_signing_in_again_leads_back_to_the_connection(hub: Hub) -> None:
    accepted()
    somebody = admin(hub)
    by_sign_in(somebody)
    responses.replace(responses.POST, TOKENS, status=400, json={"error": "invalid_grant"})
    answer = back(somebody, begun(somebody, f"{ONE}/renew"))
    assert "Sales is as it was" in words(answer)
    assert "refused the code" in words(answer)
    assert f'href="{ONE}/renew"' in answer.text


@responses.activate
@pytest.mark.parametrize("answer", UNKNOWN)
def test_a_wrong_client_secret_is_told_where_it_is_corrected(hub: Hub, answer: dict[str, Any]) -> None:
    responses.post(TOKENS, **answer)
    somebody = admin(hub)
    refused = back(somebody, begun(somebody, **APP, label="Sales", currency="BRL"))
    assert refused.status_code == 422
    assert "The client ID or the client secret is wrong" in words(refused).replace("sign-in: the", "sign-in: The")
    assert "refused the code" not in words(refused)
    assert 'value="our-app"' in field(refused.text, "client_id")
    assert 'aria-invalid="true"' in field(refused.text, "client_secret")
    assert 'value="BRL"' in field(refused.text, "oauth2-currency")
    assert 'value="Sales"' in field(refused.text, "oauth2-label")
    assert "our-app-secret" not in refused.text
    responses.replace(responses.POST, TOKENS, json={"access_token": "a", "refresh_token": "r"})
    responses.get(ACCOUNT, json={"portalId": 4711})
    mended = begun(somebody, client_id="our-app", client_secret="the-right-one", label="Sales")
    assert back(somebody, mended).location == ONE
    assert "client_secret=the-right-one" in str(responses.calls[-2].request.body)


@responses.activate
@pytest.mark.parametrize("answer", UNKNOWN)
def test_a_secret_that_was_changed_there_is_entered_anew_where_one_signs_in_again(hub: Hub, answer: dict[str, Any]) -> None:
    accepted()
    somebody = admin(hub)
    by_sign_in(somebody)
    with hub.database.writing() as tx:
        problem = (
            "hubspot-1: the client ID or the client secret is wrong, or was changed there; sign in again and enter them anew"
        )
        connections.change(tx, "hubspot-1", state="reconnect", problem=problem)
    page = somebody.get(f"{ONE}/renew").text
    assert " required" in field(page, "client_secret")
    assert 'value="http://127.0.0.1:8000/oauth/callback/hubspot"' in page
    assert somebody.post(f"{ONE}/renew", client_id="our-app").status_code == 422
    responses.replace(responses.POST, TOKENS, **answer)
    refused = back(somebody, begun(somebody, f"{ONE}/renew", client_id="our-app", client_secret="wrong"))
    assert (refused.status_code, 'aria-invalid="true"' in field(refused.text, "client_secret")) == (422, True)
    assert f'action="{ONE}/renew"' in refused.text
    responses.replace(responses.POST, TOKENS, json={"access_token": "b", "refresh_token": "r"})
    state = begun(somebody, f"{ONE}/renew", client_id="our-app", client_secret="the-new-one")
    assert back(somebody, state).location == ONE
    assert [(each.id, each.state, each.problem) for each in stored(hub)] == [("hubspot-1", "connected", None)]


@responses.activate
def test_signing_in_again_asks_for_nothing_while_the_app_is_known(hub: Hub) -> None:
    accepted()
    somebody = admin(hub)
    by_sign_in(somebody)
    page = somebody.get(f"{ONE}/renew").text
    assert "callback address shown here" not in page.replace(folded(page), "")
    assert " required" not in field(page, "client_secret")
    with hub.database.writing() as tx:
        connections.drop_app(tx, "hubspot", "https://app.hubspot.com")
    page = somebody.get(f"{ONE}/renew").text
    assert (folded(page), " required" in field(page, "client_id")) == ("", True)
    somebody.post(f"{ONE}/renew")
    assert begun(somebody, f"{ONE}/renew", **APP)


def test_what_must_be_filled_is_not_called_optional_nor_folded_away(hub: Hub) -> None:
    somebody = admin(hub)
    path = "/settings/connections/new/zendesk"
    page = somebody.get(path).text
    assert (" required" in field(page, "client_id"), "client_id" in folded(page)) == (True, False)
    somebody.post(f"{path}/sign-in", subdomain="acme", **APP)
    page = somebody.get(path).text
    assert (" required" in field(page, "client_id"), "client_id" in folded(page)) == (False, True)
    page = somebody.post(f"{path}/sign-in", subdomain="other").text
    assert "Enter the client ID and the secret of the app you registered at https://other.zendesk.com." in page
    assert (" required" in field(page, "client_id"), "client_id" in folded(page)) == (True, False)
    assert "Client ID</label>" in page


def test_a_secret_without_its_client_id_is_not_passed_over(hub: Hub) -> None:
    somebody = admin(hub)
    begun(somebody, **APP)
    answer = somebody.post(f"{NEW}/sign-in", client_secret="another")
    assert (answer.status_code, "Enter the client ID and the secret" in words(answer)) == (422, True)


def test_what_is_asked_reads_as_sentences(hub: Hub) -> None:
    said = admin(hub).text("/settings/connections/new/pretix")
    assert "`" not in said
    assert "EUR, geneva=CHF. For example EUR." in said
    assert "https" not in said.partition("Callback address")[0].partition("redirect URI")[2]


@pytest.mark.parametrize(
    ("origin", "warned"),
    [
        ("http://hub.example.com", True),
        ("http://127.0.0.1:8000", False),
        ("http://localhost", False),
    ],
)
def test_a_callback_that_is_not_https_is_warned_of_unless_it_is_this_machine(hub: Hub, origin: str, *, warned: bool) -> None:
    somebody = admin(replace(hub, settings=replace(hub.settings, public_url=origin)))
    assert ("begins with https" in somebody.text("/settings/connections/new/pretix")) is warned
