"""Whatever a system answers: the run says what is wrong, nothing is lost, and in the end all is there."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Response, request
from msgspec import structs
from sqlalchemy import select

from hub import registry
from hub.sandbox.standins import standin
from hub.spec import Next, Record, Reply, Request
from hub.store import tables as t
from tests import rigs
from tests.rigs import Rig
from tests.states import state

CUSTOMERS, ORDERS = "/customers/", "/orders/"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A shop with several pages of each list; nothing is read yet."""
    with rigs.rig(tmp_path, "pretix", people=400) as found:
        yield found


def truth(rig: Rig) -> dict[str, int]:
    return {kind: number for kind, number in standin(rig.system).truth(rig.world).items() if number}


def runs(rig: Rig) -> dict[str, tuple[str, str | None]]:
    """How the newest run of each stream stands, and what is wrong with it."""
    return {stream: (how, error) for stream, how, error in rig.rows("SELECT stream, state, error FROM run ORDER BY id")}


def answering(part: str, *answers: Callable[[], Response]) -> Callable[[], Response | None]:
    """Answers in place of the system's own, one after the other, to requests of that path."""
    left = list(answers)
    return lambda: left.pop(0)() if left and part in request.path else None


def page(status: int, body: str = "<h1>We will be back soon</h1>", **headers: str) -> Callable[[], Response]:
    written = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: Response(body, status, written, mimetype="text/html")


@pytest.mark.parametrize(("system", "every"), [("bottlecrm", 3), ("hubspot", 5), ("pretix", 3), ("rt", 20), ("zendesk", 3)])
@pytest.mark.parametrize("fault", ["html_every", "truncate_every", "drop_every", "error_every"])
def test_a_system_that_spoils_many_of_its_answers_is_read_whole(system: str, every: int, fault: str, tmp_path: Path) -> None:
    """A page is read anew as a whole, so as many calls as it takes must go well in a row: in Request Tracker one a person."""
    with rigs.rig(tmp_path, system, people=30) as rig:
        rig.act("faults", **{fault: every})
        rig.persisted()
        assert rig.counts() == truth(rig)
        assert {how for how, _ in runs(rig).values()} == {"complete"}
        assert {error for _, error in runs(rig).values()} == {None}
        assert rig.rows("SELECT state, problem FROM connection") == [("connected", None)]


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (page(200), "not JSON"),
        (page(200, '{"count": 3, "results": [{"ide'), "not JSON"),
        (page(200, ""), "not JSON"),
        (page(200, '{"error": "maintenance"}'), "no 'results'"),
        (page(200, '{"results": null}'), "no 'results'"),
        (page(500), "(500)"),
        (page(502), "(502)"),
        (page(408), "(408)"),
    ],
)
def test_a_spoilt_page_is_told_on_its_run_and_read_again(rig: Rig, spoilt: Callable[[], Response], said: str) -> None:
    rig.watch.instead = answering(CUSTOMERS, spoilt)
    rig.drained()
    how, error = runs(rig)["customers"]
    assert how == "running"
    assert said in str(error)
    assert runs(rig)["orders"] == ("complete", None)
    assert rig.rows("SELECT failures FROM work") == [(1,)]
    rig.clock.skip(seconds=2)
    rig.drained()
    assert runs(rig)["customers"] == ("complete", None)
    assert rig.counts() == truth(rig)


def test_a_page_that_fails_three_times_and_then_works_loses_nothing(rig: Rig, tmp_path: Path) -> None:
    whole = rig.beside(tmp_path / "whole")
    whole.drained()
    seen: list[str] = []

    def third() -> Response | None:
        seen.append(request.path)
        return page(500)() if CUSTOMERS in request.path and 2 <= seen.count(request.path) <= 4 else None

    rig.watch.instead = third
    for wait in (2, 4, 8):
        rig.drained()
        assert runs(rig)["customers"][0] == "running"
        rig.clock.skip(seconds=wait - 1)
        assert rig.drained() == 0
        rig.clock.skip(seconds=1)
    rig.drained()
    assert runs(rig)["customers"] == ("complete", None)
    assert rig.one("SELECT pages FROM run WHERE stream = 'customers'") == 3
    assert seen.count(f"/api/v1/organizers/{whole.connection.answers['organizer']}/customers/") == 6
    assert state(rig.hub) == state(whole.hub)
    whole.hub.database.close()


def test_a_failure_after_a_good_page_waits_as_the_first_one_does(rig: Rig) -> None:
    """Many small faults in a long run must not add up to a wait of an hour."""
    good = iter([False, False, True, False, False, True, True])

    def faults() -> Response | None:
        return None if ORDERS not in request.path or next(good, True) else page(500)()

    rig.watch.instead = faults
    waits = []
    for _ in range(4):
        rig.drained()
        before = rig.clock.ahead
        due = rig.one("SELECT not_before FROM work")
        rig.clock.skip(seconds=(datetime.fromisoformat(due).replace(tzinfo=UTC) - rig.clock.now()).total_seconds())
        waits.append(round(rig.clock.ahead - before))
    rig.drained()
    assert waits == [2, 4, 2, 4]
    assert rig.counts() == truth(rig)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("said", "wait"), [("99999999", 3600), ("120", 120), ("-5", 1), ("0", 1)])
