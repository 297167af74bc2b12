"""How Pega's data views are read: queries that page by number, and the work parties that lie within the cases.

https://docs-previous.pega.com/pega-digital-experience-dx-api-overview/87/data-view-endpoints ; answers recorded by the vendor
for its own mobile SDK: https://github.com/pegasystems/constellation-mobile-sdk .
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hub.spec import Next, Record, Reply, Request, Stream, convert, pluck, records

PAGE: Final = 100
DEEPEST: Final = 50
"""No query brings more than 5000 results, so that after as many pages a new one starts at the last time of creation.
https://docs-previous.pega.com/data-management-and-integration/85/data-api-performance-and-limitations"""
CREATED, CHANGED, KEY = "pxCreateDateTime", "pxUpdateDateTime", "pzInsKey"
URGENCY, PARTIES = "pxUrgencyWork", "pyWorkParty"
TYPES: Final = ("ticket", "deal", "order", "lead")


def _later(*conditions: tuple[str, str]) -> dict[str, Any]:
    """A filter of moments; texts cannot be compared for more and less, so a query cannot go on beyond a key."""
    named = {
        f"F{number}": {"lhs": {"field": field}, "comparator": "GTE", "rhs": {"value": value}}
        for number, (field, value) in enumerate(conditions, 1)
    }
    return {"filter": {"filterConditions": named, "logic": " AND ".join(named)}} if named else {}


def _asked(path: str, conditions: dict[str, Any], page: int = 1) -> Request:
    """A page in the order of creation: what changes meanwhile keeps its place, what is new comes last."""
    query = {"sortBy": [{"field": name, "type": "ASC"} for name in (CREATED, KEY)], **conditions}
    return Request(method="POST", path=path, json={"query": query, "paging": {"pageNumber": page, "pageSize": PAGE}})


def following(request: Request, reply: Reply) -> Next | None:
    """The next page, as far as this one is full: a page with a number tells nothing of those after it (recorded:
    D_EncryptionKeysList-all), and elsewhere `hasMoreResults` speaks of what lies beyond the limit.
    """
    listed, rows = pluck(reply.body, "data"), records(reply.body, "data")
    if not rows or (len(listed) < PAGE and pluck(reply.body, "hasMoreResults") not in (True, "true")):
        return None
    page, held = request.json["paging"]["pageNumber"], pluck(request.json, "query.filter")
    last = rows[-1].get(CREATED)
    if page < DEEPEST or not isinstance(last, str):
        return Next(request=_asked(request.path, {"filter": held} if held else {}, page + 1))
    asked = [(each["lhs"]["field"], each["rhs"]["value"]) for each in pluck(held, "filterConditions").values()] if held else []
    return Next(request=_asked(request.path, _later(*[one for one in asked if one[0] != CREATED], (CREATED, last))))


def _rows(reply: Reply) -> list[Record] | None:
    """The rows, with the columns of the application's own making, and the urgency, apart: only Pega's begin with px, py or pz."""
    if not isinstance(pluck(reply.body, "data"), list):
        return None
    return [_apart(row) for row in records(reply.body, "data")]


def _apart(row: Record) -> Record:
    pegas = {name: held for name, held in row.items() if name.startswith(("px", "py", "pz")) and name != URGENCY}
    return {**pegas, "own": dict(_flat({name: held for name, held in row.items() if name not in pegas}))}


def _flat(held: Record, path: str = "") -> Iterator[tuple[str, Any]]:
    """Embedded pages as columns with a dotted name, without what Pega itself keeps in them."""
    for name, value in held.items():
        if isinstance(value, dict):
            inner = {each: said for each, said in value.items() if not each.startswith(("px", "pz"))}
            yield from _flat(inner, f"{path}{name}.")
        elif value not in (None, "", []):
            yield f"{path}{name}", value


def cases(reply: Reply) -> list[Record] | None:
    """The cases, each with its status by what it may be decided to be: the same word may end a sale well and a request badly.

    Of the parties only who they are stays in the case: what is said of them would be in every case of theirs again.
    """
    found = _rows(reply)
    return found and [
        {
            **{name: held for name, held in row.items() if name != PARTIES},
            "status": dict.fromkeys(TYPES, row.get("pyStatusWork")),
            "parties": [{"role": role, "class": party.get("pxObjClass"), "id": uri} for role, uri, party in _taking_part(row)],
        }
        for row in found
    ]


def parties(reply: Reply) -> list[Record] | None:
    """Who takes part in the cases, each once a page, as the case that changed last has it."""
    found = _rows(reply)
    if found is None:
        return None
    newest = sorted(found, key=lambda row: str(row.get(CHANGED) or ""))
    told = {uri: {**_apart(party), CHANGED: row.get(CHANGED)} for row in newest for _, uri, party in _taking_part(row)}
    return list(told.values())


def _taking_part(row: Record) -> Iterator[tuple[str, str, Record]]:
    """(role, id, party): they lie by their roles, and pyWorkPartyUri tells them apart.

    https://docs-previous.pega.com/sites/default/files/help_v62/definitions/w/workparty.htm
    """
    held = row.get(PARTIES)
    by_role = held.items() if isinstance(held, dict) else (("", each) for each in held) if isinstance(held, list) else ()
    for role, party in by_role:
        uri = party.get("pyWorkPartyUri") if isinstance(party, dict) else None
        if isinstance(uri, str | int) and (said := convert.text(uri)):
            yield str(role or party.get("pxPartyRole") or ""), said, party


def _stream(name: str, view: str, found: Callable[[Reply], list[Record] | None], at: str) -> Stream:
    """Deletions are told of nowhere; a record has its time a little before its transaction ends, and that alone is no change."""

    def start(since: datetime | None) -> Request:
        return _asked(f"/data_views/{{{view}}}", _later((at, f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z")) if since else {})

    told: dict[str, Any] = {"lag": timedelta(minutes=5), "sweep": timedelta(days=1), "volatile": (CHANGED, "pzRank")}
    return Stream(name=name, start=start, following=following, records=found, id=KEY, changed_at=at, **told)


STREAMS: Final = (
    _stream("cases", "cases", cases, CHANGED),
    replace(_stream("parties", "cases", parties, CHANGED), id="pyWorkPartyUri"),
    # Whether a post that was never edited has a time of change, no page says: every post has one of creation.
    _stream("posts", "posts", _rows, CREATED),
)
