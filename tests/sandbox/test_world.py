"""The invented company: what it promises about truth, rates and repeatability."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from hub.sandbox.slots import COMPANY_TOOLS, TOOLS, Trait
from hub.sandbox.world import Kind, World, record_id, record_key

KINDS: tuple[Kind, ...] = ("contact", "company", "deal", "ticket", "survey_response", "order")


@pytest.fixture(scope="module")
def world() -> World:
    return World(600)


def test_a_person_depends_on_the_seed_and_the_index_alone(world: World) -> None:
    other = World(1_000_000)
    for index in (0, 7, 199, 200, 431, 599):
        assert other.person(index) == world.person(index)
        assert [other.as_seen(index, tool) for tool in TOOLS] == [world.as_seen(index, tool) for tool in TOOLS]
        assert other.deal(index, "hubspot", 0) == world.deal(index, "hubspot", 0)
    assert World(600, seed=1).person(7) != world.person(7)


def test_asking_in_another_order_gives_the_same_people(world: World) -> None:
    backwards = World(600)
    assert [backwards.person(index) for index in range(599, -1, -1)][::-1] == [world.person(i) for i in range(600)]


def test_traits_occur_at_the_stated_rates(world: World) -> None:
    found = Counter(world.person(index).trait for index in range(200, 400))
    assert found == {
        Trait.PLAIN: 124,
        Trait.FAMILY: 8,
        Trait.SHARED_PHONE: 8,
        Trait.NAMESAKE: 8,
        Trait.REASSIGNED: 6,
        Trait.TYPO: 14,
        Trait.JOB_CHANGE: 12,
        Trait.TAGGED: 16,
        Trait.ROLE: 4,
    }


def test_so_many_people_are_known_to_so_many_tools(world: World) -> None:
    assert world.known_to() == {1: 270, 2: 180, 3: 90, 4: 36, 5: 24}
    assert World(230).known_to() == Counter(len(world.tools(index)) for index in range(230))


def test_an_address_is_one_persons_own_unless_a_trait_says_otherwise(world: World) -> None:
    people = [world.person(index) for index in range(600)]
    private = Counter(person.private_email for person in people)
    work = Counter(person.work_email for person in people if person.work_email)
    assert sum(times - 1 for times in private.values()) == 3 * 4
    assert sum(times - 1 for times in work.values()) == 3 * 3
    assert {p.trait for p in people if private[p.private_email] > 1} == {Trait.FAMILY}
    assert {p.trait for p in people if p.work_email and work[p.work_email] > 1} == {Trait.REASSIGNED}


def test_no_tool_has_an_address_twice_but_where_it_says_so() -> None:
    world = World(4000)
    for tool in TOOLS:
        seen = [world.as_seen(index, tool) for index, _ in world.keys(tool, "contact")]
        kept = [one.email.lower() for one in seen if not one.email_taken]
        assert len(kept) == len(set(kept))
        assert {one.email for one in seen if one.email_taken} <= {one.email for one in seen if not one.email_taken}


def test_a_phone_is_one_persons_own_unless_two_share_it(world: World) -> None:
    people = [world.person(index) for index in range(600)]
    times = Counter(person.phone for person in people)
    assert {person.trait for person in people if times[person.phone] > 1} == {Trait.SHARED_PHONE}
    assert sum(count - 1 for count in times.values()) == 12


def test_pairs_point_at_each_other_and_share_what_they_should(world: World) -> None:
    for person in (world.person(index) for index in range(200)):
        if person.partner is None:
            continue
        partner = world.person(person.partner)
        assert (partner.partner, partner.trait) == (person.index, person.trait)
        if person.trait is Trait.NAMESAKE:
            assert (partner.given_name, partner.family_name) == (person.given_name, person.family_name)
            assert partner.private_email != person.private_email


def test_a_tool_differs_by_the_trait_in_one_place_only(world: World) -> None:
    for index in range(600):
        person = world.person(index)
        seen = [world.as_seen(index, tool) for tool in person.tools]
        misspelt = [one for one in seen if one.given_name != person.given_name]
        moved = [one for one in seen if one.company != person.company]
        assert len(misspelt) == (person.trait is Trait.TYPO)
        assert len(moved) == (person.trait is Trait.JOB_CHANGE)


def test_everything_has_happened_before_the_worlds_end(world: World) -> None:
    end, begin = datetime(2026, 11, 1, tzinfo=UTC), datetime(2023, 11, 2, tzinfo=UTC)
    for tool in TOOLS:
        for index, number in world.keys(tool, "ticket"):
            ticket = world.ticket(index, tool, number)
            moments = [ticket.opened_at, ticket.solved_at or ticket.opened_at, ticket.updated_at]
            if ticket.answer:
                moments[1:1] = []
                moments = [*moments[:2], ticket.answer.answered_at, moments[2]]
            assert moments == sorted(moments)
            assert begin <= moments[0]
            assert moments[-1] < end
            assert world.as_seen(index, tool).created_at <= moments[0]


@pytest.mark.parametrize("people", [1, 50, 200, 613])
def test_counts_and_positions_agree_with_counting(people: int) -> None:
    world = World(people)
    for tool in TOOLS:
        for kind in KINDS:
            shelf = world.shelf(tool, kind)
            numbers = [number for number in range(shelf.members * shelf.width) if number in shelf]
            assert list(shelf) == numbers
            assert world.count(tool, kind) == len(numbers)
            assert [shelf.position(number) for number in numbers] == list(range(len(numbers)))
            assert shelf.position(shelf.members * shelf.width) == len(numbers)


def test_only_some_tools_know_companies_and_answers_belong_to_tickets(world: World) -> None:
    assert [tool for tool in TOOLS if world.count(tool, "company")] == list(COMPANY_TOOLS)
    rated = [world.ticket(index, "zendesk", 0) for index, _ in world.keys("zendesk", "survey_response")]
    assert all(ticket.answer for ticket in rated)
    answered = [key for key in world.keys("zendesk", "ticket") if world.ticket(key[0], "zendesk", key[1]).answer]
    assert len(answered) == len(rated)


@pytest.mark.parametrize("people", [12, 210, 400])
def test_no_tool_knows_a_company_beyond_the_end_of_the_world(people: int) -> None:
    world = World(people)
    named = {world.as_seen(i, tool).company for i in range(people) for tool in world.tools(i)} - {None}
    assert not [company for company in named if company and company >= world.companies and world.company_tools(company)]
    assert world.company_tools(world.companies) == ()


def test_employees_are_those_who_say_so(world: World) -> None:
    for company in (0, 1, 24, 25, 40, 74):
        truly = tuple(i for i in range(600) if world.person(i).company == company)
        assert world.employees(company) == truly
        believed = [i for i in range(600) if "hubspot" in world.tools(i) and world.as_seen(i, "hubspot").company == company]
        assert world.known_employees(company, "hubspot") == believed


def test_an_address_leads_back_to_its_person(world: World) -> None:
    for index in range(200):
        seen = world.as_seen(index, "zendesk")
        if world.person(index).trait is not Trait.ROLE:
            assert index in world.addressed(seen.email)
    assert world.addressed("nobody@firma1.example") == []


def test_an_id_leads_back_to_its_record() -> None:
    assert record_id("deal", 3, 2) == 100_000_015
    assert record_key("deal", 100_000_015) == (3, 2)


def test_any_other_tool_knows_eighty_of_two_hundred_and_changes_nothing_for_the_house(world: World) -> None:
    before = [world.as_seen(index, "hubspot") for index in range(20) if world.knows("hubspot", index)]
    assert sum(world.knows("elsewhere", index) for index in range(600)) == 240 == world.count("elsewhere", "contact")
    assert [index for index, _ in world.keys("elsewhere", "contact")] == [i for i in range(600) if world.knows("elsewhere", i)]
    assert world.count("elsewhere", "company") == sum(world.knows_company("elsewhere", each) for each in range(world.companies))
    assert 0 < world.count("elsewhere", "deal") < world.count("elsewhere", "contact") * 4
    assert {i for i in range(600) if world.knows("elsewhere", i)} != {i for i in range(600) if world.knows("another", i)}
    assert before == [World(600).as_seen(index, "hubspot") for index in range(20) if world.knows("hubspot", index)]


def test_a_tool_can_keep_what_no_other_does(world: World) -> None:
    leads = world.shelf_of("elsewhere", lambda slot: int(slot.deals == 0))
    contacts = world.shelf_of("elsewhere", lambda slot: int(slot.deals > 0))
    assert len(leads) + len(contacts) == world.count("elsewhere", "contact")
    assert not set(leads) & set(contacts)
