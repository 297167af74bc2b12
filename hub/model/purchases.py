"""Buying: orders and what they hold."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from hub.model.entity import Entity
from hub.model.values import Money, Value


class OrderStatus(StrEnum):
    """How an order stands with its payment."""

    PENDING = "pending"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"


class OrderLine(Value, frozen=True, kw_only=True):
    """One position of an order."""

    product: str
    quantity: Decimal = Decimal(1)
    unit_price: Money | None = None


class Order(Entity, frozen=True, kw_only=True):
    """A source's record of a purchase."""

    TYPE: ClassVar = "order"
    PLURAL: ClassVar = "orders"
    REFERENCES: ClassVar = (("contact_ids", "contact"), ("company_ids", "company"))

    number: str | None = None
    status: OrderStatus | None = None
    total: Money | None = None
    refunded: Money | None = None
    lines: tuple[OrderLine, ...] = ()
    placed_at: datetime | None = None
    paid_at: datetime | None = None
    fulfilled_at: datetime | None = None
    email: str | None = None
    """The buyer's address where the source has no customer record for the order."""
    contact_ids: tuple[str, ...] = ()
    company_ids: tuple[str, ...] = ()
