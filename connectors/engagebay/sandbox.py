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

from connectors.engagebay.sandbox_records import MADE, TEXTS, TOOL, identity, shown, updated, user
from hub.sandbox.account import source
from hub.sandbox.answers import Failure, json_app, picked, routes, rows
from hub.sandbox.collection import Collection
from hub.sandbox.dealings import STAFF
from hub.sandbox.gate import guard
from hub.sandbox.keys import Keys
from hub.sandbox.limits import Window
from hub.sandbox.outlet import tell
from hub.sandbox.rows import Change, Row
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World

API_KEY = "sandboxrestapikey"
_API, _MOST = "/dev/api/panel", 100
_PUSHED = {"subscribers": "contact", "companies": "company", "deals": "deal"}
_HAPPENED = {"created": "created", "changed": "updated", "erased": "deleted"}
# The fields that can be asked for in some lists, with the places in the form where they are.
_FILTERS = {"deals": {"track_id": "track_id"}, "tasks": {"task_milestone": "taskStatus", "type": "taskType"}}
_SORTS = {"created_time": lambda row: row.created // 1000, "updated_time": updated}


def _refused(status: int, **headers: str) -> Failure:
    return Failure(status, TEXTS["errors"][str(status)], **headers)


class Panel:
    """The answers of one account."""

    def __init__(self, world: World, controls: Controls) -> None:
        made = {name: source(world, TOOL, *kind, first_id=TEXTS["first"][name]) for name, kind in MADE.items()}
        self._held = {name: Collection(name, of, clock=controls.clock) for name, of in made.items()}
        self._controls = controls
        controls.collections, controls.delete = self._held, Collection.erase
        controls.listen(self._push)

    def _push(self, change: Change) -> None:
        """Tell of contacts, companies and deals; unsigned, and a contact's family name is called otherwise than in lists."""
        if change.object not in _PUSHED:
            return
        told, name = shown(change.object, change.row), f"{_PUSHED[change.object]}.{_HAPPENED.get(change.kind, change.kind)}"
        for one in told.get("properties", []):
            one["name"] = {"last_name": "lastname"}.get(one["name"], one["name"])
        tell(self._controls, {"event": name, "entity": told})

    def listed(self, name: str) -> ResponseReturnValue:
        """A page; the last record of one that is not the last has the cursor of the next."""
        form, by = request.form, request.form.get("sort_key", "created_time")
        size, field = form.get("page_size", "10"), by.removeprefix("-")
        if not size.isdecimal() or not 0 < int(size) <= _MOST or field not in _SORTS:
            raise _refused(400)
        found = sorted(((_SORTS[field](row), row.id, row) for row in self._wanted(name)), reverse=by.startswith("-"))
        start = _after([place[:2] for place in found], by) if form.get("cursor") else 0
        page, last = [shown(name, row) for *_, row in found[start : start + int(size)]], start + int(size)
        if last < len(found):
            page[-1]["cursor"] = urlsafe_b64encode(f"{by} {found[last - 1][0]} {found[last - 1][1]}".encode()).decode()
        return jsonify(page)

    def _wanted(self, name: str) -> list[Row]:
        """What a list is about: deals of one track, the default one unless another is named; tasks of a state or a sort."""
        held, form = self._held[name], {"track_id": str(TEXTS["tracks"][0]["id"]), **request.form}
        asked = _FILTERS.get(name, {}).items()
        wanted = {field: said for field, place in asked if (said := form.get(place, "")) not in ("", "ALL")}
        found = rows(held, held.live(0, len(held)))
        return [row for row in found if all(str(row.fields.get(field)) == said for field, said in wanted.items())]

    def one(self, name: str, number: int) -> ResponseReturnValue:
        """A single record; a subscriber comes in a list of one, with more of their name."""
        row = self._held[name].row(number)
        if row is None:
            raise _refused(404)
        if name != "subscribers":
            return jsonify(shown(name, row))
        names = picked(row.fields, "firstname", "lastname")
        return jsonify([{**shown(name, row), **names, "fullname": " ".join(filter(None, names.values()))}])


def _after(places: list[tuple[int, int]], by: str) -> int:
    """Where the page after a cursor begins; a cursor of another order, or one that is none, is refused."""
    try:
        order, moment, last = urlsafe_b64decode(request.form["cursor"]).decode().split(" ")
        at = {order: (int(moment), int(last))}[by]
    except (KeyError, ValueError) as error:
        raise _refused(400) from error
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


def _app(world: World, controls: Controls) -> Flask:
    app, panel, keys = json_app(__name__), Panel(world, controls), Keys(controls, API_KEY)
    for name in MADE:
        routes(app, f"{_API}/{name}", {"POST ": panel.listed, "GET /<int:number>": panel.one}, name=name)
    fixed = {"GET /tracks": TEXTS["tracks"], "GET /users": [user(one) for one in world.staff]}
    routes(app, _API, {path: partial(jsonify, told) for path, told in fixed.items()})

    def known() -> bool:
        return keys.scopes(request.headers.get("Authorization")) is not None

    guard(app, _API, controls, Window(10**6, 1), known=known, refused=_refused)
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
