"""What pretix's recorded records are read as (README.md beside this file); the expected values are written by hand."""

import contextlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import SkipRecord
from hub.model import Contact, Email, Money, Order, OrderLine, OrderStatus, Phone, as_json, from_json
from hub.spec import Reading, Record, Terms, Unknown, accounted
from mappings.pretix import MAPPINGS

TERMS = Terms(answers={"address": "https://pretix.example", "organizer": "acme", "currency": "eur, rec=BRL"})
CUSTOMERS, ORDERS = MAPPINGS
PRICE = Money(amount=Decimal("250.00"), currency="BRL")
PAGES = "https://pretix.example/control"


def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def order(code: str) -> Record:
    (found,) = (order for order in recorded("orders")["results"] if order["code"] == code)
    assert isinstance(found, dict)
    return found


def bought(record: Record, terms: Terms = TERMS) -> Order:
    reading = ORDERS.read(record, terms)
    assert reading.unknown == ()
    assert isinstance(reading.entity, Order)
    return reading.entity


def customer(record: Record) -> Contact:
    reading = CUSTOMERS.read(record, TERMS)
    assert reading.unknown == ()
    assert isinstance(reading.entity, Contact)
    return reading.entity


def at(second: int, microsecond: int) -> datetime:
    return datetime(2026, 11, 22, 2, 35, second, microsecond, tzinfo=UTC)


def test_a_customer() -> None:
    assert customer(recorded("customer")) == Contact(
        id="AVQFRRF",
        full_name="Recília Souza",
        given_name="Recília",
        family_name="Souza",
        emails=(Email(address="a.recilia.cap14938@horizonte.example", primary=True, verified=True),),
        phones=(Phone(number="+5511987654321", primary=True),),
        language="en",
        url=f"{PAGES}/organizer/acme/customer/AVQFRRF/",
        signed_up_at=at(38, 679361),
        created_at=at(38, 679361),
        changed_at=at(38, 679376),
    )


def test_a_customer_with_one_name_only() -> None:
    assert customer(recorded("customer_full_name_inactive")) == Contact(
        id="898MTX5",
        full_name="Full Name Only",
        emails=(Email(address="a.full.cap14938@mail.example", primary=True, verified=False),),
        language="en",
        url=f"{PAGES}/organizer/acme/customer/898MTX5/",
        signed_up_at=at(38, 729415),
        created_at=at(38, 729415),
        changed_at=at(38, 765292),
    )


def test_a_customer_without_a_name() -> None:
    nameless = customer(recorded("customer_nameless"))
    assert (nameless.full_name, nameless.given_name, nameless.family_name) == (None, None, None)


@pytest.mark.parametrize(
    ("said", "external"),
    [
        ("hubspot:101", ("hubspot:contact:101",)),
        ("hubspot:company:7", ("hubspot:company:7",)),
        ("crm-4711", ()),
        ("hubspot:", ()),
        ("", ()),
    ],
)
def test_an_external_identifier_that_names_its_system(said: str, external: tuple[str, ...]) -> None:
    assert customer({**recorded("customer"), "external_identifier": said}).external_ids == external


def test_a_paid_order() -> None:
    assert bought(recorded("order_business")) == Order(
        id="3R7UG",
        number="3R7UG",
        status=OrderStatus.PAID,
        total=PRICE,
        lines=(OrderLine(product="2", unit_price=PRICE),),
        placed_at=at(39, 11294),
        paid_at=at(39, 2317),
        contact_ids=("AVQFRRF",),
        url=f"{PAGES}/event/acme/rec/orders/3R7UG/",
        created_at=at(39, 11294),
        changed_at=at(39, 26500),
    )


def test_a_pending_order_of_somebody_without_an_account() -> None:
    assert bought(recorded("order_guest")) == Order(
        id="FBKM7",
        number="FBKM7",
        status=OrderStatus.PENDING,
        total=PRICE,
        lines=(OrderLine(product="2", unit_price=PRICE),),
        placed_at=at(39, 426615),
        email="guest.cap14938@mail.example",
        url=f"{PAGES}/event/acme/rec/orders/FBKM7/",
        created_at=at(39, 426615),
        changed_at=at(39, 438558),
    )


@pytest.mark.parametrize(
    ("code", "status", "paid_at", "refunded"),
    [
        ("KPFVG", OrderStatus.PAID, at(39, 642346), Money(amount=Decimal("50.00"), currency="BRL")),
        ("V7ZQV", OrderStatus.REFUNDED, at(39, 281756), PRICE),
        ("KBLHZ", OrderStatus.CANCELLED, None, None),
        ("ZNUTW", OrderStatus.EXPIRED, None, None),
        ("TXHSU", OrderStatus.PENDING, None, None),
    ],
)
def test_how_an_order_stands(code: str, status: OrderStatus, paid_at: datetime | None, refunded: Money | None) -> None:
    found = bought(order(code))
    assert (found.status, found.paid_at, found.refunded) == (status, paid_at, refunded)


def test_a_refund_that_is_not_done_counts_for_nothing() -> None:
    started = {**order("V7ZQV"), "refunds": [{"state": "created", "amount": "250.00"}, {"state": "failed", "amount": "1.00"}]}
    assert (bought(started).status, bought(started).refunded) == (OrderStatus.CANCELLED, None)


