"""The canonical types: what a contact, a deal or a ticket is, whichever system it came from.

Entities refer to each other by their source's ids, within one connection. None means that the source said nothing;
UNKNOWN means that it said something no table lists and no person has decided yet.
"""

from hub.model.engagement import (
    Activity,
    ActivityKind,
    Campaign,
    Consent,
    ConsentState,
    Direction,
    ReachStat,
    Referral,
    Touchpoint,
    UsageDaily,
)
from hub.model.entity import Entity, Reference, as_json, digest, from_json, record_id
from hub.model.facts import VOCABULARY, Fact
from hub.model.parties import Company, Contact, Email, ExternalScore, Membership, Owner, Phone
from hub.model.purchases import (
    Invoice,
    InvoiceStatus,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    Product,
    Refund,
    Subscription,
    SubscriptionStatus,
)
from hub.model.sales import (
    Deal,
    DealKind,
    DealStatus,
    DealStep,
    Lead,
    LeadStatus,
    LeadStep,
    Pipeline,
    PipelineKind,
    PipelineStage,
)
from hub.model.support import SurveyKind, SurveyResponse, Ticket, TicketPriority, TicketStatus
from hub.model.types import TYPES
from hub.model.values import UNKNOWN, Money

__all__ = [
    "TYPES",
    "UNKNOWN",
    "VOCABULARY",
    "Activity",
    "ActivityKind",
    "Campaign",
    "Company",
    "Consent",
    "ConsentState",
    "Contact",
    "Deal",
    "DealKind",
    "DealStatus",
    "DealStep",
    "Direction",
    "Email",
    "Entity",
    "ExternalScore",
    "Fact",
    "Invoice",
    "InvoiceStatus",
    "Lead",
    "LeadStatus",
    "LeadStep",
    "Membership",
    "Money",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Owner",
    "Payment",
    "Phone",
    "Pipeline",
    "PipelineKind",
    "PipelineStage",
    "Product",
    "ReachStat",
    "Reference",
    "Referral",
    "Refund",
    "Subscription",
    "SubscriptionStatus",
    "SurveyKind",
    "SurveyResponse",
    "Ticket",
    "TicketPriority",
    "TicketStatus",
    "Touchpoint",
    "UsageDaily",
    "as_json",
    "digest",
    "from_json",
    "record_id",
]
