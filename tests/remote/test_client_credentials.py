"""A client's own credentials give a token whenever one is needed: one worker asks, and a person is called where they fail."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Response, request

from hub.errors import BadInput, HubError, Reconnect, Retry, StopStream
from hub.spec import Request
from hub.spec.auth import ClientAuth
from hub.store.connections import Connection
from hub.sync.entered import reauthorise_with, with_credentials
from hub.sync.hub import SANDBOX
from tests import invented, rigs
from tests.remote.test_token import asked_by, patient, renewing
from tests.rigs import Rig

ME = Request(path="/me")
TOKENS = "/v2/token"
ENTERED = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    invented.take_its_place(monkeypatch, invented.invented(invented.CLIENT, **invented.PLACED))
    with rigs.rig(tmp_path, invented.ID, people=8) as found:
        found.watch.reset()
        yield found


def connected(rig: Rig, **answers: str) -> Connection:
    """Connect the same account anew."""
    said = {"login": invented.LOGIN, **answers}
    return with_credentials(rig.hub, invented.ID, "client", ENTERED, answers=said, label="", environment=SANDBOX)


def answering(rig: Rig, status: int, body: str) -> None:
    """What the token endpoint says instead."""
    said = Response(body, status, mimetype="application/json")
    rig.watch.instead = lambda: said if request.path == TOKENS else None


def refused(kind: type[HubError], rig: Rig) -> str:
    with pytest.raises(kind) as caught:
        renewing(rig)()
    assert type(caught.value) is kind
    assert ENTERED["client_secret"] not in str(caught.value)
    return str(caught.value)


def test_the_account_is_read_at_the_place_that_the_token_told(rig: Rig) -> None:
    held = rig.hub.vault.token(rig.connection.id)
    assert (rig.connection.auth, rig.connection.account, rig.connection.account_name) == ("client", "7", "Acme")
    assert {name: held.data[name] for name in (*ENTERED, "api_url")} == ENTERED | {"api_url": invented.TOLD}
    assert held.expires_at is not None
    assert rig.hub.remote(rig.connection).send(ME).body == {"id": 7, "name": "Acme"}
    assert [call.path for call in rig.watch.calls] == ["/me"]


def test_eight_workers_with_an_expired_token_ask_for_one(rig: Rig) -> None:
    rig.clock.skip(minutes=18)
    got = asked_by(8, renewing(patient(rig)))
    assert (len(got), len(set(got)), rig.watch.asked(TOKENS)) == (8, 1, 1)


def test_eight_workers_whose_token_was_refused_ask_for_one(rig: Rig) -> None:
    rig.act("expire")
    remote = patient(rig).hub.remote(rig.connection)
    assert asked_by(8, lambda: str(remote.send(ME).status)) == ["200"] * 8
    assert rig.watch.asked(TOKENS) == 1


def test_a_token_that_is_refused_though_it_is_new_calls_a_person(rig: Rig) -> None:
    rig.watch.instead = lambda: Response("{}", 401, mimetype="application/json") if request.path == "/me" else None
    with pytest.raises(Reconnect, match="our credentials are not accepted"):
        rig.hub.remote(rig.connection).send(ME)
    assert (rig.watch.asked(TOKENS), rig.watch.asked("/me")) == (1, 2)


def test_a_renewal_that_leaves_out_where_the_api_is_changes_nothing_there(rig: Rig) -> None:
    rig.clock.skip(minutes=18)
    answering(rig, 200, '{"access_token": "newer", "expires_in": 1079, "client_secret": "theirs"}')
    assert renewing(rig)() == "newer"
    data = rig.hub.vault.token(rig.connection.id).data
    assert {name: data[name] for name in ("access_token", "api_url", *ENTERED)} == {
        "access_token": "newer",
        "api_url": invented.TOLD,
        **ENTERED,
    }


def test_a_renewal_that_names_another_place_is_gone_after_within_the_systems_domains_only(rig: Rig) -> None:
    rig.clock.skip(minutes=18)
    answering(rig, 200, '{"access_token": "newer", "api_url": "https://elsewhere.example"}')
    with pytest.raises(StopStream, match="does not name a host of Acme"):
        rig.hub.remote(rig.connection).send(ME)
    assert rig.watch.asked("/me") == 0


@pytest.mark.parametrize(
    ("status", "body"), [(401, '{"error": "invalid_client"}'), (400, '{"error": "invalid_client"}'), (401, "")]
)
def test_a_client_that_is_not_known_any_more_calls_a_person_until_it_is_entered_anew(rig: Rig, status: int, body: str) -> None:
    rig.clock.skip(minutes=18)
    answering(rig, status, body)
    assert refused(Reconnect, rig) == ("rt-1: the client ID or the client secret is wrong, or no longer valid; enter them anew")
    rig.drained()
    ((state, problem, owner),) = rig.rows("SELECT state, problem, lease_owner FROM connection, credential")
    assert (state, "enter them anew" in problem, owner) == ("reconnect", True, None)
    rig.watch.reset()
    made = reauthorise_with(rig.hub, rig.connection.id, ENTERED)
    assert (made.id, made.state, made.problem) == (rig.connection.id, "connected", None)


def test_a_client_that_may_not_do_this_is_told_so(rig: Rig) -> None:
    rig.clock.skip(minutes=18)
    answering(rig, 400, '{"error": "unauthorized_client"}')
    assert "check there that it is enabled" in refused(Reconnect, rig)


@pytest.mark.parametrize("body", ["{}", "[]", "null", "<!doctype html>", '{"access_token": 7}'])
def test_an_answer_without_a_token_is_asked_for_again(rig: Rig, body: str) -> None:
    rig.clock.skip(minutes=18)
    answering(rig, 200, body)
    refused(Retry, rig)


@pytest.mark.parametrize("body", ['{"error": "invalid_client"}', '{"error": "invalid_scope"}'])
def test_a_client_that_is_refused_while_connecting_leaves_nothing_behind(rig: Rig, body: str) -> None:
    answering(rig, 400, body)
    with pytest.raises(BadInput) as caught:
        connected(rig)
    assert caught.value.where == "client_secret"
    assert len(rig.rows("SELECT id FROM connection")) == 1


@pytest.mark.parametrize(("given", "where"), [({"client_id": "us"}, "client_secret"), ({"client_secret": "x"}, "client_id")])
def test_both_must_be_entered(rig: Rig, given: dict[str, str], where: str) -> None:
    with pytest.raises(BadInput, match=f"enter the {where.replace('_', ' ')} as the system shows it") as caught:
        reauthorise_with(rig.hub, rig.connection.id, given)
    assert caught.value.where == where
    assert rig.watch.calls == []


@pytest.mark.parametrize("way", ["json", "post", "basic"])
def test_what_a_token_endpoint_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: ClientAuth) -> None:
    auth = replace(invented.CLIENT, client_auth=way)
    invented.take_its_place(monkeypatch, invented.invented(auth, **invented.PLACED))
    asked = {"grant_type": "client_credentials", "scope": "read list"}
    client = ENTERED if way != "basic" else {}
    seen: list[object] = []

    def noticed() -> None:
        if request.path == TOKENS:
            signed = request.authorization
            seen.append((request.mimetype, request.get_json(silent=True) or request.form.to_dict(), signed and signed.password))

    with rigs.rig(tmp_path, invented.ID, people=8) as rig:
        rig.watch.instead = noticed
        reauthorise_with(rig.hub, rig.connection.id, ENTERED)
        with pytest.raises(BadInput, match=r"already connected as Acme \(rt-1\); enter the new client secret there instead"):
            connected(rig, unit="515")
    mimetype = "application/json" if way == "json" else "application/x-www-form-urlencoded"
    password = "sandbox-secret" if way == "basic" else None
    assert seen == [(mimetype, asked | client, password), (mimetype, asked | client | {"account_id": "515"}, password)]
