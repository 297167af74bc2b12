"""Signing in to Gainsight by OAuth beside the access key, at its stand-in and at the wire."""

from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Response, request

from connectors.gainsight import CONNECTOR
from hub.errors import BadInput
from hub.sandbox.standins import standin
from hub.sandbox.world import World
from hub.spec import ClientCredentials
from hub.store import connections
from hub.sync.connect import answered
from hub.sync.entered import with_credentials
from hub.sync.hub import SANDBOX
from tests.rigs import Rig
from tests.watching import watched

TOKENS, QUERY = "/v1/users/m2m/oauth/token", "/v1/data/objects/query/gsuser"
ADDRESS = {"address": "https://ciclo.gainsightcloud.com"}
ENTERED = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
UNAUTHORIZED = '{"result": false, "errorCode": "GS_APIG_2401", "errorDesc": "Unauthorized", "data": null}'


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    world = World(60, seed=7)
    with watched(tmp_path, "gainsight", world) as (hub, origin, watch, clock):
        made = with_credentials(hub, "gainsight", "client", ENTERED, answers=ADDRESS, label="", environment=SANDBOX)
        yield Rig(hub=hub, origin=origin, world=world, watch=watch, clock=clock, connection=made)


def test_a_token_is_asked_for_as_basic_and_opens_every_call(rig: Rig) -> None:
    (first, *_) = rig.watch.calls
    assert (first.method, first.path) == ("POST", TOKENS)
    rig.drained()
    assert rig.counts() == standin("gainsight").truth(rig.world)
    assert rig.watch.asked(TOKENS) == 1
    assert rig.connection.auth == "client"


def test_the_id_and_secret_go_into_the_header_and_the_token_into_that_of_calls(rig: Rig) -> None:
    seen: list[tuple[str, str | None, str | None, str]] = []

    def look() -> Response | None:
        about = request.headers
        seen.append((request.path, about.get("Authorization"), about.get("AccessKey"), request.get_data(as_text=True)))
        return None

    rig.watch.instead = look
    rig.clock.skip(hours=25)
    rig.hub.remote(rig.connection).send(CONNECTOR.account.request)
    (path, basic, key, body), (asked, bearer, keyed, _) = seen
    assert (path, key, body) == (TOKENS, None, "grant_type=client_credentials")
    assert basic is not None
    assert b64decode(basic.removeprefix("Basic ")) == b"sandbox-client:sandbox-secret"
    assert (asked, keyed) == (QUERY, None)
    assert bearer is not None
    assert bearer.startswith("Bearer ")


def test_a_token_that_gainsight_refuses_is_renewed_once(rig: Rig) -> None:
    refused = [Response(UNAUTHORIZED, 401, mimetype="application/json")]
    rig.watch.reset()
    rig.watch.instead = lambda: refused.pop() if refused and request.path == QUERY else None
    body = rig.hub.remote(rig.connection).send(CONNECTOR.account.request).body
    assert CONNECTOR.account.id(body) == rig.connection.account
    assert (rig.watch.asked(TOKENS), rig.watch.asked(QUERY)) == (1, 2)


def test_a_secret_that_is_no_longer_good_asks_for_a_person(rig: Rig) -> None:
    wrong = Response('{"error": "invalid_client"}', 401, mimetype="application/json")
    rig.watch.instead = lambda: wrong if request.path == TOKENS else None
    rig.clock.skip(hours=25)
    rig.drained()
    with rig.hub.database.reading() as tx:
        found = connections.get(tx, rig.connection.id)
    assert found.state == "reconnect"
    assert ENTERED["client_secret"] not in str(found.problem)


def test_what_is_not_let_in_is_not_kept(tmp_path: Path) -> None:
    wrong = ENTERED | {"client_secret": "wrong"}
    with watched(tmp_path, "gainsight", World(8, seed=7)) as (hub, _, _, _), pytest.raises(BadInput, match="secret is wrong"):
        with_credentials(hub, "gainsight", "client", wrong, answers=ADDRESS, label="", environment=SANDBOX)


def test_tokens_come_from_the_tenants_own_host_at_the_documented_path_or_the_one_that_is_answered() -> None:
    _, auth = CONNECTOR.auth
    assert isinstance(auth, ClientCredentials)
    assert (auth.token_url, auth.client_auth, CONNECTOR.hosts) == ("{address}{token_path}", "basic", ())
    assert answered(CONNECTOR, ADDRESS)["token_path"] == TOKENS
    assert answered(CONNECTOR, ADDRESS | {"token_path": "/v1/users/oauth/token"})["token_path"] == "/v1/users/oauth/token"


@pytest.mark.parametrize(
    "path", ["@evil.example/token", "https://evil.example/token", "//evil.example", "/a/../b", "/a?b=c", "v1"]
)
def test_a_path_that_could_lead_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(BadInput) as caught:
        answered(CONNECTOR, ADDRESS | {"token_path": path})
    assert caught.value.where == "token_path"
