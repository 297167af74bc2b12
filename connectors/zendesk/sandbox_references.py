"""What the Zendesk stand-in's account has defined: custom statuses and ticket fields.

https://developer.zendesk.com/api-reference/ticketing/tickets/custom_ticket_statuses/ and
https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/.
"""

from typing import Any

from connectors.zendesk.sandbox_records import OFFSET
from hub.sandbox.answers import iso_seconds
from hub.sandbox.chance import BEGINS, milliseconds

STATUSES = ("new", "open", "pending", "hold", "solved")
CUSTOM_STATUS = {status: OFFSET + 31 + place for place, status in enumerate(STATUSES)} | {"closed": OFFSET + 35}
_FIELD = OFFSET + 21
_DATES = dict.fromkeys(("created_at", "updated_at"), iso_seconds(milliseconds(BEGINS)))


def custom_statuses() -> list[dict[str, Any]]:
    """The default status of each category; a closed ticket keeps that of a solved one."""
    return [
        {
            "id": CUSTOM_STATUS[status],
            "status_category": status,
            "agent_label": status.title(),
            "end_user_label": status.title(),
            "description": "",
            "end_user_description": "",
            "active": True,
            "default": True,
            **_DATES,
        }
        for status in STATUSES
    ]


def ticket_fields() -> list[dict[str, Any]]:
    """One field of the system and one that somebody added."""
    known = ((_FIELD - 1, "subject", "Subject", False), (_FIELD, "text", "Número do pedido", True))
    return [
        {"id": field, "type": kind, "title": title, "active": True, "removable": added, "description": "", **_DATES}
        for field, kind, title, added in known
    ]


def custom_values() -> list[dict[str, Any]]:
    """The values of added fields, which nobody has filled in."""
    return [{"id": _FIELD, "value": None}]
