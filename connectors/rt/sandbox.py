"""A stand-in for Request Tracker's REST 2.0, judged by the real one (tests/e2e/real): tickets, users, queues, fields.

https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html. What it holds: `sandbox_records` and, where it is always the same,
`sandbox.json`; TicketSQL: `sandbox_query`; users: `sandbox_users`; how answers are framed: `sandbox_answers`. Deleted and
merged tickets and disabled users are kept as archived rows: no search shows them, a request for their id does.
"""

from collections.abc import Sequence
from functools import partial

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from connectors.rt import sandbox_records as records
from connectors.rt.sandbox_answers import PREFIX, custom_fields, described, fields, listed, paged, protect, reference
from connectors.rt.sandbox_query import groups, ids_named
from connectors.rt.sandbox_records import NOBODY, PEOPLE, QUEUES, ROLES, SETTABLE, STATUSES, TEXTS, TOOL
from connectors.rt.sandbox_users import Users
from hub.sandbox.account import source
from hub.sandbox.answers import Failure, Json, View, body, json_app, routes, rows
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import Group
from hub.sandbox.dealings import STAFF
from hub.sandbox.language import fits
from hub.sandbox.rows import Row
from hub.sandbox.selection import Selection
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World, record_id

TOKEN = "1-14-sandbox"
"""What a fresh stand-in accepts after the word token; its control door gives and revokes others."""


