"""A stand-in for Pega's DX API v2: list data views that are queried by pages, over the cases of an application of ours."""

# https://docs-previous.pega.com/pega-digital-experience-dx-api-overview/87/data-view-endpoints ; errors as
# https://github.com/marco-looy/pega-dx-mcp (sample-data-v2.md) notes them of a running Pega. Invented here, since not documented:
# that a query ends after 5000 results without a word.

from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from connectors.pega.sandbox_records import CHANGED, CREATED, POSTS, SHOWN, TEXTS, Application, signing_in, standin
from hub.sandbox.answers import Failure, Json, View, body, iso, json_app, routes
from hub.sandbox.chance import milliseconds
from hub.sandbox.gate import guard, has_token
from hub.sandbox.limits import Window
from hub.sandbox.standin import Controls
from hub.sandbox.world import World

_BASE, _MOST = "/prweb/api/application/v2", 5000


def _refused(status: int, told: str = "", **headers: str) -> Failure:
    named, usual = TEXTS["errors"][str(status)]
    said: Json = {"message": f"Error_{named.replace(' ', '_')}", "messageParameters": [], "localizedValue": told or usual}
    return Failure(status, {"errorClassification": named, "localizedValue": told or usual, "errorDetails": [said]}, **headers)


def _columns(view: str) -> set[str]:
    """The columns of a data view; their ids are told apart by the case of their letters."""
    if view not in SHOWN:
        raise _refused(404)
    return set(TEXTS[POSTS if view == "D_HubPosts" else "case"])


def _described(view: str) -> ResponseReturnValue:
    return jsonify({"fields": [{"fieldID": name, "name": name} for name in sorted(_columns(view))], **TEXTS["views"][view]})


def _asked() -> tuple[Json, Json]:
    """A query and its paging, in which nothing may stand that Pega does not know."""
    sent = body()
    query, paging = sent.get("query") or {}, sent.get("paging") or {}
    for part, said in (("", sent), ("query", query), ("paging", paging)):
        if unknown := set(said) - set(TEXTS["known"][part]):
            raise _refused(400, f"{unknown.pop()} is not expected")
    return query, paging


def _listed(application: Application, view: str) -> ResponseReturnValue:
    columns, (query, paging) = _columns(view), _asked()
    least, (number, size) = _least(query.get("filter") or {}), _paged(paging)
    found = [row for row in application.rows(view) if all((row[name] or "") >= at for name, at in least.items())]
    found = _sorted(found, query.get("sortBy") or [], columns)[:_MOST]
    page = found[(number - 1) * size : number * size]
    told: Json = {"pageNumber": number} if "pageNumber" in paging else {"resultCount": len(page), "hasMoreResults": False}
    return jsonify({**TEXTS["page"], **told, "data": page, "pageSize": size if "pageNumber" in paging else len(page)})


def _sorted(rows: list[Json], said: list[Json], columns: set[str]) -> list[Json]:
    # The sort is stable, so that the column that was named first decides first.
    for each in reversed(said):
        field, way = str(each.get("field")), each.get("type", "ASC")
        if field not in columns or way not in ("ASC", "DESC"):
            raise _refused(400, f"Invalid sort: {field} {way}")
        rows = sorted(rows, key=partial(_text, field), reverse=way == "DESC")
    return rows


def _text(field: str, row: Json) -> str:
    return str(row[field] or "")


def _least(said: Json) -> dict[str, str]:
    """The least moment for each column; only moments can be more or less than others."""
    conditions, least = said.get("filterConditions") or {}, dict[str, str]()
    if said and said.get("logic", "").split(" AND ") != list(conditions):
        raise _refused(400, "Invalid logic")
    for each in conditions.values():
        field = each["lhs"]["field"]
        if each["comparator"] != "GTE" or field not in (CREATED, CHANGED):
            raise _refused(400, f"Comparator {each['comparator']} is not supported for {field}")
        least[field] = max(least.get(field, ""), _moment(each["rhs"]["value"]))
    return least


def _moment(said: Any) -> str:
    try:
        return iso(milliseconds(datetime.fromisoformat(said)))
    except (ValueError, TypeError) as error:
        raise _refused(400, f"Invalid value {said}") from error


def _paged(paging: Json) -> tuple[int, int]:
    """The number of the page and how many results it has."""
    if "maxResultsToFetch" in paging and len(paging) > 1:
        raise _refused(400, "MaxResultsToFetch and paging information both are not supported at same time")
    usual = 100 if paging else _MOST
    number, size = paging.get("pageNumber", 1), paging.get("pageSize", paging.get("maxResultsToFetch", usual))
    if not isinstance(number, int) or not isinstance(size, int) or number < 1 or not 1 <= size <= _MOST:
        raise _refused(400, "Invalid paging")
    return number, size


def _app(world: World, controls: Controls) -> Flask:
    app, application = json_app(__name__), Application("pega", world, controls)
    views: dict[str, View] = {"GET /<view>/metadata": _described, "POST /<view>": partial(_listed, application)}
    routes(app, f"{_BASE}/data_views", views)
    guard(app, _BASE, controls, Window(1000, 60), known=partial(has_token, signing_in(app, controls)), refused=_refused)
    return app


STANDIN = standin("pega", _app)
