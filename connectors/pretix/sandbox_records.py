"""The invented company's ticket shop as pretix would hold it: customers, orders, two events of one organizer.

Shapes are those of pretix 2026.8.0, recorded in tests/connectors/pretix.
"""

from collections.abc import Callable
from datetime import datetime

from hub.sandbox.chance import milliseconds
from hub.sandbox.dealings import Order
from hub.sandbox.rows import Fields, Source
from hub.sandbox.slots import Tool
from hub.sandbox.world import FIRST_ID, Kind, World, record_id

TOOL: Tool = "pretix"
ORGANIZER = "acme"
EVENTS = {"BRL": ("conferencia", "Conferência"), "USD": ("conference", "Conference")}
"""An event of the shop by the currency it sells in: its short name and its name."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Identifiers avoid the letters and digits that are easily mistaken for each other."""
_SCATTER = 0x5DEECE66D
_CUSTOMER_LENGTH, _ORDER_LENGTH = 7, 5
_STATUS = {"paid": "p", "refunded": "c", "cancelled": "c", "pending": "n"}
_GUEST_OF, _EXPIRED_OF, _BUSINESS_OF = 8, 3, 5


def _code(number: int, length: int) -> str:
    """A number as an identifier that does not show its order; `_number` reads it back."""
    left = number * _SCATTER % 32**length
    return "".join(_LETTERS[left // 32**place % 32] for place in range(length))


def _number(code: str, length: int) -> int | None:
    if len(code) != length or not set(code) <= set(_LETTERS):
        return None
    scattered = sum(_LETTERS.index(letter) * 32**place for place, letter in enumerate(code))
    found: int = scattered * pow(_SCATTER, -1, 32**length) % 32**length
    return found


def identifier(identity: int) -> str:
    """A customer's identifier."""
    return _code(identity - FIRST_ID["contact"], _CUSTOMER_LENGTH)


def order_code(identity: int) -> str:
    """An order's code."""
    return _code(identity - FIRST_ID["order"], _ORDER_LENGTH)


def customer_id(text: str) -> int | None:
    """The number of the customer with an identifier."""
    number = _number(text, _CUSTOMER_LENGTH)
    return None if number is None else FIRST_ID["contact"] + number


def order_id(text: str) -> int | None:
    """The number of the order with a code."""
    number = _number(text.upper(), _ORDER_LENGTH)
    return None if number is None else FIRST_ID["order"] + number


def number_of(name: str, text: str) -> int:
    """The number of a record by what pretix calls it."""
    found = customer_id(text) if name == "customers" else order_id(text)
    if found is None:
        raise KeyError(text)
    return found


def _person(world: World) -> Callable[[int, int], Fields]:
    def fields(index: int, _number: int) -> Fields:
        seen = world.as_seen(index, TOOL)
        parts = {"_scheme": "given_family", "given_name": seen.given_name, "family_name": seen.family_name}
        if index % 10 == 0:
            parts = {"_scheme": "full", "full_name": f"{seen.given_name} {seen.family_name}"}
        return {
            "email": None if seen.email_taken else seen.email,
            "phone": seen.phone,
            "name_parts": parts,
            "is_verified": index % 3 == 0,
            "external_identifier": _reference(world, index),
        }

    return fields


def _reference(world: World, index: int) -> str | None:
    """What links some customers to the CRM's contact for the same person."""
    known = world.reference(index) and "hubspot" in world.tools(index)
    return f"hubspot:{record_id('contact', index)}" if known else None


def _order(world: World) -> Callable[[int, int], Fields]:
    def fields(index: int, number: int) -> Fields:
        found, seen = world.order(index, TOOL, number), world.as_seen(index, TOOL)
        expired = found.status == "pending" and index % _EXPIRED_OF == 0
        return {
            "status": "e" if expired else _STATUS[found.status],
            "email": seen.email,
            "phone": seen.phone,
            "customer": None if (index + number) % _GUEST_OF == 0 else record_id("contact", index),
            "name": f"{seen.given_name} {seen.family_name}",
            "company": world.company(seen.company).name if seen.company is not None and index % _BUSINESS_OF == 0 else None,
            "currency": found.currency,
            "items": found.items,
            "total": f"{found.total:.2f}",
            "paid": _moment(found.paid_at),
            "refunded": _moment(found.updated_at) if found.status == "refunded" else None,
            "cancelled": _moment(found.updated_at) if _cancelled(found) else None,
        }

    return fields


def _cancelled(found: Order) -> bool:
    return found.status in ("refunded", "cancelled")


def _moment(moment: datetime | None) -> int | None:
    return None if moment is None else milliseconds(moment)


def source(world: World, kind: Kind) -> Source:
    """Where the customers or the orders of the world come from."""
    return Source(
        shelf=world.shelf(TOOL, kind),
        first_id=FIRST_ID[kind],
        fields=_order(world) if kind == "order" else _person(world),
        stamps=lambda index, number: world.stamps(TOOL, kind, index, number),
    )
