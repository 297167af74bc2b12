"""Helping: tickets, and what people answered when asked."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

import msgspec

from hub.model.entity import Entity


class TicketStatus(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class TicketPriority(StrEnum):
    """How urgent a ticket is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"
    UNKNOWN = "unknown"


class SurveyKind(StrEnum):
    """What a survey measures."""

    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    CUSTOM = "custom"
    UNKNOWN = "unknown"


class Ticket(Entity, frozen=True, kw_only=True):
    """A source's record of a request: ticket, case."""

    TYPE: ClassVar = "ticket"
    PLURAL: ClassVar = "tickets"
    HAPPENED: ClassVar = ("opened_at", "created_at")
    REFERENCES: ClassVar = (("requester_ids", "contact"), ("company_ids", "company"), ("assignee_id", "owner"))

    subject: str | None = None
    status: TicketStatus | None = None
    priority: TicketPriority | None = None
    category: str | None = None
    channel: str | None = None
    opened_at: datetime | None = None
    first_reply_at: datetime | None = None
    solved_at: datetime | None = None
    requester_ids: tuple[str, ...] = ()
    company_ids: tuple[str, ...] = ()
    assignee_id: str | None = None
    tags: tuple[str, ...] = ()
    product: str | None = None
    reopened_count: int | None = None


class SurveyResponse(Entity, frozen=True, kw_only=True):
    """An answer to a survey; `score` lies between `scale_min` and `scale_max` where the source has numbers."""

    TYPE: ClassVar = "survey_response"
    PLURAL: ClassVar = "survey_responses"
    HAPPENED: ClassVar = ("responded_at", "asked_at", "created_at")
    REFERENCES: ClassVar = (("respondent_id", "contact"), ("company_id", "company"), ("ticket_id", "ticket"))

    kind: SurveyKind | None = None
    score: Decimal | None = None
    scale_min: Decimal | None = None
    scale_max: Decimal | None = None
    label: str | None = None
    comment: str | None = None
    respondent_id: str | None = None
    company_id: str | None = None
    ticket_id: str | None = None
    survey_id: str | None = None
    question: str | None = None
    answers: dict[str, Any] = msgspec.field(default_factory=dict)
    asked_at: datetime | None = None
    responded_at: datetime | None = None
