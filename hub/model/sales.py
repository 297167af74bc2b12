"""Selling: deals and the pipelines they move through."""

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


class Deal(Entity, frozen=True, kw_only=True):
    """A source's record of a sale that may happen: deal, opportunity."""

    TYPE: ClassVar = "deal"
    PLURAL: ClassVar = "deals"
    REFERENCES: ClassVar = (("contact_ids", "contact"), ("company_ids", "company"), ("owner_id", "owner"))

    name: str | None = None
    status: DealStatus | None = None
    pipeline_id: str | None = None
    stage_id: str | None = None
    amount: Money | None = None
    probability: Decimal | None = None
    expected_close_on: str | None = None
    """A calendar date, YYYY-MM-DD, in the source's zone."""
    closed_at: datetime | None = None
    contact_ids: tuple[str, ...] = ()
    company_ids: tuple[str, ...] = ()
    owner_id: str | None = None
