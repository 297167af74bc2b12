"""How HubSpot's records are read: by search, with their links to each other, and what was archived."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from hub.spec import Following, Lookup, Next, Record, Reply, Request, Some, Stream, cursor, keyset, once, pluck, records

_PAGE = 200
_PROPERTIES = {
    "contacts": "firstname lastname email hs_additional_emails phone mobilephone jobtitle company city country hs_language "
    "lifecyclestage associatedcompanyid hubspot_owner_id hs_merged_object_ids createdate hs_lead_status hs_analytics_source "
    "hs_latest_source hs_v2_date_entered_subscriber hs_v2_date_entered_lead hs_v2_date_entered_marketingqualifiedlead "
    "hs_v2_date_entered_salesqualifiedlead",
    "companies": "name domain hs_additional_domains website phone industry numberofemployees annualrevenue "
    "hs_annual_revenue_currency_code city country hubspot_owner_id hs_merged_object_ids lifecyclestage hs_analytics_source "
    "hs_latest_source",
    "deals": "dealname pipeline dealstage amount deal_currency_code hs_deal_stage_probability closedate hubspot_owner_id "
    "createdate dealtype closed_lost_reason",
    "tickets": "subject hs_pipeline hs_pipeline_stage hs_ticket_priority hs_ticket_category source_type "
    "first_agent_reply_date closed_date hubspot_owner_id",
}
_PRIMARY = {1, 5, 26}
"""HubSpot's own link types to the primary company, from a contact, a deal and a ticket:
https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide#association-type-id-values"""


def _post(path: str, **body: Any) -> Request:
    return Request(method="POST", path=path, json=body)


def _beyond(last: str, *more: dict[str, str]) -> list[dict[str, Any]]:
    return [{"filters": [{"propertyName": "hs_object_id", "operator": "GT", "value": last}, *more]}]


def _search(kind: str) -> Callable[[datetime | None], Request]:
    # https://developers.hubspot.com/docs/api-reference/search/guide; contacts alone call the time of a change otherwise.
    changed = "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"

    def start(since: datetime | None) -> Request:
        newer = []
        if since is not None:
            newer = [{"propertyName": changed, "operator": "GTE", "value": str(int(since.timestamp() * 1000))}]
        return _post(
            f"/crm/v3/objects/{kind}/search",
            filterGroups=_beyond("0", *newer),
            sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            properties=_PROPERTIES[kind].split(),
            limit=_PAGE,
        )

    return start


def _after(request: Request, last: str) -> Request:
    # A search ends at its 10,000th record, so each page is a search of its own, beyond the last id of the page before.
    (group,) = request.json["filterGroups"]
    return _post(request.path, **{**request.json, "filterGroups": _beyond(last, *group["filters"][1:])})


def _linked(kind: str, other: str) -> Lookup:
    """The ids of the other records linked to each record, the primary company first."""

    def request(ids: Sequence[str]) -> Request:
        return _post(f"/crm/v4/associations/{kind}/{other}/batch/read", inputs=[{"id": one} for one in ids])

    def read(body: Any) -> dict[str, list[str]]:
        return {str(pluck(found, "from.id")): _ends(records(found, "to")) for found in records(body, "results")}

    return Lookup(into=other, size=1000, request=request, read=read)


def _ends(links: list[Record]) -> list[str]:
    def secondary(link: Record) -> bool:
        return not any(
            found.get("category") == "HUBSPOT_DEFINED" and found.get("typeId") in _PRIMARY
            for found in records(link, "associationTypes")
        )

    return [str(link["toObjectId"]) for link in sorted(links, key=secondary) if "toObjectId" in link]


def _again(kind: str) -> Some:
    def request(ids: Sequence[str]) -> Request:
        inputs, wanted = [{"id": one} for one in ids], _PROPERTIES[kind].split()
        return _post(f"/crm/v3/objects/{kind}/batch/read", inputs=inputs, properties=wanted, propertiesWithHistory=[])

    return Some(request=request, size=100, records="results")


def _objects(kind: str, *others: str) -> Stream:
    return Stream(
        name=kind,
        start=_search(kind),
        following=keyset("results", id="id", size=_PAGE, after=_after),
        records="results",
        changed_at="updatedAt",
        total="total",
        some=_again(kind),
        also=tuple(_linked(kind, other) for other in others),
        lag=timedelta(minutes=5),  # A search learns of a change some moments after it was made.
        sweep=timedelta(days=7),
        volatile=("objectWriteTraceId",),
    )


def _listing(name: str, path: str, following: Following, **params: str | int) -> Stream:
    return Stream(
        name=name,
        start=lambda _since: Request(path=path, params={**params}),
        following=following,
        records="results",
        incremental=False,
        sweep=timedelta(hours=1),
    )


def _archived(kind: str) -> Stream:
    listing = Request(path=f"/crm/v3/objects/{kind}", params={"archived": "true", "limit": 100, "properties": "hs_object_id"})
    return Stream(
        name=f"archived_{kind}",
        start=lambda _since: listing,
        following=cursor("paging.next.after", into="after"),
        records="results",
        changed_at="archivedAt",
        incremental=False,
        tombstones_of=kind,
        every=timedelta(hours=1),
    )


def _then_archived(request: Request, reply: Reply) -> Next | None:
    """Active owners, then archived ones, so that the record of somebody who left keeps its owner's name."""
    following = cursor("paging.next.after", into="after")(request, reply)
    if following or request.params.get("archived") == "true":
        return following
    return Next(request=Request(path=request.path, params={"limit": 100, "archived": "true"}))


REFERENCES = (
    _listing("owners", "/crm/v3/owners", _then_archived, limit=100, archived="false"),
    _listing("deal_pipelines", "/crm/v3/pipelines/deals", once()),
    _listing("ticket_pipelines", "/crm/v3/pipelines/tickets", once()),
)
STREAMS = (
    _objects("companies"),
    _objects("contacts", "companies"),
    _objects("deals", "contacts", "companies"),
    _objects("tickets", "contacts", "companies"),
    *(_archived(kind) for kind in _PROPERTIES),
)
