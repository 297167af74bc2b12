"""What Request Tracker's records mean.  Fields as recorded from Request Tracker 5.0.3 (tests/connectors/rt)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from hub.model import Contact, Owner, Phone, SurveyKind, SurveyResponse, Ticket, TicketPriority, TicketStatus
from hub.spec import Mapping, Record, Rule, Terms, choose, constant, convert, decide, emails, field, first, pluck, records

_STATUSES = {
    "new": TicketStatus.NEW,
    "open": TicketStatus.OPEN,
    "stalled": TicketStatus.PENDING,
    "resolved": TicketStatus.SOLVED,
    "rejected": TicketStatus.CLOSED,
    "deleted": TicketStatus.CLOSED,
}
"""The default lifecycle: https://docs.bestpractical.com/rt/5.0.3/RT_Config.html#Lifecycles ; queues may have others."""

_UNSOLVED = ("new", "open", "stalled", "rejected", "deleted")
_LEVELS = ((100, TicketPriority.HIGH), (50, TicketPriority.NORMAL))
"""From which number on RT says High and Medium: https://docs.bestpractical.com/rt/5.0.3/RT_Config.html#PriorityAsString ."""

_BEST = Decimal(5)


def _page(path: str) -> Rule:
    """Where a person sees the record, below the address that the admin gave."""

    def apply(record: Record, terms: Terms) -> str | None:
        address, key = terms.answers.get("address"), convert.text(pluck(record, "id"))
        return f"{address}{path}{key}" if address and key else None

    return Rule(reads=("id",), apply=apply)


def _phones(mobile: Any, work: Any, home: Any) -> tuple[Phone, ...]:
    said = {"mobile": convert.text(mobile), "work": convert.text(work), "home": convert.text(home)}
    return tuple(Phone(number=number, label=label) for label, number in said.items() if number)


def _people(requestors: Any) -> tuple[str, ...]:
    """A requestor may be a group, which is nobody in particular."""
    people = (convert.text(item.get("id")) for item in records(requestors, "") if item.get("type") == "user")
    return tuple(person for person in people if person)


def _one(requestors: Any) -> str | None:
    return next(iter(_people(requestors)), None)


def _owner(key: Any, name: Any) -> str | None:
    """A ticket that nobody owns is owned by RT's user Nobody."""
    return None if name == "Nobody" else convert.text(key)


def _priority(number: Any) -> TicketPriority | None:
    said = convert.number(number)
    if said is None:
        return None
    return next((level for least, level in _LEVELS if said >= least), TicketPriority.LOW)


def _solved_at(status: Any, resolved: Any) -> datetime | None:
    """RT keeps the time when a ticket is opened again, and sets it for rejected ones too."""
    return None if status in _UNSOLVED else convert.instant(resolved)


def _rated_at(resolved: Any, changed: Any) -> datetime | None:
    """A ticket holds no time of its rating: people are asked when it is solved, and a later change may be about anything."""
    return convert.instant(resolved) or convert.instant(changed)


def _score(rating: Any) -> Decimal | None:
    said = convert.number(rating)
    if said is not None and not 1 <= said <= _BEST:
        raise ValueError("not a rating from 1 to 5")
    return said


def _fields(custom: Any) -> dict[str, Any] | None:
    return custom if isinstance(custom, dict) else None


def _active(disabled: Any) -> bool | None:
    said = convert.flag(disabled)
    return None if said is None else not said


MAPPINGS = (
    Mapping(
        type=Contact,
        stream="contacts",
        rules={
            "full_name": field("RealName"),
            "emails": emails(field("EmailAddress")),
            "phones": decide(_phones, "MobilePhone", "WorkPhone", "HomePhone"),
            "company_name": field("Organization"),
            "language": field("Lang"),
            "time_zone": field("Timezone"),
            "city": field("City"),
            "country": field("Country"),
            "url": _page("/User/Summary.html?id="),
            "created_at": field("Created", convert.instant),
            "changed_at": field("LastUpdated", convert.instant),
        },
        ignored=("type", "_url"),
        # Agents are owners; RT_System and Nobody are RT itself.
        unless={"privileged": (True,), "Name": ("RT_System", "Nobody")},
    ),
    Mapping(
        type=Owner,
        stream="owners",
        rules={
            "name": first(field("user.RealName"), field("user.Name")),
            "email": field("user.EmailAddress"),
            "active": decide(_active, "user.Disabled"),
            "created_at": field("user.Created", convert.instant),
            "changed_at": field("user.LastUpdated", convert.instant),
        },
        ignored=("type", "_url", "user.*"),
        unless={"type": ("group",)},
    ),
    Mapping(
        type=Ticket,
        stream="tickets",
        rules={
            "subject": field("Subject"),
            "status": choose("Status", _STATUSES),
            "priority": decide(_priority, "Priority"),
            "category": field("Queue.Name"),
            "opened_at": field("Created", convert.instant),
            "solved_at": decide(_solved_at, "Status", "Resolved"),
            "requester_ids": decide(_people, "Requestor"),
            "assignee_id": decide(_owner, "Owner.id", "Owner.Name"),
            "url": _page("/Ticket/Display.html?id="),
            "custom": field("custom", _fields),
            "created_at": field("Created", convert.instant),
            "changed_at": field("LastUpdated", convert.instant),
        },
        ignored=("type", "_url", "EffectiveId", "Queue.*", "Owner.*"),
    ),
    Mapping(
        type=SurveyResponse,
        stream="tickets",
        rules={
            "kind": constant(SurveyKind.CSAT),
            "score": decide(_score, "custom.Satisfaction"),
            "scale_min": constant(Decimal(1)),
            "scale_max": constant(_BEST),
            "label": field("custom.Satisfaction"),
            "respondent_id": decide(_one, "Requestor"),
            "ticket_id": field("id"),
            "responded_at": decide(_rated_at, "Resolved", "LastUpdated"),
            "url": _page("/Ticket/Display.html?id="),
            "changed_at": field("LastUpdated", convert.instant),
        },
        unless={"custom.Satisfaction": (None, "")},
    ),
)
