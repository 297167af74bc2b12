"""The invented company's customers, deals, orders and tickets as tasks of ClickUp, each kind in a list of its own.

A row keeps what people see: a status and a drop-down's choice by name, people by their place among the staff, times in
milliseconds, another task by its number; `shown` writes them as ClickUp does. Lists, statuses and custom fields stand in
`sandbox.json`. https://developer.clickup.com/docs/customfields, https://developer.clickup.com/reference/gettask
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from hub.sandbox.account import Made, moment
from hub.sandbox.answers import Json, beside
from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.dealings import Deal, Order
from hub.sandbox.parties import Company
from hub.sandbox.rows import Fields, Row
from hub.sandbox.world import Kind, World, record_id

TOOL, TEXTS = "clickup", beside(__file__)
LISTS: dict[str, Json] = TEXTS["lists"]
_DIGITS, _PREFIX, _LENGTH, _SCATTER, _USER = "0123456789abcdefghijklmnopqrstuvwxyz", "86", 7, 2_654_435_761, 302_438_600
BEGAN = milliseconds(BEGINS)
_DAY = 86_400_000
_SPACE: int = len(_DIGITS) ** _LENGTH
_GATHER: int = pow(_SCATTER, -1, _SPACE)
_LATE, _WAITING = 40, {"pending": "waiting for customer", "on_hold": "on hold"}
_ORDERS, _DONE = {"pending": "to be paid"}, {"status": "complete"}


def task_id(number: int) -> str:
    """A task's id of nine letters and digits; `number_of` reads it back."""
    scattered = number * _SCATTER % _SPACE
    return _PREFIX + "".join(_DIGITS[scattered // len(_DIGITS) ** place % len(_DIGITS)] for place in reversed(range(_LENGTH)))


def number_of(_name: str, text: str) -> int:
    """The number of a task by its id; KeyError where it is none."""
    if not text.startswith(_PREFIX) or len(text) != len(_PREFIX) + _LENGTH:
        raise KeyError(text)
    return int(text.removeprefix(_PREFIX), len(_DIGITS)) * _GATHER % _SPACE


def user_id(index: int) -> int:
    """The id of a member of staff."""
    return _USER + index


def uid(*names: str) -> str:
    """The id of what has a UUID: a custom field, an option of one, a webhook."""
    return str(uuid5(NAMESPACE_URL, "/".join(("clickup", *names))))


def _money(currency: str, amount: object) -> Fields:
    return {"Amount" if currency == "BRL" else "Amount (USD)": None if amount is None else str(amount)}


def _customer(world: World, index: int, _number: int) -> Fields:
    seen, drawn, (made, _) = world.as_seen(index, TOOL), world.bytes("clickup", index), world.stamps(TOOL, "contact", index)
    name = f"{seen.given_name} {seen.family_name}"
    told = {"name": name, "status": LISTS["customers"]["statuses"][drawn[0] % 3][0], "Phone": seen.phone}
    dates = {"Acquisition date": made // _DAY * _DAY, "Last contact date": made if drawn[1] % 2 else None}
    reached = {"E-mail": None if seen.email_taken else seen.email}
    firm = {} if seen.company is None else {"Decision maker": name, **_firm(world.company(seen.company))}
    return {**told, **reached, **dates, **firm, **_profile(drawn, len(world.staff))}


def _firm(company: Company) -> Fields:
    where = {"formatted_address": company.city, "location": {"lat": -23.5, "lng": -46.6}, "place_id": uid(company.city)}
    return {"Company": company.name, "Website": f"https://{company.domain}", "Address": where}


def _profile(drawn: bytes, staff: int) -> Fields:
    """What the staff noted about a customer: some of it about each."""
    stages, interests = (TEXTS["fields"][each]["options"] for each in ("Lifecycle stage", "Interests"))
    return {
        "Lifecycle stage": stages[drawn[2] % len(stages)] if drawn[3] % 4 else None,
        "Lead score": drawn[4] % 101 if drawn[5] % 3 else None,
        "Sales associate": [drawn[6] % staff] if drawn[7] > _LATE else None,
        "Interests": interests[: drawn[8] % 3] or None,
        "Newsletter": bool(drawn[9] % 2),
        "Notes": "VIP" if drawn[10] < _LATE else None,
        "Onboarding": drawn[11] % 101,
        "Checklist progress": drawn[12] % 101,
        "Lifetime value": drawn[13] * 10,
    }


def _about(world: World, index: int | None) -> Fields:
    """Whom a task is about: the relationship to the customer's task, and their address."""
    linked = index is not None and world.knows(TOOL, index)
    if index is None or not linked:
        return {}
    return {"Customer": record_id("contact", index), "E-mail": _customer(world, index, 0)["E-mail"]}


def _owned(dealing: Any) -> Fields:
    return {"assignees": [] if dealing.owner is None else [dealing.owner]}


def _deal(world: World, index: int, number: int) -> Fields:
    deal: Deal = world.deal(index, TOOL, number)
    status = LISTS["deals"]["statuses"][deal.step][0] if deal.status == "open" else deal.status
    company, closed = None if deal.company is None else world.company(deal.company).name, moment(deal.closed_at)
    known = {"name": deal.name, "status": status, "done": closed, "Company": company, "Expected close": moment(deal.expected_at)}
    return {**known, **_owned(deal), **_about(world, deal.person), **_money(deal.currency, deal.amount)}


def _order(world: World, index: int, number: int) -> Fields:
    order: Order = world.order(index, TOOL, number)
    fulfilled, done = order.status == "paid" and order.items % 2 == 0, moment(order.updated_at)
    known = {"name": f"Order {record_id('order', index, number)}", "Quantity": order.items, "Paid on": moment(order.paid_at)}
    status = "fulfilled" if fulfilled else _ORDERS.get(order.status, order.status)
    kept = {**known, "status": status, "done": done, **_about(world, index)}
    return {**kept, **_money(order.currency, order.total)}


def _ticket(world: World, index: int, number: int) -> Fields:
    ticket, seen = world.ticket(index, TOOL, number), world.as_seen(index, TOOL)
    company, answer = None if ticket.company is None else world.company(ticket.company).name, ticket.answer
    said = {"name": ticket.subject, "status": _WAITING.get(ticket.status, ticket.status), "done": moment(ticket.solved_at)}
    asked = {"priority": ticket.priority, "Category": ticket.kind, "Company": company, "Phone": seen.phone}
    return {**said, **asked, **_owned(ticket), **_about(world, index), "Satisfaction": answer and (5 if answer.good else 1)}


KINDS: dict[str, tuple[Kind, Made]] = {
    "customers": ("contact", _customer),
    "deals": ("deal", _deal),
    "orders": ("order", _order),
    "tickets": ("ticket", _ticket),
}
CHORES = tuple(
    Row(
        id=month, created=BEGAN + month * 30 * _DAY, updated=BEGAN + month * 31 * _DAY, fields={"name": f"Month {month}", **_DONE}
    )
    for month in range(1, 13)
)
"""What the staff do for themselves, in a list that is about no customer."""
