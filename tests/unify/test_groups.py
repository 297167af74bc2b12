"""Which records are one customer: links by strength, the guards against false ones, and what people decided."""

from itertools import combinations, permutations
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.unify import Claim, Group, groups
from hub.unify.groups import Link
from tests.unify.claiming import claim, together

ANA, BIA = "email:ana@example.com", "email:bia@example.com"


@pytest.mark.parametrize(
    ("keys", "score"),
    [("native:zendesk:contact:9", 1.00), (ANA, 0.99), ("domain:acme.com.br", 0.96)],
    ids=["I1", "I2 and I3", "I7"],
)
def test_two_records_with_a_key_in_common_are_one_customer_and_the_link_says_how_sure_that_is(keys: str, score: float) -> None:
    first, second = claim("hubspot-1/1", keys), claim("zendesk-1/9", keys)
    (group,) = groups([first, second])
    key, *_ = keys.split()
    assert group == Group(claims=(first, second), links=(Link(score, "hubspot-1/1", "zendesk-1/9", key),))


def test_a_record_that_shares_nothing_is_a_customer_of_its_own() -> None:
    claims = [claim("hubspot-1/1", ANA, name="Ana Souza"), claim("zendesk-1/9", BIA, name="Ana Souza")]
    assert together(claims) == [["hubspot-1/1"], ["zendesk-1/9"]]


def test_records_are_joined_over_others_in_between() -> None:
    claims = [claim("a-1/1", ANA), claim("b-1/2", f"{ANA} {BIA}"), claim("c-1/3", BIA)]
    assert together(claims) == [["a-1/1", "b-1/2", "c-1/3"]]


def test_the_eldest_record_leads_and_one_without_a_date_comes_last() -> None:
    claims = [claim("a-1/1", ANA), claim("b-1/2", ANA, day=5), claim("c-1/3", ANA, day=2), claim("b-1/1", ANA, day=5)]
    (group,) = groups(claims)
    assert [each.record_id for each in group.claims] == ["c-1/3", "b-1/1", "b-1/2", "a-1/1"]
    assert group.anchor.record_id == "c-1/3"


def test_a_merged_record_belongs_where_the_record_it_was_merged_into_belongs() -> None:
    (group,) = groups([claim("a-1/1", ANA, merged="a-1/2"), claim("a-1/2", BIA)])
    assert [tuple(link) for link in group.links] == [(1.0, "a-1/1", "a-1/2", "merge:")]


def test_a_record_merged_into_one_that_is_not_here_stays_alone() -> None:
    assert together([claim("a-1/1", ANA, merged="a-1/7"), claim("a-1/2", BIA)]) == [["a-1/1"], ["a-1/2"]]


def test_two_accounts_of_one_system_may_use_a_number_twice_so_it_names_nobody() -> None:
    named = "native:hubspot:contact:7"
    claims = [claim("hubspot-1/7"), claim("hubspot-2/7"), claim("zendesk-1/9", named)]
    assert together(claims) == [["hubspot-1/7"], ["hubspot-2/7"], ["zendesk-1/9"]]
    assert together([claims[0], claims[2]]) == [["hubspot-1/7", "zendesk-1/9"]]


@pytest.mark.parametrize("kind", ["contact", "company"])
def test_a_person_is_never_a_company_whatever_a_source_refers_to(kind: str) -> None:
    company = claim("a-1/1", "native:b:contact:2", kind="company")
    (first, second) = groups([company, claim("b-1/2", kind="contact")])
    assert {first.anchor.type, second.anchor.type} == {"company", "contact"}
    assert [link.key for link in (first if first.anchor.type == kind else second).refused] == ["native:b:contact:2"]


