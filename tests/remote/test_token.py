"""Renewing a token: however many ask, one does; and what is known when nobody can tell whether it worked."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest
from flask import Response, request

from hub.errors import Reconnect, Retry
from hub.remote.token import PATIENCE, Time, expiry, fresh
from hub.spec import Request, Token
from hub.store.credentials import LEASE
from tests import rigs, support
from tests.rigs import Rig
from tests.watching import Clock

ME = Request(path="/api/v2/users/me")
TOKENS = "/oauth/tokens"
NOW = support.at("2026-11-02T12:00:00Z")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A connection to a system whose refresh tokens work once."""
    with rigs.rig(tmp_path, "zendesk", people=8) as found:
        found.watch.reset()
        yield found


def expired(rig: Rig) -> None:
    """Here and there: the access token has ended."""
    rig.clock.skip(hours=1)


def renewing(rig: Rig) -> Callable[[], str]:
    """What a worker does that needs a token: the one it gets."""
    remote = rig.hub.remote(rig.connection)
    return lambda: str(remote.token(None).data["access_token"])


def asked_by(threads: int, each: Callable[[], str]) -> list[str]:
    """What so many threads get that begin at the same moment."""
    start, got = Barrier(threads), list[str]()

    def run() -> None:
        start.wait()
        got.append(each())

    running = [Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return got


def patient(rig: Rig) -> Rig:
    """Threads wait by the real clock: one that moves time for all would end the others' patience."""
    hub = replace(rig.hub, time=Time(now=rig.clock.now, wait=Event().wait))
    return replace(rig, hub=hub)


def test_eight_workers_with_an_expired_token_make_one_token_call(rig: Rig) -> None:
    expired(rig)
    got = asked_by(8, renewing(patient(rig)))
    assert len(got) == 8
    assert len(set(got)) == 1
    assert rig.watch.asked(TOKENS) == 1


def test_eight_workers_whose_token_was_refused_make_one_token_call(rig: Rig) -> None:
    rig.act("expire")
    remote = patient(rig).hub.remote(rig.connection)
    got = asked_by(8, lambda: str(remote.send(ME).status))
    assert got == ["200"] * 8
    assert rig.watch.asked(TOKENS) == 1


def test_a_token_that_holds_is_not_renewed(rig: Rig) -> None:
    renewing(rig)()
    rig.clock.skip(minutes=28)
    renewing(rig)()
    assert rig.watch.asked(TOKENS) == 0
    rig.clock.skip(minutes=1, seconds=5)
    renewing(rig)()
    assert rig.watch.asked(TOKENS) == 1


def test_a_worker_that_died_while_renewing_is_waited_for_and_then_replaced(rig: Rig) -> None:
    expired(rig)
    version = rig.hub.vault.token(rig.connection.id).version
    assert rig.hub.vault.seize(rig.connection.id, version, "dead", rig.clock.now())
    begun = rig.clock.now()
    rig.clock.skip(seconds=40)
    renewing(rig)()
    assert rig.clock.now() - begun > LEASE
    assert rig.watch.asked(TOKENS) == 1
    assert rig.hub.vault.token(rig.connection.id).version == version + 1


class Renewing:
    """A vault whose one token has ended and is being renewed by somebody, for ever."""

    def token(self, connection_id: str) -> Token:
        return Token(data={"access_token": connection_id}, version=1, expires_at=NOW)

    def seize(self, *_about: object) -> bool:
        return False

    def save(self, *_about: object) -> None:
        raise AssertionError("saved")

    def release(self, *_about: object) -> None:
        raise AssertionError("released")


def test_a_worker_does_not_wait_for_ever_for_another_one() -> None:
    clock = Clock()
    with pytest.raises(Retry, match="another worker"):
        fresh(Renewing(), "zendesk-1", dict, Time(now=clock.now, wait=clock.wait))
    assert sum(clock.waits) == pytest.approx(PATIENCE)
    assert timedelta(seconds=PATIENCE) < LEASE


def test_a_slow_worker_that_was_replaced_does_not_overwrite_the_newer_token(rig: Rig) -> None:
    vault, name = rig.hub.vault, rig.connection.id
    version = vault.token(name).version
    assert vault.seize(name, version, "slow", rig.clock.now())
    later = rig.clock.now() + LEASE + timedelta(seconds=1)
    assert vault.seize(name, version, "next", later)
    vault.save(name, "next", {"access_token": "new"}, None)
    vault.save(name, "slow", {"access_token": "old"}, None)
    vault.release(name, "slow")
    assert vault.token(name).data == {"access_token": "new"}
    assert vault.token(name).version == version + 1


def test_a_lease_is_taken_by_one_of_many(rig: Rig) -> None:
    version = rig.hub.vault.token(rig.connection.id).version
    names = iter("abcdefgh")
    got = asked_by(8, lambda: str(rig.hub.vault.seize(rig.connection.id, version, next(names), NOW)))
    assert sorted(got) == ["False"] * 7 + ["True"]


def test_a_grant_that_was_ended_there_asks_for_a_person(rig: Rig) -> None:
    assert rig.controls.server is not None
    rig.controls.server.revoke(str(rig.hub.vault.token(rig.connection.id).data["refresh_token"]))
    expired(rig)
    with pytest.raises(Reconnect, match="sign in again"):
        renewing(rig)()
    rig.drained()
    assert rig.rows("SELECT state FROM connection") == [("reconnect",)]
    assert rig.rows("SELECT lease_owner FROM credential") == [(None,)]


def lost_answers(rig: Rig, number: int) -> None:
    """The system renews, but so many of its answers never arrive whole."""
    left = [number]

    def spoilt(response: Response) -> Response:
        if request.path == TOKENS and left[0]:
            left[0] -= 1
            response.set_data(b"")
        return response

    rig.watch.spoilt = spoilt


def test_after_a_lost_answer_the_old_refresh_token_is_tried_once_more(rig: Rig) -> None:
    expired(rig)
    lost_answers(rig, 1)
    with pytest.raises(Retry, match="no token in the answer"):
        renewing(rig)()
    assert rig.rows("SELECT lease_owner FROM credential") == [(None,)]
    with pytest.raises(Reconnect):
        renewing(rig)()
    assert rig.watch.asked(TOKENS) == 2


def test_after_a_lost_answer_a_system_that_keeps_refresh_tokens_goes_on(tmp_path: Path) -> None:
    with rigs.rig(tmp_path, "hubspot", people=8) as rig:
        rig.watch.reset()
        expired(rig)
        left = ["oauth/2026-03/token"]

        def spoilt(response: Response) -> Response:
            if left and left[0] in request.path:
                left.clear()
                response.set_data(b"")
            return response

        rig.watch.spoilt = spoilt
        with pytest.raises(Retry):
            renewing(rig)()
        assert renewing(rig)()
        assert rig.watch.asked("oauth/2026-03/token") == 2


@pytest.mark.parametrize(
    "body",
    ["{}", '{"access_token": ""}', '{"access_token": null}', '{"access_token": 7}', "[]", '"token"', "<!doctype html>", "null"],
)
def test_a_token_reply_without_a_token_is_tried_again_and_the_old_one_kept(rig: Rig, body: str) -> None:
    expired(rig)
    before = rig.hub.vault.token(rig.connection.id)
    rig.watch.instead = lambda: Response(body, 200, mimetype="application/json") if request.path == TOKENS else None
    with pytest.raises(Retry, match="token"):
        renewing(rig)()
    assert rig.hub.vault.token(rig.connection.id) == before
    rig.watch.reset()
    assert renewing(rig)()


def test_a_token_endpoint_with_a_fault_of_its_own_is_tried_again(rig: Rig) -> None:
    expired(rig)
    rig.watch.instead = lambda: Response("<h1>Bad gateway</h1>", 502, mimetype="text/html") if request.path == TOKENS else None
    with pytest.raises(Retry):
        renewing(rig)()
    rig.watch.reset()
    assert renewing(rig)()


def test_an_error_in_an_answer_that_looks_like_success_is_believed(rig: Rig) -> None:
    expired(rig)
    rig.watch.instead = lambda: (
        Response('{"error": "invalid_grant"}', 200, mimetype="application/json") if request.path == TOKENS else None
    )
    with pytest.raises(Reconnect):
        renewing(rig)()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (1800, NOW + timedelta(minutes=30)),
        ("1800", NOW + timedelta(minutes=30)),
        (None, None),
        (0, None),
        (-5, None),
        ("soon", None),
        ([], None),
        (1e300, NOW + timedelta(days=3650)),
    ],
)
def test_when_a_token_ends(said: object, expected: object) -> None:
    assert expiry({"expires_in": said}, NOW) == expected


