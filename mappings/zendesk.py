"""What Zendesk's records mean. A person's role says whether they are somebody who asks or one of those who answer."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hub.model import Company, Contact, Email, Owner, Phone, SurveyKind, SurveyResponse, Ticket, TicketPriority, TicketStatus
from hub.spec import Mapping, Rule, Unknown, choose, constant, convert, decide, field, many, records

_STATUSES = {
    "new": TicketStatus.NEW,
    "open": TicketStatus.OPEN,
    "pending": TicketStatus.PENDING,
    "hold": TicketStatus.ON_HOLD,
    "solved": TicketStatus.SOLVED,
    "closed": TicketStatus.CLOSED,
}
_PRIORITIES = {
    "low": TicketPriority.LOW,
    "normal": TicketPriority.NORMAL,
    "high": TicketPriority.HIGH,
    "urgent": TicketPriority.URGENT,
}
_SCORES = {"good": Decimal(1), "bad": Decimal(0)}
_ASKED = "offered"
"""A rating that somebody was asked for; it becomes good or bad when they answer."""
_API_ADDRESS = re.compile(r"(https?://[^/?#]+)/api/v2/(users|tickets|organizations)/(\d+)(?:\.json)?")
_REFERENCE = re.compile(r"([a-z][a-z0-9_-]*):(?:([a-z_]+):)?([^:\s/]+)", re.IGNORECASE)


def _page(address: Any) -> str | None:
    """Where a person finds the record: Zendesk itself tells only its address for programs."""
    found = _API_ADDRESS.fullmatch(convert.text(address) or "")
    return f"{found[1]}/agent/{found[2]}/{found[3]}" if found else None


def _emails(address: Any, verified: Any) -> tuple[Email, ...]:
    # True says that any of the person's addresses is verified, not which; only False speaks of each one.
    # https://developer.zendesk.com/api-reference/ticketing/users/users/#json-format
    said, none = convert.text(address), convert.flag(verified) is False
    return (Email(address=said, primary=True, verified=False if none else None),) if said else ()


def _phones(number: Any, shared: Any) -> tuple[Phone, ...]:
    said = convert.text(number)
    return (Phone(number=said, primary=True, label="shared" if convert.flag(shared) else None),) if said else ()


def _references(kind: str) -> Rule:
    """An external id such as `hubspot:101` names the record of another system; any other is a number of somebody's own."""

    def references(external_id: Any) -> tuple[str, ...]:
        found = _REFERENCE.fullmatch(convert.text(external_id) or "")
        return (f"{found[1].lower()}:{(found[2] or kind).lower()}:{found[3]}",) if found else ()

    return decide(references, "external_id")


def _first_reply(created: Any, minutes: Any) -> datetime | None:
    begun, waited = convert.instant(created), convert.whole(minutes)
    try:
        return None if begun is None or waited is None else begun + timedelta(minutes=waited)
    except OverflowError as error:
        raise ValueError("not a moment in time") from error


def _custom(found: Any) -> dict[str, Any] | None:
    return {str(each.get("id")): each["value"] for each in records(found, "") if each.get("value") is not None} or None


def _score(said: Any) -> Decimal | Unknown | None:
    word = convert.text(said)
    return None if word in (None, _ASKED) else _SCORES.get(word.casefold(), Unknown(path="score", raw=word))


def _label(said: Any) -> str | None:
    word = convert.text(said)
    return None if word == _ASKED else word


def _answered_at(said: Any, changed: Any) -> datetime | None:
    return None if convert.text(said) in (None, _ASKED) else convert.instant(changed)


_TIMES = {"created_at": field("created_at", convert.instant), "changed_at": field("updated_at", convert.instant)}
_RECORD = {**_TIMES, "url": decide(_page, "url")}
_OF_USERS = (
    "active alias custom_role_id default_group_id details last_login_at locale_id moderator notes only_private_comments photo* "
    "report_csv restricted_agent role_type shared shared_agent signature suspended ticket_restriction time_zone "
    "two_factor_auth_enabled"
)
_OF_AGENTS = "external_id iana_time_zone locale organization_id phone shared_phone_number tags user_fields* verified"
_OF_TICKETS = (
    "allow_* brand_id collaborator_ids custom_status_id description due_at email_cc_ids encoded_id external_id fields "
    "follower_ids followup_ids forum_topic_id from_messaging_channel generated_timestamp group_id has_incidents is_public "
    "metric_set.* problem_id raw_subject recipient satisfaction_rating.* sharing_agreement_ids submitter_id support_type "
    "ticket_form_id via.source.*"
)

MAPPINGS = (
    Mapping(
        type=Company,
        stream="organizations",
        rules={
            "name": field("name"),
            "domains": many("domain_names"),
            "tags": many("tags"),
            "external_ids": _references("company"),
            **_RECORD,
        },
        custom="organization_fields",
        ignored=("deleted_at", "details", "group_id", "notes", "shared_comments", "shared_tickets"),
    ),
    Mapping(
        type=Contact,
        stream="users",
        unless={"role": ("agent", "admin")},
        rules={
            "full_name": field("name"),
            "emails": decide(_emails, "email", "verified"),
            "phones": decide(_phones, "phone", "shared_phone_number"),
            "language": field("locale"),
            "time_zone": field("iana_time_zone"),
            "company_ids": many("organization_id"),
            "tags": many("tags"),
            "external_ids": _references("contact"),
            **_RECORD,
        },
        custom="user_fields",
        ignored=tuple(_OF_USERS.split()),
    ),
    Mapping(
        type=Owner,
        stream="users",
        unless={"role": ("end-user", None)},
        rules={"name": field("name"), "email": field("email"), "active": field("active", convert.flag), **_RECORD},
        ignored=(*_OF_USERS.split(), *_OF_AGENTS.split()),
    ),
    Mapping(
        type=Ticket,
        stream="tickets",
        rules={
            "subject": field("subject"),
            # A status of the account's own making comes with the one of these that it belongs to.
            "status": choose("status", _STATUSES),
            "priority": choose("priority", _PRIORITIES),
            "category": field("type"),
            "channel": field("via.channel"),
            "opened_at": field("created_at", convert.instant),
            "first_reply_at": decide(_first_reply, "created_at", "metric_set.reply_time_in_minutes.calendar"),
            "solved_at": field("metric_set.solved_at", convert.instant),
            "requester_ids": many("requester_id"),
            "company_ids": many("organization_id"),
            "assignee_id": field("assignee_id"),
            "tags": many("tags"),
            "reopened_count": field("metric_set.reopens", convert.whole),
            "custom": decide(_custom, "custom_fields"),
            **_RECORD,
        },
        ignored=tuple(_OF_TICKETS.split()),
    ),
    Mapping(
        type=SurveyResponse,
        stream="satisfaction_ratings",
        unless={"score": ("unoffered",)},
        rules={
            "kind": constant(SurveyKind.CSAT),
            "score": decide(_score, "score"),
            "scale_min": constant(Decimal(0)),
            "scale_max": constant(Decimal(1)),
            "label": decide(_label, "score"),
            "comment": field("comment"),
            "respondent_id": field("requester_id"),
            "ticket_id": field("ticket_id"),
            # A rating is made when somebody is asked for it: https://developer.zendesk.com/rest_api/docs/core/satisfaction_ratings
            "asked_at": field("created_at", convert.instant),
            "responded_at": decide(_answered_at, "score", "updated_at"),
            "changed_at": _TIMES["changed_at"],
        },
        ignored=("assignee_id", "group_id", "reason*", "url"),
    ),
)
