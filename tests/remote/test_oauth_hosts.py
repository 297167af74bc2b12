"""Signing in at a host that the admin named: pinned to it, guarded like every address, with the proof that PKCE wants."""

from base64 import urlsafe_b64encode
from dataclasses import replace
from hashlib import sha256
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import responses

from hub.errors import HubError, Reconnect, StopStream
from hub.remote import oauth
from hub.remote.endpoint import Endpoint
from hub.remote.token_endpoint import Client
from hub.spec import OAuth2
from hub.sync.hub import authorization_origin
from tests import invented

US = Client(client_id="us", secret="our-secret", redirect_uri="https://hub.example/back")


def at(host: str, auth: OAuth2 = invented.SIGN_IN) -> Endpoint:
    connector = invented.invented(auth, **invented.PLACED)
    return Endpoint(connector=connector, connection_id="rt-1", answers={"login": host})


@responses.activate
def test_the_code_flow_runs_at_the_host_that_was_named() -> None:
    host = "acme--uat.my.example.com"
    responses.post(f"https://{host}/v2/token", json={"access_token": "a", "refresh_token": "r", "api_url": invented.TOLD})
    endpoint = at(host)
    grant = oauth.begin(endpoint, invented.SIGN_IN, US)
    asked = parse_qs(urlsplit(grant.url).query)
    assert grant.url.startswith(f"https://{host}/authorize?")
    assert authorization_origin(endpoint, invented.SIGN_IN) == f"https://{host}"
    reply = oauth.exchange(endpoint, invented.SIGN_IN, US, "c0de", grant.verifier)
    sent = dict(parse_qsl(str(responses.calls[0].request.body)))
    proof = urlsafe_b64encode(sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=").decode()
    assert (asked["code_challenge"], asked["code_challenge_method"]) == ([proof], ["S256"])
    assert "expires_in" not in reply
    renewed = oauth.renewed(replace(endpoint, told=reply), invented.SIGN_IN, US, reply)
    assert (renewed["refresh_token"], renewed["api_url"]) == ("r", invented.TOLD)


@responses.activate
def test_a_renewal_keeps_what_the_first_reply_told_of_the_place() -> None:
    responses.post(f"https://{invented.LOGIN}/v2/token", json={"access_token": "b"})
    held = {"access_token": "a", "refresh_token": "r", "api_url": invented.TOLD, "scope": "read"}
    renewed = oauth.renewed(at(invented.LOGIN), invented.SIGN_IN, US, held)
    assert renewed == {"access_token": "b", "refresh_token": "r", "api_url": invented.TOLD}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]"])
def test_a_token_endpoint_within_is_refused_before_a_byte_is_sent(host: str) -> None:
    with pytest.raises(StopStream, match="not allowed"):
        oauth.exchange(at(host), invented.SIGN_IN, US, "c0de", None)
    with pytest.raises(StopStream, match="not allowed"):
        oauth.granted(at(host), invented.CLIENT, {"client_id": "us", "client_secret": "s"})


@pytest.mark.parametrize("url", ["https://elsewhere.example/v2/token", "http://{login}/v2/token", "https://{login}:8443/token"])
def test_a_token_endpoint_that_is_no_host_of_the_connection_gets_nothing(url: str) -> None:
    with pytest.raises(StopStream, match="not a host of this connection"):
        oauth.exchange(at(invented.LOGIN), replace(invented.SIGN_IN, token_url=url), US, "c0de", None)


@responses.activate
@pytest.mark.parametrize(("answer", "kind"), [({"error": "invalid_grant"}, Reconnect), ({"error": "invalid_client"}, Reconnect)])
def test_a_refusal_names_no_secret(answer: dict[str, str], kind: type[HubError]) -> None:
    responses.post(f"https://{invented.LOGIN}/v2/token", json=answer, status=400)
    with pytest.raises(kind) as caught:
        oauth.renewed(at(invented.LOGIN), invented.SIGN_IN, US, {"refresh_token": "r-very-secret"})
    assert not any(secret in str(caught.value) for secret in (US.secret, "r-very-secret"))
