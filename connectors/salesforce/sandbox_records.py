"""The invented company as a Salesforce org would hold it; fields, picklists and what is always the same stand in `sandbox.json`.

https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_list.htm
Everybody the org knows is a contact. Some have a lead too: a converted one became that contact, another one is a duplicate.
"""

from collections.abc import Callable
from functools import partial
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

from hub.sandbox.account import known_company
from hub.sandbox.answers import Json, beside, iso
from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.dealings import MOST
from hub.sandbox.rows import Clock, Fields, Row, Source
from hub.sandbox.shelf import SLOTS, Shelf
from hub.sandbox.world import FIRST_ID, Kind, World, record_id

TOOL, TEXTS = "salesforce", beside(__file__)
SHAPES: dict[str, dict[str, str]] = {
    name: {field: kind for field, kind in (TEXTS["system"] | own).items() if field not in TEXTS["lacking"].get(name, ())}
    for name, own in TEXTS["objects"].items()
}
"""The fields of each object with their types; a reference's also names the object it leads to."""
NAMES: dict[str, str] = {prefix: name for name, prefix in TEXTS["prefixes"].items()}
_DIGITS, _MARKS = digits + ascii_uppercase + ascii_lowercase, ascii_uppercase + digits[:6]
_STAGES: dict[str, Json] = {stage["MasterLabel"]: stage for stage in TEXTS["fixed"]["OpportunityStage"]}
_STRANGE = {"ForecastCategory": "Pipeline", "IsClosed": False, "IsWon": False, "DefaultProbability": None}
_OPEN = [label for label, stage in _STAGES.items() if not stage["IsClosed"]]
_STEPS, _BEGIN = 3, milliseconds(BEGINS)
"""Rows of history that each deal of the world has: with the deal, halfway, and at its end or last change."""
TRACKED = {"StageName", "Amount", "CloseDate"}
"""Whoever changes one of these of an opportunity writes a row of its history."""
_KINDS: dict[str, Kind] = {"Contact": "contact", "Account": "company", "Lead": "contact", "Opportunity": "deal", "Case": "ticket"}
_THINGS: dict[str, Callable[[World, int, int], object]] = {
    **dict.fromkeys(("Contact", "Lead", "OpportunityContactRole"), lambda world, index, _: world.as_seen(index, TOOL)),
    "Account": lambda world, index, _: world.company(index),
    "User": lambda world, index, _: world.staff[index],
    "Opportunity": lambda world, index, place: world.deal(index, TOOL, place),
    "Case": lambda world, index, place: world.ticket(index, TOOL, place),
}


