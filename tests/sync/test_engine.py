"""Reading a stream: who has lost the work writes nothing, long runs give way, and nothing is called gone too soon."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Response, request

from hub.errors import BadInput
from hub.sandbox.standins import standin
from hub.store import connections, work
from hub.sync import connect, decide, worker
from hub.sync.lease import leased
from hub.sync.worker import backoff
from tests import rigs
from tests.rigs import Rig
from tests.states import state

CUSTOMERS = "/customers/"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A shop with several pages of each list; nothing is read yet."""
    with rigs.rig(tmp_path, "pretix", people=400) as found:
        yield found


def overtake(rig: Rig) -> None:
    """All that runs is another worker's from now on."""
    rig.set("UPDATE work SET lease_owner = 'another' WHERE state = 'running'")


def customers(rig: Rig) -> list[tuple[object, ...]]:
    return rig.rows("SELECT source_id FROM source WHERE stream = 'customers'")


def at_page(rig: Rig, number: int, happens: Callable[[], object]) -> None:
    """Have something happen while a page of customers is under way."""
    asked: list[str] = []

    def before() -> Response | None:
        if CUSTOMERS in request.path:
            asked.append(request.path)
            answer = happens() if len(asked) == number else None
            return answer if isinstance(answer, Response) else None
        return None

    rig.watch.instead = before


def test_a_worker_that_was_overtaken_writes_nothing_more(rig: Rig) -> None:
    at_page(rig, 2, partial(overtake, rig))
    rig.drained()
    assert len(customers(rig)) == 50
    assert rig.rows("SELECT pages, state FROM run WHERE stream = 'customers'") == [(1, "running")]
    assert rig.rows("SELECT lease_owner, failures FROM work") == [("another", 0)]


def test_what_an_overtaken_worker_found_out_is_not_believed(rig: Rig) -> None:
    """A person has signed in again meanwhile: the refusal that the dead worker saw is over."""

    def refused() -> Response:
        overtake(rig)
        return Response("{}", 403, mimetype="application/json")

    at_page(rig, 2, refused)
    rig.drained()
    assert rig.rows("SELECT state, error FROM run WHERE stream = 'customers'") == [("running", None)]


def test_a_refused_key_that_an_overtaken_worker_saw_does_not_end_the_connection(tmp_path: Path) -> None:
    with rigs.rig(tmp_path, "rt", people=30) as rig:

        def refused() -> Response | None:
            if not request.path.endswith("/members"):
                return None
            overtake(rig)
            return Response("{}", 401, mimetype="application/json")

        rig.watch.instead = refused
        rig.drained()
        assert rig.rows("SELECT state, problem FROM connection") == [("connected", None)]
        assert rig.rows("SELECT lease_owner FROM work WHERE kind = 'sync'") == [("another",)]


def test_a_paused_connection_is_read_no_further_and_goes_on_where_it_was(rig: Rig, tmp_path: Path) -> None:
    whole = rig.beside(tmp_path / "whole")
    whole.drained()
    at_page(rig, 2, partial(connect.pause, rig.hub, rig.connection.id))
    rig.drained()
    assert len(customers(rig)) == 50
    rig.clock.skip(days=1)
    assert rig.drained() == 0
    rig.watch.reset()
    connect.resume(rig.hub, rig.connection.id)
    rig.clock.skip(seconds=20)
    rig.drained()
    assert rig.watch.asked(CUSTOMERS) == 2
    assert state(rig.hub) == state(whole.hub)
    whole.hub.database.close()


def test_a_long_run_gives_way_after_each_slice_and_goes_on_from_its_checkpoint(rig: Rig, tmp_path: Path) -> None:
    whole = rig.beside(tmp_path / "whole")
    whole.drained()

    def slow(response: Response) -> Response:
        rig.clock.skip(seconds=121)
        return response

    rig.watch.spoilt = slow
    slices = rig.drained()
    assert slices > rig.one("SELECT sum(pages) FROM run")
    assert state(rig.hub) == state(whole.hub)
    assert {how for (how,) in rig.rows("SELECT state FROM run")} == {"complete"}
    whole.hub.database.close()


def listed(rig: Rig, *, kept: int, count: int | None) -> None:
    """From now on the shop lists so many of its customers, and says that there are `count`."""

    def shortened(response: Response) -> Response:
        if CUSTOMERS in request.path:
            body = json.loads(response.get_data())
            shown = {"results": body["results"][:kept], "next": None, "count": body["count"] if count is None else count}
            response.set_data(json.dumps({**body, **shown}))
        return response

    rig.watch.spoilt = shortened


def contacts(rig: Rig) -> int:
    return rig.counts()["contact"]


def test_a_few_that_are_seen_no_more_are_gone(tmp_path: Path) -> None:
    with rigs.rig(tmp_path, "pretix", people=60) as rig:
        rig.drained()
        before = contacts(rig)
        listed(rig, kept=before - 5, count=before - 5)
        rig.synced(hours=1)
        assert contacts(rig) == before - 5
        rig.watch.reset()
        rig.synced(hours=1)
        assert contacts(rig) == before


