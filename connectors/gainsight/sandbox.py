"""A stand-in for Gainsight CS: queries of its objects, Cockpit's lists of CTAs, the log of deletions, metadata.

https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs. Our reading: Person is a contact, Company a company,
Company Person a membership, Relationship a subscription, an NPS answer a survey response, timeline entries and CTAs are
activities, users owners; a scorecard shows as CurrentScore and its Score. Nothing is merged, restored or pushed. No code is
documented for a query's unknown or hidden field or limit over 5000 (here GSOBJ_1002), nor a 429's shape (here GU_2400).
"""

from functools import partial
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.gainsight.sandbox_records import MADE, OBJECTS, PATHS, TEXTS, TOOL, described, gsid, held, number_of, shown
from hub.sandbox.answers import Failure, Json, View, allowance, body, iso, json_app, retry_after, routes
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import OPERATORS, holds, ordinal
from hub.sandbox.keys import Keys
from hub.sandbox.limits import Window
from hub.sandbox.rows import Row, Source
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World, record_id

ACCESS_KEY = "sandbox-access-key"
_KEPT_MS, _MOST, _MOST_CTAS, _LIST, _LOG = 15 * 86_400_000, 5000, 1000, "call_to_action", "record_delete_log"
_SAID = {"NE": "NEQ", "BTW": "BETWEEN", "IS_NULL": "NOT_HAS_PROPERTY", "IS_NOT_NULL": "HAS_PROPERTY"}
_WINDOWS = (100, 60), (50_000, 86_400)


def _refused(code: str, told: str, status: int = 400, **headers: str) -> Failure:
    status = 200 if code.startswith("COCKPIT") else status
    return Failure(status, {**TEXTS["envelope"], "result": False, "errorCode": code, "errorDesc": told}, **headers)


def _known(name: str, paths: object, code: str) -> dict[str, str]:
    """The proper names of fields by how they are written: case does not matter in the samples. An unknown one is refused."""
    asked = [str(path) for path in paths] if isinstance(paths, list) else ["select"]
    if unknown := [path for path in asked if path.lower() not in PATHS[name]]:
        raise _refused(code, f"Invalid fields in select clause - {', '.join(unknown)}")
    return {path: PATHS[name][path.lower()] for path in asked}


def _condition(name: str, path: str, said: Json, code: str) -> Json:
    """A condition as `holds` has it; an operator that does not exist, or a time that is none, is refused."""
    operator, wanted = _SAID.get(said["operator"], said["operator"]), [str(each) for each in said.get("value") or [""]]
    if operator not in OPERATORS or not isinstance(said.get("value", []), list):
        raise _refused(code, f"Invalid operator - {said['operator']}")
    if OBJECTS[name].get(path, "S") in "TDI" and "HAS" not in operator and isinstance(ordinal(wanted[0]), str):
        raise _refused("GSOBJ_1005", f"Invalid dateTime format ({path}= {wanted[0]})")
    values = [each.lower() for each in wanted]
    return {"operator": operator, "value": wanted[0], "highValue": wanted[-1], "values": values}


def _filtered(name: str, records: list[Json], word: str, code: str) -> list[Json]:
    """Those of which every condition holds; how else Gainsight joins conditions nobody asks here, so it is refused."""
    where, asked = body().get("where") or {"conditions": [], "expression": ""}, {}
    for said in where["conditions"]:
        (path,) = _known(name, [said.get(word)], code).values()
        asked[said["alias"]] = path, _condition(name, path, said, code)
    if where["expression"] != " AND ".join(asked):
        raise _refused(code, f"Invalid expression - {where['expression']}")

    def fits(record: Json) -> bool:
        return all(holds(held, None if record[path] is None else str(record[path])) for path, held in asked.values())

    return [record for record in records if fits(record)]


def _place(path: str, record: Json) -> tuple[bool, Any]:
    """Where a record stands by a field: those without it first."""
    return record[path] is not None, record[path] or 0