class Tracker:
    """The answers of one installation."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._users = Users(world, controls.clock)
        self._tickets = Collection("tickets", source(world, TOOL, "ticket", records.ticket), clock=controls.clock)
        self._search = Selection(self._tickets, self._value, id_name="id", changed_name="LastUpdated")
        controls.collections = {"users": self._users.collection, "tickets": self._tickets}
        controls.merge = self._merged

    def install(self, app: Flask) -> None:
        """Open the paths of the API."""
        self._users.install(app)
        lists: dict[str, View] = {
            "/tickets": self._listed,
            "/queues/all": lambda: listed("queue", TEXTS["queues"]),
            "/customfields": self._customfields,
            "/rt": lambda: jsonify(Plugins=[], Version=records.VERSION),
        }
        routes(app, PREFIX, {f"{method} {path}": view for path, view in lists.items() for method in ("GET", "POST")})
        views: dict[str, View] = {"POST /ticket": self._create, "GET /ticket/<identity>": self._one}
        routes(app, PREFIX, {**views, "PUT /ticket/<identity>": self._change, "DELETE /ticket/<identity>": self._delete})

    def _field(self, row: Row, name: str) -> object:
        """A field of a ticket in a list; what RT does not know is empty text."""
        if name in ROLES:
            return [self._users.person(one, fields(name)) for one in row.fields.get(name, ())]
        if name in PEOPLE:
            return self._users.person(row.fields.get(name, PEOPLE[name]), fields(name))
        if name == "Queue":
            return described("queue", row.fields.get("Queue", 1), fields("Queue"), TEXTS["queues"])
        if name == "CustomFields":
            return custom_fields(row)
        others = {"id": row.id, "EffectiveId": str(row.fields.get("EffectiveId", row.id)), "CustomRoles": {}}
        return others[name] if name in others else records.ticket_texts(row).get(name, "")

    def _value(self, row: Row, name: str) -> str:
        """A field of a ticket as conditions compare it."""
        if name in ("LastUpdated", "Created"):
            return str(row.updated if name == "LastUpdated" else row.created)
        if name == "Queue":
            return str(QUEUES[row.fields.get("Queue", 1)]["Name"])
        found = self._field(row, name)
        return str(found["id"] if isinstance(found, dict) else found)

    def _found(self, wanted: Sequence[Group]) -> list[int]:
        """The ids that a query finds, ascending. Asking by EffectiveId shows merged tickets too, as in RT."""
        by_effect = "EffectiveId" in {one["propertyName"] for group in wanted for one in group}

        def merged(row: Row) -> bool:
            return by_effect and "EffectiveId" in row.fields

        if all(asked_ids := [ids_named(group) for group in wanted]):
            asked = rows(self._tickets, sorted(set().union(*asked_ids)))
            there = [row for row in asked if row.state == "live" or merged(row)]
            return [row.id for row in there if fits(wanted, partial(self._value, row))]
        return self._search.select(wanted, archived=merged)

    def _listed(self) -> ResponseReturnValue:
        """A search of tickets. Without `orderby` RT promises no order; here it is the opposite of the usual one."""
        query, by = request.values.get("query", ""), request.values.get("orderby", "")
        queues = {str(number): str(queue["Name"]) for number, queue in QUEUES.items()}
        found = self._found(groups(query, lambda said: queues.get(said, said))) if query else []
        if by not in ("", "id"):
            keys = {row.id: (self._value(row, by), row.id) for row in rows(self._tickets, found)}
            found.sort(key=keys.__getitem__)
        if not by or request.values.get("order", "").upper() == "DESC":
            found.reverse()

        def shown(identity: int) -> Json:
            [row] = rows(self._tickets, [identity])
            return {**reference("ticket", str(identity)), **{name: self._field(row, name) for name in fields()}}

        return paged(found, shown)

    def _one(self, identity: str) -> ResponseReturnValue:
        """One ticket; people in it are named, not described."""
        row = self._row(identity)
        people = {name: self._users.person(row.fields.get(name, default)) for name, default in PEOPLE.items()}
        roles = {name: [self._users.person(one) for one in row.fields.get(name, ())] for name in ROLES}
        one = {"EffectiveId": reference("ticket", str(row.id)), "Queue": reference("queue", str(row.fields["Queue"]))}
        links = [{**reference("ticket", row.id), "ref": "self"}]
        texts = {name: text for name, text in records.ticket_texts(row).items() if name != "Told" or text != records.UNSET}
        return jsonify(
            {"id": row.id, **texts, **one, **people, **roles, "CustomFields": custom_fields(row), "_hyperlinks": links}
        )

    def _customfields(self) -> ResponseReturnValue:
        """The one custom field; none without a query."""
        asked = request.values.get("query", "").startswith("[") or request.method == "POST"
        return listed("customfield", TEXTS["customfields"] if asked else {})

    def _row(self, identity: str) -> Row:
        """A ticket in whatever state; for one that was merged, the one that took it over."""
        found = self._tickets.row(int(identity)) if identity.isdecimal() else None
        if found is None:
            raise NotFound
        winner = found.fields.get("EffectiveId")
        return found if winner is None else self._row(str(winner))

    def _create(self) -> ResponseReturnValue:
        """A new ticket; a requestor nobody knows becomes a user."""
        said = body()
        queue = next((key for key, one in QUEUES.items() if said.get("Queue") in (one["Name"], str(key), key)), None)
        if queue is None:
            raise Failure(403, {"message": f"No permission to create tickets in the queue '{said.get('Queue')}'"})
        emails = said.get("Requestor") or []
        people = [self._users.of_email(email) for email in ([emails] if isinstance(emails, str) else emails)]
        values = {name: said[name] for name in SETTABLE if name in said}
        row = self._tickets.create({"Status": "new", **values, "Queue": queue, "Requestor": people, "Owner": NOBODY})
        return jsonify(reference("ticket", str(row.id))), 201

    def _merged(self, collection: Collection, winner: int, loser: int) -> Row:
        """The winner, which takes the loser's place; only the winner counts as changed."""
        before = self._tickets.row(loser)
        if collection is not self._tickets or winner == loser or before is None:
            raise KeyError(loser)
        self._tickets.change(loser, {"EffectiveId": winner, "LastUpdated": before.updated})
        self._tickets.archive(loser)
        return self._tickets.change(winner, {})

    def _change(self, identity: str) -> ResponseReturnValue:
        """New values for a ticket, or its merger into another."""
        row, said = self._row(identity), body()
        if "MergeInto" in said:
            self._merged(self._tickets, self._row(str(said["MergeInto"])).id, row.id)
            return jsonify(["Merge Successful"])
        status = said.get("Status", "new")
        if status not in STATUSES:
            return jsonify([f"Ticket {row.id}: Status '{status}' isn't a valid status for this ticket."])
        if status == "deleted":
            return self._delete(identity)
        times = {"Resolved": self._tickets.clock.now()} if status in ("resolved", "rejected") else {}
        values = {name: said[name] for name in SETTABLE if name in said}
        answer = {name: text for name, text in said.get("CustomFields", {}).items() if name == "Satisfaction"}
        self._tickets.change(row.id, {**values, **times, **answer})
        return jsonify([f"Ticket {row.id}: {name} changed" for name in said])

    def _delete(self, identity: str) -> ResponseReturnValue:
        """The ticket's status becomes deleted."""
        row = self._tickets.archive(self._row(identity).id)
        return ("", 204) if request.method == "DELETE" else jsonify([f"Ticket {row.id}: Ticket deleted"])


def _app(world: World, controls: Controls) -> Flask:
    app = json_app(__name__)
    protect(app, controls, TOKEN)
    Tracker(world, controls).install(app)
    return app


def _truth(world: World) -> dict[str, int]:
    """RT keeps answers in a custom field of the ticket; its staff and root are users too, and privileged."""
    counted = {kind: world.count(TOOL, kind) for kind in ("contact", "ticket", "survey_response")}
    return {**counted, "owner": STAFF + 1}


STANDIN = StandIn(
    id="rt",
    hosts=("{host}",),
    app=_app,
    truth=_truth,
    contact_id=lambda index: str(record_id("contact", index)),
    answers={"address": "https://rt.example"},
    key=TOKEN,
)
