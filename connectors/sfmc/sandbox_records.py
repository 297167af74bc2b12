"""The invented company's subscribers as Marketing Cloud would hold them, and what was sent to them, in data extensions.

Events are told by SOAP or by data views, which only SQL reads; so JSON has them where an admin fills data extensions by query
activities, and one by journeys. Columns: https://help.salesforce.com/s/articleView?id=mktg.mc_as_data_views.htm
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from hub.sandbox.answers import beside
from hub.sandbox.chance import instant
from hub.sandbox.dealings import MOST
from hub.sandbox.named import named
from hub.sandbox.rows import Fields, Source
from hub.sandbox.shelf import Shelf
from hub.sandbox.slots import Slot
from hub.sandbox.world import Kind, World, record_id

TOOL, TEXTS = "sfmc", beside(__file__)
EXTENSIONS: dict[str, dict[str, dict[str, str]]] = TEXTS["extensions"]
CENTRAL = timedelta(hours=-6)
"""The time of the servers, all year; rows have it without saying so."""
_MINUTE, _JOB, _NOON, _FEW, _FIRST_EVENT = 60_000, 4_000, 12, 2, 600_000_001
_PEOPLE, _LEAVING = "Hub_Subscribers", "Hub_Unsubscribe"
_WITH: dict[str, Kind] = {_PEOPLE: "contact", "Hub_JourneyEntry": "order"}
"""What a row is made together with, where that is no deal: with each deal a message goes out."""
_OF_A_PERSON: dict[str, Callable[[Slot], int]] = {
    _PEOPLE: lambda _slot: 1,
    "Hub_Sent": lambda slot: 1 + slot.deals,
    "Hub_Open": lambda slot: slot.deals,
    "Hub_Click": lambda slot: slot.deals // 2,
    "Hub_Bounce": lambda slot: int(slot.tickets > _FEW),
    _LEAVING: lambda slot: int(not slot.orders),
    "Hub_JourneyEntry": lambda slot: int(slot.orders > 0),
}


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
    shown = "" if said is None else str(said)
    return central(int(shown)) if shown and kind == "date" else shown


def _at(world: World, name: str, index: int, number: int) -> int:
    made, _ = world.stamps(TOOL, _WITH.get(name, "deal"), index, number)
    return made + int(TEXTS["minutes_later"][name]) * _MINUTE


def _fields(world: World, name: str, index: int, number: int) -> Fields:
    """A row: whoever never ordered has left, and those with three tickets cannot be reached."""
    seen, drawn, at = world.as_seen(index, TOOL), world.bytes("sfmc", index, number), _at(world, name, index, number)
    stays, silent = index * MOST in world.shelf(TOOL, "order"), index * MOST + _FEW in world.shelf(TOOL, "ticket")
    email = TEXTS["emails"][drawn[1] % 3]
    told = {
        **TEXTS["event"],
        **TEXTS["bounces"][index % 2],
        **TEXTS["journeys"][index % 2],
        **named(seen, "firstname=given_name lastname=family_name mobilephone=phone"),
        **dict.fromkeys(("subscriberkey", "contactkey"), contact_key(index)),
        **dict.fromkeys(("eventdate", "entrydate", "datejoined"), at),
        "emailaddress": None if seen.email_taken else seen.email,
        "status": ("Bounced" if silent else "Active") if stays else "Unsubscribed",
        "dateunsubscribed": None if stays else _at(world, _LEAVING, index, 0),
        "locale": "pt-BR" if seen.language == "pt" else "en-US",
        "jobid": _JOB + drawn[0],
        "batchid": number,
        "emailname": email,
        "emailsubject": f"{email} · {seen.given_name}",
        "url": TEXTS["links"][drawn[2] % 2],
    }
    return {column: told.get(column) for columns in EXTENSIONS[name].values() for column in columns}


def shelf(world: World, name: str) -> Shelf:
    """The rows of a data extension in a fresh world."""
    return world.shelf_of(TOOL, _OF_A_PERSON[name], width=1 if name == _PEOPLE else 3)


def source(world: World, name: str) -> Source:
    """Where a data extension's rows come from."""
    first_id = record_id("contact", 0) if name == _PEOPLE else _FIRST_EVENT
    made, at = partial(_fields, world, name), partial(_at, world, name)
    return Source(shelf=shelf(world, name), first_id=first_id, fields=made, stamps=lambda *key: (at(*key), at(*key)))
