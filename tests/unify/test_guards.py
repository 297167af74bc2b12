"""What keeps two people apart who share a value: families, offices, namesakes, and more values than one person has."""

from itertools import permutations

import pytest

from hub.unify import Claim
from hub.unify.links import Link
from tests.unify.claiming import ANA, NEAR, addresses, claim, grouped, members, phones, suspicions


@pytest.mark.parametrize(
    ("names", "shared"),
    [
        (("Bruno Lima", "Carla Dias"), {ANA}),
        (("José da Silva", "José da Silva Filho"), set()),
        (("Ana Souza", "Ana Maria Souza"), set()),
        (("Ana Souza", "ANA  SOUZA"), set()),
        (("Ana Souza", ""), set()),
        (("Ana Souza", "N/A"), set()),
    ],
)
def test_an_address_that_one_connection_keeps_for_two_names_is_a_familys(names: tuple[str, str], shared: set[str]) -> None:
    """Jaro-Winkler of bruno lima and carla dias is 0.600, of jose da silva (filho) 0.937, of ana (maria) souza 0.876."""
    found = grouped([claim(f"a-1/{number}", ANA, name=name) for number, name in enumerate(names)])
    assert (len(found), {key for group in found for key in group.shared}) == (2 if shared else 1, shared)


def test_a_shared_address_joins_nobody_in_other_connections_either() -> None:
    claims = [
        claim("a-1/1", ANA, name="Bruno Lima"),
        claim("a-1/2", ANA, name="Carla Dias"),
        claim("b-1/3", ANA, name="Bruno Lima"),
    ]
    found = grouped(claims)
    assert members(found) == [["a-1/1"], ["a-1/2"], ["b-1/3"]]
    assert all(group.shared == {ANA} for group in found)
    assert {each.rule for each in suspicions(found)} == {"I9"}


def test_a_domain_that_one_connection_keeps_for_two_firms_joins_none() -> None:
    claims = [claim(f"a-1/{name[:2]}", "domain:acme.com.br", name=name, kind="company") for name in ("Acme", "Globo Editora")]
    assert members(grouped(claims)) == [["a-1/Ac"], ["a-1/Gl"]]
    forms = [claim(f"a-1/{number}", "domain:acme.com.br", name=f"Acme {number}", kind="company") for number in ("SA", "Ltda")]
    assert members(grouped(forms)) == [["a-1/Ltda", "a-1/SA"]]


@pytest.mark.parametrize(
    "second",
    [
        claim("b-1/2", ANA, name="Carla Dias"),
        claim("a-1/2", ANA, name="Carla Dias", merged="a-1/1"),
        claim("a-1/2", ANA, name="Carla Dias", live=False),
    ],
    ids=["elsewhere", "merged", "deleted"],
)
def test_names_make_a_value_shared_between_live_records_of_one_connection_alone(second: Claim) -> None:
    assert not any(group.shared for group in grouped([claim("a-1/1", ANA, name="Bruno Lima"), second]))


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_whether_names_are_alike_does_not_depend_on_which_came_first(order: tuple[int, ...]) -> None:
    claims = [claim(f"a-1/{number}", ANA, name=NEAR[number]) for number in order]
    assert members(grouped(claims)) == [["a-1/0"], ["a-1/1"], ["a-1/2"]]


def test_nobody_has_fifty_one_names_in_one_connection_however_alike() -> None:
    alike = [claim(f"a-1/{number:02}", ANA, name=f"Maximiliana Albuquerque {number:02}") for number in range(51)]
    assert len(grouped(alike)) == 51
    assert len(grouped(alike[1:])) == 1


def test_a_customer_has_ten_addresses_at_most_and_whether_it_has_more_is_asked() -> None:
    assert members(grouped([claim("a-1/1", addresses(0, 6)), claim("b-1/2", addresses(5, 10))])) == [["a-1/1", "b-1/2"]]
    first, second = grouped([claim("a-1/1", addresses(0, 6)), claim("b-1/2", addresses(5, 11))])
    link = Link(0.97, "a-1/1", "b-1/2", "I3", "email:5@example.com")
    assert first.refused == second.refused == ((link, "limit"),)
    assert (first.links, second.links) == ((), ())
    assert first.candidates == second.candidates == (("I3", 0.97, "a-1/1", "b-1/2", (link,)),)


