"""The invented company's customers as Flowlu would hold and show them: people and organizations in one, opportunities, money.

Numbers come as numbers or as text, as programs that read Flowlu found them. What status numbers mean is invented here.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from hub.sandbox.account import known_company
from hub.sandbox.answers import Json, beside, filled
from hub.sandbox.chance import instant
from hub.sandbox.dealings import STAFF
from hub.sandbox.rows import Fields, Row
from hub.sandbox.whole import Part
from hub.sandbox.world import World, record_id

TOOL = "flowlu"
TEXTS = beside(__file__)
ZONE = "America/Sao_Paulo"
"""The portal's own time zone."""
_STAGES = 3
"""How many each pipeline has."""


def _time(at: datetime) -> str:
    """As the clock of the portal shows it."""
    return f"{at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M:%S}"


def _day(at: datetime) -> str:
    return _time(at)[:10]


def _person(world: World, index: int, _number: int) -> Fields:
    seen = world.as_seen(index, TOOL)
    names = {"name": f"{seen.given_name} {seen.family_name}", "first_name": seen.given_name, "last_name": seen.family_name}
    reached = {"email": "" if seen.email_taken else seen.email, "phone": seen.phone, "billing_country": seen.country}
    more = {"owner_id": 1 + index % STAFF, "cf_1": "VIP" if index % 5 else None}
    return {**names, **reached, **more, "type": 2 if index % 2 else "2"}


def _organization(world: World, index: int, _number: int) -> Fields:
    found = world.company(index)
    where = {"web": f"https://{found.domain}", "billing_city": found.city, "billing_country": found.country}
    size = {"organization_employee_count": found.employee_count, "owner_id": 1 + index % STAFF}
    return {**where, **size, "name": found.name, "type": 1}


def _lead(world: World, index: int, number: int) -> Fields:
    found, pipeline = world.deal(index, TOOL, number), (index + number) % len(TEXTS["set up"]["crm/pipeline"])
    reasons = len(TEXTS["set up"]["crm/loss_reason"])
    return {
        "name": found.name,
        "budget": None if found.amount is None else float(found.amount),
        "contact_id": None if found.person is None else record_id("contact", found.person),
        "customer_id": known_company(world, TOOL, found.company),
        "assignee_id": None if found.owner is None else 1 + found.owner,
        "pipeline_id": 1 + pipeline,
        "pipeline_stage_id": 1 + pipeline * _STAGES + found.step % _STAGES,
        "active": TEXTS["states"][found.status],
        "deadline": _day(found.expected_at),
        "closing_date": found.closed_at and _day(found.closed_at),
        "closing_status_id": 1 + number % reasons if found.status == "lost" else None,
    }


def _invoice(world: World, index: int, number: int) -> Fields:
    found = world.order(index, TOOL, number)
    said = {"invoice_number": number + 1, "invoice_number_print": f"F-{index}-{number + 1}", "total": str(found.total)}
    days = {"invoice_date": _day(found.placed_at), "paid_date": found.paid_at and _time(found.paid_at)}
    money = {"currency_code": found.currency, "currency_id": 1, "status_id": TEXTS["statuses"][found.status]}
    return {**said, **days, **money, "customer_id": record_id("contact", index), "sub_total": float(found.total)}


def _payment(world: World, index: int, number: int) -> Fields | None:
    found = world.order(index, TOOL, number)
    if found.paid_at is None:
        return None
    said = {"name": f"F-{index}-{number + 1}", "total": float(found.total), "currency_id": 1}
    days = dict.fromkeys(("date", "complete_date"), _day(found.paid_at))
    return {**said, **days, "crm_company_id": record_id("contact", index)}


def _task(world: World, index: int, number: int) -> Fields:
    found = world.ticket(index, TOOL, number)
    who = {"crm_account_id": record_id("contact", index), "responsible_id": None if found.owner is None else 1 + found.owner}
    return {**who, "name": found.subject, "closed_date": found.solved_at and _time(found.solved_at)}


def _user(world: World, index: int, _number: int) -> Fields:
    one = world.staff[index]
    names = {"first_name": one.given_name, "last_name": one.family_name, "name": f"{one.given_name} {one.family_name}"}
    return {**names, "username": one.email}


def _set_up(told: list[Json]) -> Part:
    """What a portal is set up with, counted from 1."""
    return len(told), lambda _world, index, _number: told[index]


MADE: Mapping[str, tuple[Part, ...]] = {
    "crm/account": (("contact", _person), ("company", _organization)),
    "crm/lead": (("deal", _lead),),
    "fin/invoice": (("order", _invoice),),
    "fin/customer_payment": (("order", _payment),),
    "task/tasks": (("ticket", _task),),
    "core/user": ((STAFF, _user),),
    **{name: (_set_up(told),) for name, told in TEXTS["set up"].items()},
}


def shown(name: str, row: Row) -> Json:
    """A record as it is answered; times name no zone, and what was merged into another says into which."""
    times = {"created_date": _time(instant(row.created)), "updated_date": _time(instant(row.updated))}
    merged = {} if row.merged_into is None else {"merged_to": row.merged_into}
    return filled(TEXTS[name], row.fields, id=row.id, **times, **merged)
