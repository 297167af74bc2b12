"""Buying: products, orders, invoices, payments and subscriptions."""

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


class SubscriptionStatus(StrEnum):
    """How a subscription stands."""

    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    PAUSED = "paused"
    CANCELED = "canceled"
    ENDED = "ended"
    UNKNOWN = "unknown"


class InvoiceStatus(StrEnum):
    """How an invoice stands."""

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"
    UNKNOWN = "unknown"


class OrderLine(Value, frozen=True, kw_only=True):
    """One position of an order; `family` is the product family where the source tells it."""

    product: str
    family: str | None = None
    quantity: Decimal = Decimal(1)
    unit_price: Money | None = None


class Order(Entity, frozen=True, kw_only=True):
    """A source's record of a purchase."""

    TYPE: ClassVar = "order"
    PLURAL: ClassVar = "orders"
    HAPPENED: ClassVar = ("placed_at", "paid_at", "created_at")
    REFERENCES: ClassVar = (
        ("contact_ids", "contact"),
        ("company_ids", "company"),
        ("deal_id", "deal"),
        ("subscription_id", "subscription"),
    )

    number: str | None = None
    status: OrderStatus | None = None
    total: Money | None = None
    refunded: Money | None = None
    lines: tuple[OrderLine, ...] = ()
    placed_at: datetime | None = None
    paid_at: datetime | None = None
    fulfilled_at: datetime | None = None
    refunded_at: datetime | None = None
    deal_id: str | None = None
    subscription_id: str | None = None
    email: str | None = None
    """The buyer's address where the source has no customer record for the order."""
    contact_ids: tuple[str, ...] = ()
    company_ids: tuple[str, ...] = ()


class Product(Entity, frozen=True, kw_only=True):
    """What is sold; of two products of one `family` the dearer is an upgrade of the other."""

    TYPE: ClassVar = "product"
    PLURAL: ClassVar = "products"

    sku: str | None = None
    name: str | None = None
    family: str | None = None
    price: Money | None = None
    is_recurring: bool | None = None


class Invoice(Entity, frozen=True, kw_only=True):
    """A demand for payment."""

    TYPE: ClassVar = "invoice"
    PLURAL: ClassVar = "invoices"
    HAPPENED: ClassVar = ("issued_at", "paid_at", "created_at")
    REFERENCES: ClassVar = (
        ("contact_ids", "contact"),
        ("company_ids", "company"),
        ("deal_id", "deal"),
        ("order_id", "order"),
        ("subscription_id", "subscription"),
    )

    number: str | None = None
    status: InvoiceStatus | None = None
    total: Money | None = None
    issued_at: datetime | None = None
    due_at: datetime | None = None
    paid_at: datetime | None = None
    deal_id: str | None = None
    order_id: str | None = None
    subscription_id: str | None = None
    contact_ids: tuple[str, ...] = ()
    company_ids: tuple[str, ...] = ()


class Payment(Entity, frozen=True, kw_only=True):
    """Money that arrived."""

    TYPE: ClassVar = "payment"
    PLURAL: ClassVar = "payments"
    HAPPENED: ClassVar = ("paid_at", "created_at")
    REFERENCES: ClassVar = (
        ("contact_ids", "contact"),
        ("company_ids", "company"),
        ("order_id", "order"),
        ("invoice_id", "invoice"),
        ("subscription_id", "subscription"),
    )

    amount: Money | None = None
    paid_at: datetime | None = None
    order_id: str | None = None
    invoice_id: str | None = None
    subscription_id: str | None = None
    contact_ids: tuple[str, ...] = ()
    company_ids: tuple[str, ...] = ()


class Refund(Entity, frozen=True, kw_only=True):
    """Money that went back."""

    TYPE: ClassVar = "refund"
    PLURAL: ClassVar = "refunds"
    HAPPENED: ClassVar = ("refunded_at", "created_at")
    REFERENCES: ClassVar = (
        ("contact_ids", "contact"),
        ("company_ids", "company"),
        ("order_id", "order"),
        ("payment_id", "payment"),
    )

    amount: Money | None = None
    refunded_at: datetime | None = None
    reason: str | None = None
    order_id: str | None = None
    payment_id: str | None = None
    contact_ids: tuple[str, ...] = ()
    company_ids: tuple[str, ...] = ()


class Subscription(Entity, frozen=True, kw_only=True):
    """A purchase that goes on by itself; `mrr` is what it brings in a month, `interval` what is paid at once (month, year).

    `family` is that of its product, where the source tells it. `end_reason` is voluntary, involuntary or None where nobody
    said; `renewals` are the moments at which a new term began.
    """

    TYPE: ClassVar = "subscription"
    PLURAL: ClassVar = "subscriptions"
    HAPPENED: ClassVar = ("started_at", "created_at")
    REFERENCES: ClassVar = (
        ("contact_ids", "contact"),
        ("company_ids", "company"),
        ("product_id", "product"),
        ("deal_id", "deal"),
    )

    product_id: str | None = None
    family: str | None = None
    deal_id: str | None = None
    plan: str | None = None
    status: SubscriptionStatus | None = None
    mrr: Money | None = None
    interval: str | None = None
    started_at: datetime | None = None
    trial_end_at: datetime | None = None
    current_period_end: datetime | None = None
    cancel_requested_at: datetime | None = None
    cancel_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None
    renewals: tuple[datetime, ...] = ()
    contact_ids: tuple[str, ...] = ()
    company_ids: tuple[str, ...] = ()
