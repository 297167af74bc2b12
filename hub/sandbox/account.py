"""What one tool has of the world, put as stand-ins need it: sources of records, and who a record refers to."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from hub.sandbox.answers import rows
from hub.sandbox.chance import milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Clock, Fields, Row, Source
from hub.sandbox.slots import Tool
from hub.sandbox.world import FIRST_ID, Kind, World, record_id

Made = Callable[[World, int, int], Fields]
"""The tool's own fields of a record: of a member of the world, and the record's number there."""


def source(world: World, tool: Tool, kind: Kind, made: Made, *, first_id: int | None = None) -> Source:
    """Where a tool's records of a kind come from; `first_id` where the tool does not count as the world does."""
    return Source(
        shelf=world.shelf(tool, kind),
        first_id=FIRST_ID[kind] if first_id is None else first_id,
        fields=partial(made, world),
        stamps=partial(world.stamps, tool, kind),
    )


def collections(world: World, tool: Tool, kinds: Mapping[str, tuple[Kind, Made]], *, clock: Clock) -> dict[str, Collection]:
    """The tool's objects by the names it gives them."""
    return {name: Collection(name, source(world, tool, *kind), clock=clock) for name, kind in kinds.items()}


def known_company(world: World, tool: Tool, company: int | None) -> int | None:
    """The id of a company, if the tool has a record of it."""
    known = company is not None and world.knows_company(tool, company)
    return record_id("company", company) if company is not None and known else None


def crm_reference(world: World, index: int) -> str | None:
    """What links some people of other tools to the CRM's contact for the same person."""
    known = world.reference(index) and world.knows("hubspot", index)
    return f"hubspot:{record_id('contact', index)}" if known else None


def moment(at: datetime | None) -> int | None:
    """Milliseconds since 1970 of what has happened, None of what has not."""
    return None if at is None else milliseconds(at)


def addressed(world: World, people: Collection, email: str, *, field: str = "email") -> list[Row]:
    """The live people with an address, however its letters are written."""
    first = people.first_id - FIRST_ID["contact"]
    ids = [first + record_id("contact", index) for index in world.addressed(email)]
    found = rows(people, list(dict.fromkeys([*ids, *people.changed_later(0)])))
    return [row for row in found if row.state == "live" and str(row.fields.get(field) or "").lower() == email.lower()]
