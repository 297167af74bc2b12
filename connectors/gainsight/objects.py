"""How Gainsight's objects are read: described first, then asked for beyond the last id; CTAs by pages; what was deleted."""
# https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Custom_Object_API/Gainsight_Custom_Object_API_Documentation

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from hub.spec import Lookup, Next, Record, Reply, Request, Stream, keyset, pluck, records

# Up to 5000 rows are answered at once; but a page is absorbed in one transaction.
PAGE: Final = 100
# The object of each stream and its fields, the last of them the time of the last change: a query must name every field.
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
_NOTHING: Final = ("GSOBJ_1011", "No data found for given criteria", "No entity matches the given criteria")
# How moments are written in a condition: to the log of deletions, to objects, and to calls to action.
_LONG, _ISO, _DAY = "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.000+0000", "%Y-%m-%d"
_RARELY: Final[dict[str, Any]] = {"incremental": False, "every": timedelta(hours=6), "sweep": timedelta(hours=6)}
Condition = tuple[str, str, Sequence[Any]]
_post = partial(Request, method="POST")
# Calls to action have an API of their own, which pages by number.
# https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Cockpit_API/Call_To_Action_(CTA)_API_Documentation
_CALLS = {"select": ["name", "CompanyId", "CreatedDate", "ClosedDate", "ModifiedDate"], "pageSize": PAGE, "pageNumber": 1}


def nothing(body: Any) -> bool:
    """Whether an answer says that nothing was found, which Gainsight may call an error, and answer with 400."""
    return pluck(body, "errorCode") in _NOTHING or pluck(body, "errorDesc") in _NOTHING


def listed(body: Any) -> list[Any] | None:
    """What an answer lists: bare, or under `records`, some objects either way."""
    # https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Company_and_Relationship_API/Company_API_Documentation
    places = (pluck(body, "data"), pluck(body, "data.records"))
    return [] if nothing(body) else next((found for found in places if isinstance(found, list)), None)


# The records of an answer, the account's own fields of each together; a description of an object brings none.
def _rows(reply: Reply) -> list[Record] | None:
    found = listed(reply.body)
    return None if found is None else [_parted(each) for each in found if isinstance(each, dict) and "fields" not in each]


def _parted(row: Record) -> Record:
    own = {name: said for name, said in row.items() if name.endswith("__gc")}
    return {name: said for name, said in row.items() if name not in own} | ({"custom": own} if own else {})


# The described fields that are picklists, with what their items are called.
def _picklists(reply: Reply) -> list[Record] | None:
    found = listed(reply.body)
    told = [field for each in found or () for field in records(each, "fields") if field.get("options")]
    return None if found is None else [{**each, "id": f"{each.get('objectName')}.{each.get('fieldName')}"} for each in told]


# https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Data_Management_APIs/Data_Management_APIs
def _described(*names: str, **kept: Any) -> Request:
    how = {"host": "MDA", "includeChilds": "false", "childLevels": "0", "populatePickListOptions": "true"}
    return _post(path="/v1/meta/services/objects/describe", json={"objectNames": [*names], **how}, kept=kept)


def _where(conditions: Sequence[Condition], word: str = "name") -> dict[str, Any]:
    named = [{word: of, "alias": "ABC"[at], "operator": how, "value": [*said]} for at, (of, how, said) in enumerate(conditions)]
    return {"where": {"conditions": named, "expression": " AND ".join("ABC"[: len(named)])}} if named else {}


def query(name: str, select: Sequence[str], asked: Sequence[Condition] = (), *, key: str = "Gsid", **more: Any) -> Request:
    """A query in the order of the key, beyond the `last` one: a row that changes meanwhile keeps its place."""
    where = _where([(key, "GT", [more.pop("last")]), *asked] if "last" in more else asked)
    body = {"select": [key, *select], **where, "orderBy": {key: "asc"}, "limit": PAGE, "offset": 0, **more}
    kept = {"name": name, "select": [*select], "asked": [*asked], "key": key}
    return _post(path=f"/v1/data/objects/query/{name}", json=body, kept=kept)


