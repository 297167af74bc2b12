"""Selling: leads, deals and the pipelines they move through."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from hub.model.entity import Entity
from hub.model.values import Money, Value


class DealStatus(StrEnum):
    """How a deal stands; the category of its pipeline stage where the source has no status of its own."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    DELETED = "deleted"
    UNKNOWN = "unknown"


class DealKind(StrEnum):
    """What a deal is for."""

    NEW_BUSINESS = "new_business"
    EXPANSION = "expansion"
    RENEWAL = "renewal"
    WINBACK = "winback"
    UNKNOWN = "unknown"


class LeadStatus(StrEnum):
    """How far somebody is from being worth selling to."""

    NEW = "new"
    WORKING = "working"
    NURTURING = "nurturing"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"
    CONVERTED = "converted"
    UNKNOWN = "unknown"


class PipelineKind(StrEnum):
    """What moves through a pipeline."""

    SALES = "sales"
    RENEWAL = "renewal"
    ONBOARDING = "onboarding"
    SUPPORT = "support"
    UNKNOWN = "unknown"


class PipelineStage(Value, frozen=True, kw_only=True):
    """One step of a pipeline; `category` is what rules read: open, won or lost in sales, a ticket status in support."""

    id: str
    name: str | None = None
    category: str = "unknown"
    probability: Decimal | None = None


class Pipeline(Entity, frozen=True, kw_only=True):
    """A pipeline with its stages in order."""

    TYPE: ClassVar = "pipeline"
    PLURAL: ClassVar = "pipelines"

    name: str | None = None
    kind: PipelineKind = PipelineKind.UNKNOWN
    stages: tuple[PipelineStage, ...] = ()


class DealStep(Value, frozen=True, kw_only=True):
    """A stage that a deal was in, and since when; `status` where the source tells which category the stage has."""

    at: datetime
    stage_id: str | None = None
    status: DealStatus | None = None


class Deal(Entity, frozen=True, kw_only=True):
    """A source's record of a sale that may happen: deal, opportunity."""

    TYPE: ClassVar = "deal"
    PLURAL: ClassVar = "deals"
    HAPPENED: ClassVar = ("opened_at", "created_at")
    REFERENCES: ClassVar = (
        ("contact_ids", "contact"),
        ("company_ids", "company"),
        ("owner_id", "owner"),
        ("campaign_id", "campaign"),
        ("products", "product"),
    )

    name: str | None = None
    status: DealStatus | None = None
    pipeline_id: str | None = None
    stage_id: str | None = None
    amount: Money | None = None
    probability: Decimal | None = None
    expected_close_on: str | None = None
    """A calendar date, YYYY-MM-DD, in the source's zone."""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    won_at: datetime | None = None
    lost_at: datetime | None = None
    lost_reason: str | None = None
    competitor: str | None = None
    kind: DealKind | None = None
    products: tuple[str, ...] = ()
    """Ids of products of the same source."""
    families: tuple[str, ...] = ()
    """The families of all these products, as the source names them; empty where it does not tell."""
    proposal_sent_at: datetime | None = None
    campaign_id: str | None = None
    contact_ids: tuple[str, ...] = ()
    company_ids: tuple[str, ...] = ()
    owner_id: str | None = None
    history: tuple[DealStep, ...] = ()
    """Its way through the stages, where the source keeps it; one step may repeat the stage of another."""


class LeadStep(Value, frozen=True, kw_only=True):
    """A status that a lead had, and since when; `level` says who found it fit, where it was found so."""

    status: LeadStatus
    at: datetime
    level: str | None = None


class Lead(Entity, frozen=True, kw_only=True):
    """The part that a contact plays while nobody knows whether it will buy; never a second human.

    `level` says who found a qualified lead fit: `marketing` or `sales`.
    """

    TYPE: ClassVar = "lead"
    PLURAL: ClassVar = "leads"
    HAPPENED: ClassVar = ("captured_at", "created_at")
    REFERENCES: ClassVar = (
        ("contact_id", "contact"),
        ("company_id", "company"),
        ("deal_id", "deal"),
        ("campaign_id", "campaign"),
    )

    contact_id: str | None = None
    company_id: str | None = None
    deal_id: str | None = None
    status: LeadStatus | None = None
    raw_status: str | None = None
    level: str | None = None
    source: str | None = None
    campaign_id: str | None = None
    captured_at: datetime | None = None
    qualified_at: datetime | None = None
    converted_at: datetime | None = None
    disqualified_at: datetime | None = None
    disqualified_reason: str | None = None
    history: tuple[LeadStep, ...] = ()
