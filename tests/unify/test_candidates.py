"""What is suspected but not done: weak clues between customers, and whose phone is whose."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.unify import Claim
from hub.unify.links import Link
from tests.unify.claiming import asked, claim, grouped, members, suspicions

MOBILE, OFFICE = "phone:+5511912345678", "phone:+551134567890"


def ana(record: str, held: str = "", **said: Any) -> Claim:
    return claim(record, held, name="Ana Souza", says=said)


def test_one_person_in_two_tools_by_one_mobile_number_is_a_question() -> None:
    """Story S1: two addresses, one number written in two ways."""
    hubspot = claim("hubspot-1/101", "email:Ana.Souza@Acme.com.br phone:(11)91234-5678", name="Ana Souza", day=1)
    zendesk = claim("zendesk-1/9001", "email:ana@gmail.com phone:+5511912345678", name="Ana Souza", day=2)
    first, second = grouped([hubspot], others={"c2": [zendesk]}) + grouped([zendesk], others={"c1": [hubspot]})
    link = Link(0.90, "hubspot-1/101", "zendesk-1/9001", "I5", MOBILE)
    assert first.candidates == second.candidates == (("I5", 0.90, "hubspot-1/101", "zendesk-1/9001", (link,)),)
    assert (first.shared, second.shared) == (frozenset(), frozenset())


def test_an_approved_question_makes_one_customer_with_nothing_left_to_ask() -> None:
    claims = [claim("hubspot-1/101", MOBILE, name="Ana Souza"), claim("zendesk-1/9001", MOBILE, name="Ana Souza")]
    before = grouped(claims)
    (group,) = grouped(claims, together=[["hubspot-1/101", "zendesk-1/9001"]])
    assert (len(group.claims), group.candidates, group.shared) == (2, (), frozenset())
    assert grouped(claims) == before


def test_a_refused_question_is_not_asked_again_over_any_record_of_the_two() -> None:
    claims = [ana("a-1/1", MOBILE), ana("b-1/2", MOBILE), ana("c-1/3")]
    assert asked(grouped(claims[:1], others={"B": claims[1:]}, apart=[["a-1/1", "c-1/3"]])) == []
    assert asked(grouped(claims[:1], others={"B": claims[1:]})) == [("I5", 0.90, "a-1/1", "b-1/2")]


def test_two_people_with_an_office_number_are_no_question_and_the_number_is_marked() -> None:
    """Story S2, with the mobile number that both get later."""
    company = claim("a-1/7", "domain:acme.com.br", name="Acme", kind="company")
    bruno = claim("a-1/1", f"email:bruno@acme.com.br {OFFICE} {MOBILE}", name="Bruno Lima")
    carla = claim("a-1/2", f"email:carla@acme.com.br {OFFICE} {MOBILE}", name="Carla Dias")
    found = grouped([bruno], others={"c": [carla], "a": [company]}) + grouped([carla], others={"b": [bruno], "a": [company]})
    assert [group.shared for group in found] == [{OFFICE, MOBILE}] * 2
    assert not suspicions(found)


def test_father_and_son_with_one_mobile_number_are_no_question() -> None:
    """Story S2, the variant: the names are 0.937 alike, the suffix says that they are two."""
    father = claim("a-1/1", f"email:jose@x.com.br {MOBILE}", name="José da Silva")
    son = claim("b-1/2", f"email:filho@y.com.br {MOBILE}", name="José da Silva Filho")
    found = grouped([father], others={"son": [son]})
    assert not suspicions(found)
    assert found[0].shared == {MOBILE}


def test_a_suffix_in_its_own_field_tells_people_apart_too() -> None:
    claims = [ana("a-1/1", MOBILE, company_name="Acme"), ana("b-1/2", MOBILE, company_name="Acme", name_suffix="Filho")]
    assert not suspicions(grouped(claims[:1], others={"B": claims[1:]}))


@pytest.mark.parametrize(
    ("number", "found"),
    [("+5511912345678", ["I5"]), ("+551134567890", []), ("+554040123400000", []), ("+5511999999999", []), ("+5511990000000", [])],
    ids=["mobile", "fixed", "none", "one digit", "noughts"],
)
def test_only_a_mobile_number_that_is_somebodys_is_a_clue(number: str, found: list[str]) -> None:
    claims = [ana("a-1/1", f"phone:{number}"), ana("b-1/2", f"phone:{number}")]
    assert [rule for rule, *_ in asked(grouped(claims))] == found


def test_a_number_that_one_connection_has_under_two_names_is_no_clue_to_anybody() -> None:
    family = [claim("a-1/1", MOBILE, name="Bruno Lima"), claim("a-1/2", MOBILE, name="Carla Dias")]
    assert not suspicions(grouped([claim("b-1/3", MOBILE, name="Bruno Lima"), *family]))


def test_a_deleted_record_neither_asks_nor_marks_anything() -> None:
    gone = claim("b-1/2", MOBILE, name="Ana Souza", live=False)
    other = claim("b-1/3", OFFICE, name="Carla Dias", live=False)
    (group, *_) = grouped([ana("a-1/1", f"{MOBILE} {OFFICE}")], others={"B": [gone], "C": [other]})
    assert (group.candidates, group.shared) == ((), frozenset())


def test_who_has_no_name_does_not_make_a_mobile_number_shared() -> None:
    (group,) = grouped([ana("a-1/1", MOBILE)], others={"B": [claim("b-1/2", MOBILE)]})
    assert (group.candidates, group.shared) == ((), frozenset())


def test_a_number_belongs_to_the_country_of_the_contact_before_that_of_the_organisation() -> None:
    german = ana("a-1/1", "phone:0151/23456789", country="DE")
    assert asked(grouped([german, ana("b-1/2", "phone:+4915123456789")])) == [("I5", 0.90, "a-1/1", "b-1/2")]
    assert asked(grouped([ana("a-1/1", "phone:0151/23456789"), ana("b-1/2", "phone:+4915123456789")])) == []


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ({"held": "email:ana@acme.com.br"}, {"held": "email:a.souza@acme.com.br"}, "works:ana souza|acme.com.br"),
        ({"company_name": "Acme Ltda"}, {"company_name": "ACME"}, "works:ana souza|acme"),
    ],
)
def test_one_name_at_one_employer_is_a_question(one: dict[str, str], other: dict[str, str], key: str) -> None:
    found = grouped([ana("a-1/1", **one), ana("b-1/2", **other)])
    assert suspicions(found) == {("I9", 0.70, "a-1/1", "b-1/2", (Link(0.70, "a-1/1", "b-1/2", "I9", key),))}


def test_one_name_at_one_company_of_a_connection_is_a_question_there_alone() -> None:
    first, second, elsewhere = (ana(each, company_ids=("7",)) for each in ("a-1/1", "a-1/2", "b-1/2"))
    assert asked(grouped([first, second])) == [("I9", 0.70, "a-1/1", "a-1/2")]
    assert asked(grouped([first, elsewhere])) == []


def test_one_name_with_free_mail_is_no_question() -> None:
    assert asked(grouped([ana("a-1/1", "email:ana@gmail.com"), ana("b-1/2", "email:souza@gmail.com")])) == []


ALIKE = [
    ({}, {}),
    ({"city": "São Paulo"}, {}),
    ({"city": "São Paulo"}, {"city": "SAO PAULO"}),
    ({"country": "BR"}, {"country": "br"}),
    ({"country": "BR"}, {"country": "Brasil"}),
]
ELSEWHERE = [
    ({"city": "São Paulo"}, {"city": "Recife"}),
    ({"country": "BR"}, {"country": "PT"}),
    ({"country": "Portugal"}, {"country": "Brasil"}),
    ({"city": "Recife", "country": "BR"}, {"city": "Recife", "country": "US"}),
]


def firms(one: dict[str, str], other: dict[str, str]) -> list[Claim]:
    return [
        claim("pipedrive-1/1", name="Açaí & Cia Ltda", kind="company", says=one),
        claim("zendesk-1/2", name="ACAI E CIA LTDA", kind="company", says=other),
    ]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_firms_of_one_name_are_a_question(one: dict[str, str], other: dict[str, str]) -> None:
    """Story S11: two companies without a domain, written in two ways."""
    assert asked(grouped(firms(one, other))) == [("I8", 0.80, "pipedrive-1/1", "zendesk-1/2")]


@pytest.mark.parametrize(("one", "other"), ELSEWHERE)
def test_firms_of_one_name_in_two_places_are_none(one: dict[str, str], other: dict[str, str]) -> None:
    assert asked(grouped(firms(one, other))) == []


def test_all_that_speaks_for_two_customers_is_one_question_with_the_best_rule() -> None:
    mine = [ana("a-1/1", f"email:ana@acme.com.br {MOBILE}"), ana("a-1/3", "email:ana@acme.com.br", company_name="Acme")]
    theirs = [ana("b-1/2", f"email:souza@acme.com.br {MOBILE}", company_name="Acme")]
    (group,) = grouped(mine, others={"B": theirs})
    (found,) = group.candidates
    assert found[:4] == ("I5", 0.90, "a-1/1", "b-1/2")
    assert [(link.rule, link.first) for link in found.evidence] == [
        ("I5", "a-1/1"),
        ("I9", "a-1/1"),
        ("I9", "a-1/3"),
        ("I9", "a-1/3"),
    ]


def test_a_clue_that_more_than_fifty_hold_is_none() -> None:
    many = [ana(f"a-1/{number:02}", company_name="Acme") for number in range(51)]
    assert len(suspicions(grouped(many[:50]))) == 50 * 49 / 2
    assert not suspicions(grouped(many))


EVIDENCE = ("email:ana@acme.com.br", "email:bia@acme.com.br", "email:c@acme.com.br", MOBILE, OFFICE, "phone:+5511912345679")
PEOPLE = ("Ana Souza", "Ana Sousa", "Ana Souza Filho", "Bia Lima", "")


@st.composite
def records(draw: st.DrawFn) -> list[Claim]:
    names = draw(st.lists(st.sampled_from(["a-1/1", "a-1/2", "b-1/1", "b-1/2", "c-1/1", "c-1/2"]), unique=True, min_size=2))
    return [
        claim(
            name,
            " ".join(draw(st.lists(st.sampled_from(EVIDENCE), max_size=3, unique=True))),
            name=draw(st.sampled_from(PEOPLE)),
            live=draw(st.sampled_from([True, True, True, False])),
            says={"company_name": draw(st.sampled_from([None, "Acme", "Globo"]))},
        )
        for name in names
    ]


@settings(deadline=None, database=None, max_examples=150)
@given(claims=records(), apart=st.lists(st.sampled_from(list(combinations(["a-1/1", "a-1/2", "b-1/1", "c-1/1"], 2))), max_size=2))
def test_from_both_sides_of_a_pair_the_same_question_comes_out(claims: list[Claim], apart: list[tuple[str, str]]) -> None:
    """Each component is grouped by itself, with all records of the customers it shares a clue with, as the hub does it."""
    parts = connected(claims)
    customer = {each: found[0] for part in parts for found in members(grouped(part, apart=apart)) for each in found}
    raised: dict[frozenset[str], list[object]] = {}
    for part in parts:
        for group in grouped(part, others=near(part, claims, customer), apart=apart):
            for found in group.candidates:
                raised.setdefault(frozenset((customer[found.first], customer[found.second])), []).append(found)
    assert all(len(found) == 2 and found[0] == found[1] for found in raised.values())


def connected(claims: list[Claim]) -> list[list[Claim]]:
    parts: list[list[Claim]] = []
    for each in claims:
        joined = [part for part in parts if any(each.keys & other.keys for other in part)]
        parts = [part for part in parts if part not in joined] + [[each, *(other for part in joined for other in part)]]
    return parts


def near(part: list[Claim], claims: list[Claim], customer: dict[str, str]) -> dict[str, list[Claim]]:
    mine = {each.record_id for each in part}
    held = frozenset().union(*(each.clues for each in part))
    close = {customer[each.record_id] for each in claims if each.record_id not in mine and each.clues & held}
    return {found: [each for each in claims if customer[each.record_id] == found] for found in close}


def test_a_number_that_more_than_fifty_others_have_is_shared_whatever_their_names() -> None:
    others = {f"c{number}": [ana(f"b-1/{number}", MOBILE)] for number in range(51)}
    assert grouped([ana("a-1/1", MOBILE)], others=others)[0].shared == {MOBILE}
    assert grouped([ana("a-1/1", MOBILE)], others=dict(list(others.items())[1:]))[0].shared == frozenset()


def test_a_number_that_is_not_mobile_is_shared_even_under_one_name() -> None:
    assert grouped([ana("a-1/1", OFFICE)], others={"B": [ana("b-1/2", OFFICE)]})[0].shared == {OFFICE}


def test_a_deleted_record_is_no_namesake_at_an_employer() -> None:
    gone = claim("b-1/2", name="Ana Souza", live=False, says={"company_name": "Acme"})
    assert asked(grouped([ana("a-1/1", company_name="Acme"), gone])) == []