def identity(name: str, number: int) -> str:
    """An id: prefix, number to the base of 62, and three signs that say which of the fifteen before are capitals."""
    prefix: str = TEXTS["prefixes"][name]
    text = prefix + "".join(_DIGITS[number // 62**place % 62] for place in reversed(range(12)))
    parts = (text[begin : begin + 5] for begin in (0, 5, 10))
    return text + "".join(_MARKS[sum(sign.isupper() << place for place, sign in enumerate(part))] for part in parts)


def number(name: str, text: str) -> int:
    """The reverse, of fifteen characters or eighteen; ValueError where this is no id of that object."""
    found: int = sum(_DIGITS.index(sign) * 62**place for place, sign in enumerate(reversed(text[3:15])))
    if text not in (whole := identity(name, found), whole[:15]):
        raise ValueError(text)
    return found


def when(at: int) -> str:
    """A time as the REST API writes it, to the second: 2026-05-01T07:25:37.000+0000."""
    return f"{iso(at)[:19]}.000+0000"


def became(world: World, index: int) -> bool:
    """Whether the lead of a person was converted, which takes an account."""
    known = known_company(world, TOOL, world.as_seen(index, TOOL).company)
    return known is not None and world.bytes("conversion", index)[0] % 4 > 0


def _written(world: World, kind: str, told: Any) -> Any:
    """A fact of the world as a field of this type holds it; whatever has no owner waits in a queue."""
    if kind == "reference User":
        return identity("Group", 1) if told is None else identity("User", 1 + told)
    if kind == "reference Account" and told is not None:
        told = known_company(world, TOOL, told)
    if told is None:
        return None
    makers: dict[str, Callable[[Any], Any]] = {
        "reference Account": partial(identity, "Account"),
        "reference Contact": lambda index: identity("Contact", record_id("contact", index)),
        "reference Opportunity": lambda index: identity("Opportunity", record_id("deal", index)),
        "datetime": lambda at: when(milliseconds(at)),
        "date": lambda at: at.date().isoformat(),
        "currency": float,
        "string": lambda text: world.company(text).name if isinstance(text, int) else TEXTS["words"].get(text, text),
    }
    return makers.get(kind, lambda text: TEXTS["words"].get(text, text))(told)


def _made(name: str, world: World, index: int, place: int) -> Json:
    """The fields of a record: what the world tells of it, and the others drawn."""
    thing, made = _THINGS[name](world, index, place), {"OwnerId": identity("User", 1 + index % len(world.staff))}
    for field in TEXTS["drawn"][name]:
        options = TEXTS["choices"].get(f"{name}.{field}") or TEXTS["choices"][field]
        made[field] = options[world.bytes(f"{TOOL} {name} {field}", index, place)[0] % len(options)]
    made |= {field: _written(world, SHAPES[name][field], getattr(thing, own)) for field, own in TEXTS["told"][name].items()}
    return made


def _lead(world: World, index: int, place: int) -> Fields:
    made, converted = _made("Lead", world, index, place), became(world, index)
    made |= {"IsConverted": converted, "Company": made["Company"] or "[not provided]"}
    if not converted:
        status = made["Status"].replace("Closed - Converted", "Closed - Not Converted")
        owner = identity("Group", 1) if index % 4 == 0 else made["OwnerId"]
        return made | {name: None for name in made if name.startswith("Converted")} | {"OwnerId": owner, "Status": status}
    sold = made["ConvertedOpportunityId"] if index * 4 in world.shelf(TOOL, "deal") else None
    return made | {"Status": "Closed - Converted", "ConvertedOpportunityId": sold}


def _opportunity(world: World, index: int, place: int) -> Fields:
    deal, made = world.deal(index, TOOL, place), _made("Opportunity", world, index, place)
    made["CloseDate"] = (deal.closed_at or deal.expected_at).date().isoformat()
    made["StageName"] = _OPEN[deal.step] if deal.status == "open" else made["StageName"]
    made["OwnerId"] = identity("User", 1 + (deal.owner or 0))
    return made | {"Motivo_da_Perda__c": made["Motivo_da_Perda__c"] if deal.status == "lost" else None}


def _history(world: World, index: int, place: int) -> Fields:
    deal, step = divmod(place, _STEPS)
    now, begun = _opportunity(world, index, deal), world.deal(index, TOOL, deal).step
    return history(record_id("deal", index, deal), now) | {"StageName": (_OPEN[0], _OPEN[begun], now["StageName"])[step]}


def history(deal: int, fields: Fields) -> Json:
    """What a row of history keeps of an opportunity."""
    kept = {name: fields.get(name) for name in SHAPES["OpportunityHistory"] if name in TEXTS["objects"]["Opportunity"]}
    return kept | {"OpportunityId": identity("Opportunity", deal)}


def _stamps(world: World, index: int, place: int) -> tuple[int, int]:
    deal = world.deal(index, TOOL, place // _STEPS)
    part = ((deal.closed_at or deal.updated_at) - deal.opened_at) * (place % _STEPS) / (_STEPS - 1)
    return (milliseconds(deal.opened_at + part),) * 2


def leads(world: World) -> Shelf:
    """Of whom there is a lead."""
    return world.shelf_of(TOOL, lambda slot: slot.orders % 2)


def _shelf(count: int) -> Shelf:
    return Shelf(members=count, width=1, counts=(1,) * SLOTS, slot=lambda place: place)


def tables(world: World, clock: Clock) -> dict[str, Collection]:
    """The org's objects by name, those first of which records can be merged."""
    shelves = {name: world.shelf(TOOL, kind) for name, kind in _KINDS.items()}
    shelves["Lead"] = leads(world)
    shelves["OpportunityHistory"] = world.shelf_of(TOOL, lambda slot: slot.deals * _STEPS, width=MOST * _STEPS)
    shelves["OpportunityContactRole"] = world.shelf_of(TOOL, lambda slot: min(slot.deals, 1))
    shelves |= {"User": _shelf(len(world.staff))} | {name: _shelf(len(rows)) for name, rows in TEXTS["fixed"].items()}
    made: dict[str, Any] = {"Lead": _lead, "Opportunity": _opportunity, "OpportunityHistory": _history}
    made |= {name: lambda _, index, __, rows=rows: rows[index] for name, rows in TEXTS["fixed"].items()}
    stamps: dict[str, Any] = {name: partial(world.stamps, TOOL, kind) for name, kind in _KINDS.items()}
    stamps |= {"OpportunityHistory": partial(_stamps, world), "OpportunityContactRole": stamps["Contact"]}
    return {
        name: Collection(
            name,
            Source(
                shelf=shelf,
                first_id=FIRST_ID[_KINDS[name]] if name in _KINDS else 1,
                fields=partial(made.get(name, partial(_made, name)), world),
                stamps=stamps.get(name, lambda *_: (_BEGIN, _BEGIN)),
            ),
            clock=clock,
        )
        for name, shelf in shelves.items()
    }


def record(name: str, row: Row) -> Json:
    """A record with every field of its object, those included that Salesforce keeps or works out itself."""
    by, shape, kept = identity("User", 1), SHAPES[name], dict.fromkeys(SHAPES[name]) | dict(row.fields)
    winner = None if row.merged_into is None else identity(name, row.merged_into)
    times = {"CreatedDate": when(row.created), "LastModifiedDate": when(row.updated), "SystemModstamp": when(row.updated)}
    kept |= times | {"CreatedById": by, "LastModifiedById": by, "MasterRecordId": winner}
    kept |= {"Id": identity(name, row.id), "IsDeleted": row.state != "live"} | _worked_out(row.id, kept)
    for field in [field for field, kind in shape.items() if kind == "address"]:
        before = field.removesuffix("Address")
        kept[field] = {part[0].lower() + part[1:]: kept[before + part] for part in TEXTS["address"]}
    return {field: kept[field] for field in shape}


def _worked_out(number: int, kept: Json) -> Json:
    """What follows from other fields: full names, what a stage means, whether a case is closed."""
    if "LastName" in kept:
        return {"Name": " ".join(filter(None, (kept["FirstName"], kept["LastName"])))}
    if "MasterLabel" in kept:
        named = TEXTS["forecasts"].get(kept.get("ForecastCategory", ""))
        return {"ApiName": kept["MasterLabel"], "SortOrder": number, "IsActive": True, "ForecastCategoryName": named}
    if "StageName" in kept:
        stage = _STAGES.get(kept["StageName"] or "", _STRANGE)
        forecast = {
            "ForecastCategory": stage["ForecastCategory"],
            "ForecastCategoryName": TEXTS["forecasts"].get(stage["ForecastCategory"]),
        }
        return {"IsClosed": stage["IsClosed"], "IsWon": stage["IsWon"], "Probability": stage["DefaultProbability"]} | forecast
    closed, escalated = kept.get("Status") == "Closed", kept.get("Status") == "Escalated"
    return {"CaseNumber": f"{number % 10**8:08}", "IsClosed": closed, "IsEscalated": escalated}
