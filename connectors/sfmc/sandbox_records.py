"""The invented company's subscribers as Marketing Cloud would hold them, and what was sent to them, in data extensions.

The data extensions are those that an admin fills by query activities from the data views _Subscribers with the profile
attributes, _Sent, _Open, _Click, _Bounce and _Unsubscribe, and one to which journeys write who enters them. Columns:
https://help.salesforce.com/s/articleView?id=mktg.mc_as_data_views.htm
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from hub.sandbox.answers import Json, beside
from hub.sandbox.chance import instant
from hub.sandbox.dealings import MOST
from hub.sandbox.rows import Fields, Source
from hub.sandbox.shelf import Shelf
from hub.sandbox.slots import Slot
from hub.sandbox.world import Kind, World, record_id

TOOL, TEXTS = "sfmc", beside(__file__)
EXTENSIONS: dict[str, Json] = TEXTS["extensions"]
CENTRAL = timedelta(hours=-6)
"""The time of the servers, all year; rows have it without saying so."""
_MINUTE, _JOB, _LIST, _NOON, _FEW = 60_000, 4_000, 77, 12, 2


def contact_key(index: int) -> str:
    """The contact key of a person, which is the subscriber key too."""
    return f"CICLO-{record_id('contact', index)}"


def number_of(_name: str, text: str) -> int:
    """The number of a record by a contact key, or as it is."""
    return int(text.removeprefix("CICLO-"))


def central(moment: int) -> str:
    """A time as rows show it: 4/5/2024 3:04:05 PM, in the time of the servers."""
    at = instant(moment // 1000 * 1000) + CENTRAL
    return f"{at.month}/{at.day}/{at.year} {at.hour % _NOON or _NOON}:{at:%M:%S} {'AM' if at.hour < _NOON else 'PM'}"


def cell(kind: str, said: Any) -> str:
    """A value as a row shows it: always text."""
    if said is None:
        return ""
    return central(said) if kind == "date" else str(said)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A data extension: how many rows a person has in it, and what one holds; times are milliseconds."""

    count: Callable[[Slot], int]
    made: Callable[[World, int, int], Fields]
    first_id: int
    at: str = "eventdate"
    width: int = 3


def _at(world: World, index: int, number: int, kind: Kind = "deal") -> int:
    return world.stamps(TOOL, kind, index, number)[0]


def _status(world: World, index: int) -> str:
    """A subscriber's status; whoever never ordered has left, and those with three tickets cannot be reached."""
    if index * MOST not in world.shelf(TOOL, "order"):
        return "Unsubscribed"
    return "Bounced" if index * MOST + _FEW in world.shelf(TOOL, "ticket") else "Active"


def _subscriber(world: World, index: int, _number: int) -> Fields:
    seen, status, joined = world.as_seen(index, TOOL), _status(world, index), world.stamps(TOOL, "contact", index)[0]
    left = _at(world, index, 0) + 9 * _MINUTE if status == "Unsubscribed" else None
    return {
        "subscriberkey": contact_key(index),
        "emailaddress": None if seen.email_taken else seen.email,
        "status": status,
        "datejoined": joined,
        "dateunsubscribed": left,
        "firstname": seen.given_name,
        "lastname": seen.family_name,
        "mobilephone": seen.phone,
        "locale": "pt-BR" if seen.language == "pt" else "en-US",
    }


def _event(later: int, more: Callable[[World, int, int], Fields], world: World, index: int, number: int) -> Fields:
    """What happened so many minutes after a message was sent, which has a job and a batch."""
    drawn = world.bytes("sfmc", index, number)
    sent = {"jobid": _JOB + drawn[0], "batchid": number, "subscriberkey": contact_key(index), "listid": _LIST}
    about = {"emailname": TEXTS["emails"][drawn[1] % 3], "eventdate": _at(world, index, number) + later * _MINUTE}
    return {**sent, **about, "isunique": True, **more(world, index, number)}


def _mail(world: World, index: int, number: int) -> Fields:
    name = TEXTS["emails"][world.bytes("sfmc", index, number)[1] % 3]
    return {"emailsubject": f"{name} · {world.as_seen(index, TOOL).given_name}"}


def _link(world: World, index: int, number: int) -> Fields:
    return {"url": TEXTS["links"][world.bytes("sfmc", index, number)[2] % 2], "linkname": "Offer"}


def _bounced(_world: World, index: int, _number: int) -> Fields:
    category, why = ("Hard bounce", "User Unknown") if index % 2 == 0 else ("Soft bounce", "Mailbox Full")
    return {"bouncecategory": category, "bouncesubcategory": why, "smtpcode": 550}


def _entry(world: World, index: int, number: int) -> Fields:
    journey = TEXTS["journeys"][index % 2]
    named = {"journeyid": journey["id"], "journeyname": journey["name"], "versionnumber": journey["version"]}
    return {**named, "contactkey": contact_key(index), "entrydate": _at(world, index, number, "order")}


def _nothing(_world: World, _index: int, _number: int) -> Fields:
    return {}


TOLD = {
    "Hub_Subscribers": Told(count=lambda _slot: 1, made=_subscriber, first_id=10_000_001, at="datejoined", width=1),
    "Hub_Sent": Told(count=lambda slot: 1 + slot.deals, made=partial(_event, 0, _mail), first_id=600_000_001),
    "Hub_Open": Told(count=lambda slot: slot.deals, made=partial(_event, 5, _nothing), first_id=610_000_001),
    "Hub_Click": Told(count=lambda slot: slot.deals // 2, made=partial(_event, 6, _link), first_id=620_000_001),
    "Hub_Bounce": Told(count=lambda slot: int(slot.tickets > _FEW), made=partial(_event, 1, _bounced), first_id=630_000_001),
    "Hub_Unsubscribe": Told(count=lambda slot: int(not slot.orders), made=partial(_event, 9, _nothing), first_id=640_000_001),
    "Hub_JourneyEntry": Told(count=lambda slot: int(slot.orders > 0), made=_entry, first_id=650_000_001, at="entrydate"),
}


def shelf(world: World, name: str) -> Shelf:
    """The rows of a data extension in a fresh world."""
    return world.shelf_of(TOOL, TOLD[name].count, width=TOLD[name].width)


def source(world: World, name: str) -> Source:
    """Where a data extension's rows come from."""
    told = TOLD[name]

    def stamps(index: int, number: int) -> tuple[int, int]:
        at = told.made(world, index, number)[told.at]
        return at, at

    return Source(shelf=shelf(world, name), first_id=told.first_id, fields=partial(told.made, world), stamps=stamps)
