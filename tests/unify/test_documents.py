"""The document of a customer: what it is called, its addresses and numbers united, its records and where it belongs."""

import pytest

from hub.model import Company, Contact, Email, Phone
from hub.unify import golden, groups
from tests.unify.claiming import at, member, whole

CRM = member(
    "hubspot-1",
    Contact(
        id="101",
        full_name="José da Conceição",
        job_title="CFO",
        emails=(Email(address="Jose@exämple.com", primary=True),),
        phones=(Phone(number="+55 11 91234-5678", label="mobile"),),
        company_ids=("7",),
        created_at=at("2025-01-01"),
        changed_at=at("2025-03-01T12:00"),
        url="https://example.com/101",
    ),
)
HELPDESK = member(
    "zendesk-1",
    Contact(
        id="9001",
        job_title="Diretora Financeira",
        emails=(Email(address="JOSE@xn--exmple-cua.com", verified=True), Email(address="jose@acme.com.br")),
        created_at=at("2025-02-01"),
        changed_at=at("2024-11-02T10:00"),
    ),
)
OF_CRM = {"connection_id": "hubspot-1", "system": "hubspot", "type": "contact", "id": "101"}
OF_HELPDESK = {"connection_id": "zendesk-1", "system": "zendesk", "type": "contact", "id": "9001"}
DOCUMENT = {
    "type": "person",
    "name": "José da Conceição",
    "live": True,
    "fields": {
        "full_name": {
            "value": "José da Conceição",
            "rule": "only",
            "source": OF_CRM | {"field": "full_name"},
            "changed_at": "2025-03-01T12:00:00Z",
            "candidates": [],
        },
        "job_title": {
            "value": "CFO",
            "rule": "most_recent_by_priority",
            "source": OF_CRM | {"field": "job_title"},
            "changed_at": "2025-03-01T12:00:00Z",
            "candidates": [
                OF_HELPDESK
                | {"value": "Diretora Financeira", "changed_at": "2024-11-02T10:00:00Z", "lost_because": "lower_priority"}
            ],
        },
    },
    "emails": [
        {
            "address": "jose@xn--exmple-cua.com",
            "primary": True,
            "verified": True,
            "shared": False,
            "sources": [OF_CRM | {"written": "Jose@exämple.com"}, OF_HELPDESK | {"written": "JOSE@xn--exmple-cua.com"}],
        },
        {
            "address": "jose@acme.com.br",
            "primary": False,
            "verified": False,
            "shared": False,
            "sources": [OF_HELPDESK | {"written": "jose@acme.com.br"}],
        },
    ],
    "phones": [{"number": "+55 11 91234-5678", "label": "mobile", "sources": [OF_CRM]}],
    "records": [
        OF_CRM
        | {
            "record_id": "hubspot-1/101",
            "state": "live",
            "url": "https://example.com/101",
            "created_at": "2025-01-01T00:00:00Z",
            "changed_at": "2025-03-01T12:00:00Z",
            "joined_by": ["email"],
        },
        OF_HELPDESK
        | {
            "record_id": "zendesk-1/9001",
            "state": "live",
            "url": None,
            "created_at": "2025-02-01T00:00:00Z",
            "changed_at": "2024-11-02T10:00:00Z",
            "joined_by": ["email"],
        },
    ],
    "since": "2025-01-01T00:00:00Z",
    "companies": [{"connection_id": "hubspot-1", "id": "7"}],
    "email_domains": ["acme.com.br", "xn--exmple-cua.com"],
}


def test_the_document_of_a_person_holds_every_value_with_its_source_and_what_lost_to_it() -> None:
    (group,) = groups([HELPDESK.claim, CRM.claim])
    assert golden(group, [HELPDESK, CRM]) == DOCUMENT


