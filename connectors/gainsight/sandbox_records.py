"""The invented company's customers as Gainsight CS would hold them; `sandbox.json` has its objects, fields and their types.

A row keeps other records by number and picklist items by label; `told` gives both as GSIDs. Of `nps_survey_response` only the
object's name is documented, its fields are not.
"""

from hashlib import blake2b
from typing import Any

from hub.sandbox.account import known_company, moment
from hub.sandbox.answers import Json, beside, iso
from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.named import named
from hub.sandbox.rows import Fields, Row
from hub.sandbox.world import Kind, World, record_id

TOOL, TEXTS = "gainsight", beside(__file__)
OBJECTS: dict[str, dict[str, str]] = TEXTS["objects"]
_SCATTER, _SPACE, _PREFIX, _LISTS = 0x9E3779B97F4A7C15F, 16**18, TEXTS["prefixes"], TEXTS["picklists"]
_DAY, _PASSIVE = 86_400_000, 7


def gsid(name: str, number: int) -> str:
    """A record's GSID, 36 characters of which the first eighteen are the object's; `number_of` reads it back."""
    return f"{_PREFIX[name]}{number * _SCATTER % _SPACE:018X}"


def number_of(name: str, text: str) -> int:
    """The number of an object's record by its GSID; ValueError for another object's."""
    return int(text.removeprefix(_PREFIX[name]), 16) * pow(_SCATTER, -1, _SPACE) % _SPACE


# The GSID of a picklist's item.
def _item(category: str, label: str) -> str:
    return f"{_PREFIX['picklist']}{blake2b(f'{category}:{label}'.encode(), digest_size=9).hexdigest().upper()}"


