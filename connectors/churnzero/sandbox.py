"""A stand-in for ChurnZero's REST API: OData lists in pages of 100, single entities by their key, a login with an API key.

https://app.churnzero.net/developers. Our reading: accounts are companies, users owners, journeys pipelines, the progress of an
account in a journey is an activity, an event a use on its day. Invented here, since not documented: links to a next page count
records (`$skip`), a survey response has the fields in `sandbox.json`, and a contact may lack its account.
"""

import operator
import re
from collections.abc import Callable
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.churnzero.sandbox_records import MADE, TEXTS, TOOL, shown
from hub.sandbox import whole
from hub.sandbox.answers import Failure, Json, json_app, link, origin, picked, routes, rows
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import ordinal
from hub.sandbox.consent import basic
from hub.sandbox.gate import guard
from hub.sandbox.keys import Keys
from hub.sandbox.limits import Window
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World, record_id

LOGIN = "admin@ciclo.example:sandbox-api-key"
_BASE, _PAGE = "/public/v1", 100
_OPTIONS = {"$filter", "$select", "$orderby", "$top", "$skip", "$count"}
_UNFILTERED = ("Id", "AccountExternalId")
"""What lists cannot be filtered by: https://heyhumm.ai/docs/integrations/churnzero ."""
_CLAUSE = re.compile(r"(\w+) (eq|ne|gt|ge|lt|le) ('(?:[^']|'')*'|[^\s']+)")
_HOLDS: dict[str, Callable[[Any, Any], bool]] = {name: getattr(operator, name) for name in ("eq", "ne", "gt", "ge", "lt", "le")}
_TOLD = {400: "The query specified in the URI is not valid.", 401: "Unauthorized", 403: "Forbidden"}
_TOLD |= {404: "Resource not found", 429: "Rate limit exceeded"}


def _refused(status: int, told: str | None = None, **headers: str) -> Failure:
    return Failure(status, {"error": {"code": str(status), "message": told or _TOLD[status]}}, **headers)


def _property(name: str, path: str) -> str:
    if path not in TEXTS[name]:
        raise _refused(400, f"Could not find a property named '{path}' on type '{name}'.")
    return path


def _clause(name: str, text: str) -> Callable[[Json], bool]:
    """One condition of a filter; functions, and what lists cannot be filtered by, are refused."""
    found = _CLAUSE.fullmatch(text.strip())
    if found is None or found[1] in _UNFILTERED:
        raise _refused(400)
    path, how, literal = _property(name, found[1]), found[2], found[3].strip("'").replace("''", "'")
    wanted = ordinal(literal)

    def holds(record: Json) -> bool:
        said = None if record[path] is None else ordinal(str(record[path]))
        if said is None or literal == "null":
            return how in ("eq", "ne") and _HOLDS[how](said is None, literal == "null")
        return type(said) is type(wanted) and _HOLDS[how](said, wanted)

    return holds


def _filtered(name: str, records: list[Json]) -> list[Json]:
    """What a filter leaves; `and` and `or` cannot be mixed in one."""
    text = request.args.get("$filter")
    if text is None:
        return records
    if " and " in text and " or " in text:
        raise _refused(400)
    whole_of = any if " or " in text else all
    clauses = [_clause(name, part) for part in re.split(r" and | or ", text)]
    return [record for record in records if whole_of(holds(record) for holds in clauses)]


def _ordered(name: str, records: list[Json]) -> list[Json]:
    path, _, way = request.args.get("$orderby", "Id").partition(" ")
    _property(name, path)
    if way not in ("", "asc", "desc"):
        raise _refused(400)
    return sorted(records, key=lambda one: (one[path] is not None, one[path] or 0), reverse=way == "desc")


def _count(option: str, default: int) -> int:
    said = request.args.get(option, str(default))
    if not said.isdecimal():
        raise _refused(400, f"Invalid value '{said}' for {option} query option found.")
    return int(said)


def _page(name: str, found: list[Json]) -> Json:
    """A page of what was found, cut to the fields that are asked for; who asks for a number of records gets no link onward."""
    start, size = _count("$skip", 0), min(_count("$top", _PAGE), _PAGE)
    fields = [_property(name, path) for path in request.args.get("$select", ",".join(TEXTS[name])).split(",")]
    told: Json = {"value": [picked(one, *fields) for one in found[start : start + size]]}
    if request.args.get("$count") == "true":
        told["@odata.count"] = len(found)
    if "$top" not in request.args and start + size < len(found):
        told["@odata.nextLink"] = link(**{"$skip": start + size})
    return told


class Instance:
    """The answers of one instance."""

    def __init__(self, world: World, controls: Controls, keys: Keys) -> None:
        self._held, self._keys = whole.objects(world, TOOL, MADE, clock=controls.clock), keys
        controls.collections, controls.delete = self._held, Collection.erase

    def _of(self, name: str) -> Collection:
        """The entities of a name; a user whose permission group may not read them in bulk is refused."""
        scopes = self._keys.scopes(basic())
        if name not in self._held:
            raise _refused(404)
        if scopes and name not in scopes:
            raise _refused(403)
        return self._held[name]

    def listed(self, name: str) -> ResponseReturnValue:
        """A page of a list."""
        held = self._of(name)
        if unknown := [option for option in request.args if option not in _OPTIONS]:
            raise _refused(400, f"The query parameter '{unknown[0]}' is not supported.")
        records = [shown(name, row, self._held) for row in rows(held, held.live(0, len(held)))]
        found = _ordered(name, _filtered(name, records))
        return jsonify({"@odata.context": f"{origin()}{_BASE}/$metadata#{name}", **_page(name, found)})

    def one(self, name: str, number: int) -> ResponseReturnValue:
        """A single entity by its key."""
        row = self._of(name).row(number)
        if row is None:
            raise _refused(404)
        return jsonify({"@odata.context": f"{origin()}{_BASE}/$metadata#{name}/$entity", **shown(name, row, self._held)})


def _app(world: World, controls: Controls) -> Flask:
    app, keys = json_app(__name__), Keys(controls, LOGIN)
    instance = Instance(world, controls, keys)
    routes(app, _BASE, {"GET /<name>": instance.listed, "GET /<name>(<int:number>)": instance.one})
    guard(app, _BASE, controls, Window(200, 60), known=lambda: keys.scopes(basic()) is not None, refused=_refused)
    return app


_CANONICAL = {"Account": "company", "Contact": "contact", "UserAccount": "owner", "Journey": "pipeline"}
_CANONICAL |= {"JourneyProgress": "activity", "Event": "usage_daily", "SurveyResponse": "survey_response"}

STANDIN = StandIn(
    id=TOOL,
    hosts=("{instance}.churnzero.net",),
    app=_app,
    truth=lambda world: {_CANONICAL[name]: len(whole.records(world, TOOL, parts)) for name, parts in MADE.items()},
    contact_id=lambda index: str(record_id("contact", index)),
    company_id=lambda index: str(record_id("company", index)),
    answers={"instance": "ciclo.us1app", "direction": "a healthy customer", "onboarding": "Onboarding", "crm": "hubspot"},
    key=LOGIN,
)
