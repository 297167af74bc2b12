"""Which records are one customer: the rules that join them, and what people decided."""

from dataclasses import replace

import msgspec
import pytest

from hub.model import Email
from hub.unify import Claim
from hub.unify.links import Link
from tests.unify.claiming import ANA, BIA, addresses, claim, grouped, members, phones, suspicions

CPF, CNPJ = "111.444.777-35", "11.222.333/0001-81"
"""Numbers with right check digits, invented."""


@pytest.mark.parametrize(
    ("first", "second", "link"),
    [
        (
            claim("hubspot-1/101"),
            claim("zendesk-1/9", "native:hubspot:101"),
            Link(1.00, "hubspot-1/101", "zendesk-1/9", "I1", "native:hubspot:contact:101"),
        ),
        (
            claim("hubspot-1/101"),
            claim("zendesk-1/9", "native:hubspot-1:contact:101"),
            Link(1.00, "hubspot-1/101", "zendesk-1/9", "I1", "native:hubspot-1:contact:101"),
        ),
        (claim("a-1/1", ANA), claim("b-1/2", ANA), Link(0.99, "a-1/1", "b-1/2", "I2", ANA)),
        (claim("a-1/1", ANA), claim("b-1/2", f"{BIA} {ANA}"), Link(0.97, "a-1/1", "b-1/2", "I3", ANA)),
        (
            claim("a-1/1", says={"tax_id": CPF}),
            claim("b-1/2", says={"tax_id": "11144477735"}),
            Link(0.99, "a-1/1", "b-1/2", "I4", "tax:cpf:11144477735"),
        ),
        (
            claim("a-1/1", kind="company", says={"tax_id": CNPJ}),
            claim("b-1/2", kind="company", says={"tax_id": "11222333000181"}),
            Link(0.99, "a-1/1", "b-1/2", "I4", "tax:cnpj:11222333000181"),
        ),
        (
            claim("a-1/1", "domain:acme.com.br", kind="company"),
            claim("b-1/2", "domain:www.acme.com.br", kind="company"),
            Link(0.96, "a-1/1", "b-1/2", "I7", "domain:acme.com.br"),
        ),
    ],
    ids=["I1", "I1 by connection", "I2", "I3", "I4 of a person", "I4 of a company", "I7"],
)
def test_two_records_that_share_a_key_are_one_customer_and_the_link_says_why(first: Claim, second: Claim, link: Link) -> None:
    (group,) = grouped([second, first])
    assert (group.claims, group.links, group.candidates) == ((first, second), (link,), ())


def test_an_address_that_the_source_ranks_first_is_primary_among_several() -> None:
    emails = (Email(address="ana@example.com", primary=True), Email(address="bia@example.com"))
    ranked = replace(plain := claim("b-1/2"), entity=msgspec.structs.replace(plain.entity, emails=emails))
    assert [link.rule for link in grouped([claim("a-1/1", ANA), ranked])[0].links] == ["I2"]
    assert [link.rule for link in grouped([claim("a-1/1", BIA), ranked])[0].links] == ["I3"]


@pytest.mark.parametrize("tax_id", ["111.444.777-36", "111.111.111-11", "000.000.000-00", "123", ""])
def test_a_tax_number_that_is_none_joins_nobody(tax_id: str) -> None:
    claims = [claim("a-1/1", says={"tax_id": tax_id}), claim("b-1/2", says={"tax_id": tax_id})]
    assert members(grouped(claims)) == [["a-1/1"], ["b-1/2"]]


def test_a_record_that_shares_nothing_is_a_customer_of_its_own() -> None:
    claims = [claim("hubspot-1/1", ANA, name="Ana Souza"), claim("zendesk-1/9", BIA, name="Ana Souza")]
    assert members(grouped(claims)) == [["hubspot-1/1"], ["zendesk-1/9"]]


def test_records_are_joined_over_others_in_between() -> None:
    claims = [claim("a-1/1", ANA), claim("b-1/2", f"{ANA} {BIA}"), claim("c-1/3", BIA)]
    assert members(grouped(claims)) == [["a-1/1", "b-1/2", "c-1/3"]]


def test_the_eldest_record_leads_and_one_without_a_date_comes_last() -> None:
    claims = [claim("a-1/1", ANA), claim("b-1/2", ANA, day=5), claim("c-1/3", ANA, day=2), claim("b-1/1", ANA, day=5)]
    (group,) = grouped(claims)
    assert [each.record_id for each in group.claims] == ["c-1/3", "b-1/1", "b-1/2", "a-1/1"]
    assert group.anchor.record_id == "c-1/3"


