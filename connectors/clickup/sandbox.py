"""A stand-in for ClickUp's API v2: sign-in, the workspace's hierarchy, tasks with custom fields, webhooks.

https://developer.clickup.com/reference, /docs/authentication, /docs/rate-limits, /docs/webhooks, /docs/webhooksignature,
/docs/webhookhealth, /docs/webhooktaskpayloads. Our reading, once an admin has decided what the lists hold: contacts, deals,
orders, tickets; members are owners, what the staff do for themselves is nothing. Made up, since not documented: what an unknown
place answers (OAUTH_027), the codes of refused codes and wrong webhooks, what restoring (nothing) or merging (a deletion) says.
Webhooks hear of the whole workspace, and a delivery is tried twice where ClickUp tries five times.
"""

from collections.abc import Iterator
from functools import partial
from uuid import uuid4

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.clickup.sandbox_tasks import COLUMNS, LISTS, TEXTS, TOOL, Shown, made, number_of, refused, status, task_id, user
from hub.sandbox.account import collections
from hub.sandbox.answers import Json, View, filled, json_app, number, routes
from hub.sandbox.conditions import EVER
from hub.sandbox.entrance import Entrance, Paths, install
from hub.sandbox.hooks import Door, Hook, Hooks, signed
from hub.sandbox.oauth import Rules
from hub.sandbox.rows import Change, Row
from hub.sandbox.standin import Controls, Decision, StandIn
from hub.sandbox.world import FIRST_ID, World, record_id

PERSONAL = "pk_302438600_SANDBOX"
"""A personal token, which may do everything."""
_API, _PAGE, _KINDS = "/api/v2", 100, FIRST_ID.keys() & set(TEXTS["decided"].values())
_TEAM, _LIST = f"/team/{TEXTS['team']['id']}", f"/list/<any{tuple(LISTS)}:name>"
_PATHS = Paths(page="/api", tokens=f"{_API}/oauth/token", guarded=f"{_API}/")
_RULES = Rules(access_seconds=None, grants=("authorization_code",))
_ENTRANCE = Entrance(
    system="ClickUp", account=TEXTS["team"]["name"], paths=_PATHS, rules=_RULES, limit=(100, 60), refused=refused, key=PERSONAL
)


