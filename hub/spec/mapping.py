"""A mapping: the rules that read one stream's records as one canonical type."""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Any, get_args

from hub.errors import SkipRecord
from hub.model import UNKNOWN, Entity
from hub.spec import convert
from hub.spec.rules import Rule
from hub.spec.terms import Terms, Unknown
from hub.spec.wire import Record, pluck


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a record says: the entity, and each thing it said that nobody has decided or that could not be read."""

    entity: Entity
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """`rules` give a value for each field of `type`; `id` is where the record's own id lies.

    `ignored` lists paths that are knowingly not read (a trailing `*` stands for all that starts so); what is neither read
    nor ignored is drift, and shown. `custom` is where the system keeps fields of the account's own making.
    """

    type: type[Entity]
    stream: str
    rules: Table[str, Rule]
    id: str = "id"
    ignored: tuple[str, ...] = ()
    custom: str | None = None
    unless: Table[str, tuple[Any, ...]] = field(default_factory=dict)
    """Records that are no such entity: those whose value at a path is one of these (a user that is an agent)."""

    def applies(self, record: Record) -> bool:
        """Whether the record is one of this type at all."""
        return not any(pluck(record, path) in values for path, values in self.unless.items())

    def read(self, record: Record, terms: Terms) -> Reading:
        """The record in our words; SkipRecord where it has no id. A value that cannot be read is left out and counted."""
        try:
            key = convert.text(pluck(record, self.id))
        except ValueError:
            key = None
        if key is None:
            raise SkipRecord(f"{self.stream}: a record without {self.id!r} cannot be told from others")
        values: dict[str, Any] = {}
        unknown: list[Unknown] = []
        for name, rule in self.rules.items():
            said = _said(rule, record, terms)
            if isinstance(said, Unknown):
                unknown.append(said)
                said = UNKNOWN if said.raw is not None and rule.options else None
            if said is not None:
                values[name] = said
        if self.custom:
            kept = pluck(record, self.custom)
            values["custom"] = kept if isinstance(kept, dict) else {}
        return Reading(entity=self.type(id=key, **_enumerated(self.type, values)), unknown=tuple(unknown))

    def pipelines(self) -> bool:
        """Whether any rule reads the account's pipelines."""
        return any(rule.pipelines for rule in self.rules.values())

    def reads(self) -> frozenset[str]:
        """Every path that a rule reads."""
        return frozenset(path for rule in self.rules.values() for path in rule.reads) | {self.id, *self.unless}


def _said(rule: Rule, record: Record, terms: Terms) -> Any:
    try:
        return rule.apply(record, terms)
    except ValueError as error:
        return Unknown(path=rule.reads[0] if rule.reads else "", raw=None, why=str(error))


def _enumerated(kind: type[Entity], values: dict[str, Any]) -> dict[str, Any]:
    """The text `unknown` as the member UNKNOWN of the field's enumeration, so that values are always of their type."""
    for name, value in values.items():
        if value is UNKNOWN:
            declared = kind.__annotations__[name]
            (enumeration,) = (a for a in get_args(declared) or (declared,) if a is not type(None))
            values[name] = enumeration(UNKNOWN)
    return values


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """The dotted path of every leaf that holds something; a list counts as one leaf."""
    if isinstance(value, dict):
        for key, held in value.items():
            yield from leaves(held, f"{path}.{key}" if path else str(key))
    elif value not in (None, "", []):
        yield path


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounted:
    """The paths that some mappings read or ignore, and the starts of paths below which nothing counts as unread."""

    exact: frozenset[str]
    starts: tuple[str, ...]

    def unread(self, record: Record) -> set[str]:
        """The paths of a record that hold something and that nobody reads: how a change of the source becomes visible."""
        return {leaf for leaf in leaves(record) if leaf not in self.exact and not leaf.startswith(self.starts)}


def accounted(mappings: Iterable[Mapping]) -> Accounted:
    """What the mappings of one stream account for together."""
    named = [path for each in mappings for path in (*each.reads(), *each.ignored, *filter(None, [each.custom]))]
    exact = frozenset(path for path in named if not path.endswith("*"))
    starts = (path.removesuffix("*") for path in named if path.endswith("*"))
    return Accounted(exact=exact, starts=(*starts, *(f"{path}." for path in exact if path)))
