"""A stand-in for Zendesk Support's API, written from its documentation: users, organizations, tickets and ratings.

https://developer.zendesk.com/api-reference/ticketing/. The modules beside this one hold who may ask, pages and exports,
what there is and how it looks, search and webhooks. Every path works with and without `.json`.
"""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from connectors.zendesk.sandbox_access import Access, invalid, missing
from connectors.zendesk.sandbox_pages import Ids, by_cursor, by_time, page
from connectors.zendesk.sandbox_pushes import Webhooks
from connectors.zendesk.sandbox_records import KINDS, ONE, TEXTS, TOOL, Records, agent, identity
from connectors.zendesk.sandbox_search import by_role, rated, search
from hub.sandbox.answers import Json, View, body, json_app, picked, routes, rows
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Row
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World

_LISTED = ("users", "organizations", "tickets", "satisfaction_ratings")
_WRITTEN = {"users": "name", "organizations": "name", "tickets": "description"}
"""What can be written, and what each must have."""


class Api:
    """The answers about one account's records."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._controls, self._records = controls, Records(world, controls.clock)
        controls.collections, controls.merge = self._records.collections, self._merged

    def install(self, app: Flask) -> None:
        """Open the paths; those of objects hold the object's name."""
        views: dict[str, View] = {
            "GET /search": lambda: jsonify(search(self._records)),
            "GET /account/settings": lambda: jsonify(settings=TEXTS["settings"]),
            "GET /users/me": self._me,
            "PUT /users/<identity>/merge": self._merge,
            "GET /incremental/<name>/cursor": self._exported_by_cursor,
            "GET /incremental/<name>": self._exported_by_time,
            "POST /tickets/<identity>/satisfaction_rating": self._rate,
            "GET /<name>/show_many": self._several,
            "GET /<name>/<identity>": self._one,
            "PUT /<name>/<identity>": self._change,
            "DELETE /<name>/<identity>": self._delete,
            "GET /<name>": self._listed,
            "POST /<name>": self._create,
        }
        routes(app, "/api/v2", views)

    def _collection(self, name: str, among: Iterable[str] = _LISTED) -> Collection:
        if name not in among:
            raise missing()
        return self._records.collections[name]

    def _listed(self, name: str) -> ResponseReturnValue:
        collection, chosen = self._collection(name), None
        if name == "users":
            chosen = by_role(collection, {*request.args.getlist("role[]"), *request.args.getlist("role")})
        if name == "satisfaction_ratings":
            chosen = rated(collection)
        return jsonify(page(name, Ids(collection, chosen), self._records.lines(name), self._controls))

    def _several(self, name: str) -> ResponseReturnValue:
        """Up to a hundred records by id or external id; those that do not exist are left out."""
        collection = self._collection(name, _WRITTEN)
        wanted = {int(part) for part in request.args.get("ids", "").split(",") if part.isdecimal()}
        found = rows(collection, sorted(wanted)[:100])
        shown = [self._records.shown(name, row) for row in found if row.state == "live" or name == "users"]
        return jsonify({name: shown, "next_page": None, "previous_page": None, "count": len(shown)})

    def _one(self, name: str, identity: str) -> ResponseReturnValue:
        self._collection(name)
        return jsonify({ONE[name]: self._records.shown(name, self._records.row(name, identity))})

    def _me(self) -> ResponseReturnValue:
        """Whoever asks."""
        asking = str(agent(request.environ["zendesk.user"]))
        return jsonify(user=self._records.shown("users", self._records.row("users", asking)))

    def _checked(self, name: str, row: Row | None = None) -> Json:
        """What was sent of a record, or the reason why it cannot be written."""
        fields, needed = dict(body().get(ONE[name]) or {}), _WRITTEN[name]
        comment, email = fields.pop("comment", None), str(fields.get("email") or "")
        fields |= {"description": comment.get("body")} if isinstance(comment, dict) and row is None else {}
        if row is None and not fields.get(needed):
            raise invalid(needed, f"{needed.title()}: cannot be blank", "BlankValue")
        if name == "users" and email and self._records.taken(email, row):
            raise invalid("email", f"Email: {email} is already being used by another user", "DuplicateValue")
        return fields

    def _create(self, name: str) -> ResponseReturnValue:
        collection = self._collection(name, _WRITTEN)
        fields = self._checked(name)
        if name == "tickets":
            asking = agent(request.environ["zendesk.user"])
            fields = {"requester_id": asking, "submitter_id": asking, "subject": fields["description"], **fields}
        return self._written(name, collection.create(fields)), 201

    def _rate(self, identity: str) -> ResponseReturnValue:
        """An answer to a ticket, as its requester gives it."""
        ticket, sent = self._records.row("tickets", identity), body().get("satisfaction_rating") or {}
        if sent.get("score") not in ("good", "bad"):
            raise invalid("score", "Score: is invalid", "InvalidValue")
        said = {"score": sent["score"], "comment": sent.get("comment"), "reason": None, "reason_id": None}
        about = picked(ticket.fields, "assignee_id", "group_id", "requester_id")
        ratings = self._records.collections["satisfaction_ratings"]
        row = ratings.create({**about, "ticket_id": ticket.id, **said, "reason_code": None})
        self._records.collections["tickets"].change(ticket.id, {"satisfaction_rating": {"id": row.id, **said}})
        return jsonify(satisfaction_rating=self._records.shown("satisfaction_ratings", row))

    def _change(self, name: str, identity: str) -> ResponseReturnValue:
        collection, row = self._collection(name, _WRITTEN), self._records.row(name, identity)
        return self._written(name, collection.change(row.id, self._checked(name, row)))

    def _written(self, name: str, row: Row) -> Response:
        """The answer to a write; a ticket's has the audit of it."""
        audit = {"audit": {"id": row.updated, "ticket_id": row.id, "events": []}} if name == "tickets" else {}
        return jsonify({ONE[name]: self._records.shown(name, row), **audit})

    def _delete(self, name: str, identity: str) -> ResponseReturnValue:
        """Delete a record softly; a user's answer shows the user, who is no longer active."""
        collection = self._collection(name, _WRITTEN)
        row = collection.archive(self._records.row(name, identity).id)
        return jsonify(user=self._records.shown(name, row)) if name == "users" else ("", 204)

    def _merge(self, identity: str) -> ResponseReturnValue:
        """Merge the user of the path into the one of the body."""
        into = str((body().get("user") or {}).get("id"))
        loser, winner = self._records.row("users", identity), self._records.row("users", into)
        row = self._merged(self._records.collections["users"], winner.id, loser.id)
        return jsonify(user=self._records.shown("users", row))

    def _merged(self, collection: Collection, winner: int, loser: int) -> Row:
        """The loser stays as a user who is no longer active; the winner has its tickets."""
        if collection.name != "users":
            raise missing()
        return collection.merge(winner, loser, {}, leaves="archived")

    def _exported_by_cursor(self, name: str) -> ResponseReturnValue:
        """A page of an export by cursor, which organizations do not have."""
        collection = self._collection(name, ("users", "tickets"))
        return jsonify(by_cursor(name, collection, self._records.lines(name), self._controls))

    def _exported_by_time(self, name: str) -> ResponseReturnValue:
        return jsonify(by_time(name, self._collection(name, _WRITTEN), self._records.lines(name), self._controls))


class _App(Flask):
    """Takes `.json` off the paths, which mean the same with it and without."""

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; Flask's own, on the shorter path."""
        environ["PATH_INFO"] = environ["PATH_INFO"].removesuffix(".json")
        return super().wsgi_app(environ, start_response)


def application(world: World, controls: Controls) -> Flask:
    """The stand-in over a world; any subdomain is the same account."""
    app, access = json_app("zendesk-sandbox", _App), Access(world, controls)
    controls.server = access.server
    access.install(app)
    api = Api(world, controls)
    Webhooks(controls).install(app)
    api.install(app)
    app.register_error_handler(NotFound, lambda _error: (jsonify(missing().told), 404))
    return app


def truth(world: World) -> dict[str, int]:
    """The live records by canonical type; users who are agents are owners, not contacts."""
    return {**{kind: world.count(TOOL, kind) for kind in KINDS.values()}, "owner": len(world.staff)}


STANDIN = StandIn(
    id="zendesk",
    hosts=("{subdomain}.zendesk.com",),
    app=application,
    truth=truth,
    contact_id=lambda index: str(identity("contact", index)),
    company_id=lambda index: str(identity("company", index)),
    answers={"subdomain": "acme"},
)
