"""The invented company's sales as BottleCRM would hold them: contacts, accounts, opportunities, cases, two pipelines.

Fields are those of BottleCRM 1.35.0, recorded in tests/connectors/bottlecrm. A record keeps other records by number;
`sandbox_shapes` writes them out. What is the same in every record stands in `sandbox.json`.
"""

from datetime import datetime

from hub.sandbox.account import Made, known_company, moment
from hub.sandbox.answers import Json, beside
from hub.sandbox.rows import Fields, Row
from hub.sandbox.slots import Tool
from hub.sandbox.world import Kind, Staff, World, record_id

TOOL: Tool = "bottlecrm"
TEXTS = beside(__file__)
KINDS: dict[str, Kind] = {"contacts": "contact", "accounts": "company", "opportunities": "deal", "cases": "ticket"}
_TAGS = {name: place for place, name in enumerate((*KINDS, "profile", "user", "org", "pipeline", "stage", "webhook"), 1)}
_SCATTER, _SPACE = 0x9E3779B97F4B, 2**48
_STATUS = {"new": "New", "open": "Assigned", "pending": "Pending", "on_hold": "Pending", "solved": "Closed", "closed": "Closed"}
_DORMANT_OF, _REJECTED_OF = 8, 16
PIPELINES: dict[str, list[tuple[str, str, str, int | None]]] = {
    "Sales": [tuple(stage) for stage in TEXTS["stages"] if stage[0] != "ON_HOLD"],
    "Renewals": [tuple(stage) for stage in TEXTS["stages"]],
}
"""Code, label, kind and expected days of each stage. Both pipelines use the same codes; the second has a stage of its own."""


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


def author(one: Staff) -> Json:
    """Who made a record."""
    return {"id": uid("user", one.index), "email": one.email, "name": one.email.partition("@")[0], "profile_pic": None}


def profile(one: Staff) -> Json:
    """A member of staff in the organisation; `id` is what records are assigned to."""
    details = {**author(one), "is_active": True, "last_login": None}
    role = "USER" if one.index else "ADMIN"
    return {**TEXTS["profile"], "id": uid("profile", one.index), "user_details": details, "role": role}


def _active(index: int) -> bool:
    """Every eighth person or company of the world is inactive in this tool."""
    return index % _DORMANT_OF != _DORMANT_OF - 1


def _day(when: datetime | None) -> str | None:
    return None if when is None else when.date().isoformat()


def _only(number: int | None) -> list[int]:
    return [] if number is None else [number]


def _contact(world: World, index: int, _number: int) -> Fields:
    seen = world.as_seen(index, TOOL)
    return {
        "first_name": seen.given_name,
        "last_name": seen.family_name,
        "email": None if seen.email_taken else seen.email,
        "phone": seen.phone,
        "title": seen.job_title,
        "city": None if seen.company is None else world.company(seen.company).city,
        "country": seen.country,
        "account": known_company(world, TOOL, seen.company),
        "is_active": _active(index),
    }


def _account(world: World, index: int, _number: int) -> Fields:
    found = world.company(index)
    return {
        "name": found.name,
        "email": f"contato@{found.domain}",
        "website": f"https://{found.domain}",
        "industry": found.industry.upper(),
        "number_of_employees": found.employee_count,
        "city": found.city,
        "country": found.country,
        "is_active": _active(index),
    }


def _opportunity(world: World, index: int, number: int) -> Fields:
    found, pipeline = world.deal(index, TOOL, number), (index + number) % len(PIPELINES)
    stages = [code for code, _, kind, _ in list(PIPELINES.values())[pipeline] if kind == found.status]
    return {
        "name": found.name,
        "account": known_company(world, TOOL, found.company),
        "contacts": [record_id("contact", person) for person in _only(found.person)],
        "pipeline": pipeline,
        "stage": stages[found.step % len(stages)],
        "amount": None if found.amount is None else f"{found.amount:.2f}",
        "currency": None if found.amount is None else found.currency,
        "probability": 100 if found.status == "won" else 10 * (1 + found.step),
        "closed_on": _day(found.closed_at or found.expected_at),
        "assigned_to": _only(found.owner),
        "closed_by": None if found.closed_at is None else found.owner or 0,
        "stage_changed_at": moment(found.closed_at or found.opened_at),
    }


def _case(world: World, index: int, number: int) -> Fields:
    found = world.ticket(index, TOOL, number)
    solved, opened = None if index % _REJECTED_OF == 0 else found.solved_at, world.stamps(TOOL, "ticket", index, number)[0]
    return {
        "name": found.subject,
        "status": "Rejected" if found.solved_at and not solved else _STATUS[found.status],
        "priority": (found.priority or "normal").title(),
        "case_type": None if found.kind in (None, "task") else str(found.kind).title(),
        "closed_on": _day(solved),
        "resolved_at": moment(solved),
        "first_response_at": None if found.status == "new" else opened + 1_800_000,
        "account": known_company(world, TOOL, found.company),
        "contacts": [record_id("contact", index)],
        "assigned_to": _only(found.owner),
    }


MADE: dict[str, Made] = {"contacts": _contact, "accounts": _account, "opportunities": _opportunity, "cases": _case}


def stage(row: Row) -> tuple[str, str]:
    """The label and the kind (open, won, lost) of a deal's stage."""
    pipeline = list(PIPELINES.values())[row.fields.get("pipeline", 0)]
    return next(((label, kind) for code, label, kind, _ in pipeline if code == row.fields.get("stage")), ("", "open"))


def pipelines() -> list[Json]:
    """All pipelines with their stages."""
    names = ("code", "label", "kind", "expected_days")
    return [
        {
            "id": uid("pipeline", place),
            "name": name,
            "is_default": place == 0,
            "stages": [
                {
                    "id": uid("stage", 100 * place + order),
                    **dict(zip(names, one, strict=True)),
                    "order": order,
                    "warning_days": None,
                }
                for order, one in enumerate(stages, 1)
            ],
        }
        for place, (name, stages) in enumerate(PIPELINES.items())
    ]
