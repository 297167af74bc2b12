"""What pretix's records mean: https://docs.pretix.eu/dev/api/resources/orders.html , and as recorded from pretix 2026.8.0."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from hub.model import Contact, Email, Money, Order, OrderLine, OrderStatus, Phone
from hub.spec import Mapping, Record, Rule, Terms, choose, convert, decide, field, many, pluck, records

_STATUSES = {"n": OrderStatus.PENDING, "p": OrderStatus.PAID, "e": OrderStatus.EXPIRED, "c": OrderStatus.CANCELLED}
_MET = ("confirmed", "refunded")
"""States of payments that were made: `refunded` is one that was made and went back later."""


def _emails(address: Any, verified: Any) -> tuple[Email, ...]:
    said = convert.text(address)
    return (Email(address=said, primary=True, verified=convert.flag(verified)),) if said else ()


def _phones(number: Any) -> tuple[Phone, ...]:
    said = convert.text(number)
    return (Phone(number=said, primary=True),) if said else ()


def _external(said: Any) -> tuple[str, ...]:
    """An id such as `hubspot:101` names the system it is from; any other is known only to whoever entered it."""
    parts = [part.strip() for part in (convert.text(said) or "").split(":")]
    if len(parts) == 2:  # noqa: PLR2004 - system and number
        parts.insert(1, "contact")
    return (":".join(parts),) if len(parts) == 3 and all(parts) else ()  # noqa: PLR2004 - system, type and number


def _page(path: str, key: str, *more: str) -> Rule:
    """Where staff see the record.  Never the address in the order itself: that one lets anybody in who holds it."""

    def apply(record: Record, terms: Terms) -> str | None:
        found = [convert.text(pluck(record, at)) for at in (*more, key)]
        said = {name: terms.answers.get(name) for name in ("address", "organizer")}
        return path.format(*found, **said) if all((*found, *said.values())) else None

    return Rule(reads=(key, *more), apply=apply)


def _currency(event: Any, terms: Terms) -> str | None:
    """Out of the admin's answer `EUR, geneva=CHF`: that of the event, else the one that stands alone."""
    said = [part.partition("=") for part in terms.answers.get("currency", "").split(",")]
    codes = {name.strip(): code.strip() for name, _, code in said if code}
    common = next((name.strip() for name, _, code in said if name.strip() and not code), None)
    found = codes.get(str(event), common)
    return found.upper() if found else None


def _money(amount: Decimal | None, record: Record, terms: Terms) -> Money | None:
    return None if amount is None else Money(amount=amount, currency=_currency(record.get("event"), terms))


def _done(refunds: Any) -> list[Record]:
    """The refunds that went back for good; others are under way, failed or were called off."""
    return [refund for refund in records(refunds, "") if refund.get("state") == "done"]


def _returned(record: Record) -> Decimal | None:
    found = [amount for refund in _done(record.get("refunds")) if (amount := convert.number(refund.get("amount"))) is not None]
    return sum(found, Decimal(0)) if found else None


def _returned_at(refunds: Any) -> datetime | None:
    """When the last of them went back, like the sum of all."""
    moments = (convert.instant(refund.get("execution_date")) for refund in _done(refunds))
    return max((moment for moment in moments if moment), default=None)


def _status(record: Record, terms: Terms) -> Any:
    """Pretix has no status for it: an order that was paid back is cancelled and holds the refund."""
    said = _SAID.apply(record, terms)
    return OrderStatus.REFUNDED if said is OrderStatus.CANCELLED and _returned(record) else said


def _lines(record: Record, terms: Terms) -> tuple[OrderLine, ...]:
    """Tickets by the number of their product and its variation, fees by their kind: together they make the total."""
    tickets = [(_name(line, "item", "variation"), convert.number(line.get("price"))) for line in records(record, "positions")]
    fees = [(_name(line, "fee_type", "internal_type"), convert.number(line.get("value"))) for line in records(record, "fees")]
    return tuple(OrderLine(product=name, unit_price=_money(amount, record, terms)) for name, amount in (*tickets, *fees) if name)


def _name(line: Record, *paths: str) -> str:
    return ":".join(said for path in paths if (said := convert.text(line.get(path))))


def _paid_at(status: Any, payments: Any) -> datetime | None:
    """When the last payment arrived; what was paid towards an order that is still pending does not make it paid."""
    met = (convert.instant(payment.get("payment_date")) for payment in records(payments, "") if payment.get("state") in _MET)
    return max((moment for moment in met if moment), default=None) if status in ("p", "c") else None


def _used_at(positions: Any) -> datetime | None:
    """When the first ticket of the order was let in."""
    scans = (scan for position in records(positions, "") for scan in records(position, "checkins") if scan.get("type") == "entry")
    return min((moment for scan in scans if (moment := convert.instant(scan.get("datetime")))), default=None)


def _buyer(email: Any, customer: Any) -> str | None:
    return None if convert.text(customer) else convert.text(email)


_SAID = choose("status", _STATUSES)
_UNREAD = (
    *("require_approval", "testmode", "phone", "locale", "expires", "payment_*", "tax_rounding_mode", "comment", "custom_*"),
    *("invoice_address.*", "checkin_*", "sales_channel", "valid_if_pending", "api_meta*", "cancellation_date", "plugin_data*"),
    *("secret", "url", "downloads"),
)

MAPPINGS = (
    Mapping(
        type=Contact,
        stream="customers",
        id="identifier",
        rules={
            "full_name": field("name"),
            "given_name": field("name_parts.given_name"),
            "family_name": field("name_parts.family_name"),
            "emails": decide(_emails, "email", "is_verified"),
            "phones": decide(_phones, "phone"),
            "language": field("locale"),
            "external_ids": decide(_external, "external_identifier"),
            "url": _page("{address}/control/organizer/{organizer}/customer/{0}/", "identifier"),
            "signed_up_at": field("date_joined", convert.instant),
            "created_at": field("date_joined", convert.instant),
            "changed_at": field("last_modified", convert.instant),
        },
        ignored=("name_parts.*", "is_active", "last_login", "notes"),
    ),
    Mapping(
        type=Order,
        stream="orders",
        id="code",
        rules={
            "number": field("code"),
            "status": Rule(reads=("status", "refunds"), apply=_status, options=tuple(OrderStatus)),
            "total": Rule(
                reads=("total", "event"), apply=lambda record, terms: _money(convert.number(record.get("total")), record, terms)
            ),
            "refunded": Rule(reads=("refunds", "event"), apply=lambda record, terms: _money(_returned(record), record, terms)),
            "lines": Rule(reads=("positions", "fees"), apply=_lines),
            "placed_at": field("datetime", convert.instant),
            "paid_at": decide(_paid_at, "status", "payments"),
            "refunded_at": decide(_returned_at, "refunds"),
            "fulfilled_at": decide(_used_at, "positions"),
            "email": decide(_buyer, "email", "customer"),
            "contact_ids": many("customer"),
            "url": _page("{address}/control/event/{organizer}/{0}/orders/{1}/", "code", "event"),
            "created_at": field("datetime", convert.instant),
            "changed_at": field("last_modified", convert.instant),
        },
        ignored=_UNREAD,
        unless={"testmode": (True,)},
    ),
)
