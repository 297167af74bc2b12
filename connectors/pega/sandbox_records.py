"""The invented company's customers as cases of a Pega and the work parties in them; blank pages stand in `sandbox.json`."""

# Our reading: services are tickets, opportunities deals, purchases orders, interests leads; contracts are nothing; persons are
# contacts, firms companies, operators owners, and Pulse posts activities.

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from flask import Flask

from hub.sandbox.account import collections
from hub.sandbox.answers import Json, beside, filled, iso
from hub.sandbox.chance import milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.oauth import AuthorizationServer, Rules
from hub.sandbox.rows import Fields, Row
from hub.sandbox.signing import sign_in
from hub.sandbox.standin import Controls, Decision, StandIn
from hub.sandbox.world import Kind, World, record_id

Made = Callable[[str, World, int, int], Fields]
TEXTS = beside(__file__)
CREATED, CHANGED, KEY = "pxCreateDateTime", "pxUpdateDateTime", "pzInsKey"
PEOPLE, FIRMS, POSTS = "Data-Party-Person", "Data-Party-Com", "PegaSocial-Message"
# How the keys of each class begin.
KEYS: Mapping[str, str] = TEXTS["keys"]
CASES = tuple(KEYS)[:5]
# The classes in each data page.
SHOWN = {"D_HubCases": CASES, "D_HubPosts": (POSTS,)}


def _person(tool: str, world: World, index: int, _number: int) -> Fields:
    seen = world.as_seen(index, tool)
    names = {"pyFirstName": seen.given_name, "pyLastName": seen.family_name}
    reached = {"pyEmail1": None if seen.email_taken else seen.email, "pyPhoneNumber": seen.phone}
    return {**names, "pyFullName": " ".join(names.values()), **reached}


def _firm(_tool: str, world: World, index: int, _number: int) -> Fields:
    return {"pyCompany": world.company(index).name}


def _work(label: str, status: str, resolved: datetime | None, **about: object) -> Fields:
    return {"pyLabel": label, "pyStatusWork": status, "pyResolvedTimestamp": resolved and iso(milliseconds(resolved)), **about}


def _service(tool: str, world: World, index: int, number: int) -> Fields:
    found = world.ticket(index, tool, number)
    who = {"person": found.person, "firm": found.company, "owner": found.owner}
    return _work(found.subject, TEXTS["tickets"][found.status], found.solved_at, **who)


def _opportunity(tool: str, world: World, index: int, number: int) -> Fields:
    found = world.deal(index, tool, number)
    who = {"person": found.person, "firm": found.company, "owner": found.owner}
    money = {"OpportunityAmount": found.amount and float(found.amount), "CloseDate": found.expected_at.date().isoformat()}
    return _work(found.name, TEXTS["deals"][found.status], found.closed_at, **money, **who)


def _purchase(tool: str, world: World, index: int, number: int) -> Fields:
    found = world.order(index, tool, number)
    return _work("Purchase", TEXTS["orders"][found.status], found.paid_at, OrderTotal=float(found.total), person=found.person)


def _bare(label: str, status: str, party: str) -> Made:
    return lambda _tool, _world, index, _number: _work(label, status, None, **{party: index})


def _message(tool: str, world: World, index: int, number: int) -> Fields:
    found = world.ticket(index, tool, number)
    author, case = operator(world, found.owner or 0)["pyWorkPartyUri"], record_id("ticket", index, number)
    return {"pyMessage": f"About: {found.subject}", "pyCaseKey": f"{KEYS[CASES[0]]}{case}", "pxCreateOperator": author}


# The world's records that those of each class are made of.
_MADE: Mapping[str, tuple[Kind, Made]] = {
    CASES[0]: ("ticket", _service),
    CASES[1]: ("deal", _opportunity),
    CASES[2]: ("order", _purchase),
    CASES[3]: ("contact", _bare("Interest", "New", "person")),
    CASES[4]: ("company", _bare("Contract", "Open", "firm")),
    POSTS: ("ticket", _message),
    PEOPLE: ("contact", _person),
    FIRMS: ("company", _firm),
}
# Which field of a case says who takes part in it.
_ROLES: Mapping[str, tuple[str, str, Kind]] = {"Customer": ("person", PEOPLE, "contact"), "Company": ("firm", FIRMS, "company")}


