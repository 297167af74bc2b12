"""A stand-in for BottleCRM's REST API, judged by the real one (tests/e2e/real).

https://github.com/MicroPyramid/Django-CRM. What it holds: `sandbox_records`; how that is written: `sandbox_shapes`,
`sandbox_lists`, `sandbox_singles`; who may ask: `sandbox_access`; webhooks: `sandbox_pushes`.
"""

from flask import Flask, Response, jsonify
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from connectors.bottlecrm.sandbox_access import API, Access
from connectors.bottlecrm.sandbox_filters import WrongDateError, stored
from connectors.bottlecrm.sandbox_lists import Lists
from connectors.bottlecrm.sandbox_pushes import Webhooks
from connectors.bottlecrm.sandbox_records import KINDS, PIPELINES, TOOL, Json, number, pipelines, source, uid
from connectors.bottlecrm.sandbox_shapes import Shapes
from connectors.bottlecrm.sandbox_singles import Singles, choosable, everybody, organisations, settings
from hub.sandbox.answers import body, json_app
from hub.sandbox.collection import Collection
from hub.sandbox.dealings import STAFF
from hub.sandbox.relations import Relations
from hub.sandbox.rows import Row
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World, record_id

TOKEN = "bcrm_pat_sandbox"
"""A personal token that a fresh stand-in accepts."""
PERSON = "sandbox-jwt"
"""What a person who signed in sends, who alone may manage webhooks."""
_NAMES = {"contacts": "Contact", "accounts": "Account", "opportunities": "Opportunity", "cases": "Case"}
_NEEDS = {"contacts": ("first_name", "last_name"), "accounts": ("name",), "opportunities": ("name",), "cases": ("name", "status")}


class _Failure(Exception):
    """A request that fails with a status and a body."""

    def __init__(self, status: int, told: Json) -> None:
        super().__init__(status)
        self.status, self.told = status, told


def _missing(name: str) -> _Failure:
    """Every object says in its own way that a record does not exist."""
    if name == "opportunities":
        return _Failure(404, {"error": True, "errors": "Opportunity not found."})
    return _Failure(404, {"detail": "No such case." if name == "cases" else f"No {_NAMES[name]} matches the given query."})


def _identity(name: str, text: str) -> int:
    """The number of a record by its UUID."""
    found = number(name, text)
    if found is None:
        raise KeyError(text)
    return found


