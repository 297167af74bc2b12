"""BottleCRM's pushes, signed since 1.35.0 (recorded: tests/connectors/bottlecrm/pushes.json)."""

import re
from collections.abc import Iterator
from typing import Any, Final

from hub.spec import Change, Delivery, Webhook, convert, hmac_sha256, pluck, recent, same

STREAMS: Final = {
    "contact": ("contacts",),
    "account": ("accounts", "closed_accounts"),
    "deal": ("deals",),
    "ticket": ("tickets",),
}
"""What an event such as `deal.won` is about, by the part before the dot; an account may have moved from one list to the other."""

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SECONDS: Final = re.compile(r"[0-9]{1,11}")


def genuine(delivery: Delivery, secret: str) -> bool:
    """`X-BottleCRM-Signature: t=<seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, keyed with the whole secret."""
    parts = [part.strip().partition("=") for part in delivery.headers.get("x-bottlecrm-signature", "").split(",")]
    signed = next((value for name, _, value in parts if name == "t"), "")
    if not _SECONDS.fullmatch(signed) or not recent(convert.instant(signed), delivery):
        return False
    ours = hmac_sha256(secret, signed.encode(), b".", delivery.body).hex()
    return any(same(ours, value) for name, _, value in parts if name == "v1")


def changes(body: Any) -> Iterator[Change]:
    """One event a delivery; a comment's own id is in `data.id`, that of its ticket in `data.ticket_id`."""
    event, key = pluck(body, "event"), pluck(body, "id")
    found = pluck(body, "data.ticket_id" if event == "ticket.comment_added" else "data.id")
    if isinstance(event, str) and isinstance(found, str) and _UUID.fullmatch(found):
        for stream in STREAMS.get(event.partition(".")[0], ()):
            yield Change(stream=stream, id=found, key=f"{key}:{stream}" if isinstance(key, str) else None)


WEBHOOK: Final = Webhook(
    genuine=genuine,
    changes=changes,
    preparation="A token may not manage webhooks, so a person makes this one: in BottleCRM open Settings, then Webhooks, add an "
    "endpoint with the address shown here, and tick all events of contacts, accounts, deals and tickets. Copy the secret that "
    "is shown once (it begins with whsec_) into the field here.",
)
