"""A stand-in for Pega's DX API v2: list data views that are queried by pages, over the cases of an application of ours.

https://docs-previous.pega.com/pega-digital-experience-dx-api-overview/87/data-view-endpoints ; errors as
https://github.com/marco-looy/pega-dx-mcp (sample-data-v2.md) notes them of a running Pega. Our reading: services are tickets,
opportunities deals, purchases orders, interests leads; contracts are nothing; persons are contacts, firms companies, operators
owners, and Pulse posts activities. Invented here, since not documented: that a query ends after 5000 results without a word.
"""

from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.pega.sandbox_records import CASES, FIRMS, KEYS, MADE, PEOPLE, POSTS, TEXTS, TOOL, changed, operator, shown
from hub.sandbox.account import collections
from hub.sandbox.answers import Failure, Json, View, allowance, body, json_app, retry_after, routes
from hub.sandbox.chance import milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.consent import bearer, token_view
from hub.sandbox.limits import Window
from hub.sandbox.oauth import AuthorizationServer, Rules, Unauthorized
from hub.sandbox.standin import Controls, Decision, StandIn
from hub.sandbox.world import Kind, World, record_id

_ROOT, _BASE = "/prweb", "/prweb/api/application/v2"
_SHOWN = {"D_HubCases": CASES, "D_HubPosts": (POSTS,)}
_MOST = 5000
_MOMENTS = ("pxCreateDateTime", "pxUpdateDateTime")


def _refused(status: int, named: str, told: str, **headers: str) -> Failure:
    said = {"message": f"Error_{named.replace(' ', '_')}", "messageParameters": [], "localizedValue": told}
    return Failure(status, {"errorClassification": named, "localizedValue": told, "errorDetails": [said]}, **headers)


def _bad(told: str) -> Failure:
    return _refused(400, "Bad request", told)


