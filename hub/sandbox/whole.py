"""Objects whose records a stand-in makes all at once when it begins: few enough, or of more than one kind of the world."""

from collections.abc import Callable, Iterator, Mapping

from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Clock, Fields, Row, Source
from hub.sandbox.slots import Tool
from hub.sandbox.world import Kind, World, record_id

Made = Callable[[World, int, int], Fields | None]
"""The tool's own fields of a record: of a member of the world, and the record's number there; None where there is none of it."""
Part = tuple[Kind | int, Made]
"""What records are made of: a kind of the world, or so many, counted from 1, of what the world does not have."""

_BEGUN = milliseconds(BEGINS)
_LATER = 10**12
"""The first id of what is created afterwards; all of the world's are smaller."""


def records(world: World, tool: Tool, parts: tuple[Part, ...]) -> tuple[Row, ...]:
    """The records of one object as they are at first."""
    return tuple(
        Row(id=identity, created=created, updated=updated, fields=fields)
        for kind, made in parts
        for identity, key, (created, updated) in _placed(world, tool, kind)
        if (fields := made(world, *key)) is not None
    )


def objects(world: World, tool: Tool, made: Mapping[str, tuple[Part, ...]], *, clock: Clock) -> dict[str, Collection]:
    """A tool's objects by the names it gives them."""
    none = Source(shelf=world.shelf_of(tool, lambda _: 0), first_id=_LATER, fields=lambda *_: {}, stamps=lambda *_: (0, 0))
    return {name: Collection(name, none, clock=clock, head=records(world, tool, parts)) for name, parts in made.items()}


def _placed(world: World, tool: Tool, kind: Kind | int) -> Iterator[tuple[int, tuple[int, int], tuple[int, int]]]:
    """Of each record the id, what it is made of, and when it was made and last changed."""
    if isinstance(kind, int):
        yield from ((1 + index, (index, 0), (_BEGUN, _BEGUN)) for index in range(kind))
    else:
        yield from ((record_id(kind, *key), key, world.stamps(tool, kind, *key)) for key in world.keys(tool, kind))
