"""How Gainsight's objects are read: described first, then asked for beyond the last id; CTAs by pages; what was deleted.

https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Custom_Object_API/Gainsight_Custom_Object_API_Documentation
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hub.spec import Following, Lookup, Next, Record, Reply, Request, Stream, keyset, pluck, records

PAGE: Final = 100
"""Up to 5000 rows are answered at once; but a page is absorbed in one transaction."""

_OBJECTS: Final = {
    "companies": "Company Name Industry Arr Mrr Employees Stage Status RenewalDate OriginalContractDate Csm "
    "CurrentScore__gr.Score ParentCompany SfdcAccountId CreatedDate ModifiedDate",
    "contacts": "Person Name FirstName LastName Email Timezone Location CreatedDate ModifiedDate",
    "memberships": "company_person Person_ID Company_ID Title Role Active IsPrimaryCompany CreatedDate ModifiedDate",
    "relationships": "relationship Name CompanyId TypeId__gr.Name Status Arr Mrr OriginalContractDate RenewalDate CreatedDate "
    "ModifiedDate",
    "nps": "nps_survey_response SurveyId CompanyId PersonId NPSScore Comment Deleted RespondedDate CreatedAt ModifiedAt",
    "timeline": "activity_timeline TypeName Subject ActivityDate AuthorId GsCompanyId ContextName CreatedDate LastModifiedDate",
}
"""The object of each stream and its fields, the last of them the time of the last change: a query must name every field."""
_NOTHING: Final = ("GSOBJ_1011", "No data found for given criteria", "No entity matches the given criteria")
_LONG, _ISO, _DAY = "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.000+0000", "%Y-%m-%d"
"""How moments are written in a condition: to the log of deletions, to objects, and to calls to action."""
_HOURLY: Final[dict[str, Any]] = {"every": timedelta(hours=1), "sweep": None}
_BARE: Final = {"ic": "false", "cl": "0", "idd": "false", "ihc": "false", "piec": "false"}
"""A description of the fields alone: no objects that refer to it, no mappings, no items of picklists."""

Condition = tuple[str, str, Sequence[Any]]


def nothing(body: Any) -> bool:
    """Whether an answer says that nothing was found, which Gainsight may call an error."""
    return pluck(body, "errorCode") in _NOTHING or pluck(body, "errorDesc") in _NOTHING


def listed(body: Any) -> list[Any] | None:
    """What an answer lists: bare, or under `records`, some objects either way."""
    # https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Company_and_Relationship_API/Company_API_Documentation
    places = (pluck(body, "data"), pluck(body, "data.records"))
    return [] if nothing(body) else next((found for found in places if isinstance(found, list)), None)


def rows(reply: Reply) -> list[Record] | None:
    """The records of an answer, the account's own fields of each together; a description of an object brings none."""
    found = listed(reply.body)
    return None if found is None else [_parted(each) for each in found if isinstance(each, dict) and "fields" not in each]


def _parted(row: Record) -> Record:
    own = {name: said for name, said in row.items() if name.endswith("__gc")}
    return {**{name: said for name, said in row.items() if name not in own}, **({"custom": own} if own else {})}


def _where(conditions: Sequence[Condition], field: str = "name") -> dict[str, Any]:
    aliased = list(zip("ABC", conditions, strict=False))
    named = [{field: name, "alias": alias, "operator": how, "value": list(values)} for alias, (name, how, values) in aliased]
    return {"where": {"conditions": named, "expression": " AND ".join(alias for alias, _ in aliased)}} if named else {}


def _since(field: str, since: datetime | None, form: str) -> list[Condition]:
    return [(field, "GTE", [since.astimezone(UTC).strftime(form)])] if since else []


def query(name: str, select: Sequence[str], *asked: Condition, key: str = "Gsid", limit: int = PAGE, last: str = "") -> Request:
    """A query in the order of the key, beyond the last one: a row that changes meanwhile keeps its place."""
    where = _where([(key, "GT", [last]), *asked] if last else asked)
    body = {"select": [key, *select], **where, "orderBy": {key: "asc"}, "limit": limit, "offset": 0}
    kept = {"name": name, "select": [*select], "asked": [*asked]}
    return Request(method="POST", path=f"/v1/data/objects/query/{name}", json=body, kept=kept)


def _own(body: Any, select: Sequence[str]) -> list[str]:
    """Of an object's described fields those of the tenant's own making, and the currency of revenue; none that is hidden."""
    # https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Data_Management_APIs/Data_Management_APIs
    told = {str(one.get("fieldName")): one.get("deleted") or pluck(one, "meta.hidden") for one in records(body, "data.0.fields")}
    shown = (name for name, hidden in told.items() if hidden in (None, False, "false"))
    return [name for name in shown if name.endswith("__gc") or (name == "CurrencyIsoCode" and "Arr" in select)]


