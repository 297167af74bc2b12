"""A stand-in for HubSpot's CRM API, written from its documentation: objects, search, associations, owners, pipelines.

https://developers.hubspot.com/docs/reference/api/crm/objects. The modules beside this one hold the rest of it: who may
ask (`sandbox_access`), what there is (`sandbox_records`, `sandbox_objects`) and webhooks (`sandbox_pushes`).
"""

from functools import partial
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.hubspot.sandbox_access import Access
from connectors.hubspot.sandbox_objects import Records, asked, from_the_bin, linked_object, object_of, whole, wrong
from connectors.hubspot.sandbox_pushes import pushes
from connectors.hubspot.sandbox_records import KINDS, TOOL
from connectors.hubspot.sandbox_references import listed_owners, listed_pipelines, pipelines
from connectors.hubspot.sandbox_search import search
from hub.sandbox.answers import body, iso, json_app, link, rows
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Row
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World, record_id

_PAGE, _BATCH = 100, 100


class Api:
    """The answers about one account's records."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._world, self._controls = world, controls
        self._records = Records(world, controls.clock)
        controls.collections, controls.merge = self._records.collections, self._merged
        controls.listen(pushes(controls))

    def install(self, app: Flask) -> None:
        """Open the paths, under the numbered version's names and the dated one's."""
        found = partial(search, self._records, self._controls)
        for objects in ("/crm/v3/objects", "/crm/objects/2026-03"):
            for method, path, view in (
                ("GET", "", self.listed),
                ("POST", "", self.create),
                ("POST", "/search", found),
                ("POST", "/merge", self.merge),
                ("POST", "/gdpr-delete", self.erase),
                ("POST", "/batch/read", self.batch),
                ("GET", "/<identity>", self.one),
                ("PATCH", "/<identity>", self.change),
                ("DELETE", "/<identity>", self.archive),
            ):
                app.add_url_rule(f"{objects}/<name>{path}", f"{objects} {method} {path}", view, methods=[method])
        for at in ("/crm/v3/{}", "/crm/{}/2026-03"):
            owners, lines = at.format("owners"), at.format("pipelines") + "/<name>"
            app.add_url_rule(f"{owners}/", owners, partial(listed_owners, self._world), strict_slashes=False)
            app.add_url_rule(lines, lines, listed_pipelines)
        for at in ("/crm/v4/associations", "/crm/associations/2026-03"):
            app.add_url_rule(f"{at}/<name>/<to>/batch/read", at, self.linked_many, methods=["POST"])
        of_one = "/crm/v4/objects/<name>/<identity>/associations"
        app.add_url_rule(f"{of_one}/<to>", "linked", self.linked)
        app.add_url_rule(f"{of_one}/default/<to>/<other>", "link", self.link, methods=["PUT"])

    def listed(self, name: str) -> ResponseReturnValue:
        """A page of an object by ascending id, live or from the recycle bin."""
        name, (wanted, linked) = object_of(name), asked()
        limit = whole(request.args.get("limit"), 10, _PAGE, "limit") or 10
        after = whole(request.args.get("after"), 0, 2**53, "after")
        collection = self._records.collections[name]
        begin = collection.position_after(after)
        ids = collection.live(begin, begin + limit + 1)
        if from_the_bin():
            ids = [identity for identity in collection.archived() if identity > after]
        page = rows(collection, ids[:limit])
        answer: dict[str, Any] = {"results": [self._records.shown(name, row, wanted, linked) for row in page]}
        if len(ids) > limit:
            last = after if self._controls.faults.repeat_cursor else ids[limit - 1]
            answer["paging"] = {"next": {"after": str(last), "link": link(after=last)}}
        return jsonify(answer)

    def one(self, name: str, identity: str) -> ResponseReturnValue:
        """One record."""
        name, (wanted, linked), by = object_of(name), asked(), request.args.get("idProperty")
        row = self._records.row(name, identity, archived=from_the_bin(), by=by)
        return jsonify(self._records.shown(name, row, wanted, linked))

    def batch(self, name: str) -> ResponseReturnValue:
        """Up to a hundred records by id or e-mail address; 207 when some are missing."""
        name, sent, moment = object_of(name), body(), iso(self._controls.clock.now())
        wanted = [str(item.get("id")) for item in sent.get("inputs", ())]
        if len(wanted) > _BATCH:
            raise wrong(f"no more than {_BATCH} inputs can be read at once")
        found, missing = self._records.several(name, wanted, sent.get("idProperty"))
        results = [self._records.shown(name, row, sent.get("properties") or ()) for row in found]
        answer = {"status": "COMPLETE", "results": results, "startedAt": moment, "completedAt": moment}
        if not missing:
            return jsonify(answer)
        error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "some of the objects do not exist"}
        return jsonify({**answer, "numErrors": 1, "errors": [{**error, "context": {"ids": missing}}]}), 207

    def create(self, name: str) -> ResponseReturnValue:
        """A new record; a contact's address must not be another's."""
        name, sent = object_of(name), body()
        fields = dict(sent.get("properties") or {})
        self._records.check_unique(name, fields)
        links = [(linked_object(name, one), int(one["to"]["id"])) for one in sent.get("associations") or ()]
        row = self._records.collections[name].create(fields)
        for to, other in links:
            self._records.relations.add(KINDS[name], row.id, KINDS[to], other)
        return jsonify(self._records.shown(name, row, list(fields))), 201

    def change(self, name: str, identity: str) -> ResponseReturnValue:
        """A record with new values."""
        name, fields = object_of(name), dict(body().get("properties") or {})
        row = self._records.row(name, identity, by=request.args.get("idProperty"))
        return jsonify(self._records.shown(name, self._records.collections[name].change(row.id, fields), list(fields)))

    def archive(self, name: str, identity: str) -> ResponseReturnValue:
        """Move a record to the recycle bin."""
        name = object_of(name)
        self._records.collections[name].archive(self._records.row(name, identity).id)
        return "", 204

    def erase(self, name: str) -> ResponseReturnValue:
        """Remove a contact for good, by id or address."""
        name, sent = object_of(name), body()
        row = self._records.row(name, str(sent.get("objectId")), by=sent.get("idProperty"))
        self._records.collections[name].erase(row.id)
        return "", 204

    def merge(self, name: str) -> ResponseReturnValue:
        """Merge one record into another, which keeps its id."""
        name, sent = object_of(name), body()
        winner, loser = (self._records.row(name, str(sent.get(key))) for key in ("primaryObjectId", "objectIdToMerge"))
        if winner.id == loser.id:
            raise wrong("a record cannot be merged with itself")
        return jsonify(self._records.shown(name, self._merged(self._records.collections[name], winner.id, loser.id)))

    def _merged(self, collection: Collection, winner: int, loser: int) -> Row:
        kept, lost = collection.row(winner), collection.row(loser)
        if kept is None or lost is None:
            raise KeyError(winner if kept is None else loser)
        filled = {name: found for name, found in lost.fields.items() if found and not kept.fields.get(name)}
        before = [kept.fields.get("hs_merged_object_ids"), lost.fields.get("hs_merged_object_ids"), str(loser)]
        return collection.merge(winner, loser, {**filled, "hs_merged_object_ids": ";".join(filter(None, before))})

    def linked(self, name: str, identity: str, to: str) -> ResponseReturnValue:
        """The associations of one record."""
        name, to = object_of(name), object_of(to)
        return jsonify(results=self._records.labelled(name, self._records.row(name, identity).id, to))

    def linked_many(self, name: str, to: str) -> ResponseReturnValue:
        """The associations of up to a thousand records; those without any are left out."""
        name, to, moment = object_of(name), object_of(to), iso(self._controls.clock.now())
        wanted = [str(item.get("id")) for item in body().get("inputs", ())]
        found = {one: self._records.labelled(name, int(one), to) for one in wanted if one.isdecimal()}
        results = [{"from": {"id": one}, "to": others} for one, others in found.items() if others]
        return jsonify(status="COMPLETE", results=results, startedAt=moment, completedAt=moment)

    def link(self, name: str, identity: str, to: str, other: str) -> ResponseReturnValue:
        """Link two records without a label."""
        name, to = object_of(name), object_of(to)
        one, another = self._records.row(name, identity), self._records.row(to, other)
        self._records.relations.add(KINDS[name], one.id, KINDS[to], another.id)
        return jsonify(status="COMPLETE", results=[])


def application(world: World, controls: Controls) -> Flask:
    """The stand-in over a world."""
    app, access = json_app("hubspot-sandbox"), Access(controls)
    controls.server = access.server
    access.install(app)
    Api(world, controls).install(app)
    return app


def truth(world: World) -> dict[str, int]:
    """The live records by canonical type."""
    return {
        **{kind: world.count(TOOL, kind) for kind in KINDS.values()},
        "owner": len(world.staff),
        "pipeline": sum(map(len, pipelines().values())),
    }


STANDIN = StandIn(
    id="hubspot",
    hosts=("app.hubspot.com", "api.hubapi.com"),
    app=application,
    truth=truth,
    contact_id=lambda index: str(record_id("contact", index)),
    company_id=lambda index: str(record_id("company", index)),
)