class Tenant:
    """The answers of one tenant."""

    def __init__(self, world: World, controls: Controls) -> None:
        nothing = Source(shelf=world.shelf_of(TOOL, lambda _: 0), first_id=10**9, fields=lambda *_: {}, stamps=lambda *_: (0, 0))
        made = {name: held(world, name) for name in MADE}
        self._held = {name: Collection(name, nothing, clock=controls.clock, head=rows) for name, rows in made.items()}
        self._clock, self._gone = controls.clock, list[tuple[str, Row]]()
        controls.collections, controls.identity = self._held, number_of
        controls.delete = controls.erase = self._delete

    def _delete(self, collection: Collection, identity: int) -> Row:
        """Gone but for the log; a person takes along what tied them to a company."""
        if collection.name == "person" and self._held["company_person"].row(identity):
            self._delete(self._held["company_person"], identity)
        self._gone.append((collection.name, collection.erase(identity)))
        return self._gone[-1][1]

    def _records(self, name: str, *, deleted: bool = False) -> list[Json]:
        """The live records of an object, or the deleted ones that are still told of, with every field and those referred to."""
        gone = [(of, row) for of, row in self._gone if row.updated > self._clock.now() - _KEPT_MS]
        if name == _LOG:
            labels = TEXTS["labels"]
            return [{"RecordId": gsid(of, row.id), "ObjectName": labels[of], "DeletedOn": row.updated} for of, row in gone]
        live = self._held[name]
        rows = [row for of, row in gone if of == name] if deleted else map(live.row, live.live(0, len(live)))
        return [shown(name, row) for row in rows if row]

    def query(self, name: str) -> ResponseReturnValue:
        """Records as Company's page and the others' show them: a list, or one under `records`; none of Company is an error."""
        name, asked, code = name.lower(), body(), "GSOBJ_1002"
        if name not in OBJECTS:
            raise Failure(400, TEXTS["unknown_object"])
        chosen, limit, start = _known(name, asked.get("select"), code), asked.get("limit", _MOST), asked.get("offset", 0)
        if not 0 < limit <= _MOST:
            raise _refused(code, f"Invalid limit - {limit}")
        found = _filtered(name, self._records(name), "name", code)
        for by, way in reversed(list((asked.get("orderBy") or {}).items())):
            (path,) = _known(name, [by], code).values()
            found.sort(key=partial(_place, path), reverse=way.lower() == "desc")
        told = [{asked: _text(name, path, one, "I") for asked, path in chosen.items()} for one in found[start : start + limit]]
        if name == "company" and not told:
            raise _refused("GSOBJ_1011", "No data found for given criteria", 200)
        return jsonify({**TEXTS["envelope"], "data": told if name == "company" else {"records": told}})

    def ctas(self, *, deleted: bool = False) -> ResponseReturnValue:
        """A page of CTAs with what is always told; what is empty is left out, times are text."""
        asked, code = body(), "COCKPIT_5101"
        paths = dict.fromkeys([*TEXTS["cta_always"], *_known(_LIST, asked.get("select"), code).values()])
        size, page = asked.get("pageSize", 100), asked.get("pageNumber", 1)
        if not 0 < size <= _MOST_CTAS or page < 1:
            raise _refused(code, "Invalid page")
        found = _filtered(_LIST, self._records(_LIST, deleted=deleted), "fieldName", code)[size * (page - 1) : size * page]
        told = [{path: _text(_LIST, path, one, "TDI") for path in paths if one[path] is not None} for one in found]
        return jsonify({**TEXTS["envelope"], "data": told} | ({"pageSize": size, "currentPageNum": page} if deleted else {}))


def _text(name: str, path: str, record: Json, as_text: str) -> Any:
    """What a record has in a field: times of these types are text, others milliseconds."""
    said, kind = record[path], OBJECTS[name].get(path, "S")
    return f"{iso(said)[:19]}Z" if said is not None and kind in as_text else said


def _described(name: str) -> ResponseReturnValue:
    if name.lower() not in OBJECTS:
        raise Failure(400, TEXTS["unknown_object"])
    return jsonify({**TEXTS["envelope"], "data": [described(name.lower())]})


def _admit(controls: Controls, keys: Keys, windows: list[Window]) -> None:
    """Refuse who has no key, asks too often (in a minute or a day) or sends something other than JSON."""
    if not request.path.startswith("/v"):
        return
    if keys.scopes(request.headers.get("AccessKey")) is None:
        raise _refused("GS_APIG_2401", "Unauthorized", 401)
    if any(allowance(controls, window).wait for window in windows):
        headers = {name.replace("-", "_"): said for name, said in retry_after(controls, None).items()}
        raise _refused("GU_2400", "Rate limit exceeded", 429, **headers)
    if request.method == "POST" and not isinstance(request.get_json(silent=True), dict):
        raise _refused("GSOBJ_1023", "Invalid API called, please refer to API documentation")


def _app(world: World, controls: Controls) -> Flask:
    app, tenant = json_app(__name__), Tenant(world, controls)
    cta, query = "POST /v2/cockpit/cta", "POST /v1/data/objects/query/<name>"
    views: dict[str, View] = {query: tenant.query, f"{cta}/list": tenant.ctas}
    views |= {f"{cta}/deleted/list": partial(tenant.ctas, deleted=True)}
    routes(app, "", {**views, "GET /v1/meta/services/objects/<name>/describe": _described})
    app.before_request(partial(_admit, controls, Keys(controls, ACCESS_KEY), [Window(*each) for each in _WINDOWS]))
    return app


def _truth(world: World) -> dict[str, int]:
    counted = {name: len(held(world, name)) for name in MADE}
    return {kind: found for kind, names in TEXTS["canonical"].items() if (found := sum(counted[name] for name in names))}


STANDIN = StandIn(
    id=TOOL,
    hosts=("{host}",),
    app=_app,
    truth=_truth,
    contact_id=lambda index: gsid("person", record_id("contact", index)),
    company_id=lambda index: gsid("company", record_id("company", index)),
    answers={"address": "https://ciclo.gainsightcloud.com"},
    key=ACCESS_KEY,
)
