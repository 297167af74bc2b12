"""The webhooks of the Zendesk stand-in: registered by API, told of events, signed with a secret of their own.

https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/,
https://developer.zendesk.com/api-reference/webhooks/event-types/webhook-event-types/ and
https://developer.zendesk.com/documentation/webhooks/verifying/.
"""

import json
import secrets
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from connectors.zendesk.sandbox_access import invalid, missing
from connectors.zendesk.sandbox_records import ACCOUNT, ONE
from hub.sandbox.answers import body, iso_seconds
from hub.sandbox.push import Delivery, hmac_base64
from hub.sandbox.rows import Change, Row
from hub.sandbox.standin import Controls

_VERSIONS = {"ticket": "2022-11-06", "user": "2022-06-20", "organization": "2022-06-20"}
_DETAILS = {
    "ticket": "subject description status priority type requester_id submitter_id assignee_id organization_id group_id "
    "external_id tags",
    "user": "email external_id organization_id role default_group_id",
    "organization": "name external_id shared_comments shared_tickets",
}
_FIELD_EVENTS = {
    "ticket": "status priority subject type description tags external_id organization_id:organization "
    "requester_id:requester assignee_id:agent_assignment group_id:group_assignment",
    "user": "name alias details notes tags external_id role active suspended time_zone",
    "organization": "name tags external_id",
}
_EVENTS = {
    ("user", "deleted"): "active_changed",
    ("user", "restored"): "active_changed",
    ("ticket", "deleted"): "soft_deleted",
    ("ticket", "erased"): "permanently_deleted",
    ("", "erased"): "deleted",
    ("", "restored"): "undeleted",
}
"""What a change of an object, or of any, is called where events have another word for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """A registered address; the secret is only shown where it is asked for."""

    shown: Mapping[str, Any]
    secret: str


def sign(secret: str, timestamp: str, content: bytes) -> str:
    """The signature over the time and the body, with nothing between them."""
    return hmac_base64(secret, timestamp.encode() + content)


def _field_events(change: Change, before: Row) -> Iterator[tuple[str, dict[str, Any]]]:
    """An event for each field that changed and has events."""
    entries = (entry.partition(":") for entry in _FIELD_EVENTS[ONE[change.object]].split())
    names = {field: name or field for field, _, name in entries}
    for field in (field for field in change.fields if field in names):
        told = {"current": change.fields[field], "previous": before.fields.get(field)}
        yield f"{names[field]}_changed", {name: _word(value) for name, value in told.items()}


def _event_types(change: Change) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events that a change is, each with its `event` object."""
    name = _EVENTS.get((ONE[change.object], change.kind), _EVENTS.get(("", change.kind), change.kind))
    if change.kind == "changed" and change.before is not None:
        yield from _field_events(change, change.before)
    elif name == "active_changed":
        active = change.kind == "restored"
        yield name, {"current": active, "previous": not active}
    else:
        yield name, {"user": {"id": str(change.loser)}} if change.kind == "merged" else {}


def _word(value: Any) -> Any:
    """A value as events have it: ids as text, enumerations in capital letters."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.upper() if value in ("new", "open", "pending", "hold", "solved", "closed") else value


def _payload(change: Change, name: str, event: dict[str, Any]) -> dict[str, Any]:
    kind, row = ONE[change.object], change.row
    enumerated = ("status", "priority", "type") if kind == "ticket" else ()
    detail: dict[str, Any] = {"id": str(row.id)}
    for field in _DETAILS[kind].split():
        value = row.fields.get(field)
        detail[field] = value.upper() if field in enumerated and value else _word(value)
    dates = {"created_at": iso_seconds(row.created), "updated_at": iso_seconds(row.updated)}
    return {
        "account_id": ACCOUNT,
        "detail": {**detail, **dates},
        "event": event,
        "id": str(uuid.uuid4()),
        "subject": f"zen:{kind}:{row.id}",
        "time": iso_seconds(row.updated),
        "type": f"zen:event-type:{kind}.{name}",
        "zendesk_event_version": _VERSIONS[kind],
    }


class Webhooks:
    """The account's registered addresses."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self._registered: dict[str, Webhook] = {}

    def install(self, app: Flask) -> None:
        """Open the paths."""
        app.add_url_rule("/api/v2/webhooks", "webhooks", self.listed)
        app.add_url_rule("/api/v2/webhooks", "new webhook", self.create, methods=["POST"])
        app.add_url_rule("/api/v2/webhooks/<identity>", "webhook", self.one)
        app.add_url_rule("/api/v2/webhooks/<identity>", "no webhook", self.delete, methods=["DELETE"])
        app.add_url_rule("/api/v2/webhooks/<identity>/signing_secret", "secret", self.secret)

    def listed(self) -> ResponseReturnValue:
        """All of them."""
        shown = [webhook.shown for webhook in self._registered.values()]
        meta = {"has_more": False, "after_cursor": None, "before_cursor": None}
        return jsonify(webhooks=shown, meta=meta, links={"next": None, "prev": None})

    def create(self) -> ResponseReturnValue:
        """Register an address."""
        sent = body().get("webhook") or {}
        if not str(sent.get("endpoint", "")).startswith(("https://", "http://")):
            raise invalid("endpoint", "Endpoint must be a web address", "InvalidValue")
        known = {name: sent.get(name) for name in ("name", "endpoint", "http_method", "request_format", "subscriptions")}
        identity, moment = uuid.uuid4().hex[:26].upper(), iso_seconds(self._controls.clock.now())
        dates = {"status": "active", "created_at": moment, "created_by": "1", "updated_at": moment, "updated_by": "1"}
        webhook = Webhook(shown={"id": identity, **known, **dates}, secret=secrets.token_urlsafe(48))
        self._registered[identity] = webhook
        return jsonify(webhook=webhook.shown), 201

    def _found(self, identity: str) -> Webhook:
        if identity not in self._registered:
            raise missing()
        return self._registered[identity]

    def one(self, identity: str) -> ResponseReturnValue:
        """One of them."""
        return jsonify(webhook=self._found(identity).shown)

    def delete(self, identity: str) -> ResponseReturnValue:
        """Forget one."""
        self._found(identity)
        del self._registered[identity]
        return "", 204

    def secret(self, identity: str) -> ResponseReturnValue:
        """What one's deliveries are signed with."""
        return jsonify(signing_secret={"algorithm": "SHA256", "secret": self._found(identity).secret})

    def tell(self, change: Change) -> None:
        """Send a change's events to whoever subscribed to them."""
        if ONE[change.object] not in _VERSIONS:  # answers have no events of their own
            return
        for name, event in _event_types(change):
            payload = _payload(change, name, event)
            for webhook in list(self._registered.values()):
                if payload["type"] in (webhook.shown["subscriptions"] or ()):
                    self._controls.sender.send(self._delivery(webhook, json.dumps(payload).encode()))

    def _delivery(self, webhook: Webhook, content: bytes) -> Delivery:
        invocation = uuid.uuid4().hex[:26].upper()

        def headers(signed: bytes) -> Mapping[str, str]:
            timestamp = iso_seconds(self._controls.clock.now())
            return {
                "X-Zendesk-Webhook-Signature": sign(webhook.secret, timestamp, signed),
                "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
                "X-Zendesk-Account-Id": str(ACCOUNT),
                "X-Zendesk-Webhook-Id": str(webhook.shown["id"]),
                "X-Zendesk-Webhook-Invocation-Id": invocation,
            }

        return Delivery(url=str(webhook.shown["endpoint"]), body=lambda _attempt: content, headers=headers)
