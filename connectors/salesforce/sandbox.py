"""A stand-in for Salesforce's REST API and Bulk API 2.0 queries, written from their documentation: Sales and Service Cloud.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest_resources.htm and
https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/queries.htm. Who may ask: `sandbox_access`; the query
language: `sandbox_soql`; what there is: `sandbox_records`, `sandbox_org` and, where it is always the same, `sandbox.json`.
"""

import csv
import io
from base64 import b64decode, b64encode
from functools import partial
from secrets import token_hex
from typing import Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.salesforce.sandbox_access import Access
from connectors.salesforce.sandbox_org import Org
from connectors.salesforce.sandbox_records import NAMES, SHAPES, TEXTS, TOOL, became, identity, leads, number, when
from connectors.salesforce.sandbox_soql import Query, failed, field, parsed
from hub.sandbox.answers import Json, View, body, json_app, picked, routes
from hub.sandbox.answers import number as counted
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World, record_id

_ROWS, _CELLS, _CURSORS = 2000, 2500, 10
"""Rows of an answer at most; how wide rows make it fewer, which the size asked for never prevents; queries open at once."""


def _named(name: str) -> Json:
    """The object in a path; 404 where there is none."""
    if name not in SHAPES:
        raise failed(404, "NOT_FOUND", "The requested resource does not exist")
    return {**TEXTS["object"], "name": name, "label": name, "keyPrefix": TEXTS["prefixes"][name]}


def _described(name: str, kind: str, own: str) -> Json:
    options = TEXTS["choices"].get(f"{name}.{own}") or TEXTS["choices"].get(own, ()) if kind == "picklist" else ()
    values = [{"active": True, "defaultValue": False, "label": one, "validFor": None, "value": one} for one in options if one]
    kind, _, to = kind.partition(" ")
    leads = {"referenceTo": [to] if to else [], "relationshipName": own.removesuffix("Id") if to else None}
    about = {"name": own, "label": own.removesuffix("__c").replace("_", " "), "type": kind, "custom": own.endswith("__c")}
    return {**TEXTS["field"], **about, **leads, "picklistValues": values}


