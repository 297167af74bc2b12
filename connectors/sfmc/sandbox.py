"""A stand-in for Salesforce Marketing Cloud Engagement's REST API: the sign-in, rows of data extensions, contacts' attributes.

What was sent, opened, clicked, bounced and unsubscribed is told by SOAP or by data views, which only SQL reads; so JSON has it
where an admin exports it by query activities: `sandbox_records` names the data extensions. Our reading: a subscriber is a
contact and, by their status, a consent; sends, opens, clicks, bounces, unsubscribes and journey entries are activities.
Left out: journey history, which is CSV of thirty days, and event notifications, which tell of messages alone. Not documented,
and so made up: what a wrong business unit, column or page size answers, and that an empty cell is "".
https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/access-token-s2s.html
"""

from functools import lru_cache
from uuid import NAMESPACE_URL, uuid5

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.sfmc.sandbox_access import Access, refused
from connectors.sfmc.sandbox_filters import column, conditions, holds, ordered, searched
from connectors.sfmc.sandbox_records import EXTENSIONS, TEXTS, TOOL, cell, contact_key, number_of, shelf, source
from hub.sandbox.answers import Json, View, body, iso, json_app, number, routes, rows
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Row
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World

_MOST, _TOKEN_MS = 2500, 24 * 3_600_000


class Tenant:
    """The answers of one business unit."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._clock = controls.clock
        self._held = {name: Collection(name, source(world, name), clock=controls.clock) for name in EXTENSIONS}
        controls.collections, controls.identity, controls.delete = self._held, number_of, Collection.erase
        self._tokens: dict[str, tuple[str, list[int], int, list[str]]] = {}
        self._expire: dict[str, int] = {}
        self._found = lru_cache(maxsize=16)(self._finding)

    def install(self, app: Flask) -> None:
        """Open the paths."""
        views: dict[str, View] = {
            "GET /data/v1/customobjectdata/key/<name>/rowset": self._rowset,
            "GET /data/v1/customobjectdata/token/<token>/rowset": self._page,
            "POST /contacts/v1/attributes/search": self._search,
            "GET /interaction/v1/interactions": self._journeys,
            "GET /platform/v1/tokenContext": lambda: jsonify(
                enterprise={"id": TEXTS["eid"]}, organization={"id": TEXTS["mid"]}, user={"id": TEXTS["mid"] + 1}
            ),
        }
        routes(app, "", views)

    def _rowset(self, name: str) -> ResponseReturnValue:
        """The rows that fit as they are now, under a token by which further pages are asked for."""
        if name not in EXTENSIONS:
            raise refused(404, 404, "Not Found")
        size, args = number("$pageSize", _MOST), request.args
        if size > _MOST:
            raise refused(400, 10001, f"$pageSize must be at most {_MOST}.")
        fields = [each.strip().lower() for each in args.get("$fields", "").split(",") if each]
        for each in fields:
            column(name, each)
        ids = self._found(name, args.get("$filter", ""), args.get("$orderBy", ""), self._held[name].version)
        token = str(uuid5(NAMESPACE_URL, f"{len(self._tokens)}"))
        self._tokens[token], self._expire[token] = (name, ids, size, fields), self._clock.now() + _TOKEN_MS
        return self._page(token)

    def _page(self, token: str) -> ResponseReturnValue:
        """A page of what was found when the token was given; rows that are gone since are left out, and no row is no list."""
        if self._clock.now() >= self._expire.get(token, 0):
            raise refused(404, 404, "Not Found")
        (name, ids, size, fields), page = self._tokens[token], number("$page", 1)
        path = f"/v1/customobjectdata/token/{token}/rowset?$page="
        links = {"self": f"{path}{page}"} | ({"next": f"{path}{page + 1}"} if page * size < len(ids) else {})
        about = {"requestToken": token, "tokenExpireDateUtc": iso(self._expire[token])[:-1], "customObjectKey": name}
        known = {"links": links, **about, "customObjectId": str(uuid5(NAMESPACE_URL, name)), "pageSize": size, "page": page}
        found = rows(self._held[name], ids[(page - 1) * size : page * size])
        items = [self._item(name, dict(row.fields), fields) for row in found]
        return jsonify({**known, "count": len(ids), "top": 0} | ({"items": items} if items else {}))

    def _item(self, name: str, kept: Json, fields: list[str]) -> Json:
        def shown(columns: dict[str, str]) -> Json:
            wanted = {each: kind for each, kind in columns.items() if not fields or each in fields}
            return {each: cell(kind, kept.get(each)) for each, kind in wanted.items()}

        return {"keys": shown(EXTENSIONS[name]["keys"]), "values": shown(EXTENSIONS[name]["values"])}

    def _finding(self, name: str, text: str, order: str, _version: int) -> list[int]:
        """The ids of all rows of which the conditions hold, sorted; the version makes what is remembered fall out of use."""
        live = self._held[name].live(0, len(self._held[name]))
        if not text and not order:
            return live
        asked = list(conditions(name, text))
        found = [row for row in rows(self._held[name], live) if all(test(row.fields) for test in asked)]
        return [row.id for row in ordered(name, found, order)]

    def _search(self) -> ResponseReturnValue:
        """Attributes of the contacts of which all conditions hold, by page."""
        said, known, held = body(), TEXTS["attributes"], self._held["Hub_Subscribers"]
        wanted, asked = searched(said, known)
        size, page = number("$pageSize", 50), number("$page", 1)
        live = rows(held, held.live(0, len(held)))
        found = [row for row in live if all(holds(each, row.fields.get(known[key])) for key, each in asked)]

        def told(row: Row) -> Json:
            return {
                "values": [{"key": key, "name": key.partition(".")[2], "value": row.fields.get(known[key])} for key in wanted]
            }

        items = [told(row) for row in found[(page - 1) * size : page * size]]
        return jsonify(page=page, pageSize=size, count=len(found), items=items)

    def _journeys(self) -> ResponseReturnValue:
        """A page of the journeys, of one status where one is asked for."""
        size, page, status = number("$pageSize", 50), number("$page", 1), request.args.get("status")
        found = [{**each, **TEXTS["journey"]} for each in TEXTS["journeys"] if status in (None, each["status"])]
        return jsonify(count=len(found), page=page, pageSize=size, links={}, items=found[(page - 1) * size : page * size])


def application(world: World, controls: Controls) -> Flask:
    """The stand-in over a world."""
    app = json_app("sfmc-sandbox")
    Access(controls).install(app)
    Tenant(world, controls).install(app)
    return app


def truth(world: World) -> dict[str, int]:
    """The live records by canonical type."""
    people, *activities = (len(shelf(world, name)) for name in EXTENSIONS)
    return {"contact": people, "consent": people, "activity": sum(activities)}


STANDIN = StandIn(
    id=TOOL,
    hosts=("{subdomain}.auth.marketingcloudapis.com", "{subdomain}.rest.marketingcloudapis.com"),
    app=application,
    truth=truth,
    contact_id=contact_key,
    answers={"subdomain": TEXTS["subdomain"]},
)
