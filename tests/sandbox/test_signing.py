"""Where a client of a stand-in signs in, ends a grant, and is let in: below one path, before anything is answered."""

from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.sandbox.answers import Failure, json_app
from hub.sandbox.gate import guard, has_token
from hub.sandbox.limits import Window
from hub.sandbox.oauth import Rules
from hub.sandbox.signing import sign_in
from hub.sandbox.standin import Controls, controls

US = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
BACK = "https://hub.example/back"


@pytest.fixture
def held() -> Controls:
    return controls(lambda: 1_795_000_000)


@pytest.fixture
def app(held: Controls) -> Flask:
    made = json_app("signing")
    server = sign_in(
        made, "/oauth", held, Rules(access_seconds=60), system="Acme", account="Acme 1", told=lambda _grant: {"scope": None}
    )
    guard(
        made,
        "/api",
        held,
        Window(2, 60),
        known=partial(has_token, server),
        refused=lambda status, **headers: Failure(status, {"said": status}, **headers),
    )
    made.add_url_rule("/api/here", "here", lambda: "in")
    made.add_url_rule("/elsewhere", "elsewhere", lambda: "open")
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def token(client: FlaskClient) -> dict[str, str]:
    """What somebody who pressed Allow has let us have."""
    asked = {"client_id": US["client_id"], "redirect_uri": BACK, "response_type": "code"}
    assert b"Acme 1" in client.get("/oauth/authorize", query_string=asked).data
    sent_back = client.post("/oauth/authorize", data={**asked, "decision": "allow"}).headers["Location"]
    (code,) = parse_qs(urlsplit(sent_back).query)["code"]
    said = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **US}
    given = client.post("/oauth/token", data=said).get_json()
    assert set(given) == {"access_token", "refresh_token", "token_type", "expires_in"}
    return dict(given)


def bearing(given: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {given['access_token']}"}


def test_who_has_a_token_is_let_in_and_nobody_else(client: FlaskClient) -> None:
    assert client.get("/api/here", headers=bearing(token(client))).data == b"in"
    assert (client.get("/api/here").status_code, client.get("/api/here").get_json()) == (401, {"said": 401})
    assert client.get("/api/here", headers={"Authorization": "Bearer guessed"}).status_code == 401


def test_below_other_paths_nobody_is_asked(client: FlaskClient) -> None:
    assert client.get("/elsewhere").data == b"open"


def test_whoever_is_known_may_ask_so_often_and_is_told_when_again(client: FlaskClient, held: Controls) -> None:
    held.faults.retry_after = "7"
    headers = bearing(token(client))
    assert [client.get("/api/here", headers=headers).status_code for _ in range(2)] == [200, 200]
    refused = client.get("/api/here", headers=headers)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "7")
    assert client.get("/api/here").status_code == 401


def test_a_token_that_expired_opens_nothing(client: FlaskClient, held: Controls) -> None:
    headers = bearing(token(client))
    assert held.server is not None
    held.server.expire()
    assert client.get("/api/here", headers=headers).status_code == 401


@pytest.mark.parametrize("by", ["header", "form"])
def test_a_client_ends_its_grant_and_is_told_nothing_of_other_tokens(client: FlaskClient, by: str) -> None:
    given = token(client)
    auth, said = ((US["client_id"], US["client_secret"]), {}) if by == "header" else (None, US)
    assert client.post("/oauth/revoke", data={"token": "guessed", **said}, auth=auth).status_code == 200
    assert client.get("/api/here", headers=bearing(given)).status_code == 200
    assert client.post("/oauth/revoke", data={"token": given["refresh_token"], **said}, auth=auth).status_code == 200
    assert client.get("/api/here", headers=bearing(given)).status_code == 401


@pytest.mark.parametrize("said", [{}, {"client_id": "sandbox-client"}, {"client_id": "x", "client_secret": "sandbox-secret"}])
def test_nobody_else_ends_a_grant(client: FlaskClient, said: dict[str, str]) -> None:
    given = token(client)
    refused = client.post("/oauth/revoke", data={"token": given["refresh_token"], **said})
    assert (refused.status_code, refused.get_json()) == (401, {"error": "invalid_client"})
    assert client.get("/api/here", headers=bearing(given)).status_code == 200
