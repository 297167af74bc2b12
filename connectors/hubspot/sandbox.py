"""A stand-in for HubSpot's CRM API, written from its documentation: objects, search, associations, owners, pipelines.

https://developers.hubspot.com/docs/reference/api/crm/objects. Who may ask: `sandbox_access`; what there is:
`sandbox_records`, `sandbox_objects` and, where it is always the same, `sandbox.json`; webhooks: `sandbox_pushes`.
"""

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.hubspot.sandbox_access import Access, failed, wrong
from connectors.hubspot.sandbox_objects import Records, asked, from_the_bin, linked_object, object_of, whole
from connectors.hubspot.sandbox_pushes import pushes
from connectors.hubspot.sandbox_records import KINDS, OWNER, TEXTS, TOOL, properties, stage_of
from hub.sandbox.answers import Json, View, body, filled, iso, json_app, link, routes, rows
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import Staff, World, record_id

_MOST, _USER = 100, 5_000_001


def _owner(staff: Staff) -> Json:
    """A member of staff as the owners API shows them; records name the id, not the user's."""
    user, names = _USER + staff.index, {"firstName": staff.given_name, "lastName": staff.family_name}
    ids = {"id": str(OWNER + staff.index), "userId": user, "userIdIncludingInactive": user}
    return filled(TEXTS["owner"], {}, **ids, **names, email=staff.email)


def _pipelines(name: str) -> ResponseReturnValue:
    """All pipelines of an object, without pages."""
    found, dated = TEXTS["pipelines"].get(name), TEXTS["dated"]
    if found is None:
        return jsonify(results=[])
    more = {"writePermissions": "CRM_PERMISSIONS_ENFORCEMENT", **dated}
    stages = [{**stage, "displayOrder": place, **more} for place, stage in enumerate(found["stages"])]
    return jsonify(results=[{**found, "stages": stages, **dated}])


def _page(found: list[Json], last: int | None) -> ResponseReturnValue:
    """A page of a list; `last` is where the next one begins, if there is one."""
    paging = {} if last is None else {"paging": {"next": {"after": str(last), "link": link(after=last)}}}
    return jsonify({"results": found, **paging})


def _named() -> None:
    """Let views have the objects in the path under their names, in whichever way they were named."""
    named = request.view_args or {}
    reads = {"name": object_of, "to": linked_object} if request.path.startswith("/crm/") else {}
    named.update({part: reads[part](named[part]) for part in reads.keys() & named})