def test_a_merged_record_belongs_where_the_record_it_was_merged_into_belongs() -> None:
    (group,) = grouped([claim("a-1/1", ANA, merged="a-1/2"), claim("a-1/2", BIA)])
    assert group.links == (Link(1.0, "a-1/1", "a-1/2", "merge", "merge:"),)


def test_a_record_merged_into_one_that_is_not_here_stays_alone() -> None:
    assert members(grouped([claim("a-1/1", ANA, merged="a-1/7"), claim("a-1/2", BIA)])) == [["a-1/1"], ["a-1/2"]]


def test_two_accounts_of_one_system_may_use_a_number_twice_so_only_the_connection_makes_it_somebodys() -> None:
    first, second = claim("hubspot-1/7"), claim("hubspot-2/7")
    vague, exact = claim("zendesk-1/9", "native:hubspot:contact:7"), claim("zendesk-1/9", "native:hubspot-2:contact:7")
    assert members(grouped([first, second, vague])) == [["hubspot-1/7"], ["hubspot-2/7"], ["zendesk-1/9"]]
    assert members(grouped([first, vague])) == [["hubspot-1/7", "zendesk-1/9"]]
    assert members(grouped([first, second, exact])) == [["hubspot-1/7"], ["hubspot-2/7", "zendesk-1/9"]]


@pytest.mark.parametrize("kind", ["contact", "company"])
def test_a_person_is_never_a_company_whatever_a_source_refers_to(kind: str) -> None:
    company = claim("a-1/1", "native:b:contact:2", kind="company")
    found = grouped([company, claim("b-1/2", kind="contact")])
    assert {group.anchor.type for group in found} == {"company", "contact"}
    (refused,) = next(group for group in found if group.anchor.type == kind).refused
    assert (refused.link.key, refused.why) == ("native:b:contact:2", "type")
    assert not suspicions(found)


def test_two_that_a_person_has_said_are_not_the_same_stay_apart_also_over_a_third_and_nobody_asks_again() -> None:
    claims = [claim("a-1/1", ANA), claim("b-1/2", ANA), claim("c-1/3", ANA)]
    found = grouped(claims, apart=[["a-1/1", "c-1/3"]])
    assert members(found) == [["a-1/1", "b-1/2"], ["c-1/3"]]
    assert {refused.why for group in found for refused in group.refused} == {"apart"}
    assert not suspicions(found)


def test_taking_the_word_back_gives_the_first_state_again() -> None:
    claims = [claim("a-1/1", ANA), claim("b-1/2", ANA)]
    before = grouped(claims)
    assert members(grouped(claims, apart=[["a-1/1", "b-1/2"]])) == [["a-1/1"], ["b-1/2"]]
    assert grouped(claims, apart=[]) == before


def test_a_word_about_records_that_are_not_here_changes_nothing() -> None:
    claims = [claim("a-1/1", ANA), claim("b-1/2", ANA)]
    assert members(grouped(claims, apart=[["a-1/1", "z-1/9"]], together=[["a-1/1", "z-1/8"]])) == [["a-1/1", "b-1/2"]]


def test_two_that_a_person_has_said_are_one_are_one_whatever_the_limits() -> None:
    claims = [claim("a-1/1", f"{addresses(0, 8)} {phones(0, 4)}"), claim("b-1/2", f"{addresses(8, 16)} {phones(4, 8)}")]
    (group,) = grouped(claims, together=[["b-1/2", "a-1/1"]])
    assert group.links == (Link(1.0, "a-1/1", "b-1/2", "manual", "manual:"),)


def test_nobody_can_say_that_a_person_is_a_company() -> None:
    claims = [claim("a-1/1"), claim("b-1/2", kind="company")]
    found = grouped(claims, together=[["a-1/1", "b-1/2"]])
    assert members(found) == [["a-1/1"], ["b-1/2"]]
    assert not suspicions(found)


def test_what_people_said_comes_before_what_a_source_says() -> None:
    claims = [claim("a-1/1", "native:c:contact:3"), claim("b-1/2"), claim("c-1/3")]
    found = grouped(claims, together=[["b-1/2", "c-1/3"]], apart=[["a-1/1", "b-1/2"]])
    assert members(found) == [["a-1/1"], ["b-1/2", "c-1/3"]]


def test_a_hundred_records_with_one_address_are_one_customer() -> None:
    (group,) = grouped([claim(f"a-1/{number:03}", ANA) for number in range(100)])
    assert (len(group.claims), len(group.links)) == (100, 99)


def test_nothing_makes_no_customers() -> None:
    assert grouped([]) == []
