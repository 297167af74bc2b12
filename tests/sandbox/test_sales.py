"""What a system for sales has of the world: leads, roles and steps of deals; tables that make a tool's fields of it."""

from collections import Counter

from hub.sandbox.chance import milliseconds
from hub.sandbox.rows import Clock
from hub.sandbox.sales import converted, known, shelf, stamps, tables
from hub.sandbox.tabled import tabled
from hub.sandbox.world import World, record_id

WORLD = World(600)
TOOL = "acme"


def test_some_of_the_contacts_have_a_lead_and_only_of_those_with_a_known_company_it_was_converted() -> None:
    seen: Counter[tuple[bool, bool]] = Counter()
    for index in shelf(WORLD, TOOL, "lead"):
        said = known(WORLD, TOOL, "lead", index, 0)
        assert WORLD.knows(TOOL, index)
        assert said["converted"] == converted(WORLD, TOOL, index) <= (said["company_id"] is not None)
        assert said["contact_id"] == record_id("contact", index)
        assert not (said["converted"] and said["keeper"] is None)
        seen[said["converted"], said["keeper"] is None] += 1
    assert set(seen) == {(True, False), (False, False), (False, True)}
    assert seen.total() < WORLD.count(TOOL, "contact")


def test_a_person_has_the_address_that_somebody_else_has_too_in_their_mailbox() -> None:
    taken = [index for index, _ in WORLD.keys("hubspot", "contact") if WORLD.as_seen(index, "hubspot").email_taken]
    said = known(WORLD, "hubspot", "contact", taken[0], 0)
    assert (said["email"], said["mailbox"]) == (None, WORLD.as_seen(taken[0], "hubspot").email)


def test_a_record_is_looked_after_by_its_owner_else_by_somebody() -> None:
    for index, number in WORLD.keys(TOOL, "ticket"):
        owner = WORLD.ticket(index, TOOL, number).owner
        assert known(WORLD, TOOL, "ticket", index, number)["keeper"] == (None if owner is None else owner + 1)
    assert known(WORLD, TOOL, "company", 13, 0)["keeper"] == 2
    assert not {"contact_id", "deal_id", "company_id"} & known(WORLD, TOOL, "company", 13, 0).keys()


def test_a_deal_has_three_steps_from_its_beginning_to_its_end() -> None:
    stages = set()
    for index, number in WORLD.keys(TOOL, "deal"):
        deal = WORLD.deal(index, TOOL, number)
        end = milliseconds(deal.closed_at or deal.updated_at)
        steps = [known(WORLD, TOOL, "step", index, number * 3 + step) for step in range(3)]
        times = [stamps(WORLD, TOOL, "step", index, number * 3 + step) for step in range(3)]
        last = f"step {deal.step}" if deal.status == "open" else deal.status
        assert [one["stage"] for one in steps] == ["step 0", f"step {deal.step}", last]
        assert times[0] == (milliseconds(deal.opened_at),) * 2
        assert times[2] == (end, end)
        assert times[0] <= times[1] <= times[2]
        assert {one["deal_id"] for one in steps} == {record_id("deal", index, number)}
        assert steps[0]["ends"] == milliseconds(deal.closed_at or deal.expected_at)
        assert steps[0]["lost"] == (deal.status == "lost")
        stages.add(last)
    assert {"won", "lost", "step 3"} <= stages
    assert len(shelf(WORLD, TOOL, "step")) == 3 * WORLD.count(TOOL, "deal")


def test_a_role_belongs_to_a_contact_and_their_first_deal() -> None:
    for index in shelf(WORLD, TOOL, "role"):
        said = known(WORLD, TOOL, "role", index, 0)
        assert (said["contact_id"], said["deal_id"]) == (record_id("contact", index), record_id("deal", index))
    without = next(index for index, _ in WORLD.keys(TOOL, "contact") if index not in shelf(WORLD, TOOL, "role"))
    assert known(WORLD, TOOL, "contact", without, 0)["deal_id"] is None


def test_tables_make_the_objects_of_a_tool() -> None:
    made = {
        "Sale": {"part": "deal", "told": {"Stage": "stage"}, "noted": {"Mood": ["good", "bad"]}},
        "Past": {"part": "step", "told": {"Sale": "deal_id"}},
        "Lead": {"part": "lead", "told": {"Who": "family_name"}},
    }
    held = tables(WORLD, TOOL, made, {"won": "Won!"}, clock=Clock(lambda: 0, 0))
    sales = [row for each in held["Sale"].live(0, 10**6) if (row := held["Sale"].row(each))]
    assert [row.id for row in sales] == [record_id("deal", *key) for key in WORLD.keys(TOOL, "deal")]
    assert {"Won!", "step 1", "lost"} <= {row.fields["Stage"] for row in sales}
    assert {row.fields["Mood"] for row in sales} == {"good", "bad"}
    past = held["Past"].row(held["Past"].live(0, 1)[0])
    assert past is not None
    assert past.fields["Sale"] == sales[0].id
    assert past.created == sales[0].created
    (first,) = held["Lead"].live(0, 1)
    assert first == record_id("contact", shelf(WORLD, TOOL, "lead")[0])


def test_a_table_has_what_is_told_what_is_noted_and_more_for_some() -> None:
    table = {
        "told": {"A": "a", "B": "b", "C": "c"},
        "noted": {"D": ["x", "y"], "E": ["only"]},
        "also": {"grown": {"told": {"B": "a"}, "noted": {"E": ["other"]}}},
    }
    child = tabled(table, {"1": "one"}, {"a": 1, "b": "1", "grown": False}, bytes([3, 9]))
    assert child == {"A": "one", "B": "one", "C": None, "D": "y", "E": "only"}
    assert tabled(table, {}, {"a": 1, "b": 2, "grown": True}, bytes(2)) == {"A": 1, "B": 1, "C": None, "D": "x", "E": "other"}
