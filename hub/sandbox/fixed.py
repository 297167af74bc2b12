"""Records that a system always has, whatever the world: its stages, its users, its settings."""

from collections.abc import Sequence

from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Clock, Fields, Source
from hub.sandbox.shelf import SLOTS, Shelf


def fixed(name: str, records: Sequence[Fields], clock: Clock) -> Collection:
    """These records, numbered from 1 and there since the world began; they can be changed and further ones created."""
    shelf, begun = Shelf(members=len(records), width=1, counts=(1,) * SLOTS, slot=lambda place: place), milliseconds(BEGINS)
    source = Source(shelf=shelf, first_id=1, fields=lambda index, _: records[index], stamps=lambda *_: (begun, begun))
    return Collection(name, source, clock=clock)
