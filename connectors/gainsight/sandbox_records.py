"""The invented company's customers as Gainsight CS would hold them: companies, people, relationships, timeline, CTAs, NPS.

A row keeps other records by number and picklist items by label; `sandbox` writes them out as GSIDs. Objects, fields and
their types stand in `sandbox.json`; of `nps_survey_response` only the object's name is documented, its fields are not.
"""

from collections.abc import Callable
from hashlib import blake2b

from hub.sandbox.account import known_company, moment
from hub.sandbox.answers import Json, beside
from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.rows import Fields, Row
from hub.sandbox.world import Kind, World, record_id

TOOL = "gainsight"
TEXTS = beside(__file__)
OBJECTS: dict[str, dict[str, str]] = TEXTS["objects"]
_SCATTER, _SPACE, _PREFIX, _LISTS = 0x9E3779B97F4A7C15F, 16**18, TEXTS["prefixes"], TEXTS["picklists"]
_DAY, _PASSIVE = 86_400_000, 7


def gsid(name: str, number: int) -> str:
    """A record's GSID, 36 characters of which the first eighteen are the object's; `number_of` reads it back."""
    return f"{_PREFIX[name]}{number * _SCATTER % _SPACE:018X}"


def number_of(name: str, text: str) -> int:
    """The number of an object's record by its GSID; KeyError for another object's."""
    if not text.startswith(_PREFIX[name]):
        raise KeyError(text)
    return int(text.removeprefix(_PREFIX[name]), 16) * pow(_SCATTER, -1, _SPACE) % _SPACE


def item(category: str, label: str = "") -> str:
    """The GSID of a picklist's item, or without a label of the picklist."""
    return f"{_PREFIX['picklist']}{blake2b(f'{category}:{label}'.encode(), digest_size=9).hexdigest().upper()}"


