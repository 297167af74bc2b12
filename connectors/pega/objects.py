"""How Pega's data views are read: queries that page by number, and the work parties that lie within the cases."""

# https://docs-previous.pega.com/pega-digital-experience-dx-api-overview/87/data-view-endpoints ; answers recorded by the vendor
# for its own mobile SDK: https://github.com/pegasystems/constellation-mobile-sdk .

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from hub.spec import Next, Record, Reply, Request, Stream, convert, pluck, records

PAGE: Final = 100
# No query brings more than 5000 results, so that after as many pages a new one starts at the last time of creation.
# https://docs-previous.pega.com/data-management-and-integration/85/data-api-performance-and-limitations
DEEPEST: Final = 50
CREATED, CHANGED, KEY = "pxCreateDateTime", "pxUpdateDateTime", "pzInsKey"
URGENCY, PARTIES, PARTY = "pxUrgencyWork", "pyWorkParty", "pyWorkPartyUri"
TYPES: Final = ("ticket", "deal", "order", "lead")


def _asked(path: str, least: dict[str, str], page: int = 1) -> Request:
    """A page of what has at least these moments, in the order of creation: what changes meanwhile keeps its place.

    Texts cannot be compared for more and less, so a query cannot go on beyond a key.
    """
    query: dict[str, Any] = {"sortBy": [{"field": name, "type": "ASC"} for name in (CREATED, KEY)]}
    conditions = [{"lhs": {"field": field}, "comparator": "GTE", "rhs": {"value": value}} for field, value in least.items()]
    if named := {f"F{number}": condition for number, condition in enumerate(conditions, 1)}:
        query["filter"] = {"filterConditions": named, "logic": " AND ".join(named)}
    asked = {"query": query, "paging": {"pageNumber": page, "pageSize": PAGE}}
    return Request(method="POST", path=path, json=asked, kept={"least": least})


def _start(view: str, moment: str, since: datetime | None) -> Request:
    return _asked(f"/data_views/{{{view}}}", {moment: f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"} if since else {})


def _following(request: Request, reply: Reply) -> Next | None:
    """The next page, as far as this one is full: a page with a number tells nothing of those after it (recorded:
    D_EncryptionKeysList-all), and elsewhere `hasMoreResults` speaks of what lies beyond the limit.
    """
    listed, rows = pluck(reply.body, "data"), records(reply.body, "data")
    if not rows or (len(listed) < PAGE and pluck(reply.body, "hasMoreResults") not in (True, "true")):
        return None
    page, least, last = request.json["paging"]["pageNumber"], request.kept.get("least", {}), rows[-1].get(CREATED)
    if page < DEEPEST or not isinstance(last, str):
        return Next(request=_asked(request.path, least, page + 1))
    return Next(request=_asked(request.path, {**least, CREATED: last}))


def _rows(reply: Reply, read: Callable[[Record], Record]) -> list[Record] | None:
    listed = isinstance(pluck(reply.body, "data"), list)
    return [read(row) for row in records(reply.body, "data")] if listed else None


def _apart(row: Record) -> Record:
    """The columns of the application's own making, and the urgency, apart: only Pega's begin with px, py or pz."""
    pegas = {name: held for name, held in row.items() if name.startswith(("px", "py", "pz")) and name != URGENCY}
    return {**pegas, "own": {name: _own(held) for name, held in row.items() if name not in pegas and held not in (None, "", [])}}


def _own(value: Any) -> Any:
    """An embedded page goes without what Pega itself keeps in it."""
    pages = isinstance(value, dict)
    return {name: _own(held) for name, held in value.items() if not name.startswith(("px", "pz"))} if pages else value


def _case(row: Record) -> Record:
    """A case with its status by what it may be decided to be: the same word may end a sale well and a request badly."""
    bare = _apart({name: held for name, held in row.items() if name != PARTIES})
    # Of the parties only who they are stays here: what is said of them would be in every case of theirs again.
    who = [{"role": role, "class": party.get("pxObjClass"), "id": uri} for role, uri, party in _taking_part(row)]
    return {**bare, "status": dict.fromkeys(TYPES, row.get("pyStatusWork")), "parties": who}


def _parties(reply: Reply) -> list[Record] | None:
    """Who takes part in the cases, each once a page, as the case that changed last has it."""
    found = _rows(reply, dict)
    newest = sorted(found or (), key=lambda row: str(row.get(CHANGED) or ""))
    told = {uri: _apart({**party, CHANGED: row.get(CHANGED)}) for row in newest for _, uri, party in _taking_part(row)}
    return None if found is None else list(told.values())


def _taking_part(row: Record) -> Iterator[tuple[str, str, Record]]:
    """(role, id, party): they lie by their roles, and pyWorkPartyUri tells them apart."""
    # https://docs-previous.pega.com/sites/default/files/help_v62/definitions/w/workparty.htm
    held = row.get(PARTIES)
    by_role = held.items() if isinstance(held, dict) else (("", each) for each in held) if isinstance(held, list) else ()
    for role, party in by_role:
        uri = party.get(PARTY) if isinstance(party, dict) else None
        if isinstance(uri, str | int) and (said := convert.text(uri)):
            yield str(role or party.get("pxPartyRole") or ""), said, party


_STREAMS: tuple[tuple[str, str, str, str, Callable[[Reply], list[Record] | None]], ...] = (
    ("cases", "cases", CHANGED, KEY, partial(_rows, read=_case)),
    ("parties", "cases", CHANGED, PARTY, _parties),
    # Whether a post that was never edited has a time of change, no page says: every post has one of creation.
    ("posts", "posts", CREATED, KEY, partial(_rows, read=_apart)),
)
# Deletions are told of nowhere; a record has its time a little before its transaction ends, and that alone is no change.
_ALL: Final[dict[str, Any]] = {"lag": timedelta(minutes=5), "sweep": timedelta(days=1), "volatile": (CHANGED, "pzRank")}
STREAMS: Final = tuple(
    Stream(name=name, start=partial(_start, view, at), following=_following, records=read, id=key, changed_at=at, **_ALL)
    for name, view, at, key, read in _STREAMS
)
