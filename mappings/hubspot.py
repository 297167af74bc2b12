"""What HubSpot's records mean; the values of their properties are text or null."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hub.model import (
    Company,
    Contact,
    Deal,
    DealStatus,
    Email,
    Owner,
    Phone,
    Pipeline,
    PipelineKind,
    PipelineStage,
    Ticket,
    TicketPriority,
    TicketStatus,
)
from hub.spec import (
    Mapping,
    Record,
    Rule,
    Terms,
    choose,
    constant,
    convert,
    decide,
    field,
    join,
    many,
    money,
    pluck,
    records,
    stage,
)

_PRIORITIES = {
    "LOW": TicketPriority.LOW,
    "MEDIUM": TicketPriority.NORMAL,
    "HIGH": TicketPriority.HIGH,
    "URGENT": TicketPriority.URGENT,
}
_WAITING = {"new": TicketStatus.NEW, "waiting on contact": TicketStatus.PENDING, "waiting on us": TicketStatus.OPEN}
"""By the names that HubSpot itself gives to the open stages it makes; an open stage of another name is just open."""


def _texts(properties: dict[str, str]) -> dict[str, Rule]:
    return {ours: field(f"properties.{theirs}") for ours, theirs in properties.items()}


def _several(*values: Any) -> tuple[str, ...]:
    # Several values are one text with semicolons: https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide
    items = (item.strip() for value in values for item in (convert.text(value) or "").split(";"))
    return tuple(dict.fromkeys(item for item in items if item))


def _emails(primary: Any, others: Any) -> tuple[Email, ...]:
    first = convert.text(primary)
    rest = tuple(Email(address=other) for other in _several(others) if other != first)
    return (Email(address=first, primary=True), *rest) if first else rest


def _phones(phone: Any, mobile: Any = None) -> tuple[Phone, ...]:
    said = (("phone", convert.text(phone)), ("mobile", convert.text(mobile)))
    return tuple(Phone(number=number, label=label) for label, number in said if number)


def _companies(linked: Any, primary: Any) -> tuple[str, ...]:
    """The company that the contact itself names, then those it is linked to."""
    named = [primary, *(linked if isinstance(linked, list) else [])]
    return tuple(dict.fromkeys(one for one in map(convert.text, named) if one))


def _close_date(as_: Callable[[Any], Any], *, closed: bool) -> Rule:
    """The one date that HubSpot has: a forecast until the stage is one that ends the deal, then when it happened."""

    def apply(record: Record, terms: Terms) -> Any:
        ended = _STATUS.apply(record, terms) in (DealStatus.WON, DealStatus.LOST)
        return as_(pluck(record, "properties.closedate")) if ended is closed else None

    return Rule(reads=("properties.closedate", *_STATUS.reads), apply=apply, pipelines=True)


def _deal_stage(_name: str | None, metadata: Any) -> str:
    closed, chance = convert.flag(pluck(metadata, "isClosed")), convert.number(pluck(metadata, "probability"))
    if closed is False:
        return DealStatus.OPEN
    ends = {Decimal(1): DealStatus.WON, Decimal(0): DealStatus.LOST}
    return ends.get(chance, DealStatus.UNKNOWN) if closed and chance is not None else DealStatus.UNKNOWN


def _ticket_stage(name: str | None, metadata: Any) -> str:
    states = {"CLOSED": TicketStatus.CLOSED, "OPEN": _WAITING.get((name or "").casefold(), TicketStatus.OPEN)}
    return states.get(convert.text(pluck(metadata, "ticketState")) or "", TicketStatus.UNKNOWN)


def _stages(category: Callable[[str | None, Any], str]) -> Rule:
    # https://developers.hubspot.com/docs/api-reference/crm-pipelines-v3/guide
    def stage_of(record: Record) -> PipelineStage | None:
        key, name, metadata = convert.text(record.get("id")), convert.text(record.get("label")), record.get("metadata")
        chance = convert.number(pluck(metadata, "probability"))
        return PipelineStage(id=key, name=name, category=category(name, metadata), probability=chance) if key else None

    def stages(found: Any) -> tuple[PipelineStage, ...]:
        ordered = sorted(records(found, ""), key=lambda held: convert.number(held.get("displayOrder")) or 0)
        return tuple(each for held in ordered if (each := stage_of(held)))

    return decide(stages, "stages")


def _pipeline(stream: str, kind: PipelineKind, category: Callable[[str | None, Any], str]) -> Mapping:
    rules = {**_TIMES, "name": field("label"), "kind": constant(kind), "stages": _stages(category)}
    return Mapping(type=Pipeline, stream=stream, rules=rules, ignored=("archived", "displayOrder"))


_STATUS = stage(DealStatus, "properties.pipeline", "properties.dealstage")
_TIMES = {"created_at": field("createdAt", convert.instant), "changed_at": field("updatedAt", convert.instant)}
_RECORD = {**_TIMES, "url": field("url")}
_PARTY = {
    **_RECORD,
    **_texts({"city": "city", "country": "country", "owner_id": "hubspot_owner_id"}),
    "merged_ids": decide(_several, "properties.hs_merged_object_ids"),
}
_UNREAD = (
    *("archived", "objectWriteTraceId", "properties.hs_object_id", "properties.createdate"),
    *("properties.lastmodifieddate", "properties.hs_lastmodifieddate"),
)

MAPPINGS = (
    Mapping(
        type=Owner,
        stream="owners",
        rules={
            "name": join("firstName", "lastName"),
            "email": field("email"),
            "active": decide(lambda archived: None if archived is None else not convert.flag(archived), "archived"),
            **_TIMES,
        },
        ignored=("type", "userId*", "teams"),
    ),
    _pipeline("deal_pipelines", PipelineKind.SALES, _deal_stage),
    _pipeline("ticket_pipelines", PipelineKind.SUPPORT, _ticket_stage),
    Mapping(
        type=Company,
        stream="companies",
        rules={
            **_texts({"name": "name", "website": "website", "industry": "industry"}),
            "domains": decide(_several, "properties.domain", "properties.hs_additional_domains"),
            "phones": decide(_phones, "properties.phone"),
            "employee_count": field("properties.numberofemployees", convert.whole),
            "annual_revenue": money("properties.annualrevenue", "properties.hs_annual_revenue_currency_code", answer="currency"),
            **_PARTY,
        },
        ignored=_UNREAD,
    ),
    Mapping(
        type=Contact,
        stream="contacts",
        rules={
            "full_name": join("properties.firstname", "properties.lastname"),
            **_texts({"given_name": "firstname", "family_name": "lastname", "job_title": "jobtitle"}),
            **_texts({"language": "hs_language", "company_name": "company", "asserted_stage": "lifecyclestage"}),
            "emails": decide(_emails, "properties.email", "properties.hs_additional_emails"),
            "phones": decide(_phones, "properties.phone", "properties.mobilephone"),
            "company_ids": decide(_companies, "companies", "properties.associatedcompanyid"),
            **_PARTY,
        },
        ignored=_UNREAD,
    ),
    Mapping(
        type=Deal,
        stream="deals",
        rules={
            **_texts({"name": "dealname", "pipeline_id": "pipeline", "stage_id": "dealstage", "owner_id": "hubspot_owner_id"}),
            "status": _STATUS,
            "amount": money("properties.amount", "properties.deal_currency_code", answer="currency"),
            "probability": field("properties.hs_deal_stage_probability", convert.number),
            "expected_close_on": _close_date(convert.day, closed=False),
            "closed_at": _close_date(convert.instant, closed=True),
            "contact_ids": many("contacts"),
            "company_ids": many("companies"),
            **_RECORD,
        },
        ignored=_UNREAD,
    ),
    Mapping(
        type=Ticket,
        stream="tickets",
        rules={
            **_texts({"subject": "subject", "category": "hs_ticket_category", "channel": "source_type"}),
            "status": stage(TicketStatus, "properties.hs_pipeline", "properties.hs_pipeline_stage"),
            "priority": choose("properties.hs_ticket_priority", _PRIORITIES),
            "opened_at": field("createdAt", convert.instant),
            "first_reply_at": field("properties.first_agent_reply_date", convert.instant),
            "solved_at": field("properties.closed_date", convert.instant),
            "requester_ids": many("contacts"),
            "company_ids": many("companies"),
            "assignee_id": field("properties.hubspot_owner_id"),
            **_RECORD,
        },
        ignored=_UNREAD,
    ),
)
