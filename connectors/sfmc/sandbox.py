"""A stand-in for Salesforce Marketing Cloud Engagement's REST API: the sign-in, and rows of data extensions.

Our reading: a subscriber is a contact and, by their status, a consent; what was sent, opened, clicked, bounced and unsubscribed,
and who entered a journey, are activities. Not documented, and so made up: what a wrong business unit, column or page size
answers, and that an empty cell is "". https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/access-token-s2s.html
"""

from functools import partial
from uuid import NAMESPACE_URL, uuid5

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.sfmc.sandbox_filters import conditions, refused
from connectors.sfmc.sandbox_records import EXTENSIONS, TEXTS, TOOL, cell, contact_key, number_of, shelf, source
from hub.sandbox.answers import Failure, Json, iso, json_app, number, routes, rows
from hub.sandbox.collection import Collection
from hub.sandbox.consent import token_fields, token_view
from hub.sandbox.gate import guard, has_token
from hub.sandbox.kept import Kept
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Rules
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.table import Table
from hub.sandbox.world import World

_MOST, _TOKEN_MS, _MID = 2500, 24 * 3_600_000, str(TEXTS["context"]["organization"]["id"])
_SAID = {401: ("Not Authorized", 0), 429: ("Rate limit exceeded", 50200)}
_ROWSET = "GET /data/v1/customobjectdata"


class Tenant:
    """The answers of one business unit."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._clock = controls.clock
        self._held = {name: Collection(name, source(world, name), clock=controls.clock) for name in EXTENSIONS}
        self._tables = {name: Table(held, lambda row, column: row.fields.get(column)) for name, held in self._held.items()}
        controls.collections, controls.identity, controls.delete = self._held, number_of, Collection.erase
        self._found = Kept[tuple[str, list[int], int, int]](lambda number: str(uuid5(NAMESPACE_URL, f"{number}")))

    def rowset(self, name: str) -> ResponseReturnValue:
        """The rows that fit as they are now, under a token by which further pages are asked for."""
        if name not in EXTENSIONS:
            raise refused("Not Found", 404, 404)
        size, (order, _, way) = number("$pageSize", _MOST), request.args.get("$orderBy", "").lower().partition(" ")
        if size > _MOST or order not in ("", *EXTENSIONS[name]["keys"], *EXTENSIONS[name]["values"]):
            raise refused(f"$pageSize is at most {_MOST}, and $orderBy names a column.")
        asked = conditions(name, request.args.get("$filter", ""))
        ids = [row.id for row in self._tables[name].rows(asked, order, descending=way.strip() == "desc")]
        return self.page(self._found.keep((name, ids, size, self._clock.now() + _TOKEN_MS)))

    def page(self, token: str) -> ResponseReturnValue:
        """A page of what was found when the token was given; rows that are gone since are left out, and no row is no list."""
        name, ids, size, ends = self._found.get(token) or ("", [], 1, 0)
        if self._clock.now() >= ends:
            raise refused("Not Found", 404, 404)
        place, path = number("$page", 1), f"/v1/customobjectdata/token/{token}/rowset?$page="
        links = {"self": f"{path}{place}"} | ({"next": f"{path}{place + 1}"} if place * size < len(ids) else {})
        about = {"requestToken": token, "tokenExpireDateUtc": iso(ends)[:-1], "customObjectKey": name, "pageSize": size, "top": 0}
        found = rows(self._held[name], ids[(place - 1) * size : place * size])
        shown = {"items": [_item(name, dict(row.fields)) for row in found]} if found else {}
        return jsonify({"links": links, **about, "page": place, "count": len(ids), **shown})


def _item(name: str, kept: Json) -> Json:
    parts = EXTENSIONS[name].items()
    return {part: {column: cell(kind, kept.get(column)) for column, kind in columns.items()} for part, columns in parts}


def _tokens_wanted() -> None:
    """Refuse a token request that is no JSON, or of another business unit."""
    if request.path == "/v2/token" and not (request.is_json and token_fields().get("account_id", _MID) == _MID):
        raise Failure(400, TEXTS["not_asked_well"])


def _barred(status: int, **headers: str) -> Failure:
    said, code = _SAID[status]
    return refused(said, code, status, **headers)


def _app(world: World, controls: Controls) -> Flask:
    app, tenant = json_app("sfmc-sandbox"), Tenant(world, controls)
    rules = Rules(access_seconds=1079, grants=("client_credentials",), prefix="eyJ")
    server = controls.server = AuthorizationServer(rules, controls.seconds)
    routes(app, "", {f"{_ROWSET}/key/<name>/rowset": tenant.rowset, f"{_ROWSET}/token/<token>/rowset": tenant.page})
    routes(app, "", {"POST /v2/token": token_view(server, lambda _grant: dict(TEXTS["token"]))})
    routes(app, "", {"GET /platform/v1/tokenContext": lambda: jsonify(TEXTS["context"])})
    app.before_request(_tokens_wanted)
    known = partial(has_token, server)
    guard(app, ("/data/", "/platform/"), controls, Window(2500, 60), known=known, refused=_barred)
    return app


def _truth(world: World) -> dict[str, int]:
    people, *activities = (len(shelf(world, name)) for name in EXTENSIONS)
    return {"contact": people, "consent": people, "activity": sum(activities)}


_HOSTS = ("{subdomain}.auth.marketingcloudapis.com", "{subdomain}.rest.marketingcloudapis.com")
STANDIN = StandIn(id=TOOL, hosts=_HOSTS, app=_app, truth=_truth, contact_id=contact_key, answers=TEXTS["answers"])
