"""What a system for sales keeps of the world: its records, and made of them leads, who decides on a deal, and a deal's stages.

Everybody whom the tool knows is a contact there. Some have a lead too: one that was converted became that contact, any other
is a duplicate that nobody has noticed.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

from hub.sandbox.account import known_company
from hub.sandbox.collection import Collection
from hub.sandbox.dealings import MOST
from hub.sandbox.rows import Clock, Fields, Source
from hub.sandbox.shelf import Shelf
from hub.sandbox.slots import Slot, Tool
from hub.sandbox.tabled import Table, tabled
from hub.sandbox.told import told
from hub.sandbox.world import FIRST_ID, Kind, World, record_id

Part = Literal["contact", "company", "deal", "ticket", "lead", "role", "step"]
"""A role is a contact's in a deal, a step the stage of a deal at one time."""
STEPS = 3
"""Each deal has so many steps: when it began, halfway, and when it was decided or else last changed."""
_MADE_OF: dict[Part, Kind] = {"lead": "contact", "role": "contact", "step": "deal"}
_KINDS: dict[Part, Kind] = {"contact": "contact", "company": "company", "deal": "deal", "ticket": "ticket", **_MADE_OF}
_COUNTS: dict[Part, Callable[[Slot], int]] = {
    "lead": lambda slot: slot.orders % 2,
    "role": lambda slot: min(slot.deals, 1),
    "step": lambda slot: slot.deals * STEPS,
}
_UNCONVERTED, _UNCLAIMED = 4, 4


def shelf(world: World, tool: Tool, part: Part) -> Shelf:
    """The records of a part in a fresh world."""
    if part not in _COUNTS:
        return world.shelf(tool, _KINDS[part])
    return world.shelf_of(tool, _COUNTS[part], width=MOST * STEPS if part == "step" else 1)


def converted(world: World, tool: Tool, index: int) -> bool:
    """Whether the lead of a person became their contact, which takes a company."""
    company = known_company(world, tool, world.as_seen(index, tool).company)
    return company is not None and world.bytes("conversion", index)[0] % _UNCONVERTED > 0


def stamps(world: World, tool: Tool, part: Part, index: int, number: int) -> tuple[int, int]:
    """When a record was made and last changed, in milliseconds since 1970."""
    if part != "step":
        return world.stamps(tool, _KINDS[part], index, number)
    deal, step = told(world, tool, "deal", index, number // STEPS), number % STEPS
    begun, ended = deal["opened_at"], deal["closed_at"] or deal["updated_at"]
    return (begun + (ended - begun) * step // (STEPS - 1),) * 2


def known(world: World, tool: Tool, part: Part, index: int, number: int) -> Fields:
    """What the tool has of a record under plain names: as `told` has it, and some more.

    `keeper` is the member of staff who looks after it, counted from 1; `company_id`, `contact_id` and `deal_id` are what it
    belongs to, of a lead what it may have become. A person's `mailbox` is the address even where somebody else has the same.
    """
    deal, step = divmod(number, STEPS) if part == "step" else (number if part == "deal" else 0, None)
    said = dict(told(world, tool, _KINDS[part], index, deal if part == "step" else number))
    said["keeper"] = _keeper(world, index, said)
    if part == "company":
        return said
    said["contact_id"] = record_id("contact", index)
    said["deal_id"] = record_id("deal", index, deal) if index * MOST + deal in world.shelf(tool, "deal") else None
    if _KINDS[part] == "deal":
        return said | _of_deal(world, tool, said, (index, deal), step)
    if part == "ticket":
        return said | {"company_id": known_company(world, tool, world.ticket(index, tool, number).company)}
    return said | _of_person(world, tool, part, index)


def _keeper(world: World, index: int, said: Fields) -> int | None:
    owner = said.get("owner", index % len(world.staff))
    return None if owner is None else 1 + owner


def _of_person(world: World, tool: Tool, part: Part, index: int) -> dict[str, object]:
    seen, became = world.as_seen(index, tool), part == "lead" and converted(world, tool, index)
    unclaimed = {"keeper": None} if part == "lead" and not became and index % _UNCLAIMED == 0 else {}
    return {"mailbox": seen.email, "company_id": known_company(world, tool, seen.company), "converted": became, **unclaimed}


def _of_deal(world: World, tool: Tool, said: Fields, key: tuple[int, int], step: int | None) -> dict[str, object]:
    index, number = key
    deal = world.deal(index, tool, number)
    stage = said["stage"] if step is None else ("step 0", f"step {deal.step}", said["stage"])[step]
    ends = {"stage": stage, "lost": deal.status == "lost", "ends": said["closed_at"] or said["expected_at"]}
    return {**ends, "company_id": known_company(world, tool, deal.company)}


def tables(
    world: World, tool: Tool, made: Mapping[str, Table], words: Mapping[str, object], *, clock: Clock
) -> dict[str, Collection]:
    """The tool's objects by the names it gives them, each with the table that makes its fields, which says of what `part`."""

    def fields(name: str, index: int, number: int) -> Fields:
        told = known(world, tool, made[name]["part"], index, number)
        return tabled(made[name], words, told, world.bytes(tool, name, index, number))

    def source(name: str, part: Part) -> Source:
        first = 1 if part in ("role", "step") else FIRST_ID[_KINDS[part]]
        stamped = partial(stamps, world, tool, part)
        return Source(shelf=shelf(world, tool, part), first_id=first, fields=partial(fields, name), stamps=stamped)

    return {name: Collection(name, source(name, table["part"]), clock=clock) for name, table in made.items()}
