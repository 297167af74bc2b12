"""What HubSpot's records mean; the values of their properties are text or null."""

from collections.abc import Callable
from typing import Any

from hub.model import (
    Company,
    Contact,
    Deal,
    DealKind,
    DealStatus,
    Email,
    Lead,
    Owner,
    Phone,
    Ticket,
    TicketPriority,
    TicketStatus,
)
from hub.spec import Mapping, Record, Rule, Terms, choose, convert, decide, field, first, join, many, money, pluck, stage
from mappings.hubspot.leads import LEAD, SOURCE, STAGE
from mappings.hubspot.pipelines import PIPELINES, TIMES

_PRIORITIES = {
    "LOW": TicketPriority.LOW,
    "MEDIUM": TicketPriority.NORMAL,
    "HIGH": TicketPriority.HIGH,
    "URGENT": TicketPriority.URGENT,
}
_KINDS = {"newbusiness": DealKind.NEW_BUSINESS}
"""Without `existingbusiness`, which may be an expansion as well as a renewal: a person is asked."""


def _texts(properties: dict[str, str]) -> dict[str, Rule]:
    return {ours: field(f"properties.{theirs}") for ours, theirs in properties.items()}


def _several(*values: Any) -> tuple[str, ...]:
    # Several values are one text with semicolons: https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide
    items = (item.strip() for value in values for item in (convert.text(value) or "").split(";"))
    return tuple(dict.fromkeys(item for item in items if item))


def _emails(primary: Any, others: Any) -> tuple[Email, ...]:
    main = convert.text(primary)
    rest = tuple(Email(address=other) for other in _several(others) if other != main)
    return (Email(address=main, primary=True), *rest) if main else rest


def _phones(phone: Any, mobile: Any = None) -> tuple[Phone, ...]:
    said = (("phone", convert.text(phone)), ("mobile", convert.text(mobile)))
    return tuple(Phone(number=number, label=label) for label, number in said if number)


def _companies(linked: Any, primary: Any) -> tuple[str, ...]:
    """The company that the contact itself names, then those it is linked to."""
    named = [primary, *(linked if isinstance(linked, list) else [])]
    return tuple(dict.fromkeys(one for one in map(convert.text, named) if one))


def _evangelist(stage: Any) -> bool | None:
    return True if stage == "evangelist" else None


def _close_date(as_: Callable[[Any], Any], *when: DealStatus) -> Rule:
    """The one date that HubSpot has: a forecast until the stage is one that ends the deal, then when it happened."""

    def apply(record: Record, terms: Terms) -> Any:
        said = _STATUS.apply(record, terms)
        status = said if said in _ENDS else DealStatus.OPEN
        return as_(pluck(record, "properties.closedate")) if status in when else None

    return Rule(reads=("properties.closedate", *_STATUS.reads), apply=apply, pipelines=True)


_ENDS = (DealStatus.WON, DealStatus.LOST)
_STATUS = stage(DealStatus, "properties.pipeline", "properties.dealstage")
_RECORD = {**TIMES, "url": field("url")}
_PARTY = {
    **_RECORD,
    **_texts({"city": "city", "country": "country", "owner_id": "hubspot_owner_id"}),
    "merged_ids": decide(_several, "properties.hs_merged_object_ids"),
}
_UNREAD = (
    *("archived", "objectWriteTraceId", "properties.hs_object_id", "properties.createdate"),
    *("properties.lastmodifieddate", "properties.hs_lastmodifieddate"),
)
_CONTACT = {
    "full_name": join("properties.firstname", "properties.lastname"),
    **_texts({"given_name": "firstname", "family_name": "lastname", "job_title": "jobtitle"}),
    **_texts({"language": "hs_language", "company_name": "company", "asserted_stage": "lifecyclestage"}),
    "emails": decide(_emails, "properties.email", "properties.hs_additional_emails"),
    "phones": decide(_phones, "properties.phone", "properties.mobilephone"),
    "company_ids": decide(_companies, "companies", "properties.associatedcompanyid"),
    "source": SOURCE,
    "evangelist": decide(_evangelist, STAGE),
    **_PARTY,
}


def _paths(rules: dict[str, Rule]) -> tuple[str, ...]:
    return tuple(path for rule in rules.values() for path in rule.reads)


MAPPINGS = (
    Mapping(
        type=Owner,
        stream="owners",
        rules={
            "name": join("firstName", "lastName"),
            "email": field("email"),
            "active": decide(lambda archived: None if archived is None else not convert.flag(archived), "archived"),
            **TIMES,
        },
        ignored=("type", "userId*", "teams"),
    ),
    *PIPELINES,
    Mapping(
        type=Company,
        stream="companies",
        rules={
            **_texts({"name": "name", "website": "website", "industry": "industry", "asserted_stage": "lifecyclestage"}),
            "domains": decide(_several, "properties.domain", "properties.hs_additional_domains"),
            "phones": decide(_phones, "properties.phone"),
            "employee_count": field("properties.numberofemployees", convert.whole),
            "annual_revenue": money("properties.annualrevenue", "properties.hs_annual_revenue_currency_code", answer="currency"),
            "source": SOURCE,
            **_PARTY,
        },
        ignored=_UNREAD,
    ),
    Mapping(type=Contact, stream="contacts", rules=_CONTACT, ignored=(*_UNREAD, *_paths(LEAD))),
    Mapping(
        type=Lead,
        stream="contacts",
        rules=LEAD,
        ignored=(*_UNREAD, *_paths(_CONTACT)),
        # A lead that became a customer stays the lead that it was; `other` is what nobody places anywhere.
        unless={STAGE: (None, "", "other")},
    ),
    Mapping(
        type=Deal,
        stream="deals",
        rules={
            **_texts({"name": "dealname", "pipeline_id": "pipeline", "stage_id": "dealstage", "owner_id": "hubspot_owner_id"}),
            "status": _STATUS,
            "amount": money("properties.amount", "properties.deal_currency_code", answer="currency"),
            "probability": field("properties.hs_deal_stage_probability", convert.number),
            "kind": choose("properties.dealtype", _KINDS),
            "opened_at": first(field("properties.createdate", convert.instant), field("createdAt", convert.instant)),
            "expected_close_on": _close_date(convert.day, DealStatus.OPEN),
            "closed_at": _close_date(convert.instant, *_ENDS),
            "won_at": _close_date(convert.instant, DealStatus.WON),
            "lost_at": _close_date(convert.instant, DealStatus.LOST),
            "lost_reason": field("properties.closed_lost_reason"),
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
