"""A stand-in for Salesforce's REST API and Bulk API 2.0 queries, written from their documentation: Sales and Service Cloud.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest_resources.htm ,
https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/queries.htm and, for the sign-in,
https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_web_server_flow.htm . All versions answer alike.
"""

import csv
import io
from functools import partial
from itertools import count
from typing import Any

from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.salesforce.sandbox_org import Org
from connectors.salesforce.sandbox_records import NAMES, SHAPES, TEXTS, TOOL, became, identity, identity_of, leads, when
from connectors.salesforce.sandbox_soql import Query, failed
from hub.sandbox.answers import Failure, Json, View, body, json_app, number, routes
from hub.sandbox.consent import consent, token_fields
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Rules
from hub.sandbox.parties import Staff
from hub.sandbox.sessions import admitted, granted, guard
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World

_ROWS, _CELLS, _DAILY = 2000, 2500, 15_000
"""Rows of an answer at most, how wide rows make it fewer, and how often may be asked in a day."""


def _named(name: str) -> Json:
    """The object in a path; 404 where there is none."""
    if name not in SHAPES:
        raise failed(404, "NOT_FOUND", "The requested resource does not exist")
    return {**TEXTS["object"], "name": name, "label": name, "keyPrefix": TEXTS["ids"][name][0]}


def _described(*, name: str, **_: str) -> ResponseReturnValue:
    told, kinds = _named(name), {own: kind.split() for own, kind in SHAPES.get(name, {}).items()}
    about = {own: {"type": kind[0], "referenceTo": kind[1:], "custom": own.endswith("__c")} for own, kind in kinds.items()}
    return jsonify(told | {"fields": [{**TEXTS["field"], "name": own, "label": own, **one} for own, one in about.items()]})


class Api:
    """The answers about one org's records; what a query or a job found is kept under its id."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._org, self._clock, self._faults, self._numbers = Org(world, controls), controls.clock, controls.faults, count(1)
        self._found: dict[str, tuple[Query, list[int]]] = {}
        self._jobs: dict[str, Json] = {}

    def views(self) -> dict[str, View]:
        """The paths below those of a version."""
        return {
            "GET /query": self._query,
            "GET /queryAll": partial(self._query, deleted=True),
            "GET /query/<cursor>-<int:begin>": self._page,
            "GET /queryAll/<cursor>-<int:begin>": self._page,
            "GET /limits": lambda **_: jsonify(DailyApiRequests={"Max": _DAILY, "Remaining": g.left.remaining}),
            "GET /sobjects": lambda **_: jsonify(sobjects=[_named(name) for name in SHAPES]),
            "GET /sobjects/<name>/describe": _described,
            "GET /sobjects/<name>/<text>": self._one,
            "POST /jobs/query": self._job,
            "GET /jobs/query/<job>": self._state,
            "GET /jobs/query/<job>/results": self._results,
            "DELETE /jobs/query/<job>": lambda job, **_: ("", 204 if self._jobs.pop(job, None) else 404),
        }

    def _query(self, version: float, *, deleted: bool = False) -> ResponseReturnValue:
        query, found = self._org.found(request.args.get("q", ""), deleted=deleted)
        if not query.columns:
            return jsonify(totalSize=len(found), done=True, records=[])
        cursor = f"0r8{next(self._numbers):016}"
        self._found[cursor] = query, found
        return self._page(version, cursor, 0)

    def _page(self, version: float, cursor: str, begin: int) -> ResponseReturnValue:
        """A part of what a query found."""
        if cursor not in self._found:
            raise failed(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        query, found = self._found[cursor]
        end = begin + min(_ROWS, _CELLS // len(query.columns))
        told: Json = {"totalSize": len(found), "done": end >= len(found)}
        if end < len(found):
            told["nextRecordsUrl"] = f"/services/data/v{version}/query/{cursor}-{begin if self._faults.repeat_cursor else end}"
        return jsonify(told | {"records": self._org.part(query, found[begin:end], version)})

    def _one(self, version: float, name: str, text: str) -> ResponseReturnValue:
        held = self._org.find(text) if NAMES.get(text[:3]) == name else {}
        if held.get("IsDeleted", not held):
            raise failed(404, "NOT_FOUND", f"Provided external ID field does not exist or is not accessible: {text}")
        return jsonify(self._org.shown(held, tuple(SHAPES[name]), version))

    def _job(self, version: float) -> ResponseReturnValue:
        """Take a query that is done meanwhile; parents' fields are allowed, compound ones and counts are not."""
        sent = body()
        query, found = self._org.found(str(sent.get("query", "")), deleted=sent.get("operation") == "queryAll")
        if "address" in {SHAPES[query.name].get(path) for path in query.columns} or not query.columns:
            raise failed(400, "API_ERROR", "Selecting compound data not supported in Bulk Query")
        job = identity("Job", next(self._numbers))
        self._found[job], self._jobs[job] = (query, found), {**TEXTS["job"], "id": job, "operation": sent.get("operation")}
        self._jobs[job] |= {"object": query.name, "apiVersion": version, "createdDate": when(self._clock.now())}
        return jsonify(self._jobs[job])

    def _known(self, job: str) -> Json:
        if job not in self._jobs:
            raise failed(404, "NOT_FOUND", "The requested resource does not exist")
        return self._jobs[job]

    def _state(self, job: str, **_: str) -> ResponseReturnValue:
        """How far a job is: each look finds it one step further."""
        about, (_query, found) = self._known(job), self._found[job]
        about["state"] = "InProgress" if about["state"] == "UploadComplete" else "JobComplete"
        return jsonify(about | {"numberRecordsProcessed": len(found) if about["state"] == "JobComplete" else 0})

    def _results(self, job: str, **_: str) -> ResponseReturnValue:
        """A part of the results; the locator in the header leads to the next one, and is the word null at the end."""
        if (state := self._known(job)["state"]) != "JobComplete":
            raise failed(400, "INVALIDJOBSTATE", f"the job is {state}")
        (query, found), begin = self._found[job], number("locator", 0)
        end = begin + number("maxRecords", 50_000)
        text, rows = io.StringIO(), self._org.part(query, found[begin:end])
        lines = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        lines.writerows([query.columns, *([_cell(row, path) for path in query.columns] for row in rows)])
        headers = {"Sforce-Locator": str(end) if end < len(found) else "null", "Sforce-NumberOfRecords": str(len(rows))}
        return Response(text.getvalue(), headers=headers, mimetype="text/csv")


