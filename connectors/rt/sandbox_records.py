"""The invented company as Request Tracker would hold it: people as users, their requests as tickets in two queues.

Shapes are those of Request Tracker 5.0.3, recorded in tests/connectors/rt. What every installation has, and every
record, stands in `sandbox.json`.
"""

from hub.sandbox.account import moment
from hub.sandbox.answers import Json, beside, filled, iso_seconds
from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.names import plain
from hub.sandbox.rows import Fields, Row
from hub.sandbox.slots import Tool
from hub.sandbox.world import World, record_id

TOOL: Tool = "rt"
VERSION = "5.0.3"
TEXTS = beside(__file__)
QUEUES: dict[int, Json] = {int(number): queue for number, queue in TEXTS["queues"].items()}
NOBODY, ROOT, _FIRST_STAFF = 6, 14, 20
PUBLIC = frozenset(TEXTS["user"]) - {"MobilePhone", "Privileged"}
"""The only attributes by which users can be searched; conditions on others are ignored."""
ROLES, PEOPLE = ("Requestor", "Cc", "AdminCc"), {"Owner": NOBODY, "Creator": ROOT, "LastUpdatedBy": ROOT}
"""The people in a ticket: lists of them, and single ones with who stands there when nothing was said."""
SETTABLE = ("Subject", "Status", "Priority")
STATUSES = ("new", "open", "stalled", "resolved", "rejected", "deleted")
UNSET = "1970-01-01T00:00:00Z"
_TIMES = ("Started", "Resolved", "Due", "Starts", "Told")
_STATUS = {"pending": "stalled", "on_hold": "stalled", "solved": "resolved", "closed": "resolved"}
_PRIORITY = {None: "0", "low": "20", "normal": "40", "high": "60", "urgent": "100"}
_RATINGS = {(True, True): "5", (True, False): "4", (False, False): "2", (False, True): "1"}
"""From one to five, by whether the answer was good and whether it has a comment: whoever wrote something felt strongly."""


def staff_id(index: int | None) -> int:
    """The user who works on a ticket; nobody is a user too."""
    return NOBODY if index is None else _FIRST_STAFF + index


def first_users(world: World) -> tuple[Row, ...]:
    """The users that every installation has, then the company's staff."""
    staff = [
        {"id": staff_id(one.index), "Name": one.email.partition("@")[0], "RealName": f"{one.given_name} {one.family_name}"}
        | {"EmailAddress": one.email, "Privileged": 1}
        for one in world.staff
    ]
    began = milliseconds(BEGINS)
    return tuple(
        Row(id=one["id"], created=began, updated=began, fields=filled(TEXTS["user"], one)) for one in (*TEXTS["users"], *staff)
    )


def requestor(email: str) -> Fields:
    """Somebody of whom only an address is known."""
    return {**TEXTS["user"], "Name": email, "EmailAddress": email}


def person_of(name: str) -> int | None:
    """The index of the person with a user name, which ends with it."""
    index = name.rpartition(".")[2]
    return int(index) if index.isdecimal() else None


def person(world: World, index: int, _number: int) -> Fields:
    """Somebody who wrote to the company."""
    seen = world.as_seen(index, TOOL)
    return {
        **TEXTS["user"],
        "Name": f"{plain(world.person(index).given_name)}.{index}",
        "RealName": f"{seen.given_name} {seen.family_name}",
        "EmailAddress": "" if seen.email_taken else seen.email,
        "Organization": "" if seen.company is None else world.company(seen.company).name,
        "MobilePhone": seen.phone or "",
        "Country": seen.country,
    }


def ticket(world: World, index: int, number: int) -> Fields:
    """What somebody wrote."""
    found = world.ticket(index, TOOL, number)
    return {
        "Subject": found.subject,
        "Status": _STATUS.get(found.status, found.status),
        "Queue": 3 if index % 4 == 0 else 1,
        "Requestor": [record_id("contact", index)],
        "Owner": staff_id(found.owner),
        "Priority": _PRIORITY[found.priority],
        "Started": None if found.status == "new" else milliseconds(found.opened_at),
        "Resolved": moment(found.solved_at),
        "Satisfaction": "" if found.answer is None else _RATINGS[found.answer.good, bool(found.answer.comment)],
    }


def ticket_texts(row: Row) -> Json:
    """The fields of a ticket that are plain text."""
    times = {name: UNSET if row.fields.get(name) is None else iso_seconds(row.fields[name]) for name in _TIMES}
    times |= {"Created": iso_seconds(row.created), "LastUpdated": iso_seconds(row.fields.get("LastUpdated") or row.updated)}
    state = {"Status": "deleted"} if row.state == "archived" else {}
    return {**filled(TEXTS["ticket"], row.fields, Priority=str(row.fields.get("Priority", "0")), **state), **times}


def user_texts(row: Row) -> Json:
    """The fields of a user that are plain text."""
    dates = {"Created": iso_seconds(row.created), "LastUpdated": iso_seconds(row.updated)}
    return {name: text for name, text in filled(TEXTS["user"], row.fields).items() if name != "Privileged"} | dates
