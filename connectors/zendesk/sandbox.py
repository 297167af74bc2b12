"""A stand-in for Zendesk Support's API, written from its documentation: users, organizations, tickets and ratings.

https://developer.zendesk.com/api-reference/ticketing/. The modules beside this one hold who may ask, pages and exports,
what there is and how it looks, search and webhooks. Every path works with and without `.json`.
"""

from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from connectors.zendesk.sandbox_access import Access, invalid, missing
from connectors.zendesk.sandbox_objects import Records
from connectors.zendesk.sandbox_pages import Ids, by_cursor, by_time, page, whole
from connectors.zendesk.sandbox_pushes import Webhooks
from connectors.zendesk.sandbox_records import GROUP, KINDS, ONE, TOOL, agent, identity
from connectors.zendesk.sandbox_references import custom_statuses, ticket_fields
from connectors.zendesk.sandbox_search import search
from hub.sandbox.answers import body, json_app, rows
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Row
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World

_LISTED = ("users", "organizations", "tickets", "satisfaction_ratings")
_WRITTEN = ("users", "organizations", "tickets")
_SCORES = {"received": ("good", "bad"), "good": ("good",), "bad": ("bad",)}


class Api:
    """The answers about one account's records."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._world, self._controls = world, controls
        self._records, self._webhooks = Records(world, controls.clock), Webhooks(controls)
        controls.collections, controls.merge = self._records.collections, self._merged
        controls.listen(self._webhooks.tell)

    def install(self, app: Flask) -> None:
        """Open the paths; those of objects hold the object's name."""
        known: tuple[tuple[str, str, Callable[..., ResponseReturnValue]], ...] = (
            ("GET", "/search", lambda: jsonify(search(self._records))),
            ("GET", "/custom_statuses", lambda: jsonify(custom_statuses=custom_statuses())),
            ("GET", "/ticket_fields", lambda: jsonify(ticket_fields=ticket_fields(), next_page=None, count=2)),
            ("GET", "/groups", lambda: jsonify(groups=[{"id": GROUP, "name": "Support", "deleted": False}], count=1)),
            ("GET", "/users/me", self.me),
            ("PUT", "/users/<identity>/merge", self.merge),
            ("GET", "/incremental/<name>/cursor", self.exported_by_cursor),
            ("GET", "/incremental/<name>", self.exported_by_time),
            ("POST", "/tickets/<identity>/satisfaction_rating", self.rate),
            ("GET", "/<name>/show_many", self.several),
            ("GET", "/<name>/<identity>", self.one),
            ("PUT", "/<name>/<identity>", self.change),
            ("DELETE", "/<name>/<identity>", self.delete),
            ("GET", "/<name>", self.listed),
            ("POST", "/<name>", self.create),
        )
        self._webhooks.install(app)
        for method, path, view in known:
            app.add_url_rule(f"/api/v2{path}", f"{method} {path}", view, methods=[method])
        app.register_error_handler(NotFound, lambda _error: (jsonify(missing().body), 404))

    def _collection(self, name: str, among: tuple[str, ...] = _LISTED) -> Collection:
        if name not in among:
            raise missing()
        return self._records.collections[name]

    def listed(self, name: str) -> ResponseReturnValue:
        """A page of an object by ascending id."""
        collection, chosen = self._collection(name), None
        if name == "users":
            chosen = self._records.by_role({*request.args.getlist("role[]"), *request.args.getlist("role")})
        if name == "satisfaction_ratings":
            chosen = self._ratings(collection)
        return jsonify(page(name, Ids(collection, chosen), self._records.lines(name), self._controls))

    def _ratings(self, collection: Collection) -> list[int] | None:
        """The answers between two times with certain scores; None means all of them."""
        score, latest = request.args.get("score", ""), whole("end_time", 2**32) * 1000
        if not score and not {"start_time", "end_time"} & set(request.args):
            return None
        found = rows(collection, sorted(one for _, one in collection.changed(whole("start_time", 0) * 1000, latest)))
        scores = _SCORES.get(score.partition("_with")[0], (score,) if score else _SCORES["received"])
        kept = [row for row in found if row.state == "live" and row.fields["score"] in scores]
        if "_with" in score:
            kept = [row for row in kept if bool(row.fields["comment"]) == score.endswith("_with_comment")]
        return [row.id for row in kept]

    def several(self, name: str) -> ResponseReturnValue:
        """Up to a hundred records by id or external id; those that do not exist are left out."""
        collection = self._collection(name, _WRITTEN)
        wanted = {int(part) for part in request.args.get("ids", "").split(",") if part.isdecimal()}
        found = rows(collection, sorted(wanted)[:100])
        shown = [self._records.shown(name, row) for row in found if row.state == "live" or name == "users"]
        return jsonify({name: shown, "next_page": None, "previous_page": None, "count": len(shown)})

    def one(self, name: str, identity: str) -> ResponseReturnValue:
        """One record."""
        self._collection(name)
        return jsonify({ONE[name]: self._records.shown(name, self._records.row(name, identity))})

    def me(self) -> ResponseReturnValue:
        """Whoever asks."""
        asking = str(agent(request.environ["zendesk.user"]))
        return jsonify(user=self._records.shown("users", self._records.row("users", asking)))

    def create(self, name: str) -> ResponseReturnValue:
        """A new record."""
        collection = self._collection(name, _WRITTEN)
        fields = self._records.checked(name, body().get(ONE[name]) or {}, None)
        if name == "tickets":
            asking = agent(request.environ["zendesk.user"])
            fields = {"requester_id": asking, "submitter_id": asking, "subject": fields["description"], **fields}
        return self._written(name, collection.create(fields)), 201

    def rate(self, identity: str) -> ResponseReturnValue:
        """An answer to a ticket, as its requester gives it."""
        ticket, sent = self._records.row("tickets", identity), body().get("satisfaction_rating") or {}
        if sent.get("score") not in ("good", "bad"):
            raise invalid("score", "Score: is invalid", "InvalidValue")
        said = {"score": sent["score"], "comment": sent.get("comment"), "reason": None, "reason_id": None}
        about = {name: ticket.fields.get(name) for name in ("assignee_id", "group_id", "requester_id")}
        ratings = self._records.collections["satisfaction_ratings"]
        row = ratings.create({**about, "ticket_id": ticket.id, **said, "reason_code": None})
        self._records.collections["tickets"].change(ticket.id, {"satisfaction_rating": {"id": row.id, **said}})
        return jsonify(satisfaction_rating=self._records.shown("satisfaction_ratings", row))

    def change(self, name: str, identity: str) -> ResponseReturnValue:
        """A record with new values."""
        collection, row = self._collection(name, _WRITTEN), self._records.row(name, identity)
        return self._written(name, collection.change(row.id, self._records.checked(name, body().get(ONE[name]) or {}, row)))

    def _written(self, name: str, row: Row) -> Response:
        """The answer to a write; a ticket's has the audit of it."""
        audit = {"audit": {"id": row.updated, "ticket_id": row.id, "events": []}} if name == "tickets" else {}
        return jsonify({ONE[name]: self._records.shown(name, row), **audit})

    def delete(self, name: str, identity: str) -> ResponseReturnValue:
        """Delete a record softly; a user's answer shows the user, who is no longer active."""
        collection = self._collection(name, _WRITTEN)
        row = collection.archive(self._records.row(name, identity).id)
        return jsonify(user=self._records.shown(name, row)) if name == "users" else ("", 204)

    def merge(self, identity: str) -> ResponseReturnValue:
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

    def exported_by_cursor(self, name: str) -> ResponseReturnValue:
        """A page of an export by cursor, which organizations do not have."""
        collection = self._collection(name, ("users", "tickets"))
        return jsonify(by_cursor(name, collection, self._records.lines(name), self._controls))

    def exported_by_time(self, name: str) -> ResponseReturnValue:
        """A page of an export by time."""
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
    Api(world, controls).install(app)
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