class Organisation:
    """The answers about one organisation's records."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._staff, self._controls = world.staff, controls
        self._collections = {name: Collection(name, source(world, name), clock=controls.clock) for name in KINDS}
        self._relations = Relations(world, TOOL, {KINDS[name]: found for name, found in self._collections.items()})
        shapes = Shapes(world.staff, self._collections, self._relations)
        users: list[Json] = [{"id": uid("profile", one.index), "user__email": one.email} for one in world.staff]
        self._lists, self._singles = Lists(self._collections, shapes, users), Singles(world.staff, shapes)
        controls.collections, controls.merge, controls.identity = self._collections, self._merged, _identity
        controls.acts["delete"] = lambda said: self._deleted(said["object"], str(said["id"]))
        self._webhooks = Webhooks(controls, world.staff[0])

    def install(self, app: Flask) -> None:
        """Open the paths of the API."""
        for name in KINDS:
            one = f"{API}/{name}/<uuid:identity>/"
            for path, view, method in (
                (f"{API}/{name}/", self.listed, "GET"),
                (f"{API}/{name}/", self.create, "POST"),
                (one, self.one, "GET"),
                (one, self.change, "PATCH"),
                (one, self.delete, "DELETE"),
                (f"{one}merge/", self.merge, "POST"),
            ):
                app.add_url_rule(path, f"{method} {path}", view, methods=[method], defaults={"name": name})
        app.add_url_rule(f"{API}/cases/<uuid:identity>/merge/<uuid:winner>/", "merge case", self.merge_case, methods=["POST"])
        app.add_url_rule(f"{API}/opportunities/pipelines/", "pipelines", lambda: jsonify(pipelines=pipelines()))
        app.add_url_rule(f"{API}/users/", "users", lambda: jsonify(everybody(self._staff)))
        app.add_url_rule(f"{API}/users/get-teams-and-users/", "choosable", lambda: jsonify(choosable(self._staff)))
        app.add_url_rule(f"{API}/org/", "org", lambda: jsonify(organisations()))
        app.add_url_rule(f"{API}/org/settings/", "settings", lambda: jsonify(settings()))
        self._webhooks.install(app)
        app.register_error_handler(_Failure, lambda error: (jsonify(error.told), error.status))
        app.register_error_handler(WrongDateError, lambda error: (jsonify(error.args[0]), 400))
        app.register_error_handler(
            NotFound, lambda _error: Response("<!doctype html><h1>Not Found</h1>", 404, mimetype="text/html")
        )

    def _row(self, name: str, identity: object) -> Row:
        found = number(name, str(identity))
        row = self._collections[name].row(found) if found is not None else None
        if row is None:
            raise _missing(name)
        return row

    def listed(self, name: str) -> ResponseReturnValue:
        """An object's list."""
        return jsonify(self._lists.of[name]())

    def one(self, name: str, identity: object) -> ResponseReturnValue:
        """One record."""
        return jsonify(self._singles.of[name](self._row(name, identity)))

    def create(self, name: str) -> ResponseReturnValue:
        """A new record."""
        said = body()
        if absent := [field for field in _NEEDS[name] if not said.get(field)]:
            raise _Failure(400, {"error": True, "errors": {field: ["This field is required."] for field in absent}})
        row = self._collections[name].create(stored(said))
        self._link(name, row)
        return jsonify(error=False, message=f"{_NAMES[name]} Created Successfully", id=uid(name, row.id))

    def _link(self, name: str, row: Row) -> None:
        """Let relations know to whom a new record belongs."""
        account = row.fields.get("account")
        for to, others in (("accounts", () if account is None else (account,)), ("contacts", row.fields.get("contacts", ()))):
            for other in others:
                self._relations.add(KINDS[name], row.id, KINDS[to], other)

    def change(self, name: str, identity: object) -> ResponseReturnValue:
        """New values for a record; a deal that changes its stage tells since when, a case when it was closed."""
        row, said = self._row(name, identity), stored(body())
        now = self._controls.clock.now()
        if name == "opportunities" and said.get("stage", row.fields.get("stage")) != row.fields.get("stage"):
            said |= {"stage_changed_at": now, "closed_by": 0 if said["stage"].startswith("CLOSED") else None}
        if name == "cases" and said.get("status") == "Closed":
            said["resolved_at"] = now
        self._collections[name].change(row.id, said)
        return jsonify(error=False, message=f"{_NAMES[name]} Updated Successfully")

    def _deleted(self, name: str, identity: str) -> Json:
        """A deletion leaves nothing that could be read or restored."""
        row = self._collections[name].erase(self._row(name, identity).id)
        return {"id": uid(name, row.id), "updated": row.updated, "state": row.state}

    def delete(self, name: str, identity: object) -> ResponseReturnValue:
        """The end of a record."""
        self._deleted(name, str(identity))
        return jsonify(error=False, message=f"{_NAMES[name]} Deleted Successfully.")

    def _merged(self, collection: Collection, winner: int, loser: int) -> Row:
        """Of contacts and accounts the loser is gone; a case becomes a duplicate that points to the winner."""
        if collection.name == "opportunities" or winner == loser:
            raise ValueError(winner)
        if collection.name != "cases":
            return collection.merge(winner, loser, {})
        collection.change(loser, {"status": "Duplicate", "merged_into": winner})
        return collection.change(winner, {})

    def merge(self, name: str, identity: object) -> ResponseReturnValue:
        """Merge another contact or account into this one."""
        keep, said = self._row(name, identity), body()
        if not said.get("merge_id"):
            raise _Failure(400, {"error": True, "errors": {"merge_id": ["This field is required."]}})
        self._merged(self._collections[name], keep.id, self._row(name, said["merge_id"]).id)
        return jsonify(error=False, message="Merged.", id=uid(name, keep.id))

    def merge_case(self, identity: object, winner: object) -> ResponseReturnValue:
        """Merge this case into another."""
        loser, kept = self._row("cases", identity), self._row("cases", winner)
        self._merged(self._collections["cases"], kept.id, loser.id)
        return jsonify(error=False, message="Tickets merged", source_case_id=str(identity))


def _app(world: World, controls: Controls) -> Flask:
    app = json_app(__name__)
    Access(controls, token=TOKEN, person=PERSON).install(app)
    Organisation(world, controls).install(app)
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
