"""What BottleCRM's records tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.telling import facts, ours, tell

HORIZONTE, RECO = "5bfe2128-38e9-40df-be97-9b686d7ddfe1", "4155a857-21af-4520-8dd1-e64a801894e3"


def recorded(name: str, found: str, said: str) -> dict[str, Any]:
    listed = json.loads((Path(__file__).parent / f"{name}.json").read_bytes())[found]
    (record,) = (each for each in listed if each["name"] == said)
    return dict(record)


def deal(said: str, **changed: Any) -> dict[str, Any]:
    return {**recorded("opportunities", "opportunities", said), **changed}


WON = deal("Rec won deal")
SOLD = {"amount": "999.99", "currency": "USD"}
OPENED = ("deal.opened", "2026-11-22T02:32:41.532323Z", SOLD)


def test_a_deal_that_was_won() -> None:
    assert tell("bottlecrm", "deals", WON) == [OPENED, ("deal.won", "2026-11-22T02:32:41.591576Z", SOLD)]


def test_a_deal_that_was_lost() -> None:
    (lost,) = (
        each
        for each in json.loads((Path(__file__).parent / "opportunities.json").read_bytes())["opportunities"]
        if each["stage_kind"] == "lost"
    )
    assert tell("bottlecrm", "deals", lost) == [
        ("deal.opened", "2026-11-22T02:32:41.666269Z", {"amount": "10.00", "currency": "EUR"}),
        ("deal.lost", "2026-11-22T02:32:41.735475Z", {}),
    ]


def test_an_open_deal_was_opened_and_its_planned_day_is_no_end() -> None:
    assert tell("bottlecrm", "deals", deal("Rec open deal")) == [
        ("deal.opened", "2026-11-22T02:32:41.456018Z", {"amount": "1500.50", "currency": "BRL", "kind": "new_business"}),
    ]


def test_of_a_deal_without_the_moment_of_its_end_the_day_alone_is_known() -> None:
    assert tell("bottlecrm", "deals", {**WON, "stage_changed_at": None}) == [
        ("deal.won", "2026-11-20T00:00:00Z day", SOLD),
        OPENED,
    ]


def test_a_deal_that_moves_on_and_is_won() -> None:
    begun = deal("Rec won deal", stage="PROPOSAL", stage_kind="open", stage_changed_at=WON["created_at"])
    told = tell("bottlecrm", "deals", begun, WON)
    assert [(kind, at) for kind, at, _ in told] == [
        ("deal.opened", "2026-11-22T02:32:41.532323Z"),
        ("deal.won", "2026-11-22T02:32:41.591576Z"),
        ("deal.stage_changed", "2026-12-02T00:00:00Z?"),
    ]
    assert told[2][2] == {"pipeline_id": WON["pipeline"], "stage_id": "CLOSED_WON"}


def test_a_deal_is_of_its_first_contact_and_its_account() -> None:
    told = facts("bottlecrm", "deals", WON)
    assert {(fact.person_id, fact.company_id) for fact in told} == {(ours("contact", RECO), ours("company", HORIZONTE))}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "Rec case new",
            [("ticket.opened", "2026-11-22T02:32:41.861182Z", {"priority": "low", "category": "Question"})],
        ),
        ("Rec case pending", [("ticket.opened", "2026-11-22T02:32:42.076839Z", {"priority": "normal"})]),
        (
            "Rec case closed",
            [
                ("ticket.opened", "2026-11-22T02:32:42.174287Z", {"priority": "urgent", "category": "Problem"}),
                ("ticket.solved", "2026-11-22T02:32:42.472729Z", {}),
            ],
        ),
    ],
)
def test_a_case(said: str, expected: list[tuple[str, str, dict[str, Any]]]) -> None:
    assert tell("bottlecrm", "tickets", recorded("cases", "cases", said)) == expected


def test_a_case_that_is_opened_again_is_seen_when_it_is_read() -> None:
    closed = recorded("cases", "cases", "Rec case closed")
    again = {**closed, "status": "Assigned", "resolved_at": None}
    assert [(kind, at) for kind, at, _ in tell("bottlecrm", "tickets", closed, again)] == [
        ("ticket.opened", "2026-11-22T02:32:42.174287Z"),
        ("ticket.solved", "2026-11-22T02:32:42.472729Z"),
        ("ticket.reopened", "2026-12-02T00:00:00Z?"),
    ]


def test_a_contact_tells_nothing_by_being_there() -> None:
    (contact, *_) = json.loads((Path(__file__).parent / "contacts.json").read_bytes())["results"]
    assert tell("bottlecrm", "contacts", contact) == []
