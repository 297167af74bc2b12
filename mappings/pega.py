"""What Pega's records mean: an admin decides what the cases of each class are, and what each class of work parties is.

Standard properties: https://docs-previous.pega.com/sites/default/files/help_v73/zstandardrules/rule-obj-propertybaseclass.htm .
"""

from collections.abc import Mapping as Table
from datetime import datetime
from enum import StrEnum
from typing import Any

from hub import model
from hub.model import DealStatus, LeadStatus, OrderStatus, TicketStatus
from hub.spec import Mapping, Record, Rule, Terms, Unknown, constant, convert, decide, field, first, join, pluck, records, texts

_OPERATOR = "Data-Party-Operator"
_FIRMS = ("Data-Party-Com", "Data-Party-Gov", "Data-Party-Org")
_TICKETS = {
    "New": TicketStatus.NEW,
    "Open": TicketStatus.OPEN,
    "Pending": TicketStatus.PENDING,
    "Resolved-Completed": TicketStatus.SOLVED,
    "Resolved": TicketStatus.CLOSED,
}
"""Every status begins with one of four words, and what is resolved is over:
https://docs-previous.pega.com/sites/default/files/help_v71/definitions/w/workobjectstatus.htm . Whether that was well for a
deal, an order or a lead, only its admin knows."""
_OPEN = {"New": DealStatus.OPEN, "Open": DealStatus.OPEN, "Pending": DealStatus.OPEN}
_DEALS = {**_OPEN, "Closed-Won": DealStatus.WON, "Closed-Lost": DealStatus.LOST}
_ORDERS = {"Resolved-Cancelled": OrderStatus.CANCELLED}
_LEADS = {"New": LeadStatus.NEW, "Open": LeadStatus.WORKING, "Pending": LeadStatus.WORKING}


def _status(name: str, table: Table[str, StrEnum]) -> Rule:
    """The status by its longest beginning in a table; the connector gives it once for each type, so that each is asked about."""
    at, kind = f"status.{name}", type(next(iter(table.values())))

    def apply(record: Record, terms: Terms) -> Any:
        said = convert.text(pluck(record, at))
        if said is None:
            return None
        if chosen := terms.choices.get(at, {}).get(said):
            return kind(chosen)
        starts = sorted((word for word in table if f"{said}-".casefold().startswith(f"{word}-".casefold())), key=len)
        return table[starts[-1]] if starts else Unknown(path=at, raw=said)

    return Rule(reads=(at, "pyStatusWork"), apply=apply, options=tuple(kind))


def _resolved(status: Any, at: Any) -> datetime | None:
    """The time stays when a case is opened again."""
    return convert.instant(at) if str(status).startswith("Resolved") else None


def _parties(held: Any) -> list[tuple[str, str, str]]:
    """(role, class, id) of each work party."""
    return [(str(each.get("role")), str(each.get("class")), str(each["id"])) for each in records(held, "") if each.get("id")]


def _people(held: Any) -> tuple[str, ...]:
    others = (_OPERATOR, *_FIRMS)
    return tuple(dict.fromkeys(uri for _, kind, uri in _parties(held) if not any(other in kind for other in others)))


def _firms(held: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(uri for _, kind, uri in _parties(held) if any(firm in kind for firm in _FIRMS)))


def _owner(held: Any) -> str | None:
    """The operator whose role is Owner, else the first one."""
    found = [(role != "Owner", number, uri) for number, (role, kind, uri) in enumerate(_parties(held)) if _OPERATOR in kind]
    return min(found)[2] if found else None


def _case_of(record: Record, terms: Terms) -> str | None:
    column = terms.answers.get("post_case") or ""
    return convert.text(pluck(record.get("own"), column) or pluck(record, column)) if column else None


def _emails(said: Any, uri: Any) -> tuple[model.Email, ...]:
    """The address; a party may also be told from others by it."""
    own, key = convert.text(said), convert.text(uri) or ""
    address = own or (key if "." in key.partition("@")[2] else None)
    return (model.Email(address=address, primary=True),) if address else ()


def _phones(*said: Any) -> tuple[model.Phone, ...]:
    return tuple(model.Phone(number=number) for each in said if (number := convert.text(each)))


