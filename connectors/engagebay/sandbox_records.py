"""The invented company's customers as EngageBay would hold and show them: subscribers, companies, deals, tickets, tasks.

Shapes are those of https://github.com/engagebay/restapi; what is the same in every record stands in `sandbox.json`. Numbers
of tickets' states are not documented: 1 new, 2 open, 3 pending, 4 solved, 5 closed are invented here.
"""

import json

from hub.sandbox.account import Made
from hub.sandbox.answers import Json, beside, filled
from hub.sandbox.chance import ENDS, milliseconds
from hub.sandbox.dealings import STAFF
from hub.sandbox.rows import Fields, Row
from hub.sandbox.world import FIRST_ID, Kind, Staff, World, record_id

TOOL = "engagebay"
TEXTS = beside(__file__)
_USER, _ENDED, _NEVER = 5_676_618_345_340_001, milliseconds(ENDS), 3


def identity(name: str, kind: Kind, index: int, number: int = 0) -> int:
    """The id of a record here: sixteen digits, but tickets count from 1."""
    return int(TEXTS["first"][name]) + record_id(kind, index, number) - FIRST_ID[kind]


def user(one: Staff) -> Json:
    """A user of the account; the first one administers it."""
    name = {"name": f"{one.given_name} {one.family_name}", "email": one.email}
    return {**TEXTS["user"], **name, "id": _USER + one.index, "is_admin": not one.index}


def _owner(world: World, owner: int | None) -> Json:
    told = None if owner is None else {name: user(world.staff[owner])[name] for name in ("id", "email", "name")}
    return {"owner_id": told and told["id"], "owner": told}


def _companies(world: World, company: int | None) -> list[int]:
    """The id of a company, if the account has it."""
    known = company is not None and world.knows_company(TOOL, company)
    return [identity("companies", "company", company)] if company is not None and known else []


def _subscriber(world: World, index: int, _number: int) -> Fields:
    seen, drawn = world.as_seen(index, TOOL), world.bytes("engagebay", index)
    names = {"firstname": seen.given_name, "lastname": seen.family_name, "email": "" if seen.email_taken else seen.email}
    more = {"phone": seen.phone, "role": seen.job_title, "country": seen.country, "plan": "Pro" if drawn[0] % 2 else None}
    stands = {"companyIds": _companies(world, seen.company), "score": drawn[2] % 50, "tags": TEXTS["tags"][: drawn[1] % 2]}
    return {**names, **more, **stands, **_owner(world, drawn[3] % STAFF)}


def _company(world: World, index: int, _number: int) -> Fields:
    found = world.company(index)
    return {"name": found.name, "url": found.domain, "country": found.country, "city": found.city, **_owner(world, index % STAFF)}


def _deal(world: World, index: int, number: int) -> Fields:
    found, track = world.deal(index, TOOL, number), TEXTS["tracks"][(index + number) % 2]
    *steps, won, lost = track["milestones"]
    at = {"won": won, "lost": lost}.get(found.status, steps[found.step % len(steps)])
    stage = {"track_id": track["id"], "milestoneLabelName": at["labelName"], "milestoneActualName": at["labelActualName"]}
    amount, ends = found.amount and float(found.amount), milliseconds(found.closed_at or found.expected_at) // 1000
    money = {"amount": amount, "currency_type": TEXTS["currencies"][found.currency], "probability": at["probability"]}
    people = [] if found.person is None else [identity("subscribers", "contact", found.person)]
    who = {"contact_ids": people, "company_ids": _companies(world, found.company), **_owner(world, found.owner)}
    return {**stage, **money, **who, "name": found.name, "closed_date": ends}


def _ticket(world: World, index: int, number: int) -> Fields:
    found, seen = world.ticket(index, TOOL, number), world.as_seen(index, TOOL)
    who = {"requester_name": f"{seen.given_name} {seen.family_name}", "requester_email": seen.email}
    stands = {"status": TEXTS["statuses"][found.status], "priority": TEXTS["priorities"][found.priority or "normal"]}
    agent = {} if found.owner is None else {"assignee_id": _USER + found.owner, "assigned_to": "AGENT"}
    return {**who, **stands, **agent, "subject": found.subject, "subscriber_id": identity("subscribers", "contact", index)}


def _task(world: World, index: int, number: int) -> Fields:
    found = world.deal(index, TOOL, number)
    told = {"name": f"{found.name}: retorno", "type": TEXTS["types"][index % 3], "task_milestone": TEXTS["states"][found.status]}
    return {**told, "closed_date": milliseconds(found.expected_at) // 1000, **_owner(world, found.owner)}


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
    said = {**kept, "address": json.dumps(where) if where else None}
    own: Json = TEXTS["properties"].get(name, {})
    return [{**TEXTS["property"], **told, "value": said[field]} for field, told in own.items() if said.get(field)]


def updated(row: Row) -> int:
    """When a record was last changed, in seconds; 0 for one that never was, as every third is."""
    never = row.updated == row.created or (row.updated < _ENDED and row.id % _NEVER == 0)
    return 0 if never else row.updated // 1000


def shown(name: str, row: Row) -> Json:
    """A record as lists show it, a subscriber by the first name; what is empty is left out."""
    called = row.fields.get("firstname", row.fields.get("name"))
    told = {"id": row.id, "unique_id": row.id % 10**13, "name": called, "name_sort": str(called or "").lower()}
    times = {"created_time": row.created // 1000, "updated_time": updated(row)}
    whole = filled(TEXTS[name], row.fields, **told, **times, properties=_properties(name, row.fields))
    return {field: said for field, said in whole.items() if said is not None}
