"""The invented company as Request Tracker would hold it: people as users, their requests as tickets in two queues.

Shapes are those of Request Tracker 5.0.3, recorded in tests/connectors/rt.
"""

from collections.abc import Callable

from connectors.rt.sandbox_answers import Json, reference
from hub.sandbox.answers import iso_seconds
from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.dealings import Answer
from hub.sandbox.names import plain
from hub.sandbox.rows import Fields, Row, Source
from hub.sandbox.slots import Tool
from hub.sandbox.world import FIRST_ID, Kind, World, record_id

TOOL: Tool = "rt"
VERSION = "5.0.3"
UNSET = "1970-01-01T00:00:00Z"
NOBODY, ROOT, _FIRST_STAFF = 6, 14, 20
QUEUES = {1: ("General", "The default queue"), 3: ("Billing", "Invoices and refunds")}
SATISFACTION = 2
"""The id of the custom field that holds an answer from 1 to 5."""
PUBLIC = ("Name", "EmailAddress", "Organization", "RealName", "NickName", "Gecos", "Lang", "City", "Country", "Timezone")
"""The only attributes by which users can be searched; conditions on others are ignored."""
USER_TEXTS = (*PUBLIC, "MobilePhone")
STATUSES = ("new", "open", "stalled", "resolved", "rejected", "deleted")
_STATUS = {"pending": "stalled", "on_hold": "stalled", "solved": "resolved", "closed": "resolved"}
_PRIORITY = {None: "0", "low": "20", "normal": "40", "high": "60", "urgent": "100"}
_TIMES = {"Started": "0", "Resolved": "0", "Due": "0", "Starts": "0", "Told": "0"}


def staff_id(index: int | None) -> int:
    """The user who works on a ticket; nobody is a user too."""
    return NOBODY if index is None else _FIRST_STAFF + index


def first_users(world: World) -> tuple[Row, ...]:
    """The users that every installation has, then the company's staff."""
    known = ((1, "RT_System", "The RT System itself", ""), (NOBODY, "Nobody", "Nobody in particular", ""))
    staff = (
        (staff_id(one.index), one.email.partition("@")[0], f"{one.given_name} {one.family_name}", one.email)
        for one in world.staff
    )
    everyone = (*known, (ROOT, "root", "Enoch Root", "root@localhost"), *staff)
    began = milliseconds(BEGINS)
    return tuple(
        Row(id=identity, created=began, updated=began, fields=_user(name, real, email, privileged=identity >= ROOT))
        for identity, name, real, email in everyone
    )


def _user(name: str, real: str, email: str, *, privileged: bool, **more: str) -> Fields:
    return {
        **dict.fromkeys(USER_TEXTS, ""),
        "Name": name,
        "RealName": real,
        "EmailAddress": email,
        "Privileged": int(privileged),
        **more,
    }


def requestor(email: str) -> Fields:
    """Somebody of whom only an address is known."""
    return _user(email, "", email, privileged=False)


def login(given: str, index: int) -> str:
    """A person's user name, from which `person_of` finds the person again."""
    return f"{plain(given)}.{index}"


def person_of(name: str) -> int | None:
    """The index of the person with a user name."""
    index = name.rpartition(".")[2]
    return int(index) if index.isdecimal() else None


def _person(world: World) -> Callable[[int, int], Fields]:
    def fields(index: int, _number: int) -> Fields:
        seen = world.as_seen(index, TOOL)
        return _user(
            login(world.person(index).given_name, index),
            f"{seen.given_name} {seen.family_name}",
            "" if seen.email_taken else seen.email,
            privileged=False,
            Organization="" if seen.company is None else world.company(seen.company).name,
            MobilePhone=seen.phone or "",
            Country=seen.country,
        )

    return fields


def _rating(answer: Answer | None) -> str:
    """One to five; whoever wrote something felt strongly."""
    if answer is None:
        return ""
    return {(True, True): "5", (True, False): "4", (False, False): "2", (False, True): "1"}[answer.good, bool(answer.comment)]


def _ticket(world: World) -> Callable[[int, int], Fields]:
    def fields(index: int, number: int) -> Fields:
        found = world.ticket(index, TOOL, number)
        return {
            "Subject": found.subject,
            "Status": _STATUS.get(found.status, found.status),
            "Queue": 3 if index % 4 == 0 else 1,
            "Requestor": [record_id("contact", index)],
            "Owner": staff_id(found.owner),
            "Priority": _PRIORITY[found.priority],
            "Started": None if found.status == "new" else milliseconds(found.opened_at),
            "Resolved": None if found.solved_at is None else milliseconds(found.solved_at),
            "Satisfaction": _rating(found.answer),
        }

    return fields


def source(world: World, kind: Kind) -> Source:
    """Where the users or the tickets of the world come from."""
    return Source(
        shelf=world.shelf(TOOL, kind),
        first_id=FIRST_ID[kind],
        fields=_ticket(world) if kind == "ticket" else _person(world),
        stamps=lambda index, number: world.stamps(TOOL, kind, index, number),
    )


def custom_fields(row: Row) -> list[Json]:
    """The one custom field of a ticket with its values."""
    answer = row.fields.get("Satisfaction")
    named = {"name": "Satisfaction", "values": [answer] if answer else []}
    return [{**reference("customfield", str(SATISFACTION)), **named}]


def satisfaction() -> Json:
    """The custom field itself."""
    values = [str(number) for number in range(1, 6)]
    texts = {"Name": "Satisfaction", "Type": "Select", "LookupType": "RT::Queue-RT::Ticket", "Disabled": "0"}
    return {"id": SATISFACTION, **texts, "MaxValues": "1", "Values": values, "Description": ""}


def queue_texts(number: int) -> Json:
    """The fields of a queue."""
    name, description = QUEUES[number]
    return {"id": number, "Name": name, "Description": description, "Lifecycle": "default", "Disabled": "0"}


def ticket_texts(row: Row) -> Json:
    """The fields of a ticket that are plain text."""
    times = {name: UNSET if row.fields.get(name) is None else iso_seconds(row.fields[name]) for name in _TIMES}
    return {
        "Subject": row.fields.get("Subject", ""),
        "Status": "deleted" if row.state == "archived" else row.fields.get("Status", "new"),
        "Priority": str(row.fields.get("Priority", "0")),
        "Created": iso_seconds(row.created),
        "LastUpdated": iso_seconds(row.fields.get("LastUpdated") or row.updated),
        **times,
        **dict.fromkeys(("InitialPriority", "FinalPriority", "TimeWorked", "TimeLeft", "TimeEstimated"), "0"),
        "Type": "ticket",
    }


def user_texts(row: Row) -> Json:
    """The fields of a user that are plain text."""
    return {
        **{name: row.fields.get(name, "") for name in USER_TEXTS},
        "Created": iso_seconds(row.created),
        "LastUpdated": iso_seconds(row.updated),
    }
