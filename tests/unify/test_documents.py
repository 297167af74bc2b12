"""The document of a customer: what it is called, its records and where it belongs."""

from decimal import Decimal

import pytest

from hub.model import Company, Consent, ConsentState, Contact, Email, ExternalScore, Membership, Phone
from hub.unify.golden import Dealings, golden
from hub.unify.groups import groups
from tests.unify.golden_records import at, member, origin, whole

CRM = member(
    "hubspot-1",
    Contact(
        id="101",
        full_name="Jos\u00e9 da Concei\u00e7\u00e3o",
        job_title="CFO",
        emails=(Email(address="Jose@ex\u00e4mple.com", primary=True),),
        phones=(Phone(number="+55 11 91234-5678", label="mobile"),),
        company_ids=("7",),
        interests=("tea",),
        scores=(ExternalScore(name="lead", value=Decimal(7)),),
        custom={"colour": "red"},
        created_at=at("2025-01-01"),
        changed_at=at("2025-03-01T12:00"),
        url="https://example.com/101",
    ),
    received="2025-03-01T12:00:04",
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
OF_CONSENT = {"connection_id": "hubspot-1", "system": "hubspot", "type": "consent", "id": "5"}
AT_CRM = {"changed_at": "2025-03-01T12:00:00Z", "recorded_at": "2025-03-01T12:00:04Z"}
AT_HELPDESK = {"changed_at": "2024-11-02T10:00:00Z", "recorded_at": None}
DOCUMENT = {
    "type": "person",
    "name": "Jos\u00e9 da Concei\u00e7\u00e3o",
    "live": True,
    "fields": {
        "full_name": {
            "value": "Jos\u00e9 da Concei\u00e7\u00e3o",
            "rule": "only",
            "confidence": 1.0,
            "source": OF_CRM | {"field": "full_name"},
            **AT_CRM,
            "candidates": [],
        },
        "job_title": {
            "value": "CFO",
            "rule": "most_recent_by_priority",
            "confidence": 0.9,
            "source": OF_CRM | {"field": "job_title"},
            **AT_CRM,
            "candidates": [OF_HELPDESK | AT_HELPDESK | {"value": "Diretora Financeira", "lost_because": "lower_priority"}],
        },
    },
    "emails": [
        {
            "address": "jose@xn--exmple-cua.com",
            "label": None,
            "primary": True,
            "verified": True,
            "shared": False,
            "rule": "verified",
            "changed_at": "2025-03-01T12:00:00Z",
            "sources": [OF_CRM | {"written": "Jose@ex\u00e4mple.com"}, OF_HELPDESK | {"written": "JOSE@xn--exmple-cua.com"}],
        },
        {
            "address": "jose@acme.com.br",
            "label": None,
            "primary": False,
            "verified": False,
            "shared": False,
            "rule": "most_recent",
            "changed_at": "2024-11-02T10:00:00Z",
            "sources": [OF_HELPDESK | {"written": "jose@acme.com.br"}],
        },
    ],
    "phones": [
        {
            "number": "+5511912345678",
            "e164": "+5511912345678",
            "mobile": True,
            "label": "mobile",
            "primary": True,
            "shared": False,
            "rule": "mobile",
            "changed_at": "2025-03-01T12:00:00Z",
            "sources": [OF_CRM | {"written": "+55 11 91234-5678"}],
        }
    ],
    "dates": {
        "acquisition": {
            "value": "2025-01-01T00:00:00Z",
            "rule": "earliest",
            "confidence": 0.8,
            "source": OF_CRM | {"field": "created_at"},
            **AT_CRM,
            "precision": "instant",
            "candidates": [
                OF_HELPDESK | AT_HELPDESK | {"value": "2025-02-01T00:00:00Z", "precision": "instant", "lost_because": "later"}
            ],
        },
        "last_contact": {"value": "2025-03-05T00:00:00Z", "rule": "latest", "direction": "out"},
        "last_contacted_at": {"value": "2025-03-05T00:00:00Z", "rule": "latest", "direction": "out"},
    },
    "consent": [
        {
            "channel": "email",
            "purpose": "marketing",
            "value": "opt_in",
            "rule": "only",
            "confidence": 1.0,
            "source": OF_CONSENT | {"field": "state"},
            "changed_at": None,
            "recorded_at": None,
            "at": "2025-01-02T00:00:00Z",
            "legal_basis": None,
            "proof": "form 7",
            "candidates": [],
        }
    ],
    "external_scores": [OF_CRM | {"name": "lead", "value": "7", "changed_at": "2025-03-01T12:00:00Z"}],
    "custom": {"hubspot.colour": [{"value": "red", "sources": [OF_CRM]}]},
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
    "companies": [{"connection_id": "hubspot-1", "id": "7", "title": "CFO"}],
    "email_domains": ["acme.com.br", "xn--exmple-cua.com"],
    "interests": [{"value": "tea", "sources": [OF_CRM]}],
}
DEALINGS = Dealings(
    consents=(
        (
            Consent(id="5", channel="email", purpose="marketing", state=ConsentState.OPT_IN, at=at("2025-01-02"), proof="form 7"),
            OF_CONSENT,
        ),
    ),
    memberships=((Membership(id="6", company_id="7", title="CFO"), origin("hubspot-1/6", "membership")),),
    last_out=at("2025-03-05"),
)


def test_the_document_of_a_person_holds_every_value_with_its_source_and_what_lost_to_it() -> None:
    (group,) = groups([HELPDESK.claim, CRM.claim], region="BR")
    assert golden(group, [HELPDESK, CRM], region="BR", dealings=DEALINGS) == DOCUMENT


@pytest.mark.parametrize(
    ("entity", "name"),
    [
        (Contact(id="1", full_name="Ana Souza", given_name="Anna"), "Ana Souza"),
        (Contact(id="1", given_name="Ana", family_name="Souza"), "Ana Souza"),
        (Contact(id="1", family_name="Souza", full_name="-"), "Souza"),
        (Contact(id="1", emails=(Email(address="-"), Email(address="Ana@Example.com"))), "Ana@Example.com"),
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
    assert both["fields"]["job_title"]["candidates"] == []
    assert [each["state"] for each in both["records"]] == ["deleted", "live"]
    alone = whole(gone)
    assert (alone["live"], alone["fields"]["job_title"]["value"], len(alone["emails"])) == (False, "CFO", 1)


def test_a_customer_is_one_since_its_eldest_record_also_where_that_is_deleted() -> None:
    gone = member("zendesk-1", Contact(id="1", created_at=at("2020-01-01")), state="deleted")
    there = member("hubspot-1", Contact(id="2", created_at=at("2025-01-01")))
    assert whole(there, gone)["since"] == "2020-01-01T00:00:00Z"
    assert whole(member("hubspot-1", Contact(id="1")))["since"] is None


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