class Workspace:
    """The answers about one workspace, and what its webhooks are told."""

    def __init__(self, world: World, controls: Controls) -> None:
        kinds = {name: (kind, partial(made, name)) for name, kind in TEXTS["kinds"].items()}
        self._held = controls.collections = collections(world, TOOL, kinds, clock=controls.clock)
        controls.identity, controls.merge = number_of, lambda held, winner, loser: held.merge(winner, loser, {})
        self._staff = [user(world, each) for each in range(len(world.staff))]
        self._shown = Shown(self._staff, self._held[next(iter(LISTS))])
        self._hooks = Hooks(controls, lambda hook, event: bool({"*", event} & set(hook["events"])), most=100)
        self._hooks.listen(self._events, signed("X-Signature"), lambda hook, told: {**told, "webhook_id": hook.shown.get("id")})

    def views(self) -> dict[str, View]:
        """What is read by its path, and by which webhooks are managed."""
        members = [{"user": {**each, **TEXTS["roles"][min(place, 1)]}} for place, each in enumerate(self._staff)]
        door = Door(
            made=_hook,
            changed=lambda hook, said: _hook({**hook.shown, **said}),
            revives=lambda said: said.get("status") == "active",
            told=lambda hook: jsonify(id=hook.shown["id"], webhook=self._told(hook)),
            listed=lambda hooks: jsonify(webhooks=[self._told(hook) for hook in hooks]),
            ended={},
            missing=lambda: refused("webhook"),
        )
        return {f"GET {path}": partial(jsonify, told) for path, told in TEXTS["answers"].items()} | {
            **self._hooks.views(door, many=f"{_TEAM}/webhook", one="/webhook/<identity>"),
            "GET /user": lambda: jsonify(user=self._staff[0]),
            "GET /team": lambda: jsonify(teams=[{**TEXTS["team"], "members": members}]),
            f"GET {_TEAM}/task": self._page,
            f"GET {_LIST}": lambda name: jsonify(LISTS[name]),
            f"GET {_LIST}/field": lambda name: jsonify(fields=COLUMNS[name]),
            f"GET {_LIST}/task": self._page,
            "GET /task/<identity>": self._task,
        }

    def _task(self, identity: str) -> ResponseReturnValue:
        for name, held in self._held.items():
            row = held.row(number_of(name, identity))
            if row is not None and row.state == "live":
                return jsonify(self._shown.task(name, row))
        raise refused("task")

    def _page(self, name: str | None = None) -> ResponseReturnValue:
        """A page of the tasks of one list, or of those that are named, the newest first unless reversed."""
        lists = [name] if name else request.args.getlist("list_ids[]") or [*LISTS]
        if set(lists) - set(LISTS):
            raise refused("place")
        low, high = number("date_updated_gt", -1, least=0) + 1, number("date_updated_lt", EVER, least=0) - 1
        changed = [(name, self._held[name].row(each)) for name in lists for _, each in self._held[name].changed(low, high)]
        found = [(name, row) for name, row in changed if row and _fits(name, row)]
        order = "updated" if request.args.get("order_by") == "updated" else "created"
        found.sort(key=lambda one: (getattr(one[1], order), one[1].id), reverse=not _wanted("reverse"))
        begin = number("page", 0, least=0) * _PAGE
        tasks = [self._shown.task(*each) for each in found[begin : begin + _PAGE]]
        return jsonify(tasks=tasks, last_page=begin + _PAGE >= len(found))

    def _told(self, hook: Hook) -> Json:
        return {**hook.shown, "health": {"status": self._hooks.health(hook), "fail_count": self._hooks.failures(hook)}}

    def _events(self, change: Change) -> Iterator[tuple[str, Json]]:
        """The events of a change with what each tells, after a change of fields those that are about one of them."""
        number, new = change.row.id if change.loser is None else change.loser, change.kind == "created"
        for event, names in TEXTS["events"].get(change.kind, {}).items():
            items = [self._item(change, name) for name in names or change.fields if new or name in change.fields]
            if items or not names:
                about = {"task_id": task_id(number), "team_id": TEXTS["team"]["id"]}
                yield event, {"event": event, "history_items": items, **about}

    def _item(self, change: Change, name: str) -> Json:
        """A line of a task's history; one about a custom field says which."""
        rows, shown, fields = (change.before, change.row), partial(self._shown.task, change.object), TEXTS["fields"]
        before, after = ({**row.fields, **shown(row)} if row else {"status": TEXTS["removed"]} for row in rows)
        field = {"field": "custom_field", "custom_field": fields[name]} if name in fields else {"field": name}
        about = {"id": str(uuid4().int)[:19], "date": str(change.row.updated), "parent_id": change.object, "user": self._staff[0]}
        return {**TEXTS["history"], **about, **field, "before": before.get(name), "after": after.get(name)}


def _wanted(name: str) -> bool:
    return request.args.get(name) == "true"


def _fits(name: str, row: Row) -> bool:
    """Whether a task is archived or not, as asked for; closed ones and subtasks only where asked for."""
    closed = status(name, row.fields["status"])["type"] == "closed" and not _wanted("include_closed")
    below = row.fields.get("parent") and not _wanted("subtasks")
    return row.state == "live" and bool(row.fields.get("archived")) == _wanted("archived") and not closed and not below


def _hook(said: Json) -> Hook:
    """A webhook as it was asked for; its secret is told each time."""
    if not str(said.get("endpoint", "")).startswith("http") or not said.get("events"):
        raise refused("webhook request")
    events = [said["events"]] if isinstance(said["events"], str) else said["events"]
    shown = filled(TEXTS["webhook"], {"id": str(uuid4()), "secret": uuid4().hex.upper(), **said}, events=events)
    return Hook(url=shown["endpoint"], secret=shown["secret"], shown=shown)


def application(world: World, controls: Controls) -> Flask:
    """The stand-in over a world."""
    app = json_app("clickup-sandbox")
    install(app, controls, _ENTRANCE)
    routes(app, _API, Workspace(world, controls).views())
    app.register_error_handler(404, lambda _error: (jsonify(refused("place").told), 401))
    return app


STANDIN = StandIn(
    id=TOOL,
    hosts=("app.clickup.com", "api.clickup.com"),
    app=application,
    truth=lambda world: {kind: world.count(TOOL, kind) for kind in _KINDS} | {"owner": len(world.staff)},
    contact_id=lambda index: task_id(record_id("contact", index)),
    answers={"workspace": TEXTS["team"]["id"]},
    decisions=tuple(Decision("tasks", "list.id", *each) for each in TEXTS["decided"].items()),
    key=PERSONAL,
)