class Api:
    """The answers about one account's records."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._owners, self._controls = [_owner(one) for one in world.staff], controls
        self._records = Records(world, controls.clock)
        controls.collections, controls.merge = self._records.collections, self._records.merged
        controls.listen(pushes(controls))

    def install(self, app: Flask) -> None:
        """Open the paths, those of objects under the numbered version's name and the dated one's."""
        views: dict[str, View] = {
            "GET ": self._listed,
            "POST ": self._create,
            "POST /search": self._search,
            "POST /merge": self._merge,
            "POST /gdpr-delete": self._erase,
            "POST /batch/read": self._batch,
            "GET /<identity>": self._one,
            "PATCH /<identity>": self._change,
            "DELETE /<identity>": self._archive,
        }
        app.before_request(_named)
        for objects in ("/crm/v3/objects", "/crm/objects/2026-03"):
            routes(app, f"{objects}/<name>", views)
        linked = {"POST /associations/<name>/<to>/batch/read": self._linked_many}
        routes(app, "/crm/v4", {**linked, "GET /objects/<name>/<identity>/associations/<to>": self._linked})
        owners: dict[str, View] = {"GET /owners": self._listed_owners, "GET /owners/": self._listed_owners}
        routes(app, "/crm/v3", {**owners, "GET /pipelines/<name>": _pipelines, "GET /schemas": lambda: jsonify(results=[])})
        routes(app, "/properties/v2", {"GET /<name>/properties": lambda name: jsonify(properties(linked_object(name)))})

    def _listed_owners(self) -> ResponseReturnValue:
        """A page of the people who own records."""
        limit = whole(request.args.get("limit"), 100, 500, "limit") or 100
        begin = whole(request.args.get("after"), 0, 2**53, "after")
        found = [] if from_the_bin() else self._owners
        return _page(found[begin : begin + limit], begin + limit if begin + limit < len(found) else None)

    def _search(self, name: str) -> ResponseReturnValue:
        sent = body()
        total, end, page = self._records.search(name, sent, self._controls.until())
        shown = [self._records.shown(name, row, sent.get("properties") or ()) for row in page]
        answer: Json = {"total": total, "results": shown}
        if end < total:
            after = str(sent.get("after") or 0) if self._controls.faults.repeat_cursor else str(end)
            answer["paging"] = {"next": {"after": after}}
        return jsonify(answer)

    def _listed(self, name: str) -> ResponseReturnValue:
        """A page of an object by ascending id, live or from the recycle bin."""
        wanted, linked = asked()
        limit = whole(request.args.get("limit"), 10, _MOST, "limit") or 10
        after = whole(request.args.get("after"), 0, 2**53, "after")
        collection = self._records.collections[name]
        begin = collection.position_after(after)
        ids = collection.live(begin, begin + limit + 1)
        if from_the_bin():
            ids = [identity for identity in collection.archived() if identity > after]
        page = [self._records.shown(name, row, wanted, linked) for row in rows(collection, ids[:limit])]
        if len(ids) <= limit:
            return _page(page, None)
        return _page(page, after if self._controls.faults.repeat_cursor else ids[limit - 1])

    def _one(self, name: str, identity: str) -> ResponseReturnValue:
        (wanted, linked), by = asked(), request.args.get("idProperty")
        row = self._records.row(name, identity, archived=from_the_bin(), by=by)
        return jsonify(self._records.shown(name, row, wanted, linked))

    def _batch(self, name: str) -> ResponseReturnValue:
        """Up to a hundred records by id or e-mail address; 207 when some are missing."""
        sent, moment = body(), iso(self._controls.clock.now())
        wanted = [str(item.get("id")) for item in sent.get("inputs", ())]
        if len(wanted) > _MOST:
            raise wrong(f"no more than {_MOST} inputs can be read at once")
        found, missing = self._records.several(name, wanted, sent.get("idProperty"))
        results = [self._records.shown(name, row, sent.get("properties") or ()) for row in found]
        answer = {"status": "COMPLETE", "results": results, "startedAt": moment, "completedAt": moment}
        if not missing:
            return jsonify(answer)
        error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "some of the objects do not exist"}
        return jsonify({**answer, "numErrors": 1, "errors": [{**error, "context": {"ids": missing}}]}), 207

    def _create(self, name: str) -> ResponseReturnValue:
        """A new record; a contact's address must not be another's."""
        fields = self._records.sent(name)
        taken = self._records.by_email(str(fields["email"])) if name == "contacts" and fields.get("email") else None
        if taken is not None:
            raise failed(409, "CONFLICT", f"Contact already exists. Existing ID: {taken.id}")
        return jsonify(self._records.shown(name, self._records.collections[name].create(fields), list(fields))), 201

    def _change(self, name: str, identity: str) -> ResponseReturnValue:
        fields = self._records.sent(name)
        row = self._records.row(name, identity, by=request.args.get("idProperty"))
        return jsonify(self._records.shown(name, self._records.collections[name].change(row.id, fields), list(fields)))

    def _archive(self, name: str, identity: str) -> ResponseReturnValue:
        self._records.collections[name].archive(self._records.row(name, identity).id)
        return "", 204

    def _erase(self, name: str) -> ResponseReturnValue:
        """Remove a contact for good, by id or address."""
        sent = body()
        row = self._records.row(name, str(sent.get("objectId")), by=sent.get("idProperty"))
        self._records.collections[name].erase(row.id)
        return "", 204

    def _merge(self, name: str) -> ResponseReturnValue:
        """Merge one record into another, which keeps its id."""
        sent = body()
        winner, loser = (self._records.row(name, str(sent.get(key))) for key in ("primaryObjectId", "objectIdToMerge"))
        if winner.id == loser.id:
            raise wrong("a record cannot be merged with itself")
        return jsonify(self._records.shown(name, self._records.merged(self._records.collections[name], winner.id, loser.id)))

    def _linked(self, name: str, identity: str, to: str) -> ResponseReturnValue:
        return jsonify(results=self._records.labelled(name, self._records.row(name, identity).id, to))

    def _linked_many(self, name: str, to: str) -> ResponseReturnValue:
        """The associations of up to a thousand records; those without any are left out."""
        moment = iso(self._controls.clock.now())
        wanted = [str(item.get("id")) for item in body().get("inputs", ())]
        found = {one: self._records.labelled(name, int(one), to) for one in wanted if one.isdecimal()}
        results = [{"from": {"id": one}, "to": others} for one, others in found.items() if others]
        return jsonify(status="COMPLETE", results=results, startedAt=moment, completedAt=moment)


def application(world: World, controls: Controls) -> Flask:
    """The stand-in over a world."""
    app, access = json_app("hubspot-sandbox"), Access(controls)
    controls.server = access.server
    access.install(app)
    Api(world, controls).install(app)
    return app


def truth(world: World) -> dict[str, int]:
    """The live records by canonical type; whoever is in a stage that is not just `other` is or was a lead."""
    counted = {str(kind): world.count(TOOL, kind) for kind in KINDS.values()}
    leads = sum(stage_of(world, index) != "other" for index, _ in world.keys(TOOL, "contact"))
    return {**counted, "lead": leads, "owner": len(world.staff), "pipeline": len(TEXTS["pipelines"])}


STANDIN = StandIn(
    id="hubspot",
    hosts=("app.hubspot.com", "api.hubapi.com"),
    app=application,
    truth=truth,
    contact_id=lambda index: str(record_id("contact", index)),
    company_id=lambda index: str(record_id("company", index)),
)
