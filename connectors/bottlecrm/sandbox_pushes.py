"""The webhooks of the stand-in for BottleCRM: signed, with the changed record's main fields; recorded from 1.35.0.

Tickets have no event for their deletion, and a merger looks like the loser's deletion.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256
from hmac import digest
from itertools import count
from uuid import uuid4

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from connectors.bottlecrm.sandbox_access import API
from connectors.bottlecrm.sandbox_records import Json, stage, uid
from connectors.bottlecrm.sandbox_shapes import ORG, author, stamp
from hub.sandbox.answers import body, iso
from hub.sandbox.push import Delivery
from hub.sandbox.rows import Change, Row
from hub.sandbox.standin import Controls
from hub.sandbox.world import Staff

_EVENTS = {
    "lead": "created updated deleted", "contact": "created updated deleted", "account": "created updated deleted",
    "deal": "created updated deleted won lost", "ticket": "created updated comment_added",
    "invoice": "created updated paid", "task": "created updated deleted", "interaction": "created",
}  # fmt: skip  # the catalogue reads as a table
CATALOGUE = [
    {"module": module, "label": f"{module.title()}s", "events": [f"{module}.{name}" for name in names.split()]}
    for module, names in _EVENTS.items()
]
_NAMES = {"contacts": "contact", "accounts": "account", "opportunities": "deal", "cases": "ticket"}
_HAPPENED = {"created": "created", "changed": "updated", "restored": "updated", "merged": "updated"}
_FIELDS = {
    "contacts": ("first_name", "last_name", "email", "phone", "organization", "title"),
    "accounts": ("name", "email", "phone", "website", "industry", "annual_revenue", "currency"),
    "opportunities": ("name", "stage", "amount", "currency", "probability", "closed_on"),
    "cases": ("name", "status", "priority", "case_type", "closed_on"),
}
LIMIT = 10
"""Webhooks that an organisation may have."""


def signature(secret: str, moment: int, body: bytes) -> str:
    """The header for a body sent at a time in whole seconds."""
    return f"t={moment},v1={digest(secret.encode(), f'{moment}.'.encode() + body, sha256).hex()}"


def _data(name: str, row: Row) -> Json:
    account = row.fields.get("account")
    links = {} if name == "accounts" else {"account_id": None if account is None else uid("accounts", account)}
    if name == "opportunities":
        links["pipeline_id"] = uid("pipeline", row.fields.get("pipeline", 0))
    return {
        "id": uid(name, row.id),
        **{field: row.fields.get(field) for field in _FIELDS[name]},
        **links,
        "assigned_to": [uid("profile", one) for one in row.fields.get("assigned_to", ())],
        "created_at": iso(row.created),
        "updated_at": iso(row.updated),
    }


def _told(change: Change) -> list[tuple[str, Row]]:
    """The events of a change, each with the row it tells."""
    name, happened = _NAMES[change.object], _HAPPENED.get(change.kind, "deleted")
    if happened == "deleted":
        return [] if name == "ticket" else [(f"{name}.deleted", change.before or change.row)]
    kind = stage(change.row)[1] if name == "deal" else "open"
    before = stage(change.before)[1] if name == "deal" and change.before else "open"
    told = [(f"{name}.{happened}", change.row)]
    return told if kind in ("open", before) else [*told, (f"{name}.{kind}", change.row)]


def _always(sent: bytes) -> Callable[[int], bytes]:
    """The same body at every attempt."""
    return lambda _attempt: sent


class Webhooks:
    """The registered webhooks; one set at the control door (url, secret) hears everything."""

    def __init__(self, controls: Controls, staff: Staff) -> None:
        self._controls, self._staff, self._numbers = controls, staff, count(1)
        self.registered: dict[str, Json] = {}
        controls.listen(self._hear)

    def install(self, app: Flask) -> None:
        """Open the paths on which a person manages webhooks."""
        app.add_url_rule(f"{API}/webhooks/", "webhooks", self.listed)
        app.add_url_rule(f"{API}/webhooks/", "register", self.register, methods=["POST"])
        app.add_url_rule(f"{API}/webhooks/<identity>/", "unregister", self.unregister, methods=["DELETE"])

    def listed(self) -> ResponseReturnValue:
        """All webhooks without their secrets, and all events there are."""
        shown = [{key: value for key, value in hook.items() if key != "secret"} for hook in self.registered.values()]
        return jsonify(endpoints=shown, event_catalogue=CATALOGUE, limit=LIMIT)

    def unregister(self, identity: str) -> ResponseReturnValue:
        """The end of a webhook."""
        if self.registered.pop(identity, None) is None:
            return jsonify(detail="No WebhookEndpoint matches the given query."), 404
        return "", 204

    def register(self) -> ResponseReturnValue:
        """A new webhook, whose secret is shown this once."""
        said = body()
        secret, now = f"whsec_{secrets.token_urlsafe(32)}", stamp(self._controls.clock.now())
        kept = {"url": said.get("url"), "description": "", "events": said.get("events", []), "format": "json"}
        state = {"is_active": True, "disabled_reason": "", "secret_hint": f"whsec_...{secret[-4:]}"}
        made = {key: value for key, value in author(self._staff).items() if key != "profile_pic"}
        hook = {
            "id": uid("webhook", next(self._numbers)),
            **kept,
            **state,
            "created_by": made,
            "created_at": now,
            "updated_at": now,
        }
        self.registered[hook["id"]] = {**hook, "secret": secret}
        return jsonify(self.registered[hook["id"]]), 201

    def _hear(self, change: Change) -> None:
        for event, row in _told(change):
            self._send(event, _data(change.object, row))
        if change.loser is not None:
            # The real one sends the loser's last values here; only the id is the loser's in ours.
            gone = {**_data(change.object, change.row), "id": uid(change.object, change.loser)}
            self._send(f"{_NAMES[change.object]}.deleted", gone)

    def _send(self, event: str, data: Json) -> None:
        door = self._controls.push
        targets = [(door["url"], door.get("secret", ""))] if door.get("url") else []
        hooks = (hook for hook in self.registered.values() if event in hook["events"])
        for url, secret in (*targets, *((str(hook["url"]), str(hook["secret"])) for hook in hooks)):
            now = stamp(self._controls.clock.now())
            told = {"id": str(uuid4()), "data": data, "event": event, "org_id": ORG["id"], "created_at": now}
            headers = self._headers(event, secret, str(uuid4()))
            self._controls.sender.send(Delivery(url=url, body=_always(json.dumps(told).encode()), headers=headers))

    def _headers(self, event: str, secret: str, delivery: str) -> Callable[[bytes], Mapping[str, str]]:
        def headers(body: bytes) -> Mapping[str, str]:
            return {
                "User-Agent": "BottleCRM-Webhooks",
                "X-BottleCRM-Event": event,
                "X-BottleCRM-Delivery": delivery,
                "X-BottleCRM-Signature": signature(secret, int(self._controls.seconds()), body),
            }

        return headers
