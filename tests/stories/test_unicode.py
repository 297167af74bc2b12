"""Names of many scripts: kept as they were written, found as they are typed, and compared as they are meant."""

import unicodedata

import pytest

from tests.stories.telling import Story, emails, joined, said
from tests.web import visiting

COMPOSED = unicodedata.normalize("NFC", "José da Conceição")
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)
FIRST, LATER = "2025-01-10T12:00:00Z", "2025-01-11T12:00:00Z"
IPEK = "İpek Y\N{LATIN SMALL LETTER DOTLESS I}lmaz"
NAMES = ("李小龍", IPEK, "Zoë 🚀", "שרה כהן")


def test_one_person_in_two_spellings_of_one_address_is_one_customer(story: Story) -> None:
    story.tell(story.system("HubSpot"), said("contact", "1", FIRST, full_name=COMPOSED, emails=emails("jose@exämple.com")))
    second = said("contact", "2", LATER, full_name=DECOMPOSED, emails=emails("JOSE@xn--exmple-cua.com"))
    story.tell(story.system("Intercom"), second)
    (customer,) = story.listed("customers")
    assert [each["address"] for each in customer["emails"]] == ["jose@xn--exmple-cua.com"]
    assert joined(customer) == [("I2", 0.99)]
    assert story.candidates() == []
    story.tell_again()


@pytest.mark.parametrize(("winner", "loser"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])
def test_the_name_is_the_winning_sources_byte_for_byte(story: Story, winner: str, loser: str) -> None:
    assert winner.encode() != loser.encode()
    story.tell(story.system("HubSpot"), said("contact", "1", FIRST, full_name=loser, emails=emails("jose@exämple.com")))
    story.tell(story.system("Intercom"), said("contact", "2", LATER, full_name=winner, emails=emails("jose@exämple.com")))
    (customer,) = story.listed("customers")
    assert customer["name"].encode() == winner.encode()
    assert customer["fields"]["full_name"]["value"].encode() == winner.encode()
    assert [each["id"] for each in story.listed("customers", q="jose conceicao")] == [customer["id"]]
    story.tell_again()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_script_comes_back_as_it_was_sent(story: Story, name: str) -> None:
    story.tell(story.system("HubSpot"), said("contact", "1", FIRST, full_name=name))
    (customer,) = story.listed("customers", q=name)
    assert customer["name"] == name
    (contact,) = story.listed("contacts")
    assert contact["data"]["full_name"] == name
    assert story.asks.get("customers").get_data().decode().count(name) > 0
    story.tell_again()


def test_a_person_reads_every_name_on_the_page(story: Story) -> None:
    people = [said("contact", str(number), FIRST, full_name=name) for number, name in enumerate((COMPOSED, *NAMES))]
    story.tell(story.system("HubSpot"), *people)
    page = visiting.admin(story.hub).text("/customers")
    assert [name for name in (COMPOSED, *NAMES) if name not in page] == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jose conceicao", COMPOSED),
        ("JOSÉ", COMPOSED),
        ("strasse", "STRAßE GmbH"),
        ("Strasse", "STRAßE GmbH"),
        ("straße", "STRAßE GmbH"),
        ("ipek yilmaz", IPEK),
        ("İpek", IPEK),
        ("李小龍", "李小龍"),
        ("🚀", "Zoë 🚀"),
        ("zoe", "Zoë 🚀"),
        ("שרה", "שרה כהן"),
    ],
)
def test_a_name_is_found_as_people_type_it(story: Story, typed: str, found: str) -> None:
    people = [said("contact", str(number), FIRST, full_name=name) for number, name in enumerate((COMPOSED, *NAMES))]
    story.tell(story.system("HubSpot"), *people, said("company", "S", FIRST, name="STRAßE GmbH"))
    assert [each["name"] for each in story.listed("customers", q=typed)] == [found]


def test_two_spellings_of_one_firm_are_two_rows_and_a_question(story: Story) -> None:
    story.tell(story.system("Pipedrive"), said("company", "1", FIRST, name="Açaí & Cia Ltda"))
    story.tell(story.system("Zendesk"), said("company", "2", LATER, name="ACAI E CIA LTDA"))
    firms = list(story.listed("customers", type="company"))
    assert sorted(each["name"] for each in firms) == ["ACAI E CIA LTDA", "Açaí & Cia Ltda"]
    (found,) = story.candidates()
    assert (found["rule"], found["score"], found["state"]) == ("I8", 0.80, "review")
    assert set(found["customers"]) == {each["id"] for each in firms}
    story.tell_again()