# Of an object's described fields those of the tenant's own making, and the currency of revenue; none that is hidden.
def _own(body: Any, select: Sequence[str]) -> list[str]:
    told = {str(one.get("fieldName")): one.get("deleted") or pluck(one, "meta.hidden") for one in records(body, "data.0.fields")}
    shown = (name for name, hidden in told.items() if hidden in (None, False, "false"))
    return [name for name in shown if name.endswith("__gc") or (name == "CurrencyIsoCode" and "Arr" in select)]


# From a description to the first query, which also asks for the tenant's own fields; from each page to the one after it.
def _onward(request: Request, reply: Reply) -> Next | None:
    asked, kept, found = request.json, request.kept, listed(reply.body)
    if "objectNames" in asked:
        return Next(request=query(**{**kept, "select": [*kept["select"], *_own(reply.body, kept["select"])]})) if kept else None
    if "pageNumber" not in asked:
        after = keyset("", id=kept["key"], size=PAGE, after=lambda _request, last: query(**kept, last=last))
        return after(request, Reply(status=reply.status, body=found))
    onward = _post(path=request.path, json={**asked, "pageNumber": asked["pageNumber"] + 1})
    return Next(request=onward) if len(found or ()) >= PAGE else None


def _stream(name: str, ask: Callable[..., Request], changed_at: str | None, *, form: str = _ISO, **more: Any) -> Stream:
    def start(since: datetime | None) -> Request:
        return ask([(str(changed_at), "GTE", [since.astimezone(UTC).strftime(form)])] if since else [])

    # In which time zone a filter is read, the documentation does not say: a day covers any of them.
    told = {"following": _onward, "records": _rows, "id": "Gsid", "sweep": timedelta(days=7), "lag": timedelta(days=1), **more}
    return Stream(name=name, start=start, changed_at=changed_at, **told)


def _object(stream: str, **more: Any) -> Stream:
    name, *select = _OBJECTS[stream].split()
    return _stream(stream, lambda since: _described(name, **query(name, select, since).kept), select[-1], **more)


# What was deleted in the last 15 days, as Gainsight's log of deletions tells.
def _deleted(stream: str) -> Stream:
    name, log = _OBJECTS[stream].split()[0], partial(query, "record_delete_log", ("DeletedOn", "ObjectName"), key="RecordId")
    # Only that it says Company of companies is documented: others are asked for by either of their names.
    asked = ("ObjectName", "IN", [name, name.replace("_", " ").title()])
    more: dict[str, Any] = {"form": _LONG, "id": "RecordId", "tombstones_of": stream, "sweep": None}
    return _stream(f"deleted_{stream}", lambda since: log([asked, *since]), "DeletedOn", **more)


def _calls(name: str, at: str, **more: Any) -> Stream:
    return _stream(name, lambda on: _post(path=at, json=_CALLS | _where(on, "fieldName")), "ModifiedDate", form=_DAY, **more)


# What the rows of another object that name a record tell of it: all that stands in each of some fields.
def _beside(into: str, name: str, key: str, asked: Sequence[Condition], *select: str) -> tuple[Lookup]:
    def read(body: Any) -> Mapping[str, Record]:
        told = [(str(each.get(key)), each) for each in records(listed(body), "")]
        return {one: {field: [row.get(field) for of, row in told if of == one] for field in select} for one in dict(told)}

    def request(ids: Sequence[str]) -> Request:
        return query(name, (key, *select), [(key, "IN", ids), *asked], limit=5000)

    return (Lookup(into=into, size=PAGE, request=request, read=read),)


REFERENCES: Final = (
    _stream("owners", lambda _since: query("gsuser", ("Name", "Email")), None, **_RARELY),
    _stream("picklists", lambda _since: _described("Company", "relationship"), None, records=_picklists, id="id", **_RARELY),
)
STREAMS: Final = (
    _object("companies", also=_beside("contracted", "relationship", "CompanyId", [("OriginalContractDate", "IS_NOT_NULL", ())])),
    _object("contacts", also=_beside("employed", "company_person", "Person_ID", [], "Company_ID", "SfdcContactId")),
    *map(_object, ("memberships", "relationships", "timeline")),
    _object("nps", gone=lambda answer: answer.get("Deleted") is True),
    _calls("calls_to_action", "/v2/cockpit/cta/list"),
    *map(_deleted, ("companies", "contacts", "memberships", "relationships")),
    _calls("deleted_calls_to_action", "/v2/cockpit/cta/deleted/list", tombstones_of="calls_to_action", sweep=None),
)
