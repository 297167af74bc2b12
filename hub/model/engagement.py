"""Dealing with each other: what was said and done, campaigns and how they reached people, use, recommendations, consent."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from hub.model.entity import Entity
from hub.model.values import Money


class ActivityKind(StrEnum):
    """What somebody did."""

    EMAIL = "email"
    CALL = "call"
    MEETING = "meeting"
    CHAT = "chat"
    SMS = "sms"
    NOTE = "note"
    TASK = "task"
    FORM_SUBMISSION = "form_submission"
    PAGE_VIEW = "page_view"
    AD_CLICK = "ad_click"
    EMAIL_OPEN = "email_open"
    EMAIL_CLICK = "email_click"
    DOCUMENT = "document"
    SOCIAL_POST = "social_post"
    EVENT_ATTENDANCE = "event_attendance"
    TESTIMONIAL = "testimonial"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Who turned to whom: `in` is the customer to us."""

    IN = "in"
    OUT = "out"
    NONE = "none"
    UNKNOWN = "unknown"


class ConsentState(StrEnum):
    """What somebody has allowed."""

    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"
    UNKNOWN = "unknown"


class Activity(Entity, frozen=True, kw_only=True):
    """Something between us and a customer that happened at a moment; `automatic` is what no human did."""

    TYPE: ClassVar = "activity"
    PLURAL: ClassVar = "activities"
    HAPPENED: ClassVar = ("occurred_at", "created_at")
    REFERENCES: ClassVar = (
        ("contact_ids", "contact"),
        ("company_ids", "company"),
        ("owner_id", "owner"),
        ("deal_id", "deal"),
        ("ticket_id", "ticket"),
        ("campaign_id", "campaign"),
    )

    kind: ActivityKind | None = None
    direction: Direction | None = None
    channel: str | None = None
    subject: str | None = None
    occurred_at: datetime | None = None
    duration_s: int | None = None
    automatic: bool | None = None
    email: str | None = None
    """The address of the customer that was used."""
    deal_id: str | None = None
    ticket_id: str | None = None
    campaign_id: str | None = None
    owner_id: str | None = None
    contact_ids: tuple[str, ...] = ()
    company_ids: tuple[str, ...] = ()


class Campaign(Entity, frozen=True, kw_only=True):
    """What is done to reach people."""

    TYPE: ClassVar = "campaign"
    PLURAL: ClassVar = "campaigns"

    name: str | None = None
    channel: str | None = None
    source: str | None = None
    medium: str | None = None


class Touchpoint(Entity, frozen=True, kw_only=True):
    """That somebody came into touch with us by themselves: a click, a visit, a mention. Mere sending is none."""

    TYPE: ClassVar = "touchpoint"
    PLURAL: ClassVar = "touchpoints"
    HAPPENED: ClassVar = ("occurred_at", "created_at")
    REFERENCES: ClassVar = (("contact_id", "contact"), ("company_id", "company"), ("campaign_id", "campaign"))

    contact_id: str | None = None
    company_id: str | None = None
    campaign_id: str | None = None
    kind: str | None = None
    source: str | None = None
    occurred_at: datetime | None = None


class ReachStat(Entity, frozen=True, kw_only=True):
    """What a channel reached on a day, and what it cost: counts, never a person."""

    TYPE: ClassVar = "reach_stat"
    PLURAL: ClassVar = "reach_stats"
    REFERENCES: ClassVar = (("campaign_id", "campaign"),)

    date: str | None = None
    """A calendar date, YYYY-MM-DD."""
    channel: str | None = None
    campaign_id: str | None = None
    impressions: int | None = None
    visits: int | None = None
    brand_searches: int | None = None
    clicks: int | None = None
    spend: Money | None = None


class UsageDaily(Entity, frozen=True, kw_only=True):
    """How often somebody used something on a day."""

    TYPE: ClassVar = "usage_daily"
    PLURAL: ClassVar = "usage_daily"
    REFERENCES: ClassVar = (("contact_id", "contact"), ("company_id", "company"))

    contact_id: str | None = None
    company_id: str | None = None
    date: str | None = None
    """A calendar date, YYYY-MM-DD, in the source's zone."""
    event_key: str | None = None
    count: int | None = None


class Referral(Entity, frozen=True, kw_only=True):
    """That somebody recommended us to somebody."""

    TYPE: ClassVar = "referral"
    PLURAL: ClassVar = "referrals"
    HAPPENED: ClassVar = ("made_at", "created_at")
    REFERENCES: ClassVar = (("referrer_id", "contact"), ("referee_id", "contact"))

    referrer_id: str | None = None
    referee_id: str | None = None
    made_at: datetime | None = None
    converted_at: datetime | None = None
    programme: str | None = None


class Consent(Entity, frozen=True, kw_only=True):
    """What somebody allowed for a purpose on a channel; `proof` says where that is written."""

    TYPE: ClassVar = "consent"
    PLURAL: ClassVar = "consents"
    HAPPENED: ClassVar = ("at", "created_at")
    REFERENCES: ClassVar = (("contact_id", "contact"),)

    contact_id: str | None = None
    purpose: str | None = None
    channel: str | None = None
    state: ConsentState | None = None
    legal_basis: str | None = None
    at: datetime | None = None
    proof: str | None = None