@pytest.mark.parametrize("said", [float("nan"), "nan", "NaN", "inf", "-inf"])
def test_a_lifetime_that_is_no_number_does_no_harm(said: object) -> None:
    assert expiry({"expires_in": said}, NOW) in (None, NOW + timedelta(days=3650))


def test_a_token_newer_than_the_refused_one_is_taken_as_it_is(rig: Rig) -> None:
    held = rig.hub.vault.token(rig.connection.id)

    def never(_held: object) -> dict[str, object]:
        raise AssertionError("renewed")

    assert fresh(rig.hub.vault, rig.connection.id, never, rig.hub.time, than=held.version - 1) == held


@pytest.mark.parametrize(
    ("status", "body"), [(401, '{"error": "invalid_client"}'), (400, '{"error": "invalid_client"}'), (401, "")]
)
def test_an_app_that_is_not_known_there_any_more_asks_for_its_credentials(rig: Rig, status: int, body: str) -> None:
    expired(rig)
    rig.watch.instead = lambda: Response(body, status, mimetype="application/json") if request.path == TOKENS else None
    with pytest.raises(Reconnect, match="the client ID or the client secret is wrong"):
        renewing(rig)()
    rig.drained()
    ((state, problem),) = rig.rows("SELECT state, problem FROM connection")
    assert (state, "the client ID or the client secret is wrong" in problem) == ("reconnect", True)


def test_a_grant_refused_with_401_is_no_wrong_app(rig: Rig) -> None:
    expired(rig)
    rig.watch.instead = lambda: (
        Response('{"error": "invalid_grant"}', 401, mimetype="application/json") if request.path == TOKENS else None
    )
    with pytest.raises(Reconnect, match="ended our access"):
        renewing(rig)()
