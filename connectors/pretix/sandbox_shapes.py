"""How pretix 2026.8.0 writes its records as JSON: customers, events, orders; recorded in tests/connectors/pretix."""

from decimal import Decimal
from typing import Any

from connectors.pretix.sandbox_records import EVENTS, ORGANIZER, identifier, order_code
from hub.sandbox.chance import instant
from hub.sandbox.dealings import MOST
from hub.sandbox.rows import Row
from hub.sandbox.world import FIRST_ID

Json = dict[str, Any]
ANONYMOUS: Json = dict.fromkeys(("email", "phone", "external_identifier", "notes")) | {
    "name_parts": {},
    "is_active": False,
    "is_verified": False,
}
"""What anonymising makes of a customer's fields; identifier and dates stay."""
_PAYS_WITHIN_MS = 15 * 86_400_000
_EMPTY_POSITION = dict.fromkeys(
    (
        "variation", "company", "street", "zipcode", "city", "country", "state", "discount", "voucher", "addon_to",
        "subevent", "tax_rule", "seat", "tax_code", "valid_from", "valid_until", "blocked", "voucher_budget_use",
    )
)  # fmt: skip  # a list of names reads as a paragraph
_EMPTY_EVENT = dict.fromkeys(("date_to", "date_admission", "presale_start", "presale_end", "geo_lat", "geo_lon", "seating_plan"))


def stamp(moment: int | None) -> str | None:
    """A time as pretix writes it, with microseconds."""
    return None if moment is None else f"{instant(moment):%Y-%m-%dT%H:%M:%S.%f}Z"


def customer(row: Row) -> Json:
    """A customer, as in lists and alone."""
    kept, parts = row.fields, row.fields.get("name_parts") or {}
    name = parts.get("full_name") or " ".join(parts[key] for key in ("given_name", "family_name") if parts.get(key))
    return {
        "identifier": identifier(row.id),
        "external_identifier": kept.get("external_identifier"),
        "email": kept.get("email"),
        "phone": kept.get("phone"),
        "name": name,
        "name_parts": parts,
        "is_active": kept.get("is_active", True),
        "is_verified": kept.get("is_verified", False),
        "last_login": None,
        "date_joined": stamp(row.created),
        "locale": kept.get("locale", "en"),
        "last_modified": stamp(row.updated),
        "notes": kept.get("notes"),
    }


def event(currency: str, host: str) -> Json:
    """An event of the shop."""
    slug, name = EVENTS[currency]
    return {
        "name": {"en": name},
        "slug": slug,
        "live": True,
        "testmode": False,
        "currency": currency,
        "date_from": "2027-05-01T12:00:00Z",
        **_EMPTY_EVENT,
        "is_public": True,
        "location": {"en": "São Paulo"},
        "has_subevents": False,
        **{name: {} for name in ("meta_data", "seat_category_mapping", "item_meta_properties")},
        "plugins": [],
        "timezone": "America/Sao_Paulo",
        "all_sales_channels": True,
        "limit_sales_channels": [],
        "public_url": f"{host}/{ORGANIZER}/{slug}/",
        "sales_channels": ["web"],
    }


def _secret(row: Row, part: str) -> str:
    """What stands where pretix has a bearer secret: invented, and the same every time."""
    return f"{row.id:x}{part}sandbox"


def _position(row: Row, place: int, price: str) -> Json:
    kept = row.fields
    return {
        "id": (row.id - FIRST_ID["order"]) * MOST + place,
        "order": order_code(row.id),
        "positionid": place,
        "item": 1,
        **_EMPTY_POSITION,
        "price": price,
        "attendee_name": kept.get("name"),
        "attendee_name_parts": {"_scheme": "full", "full_name": kept.get("name", "")},
        "attendee_email": kept.get("email"),
        "tax_rate": "0.00",
        "tax_value": "0.00",
        "secret": _secret(row, str(place)),
        **{name: [] for name in ("checkins", "print_logs", "downloads", "answers")},
        "pseudonymization_id": f"P{row.id}{place}",
        "canceled": False,
        "plugin_data": {},
    }


def _payment(row: Row, host: str) -> Json:
    kept = row.fields
    paid, gone = kept.get("paid"), kept.get("status") == "c"
    return {
        "local_id": 1,
        "state": "confirmed" if paid else "canceled" if gone else "created",
        "amount": kept.get("total", "0.00"),
        "created": stamp(row.created),
        "payment_date": stamp(paid),
        "provider": "manual",
        "payment_url": None if paid or gone else f"{host}{_path(row)}pay/1/",
        "details": {},
    }


def _refund(row: Row) -> Json:
    refunded = stamp(row.fields.get("refunded"))
    return {
        "local_id": 1,
        "state": "done",
        "source": "admin",
        "amount": row.fields.get("total", "0.00"),
        "payment": 1,
        "created": refunded,
        "execution_date": refunded,
        "comment": "",
        "provider": "manual",
        "details": {},
    }


def _invoice_address(row: Row) -> Json | None:
    company, name = row.fields.get("company"), row.fields.get("name", "")
    if not company:
        return None
    texts = ("street", "zipcode", "city", "state", "vat_id", "internal_reference")
    return {
        "last_modified": stamp(row.created),
        "is_business": True,
        "company": company,
        "name": name,
        "name_parts": {"_scheme": "full", "full_name": name},
        **dict.fromkeys(texts, ""),
        "country": "BR",
        "vat_id_validated": False,
        "custom_field": None,
        "transmission_type": "email",
        "transmission_info": None,
    }


def _path(row: Row) -> str:
    slug = EVENTS[row.fields.get("currency", "BRL")][0]
    return f"/{ORGANIZER}/{slug}/order/{order_code(row.id)}/{_secret(row, 'o')}/"


def order(row: Row, host: str) -> Json:
    """An order with its positions, payments and refunds; it names its event, not its currency."""
    kept, count = row.fields, row.fields.get("items", 1)
    price = f"{Decimal(kept.get('total', '0.00')) / count:.2f}"
    paid, owner = stamp(kept.get("paid")), kept.get("customer")
    return {
        "code": order_code(row.id),
        "event": EVENTS[kept.get("currency", "BRL")][0],
        "status": kept.get("status", "n"),
        "testmode": False,
        "secret": _secret(row, "o"),
        **{name: kept.get(name) for name in ("email", "phone")},
        "locale": "en",
        "datetime": stamp(row.created),
        "expires": f"{instant(row.created + _PAYS_WITHIN_MS):%Y-%m-%dT23:59:59Z}",
        "payment_date": paid and paid[:10],
        "payment_provider": "manual",
        "fees": [],
        "total": kept.get("total", "0.00"),
        "tax_rounding_mode": "line",
        "comment": "",
        "custom_followup_at": None,
        "invoice_address": _invoice_address(row),
        "positions": [_position(row, place, price) for place in range(1, count + 1)],
        "downloads": [],
        "checkin_attention": False,
        "checkin_text": None,
        "last_modified": stamp(row.updated),
        "payments": [_payment(row, host)],
        "refunds": [_refund(row)] if kept.get("refunded") else [],
        "require_approval": False,
        "sales_channel": "web",
        "url": host + _path(row),
        "customer": None if owner is None else identifier(owner),
        "valid_if_pending": False,
        "api_meta": {},
        "cancellation_date": stamp(kept.get("cancelled")),
        "plugin_data": {},
    }
