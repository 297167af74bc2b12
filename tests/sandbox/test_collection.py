"""Records that change on top of a world, and the searches over them."""

from collections.abc import Callable

import pytest

from hub.sandbox.chance import ENDS, milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import Condition
from hub.sandbox.rows import Change, Clock, Row, Source
from hub.sandbox.search import Search
from hub.sandbox.world import FIRST_ID, World

FIRST = FIRST_ID["contact"]
END = milliseconds(ENDS)


def held(*, now: float = 0, head: tuple[Row, ...] = ()) -> Collection:
    world = World(450)
    source = Source(
        shelf=world.shelf("hubspot", "contact"),
        first_id=FIRST,
        fields=lambda index, _: {"name": world.person(index).given_name, "index": str(index)},
        stamps=lambda index, _: world.stamps("hubspot", "contact", index),
    )
    return Collection("contacts", source, clock=Clock(lambda: now, END), head=head)


def ids(collection: Collection) -> list[int]:
    return collection.live(0, len(collection))


def test_live_ids_ascend_and_positions_find_them_again() -> None:
    head = Row(id=5, created=0, updated=milliseconds(ENDS) - 1, fields={})
    collection = held(head=(head,))
    for identity in (ids(collection)[1], ids(collection)[3], ids(collection)[4], ids(collection)[-1]):
        collection.archive(identity)
    made = collection.create({"name": "Nova"})
    found = ids(collection)
    assert found == sorted(found)
    assert (found[0], found[-1]) == (5, made.id)
    assert [collection.position_after(identity) for identity in found] == list(range(1, len(found) + 1))
    assert collection.live(2, 4) == found[2:4]


def test_an_archived_record_comes_back_to_its_place() -> None:
    collection = held()
    before = ids(collection)
    collection.archive(before[2])
    assert collection.archived() == [before[2]]
    assert before[2] not in ids(collection)
    collection.restore(before[2])
    assert ids(collection) == before
    assert collection.archived() == []


def test_each_change_is_later_than_everything_before() -> None:
    collection = held(now=0)
    newest = max(row.updated for row in map(collection.row, ids(collection)) if row)
    moments = [collection.change(identity, {"name": "x"}).updated for identity in ids(collection)[:3]]
    assert newest < moments[0] < moments[1] < moments[2]
    assert held(now=2_000_000_000).create({}).updated == 2_000_000_000_000


def test_changes_are_told_once_with_what_was_before() -> None:
    collection = held()
    told: list[Change] = []
    collection.listeners.append(told.append)
    first, second = ids(collection)[:2]
    collection.change(first, {"name": "Nova"})
    collection.merge(first, second, {})
    assert [(change.kind, change.row.id, change.loser) for change in told] == [
        ("changed", first, None),
        ("merged", first, second),
    ]
    assert told[0].before is not None
    assert told[0].before.fields["name"] != "Nova"


def test_a_merged_record_is_gone_and_points_to_the_last_winner() -> None:
    collection = held()
    one, two, three = ids(collection)[:3]
    collection.merge(two, one, {})
    collection.merge(three, two, {})
    assert collection.row(one) is None
    assert (collection.survivor(one), sorted(collection.losers(three))) == (three, [one, two])
    with pytest.raises(KeyError):
        collection.change(one, {})


def test_changed_records_stand_in_the_order_of_time_without_doubles() -> None:
    collection = held()
    first, second, third = ids(collection)[:3]
    collection.change(second, {"name": "x"})
    collection.archive(first)
    collection.erase(third)
    entries = list(collection.changed(0, 2**53))
    assert entries == sorted(entries)
    assert [identity for _, identity in entries[-2:]] == [second, first]
    assert len(entries) == len(collection) + 1
    middle = entries[100][0]
    assert list(collection.changed(middle, middle)) == [entries[100]]
    assert list(collection.changed(middle + 1, 2**53)) == entries[101:]


def search(collection: Collection) -> Search:
    def value(row: Row, name: str) -> str | None:
        own = {"id": str(row.id), "changed": str(row.updated)}
        return own.get(name) or row.fields.get(name)

    return Search(collection, value, id_name="id", changed_name="changed")


def condition(name: str, operator: str, **more: object) -> Condition:
    return {"propertyName": name, "operator": operator, **more}


@pytest.mark.parametrize(
    ("groups", "kept"),
    [
        ([[condition("id", "GT", value=str(FIRST + 100))]], lambda row: row.id > FIRST + 100),
        ([[condition("id", "LTE", value=str(FIRST + 100))]], lambda row: row.id <= FIRST + 100),
        ([[condition("changed", "GTE", value="1760000000000")]], lambda row: row.updated >= 1_760_000_000_000),
        (
            [[condition("changed", "LT", value="1760000000000"), condition("id", "GTE", value=str(FIRST + 9))]],
            lambda row: row.updated < 1_760_000_000_000 and row.id >= FIRST + 9,
        ),
        (
            [[condition("changed", "GTE", value="1760000000000"), condition("id", "LTE", value=str(FIRST + 200))]],
            lambda row: row.updated >= 1_760_000_000_000 and row.id <= FIRST + 200,
        ),
        (
            [[condition("changed", "BETWEEN", value="1750000000000", highValue="1760000000000")]],
            lambda row: 1_750_000_000_000 <= row.updated <= 1_760_000_000_000,
        ),
        (
            [[condition("index", "LT", value="9")], [condition("index", "IN", values=["440", "441"])]],
            lambda row: int(row.fields["index"]) < 9 or row.fields["index"] in ("440", "441"),
        ),
        ([[condition("index", "CONTAINS_TOKEN", value="44*")]], lambda row: row.fields["index"].startswith("44")),
        ([[condition("index", "NOT_HAS_PROPERTY")]], lambda row: "index" not in row.fields),
    ],
)
def test_a_search_finds_what_looking_at_every_record_finds(groups: list[list[Condition]], kept: Callable[[Row], bool]) -> None:
    collection = held()
    collection.archive(ids(collection)[0])
    collection.change(ids(collection)[5], {"name": "Amanda"})
    rows = [row for row in map(collection.row, ids(collection)) if row]
    wanted = [row.id for row in rows if kept(row)]
    found = search(collection).find(groups, offset=0, limit=1000)
    assert (list(found.ids), found.total) == (wanted, len(wanted))
    part = search(collection).find(groups, offset=3, limit=4)
    assert (list(part.ids), part.total) == (wanted[3:7], len(wanted))


def test_a_search_that_lags_shows_records_as_they_stood() -> None:
    collection = held()
    first, second = ids(collection)[:2]
    before = collection.row(first)
    collection.change(first, {"name": "Nova"})
    collection.create({"name": "Nova"})
    nova = [[condition("name", "EQ", value="nova")]]
    assert search(collection).find(nova, offset=0, limit=10).total == 2
    assert search(collection).find(nova, offset=0, limit=10, until=END).total == 0
    everything = search(collection).find([], offset=0, limit=1000, until=END)
    assert list(everything.ids)[:2] == [first, second]
    assert collection.row(first, END) == before


def test_a_sorted_search_puts_records_without_the_value_last() -> None:
    collection = held()
    last = collection.create({})
    order = search(collection).find_sorted([], "index", descending=True)
    indexes = [int(row.fields["index"]) for row in map(collection.row, order[:-1]) if row]
    assert indexes == sorted(indexes, reverse=True)
    assert order[-1] == last.id
