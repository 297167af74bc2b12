"""What Freshdesk's records mean: https://developers.freshdesk.com/api/ ."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from hub import model, spec
from hub.model import TicketPriority, TicketStatus
from hub.spec import Mapping, Record, Rule, Terms, convert, decide, emails, field, many, pluck, records, texts, times

_STATUSES = {"2": TicketStatus.OPEN, "3": TicketStatus.PENDING, "4": TicketStatus.SOLVED, "5": TicketStatus.CLOSED}
"""From 6 on they are the account's own."""
_PRIORITIES = {"1": TicketPriority.LOW, "2": TicketPriority.NORMAL, "3": TicketPriority.HIGH, "4": TicketPriority.URGENT}
_SOURCES = ("Email", "Portal", "Phone", "Forum", "Twitter", "Facebook", "Chat", "MobiHelp", "Feedback Widget", "Outbound Email")
"""Counted from 1."""
_STEPS = ("-103", "-102", "-101", "100", "101", "102", "103")
"""A survey offers three, five or all of them. The numbers leave a gap between unhappy and neutral, so steps are counted."""
_WORDS = ("Extremely unhappy", "Very unhappy", "Unhappy", "Neutral", "Happy", "Very happy", "Extremely happy")
_OVERALL = "ratings.default_question"
"""The question that is in every survey."""
_HEALTH = {"at risk": Decimal(0), "doing okay": Decimal(1), "happy": Decimal(2)}


def _page(kind: str) -> Rule:
    """Where agents see the record, below the address that the admin named."""

    def apply(record: Record, terms: Terms) -> str | None:
        subdomain, key = terms.answers.get("subdomain"), convert.text(record.get("id"))
        return f"https://{subdomain}.freshdesk.com/a/{kind}/{key}" if subdomain and key else None

    return Rule(reads=("id",), apply=apply)


def _custom(*kept: str) -> Rule:
    """The account's own fields, and what no field of ours holds, under their names there."""

    def custom(own: Any, *values: Any) -> dict[str, Any] | None:
        found = {**(own if isinstance(own, dict) else {}), **dict(zip(kept, values, strict=True))}
        return {name: value for name, value in found.items() if value not in (None, "", [])} or None

    return decide(custom, "custom_fields", *kept)


def _phones(work: Any, mobile: Any, others: Any) -> tuple[model.Phone, ...]:
    labelled = {"work": [work], "mobile": [mobile], None: others if isinstance(others, list) else []}
    said = ((convert.text(each), label) for label, numbers in labelled.items() for each in numbers)
    return tuple(model.Phone(number=number, label=label) for number, label in said if number)


def _companies(main: Any, others: Any) -> tuple[str, ...]:
    """The company of a contact, and those that they belong to besides."""
    said = (convert.text(main), *(convert.text(each.get("company_id")) for each in records(others, "")))
    return tuple(dict.fromkeys(each for each in said if each))


def _health(said: Any) -> tuple[model.ExternalScore, ...] | spec.Unknown:
    """An account may have words of its own for it, of which nobody can say whether they are good."""
    word = convert.text(said)
    if word is None or (value := _HEALTH.get(word.casefold())) is None:
        return spec.Unknown(path="health_score", raw=word) if word else ()
    return (model.ExternalScore(name="Health", value=value, minimum=Decimal(0), maximum=Decimal(2), higher_is_better=True),)


def _channel(number: Any) -> str | None:
    """What Freshdesk calls a source; one that it has added since stays a number."""
    said = convert.whole(number)
    return None if said is None else _SOURCES[said - 1] if 0 < said <= len(_SOURCES) else str(said)


def _domain(said: Any) -> str | None:
    """Words that are no domain tell agents whom a company's people are, too."""
    found = convert.text(said)
    return found if found and "." in found else None


def _solved_at(status: Any, resolved: Any, closed: Any) -> datetime | None:
    """A ticket that was opened again may keep when it was resolved before."""
    return None if convert.text(status) in ("2", "3") else convert.instant(resolved) or convert.instant(closed)


def _stages(choices: Any) -> tuple[model.PipelineStage, ...]:
    """Each status with what agents call it, and then what requesters see."""
    found = choices.items() if isinstance(choices, dict) else ()
    return tuple(
        model.PipelineStage(id=key, name=convert.text(pluck(called, "0")), category=str(_STATUSES.get(key, TicketStatus.UNKNOWN)))
        for key, called in found
    )


