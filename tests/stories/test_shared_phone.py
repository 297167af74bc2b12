"""Two people share one company phone: it tells nobody apart, and nobody is asked."""

from typing import Any

import pytest

from tests.stories.telling import Story, emails, phones, said

OFFICE, MOBILE = "11 3456-7890", "(11) 91234-5678"
FIRST, LATER = "2025-01-10T12:00:00Z", "2025-01-11T12:00:00Z"
PEOPLE = {"B": ("Bruno Lima", "bruno@acme.com.br"), "C": ("Carla Dias", "carla@acme.com.br")}
ACME = said("company", "A", FIRST, name="Acme", domains=["acme.com.br"], phones=phones(OFFICE))

FATHER, SON = (
    said("contact", key, FIRST, full_name=name, emails=emails(address), phones=phones(MOBILE))
    for key, name, address in (("J1", "José da Silva", "jose@x.com.br"), ("J2", "José da Silva Filho", "filho@y.com.br"))
)


def people(at: str, *numbers: str) -> list[dict[str, Any]]:
    return [
        said("contact", key, at, full_name=name, emails=emails(address), phones=phones(*numbers))
        for key, (name, address) in PEOPLE.items()
    ]


def shared(customer: dict[str, Any]) -> dict[str, bool]:
    return {each["number"]: each["shared"] for each in customer["phones"]}


def test_the_office_line_is_the_companys_and_nobodys_own(story: Story) -> None:
    story.tell(story.system("HubSpot"), ACME, *people(FIRST, OFFICE))
    (company,) = story.listed("customers", type="company")
    assert (company["domains"], company["phone_main"]) == (["acme.com.br"], "+551134567890")
    for name in ("Bruno Lima", "Carla Dias"):
        assert shared(story.customer(name)) == {"+551134567890": True}
    assert story.candidates() == []
    story.tell_again()


def test_a_mobile_that_two_people_have_is_shared_as_well(story: Story) -> None:
    crm = story.system("HubSpot")
    story.tell(crm, ACME, *people(FIRST, OFFICE))
    story.tell(crm, *people(LATER, OFFICE, MOBILE))
    assert [each["name"] for each in story.listed("customers", type="company")] == ["Acme"]
    assert sorted(each["name"] for each in story.listed("customers", type="person")) == ["Bruno Lima", "Carla Dias"]
    for name in ("Bruno Lima", "Carla Dias"):
        assert shared(story.customer(name)) == {"+551134567890": True, "+5511912345678": True}
    assert story.candidates() == []
    story.tell_again()


def test_people_of_a_companys_domain_belong_to_the_company(story: Story) -> None:
    story.tell(story.system("HubSpot"), ACME, *people(FIRST, OFFICE))
    assert story.customer("Bruno Lima")["email_domains"] == story.customer("Acme")["domains"]


def test_a_number_is_shared_although_two_systems_tell_of_it(story: Story) -> None:
    bruno, carla = people(FIRST, OFFICE, MOBILE)
    story.tell(story.system("HubSpot"), bruno)
    story.tell(story.system("Zendesk"), carla)
    for name in ("Bruno Lima", "Carla Dias"):
        assert shared(story.customer(name)) == {"+551134567890": True, "+5511912345678": True}
    assert story.candidates() == []
    story.tell_again()


@pytest.mark.parametrize("labels", [("HubSpot",), ("HubSpot", "Zendesk")])
def test_father_and_son_with_one_mobile_are_two_and_nobody_is_asked(story: Story, labels: tuple[str, ...]) -> None:
    systems = [story.system(label) for label in labels]
    story.tell(systems[0], FATHER)
    story.tell(systems[-1], SON)
    assert sorted(each["name"] for each in story.listed("customers")) == ["José da Silva", "José da Silva Filho"]
    assert story.candidates() == []
    story.tell_again()