_CREATED, _CHANGED = field("pxCreateDateTime", convert.instant), field("pxUpdateDateTime", convert.instant)
_KEPT = {"created_at": _CREATED, "changed_at": _CHANGED}
_LEFT = ("pxObjClass", "pyID", "pzRank", *(f"px{did}{who}" for did in ("Create", "Update") for who in ("Operator", "OpName")))
_NAME = first(field("pyLabel"), field("pyDescription"), field("pyID"))
_WITH = {"contact_ids": decide(_people, "parties"), "company_ids": decide(_firms, "parties")}
_ENDED = decide(_resolved, "pyStatusWork", "pyResolvedTimestamp")
_OWNER = {"owner_id": decide(_owner, "parties")}
_ONE = decide(lambda held: next(iter(_people(held)), None), "parties")


def _case(kind: type[model.Entity], rules: dict[str, Rule], **proposes: str) -> Mapping:
    return Mapping(
        type=kind,
        stream="cases",
        id="pzInsKey",
        rules={**_KEPT, **rules},
        as_decided="pxObjClass",
        decided_name="pxObjClass",
        custom="own",
        ignored=(*_LEFT, "parties", "pyDescription"),
        proposes={f"custom.{theirs}": ours for theirs, ours in proposes.items()},
    )


def _party(kind: type[model.Entity], rules: dict[str, Rule]) -> Mapping:
    told: dict[str, Any] = {"as_decided": "pxObjClass", "decided_name": "pxObjClass", "custom": "own"}
    return Mapping(type=kind, stream="parties", id="pyWorkPartyUri", rules=rules, ignored=("px*", "pz*"), **told)


_TICKET = {
    "subject": _NAME,
    "status": _status("ticket", _TICKETS),
    "category": field("pxObjClass"),
    "opened_at": _CREATED,
    "solved_at": _ENDED,
    "requester_ids": _WITH["contact_ids"],
    "company_ids": _WITH["company_ids"],
    "assignee_id": _OWNER["owner_id"],
}
_DEAL = {"name": _NAME, "status": _status("deal", _DEALS), "opened_at": _CREATED, "closed_at": _ENDED, **_WITH, **_OWNER}
_ORDER = {"number": field("pyID"), "status": _status("order", _ORDERS), "placed_at": _CREATED, **_WITH}
_LEAD = {"status": _status("lead", _LEADS), "raw_status": field("pyStatusWork"), "captured_at": _CREATED, "contact_id": _ONE}
_PERSON = {
    "full_name": first(field("pyFullName"), join("pyFirstName", "pyLastName")),
    "emails": decide(_emails, "pyEmail1", "pyWorkPartyUri"),
    "phones": decide(_phones, "pyPhoneNumber", "pyWorkPhone", "pyMobilePhone", "pyHomePhone"),
    **texts("given_name=pyFirstName family_name=pyLastName job_title=pyPosition company_name=pyCompany"),
}
_FIRM = {
    "name": first(field("pyCompany"), field("pyFullName"), field("pyLabel")),
    **{each: _PERSON[each] for each in ("emails", "phones")},
}
_STAFF = {"name": _PERSON["full_name"], "email": field("pyEmail1")}
_POST = {
    "kind": constant(model.ActivityKind.NOTE),
    "direction": constant(model.Direction.NONE),
    "channel": constant("pulse"),
    "subject": first(field("pyMessage"), field("pyLabel"), field("pyDescription")),
    "occurred_at": _CREATED,
    "owner_id": field("pxCreateOperator"),
    # A post says which case it is about, and not what its admin decided that the case is.
    **dict.fromkeys(("ticket_id", "deal_id"), Rule(reads=(), apply=_case_of)),
}

MAPPINGS = (
    _case(model.Ticket, _TICKET),
    _case(model.Deal, _DEAL, OpportunityAmount="amount", CloseDate="expected_close_on", LostReason="lost_reason"),
    _case(model.Order, _ORDER, OrderTotal="total"),
    _case(model.Lead, _LEAD, LeadSource="source"),
    _case(
        model.Contact,
        {"full_name": _NAME, **_OWNER},
        FirstName="given_name",
        LastName="family_name",
        Email="emails",
        BusinessEmail="emails",
    ),
    _case(model.Company, {"name": _NAME, **_OWNER}, Website="website", Industry="industry"),
    _party(model.Contact, _PERSON),
    _party(model.Company, _FIRM),
    _party(model.Owner, _STAFF),
    Mapping(type=model.Activity, stream="posts", id="pzInsKey", rules={**_KEPT, **_POST}, custom="own", ignored=_LEFT),
)
