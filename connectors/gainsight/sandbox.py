"""A stand-in for Gainsight CS: queries of its objects, Cockpit's lists of CTAs, the log of deletions, metadata, tokens.

https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs. Our reading: Person is a contact, Company a company,
Company Person a membership, Relationship a subscription, an NPS answer a survey response, timeline entries and CTAs are
activities, users owners, picklists pipelines; a scorecard shows as CurrentScore and its Score. Nothing is merged, restored or
pushed. No code is documented for an unknown or hidden field (here GSOBJ_1002), nor a 429's shape (here GU_2400).
"""

from functools import partial
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.gainsight.sandbox_records import MADE, OBJECTS, TEXTS, TOOL, described, gsid, held, number_of, told
from hub.sandbox.answers import Failure, body, json_app, routes
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import Condition
from hub.sandbox.consent import token_view
from hub.sandbox.gate import guard, has_token
from hub.sandbox.keys import Keys
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Rules
from hub.sandbox.rows import Row, Source
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.table import Table, condition
from hub.sandbox.world import World, record_id

ACCESS_KEY = "sandbox-access-key"
_KEPT_MS, _MOST, _LIST, _LOG = 15 * 86_400_000, 5000, "call_to_action", "record_delete_log"
_SAID = {401: ("GS_APIG_2401", "Unauthorized"), 429: ("GU_2400", "Rate limit exceeded")}


def _refused(code: str, why: str, status: int = 400, **headers: str) -> Failure:
    return Failure(200 if "COCKPIT" in code else status, {**TEXTS["refusal"], "errorCode": code, "errorDesc": why}, **headers)


def _object(name: Any) -> str:
    if str(name).lower() not in OBJECTS:
        raise Failure(400, TEXTS["unknown_object"])
    return str(name).lower()


def _known(name: str, paths: Any, code: str = "GSOBJ_1002") -> dict[str, str]:
    """The proper names of fields by how they are written: case does not matter in the samples. An unknown one is refused."""
    proper = {path.lower(): path for path, kind in OBJECTS[name].items() if kind != "H"}
    if unknown := [str(path) for path in paths or ["select"] if str(path).lower() not in proper]:
        raise _refused(code, f"Invalid fields in select clause - {', '.join(unknown)}")
    return {path: proper[path.lower()] for path in paths}


def _conditions(name: str, word: str, code: str = "GSOBJ_1002") -> list[Condition]:
    """Those of the request, all of which must hold; how else Gainsight joins conditions nobody asks here, so it is refused."""
    where = body().get("where") or {"conditions": [], "expression": ""}
    named = [(*_known(name, [said.get(word)], code).values(), said) for said in where["conditions"]]
    found = [condition(path, said["operator"], [str(each) for each in said.get("value", ())]) for path, said in named]
    if None in found or where["expression"] != " AND ".join(said["alias"] for _, said in named):
        raise _refused(code, f"Invalid where clause - {where}")
    return [test for test in found if test]


class Tenant:
    """The answers of one tenant."""

    def __init__(self, world: World, controls: Controls) -> None:
        nothing = Source(shelf=world.shelf_of(TOOL, lambda _: 0), first_id=10**9, fields=lambda *_: {}, stamps=lambda *_: (0, 0))
        rows = {name: held(world, name) if name in MADE else () for name in OBJECTS}
        self._held = {name: Collection(name, nothing, clock=controls.clock, head=rows[name]) for name in OBJECTS}
        self._tables = {name: Table(found, partial(told, name)) for name, found in self._held.items()}
        self._clock = controls.clock
        controls.collections, controls.identity = self._held, number_of
        controls.delete = controls.erase = self._delete

    def _delete(self, collection: Collection, identity: int) -> Row:
        # Gone but for the logs: there is one for all, and Cockpit's own.
        self._held[_LOG].create({"RecordId": gsid(collection.name, identity), "ObjectName": TEXTS["labels"][collection.name]})
        return collection.archive(identity) if collection.name == _LIST else collection.erase(identity)

    def query(self, name: str) -> ResponseReturnValue:
        """Records as Company's page and the others' show them: a list, or one under `records`; none of Company is an error."""
        name, asked = _object(name), body()
        chosen, limit, start = _known(name, asked.get("select")), asked.get("limit", _MOST), asked.get("offset", 0)
        by, way = next(iter((asked.get("orderBy") or {next(iter(OBJECTS[name])): "asc"}).items()))
        found = self._tables[name].rows(_conditions(name, "name"), _known(name, [by])[by], descending=way.lower() == "desc")
        ended = self._clock.now() - _KEPT_MS if name == _LOG else 0
        rows = [row for row in found if row.updated > ended][start : start + limit]
        if name == "company" and not rows:
            raise _refused("GSOBJ_1011", "No data found for given criteria")
        records = [{said: told(name, row, path, "I") for said, path in chosen.items()} for row in rows]
        return jsonify({**TEXTS["envelope"], "data": records if name == "company" else {"records": records}})

    def ctas(self, *, deleted: bool = False) -> ResponseReturnValue:
        """A page of CTAs with what is always told; what is empty is left out, times are text."""
        asked, code = body(), "COCKPIT_5101"
        paths = dict.fromkeys([*TEXTS["cta_always"], *_known(_LIST, asked.get("select"), code).values()])
        size, page = asked.get("pageSize", 100), asked.get("pageNumber", 1)
        rows = self._tables[_LIST].rows(_conditions(_LIST, "fieldName", code), archived=deleted)[size * (page - 1) : size * page]
        data = [{path: said for path in paths if (said := told(_LIST, row, path, "TDI")) is not None} for row in rows]
        return jsonify({**TEXTS["envelope"], "data": data} | ({"pageSize": size, "currentPageNum": page} if deleted else {}))


def _describe() -> ResponseReturnValue:
    return jsonify({**TEXTS["envelope"], "data": [described(_object(name)) for name in body().get("objectNames", ())]})


def _app(world: World, controls: Controls) -> Flask:
    app, tenant, keys = json_app(__name__), Tenant(world, controls), Keys(controls, ACCESS_KEY)
    server = AuthorizationServer(Rules(access_seconds=86_400, grants=("client_credentials",)), controls.seconds)
    routes(app, "/v1/users/m2m/oauth", {"POST /token": token_view(server, lambda _grant: {"scope": None})})
    routes(app, "/v1", {"POST /data/objects/query/<name>": tenant.query, "POST /meta/services/objects/describe": _describe})
    routes(app, "/v2/cockpit/cta", {"POST /list": tenant.ctas, "POST /deleted/list": partial(tenant.ctas, deleted=True)})

    def known() -> bool:
        return keys.scopes(request.headers.get("AccessKey")) is not None or has_token(server)

    def barred(status: int, **headers: str) -> Failure:
        return _refused(*_SAID[status], status, **headers)

    guard(app, ("/v1/data/", "/v1/meta/", "/v2/"), controls, Window(100, 60), known=known, refused=barred)
    return app


def _truth(world: World) -> dict[str, int]:
    counted = {kind: sum(len(held(world, of)) for of in names) for kind, names in TEXTS["canonical"].items()}
    return {kind: number for kind, number in counted.items() if number} | {"pipeline": 4}


STANDIN = StandIn(
    id=TOOL,
    hosts=("{host}",),
    app=_app,
    truth=_truth,
    contact_id=lambda index: gsid("person", record_id("contact", index)),
    company_id=lambda index: gsid("company", record_id("company", index)),
    answers=TEXTS["answers"],
    key=ACCESS_KEY,
)
