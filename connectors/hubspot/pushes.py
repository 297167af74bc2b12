"""What HubSpot pushes: one signed list of events for all accounts that installed the app."""

import re
from collections.abc import Iterator
from typing import Any

from hub.spec import Change, Delivery, Record, Webhook, convert, hmac_sha256, recent, records, same

_KINDS = {"contact": "contacts", "company": "companies", "deal": "deals", "ticket": "tickets"}
_KINDS |= {"0-1": "contacts", "0-2": "companies", "0-3": "deals", "0-5": "tickets"}
_DECODED = re.compile("%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)
"""The characters that the signature wants decoded in the address:
https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation"""


def _genuine(delivery: Delivery, secret: str) -> bool:
    """Signature v3. The older ones that HubSpot also sends hold no time, so they would let a replay in."""
    sent = delivery.headers.get("x-hubspot-request-timestamp", "")
    if not re.fullmatch(r"[0-9]{12,14}", sent) or not recent(convert.instant(sent), delivery):
        return False
    url = _DECODED.sub(lambda found: chr(int(found[1], 16)), delivery.url)
    ours = hmac_sha256(secret, (delivery.method + url).encode(), delivery.body, sent.encode())
    return same(ours, delivery.headers.get("x-hubspot-signature-v3"))


def _changes(body: Any) -> Iterator[Change]:
    """Every record that the events mention. An event's id may come again for another event, so the key says more."""
    for event in records(body, ""):
        account = str(event.get("portalId"))
        marks = (account, *(event.get(name) for name in ("subscriptionId", "eventId", "occurredAt")))
        for stream, one in dict.fromkeys(_mentioned(event)):
            yield Change(stream=stream, id=one, account=account, key=":".join(map(str, (*marks, stream, one))))


def _mentioned(event: Record) -> Iterator[tuple[str, str]]:
    """The stream and id of the record itself, of the winner and the losers of a merge, of both ends of a link."""
    kind = event.get("objectTypeId") or str(event.get("subscriptionType")).partition(".")[0]
    merged = event.get("mergedObjectIds")
    losers = merged if isinstance(merged, list) else []
    source, _, target = str(event.get("associationType")).partition("_TO_")
    for said, one in (
        *((kind, one) for one in (event.get("objectId"), event.get("primaryObjectId"), event.get("newObjectId"), *losers)),
        (event.get("fromObjectTypeId") or source, event.get("fromObjectId")),
        (event.get("toObjectTypeId") or target, event.get("toObjectId")),
    ):
        if (stream := _KINDS.get(str(said).lower())) and isinstance(one, str | int):
            yield stream, str(one)


WEBHOOK = Webhook(
    genuine=_genuine,
    changes=_changes,
    per="app",
    preparation=(
        "In the app's settings at HubSpot, under Webhooks, enter the address shown here as the target URL. Subscribe to "
        "created, deleted, merged, restored, changed properties and changed associations of contacts, companies, deals "
        "and tickets, and to privacy deletion of contacts. The signing secret is the app's client secret."
    ),
)
"""Subscriptions belong to the app and are made by its developer:
https://developers.hubspot.com/docs/api-reference/latest/webhooks/guide"""
