"""How Salesforce's records are read: counted, described, then queried with all their fields, as a job where they are many."""

import csv
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any, Final

from hub.spec import Following, Lookup, Next, Record, Reply, Request, Stream, next_link, once, pluck, records

_DATA: Final = "/services/data/v63.0"
_MANY: Final = 50_000
"""Rows from which on a job (Bulk API 2.0) reads them: it takes a few calls where queries take one for each 2,000 rows at most."""
_LONG: Final = 8_000
"""Characters of a query from which on it goes into the body of a job: an address may have 16,384 bytes, and blanks take three.
https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/"""
_ROWS: Final = 5_000
"""Rows of one part of a job's results, so that it stays below what we take at once."""
# Types of fields that repeat what other fields say, or that a job cannot select.
_LEFT = ("address", "location", "base64", "complexvalue")
_LAG: Final = timedelta(minutes=15)
"""What a long transaction changes is seen later than its time says: https://github.com/airbytehq/airbyte/issues/27146"""
_STAGE = "Id, MasterLabel, ApiName, IsActive, SortOrder, IsClosed, IsWon, DefaultProbability"


def _soql(fields: str, table: str, *more: str) -> str:
    return " ".join(("SELECT", fields, "FROM", table, *more)).strip()


def _query(soql: str, **kept: Any) -> Request:
    # `queryAll` also brings what was deleted or merged, as long as the recycle bin keeps it:
    # https://developer.salesforce.com/docs/atlas.en-us.242.0.api_rest.meta/api_rest/dome_queryall.htm
    return Request(path=f"{_DATA}/queryAll", params={"q": soql}, kept=kept)


def _changed(fields: str, table: str) -> Callable[[datetime | None], Request]:
    def start(since: datetime | None) -> Request:
        newer = f"WHERE SystemModstamp >= {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if since else ""
        return _query(_soql(fields, table, newer), newer=newer)

    return start


def _found(reply: Reply) -> list[Record] | None:
    """The rows of a query or of a job's results; none of a description or of a job's state."""
    match reply.body:
        case str() as text:
            return _cells(text)
        case {"records": list()}:
            return [_row(row) for row in records(reply.body, "records")]
        case {"fields": list()} | {"state": str()}:
            return []
    return None


def _pipeline(reply: Reply) -> list[Record] | None:
    """All stages together are the one pipeline that there is, so the whole answer is its record."""
    rows = pluck(reply.body, "records")
    return None if not isinstance(rows, list) else [reply.body] if rows else []


def _cells(text: str) -> list[Record] | None:
    try:
        return [_row(dict(row)) for row in csv.DictReader(StringIO(text), restkey="")]
    except csv.Error:
        return None


def _row(row: Record) -> Record:
    """A row with the fields of the organisation's own making apart; an empty cell of a CSV is null."""
    said = {name: None if value == "" else value for name, value in row.items() if name != "attributes"}
    own = {name: said.pop(name) for name in list(said) if name.endswith(("__c", "__pc", "__s"))}
    return {**said, "custom": {name: value for name, value in own.items() if value is not None}}


def _steps(table: str) -> Following:
    """Counted, described, queried to the end; or a job is made, waited for, and its results are read to their end."""

    def following(request: Request, reply: Reply) -> Next | None:
        match reply.body:
            case str():
                place = reply.headers.get("sforce-locator", "null")
                return None if place == "null" else Next(request=request.asking(locator=place))
            case {"state": str(state), "id": str(job)}:
                return _waited(request, state, job)
            case {"fields": list(fields)}:
                return Next(request=_selected(table, fields, request.kept))
            case {"totalSize": int(rows)} if "newer" in request.kept:
                about = Request(path=f"{_DATA}/sobjects/{table}/describe", kept={"rows": rows, **request.kept})
                return Next(request=about) if rows else None
        return next_link("nextRecordsUrl")(request, reply)

    return following


def _selected(table: str, fields: Sequence[Any], kept: dict[str, Any]) -> Request:
    """The query for every field that whoever signed in may see."""
    names = (each["name"] for each in records(fields, "") if each["type"] not in _LEFT)
    soql = _soql(", ".join(names), table, kept["newer"])
    if kept["rows"] <= _MANY and len(soql) <= _LONG:
        return _query(soql)
    # https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/query_create_job.htm
    job = {"operation": "queryAll", "query": soql, "contentType": "CSV", "columnDelimiter": "COMMA", "lineEnding": "LF"}
    return Request(method="POST", path=f"{_DATA}/jobs/query", json=job, kept={"query": soql})


def _waited(request: Request, state: str, job: str) -> Next:
    # A job that failed is queried: https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/query_get_one_job.htm
    path = f"{_DATA}/jobs/query/{job}"
    if state == "JobComplete":
        return Next(request=Request(path=f"{path}/results", params={"maxRecords": _ROWS}, headers={"Accept": "text/csv"}))
    if state in ("Failed", "Aborted"):
        return Next(request=_query(request.kept["query"]))
    return Next(request=Request(path=path, kept=request.kept), not_before=timedelta(seconds=20))


def _of_opportunity(into: str, fields: str, table: str, *, size: int) -> Lookup:
    """Rows that belong to opportunities. More than 2,000 would go on in a second answer, so the newest come first."""

    def request(ids: Sequence[str]) -> Request:
        among = ", ".join(f"'{one}'" for one in ids)
        soql = _soql(f"OpportunityId, {fields}", table, f"WHERE OpportunityId IN ({among}) ORDER BY CreatedDate DESC")
        return Request(path=f"{_DATA}/query", params={"q": soql})

    def read(body: Any) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for row in records(body, "records"):
            found.setdefault(str(row.get("OpportunityId")), []).append({**row, "attributes": None})
        return found

    return Lookup(into=into, size=size, request=request, read=read)


def _gone(record: Record) -> bool:
    """A merged row is deleted too, but still tells into which it went."""
    return record.get("IsDeleted") in (True, "true") and not record.get("MasterRecordId")


def _objects(name: str, table: str, *also: Lookup) -> Stream:
    return Stream(
        name=name,
        start=_changed("COUNT()", table),
        following=_steps(table),
        records=_found,
        id="Id",
        changed_at="SystemModstamp",
        total="totalSize",
        also=also,
        lag=_LAG,
        gone=_gone,
        sweep=timedelta(days=7),
        # These tell of whoever reads, or move although nobody changed the record.
        volatile=("LastViewedDate", "LastReferencedDate", "LastActivityDate"),
    )


REFERENCES = (
    Stream(
        name="users",
        start=_changed("Id, Name, Email, IsActive, UserType, CreatedDate, LastModifiedDate, SystemModstamp", "User"),
        following=next_link("nextRecordsUrl"),
        records="records",
        id="Id",
        changed_at="SystemModstamp",
        total="totalSize",
        lag=_LAG,
        every=timedelta(hours=1),
    ),
    Stream(
        name="opportunity_stages",
        start=lambda _since: _query(_soql(_STAGE, "OpportunityStage", "ORDER BY SortOrder")),
        following=once(),
        records=_pipeline,
        id="records.0.attributes.type",
        incremental=False,
        every=timedelta(hours=1),
    ),
)
STREAMS = (
    _objects("accounts", "Account"),
    _objects("contacts", "Contact"),
    _objects("leads", "Lead"),
    _objects(
        "opportunities",
        "Opportunity",
        _of_opportunity("history", "StageName, CreatedDate", "OpportunityHistory", size=100),
        _of_opportunity("roles", "ContactId, IsPrimary", "OpportunityContactRole", size=200),
    ),
    _objects("cases", "Case"),
)
