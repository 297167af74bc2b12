"""The webhooks of the stand-in for pretix: thin and unsigned, so that the receiver has to read the record again.

https://docs.pretix.eu/dev/api/webhooks.html; bodies recorded in tests/connectors/pretix.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import count

from flask import jsonify
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from connectors.pretix.sandbox_pages import paged
from connectors.pretix.sandbox_records import EVENTS, ORGANIZER, TEXTS, identifier, order_code
from hub.sandbox.answers import Json, body, filled
from hub.sandbox.hooks import Hook, Hooks
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


def _told(change: Change) -> Json:
    if change.object == "customers":
        return {"customer": identifier(change.row.id)}
    return {"event": EVENTS[change.row.fields.get("currency", "BRL")][0], "code": order_code(change.row.id)}


def _hears(hook: Json, action: str) -> bool:
    return hook["enabled"] and any(fnmatchcase(action, name) for name in hook["action_types"])


class Webhooks:
    """The registered webhooks."""

    def __init__(self, controls: Controls) -> None:
        self._numbers, self._ids, self._hooks = count(1), count(1), Hooks(controls, _hears)
        self._hooks.listen(self._events)

    def listed(self) -> ResponseReturnValue:
        """All webhooks, also those switched off."""
        return paged([hook.shown for hook in self._hooks.registered.values()], dict)

    def register(self) -> ResponseReturnValue:
        """A new webhook."""
        hook = filled(TEXTS["webhook"], body(), id=next(self._ids))
        self._hooks.registered[str(hook["id"])] = Hook(url=str(hook["target_url"]), shown=hook)
        return jsonify(hook), 201

    def unregister(self, number: str) -> ResponseReturnValue:
        """Switch a webhook off; it stays in the list."""
        if number not in self._hooks.registered:
            raise NotFound("No WebHook matches the given query.")
        self._hooks.registered[number].shown["enabled"] = False
        return "", 204

    def _events(self, change: Change) -> Iterator[tuple[str, Json]]:
        for action in _actions(change):
            yield action, {"notification_id": next(self._numbers), "organizer": ORGANIZER, **_told(change), "action": action}