class Api:
    """The answers about one org's records."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._org, self._clock, self._faults = Org(world, controls), controls.clock, controls.faults
        self._cursors: dict[str, tuple[Query, list[int]]] = {}
        self._ended = set[str]()
        self._jobs: dict[str, tuple[Json, Query, list[int]]] = {}

    def install(self, app: Flask) -> None:
        """Open the paths, in each version that there is."""
        views: dict[str, View] = {
            "GET /query": self._query,
            "GET /queryAll": partial(self._query, deleted=True),
            "GET /query/<cursor>": self._more,
            "GET /queryAll/<cursor>": self._more,
            "GET /limits": self._limits,
            "GET /sobjects": self._objects,
            "GET /sobjects/<name>/describe": self._describe,
            "GET /sobjects/<name>/<text>": self._one,
            "POST /composite/sobjects/<name>": self._several,
            "POST /jobs/query": self._job,
            "GET /jobs/query/<job>": self._state,
            "GET /jobs/query/<job>/results": self._results,
            "DELETE /jobs/query/<job>": self._forget,
        }
        routes(app, "/services", {"GET /data": lambda: jsonify(TEXTS["versions"])})
        for each in TEXTS["versions"]:
            routes(app, each["url"], views, version=each["version"])

    def _query(self, version: str, *, deleted: bool = False) -> ResponseReturnValue:
        query = parsed(request.args.get("q", ""))
        found = self._org.select(query, deleted=deleted)
        if not query.columns:
            return jsonify(totalSize=len(found), done=True, records=[])
        cursor = f"0r8{token_hex(8)}"
        self._cursors[cursor] = query, found
        return self._page(version, cursor, 0)

    def _more(self, version: str, cursor: str) -> ResponseReturnValue:
        opened, _, begin = cursor.rpartition("-")
        if opened not in self._cursors or not begin.isdecimal():
            raise failed(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(version, opened, int(begin))

    def _page(self, version: str, cursor: str, begin: int) -> ResponseReturnValue:
        """A part of what was found; the oldest queries are closed where too many are open."""
        query, found = self._cursors[cursor]
        asked = request.headers.get("Sforce-Query-Options", "").partition("batchSize=")[2]
        wanted = min(max(int(asked), 200), _ROWS) if asked.isdecimal() else _ROWS
        end = begin + min(wanted, _CELLS // len(query.columns))
        rows = [self._org.shown(held, query.columns, version) for held in self._org.held(query.name, found[begin:end])]
        told: Json = {"totalSize": len(found), "done": end >= len(found)}
        if not told["done"]:
            place = begin if self._faults.repeat_cursor else end
            told["nextRecordsUrl"] = f"/services/data/v{version}/query/{cursor}-{place}"
        else:
            self._ended.add(cursor)
        for old in [one for one in self._cursors if one not in self._ended][:-_CURSORS]:
            del self._cursors[old]
        return jsonify(told | {"records": rows})

    def _limits(self, **_: str) -> ResponseReturnValue:
        used = request.environ["salesforce.used"]
        return jsonify({**TEXTS["limits"], "DailyApiRequests": {"Max": TEXTS["daily"], "Remaining": TEXTS["daily"] - used}})

    def _objects(self, **_: str) -> ResponseReturnValue:
        return jsonify(encoding="UTF-8", maxBatchSize=200, sobjects=[_named(name) for name in SHAPES])

    def _describe(self, *, name: str, **_: str) -> ResponseReturnValue:
        return jsonify(_named(name) | {"fields": [_described(name, kind, own) for own, kind in SHAPES[name].items()]})

    def _one(self, version: str, name: str, text: str) -> ResponseReturnValue:
        """A live record by its id, whole or with some fields."""
        held = self._org.find(text) if _named(name) and NAMES.get(text[:3]) == name else None
        if held is None or held.get("IsDeleted"):
            raise failed(404, "NOT_FOUND", f"Provided external ID field does not exist or is not accessible: {text}")
        wanted = [field(name, own)[0] for own in request.args.get("fields", "").split(",") if own]
        return jsonify(self._org.shown(held, tuple(wanted or SHAPES[name]), version))

    def _several(self, version: str, name: str) -> ResponseReturnValue:
        """Up to two thousand records by their ids, in that order; nothing stands for those that are not there."""
        wanted = [field(name, own)[0] for own in body().get("fields", ())] if _named(name) else []
        found = [self._org.find(str(text)) for text in body().get("ids", ())[:_ROWS]]
        live = [held if held and not held.get("IsDeleted") else None for held in found]
        return jsonify([held and self._org.shown(held, tuple(wanted), version) for held in live])

    def _job(self, version: str) -> ResponseReturnValue:
        """Take a query that is done meanwhile; parents' fields are allowed, compound ones and counts are not."""
        sent = body()
        if sent.get("operation") not in ("query", "queryAll"):
            raise failed(400, "INVALIDJOB", "operation must be query or queryAll")
        query = parsed(str(sent.get("query", "")))
        kinds = [field(query.name, path)[1] for path in query.columns]
        if "address" in kinds or not kinds:
            raise failed(400, "API_ERROR", "Selecting compound data not supported in Bulk Query")
        now = when(self._clock.now())
        about = {"id": identity("Job", len(self._jobs) + 1), "operation": sent["operation"], "object": query.name}
        about |= {"createdById": identity("User", 1), "createdDate": now, "systemModstamp": now, "state": "UploadComplete"}
        about |= TEXTS["job"] | {"apiVersion": float(version)} | picked(sent, *(set(TEXTS["job"]) & set(sent)))
        self._jobs[about["id"]] = about, query, self._org.select(query, deleted=sent["operation"] == "queryAll")
        return jsonify(about)

    def _asked_job(self, version: str, job: str) -> tuple[Json, Query, list[int]]:
        if job not in self._jobs:
            raise failed(404, "NOT_FOUND", "The requested resource does not exist")
        if self._jobs[job][0]["apiVersion"] != float(version):
            raise failed(409, "API_ERROR", "the job belongs to another version")
        return self._jobs[job]

    def _state(self, version: str, job: str) -> ResponseReturnValue:
        """How far a job is: each look finds it one step further."""
        about, _, found = self._asked_job(version, job)
        about["state"] = "InProgress" if about["state"] == "UploadComplete" else "JobComplete"
        done = len(found) if about["state"] == "JobComplete" else 0
        return jsonify(
            about | {"numberRecordsProcessed": done, "retries": 0, "totalProcessingTime": 40, "isPkChunkingSupported": True}
        )

    def _results(self, version: str, job: str) -> ResponseReturnValue:
        """A part of the results; the locator in the header leads to the next one, and is the word null at the end."""
        about, query, found = self._asked_job(version, job)
        if about["state"] != "JobComplete":
            raise failed(400, "INVALIDJOBSTATE", f"the job is {about['state']}")
        begin = _place(request.args.get("locator", ""))
        end = begin + counted("maxRecords", 50_000)
        text = io.StringIO()
        lines = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        lines.writerow(query.columns)
        held = self._org.held(query.name, found[begin:end])
        lines.writerows([_cell(self._org.read(one, path), query.name, path) for path in query.columns] for one in held)
        more = b64encode(str(end).encode()).decode().rstrip("=") if end < len(found) else "null"
        headers = {"Sforce-Locator": more, "Sforce-NumberOfRecords": str(len(held))}
        return Response(text.getvalue(), headers=headers, mimetype="text/csv")

    def _forget(self, version: str, job: str) -> ResponseReturnValue:
        self._asked_job(version, job)
        del self._jobs[job]
        return "", 204


def _place(locator: str) -> int:
    """Where the part of the results begins that a locator leads to."""
    try:
        return int(b64decode(f"{locator}==")) if locator else 0
    except ValueError as error:
        raise failed(400, "API_ERROR", "invalid locator") from error


def _cell(value: Any, name: str, path: str) -> str:
    """A value as the results of a job write it: times end in Z there."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value).replace("+0000", "Z") if field(name, path)[1] == "datetime" else str(value)


def application(world: World, controls: Controls) -> Flask:
    """The stand-in over a world."""
    app, access = json_app("salesforce-sandbox"), Access(controls, world.staff[0])
    app.url_map.strict_slashes = False
    controls.server, controls.identity = access.server, number
    access.install(app)
    Api(world, controls).install(app)
    return app


def truth(world: World) -> dict[str, int]:
    """The live records by canonical type.

    A lead stays the lead that it was when it is converted; the person behind it is then the contact that it became.
    """
    mine = leads(world)
    people = world.count(TOOL, "contact") + sum(not became(world, index) for index in mine)
    counted = {kind: world.count(TOOL, kind) for kind in ("company", "deal", "ticket")}
    return {**counted, "contact": people, "lead": len([*mine]), "owner": len(world.staff), "pipeline": 1}


STANDIN = StandIn(
    id=TOOL,
    hosts=("login.salesforce.com", "ciclo-sandbox.my.salesforce.com"),
    app=application,
    truth=truth,
    contact_id=lambda index: identity("Contact", record_id("contact", index)),
    company_id=lambda index: identity("Account", record_id("company", index)),
    answers={"login": "login.salesforce.com", "time_zone": "America/Sao_Paulo", "loss_reason": "Motivo_da_Perda__c"},
)
