"""The webhooks of the ClickUp stand-in, registered by its API: signed events for every change, and how healthy each is.

https://developer.clickup.com/docs/webhooks, /docs/webhooksignature, /docs/webhookhealth, /docs/webhooktaskpayloads. The
stand-in tries twice where ClickUp tries five times. What a task's restoring or merging tells is not documented: a restored
one tells nothing here, and of two that are merged the one that is gone is said to be deleted.
"""

from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from hmac import digest
from itertools import count
from typing import Any

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from connectors.clickup.sandbox_records import LISTS, TEXTS, task_id, uid, user_id
from connectors.clickup.sandbox_tasks import Shown, field, status, user
from hub.sandbox.answers import Failure, Json, body, routes
from hub.sandbox.hooks import Hook, Hooks
from hub.sandbox.rows import Change, Row
from hub.sandbox.standin import Controls
from hub.sandbox.world import World

_PLACES = ("space_id", "folder_id", "list_id", "task_id")
_FAILS, _GONE, _TRIES = 100, 410, 2


def signature(secret: str, content: bytes) -> str:
    """The X-Signature of a body."""
    return digest(secret.encode(), content, sha256).hex()


class Webhooks:
    """What is registered, and what is told to it."""

    def __init__(self, world: World, controls: Controls, shown: Shown) -> None:
        self._world, self._controls, self._shown, self._numbers = world, controls, shown, count(2_800_763_136_717_140_857)
        self._hooks, self._made = Hooks(controls, self._hears), count(1)
        controls.listen(self._hear)

    def install(self, app: Flask) -> None:
        """Open the paths on which webhooks are managed."""
        routes(app, "/api/v2/team/<team>", {"GET /webhook": self._listed, "POST /webhook": self._register})
        routes(app, "/api/v2", {"PUT /webhook/<identity>": self._change, "DELETE /webhook/<identity>": self._unregister})

    def _hears(self, hook: Json, event: str) -> bool:
        name, _, place = event.partition(" ")
        here = all(not hook[each] or str(hook[each]) in place.split() for each in _PLACES)
        return here and bool({"*", name} & set(hook["events"])) and self._health(hook)["status"] != "suspended"

    def _health(self, hook: Json) -> Json:
        """How often in a row nobody took what was sent there, after the last try of each."""
        fails = 0
        for tried in self._controls.sender.log:
            if tried["url"] == hook["endpoint"]:
                good, last = tried["status"] in range(200, 300), tried["attempt"] == _TRIES - 1
                fails = 0 if good else _FAILS if tried["status"] == _GONE else fails + int(last)
        return {"status": "suspended" if fails >= _FAILS else "failing" if fails else "active", "fail_count": fails}

    def _told(self, hook: Hook) -> Json:
        return {**hook.shown, "health": self._health(hook.shown), "secret": hook.secret}

    def _listed(self, **_: str) -> ResponseReturnValue:
        return jsonify(webhooks=[self._told(hook) for hook in self._hooks.registered.values()])

    def _register(self, team: str) -> ResponseReturnValue:
        """A new webhook; its secret is told each time."""
        said = body()
        places = {each: said.get(each) for each in _PLACES}
        if not str(said.get("endpoint", "")).startswith("http") or not said.get("events"):
            raise Failure(400, {"err": "Webhook endpoint and events are required", "ECODE": "OAUTH_172"})
        same = ("endpoint", *_PLACES)
        if any(all(hook.shown[each] == said.get(each) for each in same) for hook in self._hooks.registered.values()):
            raise Failure(400, {"err": "Webhook configuration already exists", "ECODE": "OAUTH_171"})
        identity = uid("webhook", str(next(self._made)))
        known = {"id": identity, "userid": user_id(0), "team_id": int(team), "endpoint": said["endpoint"], "client_id": "SANDBOX"}
        shown = {**known, "events": _events(said["events"]), **places}
        hook = self._hooks.registered[identity] = Hook(
            url=said["endpoint"], secret=uid("secret", identity).replace("-", "").upper(), shown=shown
        )
        return jsonify(id=identity, webhook=self._told(hook))

    def _found(self, identity: str) -> Hook:
        if identity not in self._hooks.registered:
            raise Failure(404, {"err": "Webhook not found", "ECODE": "OAUTH_173"})
        return self._hooks.registered[identity]

    def _change(self, identity: str) -> ResponseReturnValue:
        """Other events, another address; said to be active, it is no longer suspended."""
        hook, said, log = self._found(identity), body(), self._controls.sender.log
        if said.get("status") == "active":
            kept = [tried for tried in log if tried["url"] != hook.url]
            log.clear()
            log.extend(kept)
        shown = {
            **hook.shown,
            "endpoint": said.get("endpoint", hook.url),
            "events": _events(said.get("events", hook.shown["events"])),
        }
        hook = self._hooks.registered[identity] = Hook(url=shown["endpoint"], secret=hook.secret, shown=shown)
        return jsonify(id=identity, webhook=self._told(hook))

    def _unregister(self, identity: str) -> ResponseReturnValue:
        self._found(identity)
        del self._hooks.registered[identity]
        return jsonify({})

    def _hear(self, change: Change) -> None:
        number = change.row.id if change.loser is None else change.loser
        said = LISTS[change.object]
        place = " ".join((TEXTS["space"]["id"], said["folder"] or "", said["id"], task_id(number)))
        for event, items in self._happened(change):
            for hook in self._hooks.hearing(f"{event} {place}"):
                about = {"task_id": task_id(number), "team_id": TEXTS["team"]["id"], "webhook_id": hook.shown.get("id")}
                self._hooks.send(hook, {"event": event, "history_items": items, **about}, partial(_signed, hook.secret))

    def _happened(self, change: Change) -> Iterator[tuple[str, list[Json]]]:
        """The events of a change, each with its history."""
        if change.kind in ("deleted", "erased", "merged"):
            yield "taskDeleted", []
        if change.kind == "created":
            first = self._item(change, "status", {"status": None, "color": "#000000", "type": "removed", "orderindex": -1})
            yield "taskCreated", [first, self._item(change, "task_creation")]
            yield "taskStatusUpdated", [first]
        if change.kind == "changed":
            items = {name: self._item(change, name) for name in change.fields}
            yield "taskUpdated", list(items.values())
            for name in set(items) & set(TEXTS["events"]) - {"name"}:
                yield TEXTS["events"][name], [items[name]]

    def _item(self, change: Change, name: str, before: Any = None) -> Json:
        """A line of a task's history; a custom field's tells which one it is."""
        custom = name in TEXTS["fields"]

        def told(row: Row | None) -> Any:
            said = row.fields.get(name) if row else before
            if said is None or row is None:
                return said
            return status(change.object, said) if name == "status" else self._shown.value(name, said) if custom else said

        about = {
            "id": str(next(self._numbers)),
            "type": 1,
            "date": str(change.row.updated),
            "field": "custom_field" if custom else name,
        }
        more = {"custom_field": field(name)} if custom else {}
        who = {"parent_id": LISTS[change.object]["id"], "data": {}, "source": None, "user": user(self._world, 0)}
        return {**about, **who, "before": told(change.before), "after": told(change.row), **more}


def _events(said: Any) -> list[str]:
    return [said] if isinstance(said, str) else list(said)


def _signed(secret: str, content: bytes) -> Json:
    return {"X-Signature": signature(secret, content)}