def _onward(key: str) -> Following:
    """From a description to the first query, which also asks for the tenant's own fields; from each query to the next."""

    def after(request: Request, last: str) -> Request:
        return query(request.kept["name"], request.kept["select"], *request.kept["asked"], key=key, last=last)

    def following(request: Request, reply: Reply) -> Next | None:
        if request.method != "GET":
            return keyset("", id=key, size=PAGE, after=after)(request, replace(reply, body=listed(reply.body)))
        select = [*request.kept["select"], *_own(reply.body, request.kept["select"])]
        return Next(request=query(request.kept["name"], select, *request.kept["asked"]))

    return following


def _object(stream: str, *also: Lookup) -> Stream:
    name, *fields = _OBJECTS[stream].split()

    def start(since: datetime | None) -> Request:
        kept = query(name, fields, *_since(fields[-1], since, _ISO)).kept
        return Request(path=f"/v1/meta/services/objects/{name}/describe", params={**_BARE}, kept=kept)

    base = Stream(name=stream, start=start, following=_onward("Gsid"), records=rows, id="Gsid", changed_at=fields[-1], also=also)
    # In which time zone a filter is read, the documentation does not say: a day covers any of them.
    return replace(base, lag=timedelta(days=1), sweep=timedelta(days=7))


def _deleted(stream: str) -> Stream:
    """What was deleted in the last 15 days, as Gainsight's log of deletions tells."""
    # https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Data_Management_APIs/Data_Management_APIs
    name = _OBJECTS[stream].split()[0]

    # Only that it says Company of companies is documented: others are asked for by either of their names.
    asked: Condition = ("ObjectName", "IN", [name, name.replace("_", " ").title()])

    def start(since: datetime | None) -> Request:
        return query("record_delete_log", ("DeletedOn", "ObjectName"), asked, *_since("DeletedOn", since, _LONG), key="RecordId")

    log = {"start": start, "following": _onward("RecordId"), "id": "RecordId", "changed_at": "DeletedOn", **_HOURLY}
    return replace(_object(stream), name=f"deleted_{stream}", tombstones_of=stream, **log)


def _calls(name: str, path: str) -> Stream:
    """Calls to action have an API of their own, which pages by number."""

    # https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Cockpit_API/Call_To_Action_(CTA)_API_Documentation
    def start(since: datetime | None) -> Request:
        body = {"select": ["name", "CompanyId", "CreatedDate", "ClosedDate", "ModifiedDate"], "pageSize": PAGE, "pageNumber": 1}
        return Request(method="POST", path=path, json=body | _where(_since("ModifiedDate", since, _DAY), "fieldName"))

    def following(request: Request, reply: Reply) -> Next | None:
        body = {**request.json, "pageNumber": request.json["pageNumber"] + 1}
        return Next(request=Request(method="POST", path=path, json=body)) if len(listed(reply.body) or ()) >= PAGE else None

    # The time of a change is called the same in calls to action as in companies.
    return replace(_object("companies"), name=name, start=start, following=following)


def _of_people(body: Any) -> Mapping[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for each in records(listed(body), ""):
        found.setdefault(str(each.get("Person_ID")), []).append(each)
    return found


def _employed(ids: Sequence[str]) -> Request:
    return query("company_person", ("Person_ID", "Company_ID", "SfdcContactId"), ("Person_ID", "IN", ids), limit=5000)


def _contracted(ids: Sequence[str]) -> Request:
    return query("relationship", ["CompanyId"], ("CompanyId", "IN", ids), ("OriginalContractDate", "IS_NOT_NULL", ()), limit=5000)


def _yes(body: Any) -> Mapping[str, bool]:
    return {str(each.get("CompanyId")): True for each in records(listed(body), "")}


_RARELY: Final[dict[str, Any]] = {"incremental": False, "every": timedelta(hours=6), "sweep": timedelta(hours=6)}
_USERS: Final = query("gsuser", ("Name", "Email"))
REFERENCES: Final = (replace(_object("contacts"), name="owners", start=lambda _since: _USERS, changed_at=None, **_RARELY),)
STREAMS: Final = (
    _object("companies", Lookup(into="contracted", size=PAGE, request=_contracted, read=_yes)),
    _object("contacts", Lookup(into="employed", size=PAGE, request=_employed, read=_of_people)),
    *map(_object, ("memberships", "relationships", "timeline")),
    replace(_object("nps"), gone=lambda answer: answer.get("Deleted") is True),
    _calls("calls_to_action", "/v2/cockpit/cta/list"),
    *map(_deleted, ("companies", "contacts", "memberships", "relationships")),
    replace(_calls("deleted_calls_to_action", "/v2/cockpit/cta/deleted/list"), tombstones_of="calls_to_action", **_HOURLY),
)
