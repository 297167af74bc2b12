"""What ClickUp pushes: one event a delivery, signed with the secret of the webhook, its changes dated in the body."""

import re
from collections.abc import Iterator
from typing import Any

from hub.errors import BadInput
from hub.spec import Change, Delivery, Request, Webhook, convert, hmac_sha256, pluck, recent, records, same
from hub.spec.jsontext import loads

_ID = re.compile(r"[A-Za-z0-9_-]{1,60}")
# https://developer.clickup.com/docs/webhooktaskpayloads
_EVENTS = [f"task{each}" for each in ("Created", "Updated", "Deleted", "Moved")]
_EVENTS += [f"task{each}Updated" for each in ("Status", "Priority", "Assignee", "DueDate", "Tag")]


# https://developer.clickup.com/docs/webhooksignature : hexadecimal, of the body alone, without a time of sending.
def _genuine(delivery: Delivery, secret: str) -> bool:
    """The newest change that it tells of stands for when it was sent; what comes too late is seen by the next read instead."""
    if not same(hmac_sha256(secret, delivery.body).hex(), delivery.headers.get("x-signature")):
        return False
    try:
        dated = [at for item in records(loads(delivery.body), "history_items") if (at := convert.instant(item.get("date")))]
    except (BadInput, ValueError):
        return True
    # A deletion tells of no change, and says the same each time.
    return not dated or recent(max(dated), delivery)


def _changes(body: Any) -> Iterator[Change]:
    task, event = pluck(body, "task_id"), pluck(body, "history_items.0.id")
    if isinstance(task, str) and _ID.fullmatch(task):
        # https://developer.clickup.com/docs/webhooks : a delivery is known by its webhook and what happened.
        key = f"{pluck(body, 'webhook_id')}:{event}:{pluck(body, 'event')}" if isinstance(event, str) else None
        yield Change(stream="tasks", id=task, key=key)


WEBHOOK = Webhook(
    genuine=_genuine,
    changes=_changes,
    # https://developer.clickup.com/reference/createwebhook
    subscribe=lambda url: Request(method="POST", path="/team/{workspace}/webhook", json={"endpoint": url, "events": _EVENTS}),
    secret=lambda reply: str(reply.body["webhook"]["secret"]),
    unsubscribe=lambda reply: Request(method="DELETE", path=f"/webhook/{reply.body['id']}"),
)
