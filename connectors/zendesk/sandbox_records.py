"""The invented company as Zendesk would hold it: users, organizations, tickets and satisfaction ratings.

Fields: https://developer.zendesk.com/api-reference/ticketing/ (tickets, users, organizations, satisfaction ratings).
What is nobody's choice in a young account is null there as here.
"""

from collections.abc import Callable
from typing import Any

from connectors.zendesk.sandbox_fields import organization_fields, user_fields
from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.rows import Fields, Row, Source
from hub.sandbox.slots import Tool
from hub.sandbox.world import FIRST_ID, Kind, Staff, World, record_id

TOOL: Tool = "zendesk"
ACCOUNT = 22_129_848
OFFSET = 46_400_000_000_000
"""Ids of an account made in 2026 are this long; those of tickets count from 1."""
KINDS: dict[str, Kind] = {
    "users": "contact",
    "organizations": "company",
    "tickets": "ticket",
    "satisfaction_ratings": "survey_response",
}
ONE = {"users": "user", "organizations": "organization", "tickets": "ticket", "satisfaction_ratings": "satisfaction_rating"}
GROUP, FORM, BRAND = OFFSET + 11, OFFSET + 12, OFFSET + 13
_AGENT = OFFSET + 1_000_001
_CHANNELS = ("web", "email", "email", "api", "native_messaging")


def first_id(kind: Kind) -> int:
    """The id of a kind's record number 0."""
    return FIRST_ID[kind] + (1 - FIRST_ID["ticket"] if kind == "ticket" else OFFSET)


def identity(kind: Kind, index: int, number: int = 0) -> int:
    """The id that a record of the world has here."""
    return record_id(kind, index, number) - FIRST_ID[kind] + first_id(kind)


def agent(index: int | None) -> int | None:
    """The user id of a member of staff."""
    return None if index is None else _AGENT + index


def _organization_of(world: World, company: int | None) -> int | None:
    known = company is not None and TOOL in world.company_tools(company)
    return identity("company", company) if company is not None and known else None


def _dialled(phone: str | None) -> str | None:
    """A number as people type it at home: (11) 91234-5678."""
    if phone is None:
        return None
    digits = phone.removeprefix("+55").removeprefix("+1")
    area, rest = (digits[:2], digits[2:]) if phone.startswith("+55") else (digits[:3], digits[3:])
    return f"({area}) {rest[:-4]}-{rest[-4:]}"


def _user(world: World, index: int, _number: int) -> Fields:
    seen, drawn = world.as_seen(index, TOOL), world.bytes("zendesk user", index)
    known = world.reference(index) and "hubspot" in world.tools(index)
    return user_fields(
        f"{seen.given_name} {seen.family_name}",
        None if seen.email_taken else seen.email,
        phone=_dialled(seen.phone),
        shared_phone_number=None if seen.phone is None else False,
        organization_id=_organization_of(world, seen.company),
        external_id=f"hubspot:{record_id('contact', index)}" if known else None,
        verified=drawn[0] % 2 == 0,
        locale="pt-BR" if seen.language == "pt" else "en-US",
        locale_id=19 if seen.language == "pt" else 1,
    )


def agents(world: World) -> tuple[Row, ...]:
    """The invented company's own people; the first is the administrator."""
    began = milliseconds(BEGINS)
    return tuple(Row(id=_AGENT + one.index, created=began, updated=began, fields=_agent(one)) for one in world.staff)


def _agent(staff: Staff) -> Fields:
    role = "agent" if staff.index else "admin"
    known = {"role": role, "verified": True, "restricted_agent": False, "ticket_restriction": None}
    return user_fields(f"{staff.given_name} {staff.family_name}", staff.email, default_group_id=GROUP, **known)


def _organization(world: World, index: int, _number: int) -> Fields:
    company, drawn = world.company(index), world.bytes("zendesk organization", index)
    return organization_fields(company.name, [company.domain] if drawn[0] % 4 else [])


def _ticket(world: World, index: int, number: int) -> Fields:
    ticket, drawn = world.ticket(index, TOOL, number), world.bytes("zendesk ticket", index, number)
    person, status = identity("contact", index), ticket.status.replace("on_hold", "hold")
    rating: dict[str, Any] = {"score": "offered" if ticket.solved_at and drawn[1] % 2 else "unoffered"}
    if ticket.answer:
        rating = {"id": identity("survey_response", index), "score": "good" if ticket.answer.good else "bad"}
        rating |= {"comment": ticket.answer.comment, "reason": "No reason provided", "reason_id": 0}
    return {
        "via": {"channel": _CHANNELS[drawn[0] % len(_CHANNELS)], "source": {"from": {}, "to": {}, "rel": None}},
        "type": ticket.kind,
        "subject": ticket.subject,
        "description": ticket.subject,
        "priority": ticket.priority,
        "status": status,
        "requester_id": person,
        "submitter_id": person,
        "assignee_id": agent(ticket.owner),
        "organization_id": _organization_of(world, ticket.company),
        "group_id": GROUP,
        "satisfaction_rating": rating,
        "tags": ["presale"] if drawn[2] % 20 == 0 else [],
    }


def _rating(world: World, index: int, _number: int) -> Fields:
    ticket = world.ticket(index, TOOL, 0)
    good, comment = (ticket.answer.good, ticket.answer.comment) if ticket.answer else (False, None)
    return {
        "assignee_id": agent(ticket.owner),
        "group_id": GROUP,
        "requester_id": identity("contact", index),
        "ticket_id": identity("ticket", index),
        "score": "good" if good else "bad",
        "comment": comment,
        "reason": None if good else "No reason provided",
        "reason_id": None,
        "reason_code": None if good else 0,
    }


def _answered(world: World, index: int) -> tuple[int, int]:
    answer = world.ticket(index, TOOL, 0).answer
    return (milliseconds(answer.asked_at), milliseconds(answer.answered_at)) if answer else (0, 0)


_FIELDS: dict[str, Callable[[World, int, int], Fields]] = {
    "users": _user,
    "organizations": _organization,
    "tickets": _ticket,
    "satisfaction_ratings": _rating,
}


def source(world: World, name: str) -> Source:
    """Where the records of an object come from."""
    kind, made = KINDS[name], _FIELDS[name]
    rated = name == "satisfaction_ratings"
    return Source(
        shelf=world.shelf(TOOL, kind),
        first_id=first_id(kind),
        fields=lambda index, number: made(world, index, number),
        stamps=lambda index, number: _answered(world, index) if rated else world.stamps(TOOL, kind, index, number),
    )
