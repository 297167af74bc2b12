"""The ledger of work: what is claimed is claimed once, and whoever has lost it writes nothing more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from hub.errors import LostLease
from hub.store import work
from hub.store.work import ENQUEUE_AGAIN, LEASE, Work
from hub.sync.hub import Hub

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def added(hub: Hub, kind: str = "derive", key: str = "", at: datetime = NOW) -> int:
    with hub.database.writing() as tx:
        return work.add(tx, kind, at, key=key)


def claimed(hub: Hub, work_id: int, owner: str = "a", at: datetime = NOW) -> Work | None:
    with hub.database.writing() as tx:
        return work.claim(tx, work_id, owner, at)


def taken(hub: Hub, work_id: int, owner: str = "a", at: datetime = NOW) -> Work:
    found = claimed(hub, work_id, owner, at)
    assert found is not None
    return found


def enqueued(hub: Hub, at: datetime) -> list[tuple[int, str]]:
    with hub.database.writing() as tx:
        return list(work.to_enqueue(tx, at))


def row(hub: Hub, work_id: int) -> tuple[str, str | None, bool, int] | None:
    """State, owner, again and failures of a row; None where there is none."""
    query = text("SELECT state, lease_owner, again, failures FROM work WHERE id = :id")
    with hub.database.reading() as tx:
        found = tx.execute(query, {"id": work_id}).one_or_none()
    return None if found is None else (found[0], found[1], bool(found[2]), found[3])


def test_work_is_claimed_once(hub: Hub) -> None:
    work_id = added(hub)
    first = taken(hub, work_id, "a")
    assert (first.kind, first.attempt) == ("derive", 1)
    assert claimed(hub, work_id, "b") is None
    assert row(hub, work_id) == ("running", "a", False, 0)


def test_of_many_threads_that_race_for_work_one_gets_it(hub: Hub) -> None:
    ids = [added(hub, key=f"s{number}") for number in range(20)]
    start, winners = Barrier(8), list[tuple[int, str]]()

    def race(owner: str) -> None:
        start.wait()
        for work_id in ids:
            if claimed(hub, work_id, owner):
                winners.append((work_id, owner))

    together([partial(race, owner) for owner in "abcdefgh"])
    assert sorted(work_id for work_id, _ in winners) == ids


def together(each: list[Callable[[], None]]) -> None:
    """All at once, each in a thread of its own."""
    threads = [Thread(target=one) for one in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_work_that_is_not_due_yet_is_not_claimed(hub: Hub) -> None:
    work_id = added(hub, at=NOW + timedelta(minutes=1))
    assert claimed(hub, work_id) is None
    assert claimed(hub, work_id, at=NOW + timedelta(minutes=1)) is not None


def test_an_expired_lease_is_taken_over_and_a_living_one_is_not(hub: Hub) -> None:
    work_id = added(hub)
    taken(hub, work_id, "a")
    assert claimed(hub, work_id, "b", NOW + LEASE) is None
    second = taken(hub, work_id, "b", NOW + LEASE + SECOND)
    assert second.attempt == 2
    assert row(hub, work_id) == ("running", "b", False, 0)


def test_a_renewed_lease_lasts_longer(hub: Hub) -> None:
    work_id = added(hub)
    mine = taken(hub, work_id, "a")
    with hub.database.writing() as tx:
        work.hold(tx, mine, NOW + timedelta(seconds=15))
    assert claimed(hub, work_id, "b", NOW + timedelta(seconds=34)) is None
    assert claimed(hub, work_id, "b", NOW + timedelta(seconds=36)) is not None


@pytest.fixture
def overtaken(hub: Hub) -> Work:
    """Work whose first owner was thought dead and has been overtaken by another one."""
    work_id = added(hub)
    first = taken(hub, work_id, "a")
    taken(hub, work_id, "b", NOW + LEASE + SECOND)
    return first


def test_the_old_owner_cannot_hold(hub: Hub, overtaken: Work) -> None:
    with pytest.raises(LostLease), hub.database.writing() as tx:
        work.hold(tx, overtaken, NOW + LEASE + SECOND)
    assert row(hub, overtaken.id) == ("running", "b", False, 0)


def test_the_old_owner_cannot_end_the_work(hub: Hub, overtaken: Work) -> None:
    with pytest.raises(LostLease), hub.database.writing() as tx:
        work.done(tx, overtaken, NOW + LEASE + SECOND)
    assert row(hub, overtaken.id) == ("running", "b", False, 0)


def test_the_old_owner_cannot_end_work_that_was_asked_for_again(hub: Hub, overtaken: Work) -> None:
    added(hub)
    with pytest.raises(LostLease), hub.database.writing() as tx:
        work.done(tx, overtaken, NOW + LEASE + SECOND)
    assert row(hub, overtaken.id) == ("running", "b", True, 0)


def test_the_old_owner_cannot_put_the_work_back(hub: Hub, overtaken: Work) -> None:
    with hub.database.writing() as tx:
        work.later(tx, overtaken, NOW, error="too late")
    assert row(hub, overtaken.id) == ("running", "b", False, 0)


def test_what_the_old_owner_wrote_in_the_same_transaction_is_not_kept(hub: Hub, overtaken: Work) -> None:
    def written() -> None:
        with hub.database.writing() as tx:
            work.add(tx, "derive", NOW, key="of a zombie")
            work.hold(tx, overtaken, NOW + LEASE + SECOND)

    with pytest.raises(LostLease):
        written()
    with hub.database.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM work")).scalar_one() == 1


def test_work_that_is_done_is_gone(hub: Hub) -> None:
    mine = taken(hub, added(hub))
    with hub.database.writing() as tx:
        assert work.done(tx, mine, NOW) is False
    assert row(hub, mine.id) is None


def test_work_that_is_asked_for_while_it_runs_is_done_once_more(hub: Hub) -> None:
    mine = taken(hub, added(hub))
    assert added(hub) == mine.id
    assert row(hub, mine.id) == ("running", "a", True, 0)
    with hub.database.writing() as tx:
        assert work.done(tx, mine, NOW) is True
    assert row(hub, mine.id) == ("pending", None, False, 0)
    assert taken(hub, mine.id).attempt == 2


def test_work_that_waits_is_brought_forward_when_it_is_asked_for(hub: Hub) -> None:
    work_id = added(hub, at=NOW + timedelta(hours=1))
    assert added(hub) == work_id
    assert claimed(hub, work_id) is not None


def test_put_back_work_waits_until_it_is_due_and_counts_its_failures(hub: Hub) -> None:
    mine = taken(hub, added(hub))
    with hub.database.writing() as tx:
        work.later(tx, mine, NOW + timedelta(minutes=1), error="the system is away")
    assert row(hub, mine.id) == ("pending", None, False, 1)
    assert enqueued(hub, NOW + timedelta(seconds=59)) == []
    assert enqueued(hub, NOW + timedelta(seconds=60)) == [(mine.id, "derive")]
    second = taken(hub, mine.id, at=NOW + timedelta(seconds=60))
    assert second.attempt == 2
    with hub.database.writing() as tx:
        work.later(tx, second, NOW, error="still away")
    assert row(hub, mine.id) == ("pending", None, False, 2)


def test_work_that_is_put_back_without_an_error_has_not_failed(hub: Hub) -> None:
    mine = taken(hub, added(hub))
    with hub.database.writing() as tx:
        work.later(tx, mine, NOW)
    assert row(hub, mine.id) == ("pending", None, False, 0)


def test_work_that_was_brought_on_fails_for_the_first_time_again(hub: Hub) -> None:
    mine = taken(hub, added(hub))
    with hub.database.writing() as tx:
        work.later(tx, mine, NOW, error="away")
    again = taken(hub, mine.id)
    with hub.database.writing() as tx:
        assert work.failures(tx, again) == 1
        work.advance(tx, again, NOW)
        assert work.failures(tx, again) == 0
        work.later(tx, again, NOW, error="away")
        assert work.failures(tx, again) == 1


def test_the_old_owner_cannot_bring_the_work_on(hub: Hub, overtaken: Work) -> None:
    with pytest.raises(LostLease), hub.database.writing() as tx:
        work.advance(tx, overtaken, NOW + LEASE + SECOND)


def test_what_was_enqueued_is_given_again_after_fifteen_seconds_where_nobody_claimed_it(hub: Hub) -> None:
    work_id = added(hub)
    assert enqueued(hub, NOW) == [(work_id, "derive")]
    assert timedelta(seconds=15) == ENQUEUE_AGAIN
    assert enqueued(hub, NOW + timedelta(seconds=15)) == []
    assert enqueued(hub, NOW + timedelta(seconds=16)) == [(work_id, "derive")]
    assert enqueued(hub, NOW + timedelta(seconds=17)) == []


def test_what_a_dead_worker_left_is_enqueued_when_its_lease_has_ended(hub: Hub) -> None:
    work_id = added(hub)
    enqueued(hub, NOW)
    taken(hub, work_id)
    assert enqueued(hub, NOW + LEASE) == []
    assert enqueued(hub, NOW + LEASE + SECOND) == [(work_id, "derive")]


def test_the_longest_due_work_is_enqueued_first_and_no_more_than_asked_for(hub: Hub) -> None:
    late, early = added(hub, key="late"), added(hub, key="early", at=NOW - SECOND)
    with hub.database.writing() as tx:
        assert list(work.to_enqueue(tx, NOW, 1)) == [(early, "derive")]
    assert enqueued(hub, NOW) == [(late, "derive")]


def test_one_process_is_elected_until_its_lease_ends(hub: Hub) -> None:
    def elected(owner: str, at: datetime) -> bool:
        with hub.database.writing() as tx:
            return work.elected(tx, "clock", owner, at)

    assert elected("a", NOW)
    assert not elected("b", NOW + LEASE)
    assert elected("a", NOW + LEASE)
    assert not elected("b", NOW + LEASE + LEASE)
    assert elected("b", NOW + LEASE + LEASE + SECOND)
    assert not elected("a", NOW + LEASE + LEASE + SECOND)


def test_of_many_processes_that_race_for_a_lease_one_is_elected(hub: Hub) -> None:
    start, winners = Barrier(8), list[str]()

    def race(owner: str) -> None:
        start.wait()
        with hub.database.writing() as tx:
            if work.elected(tx, "clock", owner, NOW):
                winners.append(owner)

    together([partial(race, owner) for owner in "abcdefgh"])
    assert len(winners) == 1


def test_dropped_work_cannot_be_held_any_more(hub: Hub) -> None:
    with hub.database.writing() as tx:
        work_id = work.add(tx, "sync", NOW, connection_id="zendesk-1", key="users")
    mine = taken(hub, work_id)
    with hub.database.writing() as tx:
        work.drop(tx, "zendesk-1")
    with pytest.raises(LostLease), hub.database.writing() as tx:
        work.hold(tx, mine, NOW)


def test_an_owner_is_known_by_its_claim_and_not_by_the_work(hub: Hub) -> None:
    mine = taken(hub, added(hub))
    with pytest.raises(LostLease), hub.database.writing() as tx:
        work.hold(tx, replace(mine, owner="b"), NOW)
