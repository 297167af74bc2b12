"""The webhooks of the HubSpot stand-in: signed arrays of events for every change.

https://developers.hubspot.com/docs/guides/api/app-management/webhooks and
https://developers.hubspot.com/docs/guides/apps/authentication/validating-requests.
"""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from connectors.hubspot.sandbox_records import KINDS, TEXTS
from hub.sandbox.oauth import DEFAULT_SECRET
from hub.sandbox.push import Delivery, hmac_base64
from hub.sandbox.rows import Change
from hub.sandbox.standin import Controls

MOST = 100
"""Events in one delivery."""
_SUBSCRIPTION = 12_345
_TYPES = {
    "created": "creation",
    "deleted": "deletion",
    "restored": "restore",
    "merged": "merge",
    "erased": "privacyDeletion",
}
_FLAGS = {"created": "CREATED", "deleted": "DELETED", "erased": "DELETED"}
# The characters of an address that are signed as themselves though they came as %xx.
_DECODED = {f"%{ord(sign):02X}": sign for sign in ":/?@!$'()*,;"}


def signature_v1(secret: str, body: bytes) -> str:
    """The older signature of webhooks, still sent beside the newer one."""
    return sha256(secret.encode() + body).hexdigest()


def signature_v3(secret: str, uri: str, body: bytes, timestamp: str) -> str:
    """Signs method, address, body and the time in milliseconds."""
    for written, sign in _DECODED.items():
        uri = uri.replace(written, sign).replace(written.lower(), sign)
    return hmac_base64(secret, b"POST" + uri.encode() + body + timestamp.encode())


def _events(change: Change) -> list[dict[str, Any]]:
    kind = KINDS[change.object]
    event = {
        "subscriptionId": _SUBSCRIPTION,
        "portalId": TEXTS["account"]["portalId"],
        "appId": TEXTS["grant"]["app_id"],
        "occurredAt": change.row.updated,
        "attemptNumber": 0,
        "objectId": change.row.id,
        "changeSource": "CRM",
    }
    if change.kind == "changed":
        properties = [{"propertyName": name, "propertyValue": value or ""} for name, value in change.fields.items()]
        return [{**event, "subscriptionType": f"{kind}.propertyChange", **told} for told in properties]
    told: dict[str, Any] = {"changeFlag": _FLAGS.get(change.kind, "CHANGED")}
    if change.loser is not None:
        told |= {"primaryObjectId": change.row.id, "mergedObjectIds": [change.loser], "newObjectId": change.row.id}
        told |= {"numberOfPropertiesMoved": len(change.fields)}
    return [{**event, "subscriptionType": f"{kind}.{_TYPES[change.kind]}", **told}]


def pushes(controls: Controls) -> Callable[[Change], None]:
    """The listener that sends events to the address set through the control door, if one is set."""
    sent = 0

    def tell(change: Change) -> None:
        nonlocal sent
        url, secret = controls.push.get("url"), controls.push.get("secret", DEFAULT_SECRET)
        if not url:
            return
        events = [{"eventId": sent + place, **event} for place, event in enumerate(_events(change), 1)]
        sent += len(events)
        for begin in range(0, len(events), MOST):
            part = events[begin : begin + MOST]
            controls.sender.send(Delivery(url=url, body=_body(part), headers=_headers(controls, url, secret)))

    return tell


def _body(events: list[dict[str, Any]]) -> Callable[[int], bytes]:
    return lambda attempt: json.dumps([{**event, "attemptNumber": attempt} for event in events], separators=(",", ":")).encode()


def _headers(controls: Controls, url: str, secret: str) -> Callable[[bytes], Mapping[str, str]]:
    def signed(body: bytes) -> Mapping[str, str]:
        timestamp = str(controls.clock.now())
        return {
            "X-HubSpot-Signature": signature_v1(secret, body),
            "X-HubSpot-Signature-Version": "v1",
            "X-HubSpot-Signature-v3": signature_v3(secret, url, body, timestamp),
            "X-HubSpot-Request-Timestamp": timestamp,
        }

    return signed