@pytest.mark.parametrize(
    ("entity", "name"),
    [
        (Contact(id="1", full_name="Ana Souza", given_name="Anna"), "Ana Souza"),
        (Contact(id="1", given_name="Ana", family_name="Souza"), "Ana Souza"),
        (Contact(id="1", family_name="Souza", full_name="-"), "Souza"),
        (Contact(id="1", emails=(Email(address="Ana@Example.com"), Email(address="b@example.com"))), "Ana@Example.com"),
        (Contact(id="1"), "contact 1"),
        (Company(id="1", name="Acme", legal_name="Acme Ltda"), "Acme"),
        (Company(id="1"), "company 1"),
    ],
)
def test_a_customer_is_called_by_its_name_else_its_parts_else_an_address_else_its_number(
    entity: Contact | Company, name: str
) -> None:
    assert whole(member("hubspot-1", entity))["name"] == name


def test_what_is_deleted_speaks_only_where_nothing_live_is_left() -> None:
    gone = member("hubspot-1", Contact(id="1", job_title="CFO", emails=(Email(address="old@example.com"),)), state="deleted")
    there = member("zendesk-1", Contact(id="1", job_title="Boss", changed_at=at("2020-01-01")))
    both = whole(gone, there)
    assert (both["live"], both["fields"]["job_title"]["value"], both["emails"]) == (True, "Boss", [])
    assert [each["state"] for each in both["records"]] == ["deleted", "live"]
    alone = whole(gone)
    assert (alone["live"], alone["fields"]["job_title"]["value"], len(alone["emails"])) == (False, "CFO", 1)


def test_a_customer_is_one_since_its_eldest_record_also_where_that_is_deleted() -> None:
    gone = member("zendesk-1", Contact(id="1", created_at=at("2020-01-01")), state="deleted")
    there = member("hubspot-1", Contact(id="2", created_at=at("2025-01-01")))
    assert whole(there, gone)["since"] == "2020-01-01T00:00:00Z"
    assert whole(member("hubspot-1", Contact(id="1")))["since"] is None


def test_addresses_are_united_the_verified_first_then_what_a_source_ranks_first() -> None:
    crm = Contact(id="1", emails=(Email(address="d@example.com"), Email(address="b@example.com", primary=True)))
    helpdesk = Contact(
        id="2",
        emails=(Email(address="c@example.com", verified=True), Email(address="A@example.com"), Email(address="info@example.com")),
    )
    found = whole(member("hubspot-1", crm), member("zendesk-1", helpdesk))["emails"]
    assert [each["address"] for each in found] == [
        "c@example.com",
        "b@example.com",
        "a@example.com",
        "d@example.com",
        "info@example.com",
    ]


def test_an_address_that_several_people_use_is_marked() -> None:
    first = member("hubspot-1", Contact(id="1", emails=(Email(address="casa@example.com"),)), name="Bruno Lima")
    second = member("hubspot-1", Contact(id="2", emails=(Email(address="casa@example.com"),)), name="Carla Dias")
    group = next(iter(groups([first.claim, second.claim])))
    assert [each["shared"] for each in golden(group, [first])["emails"]] == [True]


def test_numbers_are_united_as_the_sources_wrote_them() -> None:
    crm = Contact(id="1", phones=(Phone(number="+5511912345678", label="mobile"), Phone(number="+551134567890")))
    helpdesk = Contact(id="2", phones=(Phone(number="+5511912345678", label="work"),))
    found = whole(member("hubspot-1", crm), member("zendesk-1", helpdesk))["phones"]
    assert [(each["number"], each["label"], len(each["sources"])) for each in found] == [
        ("+551134567890", None, 1),
        ("+5511912345678", "mobile", 2),
    ]


def test_a_company_has_the_domains_it_is_recognised_by_and_a_person_the_companies_it_is_said_to_be_of() -> None:
    company = member("hubspot-1", Company(id="7", domains=("acme.com.br",), website="https://www.acme.com"))
    assert whole(company)["domains"] == ["acme.com", "acme.com.br"]
    one = member("hubspot-1", Contact(id="1", company_ids=("8", "7"), emails=(Email(address="ana@gmail.com"),)))
    two = member("zendesk-1", Contact(id="1", company_ids=("7",), emails=(Email(address="ana@mail.acme.com.br"),)))
    found = whole(two, one)
    assert found["companies"] == [
        {"connection_id": "hubspot-1", "id": "7"},
        {"connection_id": "hubspot-1", "id": "8"},
        {"connection_id": "zendesk-1", "id": "7"},
    ]
    assert found["email_domains"] == ["acme.com.br"]
