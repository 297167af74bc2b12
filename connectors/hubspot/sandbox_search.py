"""The search of the HubSpot stand-in: filter groups, sorts, and the window beyond which it shows nothing.

https://developers.hubspot.com/docs/guides/api/crm/search
"""

from itertools import chain
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from connectors.hubspot.sandbox_objects import Records, object_of, whole, wrong
from hub.sandbox.answers import body
from hub.sandbox.conditions import NEEDS, OPERATORS, Condition, Group
from hub.sandbox.standin import Controls

WINDOW = 10_000
"""A search shows no more than so many of what it finds."""
_PAGE, _GROUPS, _CONDITIONS = 200, 5, 18


def search(records: Records, controls: Controls, name: str) -> ResponseReturnValue:
    """A page of what fulfils the filters; `after` is a whole number, the place to go on from."""
    name, sent = object_of(name), body()
    limit = whole(sent.get("limit"), 10, _PAGE, "limit")
    offset = whole(sent.get("after"), 0, 2**53, "after")
    if offset + limit > WINDOW:
        raise wrong(f"a search shows at most {WINDOW} results; after and limit go beyond")
    groups, search, until = _groups(sent), records.searches[name], controls.until()
    by, descending = _order(sent)
    if by == "hs_object_id" and not descending:
        found = search.find(groups, offset=offset, limit=limit, until=until)
        total, ids = found.total, list(found.ids)
    else:
        every = search.find_sorted(groups, by, descending=descending, until=until)
        total, ids = len(every), every[offset : offset + limit]
    page = [row for row in (records.collections[name].row(one, until) for one in ids) if row]
    answer: dict[str, Any] = {
        "total": total,
        "results": [records.shown(name, row, sent.get("properties") or ()) for row in page],
    }
    if offset + limit < total:
        last = offset if controls.faults.repeat_cursor else offset + limit
        answer["paging"] = {"next": {"after": str(last)}}
    return jsonify(answer)


def _groups(sent: dict[str, Any]) -> list[Group]:
    groups = [group.get("filters") or [] for group in sent.get("filterGroups") or ()]
    if len(groups) > _GROUPS or sum(map(len, groups)) > _CONDITIONS:
        raise wrong(f"at most {_GROUPS} groups and {_CONDITIONS} filters are allowed")
    for condition in chain.from_iterable(groups):
        _check(condition)
    return groups


def _check(condition: Condition) -> None:
    operator = condition.get("operator")
    if operator not in OPERATORS or "propertyName" not in condition:
        raise wrong("a filter needs a propertyName and a known operator")
    needed = NEEDS.get(operator, "value")
    if needed and condition.get(needed) is None:
        raise wrong(f"the operator {operator} needs {needed}")


def _order(sent: dict[str, Any]) -> tuple[str, bool]:
    """The property to sort by and whether backwards; a sort may be the mere name of a property."""
    sorts = sent.get("sorts") or [{"propertyName": "hs_object_id"}]
    first = {"propertyName": sorts[0]} if isinstance(sorts[0], str) else sorts[0]
    return str(first.get("propertyName")), first.get("direction") == "DESCENDING"
