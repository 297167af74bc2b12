"""The earliest and the latest: acquisition, the sources of the first and last touch, the last contact."""

import pytest

from hub.model import Company, Contact, Lead
from hub.unify.golden import Dealings
from tests.unify.golden_records import at, member, origin, whole

CRM = member("hubspot-1", Contact(id="1", created_at=at("2025-02-04"), changed_at=at("2025-03-01"), source="Google"))
HELPDESK = member("zendesk-1", Contact(id="2", created_at=at("2025-03-20"), source="Chat"), received="2025-03-21")
SOURCE = Lead(id="5", captured_at=at("2025-02-03T13:00"), source="Fair", changed_at=at("2025-02-05"))


def led(*leads: Lead, connection: str = "hubspot-1") -> Dealings:
    return Dealings(leads=tuple((lead, origin(f"{connection}/{lead.id}", "lead")) for lead in leads))


def test_a_customer_was_acquired_when_the_first_source_met_it() -> None:
    assert whole(HELPDESK, CRM, dealings=led(SOURCE))["dates"] == {
        "acquisition": {
            "value": "2025-02-03T13:00:00Z",
            "rule": "earliest",
            "confidence": 0.8,
            "source": origin("hubspot-1/5", "lead") | {"field": "captured_at"},
            "changed_at": "2025-02-05T00:00:00Z",
            "recorded_at": None,
            "precision": "instant",
            "candidates": [
                origin("hubspot-1/1")
                | {
                    "value": "2025-02-04T00:00:00Z",
                    "changed_at": "2025-03-01T00:00:00Z",
                    "recorded_at": None,
                    "precision": "instant",
                    "lost_because": "later",
                },
                origin("zendesk-1/2")
                | {
                    "value": "2025-03-20T00:00:00Z",
                    "changed_at": None,
                    "recorded_at": "2025-03-21T00:00:00Z",
                    "precision": "instant",
                    "lost_because": "later",
                },
            ],
        }
    }


def test_signing_up_counts_and_a_lead_that_nobody_captured_counts_from_when_it_was_made() -> None:
    buyer = member("shop-1", Company(id="7", created_at=at("2025-05-01"), signed_up_at=at("2025-04-01")))
    assert whole(buyer)["dates"]["acquisition"]["source"]["field"] == "signed_up_at"
    found = whole(buyer, dealings=led(Lead(id="5", created_at=at("2025-03-01"))))["dates"]["acquisition"]
    assert (found["value"], found["source"]["field"]) == ("2025-03-01T00:00:00Z", "created_at")


@pytest.mark.parametrize(
    ("instant", "value", "precision"),
    [
        ("2025-02-03T13:00", "2025-02-03T13:00:00Z", "instant"),
        ("2025-02-04T02:59", "2025-02-04T02:59:00Z", "instant"),
        ("2025-02-04T03:00", "2025-02-03T03:00:00Z", "day"),
    ],
)
def test_a_day_comes_after_the_instants_of_that_day_and_before_the_next(instant: str, value: str, precision: str) -> None:
    """03:00 UTC is midnight in Sao Paulo."""
    day = member("zendesk-1", Contact(id="1", created_at=at("2025-02-03T03:00"), days=("created_at",)))
    exact = member("hubspot-1", Contact(id="2", created_at=at(instant)))
    found = whole(day, exact)["dates"]["acquisition"]
    assert (found["value"], found["precision"]) == (value, precision)


def test_what_nobody_dates_has_no_dates() -> None:
    assert whole(member("hubspot-1", Contact(id="1")))["dates"] == {}