class Application:
    """The answers of one application."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._world, self._held = world, collections(world, TOOL, MADE, clock=controls.clock)
        controls.collections, controls.delete, controls.identity = self._held, Collection.erase, _identity

    def metadata(self, view: str) -> ResponseReturnValue:
        """What a data view shows; ids are told apart by the case of their letters."""
        fields = [{"fieldID": name, "name": name, "isReadOnly": True} for name in self._columns(view)]
        return jsonify(
            {**TEXTS["views"][view], "structure": "list", "isQueryable": True, "isSearchable": False, "fields": fields}
        )

    def listed(self, view: str) -> ResponseReturnValue:
        """A page of a query."""
        if not request.is_json:
            raise _refused(415, "Unsupported media type", "Content-Type must be application/json")
        sent, columns = body(), self._columns(view)
        query, paging = sent.get("query") or {}, sent.get("paging") or {}
        for part, said in (("", sent), ("query", query), ("paging", paging)):
            if unknown := set(said) - set(TEXTS["known"][part]):
                raise _bad(f"{unknown.pop()} is not expected")
        rows = self._filtered(view, query.get("filter"), columns)
        rows = self._sorted(rows, query.get("sortBy") or [], columns)[:_MOST]
        number, size = _paged(paging)
        start = (number - 1) * size
        page = [shown(self._world, self._held, name, row) for name, row, _ in rows[start : start + size]]
        told: Json = {"pageNumber": number} if "pageNumber" in paging else {"resultCount": len(page), "hasMoreResults": False}
        return jsonify({**TEXTS["page"], **told, "data": page, "pageSize": size if "pageNumber" in paging else len(page)})

    def _columns(self, view: str) -> set[str]:
        if view not in _SHOWN:
            raise _refused(404, "Resource not found", "Dataview not found")
        return set(TEXTS["post" if view == "D_HubPosts" else "case"])

    def _filtered(self, view: str, said: Any, columns: set[str]) -> list[tuple[str, Any, dict[str, int]]]:
        """Every row with its two moments, as far as the conditions hold; only moments can be more or less than others."""
        least = _least(said, columns) if said else {}
        found = []
        for name in _SHOWN[view]:
            held = self._held[name]
            for row in (held.row(each) for each in held.live(0, len(held))):
                if row is not None:
                    at = {"pxCreateDateTime": row.created, "pxUpdateDateTime": changed(self._held, row)}
                    if all(at[field] >= least[field] for field in least) and not (name == POSTS and "pxUpdateDateTime" in least):
                        found.append((name, row, at))
        return found

    def _sorted(self, rows: list[Any], said: list[Json], columns: set[str]) -> list[Any]:
        """The last key decides last; only a key and a moment are known here."""
        for each in reversed(said):
            field, way = each.get("field"), each.get("type", "ASC")
            if field not in columns or way not in ("ASC", "DESC"):
                raise _bad(f"Invalid sort: {field} {way}")
            rows = sorted(rows, key=partial(_key, field), reverse=way == "DESC")
        return rows


def _key(field: str, one: tuple[str, Any, dict[str, int]]) -> int | str:
    name, row, at = one
    return at[field] if field in at else f"{KEYS[name]}{row.id}"


def _least(said: Any, columns: set[str]) -> dict[str, int]:
    """The least moment for each column."""
    from_moment: dict[str, int] = {}
    conditions = said.get("filterConditions") or {}
    if said.get("logic", "").split(" AND ") != list(conditions):
        raise _bad("Invalid logic")
    for each in conditions.values():
        field = each["lhs"]["field"]
        if field not in columns or each["comparator"] != "GTE" or field not in _MOMENTS:
            raise _bad(f"Comparator {each['comparator']} is not supported for {field}")
        from_moment[field] = max(from_moment.get(field, 0), _milliseconds(each["rhs"]["value"]))
    return from_moment


def _milliseconds(said: str) -> int:
    try:
        return milliseconds(datetime.fromisoformat(said))
    except (ValueError, TypeError) as error:
        raise _bad(f"Invalid value {said}") from error


def _paged(paging: Json) -> tuple[int, int]:
    """The number of the page and how many results it has."""
    if "maxResultsToFetch" in paging and len(paging) > 1:
        raise _bad("MaxResultsToFetch and paging information both are not supported at same time")
    if "maxResultsToFetch" in paging or not paging:
        number, size = 1, paging.get("maxResultsToFetch", _MOST)
    else:
        number, size = paging.get("pageNumber", 1), paging.get("pageSize", 100)
    if not isinstance(number, int) or not isinstance(size, int) or number < 1 or not 1 <= size <= _MOST:
        raise _bad("Invalid paging")
    return number, size


def _identity(name: str, text: str) -> int:
    """The number in a key of the class."""
    if not text.startswith(KEYS[name]):
        raise KeyError(text)
    return int(text.removeprefix(KEYS[name]))


def _admit(server: AuthorizationServer, controls: Controls, window: Window) -> None:
    """Refuse who has no token, and say when there is too much to do."""
    if not request.path.startswith(_BASE):
        return
    try:
        server.standing(bearer() or "")
    except Unauthorized as error:
        raise _refused(401, "Unauthorized", "The access token is not valid") from error
    if allowance(controls, window).wait:
        headers = {name.replace("-", "_"): said for name, said in retry_after(controls, None).items()}
        raise _refused(429, "Too many requests", "Too many requests", **headers)


def _app(world: World, controls: Controls) -> Flask:
    app, application = json_app(__name__), Application(world, controls)
    server = controls.server = AuthorizationServer(Rules(access_seconds=3600, grants=("client_credentials",)), controls.seconds)
    views: dict[str, View] = {"GET /<view>/metadata": application.metadata, "POST /<view>": application.listed}
    routes(app, f"{_BASE}/data_views", views)
    routes(
        app,
        _ROOT,
        {"POST /PRRestService/oauth2/v1/token": token_view(server, lambda _grant: {"scope": None, "token_type": "bearer"})},
    )
    app.before_request(partial(_admit, server, controls, Window(1000, 60)))
    return app


def _truth(world: World) -> dict[str, int]:
    """Each case is what was decided, each party is counted once; operators count who own a case."""
    counted = {kind: world.count(TOOL, made) for kind, made in _COUNTED.items()}
    looked_after = [world.ticket(index, TOOL, number).owner for index, number in world.keys(TOOL, "ticket")]
    looked_after += [world.deal(index, TOOL, number).owner for index, number in world.keys(TOOL, "deal")]
    return {**counted, "owner": len({operator(world, one)["pyWorkPartyUri"] for one in looked_after if one is not None})}


_COUNTED: dict[str, Kind] = {"contact": "contact", "company": "company", "ticket": "ticket", "deal": "deal", "order": "order"}
_COUNTED |= {"lead": "contact", "activity": "ticket"}

STANDIN = StandIn(
    id=TOOL,
    hosts=("{host}",),
    app=_app,
    truth=_truth,
    contact_id=lambda index: f"{KEYS[PEOPLE]}{record_id('contact', index)}",
    company_id=lambda index: f"{KEYS[FIRMS]}{record_id('company', index)}",
    answers=TEXTS["answers"],
    decisions=tuple(Decision(*each) for each in TEXTS["decided"]),
)
