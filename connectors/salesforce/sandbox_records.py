"""The invented company as a Salesforce org would hold it; fields and what is always the same stand in `sandbox.json`.

https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_list.htm
Everybody the org knows is a contact. Some have a lead too: a converted one became that contact, another one is a duplicate.
"""

from functools import partial
from typing import Any

from hub.sandbox.account import Made, collections, known_company
from hub.sandbox.answers import Json, beside, iso
from hub.sandbox.chance import milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.dealings import MOST
from hub.sandbox.fixed import fixed
from hub.sandbox.rows import Clock, Fields, Row, Source
from hub.sandbox.shelf import Shelf
from hub.sandbox.world import FIRST_ID, Kind, World, record_id

TOOL, TEXTS = "salesforce", beside(__file__)
SHAPES: dict[str, dict[str, str]] = TEXTS["objects"]
"""The fields of each object with their types; a reference's also names the object it leads to."""
NAMES: dict[str, str] = {prefix: name for name, (prefix, _) in TEXTS["ids"].items()}
_STAGES: dict[str, Json] = {stage["ApiName"]: stage for stage in TEXTS["fixed"]["OpportunityStage"]}
_OBJECTS: dict[Kind, str] = {"contact": "Contact", "company": "Account", "deal": "Opportunity", "ticket": "Case"}
_OPEN, _STEPS = [name for name, stage in _STAGES.items() if not stage["IsClosed"]], 3
"""The stages of an open deal; rows of history that each deal of the world has: with the deal, halfway, and at its last change."""


def identity(name: str, number: int) -> str:
    """An id: three signs for the object, twelve (here digits alone) for the record, three that say which are capitals."""
    prefix, capitals = TEXTS["ids"][name]
    return f"{prefix}{number:012}{capitals}"


def identity_of(kind: Kind, index: int, place: int = 0) -> str:
    """The id of what the world has."""
    return identity(_OBJECTS[kind], record_id(kind, index, place))


def number(name: str, text: str) -> int:
    """The reverse, of fifteen characters or eighteen; ValueError where this is no id of that object."""
    found = int(text[3:15])
    if text not in (whole := identity(name, found), whole[:15]):
        raise ValueError(text)
    return found


def when(at: int) -> str:
    """A time as the REST API writes it, to the second: 2026-05-01T07:25:37.000+0000."""
    return f"{iso(at)[:19]}.000+0000"


def became(world: World, index: int) -> bool:
    """Whether the lead of a person was converted, which takes an account."""
    return bool(_account_of(world, world.as_seen(index, TOOL).company)) and world.bytes("conversion", index)[0] % 4 > 0


def leads(world: World) -> Shelf:
    """Of whom there is a lead."""
    return world.shelf_of(TOOL, lambda slot: slot.orders % 2)


def _account_of(world: World, company: int | None) -> str | None:
    known = known_company(world, TOOL, company)
    return None if known is None else identity("Account", known)


def _owner(index: int | None) -> str:
    """A user; whatever has no owner waits in a queue."""
    return identity("Group", 1) if index is None else identity("User", 1 + index)


def _made(name: str, thing: object, world: World, index: int, place: int = 0) -> Json:
    """What the world tells of a thing, in the org's words, and what it does not tell, drawn."""
    drawn = {field: world.bytes(f"{TOOL} {name} {field}", index, place)[0] for field in TEXTS["drawn"][name]}
    made = {field: said[drawn[field] % len(said)] for field, said in TEXTS["drawn"][name].items()}
    told = {field: getattr(thing, own) for field, own in TEXTS["told"].get(name, {}).items()}
    told = {field: TEXTS["words"].get(said, said) for field, said in told.items()}
    return {**made, **told, "OwnerId": _owner(index % len(world.staff))}


def _person(name: str, world: World, index: int, place: int) -> Json:
    seen = world.as_seen(index, TOOL)
    return _made(name, seen, world, index, place) | {"AccountId": _account_of(world, seen.company)}


def _account(world: World, index: int, _place: int) -> Fields:
    return _made("Account", world.company(index), world, index)


def _lead(world: World, index: int, place: int) -> Fields:
    seen, made = world.as_seen(index, TOOL), _person("Lead", world, index, place)
    made["Company"] = "[not provided]" if seen.company is None else world.company(seen.company).name
    if not became(world, index):
        return made | {"IsConverted": False, "OwnerId": _owner(None) if index % 4 == 0 else made["OwnerId"]}
    into = {"ConvertedAccountId": made["AccountId"], "ConvertedContactId": identity_of("contact", index)}
    if index * MOST in world.shelf(TOOL, "deal"):
        into["ConvertedOpportunityId"] = identity_of("deal", index)
    on = seen.created_at.date().isoformat()
    return made | into | {"IsConverted": True, "ConvertedDate": on, "Status": "Closed - Converted"}


