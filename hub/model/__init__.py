"""The canonical types: what a contact, a deal or a ticket is, whichever system it came from.

Entities refer to each other by their source's ids, within one connection. None means that the source said nothing;
UNKNOWN means that it said something no table lists and no person has decided yet.
"""

from hub.model.entity import Entity, Reference, as_json, digest, from_json, record_id
from hub.model.parties import Company, Contact, Email, Owner, Phone
from hub.model.purchases import Order, OrderLine, OrderStatus
from hub.model.sales import Deal, DealStatus, Pipeline, PipelineKind, PipelineStage
from hub.model.support import SurveyKind, SurveyResponse, Ticket, TicketPriority, TicketStatus
from hub.model.types import TYPES
from hub.model.values import UNKNOWN, Money

__all__ = [
    "TYPES",
    "UNKNOWN",
    "Company",
    "Contact",
    "Deal",
    "DealStatus",
    "Email",
    "Entity",
    "Money",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Owner",
    "Phone",
    "Pipeline",
    "PipelineKind",
    "PipelineStage",
    "Reference",
    "SurveyKind",
    "SurveyResponse",
    "Ticket",
    "TicketPriority",
    "TicketStatus",
    "as_json",
    "digest",
    "from_json",
    "record_id",
]
