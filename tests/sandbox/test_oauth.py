"""The authorization server that all stand-ins share."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from rich.console import Console

from hub.demo import signing
from hub.sandbox.consent import basic, token_view
from hub.sandbox.oauth import AuthorizationServer, Grant, Refused, Rules, Unauthorized, challenge_of
from hub.spec import Auth
from tests import invented, rigs, standins, watching

CLIENT = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
BACK = "https://hub.example/callback"


class Time:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


def server(time: Time, *, rotates: bool = False, ends_earlier: bool = False) -> AuthorizationServer:
    rules = Rules(access_seconds=1800, refresh_seconds=86_400, rotates=rotates, ends_earlier=ends_earlier)
    return AuthorizationServer(rules, time)


def code(of: AuthorizationServer, challenge: str | None = None) -> str:
    return of.code(client="sandbox-client", redirect_uri=BACK, scopes=("read",), challenge=challenge)


def exchanged(of: AuthorizationServer, given: str, **more: str) -> Grant:
    return of.token({"grant_type": "authorization_code", "code": given, "redirect_uri": BACK, **CLIENT, **more})


def refreshed(of: AuthorizationServer, grant: Grant) -> Grant:
    return of.token({"grant_type": "refresh_token", "refresh_token": grant.refresh, **CLIENT})


def refusal(of: AuthorizationServer, **fields: str) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        of.token(fields)
    return refused.value.code, refused.value.about


def test_a_code_works_once(time: Time) -> None:
    of = server(time)
    given = code(of)
    assert of.standing(exchanged(of, given).access).scopes == ("read",)
    assert refusal(of, grant_type="authorization_code", code=given, redirect_uri=BACK, **CLIENT) == ("invalid_grant", "code")


def test_a_code_is_for_one_address_and_a_short_time(time: Time) -> None:
    of = server(time)
    elsewhere = {"grant_type": "authorization_code", "redirect_uri": BACK + "?x=1", **CLIENT}
    assert refusal(of, code=code(of), **elsewhere) == ("invalid_grant", "redirect_uri")
    late = code(of)
    time.now += 120
    assert refusal(of, grant_type="authorization_code", code=late, redirect_uri=BACK, **CLIENT) == ("invalid_grant", "code")


def test_a_challenge_is_checked_as_the_specification_says(time: Time) -> None:
    # RFC 7636, appendix B.
    verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert challenge_of(verifier) == challenge
    of = server(time)
    given = {"grant_type": "authorization_code", "redirect_uri": BACK, **CLIENT}
    assert refusal(of, code=code(of, challenge), **given) == ("invalid_grant", "verifier")
    assert refusal(of, code=code(of, challenge), code_verifier="guess", **given) == ("invalid_grant", "verifier")
    assert exchanged(of, code(of, challenge), code_verifier=verifier).scopes == ("read",)


def test_clients_are_known_by_id_and_secret_in_either_place(time: Time) -> None:
    of = server(time)
    fields = {"grant_type": "authorization_code", "redirect_uri": BACK}
    assert refusal(of, code=code(of), client_id="sandbox-client", client_secret="no", **fields)[0] == "invalid_client"
    of.clients["hub"] = "key"
    own = of.code(client="hub", redirect_uri=BACK, scopes=(), challenge=None)
    assert refusal(of, code=own, **CLIENT, **fields) == ("invalid_grant", "code")
    own = of.code(client="hub", redirect_uri=BACK, scopes=(), challenge=None)
    assert of.token({"code": own, **fields}, basic=("hub", "key")).client == "hub"


def test_an_access_token_expires(time: Time) -> None:
    of = server(time)
    grant = exchanged(of, code(of))
    time.now += 1799
    assert of.standing(grant.access) == grant
    time.now += 6
    with pytest.raises(Unauthorized) as late:
        of.standing(grant.access)
    assert late.value.expired_for == 5


def test_without_rotation_the_refresh_token_stays_and_earlier_access_too(time: Time) -> None:
    of = server(time)
    first = exchanged(of, code(of))
    second = refreshed(of, first)
    assert (second.refresh == first.refresh, second.access == first.access) == (True, False)
    assert of.standing(first.access) == first
    assert refreshed(of, first).scopes == ("read",)


def test_with_rotation_the_old_pair_is_dead(time: Time) -> None:
    of = server(time, rotates=True, ends_earlier=True)
    first = exchanged(of, code(of))
    second = refreshed(of, first)
    with pytest.raises(Unauthorized):
        of.standing(first.access)
    with pytest.raises(Refused):
        refreshed(of, first)
    assert of.standing(second.access) == second


def test_without_rotation_a_refresh_may_still_end_earlier_access(time: Time) -> None:
    of = server(time, ends_earlier=True)
    first = exchanged(of, code(of))
    refreshed(of, first)
    with pytest.raises(Unauthorized) as ended:
        of.standing(first.access)
    assert ended.value.expired_for is None


def test_a_refresh_token_expires_and_ends_when_revoked(time: Time) -> None:
    of = server(time, rotates=True)
    late, revoked = exchanged(of, code(of)), exchanged(of, code(of))
    assert of.revoke(revoked.refresh)
    with pytest.raises(Refused):
        refreshed(of, revoked)
    with pytest.raises(Unauthorized):
        of.standing(revoked.access)
    time.now += 86_400
    with pytest.raises(Refused):
        refreshed(of, late)


def test_all_access_tokens_can_be_made_to_expire(time: Time) -> None:
    of = server(time)
    grant = exchanged(of, code(of))
    assert of.expire() == 1
    with pytest.raises(Unauthorized) as late:
        of.standing(grant.access)
    assert late.value.expired_for == 1
    assert of.standing(refreshed(of, grant).access).scopes == ("read",)


def test_client_credentials_give_a_token_without_a_refresh_token_where_the_system_has_them(time: Time) -> None:
    asked = {"grant_type": "client_credentials", "scope": "read list", **CLIENT}
    assert refusal(server(time), **asked) == ("unsupported_grant_type", "grant_type")
    of = AuthorizationServer(Rules(access_seconds=1079, grants=("client_credentials",)), time)
    grant = of.token(asked)
    assert (grant.refresh, of.standing(grant.access).scopes, of.refresh_known("")) == ("", ("read", "list"), None)
    assert refusal(of, **{**asked, "client_secret": "no"})[0] == "invalid_client"
    assert refusal(of, grant_type="refresh_token", refresh_token="", **CLIENT)[0] == "unsupported_grant_type"
    time.now += 1080
    with pytest.raises(Unauthorized):
        of.standing(grant.access)


def test_tokens_that_last_for_ever_do_not_expire(time: Time) -> None:
    of = AuthorizationServer(Rules(access_seconds=None), time)
    grant = exchanged(of, code(of))
    assert of.expire() == 0
    assert of.standing(grant.access) == grant


@pytest.mark.parametrize("sent", ["form", "json", "basic"])
def test_a_token_view_answers_as_the_specification_says_with_what_is_told_besides(time: Time, sent: str) -> None:
    of = AuthorizationServer(Rules(access_seconds=1079, grants=("client_credentials",)), time)
    app = Flask("acme")
    told = {"api_url": "https://acme.api.example.com/", "expires_in": None}
    app.add_url_rule("/token", view_func=token_view(of, lambda _grant: told), methods=["POST"])
    asked = {"grant_type": "client_credentials", "scope": "read"}
    ways: dict[str, dict[str, Any]] = {
        "form": {"data": asked | CLIENT},
        "json": {"json": asked | CLIENT},
        "basic": {"data": asked, "auth": tuple(CLIENT.values())},
    }
    said: Any = app.test_client().post("/token", **ways[sent]).get_json()
    assert said == {
        "access_token": said["access_token"],
        "token_type": "Bearer",
        "scope": "read",
        "api_url": "https://acme.api.example.com/",
    }
    assert of.standing(said["access_token"]).client == "sandbox-client"
    refused = app.test_client().post("/token", data=asked | {"client_id": "sandbox-client"})
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")
    assert app.test_client().post("/token", data={"grant_type": "password", **CLIENT}).status_code == 400


def test_a_user_name_and_a_key_come_as_one() -> None:
    app = Flask("acme")
    with app.test_request_context("/", auth=("ada@example.com", "k:1")):
        assert basic() == "ada@example.com:k:1"
    with app.test_request_context("/", headers={"Authorization": "Bearer x"}):
        assert basic() is None


@pytest.mark.parametrize(
    ("auth", "placed"),
    [(invented.CLIENT, invented.PLACED), (invented.SIGN_IN, invented.PLACED), (invented.BASIC, invented.FIXED)],
)
def test_a_stand_in_is_connected_to_by_whatever_lets_one_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, auth: Auth, placed: dict[str, Any]
) -> None:
    invented.take_its_place(monkeypatch, invented.invented(auth, **placed))
    monkeypatch.setattr(signing, "standin", lambda _name: invented.STANDIN)
    with rigs.rig(tmp_path, invented.ID, people=8) as rig:
        assert (rig.connection.auth, rig.connection.account_name) == (auth.kind, "Acme")
        assert signing.sign_in(rig.hub, [invented.ID], Console(quiet=True)) == [rig.connection.id]


def test_a_stand_in_takes_its_key_in_the_query_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    invented.take_its_place(monkeypatch, invented.invented(invented.QUERY, **invented.FIXED))
    keyed = replace(invented.STANDIN, key="k-1")
    for each in (standins, watching):
        monkeypatch.setattr(each, "standin", lambda _name: keyed)
    with rigs.rig(tmp_path, invented.ID, people=8) as rig:
        assert (rig.connection.auth, rig.connection.account_name) == ("key", "Acme")