def _cell(row: Json, path: str) -> str:
    """A value as the results of a job write it: times end in Z there."""
    first, _, rest = path.partition(".")
    if rest:
        return _cell(row[first], rest) if row[first] else ""
    said: Any = "" if row[path] is None else row[path]
    return str(said).lower() if isinstance(said, bool) else str(said).replace(".000+0000", ".000Z")


def _told(response: Response) -> Response:
    """The answer with the header that tells how much of the day was used."""
    if "left" in g:
        response.headers["Sforce-Limit-Info"] = f"api-usage={_DAILY - g.left.remaining}/{_DAILY}"
    return response


def _session(server: AuthorizationServer, controls: Controls) -> ResponseReturnValue:
    """Nothing says when it ends, and a refresh brings no new refresh token."""
    grant = granted(server, TEXTS["refused"])
    told = {"access_token": grant.access, "scope": " ".join(grant.scopes), "issued_at": str(controls.clock.now())}
    if "code" in token_fields() and {"refresh_token", "offline_access", "full"} & set(grant.scopes):
        told["refresh_token"] = grant.refresh
    return jsonify(told | TEXTS["session"])


def _who(server: AuthorizationServer, user: Staff) -> ResponseReturnValue:
    admitted(server, Failure(403, "Bad_OAuth_Token"))
    return jsonify(TEXTS["userinfo"] | {"name": f"{user.given_name} {user.family_name}", "email": user.email})


def application(world: World, controls: Controls) -> Flask:
    """The stand-in over a world; whoever signs in is the first of the staff."""
    app = json_app("salesforce-sandbox")
    app.url_map.strict_slashes = False
    server = controls.server = AuthorizationServer(Rules(access_seconds=7200, prefix="00D000000000001!AQ"), controls.seconds)
    page = consent(server, system="Salesforce", account="Ciclo Sandbox")
    views: dict[str, View] = {"GET /authorize": page, "POST /authorize": page, "POST /token": partial(_session, server, controls)}
    views["POST /revoke"] = lambda: ("", 200 if server.revoke(token_fields().get("token", "")) else 400)
    routes(app, "/services/oauth2", views | {"GET /userinfo": partial(_who, server, world.staff[0])})
    routes(app, "/services/data/v<float:version>", Api(world, controls).views())
    ended = partial(failed, 401, "INVALID_SESSION_ID", "Session expired or invalid", WWW_Authenticate="Token")
    over = partial(failed, 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    guard(app, "/services/data/", controls, Window(_DAILY, 86_400), without=ended, too_often=over)
    app.after_request(_told)
    return app


def truth(world: World) -> dict[str, int]:
    """The live records by canonical type; a converted lead stays a lead, and whose it was is the contact that it became."""
    counted = {kind: world.count(TOOL, kind) for kind in ("contact", "company", "deal", "ticket")}
    counted["contact"] += sum(not became(world, index) for index in leads(world))
    return {**counted, "lead": len(leads(world)), "owner": len(world.staff), "pipeline": 1}


STANDIN = StandIn(
    id=TOOL,
    hosts=("login.salesforce.com", "ciclo-sandbox.my.salesforce.com"),
    app=application,
    truth=truth,
    contact_id=partial(identity_of, "contact"),
    company_id=partial(identity_of, "company"),
    answers={"login": "login.salesforce.com", "time_zone": "America/Sao_Paulo", "loss_reason": "Motivo_da_Perda__c"},
)
