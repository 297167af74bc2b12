"""What HubSpot's records tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.spec import Terms
from tests.connectors import telling

TERMS = Terms(
    pipelines={
        "default": {"closedwon": "won", "closedlost": "lost", "presentationscheduled": "open"},
        "0": {"1": "new", "4": "closed"},
    },
)
Told = tuple[str, str, dict[str, Any]]


def recorded(name: str, key: str) -> dict[str, Any]:
    found = json.loads((Path(__file__).parent / f"{name}.json").read_bytes())["results"]
    (record,) = (each for each in found if each["id"] == key)
    return dict(record)


def later(record: dict[str, Any], when: str, **properties: Any) -> dict[str, Any]:
    return {**record, "updatedAt": when, "properties": {**record["properties"], **properties}}


def told(stream: str, *versions: dict[str, Any]) -> list[Told]:
    return telling.tell("hubspot", stream, *versions, terms=TERMS)


def test_a_contact_that_went_through_every_stage() -> None:
    assert told("contacts", recorded("contacts", "101")) == [
        ("lead.captured", "2025-02-03T13:00:00Z", {"source": "ORGANIC_SEARCH"}),
        ("lead.qualified", "2025-02-10T09:30:00Z", {"level": "marketing"}),
        ("lead.qualified", "2025-02-20T15:00:00Z", {"level": "sales"}),
        ("record.merged", "2025-03-05T18:30:00.250000Z", {"from": "95"}),
        ("record.merged", "2025-03-05T18:30:00.250000Z", {"from": "96"}),
        ("source.stage_asserted", "2025-03-05T18:30:00.250000Z", {"raw": "customer"}),
    ]


@pytest.mark.parametrize(
    ("key", "facts"),
    [
        (
            "111",
            [
                ("lead.captured", "2025-03-01T10:00:00.500000Z", {"source": "PAID_SEARCH"}),
                ("source.stage_asserted", "2025-03-01T10:00:05Z", {"raw": "lead"}),
            ],
        ),
        (
            "112",
            [
                ("lead.captured", "2025-03-02T10:00:00Z", {"source": "OFFLINE"}),
                ("lead.qualified", "2025-03-08T11:00:00Z", {"level": "marketing"}),
                ("source.stage_asserted", "2025-03-09T10:00:00Z", {"raw": "marketingqualifiedlead"}),
            ],
        ),
        (
            "113",
            [
                ("lead.captured", "2025-03-03T10:00:00Z", {}),
                ("source.stage_asserted", "2025-03-03T10:00:00Z", {"raw": "subscriber"}),
            ],
        ),
        ("114", [("source.stage_asserted", "2025-03-04T10:00:00Z", {"raw": "customer"})]),
        (
            "115",
            [
                ("lead.captured", "2025-03-05T12:00:00Z", {}),
                ("source.stage_asserted", "2025-03-06T10:00:00Z", {"raw": "1300777"}),
            ],
        ),
        ("116", [("source.stage_asserted", "2025-03-07T10:00:00Z", {"raw": "evangelist", "evangelist": True})]),
        (
            "117",
            [
                ("lead.captured", "2025-03-07T10:00:00Z", {}),
                ("lead.disqualified", "2025-03-17T10:00:00Z", {}),
                ("source.stage_asserted", "2025-03-17T10:00:00Z", {"raw": "lead"}),
            ],
        ),
        ("118", [("source.stage_asserted", "2025-03-08T10:00:00Z", {"raw": "other"})]),
    ],
)
def test_a_contact_in_each_stage(key: str, facts: list[Told]) -> None:
    assert told("contacts", recorded("leads", key)) == facts


def test_a_lead_that_becomes_a_customer_stays_captured_and_its_stage_is_only_asserted() -> None:
    lead = recorded("leads", "111")
    customer = later(lead, "2025-05-01T08:00:00.000Z", lifecyclestage="customer")
    assert told("contacts", lead, customer) == [
        ("lead.captured", "2025-03-01T10:00:00.500000Z", {"source": "PAID_SEARCH"}),
        ("source.stage_asserted", "2025-03-01T10:00:05Z", {"raw": "lead"}),
        ("source.stage_asserted", "2025-05-01T08:00:00Z", {"raw": "customer"}),
    ]


def test_a_lead_is_of_its_contact_and_of_that_ones_company() -> None:
    lead = [fact for fact in telling.facts("hubspot", "contacts", recorded("contacts", "101")) if fact.type == "lead.captured"]
    assert [(fact.person_id, fact.company_id) for fact in lead] == [
        (telling.ours("contact", "101"), telling.ours("company", "502"))
    ]


def test_a_company_asserts_its_stage_too() -> None:
    assert told("companies", recorded("companies", "501")) == [
        ("source.stage_asserted", "2025-03-01T10:00:00Z", {"raw": "customer"})
    ]


def test_a_deal_that_was_won() -> None:
    amount = {"amount": "12000.00", "currency": "BRL", "kind": "new_business"}
    assert told("deals", recorded("deals", "901")) == [
        ("deal.opened", "2025-02-10T12:00:00Z", amount),
        ("deal.won", "2025-03-05T18:30:00Z", amount),
    ]


def test_a_deal_that_was_lost_and_then_won_after_all() -> None:
    open_ = recorded("deals", "902")
    lost = later(
        open_,
        "2025-04-01T09:00:00.000Z",
        dealstage="closedlost",
        closedate="2025-04-01T09:00:00.000Z",
        closed_lost_reason="Preço",
    )
    won = later(open_, "2025-04-20T09:00:00.000Z", dealstage="closedwon", closedate="2025-04-19T17:00:00.000Z")
    assert told("deals", open_, lost) == [
        ("deal.opened", "2025-02-10T12:00:00Z", {}),
        ("deal.lost", "2025-04-01T09:00:00Z", {"reason": "Preço"}),
        ("deal.stage_changed", "2025-04-01T09:00:00Z", {"pipeline_id": "default", "stage_id": "closedlost"}),
    ]
    assert [(kind, at) for kind, at, _ in told("deals", open_, lost, won)] == [
        ("deal.opened", "2025-02-10T12:00:00Z"),
        ("deal.lost", "2025-04-01T09:00:00Z"),
        ("deal.stage_changed", "2025-04-01T09:00:00Z"),
        ("deal.won", "2025-04-19T17:00:00Z"),
        ("deal.stage_changed", "2025-04-20T09:00:00Z"),
    ]


def test_a_ticket_that_was_solved_and_opened_again() -> None:
    solved = recorded("tickets", "801")
    again = later(solved, "2025-03-25T08:00:00.000Z", hs_pipeline_stage="1", closed_date=None)
    opened = ("ticket.opened", "2025-03-20T10:00:00Z", {"priority": "normal", "category": "BILLING_ISSUE"})
    assert told("tickets", solved) == [opened, ("ticket.solved", "2025-03-21T09:00:00Z", {})]
    assert told("tickets", solved, again) == [
        opened,
        ("ticket.solved", "2025-03-21T09:00:00Z", {}),
        ("ticket.reopened", "2025-03-25T08:00:00Z", {}),
    ]
