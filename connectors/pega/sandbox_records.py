"""The invented company's customers as cases of a Pega and the work parties in them; blank pages stand in `sandbox.json`."""

from collections.abc import Callable, Mapping
from datetime import datetime

from hub.sandbox.account import moment
from hub.sandbox.answers import Json, beside, filled, iso
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Fields, Row
from hub.sandbox.world import Kind, World, record_id

TOOL = "pega"
TEXTS = beside(__file__)
PEOPLE, FIRMS, POSTS = "Data-Party-Person", "Data-Party-Com", "PegaSocial-Message"
KEYS: Mapping[str, str] = TEXTS["keys"]
"""How the keys of each class begin."""
CASES = tuple(KEYS)[:5]


def _at(when: datetime | None) -> str | None:
    milliseconds = moment(when)
    return None if milliseconds is None else iso(milliseconds)


def _person(world: World, index: int, _number: int) -> Fields:
    seen = world.as_seen(index, TOOL)
    names = {
        "pyFullName": f"{seen.given_name} {seen.family_name}",
        "pyFirstName": seen.given_name,
        "pyLastName": seen.family_name,
    }
    return {**names, "pyEmail1": None if seen.email_taken else seen.email, "pyPhoneNumber": seen.phone}


def _firm(world: World, index: int, _number: int) -> Fields:
    return {"pyCompany": world.company(index).name}


def _service(world: World, index: int, number: int) -> Fields:
    found = world.ticket(index, TOOL, number)
    about = {
        "pyLabel": found.subject,
        "pyStatusWork": TEXTS["tickets"][found.status],
        "pyResolvedTimestamp": _at(found.solved_at),
    }
    return {**about, "person": found.person, "firm": found.company, "owner": found.owner}


def _opportunity(world: World, index: int, number: int) -> Fields:
    found = world.deal(index, TOOL, number)
    about = {"pyLabel": found.name, "pyStatusWork": TEXTS["deals"][found.status], "pyResolvedTimestamp": _at(found.closed_at)}
    money = {"OpportunityAmount": found.amount and float(found.amount), "CloseDate": found.expected_at.date().isoformat()}
    return {**about, **money, "person": found.person, "firm": found.company, "owner": found.owner}


def _purchase(world: World, index: int, number: int) -> Fields:
    found = world.order(index, TOOL, number)
    about = {"pyLabel": "Purchase", "pyStatusWork": TEXTS["orders"][found.status], "pyResolvedTimestamp": _at(found.paid_at)}
    return {**about, "OrderTotal": float(found.total), "person": found.person}


def _lead(_world: World, index: int, _number: int) -> Fields:
    return {"pyLabel": "Interest", "pyStatusWork": "New", "person": index}


def _contract(_world: World, index: int, _number: int) -> Fields:
    return {"pyLabel": "Contract", "pyStatusWork": "Open", "firm": index}


def _post(world: World, index: int, number: int) -> Fields:
    found = world.ticket(index, TOOL, number)
    author = operator(world, found.owner or 0)["pyWorkPartyUri"]
    return {"pyMessage": f"About: {found.subject}", "case": record_id("ticket", index, number), "pxCreateOperator": author}


MADE: Mapping[str, tuple[Kind, Callable[[World, int, int], Fields]]] = {
    CASES[0]: ("ticket", _service),
    CASES[1]: ("deal", _opportunity),
    CASES[2]: ("order", _purchase),
    CASES[3]: ("contact", _lead),
    CASES[4]: ("company", _contract),
    POSTS: ("ticket", _post),
    PEOPLE: ("contact", _person),
    FIRMS: ("company", _firm),
}
"""The world's records that those of each class are made of."""


def operator(world: World, number: int) -> Json:
    """Somebody of the company itself: the user name is what tells operators apart."""
    one = world.staff[number]
    name, user = f"{one.given_name} {one.family_name}", f"{one.email.partition('@')[0]}@ciclo"
    return filled(TEXTS["operator"], {}, pyWorkPartyUri=user, pyFullName=name, pyEmail1=one.email)


def parties(held: Mapping[str, Collection], case: Row) -> dict[str, tuple[str, Row]]:
    """The people and firms that take part in a case, by their role, with their class."""
    kinds: dict[str, tuple[str, str, Kind]] = {"Customer": ("person", PEOPLE, "contact"), "Company": ("firm", FIRMS, "company")}
    found = {}
    for role, (field, name, kind) in kinds.items():
        index = case.fields.get(field)
        row = None if index is None else held[name].row(record_id(kind, index))
        if row is not None:
            found[role] = (name, row)
    return found


def changed(held: Mapping[str, Collection], case: Row) -> int:
    """When a case changed last: what is said of its parties is part of it."""
    return max(case.updated, *(row.updated for _, row in parties(held, case).values()), 0)


def shown(world: World, held: Mapping[str, Collection], name: str, row: Row) -> Json:
    """A row of a data view, with every column that it has."""
    at = {"pxCreateDateTime": iso(row.created), "pxUpdateDateTime": iso(changed(held, row)), "pzInsKey": f"{KEYS[name]}{row.id}"}
    if name == POSTS:
        about = {"pyCaseKey": f"{KEYS[CASES[0]]}{row.fields['case']}", "pxUpdateDateTime": None}
        return filled(TEXTS["post"], row.fields, pxObjClass=name, **{**at, **about})
    blanks = {PEOPLE: TEXTS["person"], FIRMS: TEXTS["firm"]}
    held_by = {
        role: filled(blanks[kind], party.fields, pyWorkPartyUri=f"{KEYS[kind]}{party.id}")
        for role, (kind, party) in parties(held, row).items()
    }
    owner = row.fields.get("owner")
    owned = {"Owner": operator(world, owner)} if owner is not None else {}
    return filled(
        TEXTS["case"], row.fields, pxObjClass=name, pyID=at["pzInsKey"].partition(" ")[2], pyWorkParty=held_by | owned, **at
    )
