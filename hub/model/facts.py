"""Facts: what happened to customers, and since when we know it. They are the only input of stages and metrics."""

from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from hub.model.values import Value

VOCABULARY: Final = {
    "reach.touch": "source kind campaign_id referrer_id",
    "lead.captured": "source",
    "lead.engaged": "kind",
    "lead.qualified": "level",
    "lead.disqualified": "reason",
    "proposal.sent": "",
    "deal.opened": "amount currency kind families",
    "deal.stage_changed": "pipeline_id stage_id",
    "deal.won": "amount currency kind products",
    "deal.lost": "reason competitor",
    "deal.reopened": "",
    "deal.deleted": "",
    "order.paid": "amount currency deal_id subscription_id products families",
    "order.fulfilled": "",
    "order.refunded": "amount currency",
    "invoice.paid": "amount currency order_id deal_id subscription_id",
    "subscription.started": "mrr currency interval product_id deal_id families",
    "subscription.renewed": "",
    "subscription.changed": "mrr_from mrr_to currency",
    "subscription.cancel_scheduled": "cancel_at",
    "subscription.ended": "reason",
    "user.signed_up": "",
    "user.activated": "",
    "user.active": "day count",
    "onboarding.completed": "",
    "ticket.opened": "priority category",
    "ticket.solved": "",
    "ticket.reopened": "",
    "survey.sent": "kind",
    "survey.responded": "kind score minimum maximum label",
    "referral.made": "referee_id",
    "referral.converted": "referee_id",
    "testimonial.given": "",
    "health.reported": "name score minimum maximum higher_is_better",
    "source.stage_asserted": "raw evangelist",
    "consent.changed": "purpose channel state",
    "record.merged": "from",
    "record.deleted": "",
    "record.restored": "",
    "record.erased": "",
}
"""Every kind of fact there is, with what its attributes may be. Numbers are text, and ids are those of our records."""


class Fact(Value, frozen=True, kw_only=True):
    """One version of something that happened.

    `id` is the same for all versions of a fact; a version was known from `recorded_at` until `retracted_at`, None while it
    still holds. With the precision `day` only the day is known and `occurred_at` is its start in the source's zone.
    `record_id` is the record that says so, `person_id` and `company_id` are the contact's and the company's record that it
    is about. `confidence` lies between 0 and 1.
    """

    id: str
    type: str
    occurred_at: datetime
    recorded_at: datetime
    retracted_at: datetime | None = None
    precision: Literal["instant", "day"] = "instant"
    record_id: str
    raw_id: int = 0
    """The first raw version of the record that says so; 0 where there is none."""
    system: str = ""
    person_id: str | None = None
    company_id: str | None = None
    confidence: float = 1.0
    attrs: dict[str, Any] = msgspec.field(default_factory=dict)
