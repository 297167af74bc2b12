"""The invented company's sales as BottleCRM would hold them: contacts, accounts, opportunities, cases, two pipelines.

Fields are those of BottleCRM 1.35.0, recorded in tests/connectors/bottlecrm. A record keeps other records by number;
`sandbox_shapes` writes them out.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from hub.sandbox.chance import milliseconds
from hub.sandbox.dealings import Deal
from hub.sandbox.rows import Fields, Row, Source
from hub.sandbox.slots import Tool
from hub.sandbox.world import FIRST_ID, Kind, World, record_id

TOOL: Tool = "bottlecrm"
Json = dict[str, Any]
KINDS: dict[str, Kind] = {"contacts": "contact", "accounts": "company", "opportunities": "deal", "cases": "ticket"}
_TAGS = {name: place for place, name in enumerate((*KINDS, "profile", "user", "org", "pipeline", "stage", "webhook"), 1)}
_SCATTER, _SPACE = 0x9E3779B97F4B, 2**48
_DORMANT_OF = 8
_STAGES = (
    ("PROSPECTING", "Prospecting", "open", 14),
    ("QUALIFICATION", "Qualification", "open", 14),
    ("PROPOSAL", "Proposal", "open", 10),
    ("NEGOTIATION", "Negotiation", "open", 10),
    ("CLOSED_WON", "Closed Won", "won", None),
    ("CLOSED_LOST", "Closed Lost", "lost", None),
)
PIPELINES = (("Sales", _STAGES), ("Renewals", (*_STAGES[:4], ("ON_HOLD", "On Hold", "open", None), *_STAGES[4:])))
"""Both pipelines use the same codes; the second has a stage of its own."""
_STATUS = {"new": "New", "open": "Assigned", "pending": "Pending", "on_hold": "Pending", "solved": "Closed", "closed": "Closed"}
_KIND = {"question": "Question", "incident": "Incident", "problem": "Problem", "task": None, None: None}
_REJECTED_OF = 16


def uid(name: str, number: int) -> str:
    """A record's UUID, which does not show the order of numbers; `number` reads it back."""
    scattered = f"{(number + 1) * _SCATTER % _SPACE:012x}"
    return f"{scattered[:8]}-{scattered[8:]}-4000-8000-{_TAGS[name]:012x}"


def number(name: str, text: str) -> int | None:
    """The number of the record with a UUID; None for another sort of record's."""
    digits = text.replace("-", "").lower()
    try:
        found = int(digits[:12], 16) * pow(_SCATTER, -1, _SPACE) % _SPACE - 1
    except ValueError:
        return None
    return found if uid(name, found) == text.lower() else None


def dormant(index: int) -> bool:
    """Whether a person or company of the world is inactive in this tool."""
    return index % _DORMANT_OF == _DORMANT_OF - 1


def _account(world: World, company: int | None) -> int | None:
    known = company is not None and TOOL in world.company_tools(company)
    return record_id("company", company) if company is not None and known else None


def _day(moment: datetime | None) -> str | None:
    return None if moment is None else moment.date().isoformat()


def _contact(world: World) -> Callable[[int, int], Fields]:
    def fields(index: int, _number: int) -> Fields:
        seen = world.as_seen(index, TOOL)
        city = None if seen.company is None else world.company(seen.company).city
        return {
            "first_name": seen.given_name,
            "last_name": seen.family_name,
            "email": None if seen.email_taken else seen.email,
            "phone": seen.phone,
            "title": seen.job_title,
            "city": city,
            "country": seen.country,
            "account": _account(world, seen.company),
            "is_active": not dormant(index),
        }

    return fields


def _company(world: World) -> Callable[[int, int], Fields]:
    def fields(index: int, _number: int) -> Fields:
        found = world.company(index)
        return {
            "name": found.name,
            "email": f"contato@{found.domain}",
            "website": f"https://{found.domain}",
            "industry": found.industry.upper(),
            "number_of_employees": found.employee_count,
            "city": found.city,
            "country": found.country,
            "is_active": not dormant(index),
        }

    return fields


def _stage(found: Deal, pipeline: int) -> str:
    if found.status != "open":
        return "CLOSED_WON" if found.status == "won" else "CLOSED_LOST"
    opened = [code for code, _, kind, _ in PIPELINES[pipeline][1] if kind == "open"]
    return opened[found.step % len(opened)]


def _deal(world: World) -> Callable[[int, int], Fields]:
    def fields(index: int, number: int) -> Fields:
        found, pipeline = world.deal(index, TOOL, number), (index + number) % len(PIPELINES)
        decided = found.closed_at is not None
        return {
            "name": found.name,
            "account": _account(world, found.company),
            "contacts": [] if found.person is None else [record_id("contact", found.person)],
            "pipeline": pipeline,
            "stage": _stage(found, pipeline),
            "amount": None if found.amount is None else f"{found.amount:.2f}",
            "currency": None if found.amount is None else found.currency,
            "probability": 100 if found.status == "won" else 10 * (1 + found.step),
            "closed_on": _day(found.closed_at if decided else found.expected_at),
            "assigned_to": [] if found.owner is None else [found.owner],
            "closed_by": (found.owner or 0) if decided else None,
            "stage_changed_at": milliseconds(found.closed_at or found.opened_at),
            "description": None,
        }

    return fields


def _case(world: World) -> Callable[[int, int], Fields]:
    def fields(index: int, number: int) -> Fields:
        found = world.ticket(index, TOOL, number)
        solved = None if index % _REJECTED_OF == 0 else found.solved_at
        return {
            "name": found.subject,
            "status": "Rejected" if found.solved_at and not solved else _STATUS[found.status],
            "priority": (found.priority or "normal").title(),
            "case_type": _KIND[found.kind],
            "closed_on": _day(solved),
            "resolved_at": None if solved is None else milliseconds(solved),
            "first_response_at": None if found.status == "new" else milliseconds(found.opened_at) + 1_800_000,
            "account": _account(world, found.company),
            "contacts": [record_id("contact", index)],
            "assigned_to": [] if found.owner is None else [found.owner],
        }

    return fields


def source(world: World, name: str) -> Source:
    """Where the records of an object come from."""
    kind = KINDS[name]
    made = {"contact": _contact, "company": _company, "deal": _deal, "ticket": _case}[kind]
    return Source(
        shelf=world.shelf(TOOL, kind),
        first_id=FIRST_ID[kind],
        fields=made(world),
        stamps=lambda index, number: world.stamps(TOOL, kind, index, number),
    )


def stage(row: Row) -> tuple[str, str]:
    """The label and the kind (open, won, lost) of a deal's stage."""
    pipeline = PIPELINES[row.fields.get("pipeline", 0)][1]
    return next(((label, kind) for code, label, kind, _ in pipeline if code == row.fields.get("stage")), ("", "open"))


def pipelines() -> list[Json]:
    """All pipelines with their stages."""
    return [
        {"id": uid("pipeline", place), "name": name, "is_default": place == 0, "stages": _stages(place, stages)}
        for place, (name, stages) in enumerate(PIPELINES)
    ]


def _stages(pipeline: int, stages: Sequence[tuple[str, str, str, int | None]]) -> list[Json]:
    return [
        {
            "id": uid("stage", 100 * pipeline + order),
            "code": code,
            "label": label,
            "order": order,
            "kind": kind,
            "expected_days": days,
            "warning_days": None,
        }
        for order, (code, label, kind, days) in enumerate(stages, 1)
    ]
