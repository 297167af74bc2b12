"""The versions of a record in the order of what happened at its source, and what one of them says."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from hub.model import Entity

FIRST_SEEN = 0.6
"""How much a moment is believed that is only when we first saw something."""

E_ = TypeVar("E_", bound=Entity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Generic[E_]):
    """What a record said from `changed_at` on, as we know since `recorded_at`; without an entity, that it was deleted."""

    entity: E_ | None
    changed_at: datetime | None
    recorded_at: datetime
    raw_id: int = 0

    @property
    def at(self) -> datetime:
        """Since when it was so, as far as anybody knows."""
        return self.changed_at or self.recorded_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something that a record says happened; `day` where only the day is known, `person` where it is not about the record's own.

    `key` tells it from others of its type; without one its moment does.
    """

    type: str
    at: datetime
    attrs: Mapping[str, Any] = field(default_factory=dict)
    day: bool = False
    confidence: float = 1.0
    key: str = ""
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Generic[E_]):
    """A state that several versions in a row had: the first of them says when it began, the last says it best."""

    state: Any
    first: Version[E_]
    last: Version[E_]


@dataclass(frozen=True, slots=True)
class History(Generic[E_]):
    """All known versions of one record, the eldest first; there is at least one."""

    versions: tuple[Version[E_], ...]

    @classmethod
    def of(cls, versions: Iterable[Version[E_]]) -> "History[E_]":
        """Versions in the order of what happened at the source, whichever order they arrived in."""
        return cls(tuple(sorted(versions, key=lambda version: (version.at, version.recorded_at, version.raw_id))))

    @property
    def gone(self) -> bool:
        """Whether the record was deleted at its source, and not restored since."""
        return self.versions[-1].entity is None

    @property
    def about(self) -> E_ | None:
        """What it said last, before it was deleted too; None where nothing but its deletion is known."""
        return next((version.entity for version in reversed(self.versions) if version.entity is not None), None)

    def last(self, name: str) -> tuple[E_, Any] | None:
        """The newest version that says something under this name, and what."""
        said = (version.entity for version in reversed(self.versions) if version.entity is not None)
        return next(((entity, value) for entity in said if (value := getattr(entity, name)) not in (None, ())), None)

    def runs(self, state: Callable[[E_], Any], *, deleted: Any = None) -> Iterator[Run[E_]]:
        """The states it was in, one after the other; a version that says nothing leaves it in the one it was in."""
        run: Run[E_] | None = None
        for version in self.versions:
            found = deleted if version.entity is None else state(version.entity)
            if found is None:
                continue
            if run is not None and run.state == found:
                run = Run(state=found, first=run.first, last=version)
                continue
            if run is not None:
                yield run
            run = Run(state=found, first=version, last=version)
        if run is not None:
            yield run


def moment(entity: Entity, *names: str) -> tuple[datetime, bool] | None:
    """The first of these times that an entity states, and whether only its day is known."""
    return next(((found, name in entity.days) for name in names if (found := getattr(entity, name)) is not None), None)


def begun(run: Run[Any], *names: str) -> tuple[datetime, bool, float]:
    """When a state began, whether only the day is known, and how much that is believed: as it was last said, else first seen."""
    said = None if run.last.entity is None else moment(run.last.entity, *names)
    if said is not None:
        return (*said, 1.0)
    return run.first.at, False, 1.0 if run.first.changed_at is not None else FIRST_SEEN


def money(value: Any, name: str = "amount") -> dict[str, Any]:
    """Money as attributes of a fact."""
    return {} if value is None else {name: format(value.amount, "f"), "currency": value.currency}


Facts = Callable[[History[Any]], Iterator[Said]]
"""What a record of a type says happened."""
Attrs = Callable[[Any], Mapping[str, Any]]


class Once(NamedTuple):
    """The first of some times that a record states gives a fact; what is `lasting` holds though a newer version is silent."""

    fields: tuple[str, ...]
    fact: str
    attrs: Attrs = lambda _entity: {}
    lasting: bool = False


def while_there(*told: Facts) -> Facts:
    """What a record says until it is deleted: what was entered by mistake, or never happened, is deleted.

    People and leads are deleted too when a source is cleaned up; what happened with them has happened all the same.
    """

    def facts(history: History[Any]) -> Iterator[Said]:
        if not history.gone:
            yield from (said for each in told for said in each(history))

    return facts


def once(*wanted: Once) -> Facts:
    """The facts of the times that a record states."""

    def facts(history: History[Any]) -> Iterator[Said]:
        for each in wanted:
            held = (history.last(name) for name in each.fields) if each.lasting else iter(((history.about, None),))
            entity = next((found[0] for found in held if found is not None), None)
            at = moment(entity, *each.fields) if entity is not None else None
            if at is not None:
                yield Said(type=each.fact, at=at[0], day=at[1], attrs=each.attrs(history.about))

    return facts


def number(value: Any) -> str | None:
    """A number as attributes of facts hold it."""
    return None if value is None else format(value, "f")
