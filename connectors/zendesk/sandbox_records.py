"""The invented company as Zendesk would hold it: users, organizations, tickets and satisfaction ratings.

Fields: https://developer.zendesk.com/api-reference/ticketing/ (tickets, users, organizations, satisfaction ratings).
What is nobody's choice in a young account is the same in every record, as `sandbox.json` has it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from connectors.zendesk.sandbox_access import missing
from hub.sandbox.account import Made, addressed, crm_reference, known_company, source
from hub.sandbox.answers import Json, beside, iso_seconds, origin, rows
from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Clock, Fields, Row, Source
from hub.sandbox.slots import Tool
from hub.sandbox.world import FIRST_ID, Kind, Staff, World, record_id

TOOL: Tool = "zendesk"
TEXTS = beside(__file__)
ACCOUNT, _OFFSET = 22_129_848, 46_400_000_000_000
"""Ids of an account made in 2026 begin as the offset does; those of tickets count from 1."""
KINDS: dict[str, Kind] = {
    "users": "contact",
    "organizations": "company",
    "tickets": "ticket",
    "satisfaction_ratings": "survey_response",
}
ONE = {"users": "user", "organizations": "organization", "tickets": "ticket", "satisfaction_ratings": "satisfaction_rating"}
_GROUP, _AGENT = _OFFSET + 11, _OFFSET + 1_000_001
_CHANNELS = ("web", "email", "email", "api", "native_messaging")


def _first_id(kind: Kind) -> int:
    """The id of a kind's record number 0."""
    return FIRST_ID[kind] + (1 - FIRST_ID["ticket"] if kind == "ticket" else _OFFSET)


def identity(kind: Kind, index: int, number: int = 0) -> int:
    """The id that a record of the world has here."""
    return record_id(kind, index, number) - FIRST_ID[kind] + _first_id(kind)


def agent(index: int | None) -> int | None:
    """The user id of a member of staff."""
    return None if index is None else _AGENT + index


def _organization_of(world: World, company: int | None) -> int | None:
    known = known_company(world, TOOL, company)
    return None if known is None else known + _OFFSET


def _dialled(phone: str | None) -> str | None:
    """A number as people type it at home: (11) 91234-5678."""
    if phone is None:
        return None
    digits = phone.removeprefix("+55").removeprefix("+1")
    area, rest = (digits[:2], digits[2:]) if phone.startswith("+55") else (digits[:3], digits[3:])
    return f"({area}) {rest[:-4]}-{rest[-4:]}"


def _user(world: World, index: int, _number: int) -> Fields:
    seen, drawn = world.as_seen(index, TOOL), world.bytes("zendesk user", index)
    return {
        **TEXTS["users"],
        "name": f"{seen.given_name} {seen.family_name}",
        "email": None if seen.email_taken else seen.email,
        "phone": _dialled(seen.phone),
        "shared_phone_number": None if seen.phone is None else False,
        "organization_id": _organization_of(world, seen.company),
        "external_id": crm_reference(world, index),
        "verified": drawn[0] % 2 == 0,
        "locale": "pt-BR" if seen.language == "pt" else "en-US",
        "locale_id": 19 if seen.language == "pt" else 1,
    }


def _agent(staff: Staff) -> Row:
    """One of the invented company's own people; the first is the administrator."""
    named = {"name": f"{staff.given_name} {staff.family_name}", "email": staff.email, "role": "agent" if staff.index else "admin"}
    known = {"verified": True, "restricted_agent": False, "ticket_restriction": None, "default_group_id": _GROUP}
    began = milliseconds(BEGINS)
    return Row(id=_AGENT + staff.index, created=began, updated=began, fields={**TEXTS["users"], **named, **known})


def _organization(world: World, index: int, _number: int) -> Fields:
    company, drawn = world.company(index), world.bytes("zendesk organization", index)
    return {**TEXTS["organizations"], "name": company.name, "domain_names": [company.domain] if drawn[0] % 4 else []}


