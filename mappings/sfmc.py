"""What the rows of Marketing Cloud's data extensions mean; columns are those of the data views, in lower case.

https://help.salesforce.com/s/articleView?id=mktg.mc_as_data_views.htm
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hub.model import Activity, ActivityKind, Consent, ConsentState, Contact, Direction, Phone
from hub.spec import Mapping, Record, Rule, Terms, choose, constant, convert, decide, emails, field, first, join

_SYSTEM_TIME = timezone(timedelta(hours=-6))
"""Rows are written in Central Standard Time all the year, without saying so."""
_STATES = {"active": ConsentState.OPT_IN, "unsubscribed": ConsentState.OPT_OUT}
_SILENT = ("bounced", "held", "deleted", "")
"""Statuses that tell whether a message arrives, not whether it may be sent."""
_SALESFORCE_ID = re.compile(r"(003|00Q)[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?")
_ID = "subscriberkey"
_READ = (_ID, "id", "emailaddress", "status", "datejoined", "dateunsubscribed", "firstname", "lastname", "mobilephone", "locale")


def _moment(said: Any) -> datetime | None:
    """A time such as 4/5/2024 3:04:05 PM, or as ISO 8601 has it; without a zone it is the servers'."""
    text = convert.text(said)
    if text is None:
        return None
    try:
        found = datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p")  # noqa: DTZ007 - it gets its zone below
    except ValueError:
        try:
            found = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueError("not a moment in time") from error
    try:
        return (found if found.tzinfo else found.replace(tzinfo=_SYSTEM_TIME)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("not a moment in time") from error


def _phones(number: Any) -> tuple[Phone, ...]:
    said = convert.text(number)
    return (Phone(number=said, primary=True, label="mobile"),) if said else ()


def _references(key: Any) -> tuple[str, ...]:
    """Where Marketing Cloud Connect feeds subscribers, their key is the id of the contact or the lead in Salesforce."""
    said = convert.text(key) or ""
    return (f"salesforce:contact:{said}",) if _SALESFORCE_ID.fullmatch(said) else ()


def _custom(*known: str) -> Rule:
    """The columns that the account added."""

    def custom(record: Record, _terms: Terms) -> dict[str, Any] | None:
        return {name: held for name, held in record.items() if name not in known and held not in (None, "")} or None

    return Rule(reads=("",), apply=custom)


def _state(record: Record, terms: Terms) -> Any:
    said = (convert.text(record.get("status")) or "").casefold()
    return None if said in _SILENT else _STATUS.apply(record, terms)


def _since(record: Record, terms: Terms) -> datetime | None:
    """When a state was taken: of leaving and of joining the moment is told; of one that is not known nothing is."""
    found = _state(record, terms)
    columns = {ConsentState.OPT_OUT: "dateunsubscribed", ConsentState.OPT_IN: "datejoined"}
    return _moment(record.get(columns[found])) if found in columns else None


def _who(key: Any) -> tuple[str, ...]:
    said = convert.text(key)
    return (said,) if said else ()


_STATUS = choose("status", _STATES)
_AT = {"created_at": field("eventdate", _moment), "occurred_at": field("eventdate", _moment)}
_MAIL = first(field("emailsubject"), field("emailname"))
_MARKS = ("id", _ID, "eventdate", "emailsubject", "isunique", "batchid", "listid")


def _happened(stream: str, kind: ActivityKind, direction: Direction, subject: Rule = _MAIL, **more: Rule) -> Mapping:
    """Something that happened between the account and a subscriber by e-mail."""
    rules = {
        "kind": constant(kind),
        "direction": constant(direction),
        "channel": constant("email"),
        "subject": subject,
        "contact_ids": decide(_who, _ID),
        "custom": _custom(*_MARKS),
        **_AT,
        **more,
    }
    return Mapping(type=Activity, stream=stream, rules=rules, ignored=("*",))


_BY_MACHINE = constant(True)  # noqa: FBT003 - the value of a field
MAPPINGS = (
    Mapping(
        type=Contact,
        stream="subscribers",
        id=_ID,
        rules={
            "full_name": join("firstname", "lastname"),
            "given_name": field("firstname"),
            "family_name": field("lastname"),
            "emails": emails(field("emailaddress")),
            "phones": decide(_phones, "mobilephone"),
            "language": field("locale"),
            "external_ids": decide(_references, _ID),
            "created_at": field("datejoined", _moment),
            "custom": _custom(*_READ),
        },
        ignored=("*",),
    ),
    Mapping(
        type=Consent,
        stream="subscribers",
        id=_ID,
        rules={
            "contact_id": field(_ID),
            "purpose": constant("marketing"),
            "channel": constant("email"),
            "state": Rule(reads=_STATUS.reads, apply=_state, options=_STATUS.options),
            "at": Rule(reads=("status", "datejoined", "dateunsubscribed"), apply=_since),
            "created_at": field("datejoined", _moment),
        },
    ),
    _happened("sends", ActivityKind.EMAIL, Direction.OUT, automatic=_BY_MACHINE),
    _happened("opens", ActivityKind.EMAIL_OPEN, Direction.IN),
    _happened("clicks", ActivityKind.EMAIL_CLICK, Direction.IN, first(field("linkname"), field("url"))),
    _happened(
        "bounces", ActivityKind.EMAIL, Direction.NONE, join("bouncecategory", "bouncesubcategory", by=": "), automatic=_BY_MACHINE
    ),
    _happened("unsubscribes", ActivityKind.EMAIL, Direction.NONE, constant("Unsubscribed")),
    _happened(
        "journeys",
        ActivityKind.NOTE,
        Direction.OUT,
        field("journeyname"),
        automatic=_BY_MACHINE,
        channel=constant("journey"),
        created_at=field("entrydate", _moment),
        occurred_at=field("entrydate", _moment),
        contact_ids=decide(_who, "contactkey"),
        custom=_custom("id", "contactkey", "entrydate", "journeyname"),
    ),
)