def _company(world: World, index: int, _number: int) -> Fields:
    found, (made, _), drawn = world.company(index), world.stamps(TOOL, "company", index), world.bytes("gainsight", index)
    stage, health = _LISTS["Stage"][drawn[0] % 6], drawn[4] * 100 // 255
    told = {
        "Name": found.name,
        "Industry": found.industry,
        "Employees": found.employee_count,
        "Website__gc": f"https://{found.domain}",
    }
    sold = {
        "Arr": 1200.0 * (1 + drawn[1]),
        "Mrr": 100.0 * (1 + drawn[1]),
        "CurrencyIsoCode": "BRL" if found.country == "BR" else "USD",
    }
    days = {"OriginalContractDate": made // _DAY * _DAY, "RenewalDate": (made // _DAY + 30 + drawn[2]) * _DAY}
    looked_after = {
        "Csm": drawn[3] % len(world.staff) if drawn[3] % 8 else None,
        "CurrentScore__gr.Score": health if drawn[5] % 8 else None,
    }
    return {**told, **sold, **days, **looked_after, "Stage": stage, "Status": "Churn" if stage == "Churn" else "Active"}


def _relationship(world: World, index: int, number: int) -> Fields:
    kept = _company(world, index, number)
    return {**kept, "Name": f"{kept['Name']} - Main", "CompanyId": record_id("company", index), "TypeId": "Product"}


def _person(world: World, index: int, _number: int) -> Fields:
    seen = world.as_seen(index, TOOL)
    names = {"Name": f"{seen.given_name} {seen.family_name}", "FirstName": seen.given_name, "LastName": seen.family_name}
    return {**names, "Email": None if seen.email_taken else seen.email, "Location": seen.country}


def _company_person(world: World, index: int, _number: int) -> Fields | None:
    seen, person = world.as_seen(index, TOOL), record_id("contact", index)
    company = known_company(world, TOOL, seen.company)
    tie = {"Person_ID": person, "Company_ID": company, "Title": seen.job_title, "Active": True, "IsPrimaryCompany": True}
    return tie if company else None


def _activity(world: World, index: int, number: int) -> Fields:
    # An entry stays when its company is not known, or no longer.
    found, company = world.ticket(index, TOOL, number), known_company(world, TOOL, world.person(index).company)
    told = {"ContextName": "Company", "Subject": found.subject, "TypeName": TEXTS["activity_types"][(index + number) % 4]}
    where = {"GsCompanyId": company, "AuthorId": found.owner, "ExternalAttendees": world.as_seen(index, TOOL).email}
    return {**told, **where, "ActivityDate": moment(found.opened_at)}


def _cta(world: World, index: int, number: int) -> Fields | None:
    found = world.deal(index, TOOL, number)
    company, state = known_company(world, TOOL, found.company), {"won": "Closed Success", "lost": "Closed Lost"}.get(found.status)
    told = {"Name": found.name, "CompanyId": company, "EntityType": "COMPANY", "OwnerId": found.owner, "IsImportant": False}
    kinds = {"TypeId": _LISTS["CTA Type"][found.step % 3], "ReasonId": _LISTS["CTA Reason"][index % 3]}
    stands = {"StatusId": state or _LISTS["CTA Status"][found.step % 2], "PriorityId": _LISTS["CTA Priority"][number % 3]}
    ends = {"DueDate": moment(found.expected_at), "ClosedDate": moment(found.closed_at), "IsClosed": state is not None}
    return {**told, **kinds, **stands, **ends} if company else None


def _nps(world: World, index: int, number: int) -> Fields | None:
    answer, drawn = world.ticket(index, TOOL, number).answer, world.bytes("gainsight nps", index)
    if answer is None:
        return None
    score = _PASSIVE + drawn[0] % 4 if answer.good else drawn[0] % _PASSIVE
    said = {"NPSScore": score, "Comment": answer.comment, "RespondedDate": moment(answer.answered_at), "SurveyId": item("survey")}
    company = known_company(world, TOOL, world.as_seen(index, TOOL).company)
    return {**said, "PersonId": record_id("contact", index), "CompanyId": company}


def _user(world: World, index: int, _number: int) -> Fields:
    one = world.staff[index]
    names = {"Name": f"{one.given_name} {one.family_name}", "FirstName": one.given_name, "LastName": one.family_name}
    return {**names, "Email": one.email, "IsActiveUser": True}


MADE: dict[str, tuple[Kind | None, Callable[[World, int, int], Fields | None]]] = {
    "company": ("company", _company),
    "person": ("contact", _person),
    "company_person": ("contact", _company_person),
    "relationship": ("company", _relationship),
    "activity_timeline": ("ticket", _activity),
    "call_to_action": ("deal", _cta),
    "nps_survey_response": ("survey_response", _nps),
    "gsuser": (None, _user),
}


def held(world: World, name: str) -> tuple[Row, ...]:
    """The records of an object at first; what belongs to a company is there if Gainsight knows the company."""
    (kind, made), begun = MADE[name], milliseconds(BEGINS)
    found = []
    for key in world.keys(TOOL, kind) if kind else [(one.index, 0) for one in world.staff]:
        first, last = world.stamps(TOOL, kind, *key) if kind else (begun, begun)
        if fields := made(world, *key):
            number = record_id(kind, *key) if kind else key[0]
            found.append(Row(id=number, created=first, updated=last, fields=fields))
    return tuple(found)


_FIELDS = {name: [field for field, kind in fields.items() if kind != "H"] for name, fields in OBJECTS.items()}
_ITEMS = {name: [f"{field}__gr.Name" for field, kind in fields.items() if kind[0] == "K"] for name, fields in OBJECTS.items()}
PATHS = {name: {path.lower(): path for path in (*_FIELDS[name], *_ITEMS[name])} for name in OBJECTS}
"""What can be asked of an object, by its name in small letters: its fields that are not hidden, and the names of CTAs' items."""


def shown(name: str, row: Row) -> Json:
    """A record with its own fields: times in milliseconds, other records and picklist items by GSID, names of CTAs' items."""
    stamps = {"CreatedDate": row.created, "ModifiedDate": row.updated, "LastModifiedDate": row.updated, "Gsid": row.id}
    said: Json = {field: stamps.get(field, row.fields.get(field)) for field in OBJECTS[name]}
    said |= {path: said[path.removesuffix("__gr.Name")] for path in _ITEMS[name]}
    for field, kind in OBJECTS[name].items():
        if said[field] is not None and kind[0] in "GLPK":
            said[field] = item(kind[2:], said[field]) if kind[0] in "PK" else gsid(kind[2:] or name, said[field])
    return said


def described(name: str) -> Json:
    """An object with its fields as the metadata tells them, those that are hidden marked so."""
    fields = [
        {
            "fieldName": field,
            "label": field,
            "dataType": TEXTS["types"][kind[0]],
            "objectName": name,
            "meta": {"hidden": kind == "H"},
        }
        for field, kind in OBJECTS[name].items()
    ]
    return {"objectName": name, "label": TEXTS["labels"][name], "readable": True, "fields": fields}
