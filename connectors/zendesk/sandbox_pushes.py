"""The webhooks of the Zendesk stand-in: registered by API, told of events, signed with a secret of their own.

https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/,
https://developer.zendesk.com/api-reference/webhooks/event-types/webhook-event-types/ and
https://developer.zendesk.com/documentation/webhooks/verifying/.
"""

import secrets
import uuid
from collections.abc import Iterator, Mapping
from functools import partial

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from connectors.zendesk.sandbox_access import invalid, missing
from connectors.zendesk.sandbox_records import ACCOUNT, ONE, TEXTS
from hub.sandbox.answers import Json, iso_seconds, picked, routes
from hub.sandbox.hooks import Door, Headers, Hook, Hooks
from hub.sandbox.push import hmac_base64
from hub.sandbox.rows import Change, Row
from hub.sandbox.standin import Controls

_VERSIONS = {"ticket": "2022-11-06", "user": "2022-06-20", "organization": "2022-06-20"}
_EVENTS = {
    ("user", "deleted"): "active_changed",
    ("user", "restored"): "active_changed",
    ("ticket", "deleted"): "soft_deleted",
    ("ticket", "erased"): "permanently_deleted",
    ("", "erased"): "deleted",
    ("", "restored"): "undeleted",
}
"""What a change of an object, or of any, is called where events have another word for it."""


def sign(secret: str, timestamp: str, content: bytes) -> str:
    """The signature over the time and the body, with nothing between them."""
    return hmac_base64(secret, timestamp.encode() + content)


def _field_events(change: Change, before: Row) -> Iterator[tuple[str, Json]]:
    """An event for each field that changed and has events."""
    names = TEXTS["field_events"][ONE[change.object]]
    for field in (field for field in change.fields if field in names):
        told = {"current": change.fields[field], "previous": before.fields.get(field)}
        yield f"{names[field]}_changed", {name: _word(value) for name, value in told.items()}


def _event_types(change: Change) -> Iterator[tuple[str, Json]]:
    """The events that a change is, each with its `event` object."""
    name = _EVENTS.get((ONE[change.object], change.kind), _EVENTS.get(("", change.kind), change.kind))
    if change.kind == "changed" and change.before is not None:
        yield from _field_events(change, change.before)
    elif name == "active_changed":
        active = change.kind == "restored"
        yield name, {"current": active, "previous": not active}
    else:
        yield name, {"user": {"id": str(change.loser)}} if change.kind == "merged" else {}


def _word(value: object) -> object:
    """A value as events have it: ids as text, enumerations in capital letters."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.upper() if value in ("new", "open", "pending", "hold", "solved", "closed") else value


def _payload(change: Change, name: str, event: Json) -> Json:
    kind, row = ONE[change.object], change.row
    enumerated = ("status", "priority", "type") if kind == "ticket" else ()
    detail: Json = {"id": str(row.id)}
    for field in TEXTS["details"][kind]:
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


def _made(controls: Controls, said: Json) -> Hook:
    """A webhook as it was asked for; its secret is told at a path of its own."""
    sent = said.get("webhook") or {}
    url = str(sent.get("endpoint", ""))
    if not url.startswith(("https://", "http://")):
        raise invalid("endpoint", "Endpoint must be a web address", "InvalidValue")
    identity, moment = uuid.uuid4().hex[:26].upper(), iso_seconds(controls.clock.now())
    known = picked(sent, "name", "endpoint", "http_method", "request_format", "subscriptions")
    made = {"status": "active", "created_at": moment, "created_by": "1", "updated_at": moment, "updated_by": "1"}
    return Hook(url=url, secret=secrets.token_urlsafe(48), shown={"id": identity, **known, **made})


def _listed(hooks: list[Hook]) -> ResponseReturnValue:
    meta = {"has_more": False, "after_cursor": None, "before_cursor": None}
    return jsonify(webhooks=[hook.shown for hook in hooks], meta=meta, links={"next": None, "prev": None})


def _events(change: Change) -> Iterator[tuple[str, Json]]:
    """The events of a change by their types; answers have no events of their own."""
    for name, event in _event_types(change) if ONE[change.object] in _VERSIONS else ():
        payload = _payload(change, name, event)
        yield payload["type"], payload


class Webhooks:
    """The account's registered addresses."""

    def __init__(self, controls: Controls) -> None:
        self._controls, self._hooks = controls, Hooks(controls, lambda hook, event: event in (hook["subscriptions"] or ()))
        self._hooks.listen(_events, self._headers)

    def install(self, app: Flask) -> None:
        """Open the paths."""
        door = Door(
            made=partial(_made, self._controls),
            told=lambda hook: (jsonify(webhook=hook.shown), 201),
            listed=_listed,
            missing=missing,
        )
        views = self._hooks.views(door, many="", one="/<identity>")
        routes(app, "/api/v2/webhooks", {**views, "GET /<identity>/signing_secret": self._secret})

    def _secret(self, identity: str) -> ResponseReturnValue:
        """What one's deliveries are signed with."""
        if identity not in self._hooks.registered:
            raise missing()
        return jsonify(signing_secret={"algorithm": "SHA256", "secret": self._hooks.registered[identity].secret})

    def _headers(self, hook: Hook, _event: str) -> Headers:
        invocation = uuid.uuid4().hex[:26].upper()

        def headers(signed: bytes) -> Mapping[str, str]:
            timestamp = iso_seconds(self._controls.clock.now())
            return {
                "X-Zendesk-Account-Id": str(ACCOUNT),
                "X-Zendesk-Webhook-Id": str(hook.shown.get("id")),
                "X-Zendesk-Webhook-Invocation-Id": invocation,
                "X-Zendesk-Webhook-Signature": sign(hook.secret, timestamp, signed),
                "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
            }

        return headers
