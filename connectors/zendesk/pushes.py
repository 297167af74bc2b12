"""What Zendesk pushes: one event a delivery, signed with the webhook's own secret."""

from collections.abc import Iterator
from typing import Any

from hub.spec import Change, Delivery, Reply, Request, Webhook, convert, hmac_sha256, pluck, recent, same

_STREAMS = {"ticket": "tickets", "user": "users", "organization": "organizations"}
_EVENTS = {
    # https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events
    "ticket": "created status_changed priority_changed subject_changed type_changed requester_changed organization_changed "
    "agent_assignment_changed tags_changed custom_field_changed comment_added merged soft_deleted permanently_deleted undeleted",
    # https://developer.zendesk.com/api-reference/webhooks/event-types/user-events
    "user": "created active_changed deleted external_id_changed identity_changed identity_created identity_deleted merged "
    "name_changed organization_membership_created organization_membership_deleted role_changed tags_changed time_zone_changed "
    "custom_field_changed",
    # https://developer.zendesk.com/api-reference/webhooks/event-types/organization-events
    "organization": "created deleted custom_field_changed external_id_changed name_changed tags_changed",
}


def _genuine(delivery: Delivery, secret: str) -> bool:
    """https://developer.zendesk.com/documentation/webhooks/verifying/ names no window; five minutes are ours."""
    sent = delivery.headers.get("x-zendesk-webhook-signature-timestamp", "")
    try:
        moment = convert.instant(sent)
    except ValueError:
        return False
    ours = hmac_sha256(secret, sent.encode(), delivery.body)
    return recent(moment, delivery) and same(ours, delivery.headers.get("x-zendesk-webhook-signature"))


def _changes(body: Any) -> Iterator[Change]:
    """The record named by a subject such as `zen:ticket:1234`."""
    _, kind, found = [*str(pluck(body, "subject")).split(":"), "", "", ""][:3]
    event = pluck(body, "id")
    if kind in _STREAMS and found.isascii() and found.isdigit():
        yield Change(stream=_STREAMS[kind], id=found, key=event if isinstance(event, str) else None)


def _subscribe(url: str) -> Request:
    # https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/#create-or-clone-webhook
    events = [f"zen:event-type:{kind}.{name}" for kind, names in _EVENTS.items() for name in names.split()]
    webhook = {"name": "Ciclo Hub", "endpoint": url, "http_method": "POST", "request_format": "json", "status": "active"}
    return Request(method="POST", path="/api/v2/webhooks", json={"webhook": {**webhook, "subscriptions": events}})


def _path(reply: Reply) -> str:
    return f"/api/v2/webhooks/{reply.body['webhook']['id']}"


WEBHOOK = Webhook(
    genuine=_genuine,
    changes=_changes,
    subscribe=_subscribe,
    secret_request=lambda reply: Request(path=f"{_path(reply)}/signing_secret"),
    secret=lambda reply: str(reply.body["signing_secret"]["secret"]),
    unsubscribe=lambda reply: Request(method="DELETE", path=_path(reply)),
)
