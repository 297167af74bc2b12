"""A stand-in for ClickUp's API v2: the workspace's hierarchy, tasks with custom fields, webhooks.

https://developer.clickup.com/reference. Customers, deals, orders and support each have a list; our reading, once an admin has
decided what the lists are: contacts, deals, orders, tickets (`DECIDED`), members are owners, and the list of the staff's own
chores is nothing. A deleted task can be restored for a while and shows nowhere meanwhile. Not documented, and so made
up: what an unknown space, folder or list answers (here OAUTH_027), the codes of a code that is refused and of a wrong webhook.
"""

from functools import lru_cache

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.clickup.sandbox_access import PERSONAL, Access, refused
from connectors.clickup.sandbox_pushes import Webhooks
from connectors.clickup.sandbox_records import CHORES, KINDS, LISTS, TEXTS, TOOL, number_of, task_id
from connectors.clickup.sandbox_tasks import Shown, field, shown_list, status, user
from hub.sandbox.account import collections
from hub.sandbox.answers import Json, View, json_app, number, picked, routes
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import EVER
from hub.sandbox.rows import Row, Source
from hub.sandbox.standin import Controls, Decision, StandIn
from hub.sandbox.world import World, record_id
from hub.spec import NOTHING

DECIDED = {said["id"]: str(KINDS[name][0]) if name in KINDS else NOTHING for name, said in LISTS.items()}
"""The canonical type of each list's records, as an admin would decide."""
_PAGE, _ORDERS = 100, {"id": "id", "created": "created", "updated": "updated"}


class Workspace:
    """The answers about one workspace."""

    def __init__(self, world: World, controls: Controls) -> None:
        nothing = Source(shelf=world.shelf_of(TOOL, lambda _: 0), first_id=10**6, fields=lambda *_: {}, stamps=lambda *_: (0, 0))
        held = collections(world, TOOL, KINDS, clock=controls.clock)
        held["chores"] = Collection("chores", nothing, clock=controls.clock, head=CHORES)
        controls.collections, controls.identity, self._held, self._world = held, number_of, held, world
        controls.merge = lambda collection, winner, loser: collection.merge(winner, loser, {})
        self.shown, self._found = Shown(world, held["customers"]), lru_cache(maxsize=16)(self._finding)

    def install(self, app: Flask) -> None:
        """Open the paths, all of which are read only."""
        views: dict[str, View] = {
            "/user": lambda: jsonify(user=user(self._world, 0)),
            "/team": self._teams,
            "/team/<team>/space": lambda **_: jsonify(spaces=[] if _archived() else [self._space()]),
            "/team/<team>/task": lambda **_: self._page(request.args.getlist("list_ids[]")),
            "/team/<team>/field": lambda **_: jsonify(fields=[field(each) for each in TEXTS["fields"]]),
            "/space/<space>": lambda **_: jsonify(self._space()),
            "/space/<space>/folder": lambda **_: jsonify(folders=self._folders()),
            "/space/<space>/list": lambda **_: jsonify(lists=self._lists(None)),
            "/folder/<folder>/list": lambda folder: jsonify(lists=self._lists(folder)),
            "/list/<name>": lambda name: jsonify(shown_list(name, self._held[name])),
            "/list/<name>/field": lambda name: jsonify(fields=[field(each) for each in LISTS[name]["fields"]]),
            "/list/<name>/task": lambda name: self._page([LISTS[name]["id"]]),
            "/task/<identity>": self._task,
        }
        routes(app, "/api/v2", {f"GET {path}": view for path, view in views.items()})
        app.before_request(_located)

    def _teams(self) -> ResponseReturnValue:
        roles = [(1, "owner"), *[(3, "member")] * (len(self._world.staff) - 1)]
        members = [
            {"user": {**user(self._world, place), "role": role, "role_key": key}} for place, (role, key) in enumerate(roles)
        ]
        return jsonify(teams=[{**TEXTS["team"], "members": members}])

    def _space(self) -> Json:
        return {**TEXTS["space"], "statuses": [status("chores", each) for each, _ in LISTS["chores"]["statuses"]]}

    def _lists(self, folder: str | None) -> list[Json]:
        names = [name for name, said in LISTS.items() if said["folder"] == folder and not _archived()]
        return [shown_list(name, self._held[name]) for name in names]

    def _folders(self) -> list[Json]:
        seen = {} if _archived() else {each: said for each, said in TEXTS["folders"].items() if not said["hidden"]}
        space = {"space": {**picked(TEXTS["space"], "id", "name"), "access": True}, "archived": False}
        return [{"id": each, **said, **space, "lists": self._lists(each)} for each, said in seen.items()]

    def _task(self, identity: str) -> ResponseReturnValue:
        for name, collection in self._held.items():
            row = collection.row(_number(identity))
            if row is not None and row.state == "live":
                return jsonify(self.shown.task(name, row))
        raise refused(404, "ITEM_013", "Task not found")

    def _page(self, lists: list[str]) -> ResponseReturnValue:
        """A page of the tasks that fit, the newest first unless reversed; closed ones and subtasks only where asked for."""
        if set(lists) - {said["id"] for said in LISTS.values()}:
            raise refused(401, "OAUTH_027", "Team not authorized")
        names = tuple(name for name, said in LISTS.items() if not lists or said["id"] in lists)
        begin = number("page", 0, least=0) * _PAGE
        found = self._found(names, tuple(sorted(self._asked().items())), tuple(self._held[name].version for name in names))
        rows = [(name, self._held[name].row(identity)) for name, identity in found[begin : begin + _PAGE]]
        return jsonify(tasks=[self.shown.task(name, row) for name, row in rows if row], last_page=begin + _PAGE >= len(found))

    def _asked(self) -> dict[str, str]:
        """What narrows and sorts, without which page it is."""
        return {name: ",".join(request.args.getlist(name)) for name in request.args if name not in ("page", "list_ids[]")}

    def _finding(
        self, names: tuple[str, ...], asked: tuple[tuple[str, str], ...], _versions: tuple[int, ...]
    ) -> list[tuple[str, int]]:
        """All tasks that fit, each with its list; the versions make what is remembered fall out of use."""
        said = dict(asked)
        low, high = _time(said, "date_updated_gt", -1) + 1, _time(said, "date_updated_lt", EVER) - 1
        changed = [(name, self._held[name].row(each)) for name in names for _, each in self._held[name].changed(low, high)]
        kept = [(name, row) for name, row in changed if row and row.state == "live" and _fits(name, row, said)]
        order = _ORDERS.get(said.get("order_by", ""), "created")
        kept.sort(key=lambda each: (getattr(each[1], order), each[1].id), reverse=said.get("reverse") != "true")
        return [(name, row.id) for name, row in kept]


