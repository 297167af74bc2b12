"""What a key without the scope read:pii is not shown: names, addresses, numbers and free text.

What may be shown is listed, so that a field that somebody adds is hidden until somebody thinks about it.
"""

from collections.abc import Mapping
from typing import Any

from hub.model import TYPES

_ALWAYS = ("id", "created_at", "changed_at", "url")
_SHOWN = {
    "contact": "language time_zone country company_ids owner_id asserted_stage external_ids merged_ids",
    "company": "industry employee_count annual_revenue country owner_id external_ids merged_ids",
    "owner": "active",
    "pipeline": "name kind stages",
    "deal": "status pipeline_id stage_id amount probability expected_close_on closed_at contact_ids company_ids owner_id",
    "ticket": "status priority category channel opened_at first_reply_at solved_at requester_ids company_ids assignee_id",
    "survey_response": "kind score scale_min scale_max label respondent_id ticket_id responded_at",
    "order": "number status total refunded lines placed_at paid_at fulfilled_at contact_ids company_ids",
}
_DOCUMENT = ("type", "live", "since", "records", "companies", "activity")
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
    return kept | {"fields": record(_TYPE_OF[document["type"]], document["fields"])}
