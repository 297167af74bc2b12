"""How Pega lets us in, by either API: by the client alone, or by somebody who signs in there and comes back with a code."""

from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import responses

from connectors import pega, pega_v1
from hub.remote import oauth
from hub.remote.endpoint import Endpoint
from hub.remote.token_endpoint import Client
from hub.spec import ClientCredentials, Connector, OAuth2
from hub.sync.hub import auth_of, authorization_origin

PRWEB = "https://acme.pega.example/prweb"
OAUTH = f"{PRWEB}/PRRestService/oauth2/v1"
US = Client(client_id="us", secret="our-secret", redirect_uri="https://hub.example/back")
BASIC = f"Basic {b64encode(b'us:our-secret').decode()}"
both = pytest.mark.parametrize("connector", [pega.CONNECTOR, pega_v1.CONNECTOR], ids=["v2", "v1"])


def endpoint(connector: Connector) -> Endpoint:
    return Endpoint(connector=connector, connection_id="pega-1", answers={"address": PRWEB})


def by_code(connector: Connector) -> OAuth2:
    found = auth_of(connector, OAuth2.kind)
    assert isinstance(found, OAuth2)
    return found


@both
@responses.activate
def test_a_code_is_asked_for_at_the_tenant_and_exchanged_with_the_proof_that_we_asked(connector: Connector) -> None:
    responses.post(f"{OAUTH}/token", json={"access_token": "a", "refresh_token": "r", "token_type": "bearer", "expires_in": 3600})
    auth, at = by_code(connector), endpoint(connector)
    grant = oauth.begin(at, auth, US)
    asked = {name: said for name, (said,) in parse_qs(urlsplit(grant.url).query).items()}
    assert grant.url.partition("?")[0] == f"{OAUTH}/authorize"
    assert authorization_origin(at, auth) == "https://acme.pega.example"
    reply = oauth.exchange(at, auth, US, "c0de", grant.verifier)
    request = responses.calls[0].request
    sent = dict(parse_qsl(str(request.body)))
    proof = urlsafe_b64encode(sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=").decode()
    assert asked == {
        "response_type": "code",
        "client_id": "us",
        "redirect_uri": US.redirect_uri,
        "scope": "openid",
        "state": grant.state,
        "code_challenge": proof,
        "code_challenge_method": "S256",
    }
    assert {name: sent[name] for name in ("grant_type", "code", "redirect_uri")} == {
        "grant_type": "authorization_code",
        "code": "c0de",
        "redirect_uri": US.redirect_uri,
    }
    assert (request.headers["Authorization"], "client_secret" in sent) == (BASIC, False)
    assert (reply["access_token"], reply["refresh_token"]) == ("a", "r")


@both
@responses.activate
def test_an_access_token_is_renewed_and_the_grant_is_ended_there(connector: Connector) -> None:
    responses.post(f"{OAUTH}/token", json={"access_token": "b", "token_type": "bearer", "expires_in": 3600})
    responses.post(f"{OAUTH}/revoke", body="")
    auth, at = by_code(connector), endpoint(connector)
    renewed = oauth.renewed(at, auth, US, {"access_token": "a", "refresh_token": "r"})
    assert (renewed["access_token"], renewed["refresh_token"]) == ("b", "r")
    oauth.revoke(at, auth, US, renewed)
    renewal, ended = (dict(parse_qsl(str(call.request.body))) for call in responses.calls)
    assert (renewal["grant_type"], renewal["refresh_token"]) == ("refresh_token", "r")
    assert (ended["token"], ended["token_type_hint"]) == ("r", "refresh_token")
    assert [call.request.url for call in responses.calls] == [f"{OAUTH}/token", f"{OAUTH}/revoke"]
    assert [call.request.headers["Authorization"] for call in responses.calls] == [BASIC, BASIC]


@both
@responses.activate
def test_client_credentials_give_a_token_at_the_tenant_itself(connector: Connector) -> None:
    responses.post(f"{OAUTH}/token", json={"access_token": "a", "token_type": "bearer", "expires_in": 3600})
    auth = auth_of(connector, ClientCredentials.kind)
    assert isinstance(auth, ClientCredentials)
    reply = oauth.granted(endpoint(connector), auth, {"client_id": "us", "client_secret": "our-secret"})
    assert dict(parse_qsl(str(responses.calls[0].request.body)))["grant_type"] == "client_credentials"
    assert reply["access_token"] == "a"


@both
def test_it_is_said_what_an_admin_prepares_for_each_way(connector: Connector) -> None:
    client, code = auth_of(connector, ClientCredentials.kind), auth_of(connector, OAuth2.kind)
    assert "the grant Client credentials" in client.preparation
    assert "the grant Authorization code" in code.preparation
    assert "callback address" in code.preparation
    assert all("PegaRULES:PegaAPI" in way.preparation for way in connector.auth)
