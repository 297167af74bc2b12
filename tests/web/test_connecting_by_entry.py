"""Connecting by what is entered: a client's id and secret, a key with a user name; the system is faked at the wire."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import responses

from hub.store import connections
from hub.store.connections import Connection
from hub.sync.hub import Hub
from tests import invented
from tests.web.visiting import admin, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NEW = "/settings/connections/new/rt"
RENEW = "/settings/connections/rt-1/renew"
ENTERED = {"client_id": "us", "client_secret": "very-secret"}
ME = f"{invented.TOLD}me"


def stored(hub: Hub) -> list[Connection]:
    with hub.database.reading() as tx:
        return connections.everyone(tx)


def accepted() -> None:
    responses.post(invented.TOKEN, json={"access_token": "a", "expires_in": 1079, "api_url": invented.TOLD})
    responses.get(ME, json={"id": 7, "name": "Acme"})


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> None:
    invented.take_its_place(monkeypatch, invented.invented(invented.CLIENT, **invented.PLACED))


def test_each_way_of_signing_in_asks_what_it_has_a_place_for_and_the_page_says_how_often_we_call(hub: Hub) -> None:
    page = admin(hub).get("/settings/connections/new/gainsight")
    assert re.findall(r'<input id="(\w+)-token_path"', page.text) == ["client"]
    assert sorted(re.findall(r'<input id="(\w+)-address"', page.text)) == ["client", "key"]
    assert "With at most 80 calls a minute and 40,000 calls a day." in words(page)


@pytest.mark.usefixtures("client")
def test_the_page_asks_for_both_and_says_what_to_prepare(hub: Hub) -> None:
    somebody = admin(hub)
    page = somebody.get(NEW)
    assert "Make a package with an API integration." in words(page)
    assert re.search(r'<input id="client-client_id" name="client_id" type="text"', page.text)
    assert re.search(r'<input id="client-client_secret" name="client_secret" type="password"', page.text)
    assert "Callback address" not in words(page)
    assert "Client ID and secret" in somebody.text("/settings/connections/new")


@responses.activate
@pytest.mark.usefixtures("client")
def test_a_client_connects_and_its_secret_is_shown_nowhere(hub: Hub) -> None:
    accepted()
    somebody = admin(hub)
    made = somebody.post(f"{NEW}/key", way="client", login=invented.LOGIN, **ENTERED)
    assert (made.status_code, made.location) == (303, "/settings/connections/rt-1"), words(made)
    ((found,), data) = stored(hub), hub.vault.token("rt-1").data
    assert (found.auth, found.account, found.answers) == ("client", "7", {"login": invented.LOGIN})
    assert {name: data[name] for name in ENTERED} == ENTERED
    page = somebody.text("/settings/connections/rt-1")
    assert "a client ID and secret" in page
    assert "Enter a new client secret" in page
    for path in ("/settings/connections/rt-1", RENEW, "/settings/audit"):
        assert ENTERED["client_secret"] not in somebody.get(path).text


@responses.activate
@pytest.mark.usefixtures("client")
def test_a_client_that_is_refused_is_told_at_its_field_and_can_be_entered_anew(hub: Hub) -> None:
    accepted()
    somebody = admin(hub)
    somebody.post(f"{NEW}/key", way="client", login=invented.LOGIN, **ENTERED)
    responses.replace(responses.POST, invented.TOKEN, json={"error": "invalid_client"}, status=401)
    refused = somebody.post(RENEW, client_id="us-2", client_secret="new-secret")
    assert refused.status_code == 422
    assert "the client ID or the client secret is wrong" in words(refused)
    assert 'value="us-2"' in refused.text
    assert "new-secret" not in refused.text
    assert hub.vault.token("rt-1").data["client_id"] == "us"
    responses.replace(responses.POST, invented.TOKEN, json={"access_token": "b", "api_url": invented.TOLD})
    assert somebody.post(RENEW, client_id="us-2", client_secret="new-secret").status_code == 303
    assert hub.vault.token("rt-1").data["client_id"] == "us-2"


@responses.activate
@pytest.mark.usefixtures("client")
def test_a_token_that_names_a_foreign_host_is_refused_in_words(hub: Hub) -> None:
    responses.post(invented.TOKEN, json={"access_token": "a", "api_url": "https://elsewhere.example"})
    refused = admin(hub).post(f"{NEW}/key", way="client", login=invented.LOGIN, **ENTERED)
    assert (refused.status_code, stored(hub)) == (422, [])
    assert "the sign-in does not name a host of Acme as the place of its API" in words(refused)


@pytest.mark.usefixtures("client")
def test_a_way_that_the_system_has_not_is_refused(hub: Hub) -> None:
    refused = admin(hub).post(f"{NEW}/key", key="k", login=invented.LOGIN)
    assert (refused.status_code, "Acme has no sign-in of this kind" in words(refused)) == (422, True)


@responses.activate
@pytest.mark.parametrize(
    ("auth", "said", "sent"),
    [
        (invented.BASIC, {"user": "ada@example.com", "key": "k-1"}, {"Authorization": "Basic YWRhQGV4YW1wbGUuY29tOmstMQ=="}),
        (invented.QUERY, {"key": "k-1"}, {}),
    ],
)
def test_a_key_is_sent_as_the_system_wants_it(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, auth: Any, said: Mapping[str, str], sent: Mapping[str, str]
) -> None:
    invented.take_its_place(monkeypatch, invented.invented(auth, **invented.FIXED))
    responses.get(f"https://{invented.LOGIN}/me", json={"id": 7, "name": "Acme"})
    somebody = admin(hub)
    assert all(f'id="key-{name}"' in somebody.get(NEW).text for name in said)
    missing = somebody.post(f"{NEW}/key", login=invented.LOGIN, **{**said, "key": ""})
    assert "Enter the key as the system shows it." in words(missing)
    assert somebody.post(f"{NEW}/key", login=invented.LOGIN, **said).status_code == 303
    asked = responses.calls[0].request
    assert {name: asked.headers[name] for name in sent} == sent
    assert ("api_key=k-1" in str(asked.url)) == (auth is invented.QUERY)
    assert hub.vault.token("rt-1").data == said
    assert somebody.post(RENEW, **said).status_code == 303
