"""What holds of any groups, whatever the records and whatever people said."""

from itertools import combinations
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.unify import Claim, Group
from tests.unify.claiming import ANA, BIA, NEAR, addresses, claim, grouped

MOBILE, OFFICE = "phone:+5511912345678", "phone:+551134567890"
KEYS = (ANA, BIA, *addresses(0, 8).split(), "native:a:contact:1", "native:b-1:contact:2", "domain:acme.com.br", MOBILE, OFFICE)


@st.composite
def components(draw: st.DrawFn) -> list[Claim]:
    """A few records of two kinds with keys, names and merges of every sort."""
    records = draw(st.lists(st.sampled_from(["a-1/1", "a-1/2", "a-1/3", "a-2/1", "b-1/2", "b-1/3", "c-1/1"]), unique=True))
    return [
        claim(
            record,
            " ".join(draw(st.lists(st.sampled_from(KEYS), max_size=6, unique=True))),
            name=draw(st.sampled_from(["", *NEAR, "Maria Reis Filho"])),
            day=draw(st.none() | st.integers(0, 3)),
            kind=draw(st.sampled_from(["contact", "contact", "contact", "company"])),
            merged=draw(st.none() | st.sampled_from([each for each in records if each != record] or ["z-1/1"])),
            live=draw(st.sampled_from([True, True, False])),
            says={"country": draw(st.sampled_from([None, "BR", "US"]))},
        )
        for record in records
    ]


PAIRS = st.lists(st.sampled_from([frozenset(pair) for pair in combinations(["a-1/1", "a-1/2", "b-1/2", "c-1/1"], 2)]), max_size=2)
unhurried = settings(deadline=None, database=None, max_examples=100)


@unhurried
@given(claims=components(), apart=PAIRS, together=PAIRS, seed=st.integers(0, 2**16))
@example(claims=[claim(f"a-1/{number}", ANA, name=name) for number, name in enumerate(NEAR)], apart=[], together=[], seed=3)
def test_the_outcome_does_not_depend_on_the_order_of_the_claims(
    claims: list[Claim], apart: list[frozenset[str]], together: list[frozenset[str]], seed: int
) -> None:
    mixed = Random(seed).sample(claims, len(claims))  # noqa: S311 - an order to try, not a secret
    assert grouped(mixed, apart=apart[::-1], together=together[::-1]) == grouped(claims, apart=apart, together=together)


@unhurried
@given(claims=components(), apart=PAIRS, together=PAIRS)
def test_every_record_is_in_one_group_and_no_group_breaks_a_guard(
    claims: list[Claim], apart: list[frozenset[str]], together: list[frozenset[str]]
) -> None:
    found = grouped(claims, apart=apart, together=together)
    assert sorted(each.record_id for group in found for each in group.claims) == sorted(each.record_id for each in claims)
    for group in found:
        inside = ids(group)
        assert len({each.type for each in group.claims}) == 1
        assert not any(pair <= inside for pair in apart)
        assert any(pair <= inside for pair in together) or len(inside) == 1 or len(emails(group)) <= 10


def ids(group: Group) -> set[str]:
    return {each.record_id for each in group.claims}


def emails(group: Group) -> set[str]:
    return {key for each in group.claims for key in each.keys if key.startswith("email:")}


@unhurried
@given(claims=components(), apart=PAIRS)
def test_the_links_of_a_group_join_all_of_it_and_those_refused_lead_out_of_it(
    claims: list[Claim], apart: list[frozenset[str]]
) -> None:
    for group in grouped(claims, apart=apart):
        inside = ids(group)
        assert len(group.links) == len(inside) - 1
        assert {end for link in group.links for end in (link.first, link.second)} <= inside
        assert all(len({each.link.first, each.link.second} & inside) == 1 for each in group.refused)
        assert not group.shared & {link.key for link in (*group.links, *(each.link for each in group.refused))}


@unhurried
@given(claims=components(), apart=PAIRS)
def test_records_that_share_a_good_key_are_together_or_a_refused_link_says_why_not(
    claims: list[Claim], apart: list[frozenset[str]]
) -> None:
    home = {each.record_id: group for group in grouped(claims, apart=apart) for each in group.claims}
    shared = {key for group in home.values() for key in group.shared}
    for one, other in combinations(claims, 2):
        if any(key.startswith(("email:", "domain:")) for key in one.keys & other.keys - shared):
            assert home[one.record_id] is home[other.record_id] or home[one.record_id].refused


@unhurried
@given(claims=components(), pair=PAIRS)
def test_to_merge_and_to_take_it_back_changes_nothing(claims: list[Claim], pair: list[frozenset[str]]) -> None:
    before = grouped(claims)
    joined = {each.record_id: ids(group) for group in grouped(claims, together=pair) for each in group.claims}
    kind = {each.record_id: each.type for each in claims}
    for ends in pair:
        if ends <= kind.keys() and len({kind[end] for end in ends}) == 1:
            assert all(joined[end] >= ends for end in ends)
    assert grouped(claims, together=[]) == before
