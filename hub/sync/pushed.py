"""What a program pushes: one version of one record each, read strictly and in the canonical form alone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Annotated, Any

import msgspec

from hub.errors import BadInput
from hub.model import TYPES, Entity, digest, from_json
from hub.model.values import DIGITS, countable
from hub.spec.jsontext import dumps

AHEAD = timedelta(days=1)
"""A version from further in the future would keep every real one out."""

DATA, DELETED, RESTORED, MERGED = LANES = ("data", "deleted", "restored", "merged")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Pushed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One record: its `data`, or that it was deleted, restored, or merged into another of the same type.

    `changed_at` is when that happened at the source: of two versions the later one is current, whichever arrives first.
    `observed_at` is when it became known, where that was before now (scope backfill). In the data, a day in place of a moment,
    such as `"won_at": "2026-03-05"`, says that only the day is known.
    """

    type: str
    id: Id
    changed_at: datetime
    observed_at: datetime | None = None
    data: dict[str, Any] | None = None
    deleted: bool = False
    restored: bool = False
    merged_into: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A pushed record that can be taken; `entity` is what its data reads as."""

    sent: Pushed
    kind: type[Entity]
    body: bytes
    hash: str
    changed_at: datetime
    entity: Entity | None

    @property
    def lane(self) -> str:
        """What it speaks of: the record's data, or one of the three things that can happen to a record."""
        if self.sent.deleted:
            return DELETED
        if self.sent.restored:
            return RESTORED
        return DATA if self.sent.merged_into is None else MERGED


def version(sent: Any, now: datetime, zone: tzinfo = UTC) -> Version:
    """Read what was sent; BadInput says which part of it does not fit. NUL is dropped: no database keeps it.

    A day in place of a moment is its start in the zone, and is kept as such: read again, it needs no zone.
    """
    cleaned = _dated(_without_nul(sent), zone)
    try:
        found = msgspec.convert(cleaned, Pushed)
        kind = _kind(found, now)
        entity = None if found.data is None else _entity(kind, found)
    except msgspec.ValidationError as error:
        raise BadInput(str(error)) from error
    body = dumps(cleaned)
    return Version(sent=found, kind=kind, body=body, hash=digest(body), changed_at=_utc(found.changed_at), entity=entity)


def _kind(found: Pushed, now: datetime) -> type[Entity]:
    if found.type not in TYPES:
        raise BadInput(f"the type must be one of {', '.join(TYPES)} - at `$.type`")
    if sum((found.data is not None, found.deleted, found.restored, found.merged_into is not None)) != 1:
        raise BadInput("say exactly one of data, deleted, restored and merged_into")
    if found.merged_into == found.id:
        raise BadInput("a record cannot be merged into itself - at `$.merged_into`")
    if _utc(found.changed_at) > now + AHEAD:
        raise BadInput("lies in the future - at `$.changed_at`")
    if found.observed_at is not None and _utc(found.observed_at) > now:
        raise BadInput("lies in the future - at `$.observed_at`")
    return TYPES[found.type]


def _entity(kind: type[Entity], found: Pushed) -> Entity:
    data = found.data or {}
    if data.get("id", found.id) != found.id:
        raise BadInput("is not the id beside the data - at `$.data.id`")
    try:
        entity = from_json(kind, {**data, "id": found.id, "changed_at": found.changed_at})
    except msgspec.ValidationError as error:
        said = str(error)
        raise BadInput(said.replace("`$", "`$.data") if "`$" in said else f"{said} - at `$.data`") from error
    if not all(map(countable, _numbers(entity))):
        raise BadInput(f"holds a number that is not finite or has more than {DIGITS} digits - at `$.data`")
    moments = {name: _utc(value) for name in entity.__struct_fields__ if isinstance(value := getattr(entity, name), datetime)}
    return msgspec.structs.replace(entity, **moments)


def _dated(sent: Any, zone: tzinfo) -> Any:
    """What was sent, with each moment of which only the day was said as the start of that day, and noted under `days`."""
    data = sent.get("data") if isinstance(sent, dict) else None
    if not isinstance(data, dict):
        return sent
    days = {
        name: value for name, value in data.items() if name.endswith("at") and isinstance(value, str) and _DAY.fullmatch(value)
    }
    if not days:
        return sent
    try:
        starts = {name: datetime.fromisoformat(value).replace(tzinfo=zone).isoformat() for name, value in days.items()}
    except ValueError as error:
        raise BadInput(f"is no day of the calendar - at `$.data.{min(days)}`") from error
    known = data.get("days", ())
    noted = [*known, *sorted(days.keys() - set(known))] if isinstance(known, list | tuple) else known
    return {**sent, "data": {**data, **starts, "days": noted}}


def _utc(value: datetime) -> datetime:
    """A time without a zone is taken as UTC, as everywhere."""
    try:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError as error:
        raise BadInput("a time lies outside the years 1 to 9999") from error


def _numbers(value: Any) -> list[Decimal]:
    if isinstance(value, msgspec.Struct):
        value = [getattr(value, name) for name in value.__struct_fields__ if name != "custom"]
    if isinstance(value, list | tuple):
        return [number for held in value for number in _numbers(held)]
    return [value] if isinstance(value, Decimal) else []


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(held) for held in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(held) for name, held in value.items()}
    return value
