"""What the Zendesk stand-in's lists are narrowed by, and its search: words and `name:value` with the signs : < > <= >=.

https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/
"""

import re
import shlex
from operator import eq, ge, gt, le, lt

from flask import request

from connectors.zendesk.sandbox_access import refused
from connectors.zendesk.sandbox_pages import neighbours, whole
from connectors.zendesk.sandbox_records import ONE, Records
from hub.sandbox.answers import Json, iso_seconds, rows
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import EVER, ordinal
from hub.sandbox.rows import Row

MOST = 1000
"""A search shows no more than so many of what it finds."""
_TERM = re.compile(r"(-?)([a-z_]+)(<=|>=|:|<|>)(.*)")
_SIGNS = {":": eq, "<": lt, ">": gt, "<=": le, ">=": ge}
_SCORES = {"received": ("good", "bad"), "good": ("good",), "bad": ("bad",)}
_STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
_TYPES = {"ticket": "tickets", "user": "users", "organization": "organizations"}
_WORDS = ("subject", "description", "name", "email")


def _value(row: Row, name: str) -> object:
    """What a term compares: dates by their day or instant, statuses by their order."""
    if name in ("created", "updated"):
        return ordinal(iso_seconds(row.created if name == "created" else row.updated))
    found = row.fields.get({"requester": "requester_id", "assignee": "assignee_id"}.get(name, name))
    if name == "status" and found in _STATUSES:
        return float(_STATUSES.index(found))
    return ordinal(str(found)) if found is not None else None


def _fits(row: Row, term: str) -> bool:
    matched = _TERM.fullmatch(term)
    if matched is None:
        return any(term.lower() in str(row.fields.get(name) or "").lower() for name in _WORDS)
    negated, name, sign, text = matched.groups()
    found = _value(row, name)
    wanted = float(_STATUSES.index(text)) if name == "status" and text in _STATUSES else ordinal(text)
    if text == "none":
        return (found is None) != bool(negated)
    if type(found) is not type(wanted):
        return bool(negated)
    return bool(_SIGNS[sign](found, wanted)) != bool(negated)


def _found(records: Records, name: str, terms: list[str]) -> list[tuple[str, Row]]:
    """Every live record of an object that fits all terms."""
    collection = records.collections[name]
    live = rows(collection, collection.live(0, len(collection)))
    return [(name, row) for row in live if all(_fits(row, term) for term in terms)]


def search(records: Records) -> Json:
    """A page of what a query finds among tickets, users and organizations."""
    terms = shlex.split(request.args.get("query", ""))
    rest = [term for term in terms if not term.startswith("type:")]
    types = {term.removeprefix("type:") for term in terms} & set(_TYPES) or set(_TYPES)
    size, number = min(whole("per_page", 100), 100) or 100, whole("page", 1) or 1
    if size * number > MOST:
        raise refused(422, "invalid", f"Invalid search: no more than {MOST} results are shown")
    found = [hit for kind, name in _TYPES.items() if kind in types for hit in _found(records, name, rest)]
    page = found[(number - 1) * size : number * size]
    return {
        "results": [{**records.shown(name, row), "result_type": ONE[name]} for name, row in page],
        "facets": None,
        **neighbours(number, size, len(found)),
    }


def by_role(users: Collection, roles: set[str]) -> list[int] | None:
    """The live users with certain roles; None means all, whatever they are."""
    if not roles:
        return None
    touched = rows(users, users.changed_later(0))
    others = {row.id for row in touched if row.fields.get("role") in ("agent", "admin") and row.state == "live"}
    if roles <= {"agent", "admin"}:
        return sorted(row.id for row in touched if row.id in others and row.fields["role"] in roles)
    left = others if roles == {"end-user"} else set()
    return [one for one in users.live(0, len(users)) if one not in left]


def rated(collection: Collection) -> list[int] | None:
    """The ratings since a time, answered or not, with certain scores where one is named; None means all of them."""
    score = request.args.get("score", "")
    if not score and "start_time" not in request.args:
        return None
    found = rows(collection, sorted(one for _, one in collection.changed(whole("start_time", 0) * 1000, EVER)))
    scores = _SCORES.get(score.partition("_with")[0], (score,))
    kept = [row for row in found if row.state == "live" and (not score or row.fields["score"] in scores)]
    if "_with" in score:
        kept = [row for row in kept if bool(row.fields["comment"]) == score.endswith("_with_comment")]
    return [row.id for row in kept]
