"""The webhooks of the stand-in for pretix: thin and unsigned, so that the receiver has to read the record again.

https://docs.pretix.eu/dev/api/webhooks.html; bodies recorded in tests/connectors/pretix.
"""

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from itertools import count

from connectors.pretix.sandbox_records import EVENTS, ORGANIZER, identifier, order_code
from connectors.pretix.sandbox_shapes import Json
from hub.sandbox.push import Delivery
from hub.sandbox.rows import Change
from hub.sandbox.standin import Controls

_STATUS_ACTIONS = {"p": ["payment.confirmed", "paid"], "c": ["canceled"], "e": ["expired"], "n": ["reactivated"]}


def _of_customer(change: Change) -> str:
    """What happened to a customer; one without name and address was made so."""
    if change.kind == "created":
        return "pretix.customer.created"
    kept = change.row.fields
    nameless = not kept.get("name_parts") and kept.get("email") is None
    return f"pretix.customer.{'anonymized' if nameless else 'changed'}"


def _actions(change: Change) -> list[str]:
    """What pretix calls that which happened."""
    if change.object == "customers":
        return [_of_customer(change)]
    if change.kind == "created":
        return ["pretix.event.order.placed"]
    before = change.before.fields.get("status") if change.before else None
    status = str(change.row.fields.get("status"))
    if status != before:
        refund = ["refund.created", "refund.done"] if change.fields.get("refunded") else []
        return [f"pretix.event.order.{name}" for name in (*_STATUS_ACTIONS.get(status, ()), *refund)]
    return ["pretix.event.order.contact.changed" if "email" in change.fields else "pretix.event.order.modified"]


def _body(change: Change, action: str, number: int) -> bytes:
    told: Json = {"notification_id": number, "organizer": ORGANIZER}
    if change.object == "customers":
        told["customer"] = identifier(change.row.id)
    else:
        told |= {"event": EVENTS[change.row.fields.get("currency", "BRL")][0], "code": order_code(change.row.id)}
    return json.dumps({**told, "action": action}).encode()


class Webhooks:
    """The registered webhooks; one set at the control door hears everything."""

    def __init__(self, controls: Controls) -> None:
        self._controls, self._numbers, self._ids = controls, count(1), count(1)
        self.registered: dict[int, Json] = {}
        controls.listen(self._hear)

    def register(self, said: Json) -> Json:
        """A new webhook."""
        kept = {"enabled": True, "all_events": True, "limit_events": [], "action_types": [], "comment": None}
        hook = {"id": next(self._ids), **kept, **{name: said[name] for name in (*kept, "target_url") if name in said}}
        self.registered[hook["id"]] = hook
        return hook

    def _targets(self, action: str) -> list[str]:
        door = [self._controls.push["url"]] if self._controls.push.get("url") else []
        wanted = (hook for hook in self.registered.values() if hook["enabled"])
        return door + [
            str(hook["target_url"]) for hook in wanted if any(fnmatchcase(action, name) for name in hook["action_types"])
        ]

    def _hear(self, change: Change) -> None:
        for action in _actions(change):
            body = _body(change, action, next(self._numbers))
            for url in self._targets(action):
                self._controls.sender.send(Delivery(url=url, body=_always(body), headers=lambda _body: {}))


def _always(body: bytes) -> Callable[[int], bytes]:
    return lambda _attempt: body
