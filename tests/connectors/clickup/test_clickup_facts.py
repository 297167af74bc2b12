"""What ClickUp's tasks tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

import json
from pathlib import Path
from typing import Any

from hub.spec import Terms
from tests.connectors.telling import facts, ours

LISTS = {"901500000101": "contact", "901500000102": "company", "901500000103": "deal"}
LISTS |= {"901500000104": "order", "901500000105": "ticket"}
TERMS = Terms(
    choices={
        "list.id": LISTS,
        "deal.status": {"complete": "won", "no budget": "lost"},
        "order.status": {"delivered": "paid", "to do": "pending"},
    },
    fields={"contact": {"custom.Lifecycle stage": "asserted_stage", "custom.Lead score": "scores"}},
)


def task(key: str, **changes: Any) -> dict[str, Any]:
    found = json.loads((Path(__file__).parent / "tasks.json").read_bytes())["tasks"]
    (record,) = (each for each in found if each["id"] == key)
    return {**record, **changes}


def told(*records: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """What holds of all that is told of the type that the list was decided to be, as no other mapping is chosen in a sync."""
    mine = ours(LISTS[records[0]["list"]["id"]], records[0]["id"])
    found = [fact for fact in facts("clickup", "tasks", *records, terms=TERMS) if fact.record_id == mine]
    holding = [fact for fact in found if fact.retracted_at is None]
    return sorted(
        ((fact.type, f"{fact.occurred_at:%Y-%m-%dT%H:%M:%SZ}", fact.attrs) for fact in holding),
        key=lambda fact: (fact[1], fact[0]),
    )


def stands(status: str, type_: str) -> dict[str, Any]:
    return {"status": status, "color": "#87909e", "orderindex": 1, "type": type_}


OPENED = ("deal.opened", "2025-02-10T12:00:00Z", {"amount": "12000.50", "currency": "BRL"})


def test_a_deal_under_way_was_opened_and_no_more() -> None:
    assert told(task("86deal001")) == [OPENED]


def test_a_deal_is_opened_moves_on_and_is_won_when_it_was_done() -> None:
    done = {"status": stands("complete", "closed"), "date_updated": "1741300000000", "date_done": "1741199400000"}
    assert told(task("86deal001"), task("86deal001", **done)) == [
        OPENED,
        ("deal.won", "2025-03-05T18:30:00Z", {"amount": "12000.50", "currency": "BRL"}),
        ("deal.stage_changed", "2025-03-06T22:26:40Z", {"pipeline_id": "901500000103", "stage_id": "complete"}),
    ]


def test_a_lost_deal_is_lost_and_not_open() -> None:
    lost = task("86deal001", status=stands("no budget", "closed"), date_closed="1741199400000")
    assert told(lost) == [OPENED, ("deal.lost", "2025-03-05T18:30:00Z", {})]


def test_a_deal_that_is_done_and_of_which_nobody_said_how_is_neither_won_nor_lost() -> None:
    assert told(task("86deal001", status=stands("archived", "closed"), date_closed="1741199400000")) == [OPENED]


def test_a_deal_that_is_taken_up_again_is_reopened() -> None:
    lost = {"status": stands("no budget", "closed"), "date_closed": "1741199400000"}
    again = {"status": stands("in progress", "custom"), "date_updated": "1741300000000"}
    assert [each[:2] for each in told(task("86deal001", **lost), task("86deal001", **again))] == [
        OPENED[:2],
        ("deal.lost", "2025-03-05T18:30:00Z"),
        ("deal.reopened", "2025-03-06T22:26:40Z"),
        ("deal.stage_changed", "2025-03-06T22:26:40Z"),
    ]


def test_a_delivered_order_was_paid_when_it_was_placed_and_fulfilled_when_its_task_was_done() -> None:
    assert told(task("86ord0001")) == [
        ("order.paid", "2025-03-15T00:53:20Z", {"amount": "90", "currency": "EUR", "deal_id": ours("deal", "86deal001")}),
        ("order.fulfilled", "2025-03-16T04:40:00Z", {}),
    ]


def test_an_order_to_be_done_tells_nothing_yet() -> None:
    assert told(task("86ord0001", status=stands("to do", "open"), date_done=None)) == []


def test_a_ticket_is_opened_solved_and_reopened() -> None:
    solved = {"status": stands("complete", "closed"), "date_updated": "1742551200000", "date_done": "1742551200000"}
    again = {"status": stands("in progress", "custom"), "date_updated": "1742554800000"}
    assert told(task("86tick001"), task("86tick001", **solved), task("86tick001", **again)) == [
        ("ticket.opened", "2025-03-20T10:00:00Z", {"priority": "high"}),
        ("ticket.solved", "2025-03-21T10:00:00Z", {}),
        ("ticket.reopened", "2025-03-21T11:00:00Z", {}),
    ]


def test_a_deal_and_a_ticket_are_about_the_customers_that_they_are_linked_with() -> None:
    (opened,) = [fact for fact in facts("clickup", "tasks", task("86deal001"), terms=TERMS) if fact.type == "deal.opened"]
    assert (opened.person_id, opened.company_id) == (ours("contact", "86ana0001"), ours("company", "86acme001"))
    (asked,) = [fact for fact in facts("clickup", "tasks", task("86tick001"), terms=TERMS) if fact.type == "ticket.opened"]
    assert (asked.person_id, asked.company_id) == (ours("contact", "86ana0001"), None)


def test_a_customer_has_the_stage_and_the_score_that_the_list_states() -> None:
    score = {"name": "Lead score", "score": "72"}
    assert told(task("86ana0001")) == [
        ("health.reported", "2025-03-20T10:00:00Z", score),
        ("source.stage_asserted", "2025-03-20T10:00:00Z", {"raw": "Client"}),
    ]


def test_a_customer_of_whom_only_the_name_is_known_tells_nothing() -> None:
    assert told(task("86nada001")) == []
