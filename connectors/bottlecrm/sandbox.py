"""A stand-in for BottleCRM's REST API, judged by the real one (tests/e2e/real).

https://github.com/MicroPyramid/Django-CRM. What it holds: `sandbox_records`; how that is written: `sandbox_shapes` and
`sandbox_lists`, with the constant parts of all answers in `sandbox.json`; tokens and webhooks: `sandbox_pushes`.
"""

from functools import partial

from flask import Flask, Response, jsonify
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from connectors.bottlecrm.sandbox_lists import Lists
from connectors.bottlecrm.sandbox_pushes import API, Webhooks, protect
from connectors.bottlecrm.sandbox_records import KINDS, MADE, PIPELINES, TEXTS, TOOL, number, pipelines, profile, uid
from connectors.bottlecrm.sandbox_shapes import Shapes
from hub.sandbox.account import collections
from hub.sandbox.answers import Failure, Json, View, body, json_app, routes
from hub.sandbox.collection import Collection
from hub.sandbox.dealings import STAFF
from hub.sandbox.keys import Keys
from hub.sandbox.rows import Row
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World, record_id

TOKEN = "bcrm_pat_sandbox"
"""A personal token without scopes that a fresh stand-in accepts: it may do everything with records."""
PERSON = "sandbox-jwt"
"""What a person who signed in sends."""
_NAMES = {"contacts": "Contact", "accounts": "Account", "opportunities": "Opportunity", "cases": "Case"}
_NEEDS = {"contacts": ("first_name", "last_name"), "accounts": ("name",), "opportunities": ("name",), "cases": ("name", "status")}
# What a client may not set: records and people are named by ids, which a synchronising client never writes.
_LINKS = ("account", "contacts", "assigned_to", "pipeline", "closed_by")


def _identity(name: str, text: str) -> int:
    """The number of a record by its UUID."""
    found = number(name, text)
    if found is None:
        raise KeyError(text)
    return found


def _said(name: str) -> Json:
    """What was sent of a record's own values."""
    return {field: value for field, value in body().items() if field in TEXTS["rows"][name] and field not in _LINKS}


def _require(said: Json, *fields: str) -> None:
    if absent := [field for field in fields if not said.get(field)]:
        raise Failure(400, {"error": True, "errors": {field: ["This field is required."] for field in absent}})


