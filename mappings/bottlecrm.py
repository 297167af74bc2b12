"""What BottleCRM's records mean.  Fields as recorded from BottleCRM 1.35.0 (tests/connectors/bottlecrm)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from hub import model
from hub.spec import Mapping, Rule, choose, constant, convert, decide, emails, field, join, many, money, pluck, records

_KINDS = {"open": model.DealStatus.OPEN, "won": model.DealStatus.WON, "lost": model.DealStatus.LOST}
_DEAL_KINDS = {
    "NEW_BUSINESS": model.DealKind.NEW_BUSINESS,
    "RENEWAL": model.DealKind.RENEWAL,
    "UPSELL": model.DealKind.EXPANSION,
    "CROSS_SELL": model.DealKind.EXPANSION,
}
"""All of BottleCRM's types but EXISTING_BUSINESS, which may be an expansion as well as a renewal: a person is asked."""
_STATUSES = {
    "New": model.TicketStatus.NEW,
    "Assigned": model.TicketStatus.OPEN,
    "Pending": model.TicketStatus.PENDING,
    "Closed": model.TicketStatus.CLOSED,
    "Rejected": model.TicketStatus.CLOSED,
    "Duplicate": model.TicketStatus.CLOSED,
}
_PRIORITIES = {
    "Low": model.TicketPriority.LOW,
    "Normal": model.TicketPriority.NORMAL,
    "High": model.TicketPriority.HIGH,
    "Urgent": model.TicketPriority.URGENT,
}


def _phones(number: Any) -> tuple[model.Phone, ...]:
    said = convert.text(number)
    return (model.Phone(number=said, primary=True),) if said else ()


def _id(item: Any) -> str | None:
    return convert.text(pluck(item, "id"))


def _name(item: Any) -> str | None:
    return convert.text(pluck(item, "name"))


def _first(assigned: Any) -> str | None:
    """The first of the people assigned, which is all that one owner can hold."""
    return _id(pluck(assigned, "0"))


def _accounts(main: Any, linked: Any) -> tuple[str, ...]:
    """The main account first, then the others: a contact has one of its own and may be a member of many."""
    said = [convert.text(main), *(_id(item) for item in records(linked, ""))]
    return tuple(dict.fromkeys(account for account in said if account))


def _custom(fields: Any, active: Any) -> dict[str, Any]:
    """What is inactive says so: a closed account differs in nothing else from an open one."""
    return {**(fields if isinstance(fields, dict) else {}), **({"is_active": False} if active is False else {})}


def _stages(stages: Any) -> tuple[model.PipelineStage, ...]:
    """A deal names its stage by code, which is unique within its pipeline."""
    return tuple(
        model.PipelineStage(
            id=code, name=convert.text(item.get("label")), category=str(_KINDS.get(str(item.get("kind")), "unknown"))
        )
        for item in records(stages, "")
        if (code := convert.text(item.get("code")))
    )


def _fraction(percent: Any) -> Decimal | None:
    said = convert.number(percent)
    if said is not None and not 0 <= said <= 100:  # noqa: PLR2004 - a percentage
        raise ValueError("not a percentage")
    return None if said is None else said / 100


def _ended_at(*kinds: str) -> Rule:
    """When a deal entered a last stage of these kinds, else the day somebody wrote; an open deal carries a planned day there."""

    def ended_at(kind: Any, changed_at: Any, closed_on: Any) -> datetime | None:
        return (convert.instant(changed_at) or convert.instant(closed_on)) if kind in kinds else None

    return decide(ended_at, "stage_kind", "stage_changed_at", "closed_on")


def _ended_days(kind: Any, changed_at: Any, closed_on: Any) -> tuple[str, ...]:
    """The times of which only the day is known."""
    if kind not in ("won", "lost") or convert.instant(changed_at) or not convert.instant(closed_on):
        return ()
    return ("closed_at", f"{kind}_at")


_COMPANY = {
    "name": field("name"),
    "emails": emails(field("email")),
    "phones": decide(_phones, "phone"),
    "website": field("website"),
    "industry": field("industry"),
    "employee_count": field("number_of_employees", convert.whole),
    "annual_revenue": money("annual_revenue", "currency"),
    "city": field("city"),
    "country": field("country"),
    "owner_id": decide(_first, "assigned_to"),
    "tags": many("tags", _name),
    "custom": decide(_custom, "custom_fields", "is_active"),
    "created_at": field("created_at", convert.instant),
}
_UNREAD = ("teams", "description", "created_by*", "org.*")
_ADDRESS = ("address_line", "state", "postcode")
_COMPANY_UNREAD = (*_UNREAD, *_ADDRESS, "country_display", "rollups.*", "contacts", "cases", "tasks", "opportunities")

