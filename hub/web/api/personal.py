"""What a key without the scope read:pii is not shown: names, addresses, numbers and free text.

What may be shown is listed, so that a field that somebody adds is hidden until somebody thinks about it.
"""

from collections.abc import Mapping
from typing import Any

from hub.model import TYPES

_ALWAYS = ("id", "created_at", "changed_at", "url", "days")
_USE = "signed_up_at activated_at onboarded_at asserted_stage scores external_ids merged_ids merged_into source owner_id country"
_PARTIES = "contact_ids company_ids"
_SHOWN = {
    "contact": f"seniority language time_zone company_ids self_reported_source interests evangelist {_USE}",
    "company": f"industry employee_count annual_revenue csm_id tier parent_company_id renewal_date {_USE}",
    "membership": "contact_id company_id is_primary starts_at ends_at",
    "owner": "active team",
    "lead": "contact_id company_id deal_id status raw_status level source campaign_id captured_at qualified_at converted_at "
    "disqualified_at history",
    "pipeline": "name kind stages",
    "deal": f"status pipeline_id stage_id amount probability expected_close_on opened_at closed_at won_at lost_at kind products "
    f"families proposal_sent_at campaign_id owner_id history {_PARTIES}",
    "ticket": "status priority category channel opened_at first_reply_at solved_at requester_ids company_ids assignee_id "
    "product reopened_count",
    "survey_response": "kind score scale_min scale_max label respondent_id company_id ticket_id survey_id asked_at responded_at",
    "order": f"number status total refunded lines placed_at paid_at fulfilled_at refunded_at deal_id subscription_id {_PARTIES}",
    "invoice": f"number status total issued_at due_at paid_at deal_id order_id subscription_id {_PARTIES}",
    "payment": f"amount paid_at order_id invoice_id subscription_id {_PARTIES}",
    "refund": f"amount refunded_at order_id payment_id {_PARTIES}",
    "subscription": "product_id family deal_id plan status mrr interval started_at trial_end_at current_period_end "
    f"cancel_requested_at cancel_at ended_at end_reason renewals {_PARTIES}",
    "product": "sku name family price is_recurring",
    "activity": f"kind direction channel occurred_at duration_s automatic deal_id ticket_id campaign_id owner_id {_PARTIES}",
    "campaign": "name channel source medium",
    "touchpoint": "contact_id company_id campaign_id kind source occurred_at",
    "reach_stat": "date channel campaign_id impressions visits brand_searches clicks spend",
    "usage_daily": "contact_id company_id date event_key count",
    "referral": "referrer_id referee_id made_at converted_at programme",
    "consent": "contact_id purpose channel state legal_basis at",
}
_FIELDS = frozenset(("owner", "csm", "original_source", "latest_source"))
_DOCUMENT = ("type", "live", "since", "records", "links", "companies", "dates", "external_scores", "activity", "lifecycle")
_TYPE_OF = {"person": "contact", "company": "company"}


def shown(kind: str) -> frozenset[str]:
    """The fields of a type that every key may read."""
    return frozenset((*_ALWAYS, *_SHOWN.get(kind, "").split()))


def hidden(kind: str) -> frozenset[str]:
    """The fields of a type that need read:pii."""
    return frozenset(TYPES[kind].__struct_fields__) - shown(kind)


def record(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """A record's canonical JSON without what says who somebody is."""
    visible = shown(kind)
    return {name: value for name, value in data.items() if name in visible}


def customer(document: Mapping[str, Any]) -> dict[str, Any]:
    """A customer's document without what says who it is."""
    kept = {name: document[name] for name in _DOCUMENT if name in document}
    visible = shown(_TYPE_OF[document["type"]]) | _FIELDS
    return kept | {"fields": {name: value for name, value in document["fields"].items() if name in visible}}
