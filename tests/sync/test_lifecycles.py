"""Where customers stand, in a whole hub: lists and single answers agree, counts add up, and one change touches its own alone."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from hub.store import candidates, customers, staged
from hub.store.records import Filter, Page
from hub.sync import decide, lifecycles, organisation, plan, push
from hub.sync.hub import Hub
from hub.sync.lifecycles import When
from hub.sync.rebuild import rebuild
from tests import support
from tests.states import state
from tests.sync import lives

STAGES = ("reach", "acquisition", "conversion", "retention", "loyalty", "churned")
PEOPLE = 14


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    """Some lives, counted by person."""
    found = support.made(tmp_path, DATABASE_URL=database_url)
    count_by(found, "person")
    told(found, lives.lives(7, PEOPLE))
    yield found
    found.database.close()


def count_by(hub: Hub, unit: str) -> None:
    organisation.change(hub, {"lifecycle": {"unit_of_analysis": unit}}, by="test")
    support.drained(hub)


def told(hub: Hub, calls: list[list[dict[str, Any]]]) -> str:
    connection = push.create(hub, "Till").id
    for call in calls:
        assert {found.outcome for found in push.accept(hub, connection, call).outcomes} <= {"written", "stale"}
    support.drained(hub)
    return connection


def everyone(hub: Hub) -> list[str]:
    with hub.database.reading() as tx:
        return list(tx.execute(text("SELECT id FROM customer ORDER BY id")).scalars())


def _moments(hub: Hub, unit: str) -> int:
    """How many moments are asked about: fifty, and fewer where the same code is asked once more."""
    return 50 if hub.database.sqlite and unit == "person" else 20


@pytest.mark.parametrize("unit", ["person", "company"])
def test_lists_and_single_answers_agree_at_random_moments(hub: Hub, unit: str) -> None:
    count_by(hub, unit)
    ids = everyone(hub)
    found = Counter[str]()
    for as_of, known_at in lives.moments(11, _moments(hub, unit)):
        when = When(as_of=as_of, known_at=known_at)
        with hub.database.reading() as tx:
            single = {each: lifecycles.ask(tx, each, when).standing.stage for each in ids}
            for stage in STAGES:
                listed = [each.id for each in lifecycles.in_stage(tx, stage, when, Filter(), Page(limit=500))]
                assert listed == [each for each in ids if single[each] == stage], (stage, when)
        found.update(stage for stage in single.values() if stage)
    assert set(found) == set(STAGES)


def test_a_list_by_stage_comes_in_pages_that_leave_nobody_out(hub: Hub) -> None:
    when = When(as_of=lives.END)
    with hub.database.reading() as tx:
        whole = [each.id for each in lifecycles.in_stage(tx, "churned", when, Filter(), Page(limit=500))]
        paged: list[str] = []
        while some := lifecycles.in_stage(tx, "churned", when, Filter(), Page(limit=2, after=paged[-1] if paged else None)):
            paged += [each.id for each in some]
    assert len(whole) > 3
    assert paged == whole


def test_the_counts_by_stage_add_up_to_the_customers(hub: Hub) -> None:
    with hub.database.reading() as tx:
        for as_of, _ in lives.moments(13, 10):
            counted = staged.counts(tx, as_of, ("person",))
            assert sum(counted.values()) == PEOPLE
        assert staged.counts(tx, lives.BEGIN, ("company",)) == {"none": 4}


def test_built_again_from_the_raw_versions_it_is_the_same(hub: Hub) -> None:
    before = state(hub) | {"known": known(hub)}
    rebuild(hub)
    assert state(hub) | {"known": known(hub)} == before


def known(hub: Hub) -> list[tuple[Any, ...]]:
    """Since when, and until when, every version of every fact was known."""
    with hub.database.reading() as tx:
        rows = tx.execute(text("SELECT id, recorded_at, retracted_at FROM fact ORDER BY id, recorded_at"))
        return [tuple(row) for row in rows]


def test_in_any_order_of_arrival_the_same_is_known_in_the_end(database_url: str, tmp_path: Path) -> None:
    """What is known now: since when it was known tells of the order."""
    calls = lives.lives(5, 8)
    ends = []
    for number, order in enumerate((calls, calls[::-1])):
        (tmp_path / str(number)).mkdir()
        found = support.made(tmp_path / str(number), DATABASE_URL=database_url if number else f"sqlite:///{tmp_path}/0.db")
        told(found, order)
        with found.database.reading() as tx:
            rows = tx.execute(text("SELECT id, type, occurred_at, attrs FROM fact WHERE retracted_at IS NULL ORDER BY id")).all()
            stages = tx.execute(
                text("SELECT customer_id, number, stage, entered_at, exited_at FROM interval ORDER BY 1, 2")
            ).all()
        ends.append([[tuple(map(str, row)) for row in each] for each in (rows, stages)])
        found.database.close()
    assert [[row[:2] for row in each] for each in ends[0]] == [[row[:2] for row in each] for each in ends[1]]


def test_one_record_more_reads_and_writes_only_its_own(hub: Hub) -> None:
    """Counted: the customers that are derived, and the records of others that are read for it."""
    ids = everyone(hub)
    connection = "push-1"
    seen: list[Any] = []

    def executed(_tx: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> None:
        if statement.startswith(("INSERT INTO customer", "INSERT INTO interval", "DELETE FROM interval")):
            seen.append(parameters)

    event.listen(hub.database.engine, "before_cursor_execute", executed)
    order = {"status": "paid", "paid_at": "2025-12-01T00:00:00Z", "contact_ids": ["p3"], "total": {"amount": "5"}}
    push.accept(hub, connection, [{"type": "order", "id": "new", "changed_at": "2025-12-01T00:00:00Z", "data": order}])
    support.drained(hub)
    event.remove(hub.database.engine, "before_cursor_execute", executed)
    touched = {each for each in ids if each in repr(seen)}
    with hub.database.reading() as tx:
        mine = {
            row[0]
            for row in tx.execute(
                text("SELECT customer_id FROM link JOIN record ON record.id = record_id WHERE source_id = 'p3'")
            )
        }
        company = {customers.employer(tx, each) for each in mine} - {None}
    assert touched == mine | company


def test_a_merge_that_is_undone_leaves_everything_as_it_was(hub: Hub) -> None:
    connection = push.create(hub, "Desk").id
    phone = {"phones": [{"number": "+5511912345678"}]}
    twins = [
        {"type": "contact", "id": key, "changed_at": "2025-01-01T00:00:00Z", "data": {"full_name": "Ana Souza", **phone}}
        for key in ("1", "2")
    ]
    push.accept(hub, connection, twins)
    support.drained(hub)
    before = state(hub)
    with hub.database.reading() as tx:
        (asked,) = candidates.queue(tx)
    decide.same(hub, asked.id, "user:1")
    support.drained(hub)
    with hub.database.reading() as tx:
        assert candidates.count(tx) == 0
        (merged,) = {each for each in (asked.first_id, asked.second_id) if customers.kind(tx, each)}
    decide.unmerge(hub, merged, "user:1")
    support.drained(hub)
    assert state(hub) == before


def test_what_came_through_a_connection_goes_with_it_and_those_beside_it_stand_alone(hub: Hub) -> None:
    before = state(hub)
    phone = {"phones": [{"number": "+5511912345678"}]}
    mine = [
        {"type": "contact", "id": "p0", "changed_at": "2025-01-01T00:00:00Z", "data": {"full_name": "Other", **phone}},
        {
            "type": "lead",
            "id": "p0",
            "changed_at": "2025-01-01T00:00:00Z",
            "data": {"contact_id": "p0", "captured_at": "2025-01-01"},
        },
    ]
    connection = push.create(hub, "Desk").id
    push.accept(hub, connection, mine)
    support.drained(hub)
    assert state(hub) != before
    with hub.database.writing() as tx:
        plan.forget(tx, connection, hub.time.now())
    support.drained(hub)
    assert state(hub) == before


def test_several_workers_absorbing_at_once_end_where_one_does(database_url: str, tmp_path: Path) -> None:
    calls = lives.lives(3, 12)
    for name in ("alone", "many"):
        (tmp_path / name).mkdir()
    alone = support.made(tmp_path / "alone")
    told(alone, calls)
    many = support.made(tmp_path / "many", DATABASE_URL=database_url)
    connection = push.create(many, "Till").id
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda call: push.accept(many, connection, call), calls))
    support.drained(many)
    assert stands(many) == stands(alone)
    alone.database.close()
    many.database.close()


def stands(hub: Hub) -> dict[str, Any]:
    when = When(as_of=lives.END)
    with hub.database.reading() as tx:
        answers = {each: lifecycles.ask(tx, each, when).standing for each in everyone(hub)}
    return {each: (answer.stage, answer.since, answer.cycle, answer.status) for each, answer in answers.items()}