def test_a_customer_has_five_numbers_at_most() -> None:
    three = claim("a-1/1", f"{ANA} {phones(0, 3)}", name="Ana Souza")
    five, six = (claim("b-1/2", f"{ANA} {phones(2, end)}", name="Ana Souza") for end in (5, 6))
    assert members(grouped([three, five])) == [["a-1/1", "b-1/2"]]
    found = grouped([three, six])
    assert members(found) == [["a-1/1"], ["b-1/2"]]
    (asked,) = suspicions(found)
    assert (asked.rule, asked.score, [link.rule for link in asked.evidence]) == ("I2", 0.99, ["I2", "I5", "I9"])


def test_the_surer_link_is_made_first_where_a_guard_allows_only_one() -> None:
    middle = claim("m-1/1", f"{addresses(0, 6)} native:z:contact:9")
    mailed, named = claim("a-1/2", addresses(5, 10)), claim("z-1/9", addresses(20, 24))
    assert members(grouped([mailed, middle, named])) == [["a-1/2"], ["m-1/1", "z-1/9"]]


@pytest.mark.parametrize(
    ("address", "first", "second"),
    [
        ("ana@acme.com.br", "Ana Souza", "Ana Lima"),
        ("asouza@acme.com.br", "Ana Souza", "Alice Souza"),
        ("karen@acme.com.br", "Karen Mills", "Karen Khan"),
        ("karen@acme.com.br", "Karen Khan", "Karen Mills"),
        ("familia.souza@example.com", "Bruno Souza", "Carla Souza"),
        ("ana.souza@acme.com.br", "Ana Souza", "Carla Dias"),
    ],
    ids=["a first name", "an initial", "words alike", "words alike, turned", "a family", "reassigned"],
)
def test_an_address_under_contradicting_names_is_a_question(address: str, first: str, second: str) -> None:
    found = grouped([claim("a-1/1", f"email:{address}", name=first), claim("b-1/2", f"email:{address}", name=second)])
    link = Link(0.99, "a-1/1", "b-1/2", "I2", f"email:{address}")
    assert [group.refused for group in found] == [((link, "names"),)] * 2
    assert suspicions(found) == {("I2", 0.99, "a-1/1", "b-1/2", (link,))}


@pytest.mark.parametrize(
    ("address", "first", "second"),
    [
        ("ana@acme.com.br", "Ana Souza", "ANA SOUSA"),
        ("ana@acme.com.br", "Ana Souza", "Ana"),
        ("ana@acme.com.br", "Ana Souza", "Souza, Ana Maria"),
        ("ana@acme.com.br", "Ana Souza", "A. Souza"),
        ("ana@acme.com.br", "Ana Souza", ""),
        ("ana@acme.com.br", "Ana Souza", "Acme Ltda"),
        ("ana@acme.com.br", "Ana Souza", "ana@acme.com.br"),
        ("ana@acme.com.br", "José da Silva", "José Silva"),
        ("ana.souza@acme.com.br", "Ana Souza", "Ana Lima"),
        ("jose.souza@acme.com.br", "José Souza", "Pepe Souza"),
        ("bruce@acme.com.br", "李小龍", "Bruce Lee"),
    ],
    ids=["typo", "part", "turned", "initial", "none", "firm", "address", "particle", "married", "nickname", "script"],
)
def test_names_that_may_be_one_persons_do_not_contradict(address: str, first: str, second: str) -> None:
    claims = [claim("a-1/1", f"email:{address}", name=first), claim("b-1/2", f"email:{address}", name=second)]
    assert members(grouped(claims)) == [["a-1/1", "b-1/2"]]


def test_a_name_between_two_that_contradict_does_not_join_them() -> None:
    names = ("Lars Russo", "Lars", "Lars Meyer")
    claims = [claim(f"{letter}-1/1", "email:lars@acme.com", name=name) for letter, name in zip("abc", names, strict=True)]
    assert members(grouped(claims)) == [["a-1/1", "b-1/1"], ["c-1/1"]]


def test_an_address_with_more_than_fifty_names_in_as_many_connections_joins_no_more() -> None:
    claims = [claim(f"a-{number:02}/1", ANA, name=f"Maximiliana Albuquerque {number:02}") for number in range(51)]
    assert [len(group) for group in members(grouped(claims))] == [50, 1]
    assert [len(group) for group in members(grouped(claims[1:]))] == [50]
