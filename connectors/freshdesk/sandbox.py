"""A stand-in for Freshdesk's API v2: bare lists with a Link to the next page, filters, includes, a key as the user name.

https://developers.freshdesk.com/api/ and, for pushes, automation rules with the content that the admin writes:
https://support.freshdesk.com/en/support/solutions/articles/132589-using-webhooks-in-automation-rules . Rules know tickets alone;
of a changed contact an app of the account's own tells, which hears of it by
https://developers.freshworks.com/docs/app-sdk/v3.0/support_contact/serverless-apps/product-events/onContact . Our reading: agents
are owners, the field of statuses is a pipeline. Not documented, and invented here: what changed in the very second that is
asked about is not listed, people and companies stand by their names, who was merged into another is no more.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from operator import attrgetter

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.freshdesk.sandbox_records import MADE, TEXTS, TOOL, agent, shown
from hub.sandbox.account import collections
from hub.sandbox.answers import Failure, allowance, iso_seconds, json_app, link, number, retry_after, routes
from hub.sandbox.chance import milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import EVER
from hub.sandbox.consent import basic
from hub.sandbox.dealings import STAFF
from hub.sandbox.keys import Keys
from hub.sandbox.limits import Window
from hub.sandbox.outlet import tell
from hub.sandbox.rows import Change, Row
from hub.sandbox.standin import Controls, Decision, StandIn
from hub.sandbox.world import World, record_id

API_KEY = "sandboxfreshdeskkey"
_API, _USUAL, _MOST, _LAST, _MONTH = "/api/v2", 30, 100, 300, 30 * 86_400_000
_ASKED = {
    "contacts": {"_updated_since", "state", "email", "mobile", "phone", "company_id"},
    "companies": set[str](),
    "tickets": {"updated_since", "filter", "order_by", "order_type", "include", "requester_id", "company_id", "email"},
    "satisfaction_ratings": {"created_since", "user_id"},
}
_SINCE = {"contacts": ("_updated_since", "updated"), "tickets": ("updated_since", "updated")}
_SINCE |= {"satisfaction_ratings": ("created_since", "created")}
_ORDERS = {"created_at": attrgetter("created"), "updated_at": attrgetter("updated")}


def _invalid(field: str, message: str, code: str = "invalid_value") -> Failure:
    return Failure(400, {"description": "Validation failed", "errors": [{"field": field, "message": message, "code": code}]})


class Helpdesk:
    """The answers of one account."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._held = controls.collections = collections(world, TOOL, MADE, clock=controls.clock)
        self._clock, self._controls = controls.clock, controls
        controls.delete = lambda held, each: held.archive(each) if held.name in ("contacts", "tickets") else held.erase(each)
        controls.merge = self._merged
        controls.listen(self._push)

    def _merged(self, collection: Collection, winner: int, loser: int) -> Row:
        """Only contacts merge: the one that stays gains the other's address."""
        kept, gone = collection.row(winner), collection.row(loser)
        if collection.name != "contacts" or kept is None or gone is None:
            raise KeyError(collection.name)
        emails = [*kept.fields.get("other_emails", ()), gone.fields["email"]]
        return collection.merge(winner, loser, {"other_emails": [each for each in emails if each]})

    def _push(self, change: Change) -> None:
        """What a rule or an app sends, with the content that the admin was asked to give it."""
        of_ticket = change.object == "tickets"
        if not of_ticket and change.object != "contacts":
            return
        told = {"event": TEXTS["events"].get(change.kind, "{ticket_action:update}"), "at": iso_seconds(change.row.updated)}
        ticket = {"ticket_id": str(change.row.id), "contact_id": str(change.row.fields.get("requester_id"))}
        tell(self._controls, {**(ticket if of_ticket else {"contact_id": str(change.row.id)}), **told})

    def _found(self, name: str) -> Iterator[Row]:
        """What a list is about, in the order of the last change."""
        asked, by = _SINCE.get(name, ("", "updated"))
        said, held = request.args.get(asked), self._held[name]
        after = milliseconds(datetime.fromisoformat(said)) + 1000 if said else 0
        found = filter(None, (held.row(each) for _, each in held.changed(after if by == "updated" else 0, EVER)))
        if name == "tickets" and said is None:
            by, after = "created", self._clock.now() - _MONTH
        return (row for row in found if getattr(row, by) >= after and _asked_for(row))

    def listed(self, name: str) -> Response:
        """A page; all but the last one have a Link to the next."""
        if unknown := [each for each in request.args if each not in _ASKED[name] | {"page", "per_page"}]:
            raise _invalid(unknown[0], "Unexpected/invalid field in request", "invalid_field")
        size, page = number("per_page", _USUAL), number("page", 1)
        if size > _MOST:
            raise _invalid("per_page", "It should be a Positive Integer less than or equal to 100")
        if name == "tickets" and page > _LAST:
            raise _invalid("page", "You cannot access tickets beyond the 300th page. Please provide a smaller page number.")
        found = list(islice(_ordered(name, self._found(name)), (page - 1) * size, page * size + 1))
        answer = jsonify([shown(name, row, *request.args.get("include", "").split(",")) for row in found[:size]])
        if len(found) > size:
            answer.headers["Link"] = f'<{link(page=page + 1)}>; rel="next"'
        return answer

    def one(self, name: str, identity: int) -> ResponseReturnValue:
        """A single record; the answer to one that is not there is empty."""
        row = self._held[name].row(identity)
        return Response(status=404) if row is None else jsonify(shown(name, row, *request.args.get("include", "").split(",")))


