"""What every canonical type has, and its one JSON form."""

import hashlib
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, TypeVar

import msgspec

from hub.model.values import Value


class Reference(NamedTuple):
    """A mention of another record of the same connection: the deal's contact, the ticket's company."""

    type: str
    id: str


class Entity(Value, frozen=True, kw_only=True):
    """A source's record of something, in our words.

    `id` is the source's own id, `created_at` and `changed_at` are its times (UTC), `url` leads a person to the record there,
    `custom` holds its own fields under their names there. `days` names the time fields of which the source gave the day alone:
    their instant is the start of that day in the source's zone.
    """

    TYPE: ClassVar[str]
    PLURAL: ClassVar[str]
    REFERENCES: ClassVar[tuple[tuple[str, str], ...]] = ()
    """(field, type) pairs: which fields hold ids of which other type; a field is one id or a tuple of ids."""
    HAPPENED: ClassVar[tuple[str, ...]] = ("created_at",)
    """The fields that say when it happened; the first that is filled counts."""

    id: str
    created_at: datetime | None = None
    changed_at: datetime | None = None
    url: str | None = None
    custom: dict[str, Any] = msgspec.field(default_factory=dict)
    days: tuple[str, ...] = ()

    @property
    def happened_at(self) -> datetime | None:
        """When it happened, as far as the source says."""
        return next((at for name in self.HAPPENED if (at := getattr(self, name)) is not None), None)

    def references(self) -> Iterator[Reference]:
        """Every other record that this one mentions, in the order of the fields."""
        for name, kind in self.REFERENCES:
            held = getattr(self, name)
            for value in held if isinstance(held, tuple) else (held,):
                if value is not None:
                    yield Reference(kind, value)


_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:ciclo-hub:record")


def record_id(connection_id: str, kind: str, source_id: str) -> str:
    """The hub's id of a record: the same for ever, whether or not the record has arrived yet."""
    return str(uuid.uuid5(_SPACE, f"{connection_id}/{kind}/{source_id}"))


E_ = TypeVar("E_", bound=Entity)
_json = msgspec.json.Encoder(order="sorted", decimal_format="string")


def as_json(entity: Entity) -> bytes:
    """The one JSON form of an entity: sorted keys, UTC times, decimals as text; what was not said is left out."""
    return _json.encode(entity)


def from_json(kind: type[E_], data: bytes | dict[str, Any]) -> E_:
    """Read an entity back, from its JSON text or from parsed JSON; msgspec.ValidationError names the field that does not fit."""
    if isinstance(data, dict):
        return msgspec.convert(data, kind)
    return msgspec.json.decode(data, type=kind)


def digest(data: bytes, *salt: str) -> str:
    """A content hash short enough to store on every row: 128 bits of BLAKE2b, hexadecimal."""
    hashed = hashlib.blake2b(data, digest_size=16)
    for part in salt:
        hashed.update(b"\0" + part.encode())
    return hashed.hexdigest()