def operator(world: World, number: int) -> Json:
    """Somebody of the company itself: the user name is what tells operators apart."""
    one = world.staff[number]
    name, user = f"{one.given_name} {one.family_name}", f"{one.email.partition('@')[0]}@ciclo"
    return filled(TEXTS["operator"], {}, pyWorkPartyUri=user, pyFullName=name, pyEmail1=one.email)


class Application:
    """What the application of one Pega holds."""

    def __init__(self, tool: str, world: World, controls: Controls) -> None:
        self._world = world
        made = {name: (kind, partial(fields, tool)) for name, (kind, fields) in _MADE.items()}
        self._held = collections(world, tool, made, clock=controls.clock)
        controls.collections, controls.delete = self._held, Collection.erase
        controls.identity = lambda name, key: int(key.removeprefix(KEYS[name]))

    def rows(self, page: str) -> list[Json]:
        """Everything in a data page, with every column that it has."""
        held = [(name, self._held[name]) for name in SHOWN[page]]
        rows = [(name, each.row(number)) for name, each in held for number in each.live(0, len(each))]
        return [_post(row) if name == POSTS else self._case(name, row) for name, row in rows if row]

    def _case(self, name: str, row: Row) -> Json:
        """A case with the parties in it; what is said of them is part of it, and changes it."""
        parties, changed = {}, row.updated
        for role, (field, kind, made) in _ROLES.items():
            index = row.fields.get(field)
            party = None if index is None else self._held[kind].row(record_id(made, index))
            if party is not None:
                parties[role] = filled(TEXTS[kind], party.fields, pyWorkPartyUri=f"{KEYS[kind]}{party.id}")
                changed = max(changed, party.updated)
        if (owner := row.fields.get("owner")) is not None:
            parties["Owner"] = operator(self._world, owner)
        key = f"{KEYS[name]}{row.id}"
        at = {CREATED: iso(row.created), CHANGED: iso(changed), KEY: key, "pyID": key.partition(" ")[2]}
        return filled(TEXTS["case"], row.fields, pxObjClass=name, pyWorkParty=parties, **at)


def _post(row: Row) -> Json:
    return filled(TEXTS[POSTS], row.fields, pxObjClass=POSTS, **{KEY: f"{KEYS[POSTS]}{row.id}", CREATED: iso(row.created)})


def _truth(tool: str, world: World) -> dict[str, int]:
    """Each case is what was decided, each party is counted once; operators count who own a case."""
    kinds: tuple[Kind, ...] = ("contact", "company", "ticket", "deal", "order")
    owners = {world.ticket(index, tool, number).owner for index, number in world.keys(tool, "ticket")}
    owners |= {world.deal(index, tool, number).owner for index, number in world.keys(tool, "deal")}
    counted = {"lead": world.count(tool, "contact"), "activity": world.count(tool, "ticket"), "owner": len(owners - {None})}
    return {**{kind: world.count(tool, kind) for kind in kinds}, **counted}


def standin(tool: str, app: Callable[[World, Controls], Flask], key: str | None = None) -> StandIn:
    """A Pega that shows these records by one of its APIs."""
    return StandIn(
        id=tool,
        hosts=("{host}",),
        app=app,
        truth=partial(_truth, tool),
        contact_id=lambda index: f"{KEYS[PEOPLE]}{record_id('contact', index)}",
        company_id=lambda index: f"{KEYS[FIRMS]}{record_id('company', index)}",
        answers=TEXTS["answers"],
        decisions=tuple(Decision(*each) for each in TEXTS["decided"]),
        key=key,
    )


def signing_in(app: Flask, controls: Controls) -> AuthorizationServer:
    """Its OAuth server, the same for every API, at the path that all Pegas have."""
    rules = Rules(access_seconds=3600, grants=("authorization_code", "refresh_token", "client_credentials"))
    base, told = "/prweb/PRRestService/oauth2/v1", {"scope": None, "token_type": "bearer"}
    return sign_in(app, base, controls, rules, system="Pega", account="CICLO-CRM-Work", told=lambda _grant: told)