def _asked_for(row: Row) -> bool:
    """Whether a list shows a record: what is deleted, or taken for spam, only to those who ask for that."""
    bin_ = "deleted" if row.state == "archived" else "spam" if row.fields.get("spam") else None
    wanted = request.args.get("state") or request.args.get("filter")
    fields = ("email", "mobile", "phone", "company_id", "requester_id", "user_id")
    return bin_ == wanted and all(str(row.fields.get(each)) == request.args[each] for each in fields if each in request.args)


def _ordered(name: str, found: Iterator[Row]) -> Iterator[Row]:
    """Tickets as asked for, and else the newest first."""
    by, ascending = request.args.get("order_by", "created_at"), request.args.get("order_type", "desc") == "asc"
    if name != "tickets":
        return iter(sorted(found, key=lambda row: str(row.fields.get("name")).casefold()))
    if by not in _ORDERS:
        raise _invalid("order_by", f"It should be one of these values: '{','.join(_ORDERS)}'")
    return found if (by, ascending) == ("updated_at", True) else iter(sorted(found, key=_ORDERS[by], reverse=not ascending))


def _fields() -> Response:
    return jsonify([each for each in TEXTS["fields"] if request.args.get("type", each["type"]) == each["type"]])


def _admit(controls: Controls, keys: Keys, window: Window) -> None:
    """Refuse who does not give a key as the user name, with whatever password, and who asks too often."""
    if not request.path.startswith(_API):
        return
    if keys.scopes((basic() or "").partition(":")[0]) is None:
        raise Failure(401, {"code": "invalid_credentials", "message": "You have to be logged in to perform this action."})
    if wait := allowance(controls, window).wait:
        headers = {name.replace("-", "_"): said for name, said in retry_after(controls, wait).items()}
        raise Failure(429, {"message": "You have exceeded the limit of requests per minute"}, **headers)


def _app(world: World, controls: Controls) -> Flask:
    app, helpdesk = json_app(__name__), Helpdesk(world, controls)
    for name in ("contacts", "companies", "tickets"):
        routes(app, f"{_API}/{name}", {"GET ": helpdesk.listed, "GET /<int:identity>": helpdesk.one}, name=name)
    routes(app, _API, {"GET /surveys/satisfaction_ratings": helpdesk.listed}, name="satisfaction_ratings")
    routes(app, _API, {"GET /account": partial(jsonify, TEXTS["account"]), "GET /ticket_fields": _fields})
    routes(app, _API, {"GET /agents": partial(jsonify, [agent(one) for one in world.staff])})
    # Of the smallest plan that has an API: https://support.freshdesk.com/en/support/solutions/articles/225439
    app.before_request(partial(_admit, controls, Keys(controls, API_KEY), Window(200, 60)))
    return app


STANDIN = StandIn(
    id=TOOL,
    hosts=("{subdomain}.freshdesk.com",),
    app=_app,
    truth=lambda world: {"owner": STAFF, "pipeline": 1, **{kind: world.count(TOOL, kind) for kind, _ in MADE.values()}},
    contact_id=lambda index: str(record_id("contact", index)),
    company_id=lambda index: str(record_id("company", index)),
    answers={"subdomain": "ciclo"},
    decisions=(Decision("tickets", "status", "7", "on_hold"),),
    key=API_KEY,
)