def _time(said: dict[str, str], name: str, otherwise: int) -> int:
    text = said.get(name, "")
    return int(text) if text.isdecimal() else otherwise


def _fits(name: str, row: Row, said: dict[str, str]) -> bool:
    """Whether a task is asked for by its status, its parent, whether it is archived and when it was made."""
    state, statuses = status(name, row.fields["status"]), said.get("statuses[]", "").split(",")
    wanted = statuses == [""] or state["status"] in statuses
    made = _time(said, "date_created_gt", -1) < row.created < _time(said, "date_created_lt", EVER)
    shows = bool(row.fields.get("archived")) == (said.get("archived") == "true")
    closed = state["type"] == "closed" and statuses == [""] and said.get("include_closed") != "true"
    below = bool(row.fields.get("parent")) and said.get("subtasks") != "true"
    return wanted and made and shows and not closed and not below


def _archived() -> bool:
    return request.args.get("archived") == "true"


def _number(identity: str) -> int:
    try:
        return number_of("", identity)
    except (KeyError, ValueError):
        return -1


def _located() -> None:
    """Let views have the list in the path by our name; what is not in this workspace, nobody was allowed to see."""
    named = request.view_args or {} if request.path.startswith("/api/") else {}
    known = {said["id"]: name for name, said in LISTS.items()}
    there = {"team": [TEXTS["team"]["id"]], "space": [TEXTS["space"]["id"]], "folder": TEXTS["folders"], "name": known}
    if any(named[part] not in there[part] for part in set(named) & set(there)):
        raise refused(401, "OAUTH_027", "Team not authorized")
    if "name" in named:
        named["name"] = known[named["name"]]


def application(world: World, controls: Controls) -> Flask:
    """The stand-in over a world."""
    app, workspace = json_app("clickup-sandbox"), Workspace(world, controls)
    Access(controls).install(app)
    workspace.install(app)
    Webhooks(world, controls, workspace.shown).install(app)
    return app


STANDIN = StandIn(
    id=TOOL,
    hosts=("app.clickup.com", "api.clickup.com"),
    app=application,
    truth=lambda world: {**{kind: world.count(TOOL, kind) for kind, _ in KINDS.values()}, "owner": len(world.staff)},
    contact_id=lambda index: task_id(record_id("contact", index)),
    answers={"workspace": TEXTS["team"]["id"]},
    decisions=tuple(Decision("tasks", "list.id", raw, value) for raw, value in DECIDED.items()),
    key=PERSONAL,
)
