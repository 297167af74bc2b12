"""The invented company's customers as EngageBay would hold and show them: subscribers, companies, deals, tickets, tasks.

Shapes are those of https://github.com/engagebay/restapi; what is the same in every record stands in `sandbox.json`. Numbers
of tickets' states are not documented: 1 new, 2 open, 3 pending, 4 solved, 5 closed are invented here.
"""

import json
from typing import Any

from hub.sandbox.account import Made, known_company
from hub.sandbox.answers import Json, beside, filled
from hub.sandbox.chance import ENDS, milliseconds
from hub.sandbox.rows import Fields, Row
from hub.sandbox.world import FIRST_ID, Kind, Staff, World, record_id

TOOL = "engagebay"
TEXTS = beside(__file__)
FIRST = {"subscribers": 4_997_280_000_000_001, "companies": 5_670_864_000_000_001, "deals": 6_267_486_000_000_001, "tickets": 1}
FIRST |= {"tasks": 4_512_395_000_000_001}
_USER, _ENDED, _NEVER = 5_676_618_345_340_001, milliseconds(ENDS), 3


def identity(name: str, kind: Kind, index: int, number: int = 0) -> int:
    """The id of a record here: sixteen digits, but tickets count from 1."""
    return FIRST[name] + record_id(kind, index, number) - FIRST_ID[kind]


def user(one: Staff) -> Json:
    """A user of the account; the first one administers it."""
    name = {"id": _USER + one.index, "email": one.email, "name": f"{one.given_name} {one.family_name}"}
    return {**TEXTS["user"], **name, "created_time": 1_698_800_000, "updated_time": 0, "is_admin": not one.index}


def _owner(world: World, owner: int | None) -> Json:
    told = None if owner is None else {name: user(world.staff[owner])[name] for name in ("id", "email", "name")}
    return {"owner_id": told and told["id"], "owner": told}


def _property(name: str, value: Any, **more: str) -> list[Json]:
    told = {"name": name, "value": value, "field_type": "TEXT", "is_searchable": False, "type": "SYSTEM", **more}
    return [told] if value else []


def _subscriber(world: World, index: int, _number: int) -> Fields:
    seen, drawn = world.as_seen(index, TOOL), world.bytes("engagebay", index)
    company = known_company(world, TOOL, seen.company)
    ids = [] if company is None or seen.company is None else [identity("companies", "company", seen.company)]
    names = {"firstname": seen.given_name, "lastname": seen.family_name, "email": "" if seen.email_taken else seen.email}
    more = {"phone": seen.phone, "role": seen.job_title, "country": seen.country, "plan": "Pro" if drawn[0] % 2 else None}
    tags = [{"tag": "Cliente", "assigned_time": 1_698_800_000}] if drawn[1] % 2 else []
    return {**names, **more, "companyIds": ids, "tags": tags, "score": drawn[2] % 50, **_owner(world, drawn[3] % 12)}


def _company(world: World, index: int, _number: int) -> Fields:
    found = world.company(index)
    return {"name": found.name, "url": found.domain, "country": found.country, "city": found.city, **_owner(world, index % 12)}


def _deal(world: World, index: int, number: int) -> Fields:
    found, track = world.deal(index, TOOL, number), TEXTS["tracks"][(index + number) % 2]
    *steps, won, lost = track["milestones"]
    at = {"won": won, "lost": lost}.get(found.status, steps[found.step % len(steps)])
    company = None if known_company(world, TOOL, found.company) is None else found.company
    ends, amount = (
        milliseconds(found.closed_at or found.expected_at) // 1000,
        None if found.amount is None else float(found.amount),
    )
    told = {"name": found.name, "amount": amount, "closed_date": ends, "track_id": track["id"], "probability": at["probability"]}
    who = {"contact_ids": [] if found.person is None else [identity("subscribers", "contact", found.person)]}
    firm = {"company_ids": [] if company is None else [identity("companies", "company", company)], **_owner(world, found.owner)}
    stage = {"milestoneLabelName": at["labelName"], "milestoneActualName": at["labelActualName"]}
    return {**told, **who, **firm, **stage, "currency_type": "BRL-R$" if found.currency == "BRL" else "USD-$"}


def _ticket(world: World, index: int, number: int) -> Fields:
    found, seen = world.ticket(index, TOOL, number), world.as_seen(index, TOOL)
    who = {"requester_name": f"{seen.given_name} {seen.family_name}", "requester_email": seen.email}
    stands = {"status": TEXTS["statuses"][found.status], "priority": TEXTS["priorities"][found.priority or "normal"]}
    agent = {} if found.owner is None else {"assignee_id": _USER + found.owner, "assigned_to": "AGENT"}
    return {**who, **stands, **agent, "subject": found.subject, "subscriber_id": identity("subscribers", "contact", index)}


def _task(world: World, index: int, number: int) -> Fields:
    found = world.deal(index, TOOL, number)
    due, state = milliseconds(found.expected_at) // 1000, TEXTS["task_milestones"][found.status]
    told = {"name": f"{found.name}: retorno", "type": TEXTS["types"][index % 3], "task_milestone": state}
    return {**told, "closed_date": due, **_owner(world, found.owner)}


MADE: dict[str, tuple[Kind, Made]] = {
    "subscribers": ("contact", _subscriber),
    "companies": ("company", _company),
    "deals": ("deal", _deal),
    "tickets": ("ticket", _ticket),
    "tasks": ("deal", _task),
}


def _properties(name: str, kept: Fields) -> list[Json]:
    """What a subscriber or a company has in its list of properties; all values are text, the address is JSON in text."""
    where = {part: kept[part] for part in ("city", "country") if kept.get(part)}
    address = _property("address", json.dumps(where) if where else None)
    if name == "companies":
        return _property("name", kept.get("name")) + _property("url", kept.get("url")) + address
    named = _property("name", kept.get("firstname")) + _property("last_name", kept.get("lastname"))
    said = _property("email", kept.get("email"), subtype="primary") + _property("phone", kept.get("phone"), subtype="work")
    plan = _property("Plano", kept.get("plan"), field_type="LIST", type="CUSTOM")
    return named + said + _property("role", kept.get("role")) + address + plan


def updated(row: Row) -> int:
    """When a record was last changed, in seconds; 0 for one that never was, as every third is."""
    never = row.updated == row.created or (row.updated < _ENDED and row.id % _NEVER == 0)
    return 0 if never else row.updated // 1000


def shown(name: str, row: Row) -> Json:
    """A record as lists show it; what is empty is left out."""
    told: Json = {"id": row.id, "created_time": row.created // 1000, "updated_time": updated(row)}
    if name in ("subscribers", "companies"):
        told["properties"] = _properties(name, row.fields)
    if name == "subscribers":
        told["name"] = row.fields.get("firstname")
    elif name == "deals":
        told["unique_id"] = row.id % 10**13
    whole = filled(TEXTS[name], row.fields, **told)
    sortable = {"name_sort": str(whole["name"] or "").lower()} if "name_sort" in whole else {}
    return {field: said for field, said in {**whole, **sortable}.items() if said is not None}