class Organisation:
    """The answers about one organisation's records."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._staff, self._controls = world.staff, controls
        self._collections = collections(
            world, TOOL, {name: (kind, MADE[name]) for name, kind in KINDS.items()}, clock=controls.clock
        )
        self._shapes = Shapes(world, self._collections)
        self._lists = Lists(self._collections, self._shapes, world.staff)
        controls.collections, controls.merge, controls.identity = self._collections, self._merged, _identity
        controls.delete = Collection.erase

    def install(self, app: Flask) -> None:
        """Open the paths of the API."""
        one = "/<uuid:identity>/"
        views: dict[str, View] = {"GET /": self._lists.listed, f"GET {one}": self._one, "POST /": self._create}
        views |= {f"PATCH {one}": self._change, f"DELETE {one}": self._delete, f"POST {one}merge/": self._merge}
        for name in KINDS:
            routes(app, f"{API}/{name}", views, name=name)
        people = [profile(each) for each in self._staff]
        active = [{**each, "active_token_count": int(each["role"] == "ADMIN")} for each in people]
        users = {"active_users_count": len(active), "active_users": active, "offset": None}
        fixed: dict[str, Json] = {
            "GET /opportunities/pipelines/": {"pipelines": pipelines()},
            "GET /users/": {**TEXTS["users"], "active_users": users},
            "GET /users/get-teams-and-users/": {"teams": [], "profiles": people},
            "GET /org/": TEXTS["organisations"],
            "GET /org/settings/": TEXTS["settings"],
        }
        routes(app, API, {path: partial(jsonify, answer) for path, answer in fixed.items()})
        routes(app, API, {"POST /cases/<uuid:identity>/merge/<uuid:winner>/": self._merge_case})

    def _row(self, name: str, identity: object) -> Row:
        found = number(name, str(identity))
        row = self._collections[name].row(found) if found is not None else None
        if row is None:
            # Every object says in its own way that a record does not exist.
            error = {"error": True, "errors": "Opportunity not found."}
            detail = "No such case." if name == "cases" else f"No {_NAMES[name]} matches the given query."
            raise Failure(404, error if name == "opportunities" else {"detail": detail})
        return row

    def _one(self, name: str, identity: object) -> ResponseReturnValue:
        return jsonify(self._shapes.single(name, self._row(name, identity)))

    def _create(self, name: str) -> ResponseReturnValue:
        said = _said(name)
        _require(said, *_NEEDS[name])
        row = self._collections[name].create(said)
        return jsonify(error=False, message=f"{_NAMES[name]} Created Successfully", id=uid(name, row.id))

    def _change(self, name: str, identity: object) -> ResponseReturnValue:
        """A deal that changes its stage tells since when, a case when it was closed."""
        row, said, now = self._row(name, identity), _said(name), self._controls.clock.now()
        if name == "opportunities" and said.get("stage", row.fields.get("stage")) != row.fields.get("stage"):
            said |= {"stage_changed_at": now, "closed_by": 0 if said["stage"].startswith("CLOSED") else None}
        if name == "cases" and said.get("status") == "Closed":
            said["resolved_at"] = now
        self._collections[name].change(row.id, said)
        return jsonify(error=False, message=f"{_NAMES[name]} Updated Successfully")

    def _delete(self, name: str, identity: object) -> ResponseReturnValue:
        """A deletion leaves nothing that could be read or restored."""
        self._collections[name].erase(self._row(name, identity).id)
        return jsonify(error=False, message=f"{_NAMES[name]} Deleted Successfully.")

    def _merged(self, collection: Collection, winner: int, loser: int) -> Row:
        """Of contacts and accounts the loser is gone; a case becomes a duplicate that points to the winner."""
        if collection.name == "opportunities" or winner == loser:
            raise ValueError(winner)
        if collection.name != "cases":
            return collection.merge(winner, loser, {})
        collection.change(loser, {"status": "Duplicate", "merged_into": winner})
        return collection.change(winner, {})

    def _merge(self, name: str, identity: object) -> ResponseReturnValue:
        keep, said = self._row(name, identity), body()
        _require(said, "merge_id")
        self._merged(self._collections[name], keep.id, self._row(name, said["merge_id"]).id)
        return jsonify(error=False, message="Merged.", id=uid(name, keep.id))

    def _merge_case(self, identity: object, winner: object) -> ResponseReturnValue:
        loser, kept = self._row("cases", identity), self._row("cases", winner)
        self._merged(self._collections["cases"], kept.id, loser.id)
        return jsonify(error=False, message="Tickets merged", source_case_id=str(identity))


def _app(world: World, controls: Controls) -> Flask:
    app, organisation = json_app(__name__), Organisation(world, controls)
    protect(app, Keys(controls, TOKEN), PERSON)
    organisation.install(app)
    Webhooks(controls, world.staff[0]).install(app)
    app.register_error_handler(NotFound, lambda _error: Response("<!doctype html><h1>Not Found</h1>", 404, mimetype="text/html"))
    return app


def _truth(world: World) -> dict[str, int]:
    """Answers to surveys exist, but the API shows only their sum."""
    counted = {str(kind): world.count(TOOL, kind) for kind in KINDS.values()}
    return {**counted, "owner": STAFF, "pipeline": len(PIPELINES)}


STANDIN = StandIn(
    id="bottlecrm",
    hosts=("{host}",),
    app=_app,
    truth=_truth,
    contact_id=lambda index: uid("contacts", record_id("contact", index)),
    company_id=lambda index: uid("accounts", record_id("company", index)),
    answers={"address": "https://bottlecrm.example"},
    key=TOKEN,
)
