"""The invented company's customers as Flowlu would hold and show them: people and organizations in one, opportunities, money.

Numbers come as numbers or as text, as programs that read Flowlu found them. What status numbers mean is invented here.
"""

from collections.abc import Callable, Mapping

from hub.sandbox.account import known_company
from hub.sandbox.answers import Json, beside, filled
from hub.sandbox.chance import BEGINS, instant, milliseconds
from hub.sandbox.rows import Fields, Row
from hub.sandbox.world import Kind, World, record_id

TOOL = "flowlu"
TEXTS = beside(__file__)
_PIPELINES: Mapping[str, list[str]] = TEXTS["pipelines"]
_STAGES = [(number, name) for number, names in enumerate(_PIPELINES.values()) for name in names]
_WIDE = len(_STAGES) // len(_PIPELINES)


def _person(world: World, index: int, _number: int) -> Fields:
    seen = world.as_seen(index, TOOL)
    names = {"name": f"{seen.given_name} {seen.family_name}", "first_name": seen.given_name, "last_name": seen.family_name}
    reached = {"email": "" if seen.email_taken else seen.email, "phone": seen.phone, "billing_country": seen.country}
    return {**names, **reached, "type": 2 if index % 2 else "2", "owner_id": 1 + index % 12, "cf_1": "VIP" if index % 5 else None}


def _organization(world: World, index: int, _number: int) -> Fields:
    found = world.company(index)
    where = {"web": f"https://{found.domain}", "billing_city": found.city, "billing_country": found.country}
    return {
        "type": 1,
        "name": found.name,
        "organization_employee_count": found.employee_count,
        "owner_id": 1 + index % 12,
        **where,
    }


def _lead(world: World, index: int, number: int) -> Fields:
    found, pipeline = world.deal(index, TOOL, number), (index + number) % len(_PIPELINES)
    who = {"contact_id": None if found.person is None else record_id("contact", found.person)}
    firm = {
        "customer_id": known_company(world, TOOL, found.company),
        "assignee_id": None if found.owner is None else 1 + found.owner,
    }
    stage = {"pipeline_id": 1 + pipeline, "pipeline_stage_id": 1 + pipeline * _WIDE + found.step % _WIDE}
    closed = {"closing_date": found.closed_at and f"{found.closed_at:%Y-%m-%d}", "deadline": f"{found.expected_at:%Y-%m-%d}"}
    reason = {"closing_status_id": 1 + number % len(TEXTS["reasons"]) if found.status == "lost" else None}
    budget = None if found.amount is None else float(found.amount)
    return {
        **who,
        **firm,
        **stage,
        **closed,
        **reason,
        "name": found.name,
        "budget": budget,
        "active": TEXTS["states"][found.status],
    }


def _invoice(world: World, index: int, number: int) -> Fields:
    found = world.order(index, TOOL, number)
    said = {"invoice_number": number + 1, "invoice_number_print": f"F-{index}-{number + 1}", "total": str(found.total)}
    days = {"invoice_date": f"{found.placed_at:%Y-%m-%d}", "paid_date": found.paid_at and f"{found.paid_at:%Y-%m-%d %H:%M:%S}"}
    money = {"currency_code": found.currency, "currency_id": 1, "status_id": TEXTS["statuses"][found.status]}
    return {**said, **days, **money, "customer_id": record_id("contact", index), "sub_total": float(found.total)}


def _payment(world: World, index: int, number: int) -> Fields | None:
    found = world.order(index, TOOL, number)
    if found.paid_at is None:
        return None
    said = {"name": f"F-{index}-{number + 1}", "total": float(found.total), "currency_id": 1, "date": f"{found.paid_at:%Y-%m-%d}"}
    return {**said, "complete_date": f"{found.paid_at:%Y-%m-%d}", "crm_company_id": record_id("contact", index)}


def _task(world: World, index: int, number: int) -> Fields:
    found = world.ticket(index, TOOL, number)
    closed = {"closed_date": found.solved_at and f"{found.solved_at:%Y-%m-%d %H:%M:%S}"}
    who = {"crm_account_id": record_id("contact", index), "responsible_id": None if found.owner is None else 1 + found.owner}
    return {"name": found.subject, **closed, **who}


def _user(world: World, index: int, _number: int) -> Fields:
    one = world.staff[index]
    names = {"first_name": one.given_name, "last_name": one.family_name, "name": f"{one.given_name} {one.family_name}"}
    return {**names, "username": one.email}


def _fixed(name: str) -> Callable[[World, int, int], Fields]:
    """What a portal is set up with."""

    def fixed(_world: World, index: int, _number: int) -> Fields:
        if name == "stage":
            return {"name": _STAGES[index][1], "pipeline_id": 1 + _STAGES[index][0], "ordering": 1 + index}
        return {"name": [*_PIPELINES][index] if name == "pipeline" else TEXTS["reasons"][index], "ordering": 1 + index}

    return fixed


Made = Callable[[World, int, int], Fields | None]
MADE: Mapping[str, tuple[tuple[Kind | int, Made], ...]] = {
    "crm/account": (("contact", _person), ("company", _organization)),
    "crm/lead": (("deal", _lead),),
    "fin/invoice": (("order", _invoice),),
    "fin/customer_payment": (("order", _payment),),
    "task/tasks": (("ticket", _task),),
    "core/user": ((12, _user),),
    "crm/pipeline": ((len(_PIPELINES), _fixed("pipeline")),),
    "crm/pipeline_stage": ((len(_STAGES), _fixed("stage")),),
    "crm/loss_reason": ((len(TEXTS["reasons"]), _fixed("reason")),),
}
"""What the records of each entity are made of: kinds of the world, or so many of what the world does not have."""


def held(world: World, name: str) -> tuple[Row, ...]:
    """The records of an entity at first."""
    return tuple(row for kind, made in MADE[name] for row in _rows(world, kind, made))


def _rows(world: World, kind: Kind | int, made: Made) -> list[Row]:
    begun, found = milliseconds(BEGINS), []
    if isinstance(kind, int):
        return [Row(id=1 + each, created=begun, updated=begun, fields=made(world, each, 0) or {}) for each in range(kind)]
    for key in world.keys(TOOL, kind):
        first, last = world.stamps(TOOL, kind, *key)
        if fields := made(world, *key):
            found.append(Row(id=record_id(kind, *key), created=first, updated=last, fields=fields))
    return found


def shown(name: str, row: Row) -> Json:
    """A record as it is answered; times name no zone, and what was merged into another says into which."""
    times = {"created_date": row.created, "updated_date": row.updated}
    said = {key: f"{instant(at):%Y-%m-%d %H:%M:%S}" for key, at in times.items()}
    merged = {} if row.merged_into is None else {"merged_to": row.merged_into}
    return filled(TEXTS[name], row.fields, id=row.id, **said, **merged)