def test_an_order_was_paid_back_when_the_last_refund_was_done() -> None:
    refunds = [
        {"state": "done", "amount": "10.00", "execution_date": "2026-11-23T10:00:00Z"},
        {"state": "done", "amount": "15.00", "execution_date": "2026-11-24T10:00:00Z"},
        {"state": "created", "amount": "1.00", "execution_date": "2026-11-25T10:00:00Z"},
    ]
    found = bought({**order("KPFVG"), "refunds": refunds})
    assert (found.refunded, found.refunded_at) == (
        Money(amount=Decimal("25.00"), currency="BRL"),
        datetime(2026, 11, 24, 10, tzinfo=UTC),
    )


def test_an_order_paid_in_parts_is_paid_with_the_last_and_a_pending_one_is_not() -> None:
    parts = [
        {"state": "confirmed", "payment_date": "2026-11-20T10:00:00Z"},
        {"state": "refunded", "payment_date": "2026-11-21T10:00:00Z"},
        {"state": "failed", "payment_date": "2026-11-22T10:00:00Z"},
    ]
    assert bought({**order("KPFVG"), "payments": parts}).paid_at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert bought({**order("TXHSU"), "payments": parts}).paid_at is None


def test_lines_are_tickets_and_fees() -> None:
    record = {
        "code": "A",
        "event": "hub",
        "positions": [{"item": 2, "variation": 7, "price": "20.00"}, {"item": 3, "price": 5}],
        "fees": [{"fee_type": "shipping", "internal_type": "", "value": "3.50"}],
    }
    assert bought(record).lines == (
        OrderLine(product="2:7", unit_price=Money(amount=Decimal("20.00"), currency="EUR")),
        OrderLine(product="3", unit_price=Money(amount=Decimal(5), currency="EUR")),
        OrderLine(product="shipping", unit_price=Money(amount=Decimal("3.50"), currency="EUR")),
    )


def test_an_order_is_fulfilled_when_its_first_ticket_is_let_in() -> None:
    scans = [
        {"type": "exit", "datetime": "2026-11-22T08:00:00Z"},
        {"type": "entry", "datetime": "2026-11-22T10:00:00Z"},
        {"type": "entry", "datetime": "2026-11-22T09:00:00+00:00"},
    ]
    record = {"code": "A", "positions": [{"item": 1, "checkins": []}, {"item": 1, "checkins": scans}]}
    assert bought(record).fulfilled_at == datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "event", "currency"),
    [("eur, rec=BRL", "rec", "BRL"), ("eur, rec=BRL", "hub", "EUR"), ("USD", "rec", "USD"), ("", "rec", None)],
)
def test_the_currency_is_what_the_admin_says_of_the_event(answer: str, event: str, currency: str | None) -> None:
    total = bought({"code": "A", "event": event, "total": "1.00"}, Terms(answers={"currency": answer})).total
    assert total == Money(amount=Decimal("1.00"), currency=currency)


def test_orders_in_test_mode_are_no_orders() -> None:
    assert not ORDERS.applies({**order("KPFVG"), "testmode": True})
    assert ORDERS.applies(order("KPFVG"))


def test_the_address_of_an_order_that_lets_anybody_in_is_not_kept() -> None:
    assert bought({"code": "A", "url": "https://pretix.example/acme/hub/order/A/secret/"}, Terms()) == Order(id="A", number="A")


def test_a_status_in_no_table_is_unknown_and_asked_until_a_person_decides() -> None:
    asked = ORDERS.read({**order("KPFVG"), "status": "x"}, TERMS)
    assert isinstance(asked.entity, Order)
    assert asked.entity.status is OrderStatus.UNKNOWN
    assert asked.unknown == (Unknown(path="status", raw="x"),)
    decided = bought({**order("KPFVG"), "status": "x"}, Terms(choices={"status": {"x": "expired"}}))
    assert decided.status is OrderStatus.EXPIRED


def test_amounts_without_measure_are_left_out_and_counted() -> None:
    reading = ORDERS.read({"code": "A", "status": "c", "refunds": [{"state": "done", "amount": "9e999999"}] * 2}, TERMS)
    assert {unknown.why for unknown in reading.unknown} == {"not a finite number of at most 30 digits"}


def test_nulls_everywhere_and_missing_keys_leave_only_the_id() -> None:
    for mapping, kind in ((CUSTOMERS, Contact(id="1")), (ORDERS, Order(id="1", number="1"))):
        nulls = dict.fromkeys((path.partition(".")[0] for path in mapping.reads()), None)
        for record in ({mapping.id: "1"}, {**nulls, mapping.id: "1"}):
            assert mapping.read(record, Terms()) == Reading(entity=kind)


def test_every_recorded_field_is_read_or_knowingly_ignored() -> None:
    for mapping, file in ((CUSTOMERS, "customers"), (ORDERS, "orders")):
        ours = accounted([mapping])
        assert {path for record in recorded(file)["results"] for path in ours.unread(record)} == set(), file


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["c", "done", "entry", "1e9999999"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["state", "amount", "price", "item", "checkins", "type"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("number", range(len(MAPPINGS)))
@given(data=st.data())
@settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_is_read_or_skipped(number: int, data: st.DataObject) -> None:
    chosen = MAPPINGS[number]
    keys = sorted({path.partition(".")[0] for path in chosen.reads()})
    record: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from(keys), JSON))
    assert chosen.applies(record) in {True, False}
    with contextlib.suppress(SkipRecord):
        entity = chosen.read(record, TERMS).entity
        assert from_json(chosen.type, as_json(entity)) == entity
