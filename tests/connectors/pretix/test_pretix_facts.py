"""What pretix's records tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.spec import Terms
from tests.connectors.telling import facts, ours, tell

TERMS = Terms(answers={"currency": "BRL"})
SOLD = {"amount": "250.00", "currency": "BRL", "products": ["2"]}
Told = tuple[str, str, dict[str, Any]]


def order(code: str) -> dict[str, Any]:
    found = json.loads((Path(__file__).parent / "orders.json").read_bytes())["results"]
    (record,) = (each for each in found if each["code"] == code)
    return dict(record)


def told(*versions: dict[str, Any]) -> list[Told]:
    return tell("pretix", "orders", *versions, terms=TERMS)


def test_a_customer_signed_up_when_the_account_was_made() -> None:
    customer = json.loads((Path(__file__).parent / "customer.json").read_bytes())
    assert tell("pretix", "customers", customer) == [("user.signed_up", "2026-11-22T02:35:38.679361Z", {})]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("3R7UG", [("order.paid", "2026-11-22T02:35:39.002317Z", SOLD)]),
        (
            "KPFVG",
            [
                ("order.paid", "2026-11-22T02:35:39.642346Z", SOLD),
                ("order.refunded", "2026-11-22T02:35:40.029327Z", {"amount": "50.00", "currency": "BRL"}),
            ],
        ),
        (
            "V7ZQV",
            [
                ("order.paid", "2026-11-22T02:35:39.281756Z", SOLD),
                ("order.refunded", "2026-11-22T02:35:39.873206Z", {"amount": "250.00", "currency": "BRL"}),
            ],
        ),
    ],
    ids=["paid", "paid back in part", "paid back"],
)
def test_an_order_that_was_paid(code: str, expected: list[Told]) -> None:
    assert told(order(code)) == expected


@pytest.mark.parametrize("code", ["TXHSU", "FBKM7", "ZNUTW", "KBLHZ"], ids=["pending", "of a guest", "expired", "cancelled"])
def test_an_order_that_was_never_paid_says_nothing(code: str) -> None:
    assert told(order(code)) == []


def test_an_order_is_fulfilled_when_its_first_ticket_is_let_in() -> None:
    (position,) = order("3R7UG")["positions"]
    scans = [
        {"type": "entry", "datetime": "2026-12-24T18:05:00Z"},
        {"type": "exit", "datetime": "2026-12-24T17:00:00Z"},
        {"type": "entry", "datetime": "2026-12-24T18:00:00Z"},
    ]
    used = {**order("3R7UG"), "positions": [{**position, "checkins": scans}]}
    assert told(used) == [
        ("order.paid", "2026-11-22T02:35:39.002317Z", SOLD),
        ("order.fulfilled", "2026-12-24T18:00:00Z", {}),
    ]


def test_an_order_that_is_paid_back_later_stays_paid() -> None:
    refund = {"state": "done", "amount": "250.00", "execution_date": "2026-11-29T12:00:00Z"}
    back = {**order("3R7UG"), "status": "c", "refunds": [refund], "last_modified": "2026-11-30T08:00:00Z"}
    assert told(order("3R7UG"), back) == [
        ("order.paid", "2026-11-22T02:35:39.002317Z", SOLD),
        ("order.refunded", "2026-11-29T12:00:00Z", {"amount": "250.00", "currency": "BRL"}),
    ]


def test_an_order_is_of_the_customer_who_has_an_account() -> None:
    (paid,) = facts("pretix", "orders", order("3R7UG"), terms=TERMS)
    assert (paid.person_id, paid.company_id) == (ours("contact", "AVQFRRF"), None)