@pytest.mark.parametrize(
    ("names", "shared"),
    [
        (("Bruno Lima", "Carla Dias"), {ANA}),
        (("José da Silva", "José da Silva Filho"), set()),
        (("Ana Souza", "Ana Maria Souza"), set()),
        (("Ana Souza", "ANA  SOUZA"), set()),
        (("Ana Souza", ""), set()),
    ],
)
def test_an_address_that_one_connection_keeps_for_two_names_is_a_familys(names: tuple[str, str], shared: set[str]) -> None:
    """Jaro-Winkler of bruno lima and carla dias is 0.600, of jose da silva (filho) 0.937, of ana (maria) souza 0.876."""
    found = list(groups([claim(f"a-1/{number}", ANA, name=name) for number, name in enumerate(names)]))
    assert (len(found), {key for group in found for key in group.shared}) == (2 if shared else 1, shared)


def test_a_shared_address_joins_nobody_in_other_connections_either() -> None:
    claims = [
        claim("a-1/1", ANA, name="Bruno Lima"),
        claim("a-1/2", ANA, name="Carla Dias"),
        claim("b-1/3", ANA, name="Bruno Lima"),
    ]
    assert together(claims) == [["a-1/1"], ["a-1/2"], ["b-1/3"]]
    assert all(group.shared == {ANA} for group in groups(claims))


@pytest.mark.parametrize(
    "second",
    [
        claim("b-1/2", ANA, name="Carla Dias"),
        claim("a-1/2", ANA, name="Carla Dias", kind="company"),
        claim("a-1/2", ANA, name="Carla Dias", merged="a-1/1"),
    ],
    ids=["elsewhere", "a company", "merged"],
)
def test_names_are_compared_between_live_people_of_one_connection_alone(second: Claim) -> None:
    assert not any(group.shared for group in groups([claim("a-1/1", ANA, name="Bruno Lima"), second]))


NEAR = ("Maria Reis", "Marta Reis", "Maria Ana")
"""The first is like both others (Jaro-Winkler 0.953 and 0.853), these are not like each other (0.685)."""


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_whether_names_are_alike_does_not_depend_on_which_came_first(order: tuple[int, ...]) -> None:
    claims = [claim(f"a-1/{number}", ANA, name=NEAR[number]) for number in order]
    assert together(claims) == [["a-1/0"], ["a-1/1"], ["a-1/2"]]


def addresses(begin: int, end: int) -> str:
    return " ".join(f"email:{number}@example.com" for number in range(begin, end))


def test_a_customer_has_ten_addresses_at_most() -> None:
    assert together([claim("a-1/1", addresses(0, 6)), claim("b-1/2", addresses(5, 10))]) == [["a-1/1", "b-1/2"]]
    first, second = groups([claim("a-1/1", addresses(0, 6)), claim("b-1/2", addresses(5, 11))])
    refused = (Link(0.99, "a-1/1", "b-1/2", "email:5@example.com"),)
    assert (first.refused, second.refused, first.links, second.links) == (refused, refused, (), ())


def test_the_surer_link_is_made_first_where_a_guard_allows_only_one() -> None:
    middle = claim("m-1/1", f"{addresses(0, 6)} native:z:contact:9")
    mailed, named = claim("a-1/2", addresses(5, 10)), claim("z-1/9", addresses(20, 24))
    assert together([mailed, middle, named]) == [["a-1/2"], ["m-1/1", "z-1/9"]]


def test_two_that_a_person_has_said_are_not_the_same_stay_apart_also_over_a_third() -> None:
    claims = [claim("a-1/1", ANA), claim("b-1/2", ANA), claim("c-1/3", ANA)]
    assert together(claims, ["a-1/1", "c-1/3"]) == [["a-1/1", "b-1/2"], ["c-1/3"]]


def test_taking_the_word_back_gives_the_first_state_again() -> None:
    claims = [claim("a-1/1", ANA), claim("b-1/2", ANA)]
    before = set(groups(claims))
    assert together(claims, ["a-1/1", "b-1/2"]) == [["a-1/1"], ["b-1/2"]]
    assert set(groups(claims, [])) == before


def test_a_word_about_records_that_are_not_here_changes_nothing() -> None:
    assert together([claim("a-1/1", ANA), claim("b-1/2", ANA)], ["a-1/1", "z-1/9"]) == [["a-1/1", "b-1/2"]]