def _ticket(world: World, index: int, number: int) -> Fields:
    ticket, drawn = world.ticket(index, TOOL, number), world.bytes("zendesk ticket", index, number)
    rating: Json = {"score": "offered" if ticket.solved_at and drawn[1] % 2 else "unoffered"}
    if ticket.answer:
        rating = {"id": identity("survey_response", index), "score": "good" if ticket.answer.good else "bad"}
        rating |= {"comment": ticket.answer.comment, "reason": "No reason provided", "reason_id": 0}
    return {
        **dict.fromkeys(("subject", "description"), ticket.subject),
        **dict.fromkeys(("requester_id", "submitter_id"), identity("contact", index)),
        "via": {"channel": _CHANNELS[drawn[0] % len(_CHANNELS)], "source": {"from": {}, "to": {}, "rel": None}},
        "type": ticket.kind,
        "priority": ticket.priority,
        "status": ticket.status.replace("on_hold", "hold"),
        "assignee_id": agent(ticket.owner),
        "organization_id": _organization_of(world, ticket.company),
        "group_id": _GROUP,
        "satisfaction_rating": rating,
        "tags": ["presale"] if drawn[2] % 20 == 0 else [],
    }


def _rating(world: World, index: int, _number: int) -> Fields:
    ticket = world.ticket(index, TOOL, 0)
    good, comment = (ticket.answer.good, ticket.answer.comment) if ticket.answer else (False, None)
    return {
        "assignee_id": agent(ticket.owner),
        "group_id": _GROUP,
        "requester_id": identity("contact", index),
        "ticket_id": identity("ticket", index),
        "score": "good" if good else "bad",
        "comment": comment,
        "reason": None if good else "No reason provided",
        "reason_id": None,
        "reason_code": None if good else 0,
    }


def _answered(world: World, index: int) -> tuple[int, int]:
    answer = world.ticket(index, TOOL, 0).answer
    return (milliseconds(answer.asked_at), milliseconds(answer.answered_at)) if answer else (0, 0)


_MADE: dict[str, Made] = {"users": _user, "organizations": _organization, "tickets": _ticket, "satisfaction_ratings": _rating}


def _source(world: World, name: str) -> Source:
    found = source(world, TOOL, KINDS[name], _MADE[name], first_id=_first_id(KINDS[name]))
    answers = name == "satisfaction_ratings"
    return replace(found, stamps=lambda index, _number: _answered(world, index)) if answers else found


class Records:
    """One account's records by object."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world, heads = world, {"users": tuple(map(_agent, world.staff))}
        made = {name: _source(world, name) for name in KINDS}
        self.collections = {name: Collection(name, of, clock=clock, head=heads.get(name, ())) for name, of in made.items()}

    def row(self, name: str, text: str) -> Row:
        """A record by its id. Users that were deleted can still be read; nothing else can."""
        found = self.collections[name].row(int(text)) if text.isdecimal() else None
        if found is None or (found.state != "live" and name != "users"):
            raise missing()
        return found

    def shown(self, name: str, row: Row) -> Json:
        """A record as lists, exports and single answers have it."""
        dates = {"created_at": iso_seconds(row.created), "updated_at": iso_seconds(row.updated)}
        known = {"url": f"{origin()}/api/v2/{name}/{row.id}.json", "id": row.id, **dates, **TEXTS[name], **row.fields}
        return known | self._state(name, row, known)

    def lines(self, name: str) -> Callable[[Sequence[int]], list[Json]]:
        """What shows a page of ids."""
        return lambda ids: [self.shown(name, row) for row in rows(self.collections[name], list(ids))]

    def _state(self, name: str, row: Row, known: Json) -> Json:
        """What follows from a record's state."""
        if name == "users":
            return {"active": row.state == "live" and known["active"]}
        if name == "organizations":
            return {"deleted_at": None if row.state == "live" else iso_seconds(row.updated)}
        if name == "satisfaction_ratings":
            return {}
        requester = known.get("requester_id")
        return {
            "generated_timestamp": row.updated // 1000,
            "raw_subject": known.get("subject"),
            "requester_id": None if requester is None else self.collections["users"].survivor(requester),
            "custom_status_id": TEXTS["custom_status"].get(known["status"]),
            "encoded_id": f"CICLO{row.id:X}",
            **({"status": "deleted", **TEXTS["scrubbed"]} if row.state == "archived" else {}),
        }

    def taken(self, email: str, row: Row | None) -> bool:
        """Whether another user has an address."""
        return bool({other.id for other in addressed(self._world, self.collections["users"], email)} - {row.id if row else None})