def _rated(read: Callable[[int], Any]) -> Rule:
    """Something about the step of the overall rating."""

    def rated(said: Any) -> Any:
        value = convert.text(said)
        return None if value is None else read(_STEPS.index(value)) if value in _STEPS else spec.Unknown(path=_OVERALL, raw=value)

    return decide(rated, _OVERALL)


_TIMES = times(created_at="created_at", changed_at="updated_at")
_COMPANY = {
    **texts("name=name industry=industry tier=account_tier"),
    "domains": many("domains", _domain),
    "renewal_date": field("renewal_date", convert.day),
    "scores": decide(_health, "health_score"),
    "url": _page("companies"),
    "custom": _custom(),
    **_TIMES,
}
_CONTACT = {
    **texts("full_name=name given_name=first_name family_name=last_name"),
    **texts("job_title=job_title language=language time_zone=time_zone"),
    "emails": emails(field("email"), many("other_emails")),
    "phones": decide(_phones, "phone", "mobile", "other_phone_numbers"),
    "company_ids": decide(_companies, "company_id", "other_companies"),
    "tags": many("tags"),
    "url": _page("contacts"),
    "custom": _custom("address", "unique_external_id", "twitter_id", "facebook_id"),
    **_TIMES,
}
_TICKET = {
    **texts("subject=subject category=type assignee_id=responder_id"),
    "status": spec.choose("status", _STATUSES),
    "priority": spec.choose("priority", _PRIORITIES),
    "channel": decide(_channel, "source"),
    **times(opened_at="created_at", first_reply_at="stats.first_responded_at"),
    "solved_at": decide(_solved_at, "status", "stats.resolved_at", "stats.closed_at"),
    "requester_ids": many("requester_id"),
    "company_ids": many("company_id"),
    "tags": many("tags"),
    "url": _page("tickets"),
    "custom": _custom("group_id", "product_id"),
    **_TIMES,
}
_RATING = {
    "kind": spec.constant(model.SurveyKind.CSAT),
    "score": _rated(lambda step: Decimal(step + 1)),
    "scale_min": spec.constant(Decimal(1)),
    "scale_max": spec.constant(Decimal(len(_STEPS))),
    "label": _rated(_WORDS.__getitem__),
    **texts("comment=feedback respondent_id=user_id ticket_id=ticket_id survey_id=survey_id"),
    "answers": field("ratings", lambda said: said if isinstance(said, dict) else None),
    "responded_at": field("created_at", convert.instant),
    **_TIMES,
}
_AGENT = {
    **texts("name=contact.name email=contact.email"),
    "active": decide(lambda gone: None if (said := convert.flag(gone)) is None else not said, "deactivated"),
    **_TIMES,
}
_STATUS = {**texts("name=label"), "kind": spec.constant(model.PipelineKind.SUPPORT), "stages": decide(_stages, "choices")}
_UNREAD = {
    "agents": "agent_* available* contact.* focus_mode group_ids last_active_at occasional org_* role_ids signature skill_ids "
    "ticket_scope type",
    "statuses": "created_at customers_can_* default description displayed_* label_* name portal_* position required_* type "
    "updated_at",
    "companies": "description note org_*",
    "contacts": "active avatar* contact_type csat_rating deleted description org_contact_id* preferred_source "
    "twitter_* view_all_tickets visitor_id",
    "tickets": "associat* attachments cc_emails deleted description* due_by email_config_id form_id fr_* fwd_emails initial_* "
    "is_escalated nr_* reply_cc_emails requester.* sentiment_* spam stats.* structured_description support_email "
    "ticket_cc_emails to_emails",
    "satisfaction_ratings": "agent_id group_id",
}


def _mapped(kind: type[model.Entity], stream: str, rules: dict[str, Rule]) -> Mapping:
    return Mapping(type=kind, stream=stream, rules=rules, ignored=tuple(_UNREAD[stream].split()))


MAPPINGS = (
    _mapped(model.Owner, "agents", _AGENT),
    _mapped(model.Pipeline, "statuses", _STATUS),
    _mapped(model.Company, "companies", _COMPANY),
    _mapped(model.Contact, "contacts", _CONTACT),
    _mapped(model.Ticket, "tickets", _TICKET),
    _mapped(model.SurveyResponse, "satisfaction_ratings", _RATING),
)