def test_a_hundred_records_with_one_address_are_one_customer() -> None:
    (group,) = groups([claim(f"a-1/{number:03}", ANA) for number in range(100)])
    assert (len(group.claims), len(group.links)) == (100, 99)


def test_nothing_makes_no_customers() -> None:
    assert together([]) == []


KEYS = (ANA, BIA, *addresses(0, 8).split(), "native:a:contact:1", "native:b:contact:2", "domain:acme.com.br")


@st.composite
def components(draw: st.DrawFn) -> list[Claim]:
    """A few records of two kinds with keys, names and merges of every sort."""
    records = draw(st.lists(st.sampled_from(["a-1/1", "a-1/2", "a-1/3", "a-2/1", "b-1/2", "b-1/3", "c-1/1"]), unique=True))
    return [
        claim(
            record,
            " ".join(draw(st.lists(st.sampled_from(KEYS), max_size=6, unique=True))),
            name=draw(st.sampled_from(["", *NEAR])),
            day=draw(st.none() | st.integers(0, 3)),
            kind=draw(st.sampled_from(["contact", "contact", "contact", "company"])),
            merged=draw(st.none() | st.sampled_from([each for each in records if each != record] or ["z-1/1"])),
        )
        for record in records
    ]


def ids(group: Group) -> set[str]:
    return {each.record_id for each in group.claims}


PAIRS = st.lists(st.sampled_from([frozenset(pair) for pair in combinations(["a-1/1", "a-1/2", "b-1/2", "c-1/1"], 2)]), max_size=2)
unhurried = settings(deadline=None, database=None, max_examples=60)


@unhurried
@given(claims=components(), apart=PAIRS, seed=st.integers(0, 2**16))
@example(claims=[claim(f"a-1/{number}", ANA, name=name) for number, name in enumerate(NEAR)], apart=[], seed=3)
def test_the_outcome_does_not_depend_on_the_order_of_the_claims(
    claims: list[Claim], apart: list[frozenset[str]], seed: int
) -> None:
    mixed = Random(seed).sample(claims, len(claims))  # noqa: S311 - an order to try, not a secret
    assert set(groups(mixed, apart[::-1])) == set(groups(claims, apart))


@unhurried
@given(claims=components(), apart=PAIRS)
def test_every_record_is_in_one_group_and_no_group_breaks_a_guard(claims: list[Claim], apart: list[frozenset[str]]) -> None:
    found = list(groups(claims, apart))
    assert sorted(each.record_id for group in found for each in group.claims) == sorted(each.record_id for each in claims)
    for group in found:
        inside = ids(group)
        assert len({each.type for each in group.claims}) == 1
        assert not any(pair <= inside for pair in apart)
        assert len(inside) == 1 or len({key for each in group.claims for key in each.keys if key.startswith("email:")}) <= 10


@unhurried
@given(claims=components(), apart=PAIRS)
def test_the_links_of_a_group_join_all_of_it_and_those_refused_lead_out_of_it(
    claims: list[Claim], apart: list[frozenset[str]]
) -> None:
    for group in groups(claims, apart):
        inside = ids(group)
        assert len(group.links) == len(inside) - 1
        assert {end for link in group.links for end in (link.first, link.second)} <= inside
        assert all(len({link.first, link.second} & inside) == 1 for link in group.refused)
        assert not group.shared & {link.key for link in (*group.links, *group.refused)}


@unhurried
@given(claims=components(), apart=PAIRS)
def test_records_that_share_a_good_key_are_together_or_a_refused_link_says_why_not(
    claims: list[Claim], apart: list[frozenset[str]]
) -> None:
    home = {each.record_id: group for group in groups(claims, apart) for each in group.claims}
    shared = {key for group in home.values() for key in group.shared}
    for one, other in combinations(claims, 2):
        if any(key.startswith(("email:", "domain:")) for key in one.keys & other.keys - shared):
            assert home[one.record_id] is home[other.record_id] or home[one.record_id].refused