def test_suspiciously_many_that_are_seen_no_more_wait_for_a_person(rig: Rig) -> None:
    rig.drained()
    before = contacts(rig)
    listed(rig, kept=40, count=40)
    rig.synced(hours=1)
    assert contacts(rig) == before
    assert rig.one("SELECT missing FROM stream WHERE name = 'customers'") == before - 40
    rig.watch.reset()
    rig.synced(hours=1)
    assert contacts(rig) == before
    assert rig.one("SELECT missing FROM stream WHERE name = 'customers'") is None


def test_what_a_person_confirmed_as_deleted_is_gone_when_it_is_still_missing(rig: Rig) -> None:
    rig.drained()
    before = contacts(rig)
    listed(rig, kept=40, count=40)
    rig.synced(hours=1)
    decide.gone(rig.hub, rig.connection.id, "customers")
    rig.drained()
    assert contacts(rig) == 40
    assert rig.rows("SELECT missing, confirmed FROM stream WHERE name = 'customers'") == [(None, None)]
    rig.watch.reset()
    rig.synced(hours=1)
    assert contacts(rig) == before


def test_more_than_a_person_confirmed_waits_again(rig: Rig) -> None:
    rig.drained()
    before = contacts(rig)
    listed(rig, kept=40, count=40)
    rig.synced(hours=1)
    listed(rig, kept=30, count=30)
    decide.gone(rig.hub, rig.connection.id, "customers")
    rig.drained()
    assert contacts(rig) == before
    assert rig.one("SELECT missing FROM stream WHERE name = 'customers'") == before - 30


def test_nothing_is_confirmed_where_nothing_is_missing(rig: Rig) -> None:
    rig.drained()
    with pytest.raises(BadInput, match="misses nothing"):
        decide.gone(rig.hub, rig.connection.id, "customers")


def test_a_list_that_brings_fewer_than_it_says_takes_nothing_away(tmp_path: Path) -> None:
    with rigs.rig(tmp_path, "pretix", people=60) as rig:
        rig.drained()
        before = contacts(rig)
        listed(rig, kept=before - 5, count=None)
        rig.synced(hours=1)
        assert contacts(rig) == before
        assert rig.rows("SELECT certified FROM run WHERE stream = 'customers' ORDER BY id DESC LIMIT 1") == [(0,)]


def test_a_run_that_did_not_reach_its_end_takes_nothing_away(rig: Rig) -> None:
    rig.drained()
    before = contacts(rig)
    at_page(rig, 2, lambda: Response("{}", 403, mimetype="application/json"))
    rig.synced(hours=1)
    assert rig.rows("SELECT state FROM run WHERE stream = 'customers' ORDER BY id DESC LIMIT 1") == [("stopped",)]
    assert contacts(rig) == before == standin("pretix").truth(rig.world)["contact"]


def test_a_fault_of_our_own_stands_on_the_work_and_is_tried_again(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    rig.drained()
    with rig.hub.database.writing() as tx:
        work.add(tx, "sync", rig.clock.now(), connection_id=rig.connection.id, key="a stream of an older release")
    rig.drained()
    assert rig.rows("SELECT error, failures FROM work")[0][0].startswith("an internal fault (KeyError)")
    assert "job failed" in caplog.text
    rig.synced(minutes=6)
    assert rig.one("SELECT failures FROM work") == 2


class Ended(Exception):
    """What a queue raises in a job that takes too long."""


def test_a_job_that_is_ended_from_outside_leaves_its_lease_to_run_out(rig: Rig) -> None:
    work_id = rig.one("SELECT id FROM work WHERE key = 'customers'")
    moments = iter([rig.clock.now()])

    def now() -> datetime:
        for moment in moments:
            return moment
        raise Ended

    with pytest.raises(Ended):
        worker.perform(replace(rig.hub, time=replace(rig.hub.time, now=now)), work_id, ends=(Ended,))
    assert rig.rows("SELECT state, failures, error FROM work WHERE key = 'customers'") == [("running", 0, None)]
    rig.clock.skip(seconds=21)
    rig.drained()
    assert contacts(rig) == standin("pretix").truth(rig.world)["contact"]


def test_a_worker_learns_while_it_waits_that_its_work_was_taken_over(rig: Rig) -> None:
    with rig.hub.database.writing() as tx:
        claimed = work.claim(tx, work.add(tx, "derive", rig.clock.now()), "me", rig.clock.now())
    assert claimed is not None
    with leased(rig.hub, claimed) as lease:
        overtake(rig)
        assert lease.lost.wait(15)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 2), (1, 4), (2, 8), (5, 64), (10, 2048), (11, 3600), (12, 3600), (500, 3600), (10**9, 3600)]
)
def test_the_wait_doubles_up_to_an_hour(failures: int, seconds: int) -> None:
    assert backoff(failures) == timedelta(seconds=seconds)


def test_a_disconnected_connection_is_read_no_more_and_keeps_its_data(rig: Rig) -> None:
    rig.drained()
    before = rig.counts()
    connect.disconnect(rig.hub, rig.connection.id, keep_data=True)
    rig.watch.calls.clear()
    rig.clock.skip(days=2)
    rig.drained()
    assert rig.watch.calls == []
    assert rig.counts() == before
    with rig.hub.database.reading() as tx:
        assert connections.get(tx, rig.connection.id).state == "disconnected"
