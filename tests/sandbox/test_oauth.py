"""The authorization server that all stand-ins share."""

import pytest

from hub.sandbox.oauth import AuthorizationServer, Grant, Refused, Rules, Unauthorized, challenge_of

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
