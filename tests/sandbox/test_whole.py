"""Objects that are made all at once, and pushes to an address that somebody entered."""

import json
from typing import Any

from hub.sandbox import whole
from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.outlet import tell
from hub.sandbox.push import Delivery
from hub.sandbox.rows import Fields
from hub.sandbox.standin import controls
from hub.sandbox.world import World, record_id

WORLD = World(120)
PEOPLE = [index for index, _ in WORLD.keys("mine", "contact")]


def every_other(_world: World, index: int, number: int) -> Fields | None:
    return {"index": index, "number": number} if index % 2 else None


def setting(_world: World, index: int, _number: int) -> Fields:
    return {"place": index}


def test_records_of_the_world_keep_their_ids_and_times_and_those_that_say_nothing_are_none() -> None:
    found = whole.records(WORLD, "mine", (("contact", every_other),))
    odd = [index for index in PEOPLE if index % 2]
    assert [(row.id, row.fields) for row in found] == [
        (record_id("contact", index), {"index": index, "number": 0}) for index in odd
    ]
    assert [(row.created, row.updated) for row in found] == [WORLD.stamps("mine", "contact", index) for index in odd]


def test_what_the_world_does_not_have_is_counted_from_1_and_there_from_the_beginning() -> None:
    begun = milliseconds(BEGINS)
    found = whole.records(WORLD, "mine", ((3, setting),))
    assert [(row.id, row.created, row.updated, row.fields) for row in found] == [
        (1 + place, begun, begun, {"place": place}) for place in range(3)
    ]


def test_an_object_of_several_parts_holds_all_of_them_and_what_is_created_comes_last() -> None:
    held = whole.objects(
        WORLD, "mine", {"all": ((2, setting), ("contact", setting)), "none": ()}, clock=controls(lambda: 0).clock
    )
    assert {name: len(each) for name, each in held.items()} == {"all": 2 + len(PEOPLE), "none": 0}
    made = held["all"].create({"place": "new"})
    ids = held["all"].live(0, len(held["all"]))
    assert ids == [1, 2, *(record_id("contact", index) for index in PEOPLE), made.id]
    assert made.id > record_id("order", WORLD.people)


class Kept:
    """Stands where deliveries are sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any, dict[str, str]]] = []

    def send(self, delivery: Delivery) -> None:
        self.sent.append((delivery.url, json.loads(delivery.body(0)), dict(delivery.headers(b""))))


def test_what_happens_is_told_to_the_address_that_was_entered_and_to_nobody_before() -> None:
    held = controls(lambda: 0)
    held.sender = kept = Kept()  # type: ignore[assignment]  # keeps deliveries instead of sending them
    tell(held, {"event": "early"})
    held.push["url"] = "https://hub.example/in"
    tell(held, {"event": "deal.updated"})
    assert kept.sent == [("https://hub.example/in", {"event": "deal.updated"}, {})]