def _company(world: World, index: int, _number: int) -> Fields:
    found, made, drawn = world.company(index), world.stamps(TOOL, "company", index)[0], world.bytes("gainsight", index)
    stage, score = _LISTS["Stage"][drawn[0] % 6], drawn[4] * 100 // 255
    told = named(found, "Name=name Industry=industry Employees=employee_count") | {"Website__gc": f"https://{found.domain}"}
    sold = {"Arr": 1200.0 * (1 + drawn[1]), "Mrr": 100.0 * (1 + drawn[1])}
    days = {"OriginalContractDate": made // _DAY * _DAY, "RenewalDate": (made // _DAY + 30 + drawn[2]) * _DAY}
    csm, scored = drawn[3] % len(world.staff) if drawn[3] % 8 else None, score if drawn[5] % 8 else None
    stands = {"Stage": stage, "Status": "Churn" if stage == "Churn" else "Active", "Csm": csm, "CurrentScore__gr.Score": scored}
    return told | sold | days | stands | {"CurrencyIsoCode": "BRL" if found.country == "BR" else "USD"}


def _relationship(world: World, index: int, number: int) -> Fields:
    kept = _company(world, index, number)
    return {**kept, "Name": f"{kept['Name']} - Main", "CompanyId": record_id("company", index), "TypeId": "Product"}


def _person(world: World, index: int, _number: int) -> Fields:
    seen = world.as_seen(index, TOOL)
    email, name = None if seen.email_taken else seen.email, f"{seen.given_name} {seen.family_name}"
    return {**named(seen, "FirstName=given_name LastName=family_name Location=country"), "Name": name, "Email": email}


def _company_person(world: World, index: int, _number: int) -> Fields | None:
    seen = world.as_seen(index, TOOL)
    company = known_company(world, TOOL, seen.company)
    tie = {"Person_ID": record_id("contact", index), "Company_ID": company, "Title": seen.job_title}
    return {**tie, "Active": True, "IsPrimaryCompany": True} if company else None


def _activity(world: World, index: int, number: int) -> Fields:
    # An entry stays when its company is not known, or no longer.
    found, company = world.ticket(index, TOOL, number), known_company(world, TOOL, world.person(index).company)
    told = {**named(found, "Subject=subject AuthorId=owner"), "TypeName": TEXTS["activity_types"][(index + number) % 4]}
    return {**told, "ContextName": "Company", "GsCompanyId": company, "ActivityDate": moment(found.opened_at)}


def _cta(world: World, index: int, number: int) -> Fields | None:
    found, kinds = world.deal(index, TOOL, number), OBJECTS["call_to_action"].items()
    company, state = known_company(world, TOOL, found.company), {"won": "Closed Success", "lost": "Closed Lost"}.get(found.status)
    drawn = {field: _LISTS[kind[2:]][(index + number) % 2] for field, kind in kinds if kind[0] == "K"}
    ends = {"DueDate": moment(found.expected_at), "ClosedDate": moment(found.closed_at), "IsClosed": state is not None}
    told = {**named(found, "Name=name OwnerId=owner"), "CompanyId": company, "EntityType": "COMPANY"}
    return {**drawn, **told, **ends, "StatusId": state or drawn["StatusId"]} if company else None


def _nps(world: World, index: int, number: int) -> Fields | None:
    answer, drawn = world.ticket(index, TOOL, number).answer, world.bytes("gainsight nps", index)
    if answer is None:
        return None
    score = _PASSIVE + drawn[0] % 4 if answer.good else drawn[0] % _PASSIVE
    company = known_company(world, TOOL, world.as_seen(index, TOOL).company)
    whose = {"PersonId": record_id("contact", index), "CompanyId": company, "Comment": answer.comment}
    return {**whose, "NPSScore": score, "RespondedDate": moment(answer.answered_at)}


def _user(world: World, index: int, _number: int) -> Fields:
    one = world.staff[index]
    return {**named(one, "FirstName=given_name LastName=family_name Email=email"), "Name": f"{one.given_name} {one.family_name}"}


_KINDS: dict[str, Kind | None] = TEXTS["kinds"]
MADE = dict(zip(_KINDS, (_company, _person, _company_person, _relationship, _activity, _cta, _nps, _user), strict=True))


def held(world: World, name: str) -> tuple[Row, ...]:
    """The records of an object at first; what belongs to a company is there if Gainsight knows the company."""
    kind, begun, found = _KINDS[name], milliseconds(BEGINS), list[Row]()
    for key in world.keys(TOOL, kind) if kind else [(one.index, 0) for one in world.staff]:
        first, last = world.stamps(TOOL, kind, *key) if kind else (begun, begun)
        if fields := MADE[name](world, *key):
            found.append(Row(id=record_id(kind, *key) if kind else key[0], created=first, updated=last, fields=fields))
    return tuple(found)


def told(name: str, row: Row, path: str, as_text: str = "") -> Any:
    """What a record has in a field: other records and items by GSID, times of some types as text, others in milliseconds."""
    own: Json = {"Gsid": row.id, **dict.fromkeys(TEXTS["made"], row.created), **dict.fromkeys(TEXTS["changed"], row.updated)}
    kind, said = OBJECTS[name][path], own.get(path, row.fields.get(path.removesuffix("__gr.Name")))
    if said is not None and kind[0] in "GLPK":
        return _item(kind[2:], said) if kind[0] in "PK" else gsid(kind[2:] or name, said)
    return f"{iso(said)[:19]}Z" if said is not None and kind in as_text else said


def described(name: str) -> Json:
    """An object with its fields as the metadata tells them, the hidden marked so, picklists with their items."""
    fields = []
    for field, kind in OBJECTS[name].items():
        about = {"fieldName": field, "label": field, "dataType": TEXTS["types"][kind[0]], "objectName": name}
        options = [{"value": _item(kind[2:], label), "label": label} for label in _LISTS.get(kind[2:], ()) if kind[0] == "P"]
        fields.append({**about, "meta": {"hidden": kind == "H"}, "options": options})
    return {"objectName": name, "label": TEXTS["labels"][name], "readable": True, "fields": fields}