@pytest.mark.parametrize(
    ("out", "back", "expected"),
    [
        (
            "2025-01-02",
            "2025-01-01",
            {
                "last_contact": {"value": "2025-01-02T00:00:00Z", "rule": "latest", "direction": "out"},
                "last_contacted_at": {"value": "2025-01-02T00:00:00Z", "rule": "latest", "direction": "out"},
                "last_replied_at": {"value": "2025-01-01T00:00:00Z", "rule": "latest", "direction": "in"},
            },
        ),
        (
            None,
            "2025-01-01",
            {
                "last_contact": {"value": "2025-01-01T00:00:00Z", "rule": "latest", "direction": "in"},
                "last_replied_at": {"value": "2025-01-01T00:00:00Z", "rule": "latest", "direction": "in"},
            },
        ),
        (
            "2025-01-02",
            "2025-01-02",
            {
                "last_contact": {"value": "2025-01-02T00:00:00Z", "rule": "latest", "direction": "in"},
                "last_contacted_at": {"value": "2025-01-02T00:00:00Z", "rule": "latest", "direction": "out"},
                "last_replied_at": {"value": "2025-01-02T00:00:00Z", "rule": "latest", "direction": "in"},
            },
        ),
    ],
)
def test_the_last_contact_is_the_later_of_what_went_out_and_what_came_in(
    out: str | None, back: str | None, expected: object
) -> None:
    dealings = Dealings(last_out=at(out) if out else None, last_in=at(back) if back else None)
    assert whole(member("hubspot-1", Contact(id="1")), dealings=dealings)["dates"] == expected


def test_the_original_source_is_that_of_the_earliest_touch_and_the_latest_source_that_of_the_latest() -> None:
    fields = whole(HELPDESK, CRM, dealings=led(SOURCE))["fields"]
    fair = origin("hubspot-1/5", "lead") | {"changed_at": "2025-02-05T00:00:00Z", "recorded_at": None}
    google = origin("hubspot-1/1") | {"changed_at": "2025-03-01T00:00:00Z", "recorded_at": None}
    chat = origin("zendesk-1/2") | {"changed_at": None, "recorded_at": "2025-03-21T00:00:00Z"}
    fair |= {"value": "Fair", "at": "2025-02-03T13:00:00Z", "precision": "instant"}
    google |= {"value": "Google", "at": "2025-02-04T00:00:00Z", "precision": "instant"}
    chat |= {"value": "Chat", "at": "2025-03-20T00:00:00Z", "precision": "instant"}
    assert fields["original_source"] == {
        "value": "Fair",
        "rule": "earliest",
        "confidence": 0.8,
        "source": origin("hubspot-1/5", "lead") | {"field": "source"},
        "changed_at": "2025-02-05T00:00:00Z",
        "recorded_at": None,
        "at": "2025-02-03T13:00:00Z",
        "precision": "instant",
        "candidates": [google | {"lost_because": "later"}, chat | {"lost_because": "later"}],
    }
    assert fields["latest_source"] == {
        "value": "Chat",
        "rule": "latest",
        "confidence": 0.8,
        "source": origin("zendesk-1/2") | {"field": "source"},
        "changed_at": None,
        "recorded_at": "2025-03-21T00:00:00Z",
        "at": "2025-03-20T00:00:00Z",
        "precision": "instant",
        "candidates": [google | {"lost_because": "earlier"}, fair | {"lost_because": "earlier"}],
    }


def test_a_touch_without_a_date_is_neither_first_nor_last_while_another_has_one_and_no_word_is_no_source() -> None:
    dated = member("zendesk-1", Contact(id="2", created_at=at("2025-03-20"), source="Chat"))
    undated = member("hubspot-1", Contact(id="1", source="Google"))
    silent = member("shop-1", Contact(id="3", created_at=at("2020-01-01"), source="unknown"))
    fields = whole(dated, undated, silent, dealings=led(Lead(id="5", source="-", captured_at=at("2019-01-01"))))["fields"]
    for name in ("original_source", "latest_source"):
        assert (fields[name]["value"], [each["lost_because"] for each in fields[name]["candidates"]]) == ("Chat", ["undated"])
    assert whole(undated)["fields"]["original_source"]["value"] == "Google"


def test_touches_of_one_moment_go_by_source_priority_a_lead_being_believed_as_the_contacts_of_its_connection() -> None:
    contact = member("zendesk-1", Contact(id="2", created_at=at("2025-02-03T13:00"), source="Chat"))
    crm = member("hubspot-1", Contact(id="1"))
    fields = whole(contact, crm, dealings=led(SOURCE))["fields"]
    for name in ("original_source", "latest_source"):
        assert (fields[name]["value"], fields[name]["candidates"][0]["lost_because"]) == ("Fair", "tie")
        assert fields[name]["confidence"] == 0.6


def test_what_the_person_says_about_its_source_is_a_field_of_its_own() -> None:
    one = member("hubspot-1", Contact(id="1", self_reported_source="A friend", changed_at=at("2025-01-01")))
    assert whole(one)["fields"]["self_reported_source"]["value"] == "A friend"