MAPPINGS = (
    Mapping(type=model.Company, stream="accounts", rules=_COMPANY, ignored=_COMPANY_UNREAD),
    Mapping(type=model.Company, stream="closed_accounts", rules=_COMPANY, ignored=_COMPANY_UNREAD),
    Mapping(
        type=model.Contact,
        stream="contacts",
        rules={
            "full_name": join("first_name", "last_name"),
            "given_name": field("first_name"),
            "family_name": field("last_name"),
            "emails": emails(field("email")),
            "phones": decide(_phones, "phone"),
            "job_title": field("title"),
            "department": field("department"),
            "city": field("city"),
            "country": field("country"),
            "company_name": field("organization"),
            "source": field("source"),
            "company_ids": decide(_accounts, "account", "linked_accounts"),
            "owner_id": decide(_first, "assigned_to"),
            "custom": decide(_custom, "custom_fields", "is_active"),
            "created_at": field("created_at", convert.instant),
            "changed_at": field("updated_at", convert.instant),
        },
        # The tags of contacts are ids without names, unlike those of all other records.
        ignored=(*_UNREAD, *_ADDRESS, "phone_e164", "source_*", "do_not_call", "linkedin_url", "account_detail.*", "tags"),
    ),
    Mapping(
        type=model.Deal,
        stream="deals",
        rules={
            "name": field("name"),
            "status": choose("stage_kind", _KINDS),
            "pipeline_id": field("pipeline"),
            "stage_id": field("stage"),
            "amount": money("amount", "currency"),
            "probability": decide(_fraction, "probability"),
            "expected_close_on": field("closed_on", convert.day),
            "kind": choose("opportunity_type", _DEAL_KINDS),
            "opened_at": field("created_at", convert.instant),
            "closed_at": _ended_at("won", "lost"),
            "won_at": _ended_at("won"),
            "lost_at": _ended_at("lost"),
            "days": decide(_ended_days, "stage_kind", "stage_changed_at", "closed_on"),
            "contact_ids": many("contacts", _id),
            "company_ids": many("account.id"),
            "owner_id": decide(_first, "assigned_to"),
            "custom": decide(_custom, "custom_fields", "is_active"),
            "created_at": field("created_at", convert.instant),
        },
        ignored=(
            *_UNREAD,
            *("stage_label", "amount_source", "lead_source", "source_*", "line_items*"),
            *("closed_by*", "tags"),
            *("created_on_arrow", "days_in_stage", "aging_status", "next_activity*", "account.name"),
        ),
    ),
    Mapping(
        type=model.Ticket,
        stream="tickets",
        rules={
            "subject": field("name"),
            "status": choose("status", _STATUSES),
            "priority": choose("priority", _PRIORITIES),
            "category": field("case_type"),
            "opened_at": field("created_at", convert.instant),
            "first_reply_at": field("first_response_at", convert.instant),
            "solved_at": field("resolved_at", convert.instant),
            "requester_ids": many("contacts", _id),
            "company_ids": many("account.id"),
            "assignee_id": decide(_first, "assigned_to"),
            "tags": many("tags", _name),
            "custom": decide(_custom, "custom_fields", "is_active"),
            "created_at": field("created_at", convert.instant),
        },
        ignored=(
            *_UNREAD,
            *("closed_on", "escalation_count", "last_escalation_fired_at", "sla_*", "is_sla_*", "first_response_sla_deadline"),
            *("resolution_sla_deadline", "parent*", "is_problem", "child_count", "time_summary.*", "account.name"),
        ),
    ),
    Mapping(
        type=model.Pipeline,
        stream="pipelines",
        rules={"name": field("name"), "kind": constant(model.PipelineKind.SALES), "stages": decide(_stages, "stages")},
        ignored=("is_default",),
    ),
    Mapping(
        type=model.Owner,
        stream="owners",
        rules={
            "name": field("user_details.name"),
            "email": field("user_details.email"),
            "active": field("is_active", convert.flag),
            "created_at": field("created_at", convert.instant),
        },
        ignored=("user_details.*", "role", "address*", "has_*", "phone", "date_of_joining", "active_token_count"),
    ),
)
