"""What is kept side by side: interests, scores, the sources' own fields, companies over time."""

from decimal import Decimal

from hub.model import Company, Contact, ExternalScore, Membership
from hub.unify.golden import Dealings
from tests.unify.golden_records import at, member, origin, whole


def test_interests_are_united_as_the_most_believed_source_writes_them() -> None:
    helpdesk = member("zendesk-1", Contact(id="1", created_at=at("2020-01-01"), interests=("CAF\u00c9", "-", "tea")))
    crm = member("hubspot-1", Contact(id="2", interests=("Caf\u00e9", "Caf\u00e9")))
    assert whole(helpdesk, crm)["interests"] == [
        {"value": "Caf\u00e9", "sources": [origin("hubspot-1/2"), origin("zendesk-1/1")]},
        {"value": "tea", "sources": [origin("zendesk-1/1")]},
    ]


def test_scores_of_vendors_stand_side_by_side_with_their_system() -> None:
    score = ExternalScore(name="health", value=Decimal(82), minimum=Decimal(0), maximum=Decimal(100), higher_is_better=True)
    crm = member("hubspot-1", Company(id="7", scores=(ExternalScore(name="health", value=Decimal("0.5")),)))
    success = member("gainsight-1", Company(id="8", scores=(score,), changed_at=at("2025-01-01")))
    assert whole(success, crm)["external_scores"] == [
        origin("hubspot-1/7", "company") | {"name": "health", "value": "0.5", "changed_at": None},
        origin("gainsight-1/8", "company")
        | {
            "name": "health",
            "value": "82",
            "minimum": "0",
            "maximum": "100",
            "higher_is_better": True,
            "changed_at": "2025-01-01T00:00:00Z",
        },
    ]


def test_the_sources_own_fields_are_named_by_their_system_and_never_merged() -> None:
    first = member(
        "hubspot-1", Contact(id="1", changed_at=at("2025-01-01"), custom={"size": 1, "colour": "red", "empty": "", "gone": None})
    )
    second = member("hubspot-2", Contact(id="2", created_at=at("2020-01-01"), custom={"size": True, "colour": "red"}))
    helpdesk = member("zendesk-1", Contact(id="3", custom={"colour": ["blue"]}))
    assert whole(second, helpdesk, first)["custom"] == {
        "hubspot.colour": [{"value": "red", "sources": [origin("hubspot-1/1"), origin("hubspot-2/2")]}],
        "hubspot.size": [
            {"value": 1, "sources": [origin("hubspot-1/1")]},
            {"value": True, "sources": [origin("hubspot-2/2")]},
        ],
        "zendesk.colour": [{"value": ["blue"], "sources": [origin("zendesk-1/3")]}],
    }


def test_a_person_has_companies_over_time() -> None:
    spells = (
        Membership(id="1", company_id="8", title="CTO", is_primary=True, starts_at=at("2024-01-01")),
        Membership(id="2", company_id="8", title="n/a", is_primary=False, starts_at=at("2020-01-01"), ends_at=at("2021-01-01")),
        Membership(id="3", company_id="9"),
        Membership(id="4", company_id="9"),
        Membership(id="5"),
    )
    dealings = Dealings(memberships=tuple((each, origin(f"hubspot-1/{each.id}", "membership")) for each in spells))
    person = member("hubspot-1", Contact(id="1", company_ids=("8", "7")))
    assert whole(person, dealings=dealings)["companies"] == [
        {"connection_id": "hubspot-1", "id": "7"},
        {
            "connection_id": "hubspot-1",
            "id": "8",
            "is_primary": False,
            "from": "2020-01-01T00:00:00Z",
            "to": "2021-01-01T00:00:00Z",
        },
        {"connection_id": "hubspot-1", "id": "8", "title": "CTO", "is_primary": True, "from": "2024-01-01T00:00:00Z"},
        {"connection_id": "hubspot-1", "id": "9"},
    ]
