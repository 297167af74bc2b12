"""A stand-in for Salesforce's REST API and Bulk API 2.0 queries, written from their documentation: Sales and Service Cloud.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest_resources.htm ,
https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/queries.htm and, for the sign-in,
https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_web_server_flow.htm . All versions answer alike; refusals of
the token endpoint are in the words of RFC 6749; a record's `attributes` lack its address.
"""

from functools import partial
from typing import Any, NamedTuple

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.salesforce.sandbox_records import DIALECT, IDS, SHAPES, TEXTS, TOOL, Org, refused, truth, when
from hub.sandbox.answers import Failure, Json, View, body, json_app, number, routes
from hub.sandbox.consent import token_fields
from hub.sandbox.gate import UNKNOWN, guard, has_token
from hub.sandbox.kept import Kept
from hub.sandbox.oauth import AuthorizationServer, Grant, Rules
from hub.sandbox.parties import Staff
from hub.sandbox.select import Query, WrongQuery
from hub.sandbox.sheet import sheet
from hub.sandbox.signing import sign_in
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.usage import Usage
from hub.sandbox.world import World, record_id

_ROWS, _CELLS, _DAILY, _BIN = 2000, 2500, 15_000, 15 * 86_400_000
"""Rows of an answer at most, how wide rows make it fewer, how often may be asked in a day, how long the bin keeps a record."""


class Found(NamedTuple):
    """What a query or a job found, and what a job tells of itself."""

    query: Query
    ids: list[int]
    about: Json


def _named(name: str) -> Json:
    """The object in a path; 404 where there is none."""
    if name not in SHAPES:
        raise refused("resource")
    return {**TEXTS["object"], "name": name, "label": name, "keyPrefix": TEXTS["ids"][name][0]}


def _described(name: str, **_: Any) -> ResponseReturnValue:
    told, kinds = _named(name), {own: kind.split() for own, kind in SHAPES.get(name, {}).items()}
    about = {own: {"type": kind[0], "referenceTo": kind[1:], "custom": own.endswith("__c")} for own, kind in kinds.items()}
    return jsonify(told | {"fields": [{**TEXTS["field"], "name": own, "label": own, **one} for own, one in about.items()]})


