"""A stand-in for Request Tracker's REST 2.0, judged by the real one (tests/e2e/real): tickets, users, queues, fields.

https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html. What it holds: `sandbox_records`; TicketSQL: `sandbox_query`;
frames and failures: `sandbox_answers`. Deleted and merged tickets and disabled users are kept as archived rows: no
search shows them, a request for their id does.
"""

from collections.abc import Callable, Sequence

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.rt import sandbox_records as records
from connectors.rt.sandbox_answers import PREFIX, Json, fields, paged, protect, reference
from connectors.rt.sandbox_changes import Changes
from connectors.rt.sandbox_query import groups
from connectors.rt.sandbox_records import NOBODY, QUEUES, ROOT, SATISFACTION, TOOL, custom_fields
from connectors.rt.sandbox_users import Users
from hub.sandbox.answers import json_app, rows
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import Group, holds
from hub.sandbox.dealings import STAFF
from hub.sandbox.rows import Row
from hub.sandbox.search import Search
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World, record_id

TOKEN = "1-14-sandbox"
"""What a fresh stand-in accepts after the word token; its control door gives and revokes others."""
_ROLES, _PEOPLE = ("Requestor", "Cc", "AdminCc"), {"Owner": NOBODY, "Creator": ROOT, "LastUpdatedBy": ROOT}


def _ids(group: Group) -> set[int]:
    """The ids that a group of conditions names; none of those that are no number was ever given."""
    named = (str(one["value"]) for one in group if (one["propertyName"], one["operator"]) == ("id", "EQ"))
    return {int(text) if text.isdecimal() else 0 for text in named}


class Tracker:
    """The answers of one installation."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._users = Users(world, controls.clock)
        self._person = self._users.person
        self._tickets = Collection("tickets", records.source(world, "ticket"), clock=controls.clock)
        self._search = Search(self._tickets, self._value, id_name="id", changed_name="LastUpdated")
        controls.collections = {"users": self._users.collection, "tickets": self._tickets}
        self._changes = Changes(self._tickets, self._users)
        controls.merge = self._changes.merged

    def install(self, app: Flask) -> None:
        """Open the paths of the API."""
        self._users.install(app)
        read: dict[str, Callable[..., ResponseReturnValue]] = {
            "/tickets": self.tickets,
            "/queues/all": self.queues,
            "/customfields": self.customfields,
            f"/customfield/{SATISFACTION}": lambda: jsonify(records.satisfaction()),
            "/rt": lambda: jsonify(Plugins=[], Version=records.VERSION),
        }
        for path, view in read.items():
            app.add_url_rule(PREFIX + path, path, view, methods=["GET", "POST"])
        app.add_url_rule(f"{PREFIX}/ticket", "POST ticket", self._changes.create, methods=["POST"])
        for method, act in (("GET", self.ticket), ("PUT", self._changes.change), ("DELETE", self._changes.delete)):
            app.add_url_rule(f"{PREFIX}/ticket/<identity>", f"{method} ticket", act, methods=[method])

    def _queue(self, number: int, wanted: Sequence[str]) -> Json:
        texts = records.queue_texts(number)
        return {**reference("queue", str(number)), **{name: texts.get(name, "") for name in wanted}}

    def _field(self, row: Row, name: str) -> object:
        """A field of a ticket in a list; what RT does not know is empty text."""
        if name in _ROLES:
            return [self._person(one, fields(name)) for one in row.fields.get(name, ())]
        if name in _PEOPLE:
            return self._person(row.fields.get(name, _PEOPLE[name]), fields(name))
        if name == "Queue":
            return self._queue(row.fields.get("Queue", 1), fields("Queue"))
        if name == "CustomFields":
            return custom_fields(row)
        others = {"id": row.id, "EffectiveId": str(row.fields.get("EffectiveId", row.id)), "CustomRoles": {}}
        return others[name] if name in others else records.ticket_texts(row).get(name, "")

    def _value(self, row: Row, name: str) -> str:
        """A field of a ticket as conditions compare it."""
        if name in ("LastUpdated", "Created"):
            return str(row.updated if name == "LastUpdated" else row.created)
        if name == "Queue":
            return QUEUES[row.fields.get("Queue", 1)][0]
        found = self._field(row, name)
        return str(found["id"] if isinstance(found, dict) else found)

    def _fits(self, row: Row, wanted: Sequence[Group]) -> bool:
        return any(all(holds(one, self._value(row, one["propertyName"])) for one in group) for group in wanted)

    def _found(self, wanted: Sequence[Group]) -> list[int]:
        """The ids that a query finds, ascending. Asking by EffectiveId shows merged tickets too, as in RT."""
        if all(asked_ids := [_ids(group) for group in wanted]):
            asked = rows(self._tickets, sorted(set().union(*asked_ids)))
            ids = [row.id for row in asked if row.state == "live" and self._fits(row, wanted)]
        else:
            ids = list(self._search.find(wanted, offset=0, limit=len(self._tickets)).ids)
        if "EffectiveId" not in {one["propertyName"] for group in wanted for one in group}:
            return ids
        archived = rows(self._tickets, self._tickets.archived())
        return sorted([*ids, *(row.id for row in archived if "EffectiveId" in row.fields and self._fits(row, wanted))])

    def tickets(self) -> ResponseReturnValue:
        """A search of tickets. Without `orderby` RT promises no order; here it is the opposite of the usual one."""
        query, by = request.values.get("query", ""), request.values.get("orderby", "")
        queues = {str(number): name for number, (name, _) in QUEUES.items()}
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

    def ticket(self, identity: str) -> ResponseReturnValue:
        """One ticket; people in it are named, not described."""
        row = self._changes.row(identity)
        people = {name: self._person(row.fields.get(name, default)) for name, default in _PEOPLE.items()}
        roles = {name: [self._person(one) for one in row.fields.get(name, ())] for name in _ROLES}
        one = {"id": row.id, "EffectiveId": reference("ticket", str(row.id)), "Queue": self._queue(row.fields["Queue"], ())}
        more = {"CustomFields": custom_fields(row), "_hyperlinks": [{**reference("ticket", row.id), "ref": "self"}]}
        texts = {name: text for name, text in records.ticket_texts(row).items() if name != "Told" or text != records.UNSET}
        return jsonify({**texts, **one, **people, **roles, **more})

    def queues(self) -> ResponseReturnValue:
        """Both queues."""
        return paged(sorted(QUEUES), lambda number: self._queue(number, fields()))

    def customfields(self) -> ResponseReturnValue:
        """The one custom field; none without a query."""
        wanted = {"Name": "Satisfaction", "Type": "Select", "LookupType": "RT::Queue-RT::Ticket", "Disabled": "0"}
        named = {name: wanted.get(name, "") for name in fields()}
        found = [SATISFACTION] if request.values.get("query", "").startswith("[") or request.method == "POST" else []
        return paged(found, lambda number: {**reference("customfield", str(number)), **named})


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
