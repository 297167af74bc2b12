"""A stand-in for EngageBay: lists asked for by forms, XML unless JSON is wanted, the cursor in the last record, webhooks.

https://github.com/engagebay/restapi and https://github.com/engagebay/webhooks. Our reading: subscribers are contacts, and
leads since they were made; tracks are pipelines, tasks activities, users owners. Not documented, and invented here: ten to a
page where no size is asked for, 400 for a size over 100, a 404 for a record that is gone.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.engagebay.sandbox_records import FIRST, MADE, TEXTS, TOOL, identity, shown, updated, user
from hub.sandbox.account import source
from hub.sandbox.answers import Failure, allowance, json_app, retry_after, routes
from hub.sandbox.collection import Collection
from hub.sandbox.dealings import STAFF
from hub.sandbox.hooks import Hooks
from hub.sandbox.keys import Keys
from hub.sandbox.limits import Window
from hub.sandbox.rows import Change, Row
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World

API_KEY = "sandboxrestapikey"
_API, _MOST = "/dev/api/panel", 100
_INVALID = {"error": "Invalid input. Please provide all the required fields."}
_PUSHED = {"subscribers": "contact", "companies": "company", "deals": "deal"}
_HAPPENED = {"created": "created", "changed": "updated", "erased": "deleted"}
_SORTS = {"created_time": lambda row: row.created // 1000, "updated_time": updated}


class Panel:
    """The answers of one account."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._held = {
            name: Collection(name, source(world, TOOL, *kind, first_id=FIRST[name]), clock=controls.clock)
            for name, kind in MADE.items()
        }
        self._hooks = Hooks(controls, lambda _shown, _event: False)
        controls.collections, controls.delete = self._held, Collection.erase
        controls.listen(self._push)

    def _push(self, change: Change) -> None:
        """Tell of contacts, companies and deals; unsigned, and a contact's family name is called otherwise than in lists."""
        if change.object not in _PUSHED:
            return
        told, name = shown(change.object, change.row), f"{_PUSHED[change.object]}.{_HAPPENED.get(change.kind, change.kind)}"
        for one in told.get("properties", []):
            one["name"] = {"last_name": "lastname"}.get(one["name"], one["name"])
        for hook in self._hooks.hearing(name):
            self._hooks.send(hook, {"event": name, "entity": told})

    def listed(self, name: str) -> ResponseReturnValue:
        """A page; the last record of one that is not the last has the cursor of the next."""
        form, by = request.form, request.form.get("sort_key", "created_time")
        size, field = form.get("page_size", "10"), by.removeprefix("-")
        if not size.isdecimal() or not 0 < int(size) <= _MOST or field not in _SORTS:
            raise Failure(400, _INVALID)
        rows = sorted(((_SORTS[field](row), row.id, row) for row in self._wanted(name)), reverse=by.startswith("-"))
        start = _after([row[:2] for row in rows], by) if form.get("cursor") else 0
        page, last = [shown(name, row) for *_, row in rows[start : start + int(size)]], start + int(size)
        if last < len(rows):
            page[-1]["cursor"] = urlsafe_b64encode(f"{by} {rows[last - 1][0]} {rows[last - 1][1]}".encode()).decode()
        return jsonify(page)

    def _wanted(self, name: str) -> list[Row]:
        """What a list is about: deals of one track, tasks of a state or a sort."""
        held, form = self._held[name], request.form
        rows = [row for each in held.live(0, len(held)) if (row := held.row(each))]
        track = form.get("track_id", str(TEXTS["tracks"][0]["id"]))
        if name == "deals":
            return [row for row in rows if str(row.fields.get("track_id")) == track]
        asked = {"task_milestone": form.get("taskStatus"), "type": form.get("taskType")}
        kept = {field: said for field, said in asked.items() if said not in (None, "", "ALL") and name == "tasks"}
        return [row for row in rows if all(row.fields.get(field) == said for field, said in kept.items())]

    def one(self, name: str, number: int) -> ResponseReturnValue:
        """A single record; a subscriber comes in a list of one, with more of their name."""
        row = self._held[name].row(number)
        if row is None:
            raise Failure(404, {"error": "Not found"})
        told, kept = shown(name, row), row.fields
        if name != "subscribers":
            return jsonify(told)
        full = f"{kept.get('firstname') or ''} {kept.get('lastname') or ''}".strip()
        return jsonify([{**told, "firstname": kept.get("firstname"), "lastname": kept.get("lastname"), "fullname": full}])


def _after(places: list[tuple[int, int]], by: str) -> int:
    """Where the page after a cursor begins; a cursor of another order, or one that is none, is refused."""
    try:
        order, moment, last = urlsafe_b64decode(request.form["cursor"]).decode().split(" ")
        at = int(moment), int(last)
    except ValueError as error:
        raise Failure(400, _INVALID) from error
    if order != by:
        raise Failure(400, _INVALID)
    return sum(place >= at if by.startswith("-") else place <= at for place in places)


def _xml(name: str, said: Any) -> str:
    if isinstance(said, list):
        return "".join(_xml(name, each) for each in said)
    inner = "".join(_xml(key, value) for key, value in said.items()) if isinstance(said, dict) else escape(str(said))
    return f"<{name}>{inner}</{name}>"


def _as_asked(response: Response) -> Response:
    """JSON for those who ask for it, XML for all others."""
    if request.path.startswith(_API) and "application/json" not in request.headers.get("Accept", ""):
        response.set_data(f'<?xml version="1.0" encoding="UTF-8"?>{_xml("collection", {"item": response.json})}')
        response.mimetype = "application/xml"
    return response


def _admit(controls: Controls, keys: Keys, window: Window) -> None:
    """Refuse who sends no key, or the key in any dress, and who asks while requests are refused."""
    if not request.path.startswith(_API):
        return
    if keys.scopes(request.headers.get("Authorization")) is None:
        raise Failure(401, {"error": "UnAuthenticated User", "status": "401"})
    if allowance(controls, window).wait:
        headers = {name.replace("-", "_"): said for name, said in retry_after(controls, None).items()}
        raise Failure(429, {"error": "Too many requests"}, **headers)


def _app(world: World, controls: Controls) -> Flask:
    app, panel = json_app(__name__), Panel(world, controls)
    for name in MADE:
        routes(app, f"{_API}/{name}", {"POST ": panel.listed, "GET /<int:number>": panel.one}, name=name)
    fixed = {"tracks": TEXTS["tracks"], "users": [user(one) for one in world.staff]}
    routes(app, _API, {f"GET /{path}": partial(jsonify, told) for path, told in fixed.items()})
    app.before_request(partial(_admit, controls, Keys(controls, API_KEY), Window(10**6, 1)))
    app.register_error_handler(404, lambda _error: (jsonify(error="Not found"), 404))
    app.after_request(_as_asked)
    return app


def _truth(world: World) -> dict[str, int]:
    counted = {kind: world.count(TOOL, kind) for kind in ("contact", "company", "deal", "ticket")}
    return {**counted, "lead": counted["contact"], "activity": counted["deal"], "owner": STAFF, "pipeline": len(TEXTS["tracks"])}


STANDIN = StandIn(
    id=TOOL,
    hosts=("app.engagebay.com",),
    app=_app,
    truth=_truth,
    contact_id=lambda index: str(identity("subscribers", "contact", index)),
    company_id=lambda index: str(identity("companies", "company", index)),
    key=API_KEY,
)
