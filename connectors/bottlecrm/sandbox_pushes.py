"""What BottleCRM calls credentials: tokens with their scopes, and webhooks; as observed on 1.35.0.

Nobody is told 401: a wrong token is forbidden for want of an organisation. Deliveries are signed and hold the changed
record's main fields. Tickets have no event for their deletion, and a merger looks like the loser's deletion.
"""

import secrets
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from hmac import digest
from itertools import count
from uuid import uuid4

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.bottlecrm.sandbox_records import TEXTS, author, stage, uid
from connectors.bottlecrm.sandbox_shapes import ORG
from hub.sandbox.answers import Failure, Json, filled, iso, picked, routes, stamp
from hub.sandbox.consent import bearer
from hub.sandbox.hooks import Door, Headers, Hook, Hooks
from hub.sandbox.keys import Keys
from hub.sandbox.rows import Change, Row
from hub.sandbox.standin import Controls
from hub.sandbox.world import Staff

_NAMES = {"contacts": "contact", "accounts": "account", "opportunities": "deal", "cases": "ticket"}
_HAPPENED = {"created": "created", "changed": "updated", "restored": "updated", "merged": "updated"}
_FIELDS = {
    "contacts": ("first_name", "last_name", "email", "phone", "organization", "title"),
    "accounts": ("name", "email", "phone", "website", "industry", "annual_revenue", "currency"),
    "opportunities": ("name", "stage", "amount", "currency", "probability", "closed_on"),
    "cases": ("name", "status", "priority", "case_type", "closed_on"),
}
API = "/api"
_CREDENTIALS = (f"{API}/webhooks", f"{API}/profile/tokens")
_NO_ORG = "Organization context is required. Please login again."
_NO_CREDENTIALS = "API tokens and organization API keys cannot read or manage other credentials. Sign in to manage them."
LIMIT = 10
"""Webhooks that an organisation may have."""


def protect(app: Flask, keys: Keys, person: str) -> None:
    """Let in who has a token, as far as its scopes go, and a person who signed in, who alone may manage webhooks.

    Nobody is told 401: a wrong token is forbidden for want of an organisation.
    """

    def admit() -> None:
        token = bearer()
        if request.path.startswith(f"{API}/") and token != person and (detail := _refusal(keys.scopes(token))):
            raise Failure(403, {"detail": detail})

    app.before_request(admit)


def _refusal(scopes: tuple[str, ...] | None) -> str | None:
    """Why a token with these scopes, or an unknown one, may not do this."""
    if scopes is None:
        return _NO_ORG
    if request.path.startswith(_CREDENTIALS):
        return _NO_CREDENTIALS
    action, resource = "read" if request.method in ("GET", "HEAD", "OPTIONS") else "write", request.path.split("/")[2]
    if not scopes or {f"{resource}:{action}", f"*:{action}"} & set(scopes):
        return None
    return f"This token is not scoped for {action} access to {resource}. It needs the {resource}:{action} scope."


def signature(secret: str, moment: int, body: bytes) -> str:
    """The header for a body sent at a time in whole seconds."""
    return f"t={moment},v1={digest(secret.encode(), f'{moment}.'.encode() + body, sha256).hex()}"


def _data(name: str, row: Row) -> Json:
    account = row.fields.get("account")
    links = {} if name == "accounts" else {"account_id": None if account is None else uid("accounts", account)}
    if name == "opportunities":
        links["pipeline_id"] = uid("pipeline", row.fields.get("pipeline", 0))
    people = [uid("profile", one) for one in row.fields.get("assigned_to", ())]
    made = {"assigned_to": people, "created_at": iso(row.created), "updated_at": iso(row.updated)}
    return {"id": uid(name, row.id), **picked(row.fields, *_FIELDS[name]), **links, **made}


def _told(change: Change) -> Iterator[tuple[str, Json]]:
    """The events of a change, each with what it tells."""
    name, data = _NAMES[change.object], _data(change.object, change.row)
    if change.kind not in _HAPPENED:
        if name != "ticket":
            yield f"{name}.deleted", _data(change.object, change.before or change.row)
        return
    yield f"{name}.{_HAPPENED[change.kind]}", data
    kinds = [stage(row)[1] for row in (change.before, change.row) if row] if name == "deal" else ["open"]
    if kinds[-1] not in ("open", *kinds[:-1]):
        yield f"{name}.{kinds[-1]}", data
    if change.loser is not None:
        # The real one sends the loser's last values here; only the id is the loser's in ours.
        yield f"{name}.deleted", {**data, "id": uid(change.object, change.loser)}


class Webhooks:
    """What a person registers, and what is told to it."""

    def __init__(self, controls: Controls, staff: Staff) -> None:
        self._controls, self._staff, self._numbers = controls, staff, count(1)
        self._hooks = Hooks(controls, lambda hook, event: event in hook["events"])
        self._hooks.listen(self._events, self._headers, lambda _hook, told: {"id": str(uuid4()), **told})

    def install(self, app: Flask) -> None:
        """Open the paths on which a person manages webhooks; a secret is shown once, when one is new."""
        door = Door(
            made=self._made,
            told=lambda hook: (jsonify({**hook.shown, "secret": hook.secret}), 201),
            listed=_listed,
            missing=lambda: Failure(404, {"detail": "No WebhookEndpoint matches the given query."}),
        )
        routes(app, f"{API}/webhooks", self._hooks.views(door, many="/", one="/<identity>/"))

    def _made(self, said: Json) -> Hook:
        secret, now = f"whsec_{secrets.token_urlsafe(32)}", stamp(self._controls.clock.now())
        made = {"created_by": picked(author(self._staff), "id", "email", "name"), "created_at": now, "updated_at": now}
        sent = {"url": said.get("url"), "events": said.get("events", []), "secret_hint": f"whsec_...{secret[-4:]}"}
        shown = filled(TEXTS["webhook"], {}, id=uid("webhook", next(self._numbers)), **sent, **made)
        return Hook(url=str(shown["url"]), secret=secret, shown=shown)

    def _events(self, change: Change) -> Iterator[tuple[str, Json]]:
        for event, data in _told(change):
            yield event, {"data": data, "event": event, "org_id": ORG["id"], "created_at": stamp(self._controls.clock.now())}

    def _headers(self, hook: Hook, event: str) -> Headers:
        known = {"User-Agent": "BottleCRM-Webhooks", "X-BottleCRM-Event": event, "X-BottleCRM-Delivery": str(uuid4())}
        signed = partial(signature, hook.secret)
        return lambda body: {**known, "X-BottleCRM-Signature": signed(int(self._controls.seconds()), body)}


def _listed(hooks: list[Hook]) -> ResponseReturnValue:
    return jsonify(endpoints=[hook.shown for hook in hooks], event_catalogue=TEXTS["events"], limit=LIMIT)