def test_a_wait_that_is_asked_for_is_kept_within_an_hour(rig: Rig, status: int, said: str, wait: int) -> None:
    rig.watch.instead = answering(CUSTOMERS, page(status, Retry_After=said))
    rig.drained()
    with rig.hub.database.reading() as tx:
        due = tx.execute(select(t.work.c.not_before)).scalar_one()
    assert due == rig.clock.now() + timedelta(seconds=wait)
    assert rig.clock.waits == []
    rig.clock.skip(seconds=wait)
    rig.drained()
    assert rig.counts() == truth(rig)


def test_a_list_that_must_be_prepared_is_read_when_it_is_ready(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """First a job is made, then nobody waits for it; what the later requests need to know is kept and never sent."""
    real = registry.connector(rig.system)
    listed = real.stream("customers")
    asked: list[str] = []

    def start(since: datetime | None) -> Request:
        return structs.replace(listed.start(since), kept={"step": "made", "looks": 0})

    def following(call: Request, reply: Reply) -> Next | None:
        if "step" not in call.kept:
            return listed.following(call, reply)
        looks = call.kept["looks"] + 1
        kept = {**call.kept, "looks": looks} if looks < 3 else {}
        return Next(request=structs.replace(call, kept=kept), not_before=timedelta(seconds=30))

    def records(reply: Reply) -> list[Record] | None:
        asked.append(reply.body["count"])
        return reply.body["results"] if len(asked) > 3 else []

    prepared = replace(listed, start=start, following=following, records=records)
    streams = tuple(prepared if each.name == "customers" else each for each in real.streams)
    monkeypatch.setattr(registry, "connector", lambda _id: replace(real, streams=streams))
    sent: list[str] = []
    rig.watch.instead = lambda: sent.append(request.url)
    for looks in (1, 2, 3):
        rig.drained()
        assert len(asked) == looks
        assert runs(rig)["customers"] == ("running", None)
        rig.clock.skip(seconds=29)
        assert rig.drained() == 0
        rig.clock.skip(seconds=2)
    rig.drained()
    assert rig.counts() == truth(rig)
    assert runs(rig)["customers"] == ("complete", None)
    assert rig.clock.waits == []
    assert not [url for url in sent if "looks" in url or "made" in url]


def test_a_list_that_leads_in_a_circle_is_stopped_and_the_others_go_on(rig: Rig) -> None:
    def circle(response: Response) -> Response:
        if CUSTOMERS in request.path:
            body = json.loads(response.get_data())
            response.set_data(json.dumps({**body, "next": request.url}))
        return response

    rig.watch.spoilt = circle
    rig.drained()
    how, error = runs(rig)["customers"]
    assert how == "stopped"
    assert "same cursor twice" in str(error)
    assert runs(rig)["orders"] == ("complete", None)
    rig.watch.reset()
    rig.clock.skip(minutes=14)
    rig.drained()
    assert runs(rig)["customers"][0] == "stopped"
    rig.clock.skip(minutes=2)
    rig.drained()
    assert runs(rig)["customers"] == ("complete", None)
    assert rig.counts() == truth(rig)


@pytest.mark.parametrize("system", ["hubspot", "zendesk"])
def test_a_cursor_that_is_repeated_never_reads_for_ever(system: str, tmp_path: Path) -> None:
    with rigs.rig(tmp_path, system, people=400) as rig:
        rig.act("faults", repeat_cursor=True)
        rig.drained()
        assert all(how == "complete" or "same cursor twice" in str(error) for how, error in runs(rig).values())
        assert len(rig.watch.calls) < 200
        rig.act("faults", repeat_cursor=False)
        rig.synced(minutes=16)
        assert rig.counts() == truth(rig)


def test_a_next_link_to_another_host_stops_the_stream_and_says_where_it_led(rig: Rig) -> None:
    def elsewhere(response: Response) -> Response:
        if CUSTOMERS in request.path:
            body = json.loads(response.get_data())
            response.set_data(json.dumps({**body, "next": "https://elsewhere.example/api/v1/customers/?page=2"}))
        return response

    rig.watch.spoilt = elsewhere
    rig.drained()
    how, error = runs(rig)["customers"]
    assert how == "stopped"
    assert "elsewhere.example" in str(error)
    assert "Settings" in str(error)
    assert runs(rig)["orders"] == ("complete", None)


def test_a_refused_stream_is_tried_again_after_a_while_and_the_others_go_on(rig: Rig) -> None:
    rig.watch.instead = answering(CUSTOMERS, page(403))
    rig.drained()
    assert runs(rig)["customers"][0] == "stopped"
    assert runs(rig)["orders"] == ("complete", None)
    assert rig.rows("SELECT state FROM connection") == [("connected",)]
    rig.clock.skip(minutes=16)
    rig.drained()
    assert rig.counts() == truth(rig)


def test_a_refused_reference_does_not_keep_the_streams_waiting(tmp_path: Path) -> None:
    with rigs.rig(tmp_path, "bottlecrm", people=30) as rig:
        rig.watch.instead = answering("/pipelines/", page(404))
        rig.drained()
        assert runs(rig)["pipelines"][0] == "stopped"
        assert runs(rig)["contacts"] == ("complete", None)
        rig.clock.skip(minutes=16)
        rig.drained()
        assert rig.counts() == truth(rig)


def test_a_token_reply_without_fields_is_told_and_tried_again(rig: Rig) -> None:
    rig.clock.skip(days=2)
    rig.watch.instead = answering("/oauth/token", page(200, "{}"))
    rig.drained()
    assert any("no access_token" in str(error) for (error,) in rig.rows("SELECT error FROM work"))
    assert rig.rows("SELECT state FROM connection") == [("connected",)]
    rig.persisted()
    assert rig.counts() == truth(rig)