class Api:
    """The answers about one org's records; what a query or a job found is kept under its id."""

    def __init__(self, org: Org, controls: Controls) -> None:
        self._org, self._clock, self._faults = org, controls.clock, controls.faults
        self._found, self._jobs = Kept[Found]("0r8{:016}".format), Kept[Found](partial(IDS.of, "Job"))

    def views(self, day: Usage) -> dict[str, View]:
        """The paths below those of a version."""
        return {
            "GET /query": self._query,
            "GET /queryAll": partial(self._query, deleted=True),
            "GET /query/<cursor>-<int:begin>": self._page,
            "GET /queryAll/<cursor>-<int:begin>": self._page,
            "GET /limits": lambda **_: jsonify(DailyApiRequests={"Max": day.limit, "Remaining": day.left}),
            "GET /sobjects": lambda **_: jsonify(sobjects=[_named(name) for name in SHAPES]),
            "GET /sobjects/<name>/describe": _described,
            "GET /sobjects/<name>/<text>": self._one,
            "POST /jobs/query": self._job,
            "GET /jobs/query/<job>": self._state,
            "GET /jobs/query/<job>/results": self._results,
            "DELETE /jobs/query/<job>": lambda job, **_: ("", 204 if self._jobs.drop(job) else 404),
        }

    def _asked(self, text: str, about: Json, *, deleted: bool) -> Found:
        """What a query finds; the bin's contents too where they are wanted."""
        try:
            query = DIALECT.query(text)
        except WrongQuery as error:
            raise refused(error.about, error.told) from error
        oldest = self._clock.now() - _BIN
        return Found(query, self._org.select(query, (lambda row: row.updated > oldest) if deleted else None), about)

    def _query(self, *, deleted: bool = False, **_: Any) -> ResponseReturnValue:
        found = self._asked(request.args.get("q", ""), {}, deleted=deleted)
        if not found.query.columns:
            return jsonify(totalSize=len(found.ids), done=True, records=[])
        return self._page(self._found.keep(found), 0)

    def _page(self, cursor: str, begin: int, **_: Any) -> ResponseReturnValue:
        """A part of what a query found."""
        found = self._found.get(cursor)
        if found is None:
            raise refused("locator")
        end = begin + min(_ROWS, _CELLS // len(found.query.columns))
        told: Json = {"totalSize": len(found.ids), "done": end >= len(found.ids)}
        if not told["done"]:
            base, _query, _rest = request.path.partition("/query")
            told["nextRecordsUrl"] = f"{base}/query/{cursor}-{begin if self._faults.repeat_cursor else end}"
        return jsonify(told | {"records": self._org.part(found.query, found.ids[begin:end])})

    def _one(self, name: str, text: str, **_: Any) -> ResponseReturnValue:
        held = self._org.find(text)
        if held is None or held[0] != name or held[1].state != "live":
            raise refused("id", {"said": text})
        return jsonify(self._org.shown(*held))

    def _job(self, version: float) -> ResponseReturnValue:
        """Take a query that is done meanwhile; parents' fields are allowed, compound ones and counts are not."""
        sent, now = body(), when(self._clock.now())
        operation = str(sent.get("operation", ""))
        about = {**TEXTS["job"], "operation": operation, "apiVersion": version, "createdDate": now}
        found = self._asked(str(sent.get("query", "")), about, deleted=operation == "queryAll")
        columns = found.query.columns
        if not columns or "address" in map(SHAPES[found.query.name].get, columns):
            raise refused("compound")
        about |= {"id": self._jobs.keep(found), "object": found.query.name}
        return jsonify(about)

    def _known(self, job: str) -> Found:
        found = self._jobs.get(job)
        if found is None:
            raise refused("resource")
        return found

    def _state(self, job: str, **_: Any) -> ResponseReturnValue:
        """How far a job is: each look finds it one step further."""
        about, found = self._known(job).about, self._known(job).ids
        about["state"] = "InProgress" if about["state"] == "UploadComplete" else "JobComplete"
        return jsonify(about | {"numberRecordsProcessed": len(found) if about["state"] == "JobComplete" else 0})

    def _results(self, job: str, **_: Any) -> ResponseReturnValue:
        """A part of the results; the locator in the header leads to the next one, and is the word null at the end."""
        found, begin = self._known(job), number("locator", 0)
        if found.about["state"] != "JobComplete":
            raise refused("state", {"said": found.about["state"]})
        end = begin + number("maxRecords", 50_000)
        rows = self._org.part(found.query, found.ids[begin:end])
        headers = {"Sforce-Locator": str(end) if end < len(found.ids) else "null", "Sforce-NumberOfRecords": str(len(rows))}
        return Response(sheet(found.query.columns, rows, _cell), headers=headers, mimetype="text/csv")


def _cell(said: object) -> str:
    """A value as the results of a job write it: times end in Z there."""
    return str(said).replace(".000+0000", ".000Z")


def _session(grant: Grant) -> Json:
    """Nothing says when it ends, and a refresh brings no new refresh token."""
    first = "code" in token_fields() and "refresh_token" in grant.scopes
    times = {"issued_at": str(int(grant.granted_at * 1000)), "expires_in": None}
    return {**TEXTS["session"], **times, "refresh_token": grant.refresh if first else None}


def _who(server: AuthorizationServer, user: Staff) -> ResponseReturnValue:
    if not has_token(server):
        raise Failure(403, "Bad_OAuth_Token")
    return jsonify(TEXTS["userinfo"] | {"name": f"{user.given_name} {user.family_name}", "email": user.email})


def _barred(status: int, **headers: str) -> Failure:
    return refused("session", WWW_Authenticate="Token") if status == UNKNOWN else refused("limit", **headers)


def application(world: World, controls: Controls) -> Flask:
    """The stand-in over a world; whoever signs in is the first of the staff."""
    app, day, data = json_app("salesforce-sandbox"), Usage(_DAILY, 86_400), "/services/data/"
    app.url_map.strict_slashes = False
    rules = Rules(access_seconds=7200, prefix="00D000000000001!AQ")
    server = sign_in(app, "/services/oauth2", controls, rules, system="Salesforce", account="Ciclo Sandbox", told=_session)
    routes(app, "/services/oauth2", {"GET /userinfo": partial(_who, server, world.staff[0])})
    routes(app, f"{data}v<float:version>", Api(Org(world, controls), controls).views(day))
    guard(app, data, controls, day, known=partial(has_token, server), refused=_barred)

    def used(response: Response) -> Response:
        if request.path.startswith(data) and response.status_code != UNKNOWN:
            response.headers["Sforce-Limit-Info"] = f"api-usage={day.used}/{day.limit}"
        return response

    app.after_request(used)
    return app


STANDIN = StandIn(
    id=TOOL,
    hosts=("login.salesforce.com", "ciclo-sandbox.my.salesforce.com"),
    app=application,
    truth=truth,
    contact_id=lambda index: IDS.of("Contact", record_id("contact", index)),
    company_id=lambda index: IDS.of("Account", record_id("company", index)),
    answers={"login": "login.salesforce.com", "time_zone": "America/Sao_Paulo", "loss_reason": "Motivo_da_Perda__c"},
)
