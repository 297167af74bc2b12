"""Addresses and numbers: united, each once, the one to use first in front."""

import pytest

from hub.model import Company, Contact, Email, Phone
from hub.unify.golden import Dealings, Member
from tests.unify.golden_records import at, member, origin, whole


def reached(connection: str, *addresses: Email, changed: str = "2025-01-01", source_id: str = "1") -> Member:
    return member(connection, Contact(id=source_id, changed_at=at(changed), emails=addresses))


def called(connection: str, *numbers: Phone, changed: str = "2025-01-01", country: str | None = None) -> Member:
    return member(connection, Contact(id="1", changed_at=at(changed), phones=numbers, country=country))


def mail(address: str, *, primary: bool = False, verified: bool | None = None) -> Email:
    return Email(address=address, primary=primary, verified=verified)


def test_one_address_that_two_sources_write_differently_is_one_with_both_sources() -> None:
    crm = reached("hubspot-1", Email(address="Jose@ex\u00e4mple.com", label="work", primary=True), changed="2025-03-01")
    helpdesk = reached("zendesk-1", mail("JOSE@xn--exmple-cua.com", verified=True), changed="2025-02-01")
    assert whole(helpdesk, crm)["emails"] == [
        {
            "address": "jose@xn--exmple-cua.com",
            "label": "work",
            "primary": True,
            "verified": True,
            "shared": False,
            "rule": "verified",
            "changed_at": "2025-03-01T00:00:00Z",
            "sources": [
                origin("hubspot-1/1") | {"written": "Jose@ex\u00e4mple.com"},
                origin("zendesk-1/1") | {"written": "JOSE@xn--exmple-cua.com"},
            ],
        }
    ]


def test_the_verified_address_leads_then_what_the_latest_inbound_activity_used_then_the_crms_then_the_most_recent() -> None:
    crm = reached("hubspot-1", mail("crm@example.com", primary=True), mail("older@example.com"), changed="2025-01-01")
    helpdesk = reached("zendesk-1", mail("newer@example.com", primary=True), mail("Used@example.com"), changed="2025-06-01")
    shop = reached("shop-1", mail("verified@example.com", verified=True), changed="2020-01-01")
    found = whole(crm, helpdesk, shop, dealings=Dealings(last_in_email="USED@example.com"))["emails"]
    assert [(each["address"], each["rule"], each["primary"]) for each in found] == [
        ("verified@example.com", "verified", True),
        ("used@example.com", "latest_inbound", False),
        ("crm@example.com", "crm_primary", False),
        ("newer@example.com", "most_recent", False),
        ("older@example.com", "most_recent", False),
    ]


@pytest.mark.parametrize("used", ["a@example.com", "b@example.com"])
def test_of_two_verified_addresses_the_one_used_last_leads(used: str) -> None:
    crm = reached("hubspot-1", mail("a@example.com", verified=True), mail("b@example.com", verified=True))
    assert whole(crm, dealings=Dealings(last_in_email=used))["emails"][0]["address"] == used


def test_the_only_address_of_a_crm_record_is_its_primary_and_that_of_a_helpdesk_is_not_the_crms() -> None:
    crm = reached("hubspot-1", mail("only@example.com"), changed="2020-01-01")
    helpdesk = reached("zendesk-1", mail("newer@example.com", primary=True), changed="2025-01-01")
    found = whole(crm, helpdesk)["emails"]
    assert [(each["address"], each["rule"]) for each in found] == [
        ("only@example.com", "crm_primary"),
        ("newer@example.com", "most_recent"),
    ]


def test_addresses_of_equal_standing_go_by_source_priority_then_by_the_sources_own_order() -> None:
    helpdesk = reached("zendesk-1", mail("c@example.com"), mail("z@example.com"), mail("b@example.com", primary=True))
    shop = reached("shop-1", mail("y@example.com"), mail("a@example.com"))
    assert [each["address"] for each in whole(helpdesk, shop)["emails"]] == [
        "y@example.com",
        "a@example.com",
        "b@example.com",
        "c@example.com",
        "z@example.com",
    ]


def test_an_address_is_as_recent_as_the_newest_record_that_has_it() -> None:
    old = reached("shop-1", mail("kept@example.com"), mail("left@example.com"), changed="2024-01-01")
    new = reached("zendesk-1", mail("kept@example.com"), changed="2025-01-01")
    found = whole(reached("shop-2", mail("left@example.com"), changed="2024-06-01"), old, new)["emails"]
    assert [(each["address"], each["changed_at"], len(each["sources"])) for each in found] == [
        ("kept@example.com", "2025-01-01T00:00:00Z", 2),
        ("left@example.com", "2024-06-01T00:00:00Z", 2),
    ]