def _opportunity(world: World, index: int, place: int) -> Json:
    deal = world.deal(index, TOOL, place)
    made = _made("Opportunity", deal, world, index, place) | {"AccountId": _account_of(world, deal.company)}
    made |= {"CloseDate": (deal.closed_at or deal.expected_at).date().isoformat(), "OwnerId": _owner(deal.owner or 0)}
    made["Amount"] = None if deal.amount is None else float(deal.amount)
    if deal.status == "open":
        made["StageName"] = _OPEN[deal.step]
    return made if deal.status == "lost" else made | {"Motivo_da_Perda__c": None}


def _case(world: World, index: int, place: int) -> Fields:
    ticket = world.ticket(index, TOOL, place)
    whose = {"ContactId": identity_of("contact", index), "AccountId": _account_of(world, ticket.company)}
    closed = ticket.solved_at and when(milliseconds(ticket.solved_at))
    return _made("Case", ticket, world, index, place) | whose | {"ClosedDate": closed, "OwnerId": _owner(ticket.owner)}


def _role(world: World, index: int, place: int) -> Fields:
    whose = {"ContactId": identity_of("contact", index), "OpportunityId": identity_of("deal", index)}
    return _made("OpportunityContactRole", None, world, index, place) | whose


def _history(world: World, index: int, place: int) -> Fields:
    deal, step = divmod(place, _STEPS)
    now, begun = _opportunity(world, index, deal), _OPEN[world.deal(index, TOOL, deal).step]
    return now | {"OpportunityId": identity_of("deal", index, deal), "StageName": (_OPEN[0], begun, now["StageName"])[step]}


def _stamps(world: World, index: int, place: int) -> tuple[int, int]:
    deal = world.deal(index, TOOL, place // _STEPS)
    part = ((deal.closed_at or deal.updated_at) - deal.opened_at) * (place % _STEPS) / (_STEPS - 1)
    return (milliseconds(deal.opened_at + part),) * 2


def tables(world: World, clock: Clock) -> dict[str, Collection]:
    """The org's objects by name."""
    kinds: dict[str, tuple[Kind, Made]] = {"Contact": ("contact", partial(_person, "Contact")), "Account": ("company", _account)}
    kinds |= {"Opportunity": ("deal", _opportunity), "Case": ("ticket", _case)}
    roles, past = world.shelf_of(TOOL, lambda slot: min(slot.deals, 1)), partial(world.shelf_of, TOOL, width=MOST * _STEPS)
    stamps = partial(world.stamps, TOOL, "contact")
    sources: dict[str, tuple[Any, ...]] = {
        "Lead": (leads(world), FIRST_ID["contact"], partial(_lead, world), stamps),
        "OpportunityContactRole": (roles, 1, partial(_role, world), stamps),
        "OpportunityHistory": (past(lambda slot: slot.deals * _STEPS), 1, partial(_history, world), partial(_stamps, world)),
    }
    held = collections(world, TOOL, kinds, clock=clock)
    for name, (shelf, first, fields, stamped) in sources.items():
        held[name] = Collection(name, Source(shelf=shelf, first_id=first, fields=fields, stamps=stamped), clock=clock)
    constant = TEXTS["fixed"] | {"User": [_made("User", one, world, one.index) for one in world.staff]}
    return held | {name: fixed(name, said, clock) for name, said in constant.items()}


def record(name: str, row: Row) -> Json:
    """A record with every field of its object, those included that Salesforce keeps or works out itself."""
    kept: Json = {**dict.fromkeys(SHAPES[name]), **row.fields, "Id": identity(name, row.id), "IsDeleted": row.state != "live"}
    kept |= dict.fromkeys(("CreatedById", "LastModifiedById"), _owner(0)) | {"CreatedDate": when(row.created)}
    kept |= dict.fromkeys(("LastModifiedDate", "SystemModstamp"), when(row.updated))
    kept["MasterRecordId"] = None if row.merged_into is None else identity(name, row.merged_into)
    for field, start in TEXTS["address"].items():
        kept[field] = {part.lower(): kept.get(start + part) for part in ("Street", "City", "State", "Country")}
    if "LastName" in kept:
        kept["Name"] = " ".join(filter(None, (kept["FirstName"], kept["LastName"])))
    if name == "Opportunity":
        stage = _STAGES.get(kept["StageName"], {})
        kept |= {"IsClosed": stage.get("IsClosed", False), "IsWon": stage.get("IsWon", False)}
        kept["Probability"] = stage.get("DefaultProbability")
    if name == "Case":
        kept |= {"CaseNumber": f"{row.id % 10**8:08}", "IsClosed": kept["Status"] == "Closed"}
    return {field: kept[field] for field in SHAPES[name]}
