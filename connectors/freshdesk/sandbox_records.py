"""The invented company's customers as Freshdesk would hold and show them: contacts, companies, tickets, ratings, agents.

Shapes are those of https://developers.freshdesk.com/api/ ; what is the same in every record stands in `sandbox.json`.
"""

from datetime import datetime
from typing import Any

from hub.sandbox.account import Made, crm_reference, known_company
from hub.sandbox.answers import Json, beside, filled, iso_seconds
from hub.sandbox.chance import milliseconds
from hub.sandbox.rows import Fields, Row
from hub.sandbox.world import Kind, Staff, World, record_id

TOOL = "freshdesk"
TEXTS = beside(__file__)
_AGENT = 501_001_200_001


def _time(at: datetime | None) -> str | None:
    return None if at is None else iso_seconds(milliseconds(at))


def agent(one: Staff) -> Json:
    """An agent; the person is within."""
    person = {"active": True, "email": one.email, "name": f"{one.given_name} {one.family_name}", "language": "pt-BR"}
    return {**TEXTS["agent"], "id": _AGENT + one.index, "contact": person}


def _contact(world: World, index: int, _number: int) -> Fields:
    seen = world.as_seen(index, TOOL)
    names = {"name": f"{seen.given_name} {seen.family_name}", "first_name": seen.given_name, "last_name": seen.family_name}
    reached = {"email": None if seen.email_taken else seen.email, "mobile": seen.phone, "job_title": seen.job_title}
    # One that is the same as another's is refused, and a contact wants something to be known by.
    known = {"unique_external_id": crm_reference(world, index), "language": seen.language}
    return {**names, **reached, **known, "company_id": known_company(world, TOOL, seen.company)}


def _company(world: World, index: int, _number: int) -> Fields:
    found, drawn = world.company(index), world.bytes(TOOL, index)
    said = {"health_score": TEXTS["health"][drawn[0] % 4], "account_tier": TEXTS["tiers"][drawn[1] % 3]}
    return {"name": found.name, "domains": [found.domain], "industry": found.industry, **said}


def _ticket(world: World, index: int, number: int) -> Fields:
    found = world.ticket(index, TOOL, number)
    solved, closed = _time(found.solved_at), _time(found.solved_at if found.status == "closed" else None)
    who = {"requester_id": record_id("contact", index), "company_id": known_company(world, TOOL, found.company)}
    stands = {"status": TEXTS["statuses"][found.status], "priority": TEXTS["priorities"][found.priority or "low"]}
    said = {"subject": found.subject, "type": TEXTS["kinds"].get(found.kind), "source": 1 + index % 3}
    responder = None if found.owner is None else _AGENT + found.owner
    return {**who, **stands, **said, "responder_id": responder, "stats": {"resolved_at": solved, "closed_at": closed}}


def _rating(world: World, index: int, _number: int) -> Fields:
    found = world.ticket(index, TOOL, 0).answer
    overall = {"ratings": {"default_question": 103 if found and found.good else -103}, "feedback": found and found.comment}
    return {**overall, "user_id": record_id("contact", index), "ticket_id": record_id("ticket", index, 0)}


MADE: dict[str, tuple[Kind, Made]] = {
    "contacts": ("contact", _contact),
    "companies": ("company", _company),
    "tickets": ("ticket", _ticket),
    "satisfaction_ratings": ("survey_response", _rating),
}


def _number(said: Any) -> Any:
    """Choices are numbers; what the control door has put in place of one stays as it is."""
    return int(said) if isinstance(said, str) and said.isdecimal() else said


def shown(name: str, row: Row, *included: str) -> Json:
    """A record, of a ticket with what is asked to be included; a deleted one says so."""
    told = filled(TEXTS[name], row.fields, id=row.id, created_at=iso_seconds(row.created), updated_at=iso_seconds(row.updated))
    if row.state == "archived":
        told["deleted"] = True
    if name == "tickets":
        told |= {field: _number(told[field]) for field in ("status", "priority")}
    if "stats" in included:
        told["stats"] = filled(TEXTS["stats"], row.fields["stats"], status_updated_at=told["updated_at"])
    return told