def test_what_says_nothing_is_no_address_and_what_many_use_is_marked() -> None:
    found = whole(
        reached("hubspot-1", mail("N/A"), mail(" "), mail("casa@example.com")), shared=frozenset({"email:casa@example.com"})
    )
    assert [(each["address"], each["shared"]) for each in found["emails"]] == [("casa@example.com", True)]


def test_one_number_that_two_sources_write_differently_is_one_in_e164() -> None:
    crm = called("hubspot-1", Phone(number="(11) 91234-5678", label="mobile", primary=True), changed="2025-03-01")
    helpdesk = called("zendesk-1", Phone(number="+55 11 91234-5678"), changed="2025-02-01")
    assert whole(helpdesk, crm)["phones"] == [
        {
            "number": "+5511912345678",
            "e164": "+5511912345678",
            "mobile": True,
            "label": "mobile",
            "primary": True,
            "shared": False,
            "rule": "mobile",
            "changed_at": "2025-03-01T00:00:00Z",
            "sources": [
                origin("hubspot-1/1") | {"written": "(11) 91234-5678"},
                origin("zendesk-1/1") | {"written": "+55 11 91234-5678"},
            ],
        }
    ]


def test_a_mobile_number_that_nobody_shares_leads_then_the_crms_then_the_most_recent() -> None:
    crm = called("hubspot-1", Phone(number="11 3456-7890", primary=True), Phone(number="11 3456-7891"), changed="2025-01-01")
    helpdesk = called("zendesk-1", Phone(number="11 91234-5678"), Phone(number="11 98765-4321"), changed="2025-06-01")
    found = whole(crm, helpdesk, shared=frozenset({"phone:+5511912345678"}))["phones"]
    assert [(each["number"], each["rule"], each["shared"], each["primary"]) for each in found] == [
        ("+5511987654321", "mobile", False, True),
        ("+551134567890", "crm_primary", False, False),
        ("+5511912345678", "most_recent", True, False),
        ("+551134567891", "most_recent", False, False),
    ]


def test_a_number_that_its_source_calls_shared_is_shared() -> None:
    found = whole(called("zendesk-1", Phone(number="11 91234-5678", label="shared")))["phones"]
    assert [(each["shared"], each["rule"]) for each in found] == [(True, "most_recent")]


def test_a_number_is_read_by_the_country_of_its_record_where_that_is_a_code_else_by_the_organisations() -> None:
    here = called("hubspot-1", Phone(number="020 7946 0958"), country="gb")
    there = called("zendesk-1", Phone(number="11 3456-7890"), country="Brasil")
    assert [each["number"] for each in whole(here, there)["phones"]] == ["+442079460958", "+551134567890"]
    assert [each["number"] for each in whole(there, region="US")["phones"]] == ["11 3456-7890"]


def test_a_number_that_cannot_be_read_stays_as_it_was_written_and_is_one_by_its_digits() -> None:
    crm, helpdesk = (
        called("hubspot-1", Phone(number="ramal 22-33")),
        called("zendesk-1", Phone(number="2233"), Phone(number="n/a"), Phone(number="ask Ana")),
    )
    found = whole(helpdesk, crm)["phones"]
    assert [(each["number"], each["e164"], each["mobile"], len(each["sources"])) for each in found] == [
        ("ramal 22-33", None, False, 2),
        ("ask Ana", None, False, 1),
    ]


def test_a_company_has_a_main_number() -> None:
    """Story S2: 11 3456-7890 in Brazil is +551134567890, a fixed line."""
    acme = member("hubspot-1", Company(id="7", phones=(Phone(number="11 3456-7890"),)))
    assert whole(acme)["phone_main"] == "+551134567890"
    assert whole(member("hubspot-1", Company(id="7")))["phone_main"] is None
    assert "phone_main" not in whole(called("hubspot-1", Phone(number="11 3456-7890")))


def test_one_person_in_two_tools_has_both_addresses_and_one_number() -> None:
    """Story S1, after the two were joined."""
    crm = member(
        "hubspot-1",
        Contact(
            id="101", full_name="Ana Souza", emails=(mail("Ana.Souza@Acme.com.br"),), phones=(Phone(number="(11) 91234-5678"),)
        ),
    )
    helpdesk = member(
        "zendesk-1",
        Contact(id="9001", full_name="Ana Souza", emails=(mail("ana@gmail.com"),), phones=(Phone(number="+55 11 91234-5678"),)),
    )
    found = whole(crm, helpdesk)
    assert {each["address"] for each in found["emails"]} == {"ana.souza@acme.com.br", "ana@gmail.com"}
    assert [each["number"] for each in found["phones"]] == ["+5511912345678"]
