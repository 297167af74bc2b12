"""The invented company's ticket shop as pretix holds it and writes it: customers, orders, two events of one organizer.

Shapes are those of pretix 2026.8.0, recorded in tests/connectors/pretix; what is the same in every record stands in
`sandbox.json`.
"""

from decimal import Decimal

from hub.sandbox.account import crm_reference, moment
from hub.sandbox.answers import Json, beside, filled, stamp
from hub.sandbox.chance import instant
from hub.sandbox.dealings import MOST
from hub.sandbox.rows import Fields, Row
from hub.sandbox.slots import Tool
from hub.sandbox.world import FIRST_ID, World, record_id

TOOL: Tool = "pretix"
TEXTS = beside(__file__)
ORGANIZER = "acme"
EVENTS = {"BRL": ("conferencia", "Conferência"), "USD": ("conference", "Conference")}
"""An event of the shop by the currency it sells in: its short name and its name."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Identifiers avoid the letters and digits that are easily mistaken for each other."""
_SCATTER = 0x5DEECE66D
_CUSTOMER_LENGTH, _ORDER_LENGTH = 7, 5
_STATUS = {"paid": "p", "refunded": "c", "cancelled": "c", "pending": "n"}
_PAYS_WITHIN_MS = 15 * 86_400_000
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


def person(world: World, index: int, _number: int) -> Fields:
    """A customer of the shop."""
    seen = world.as_seen(index, TOOL)
    parts = {"_scheme": "given_family", "given_name": seen.given_name, "family_name": seen.family_name}
    if index % 10 == 0:
        parts = {"_scheme": "full", "full_name": f"{seen.given_name} {seen.family_name}"}
    return {
        "email": None if seen.email_taken else seen.email,
        "phone": seen.phone,
        "name_parts": parts,
        "is_verified": index % 3 == 0,
        "external_identifier": crm_reference(world, index),
    }


def purchase(world: World, index: int, number: int) -> Fields:
    """An order, by a customer or by a guest."""
    found, seen = world.order(index, TOOL, number), world.as_seen(index, TOOL)
    expired = found.status == "pending" and index % _EXPIRED_OF == 0
    ended = moment(found.updated_at)
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
        "paid": moment(found.paid_at),
        "refunded": ended if found.status == "refunded" else None,
        "cancelled": ended if found.status in ("refunded", "cancelled") else None,
    }


def customer(row: Row) -> Json:
    """A customer, as in lists and alone."""
    parts = row.fields.get("name_parts") or {}
    name = parts.get("full_name") or " ".join(parts[key] for key in ("given_name", "family_name") if parts.get(key))
    dates = {"date_joined": stamp(row.created), "last_modified": stamp(row.updated)}
    return filled(TEXTS["customer"], row.fields, identifier=identifier(row.id), name=name, name_parts=parts, **dates)


def event(currency: str, host: str) -> Json:
    """An event of the shop."""
    slug, name = EVENTS[currency]
    known = {"slug": slug, "currency": currency, "public_url": f"{host}/{ORGANIZER}/{slug}/"}
    return filled(TEXTS["event"], {}, name={"en": name}, **known)


def _secret(row: Row, part: str) -> str:
    """What stands where pretix has a bearer secret: invented, and the same every time."""
    return f"{row.id:x}{part}sandbox"


def _full(name: str) -> Json:
    return {"_scheme": "full", "full_name": name}


def _position(row: Row, place: int, price: str) -> Json:
    kept = row.fields
    who = {"attendee_name": kept.get("name"), "attendee_email": kept.get("email")}
    return {
        **TEXTS["position"],
        "id": (row.id - FIRST_ID["order"]) * MOST + place,
        "order": order_code(row.id),
        "positionid": place,
        "price": price,
        **who,
        "attendee_name_parts": _full(kept.get("name", "")),
        "secret": _secret(row, str(place)),
        "pseudonymization_id": f"P{row.id}{place}",
    }


def _payment(row: Row, url: str) -> Json:
    paid, gone, amount = row.fields.get("paid"), row.fields.get("status") == "c", row.fields.get("total", "0.00")
    state = "confirmed" if paid else "canceled" if gone else "created"
    dates = {"created": stamp(row.created), "payment_date": stamp(paid)}
    return filled(TEXTS["payment"], {}, state=state, amount=amount, payment_url=None if paid or gone else f"{url}pay/1/", **dates)


def _refund(row: Row) -> Json:
    dates = dict.fromkeys(("created", "execution_date"), stamp(row.fields.get("refunded")))
    return filled(TEXTS["refund"], {}, amount=row.fields.get("total", "0.00"), **dates)


def _invoice_address(row: Row) -> Json | None:
    name = row.fields.get("name", "")
    known = {"last_modified": stamp(row.created), "name": name, "name_parts": _full(name)}
    return filled(TEXTS["invoice_address"], {}, company=row.fields["company"], **known) if row.fields.get("company") else None


def order(row: Row, host: str) -> Json:
    """An order with its positions, payments and refunds; it names its event, not its currency."""
    kept, count, code = row.fields, row.fields.get("items", 1), order_code(row.id)
    slug, paid, owner = EVENTS[kept.get("currency", "BRL")][0], stamp(kept.get("paid")), kept.get("customer")
    url = f"{host}/{ORGANIZER}/{slug}/order/{code}/{_secret(row, 'o')}/"
    price = f"{Decimal(kept.get('total', '0.00')) / count:.2f}"
    return filled(
        TEXTS["order"],
        kept,
        code=code,
        event=slug,
        secret=_secret(row, "o"),
        datetime=stamp(row.created),
        expires=f"{instant(row.created + _PAYS_WITHIN_MS):%Y-%m-%dT23:59:59Z}",
        payment_date=paid and paid[:10],
        invoice_address=_invoice_address(row),
        positions=[_position(row, place, price) for place in range(1, count + 1)],
        last_modified=stamp(row.updated),
        payments=[_payment(row, url)],
        refunds=[_refund(row)] if kept.get("refunded") else [],
        url=url,
        customer=None if owner is None else identifier(owner),
        cancellation_date=stamp(kept.get("cancelled")),
    )
