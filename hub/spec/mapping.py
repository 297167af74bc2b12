"""A mapping: the rules that read one stream's records as one canonical type."""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Any, get_args

from hub.errors import Misdeclared, SkipRecord
from hub.model import UNKNOWN, Entity
from hub.spec import convert, fields
from hub.spec.rules import Rule
from hub.spec.terms import Terms, Unknown
from hub.spec.wire import Record, pluck

NOTHING = "nothing"
"""What an admin says of records that are none of the types that a mapping offers: they are kept, and not read."""


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
    as_decided: str | None = None
    """Where the record says what it belongs to (a list, a case type) of which an admin decides what its records are: only
    those are of this type that were decided to be. The other mappings of the stream with the same path are the other choices."""
    decided_name: str | None = None
    """Where the record says what that is called, for the admin to recognise it."""
    proposes: Table[str, str] = field(default_factory=dict)
    """Fields of the source (`custom.<name>`, or a path; in any case of letters) that an admin is proposed to read as fields of
    this type; nothing is read so before somebody takes the proposal."""

    def __post_init__(self) -> None:
        """Misdeclared where it proposes what no field of a source can be read as."""
        if foreign := set(self.proposes.values()) - fields.readable(self.type).keys():
            raise Misdeclared(f"{self.stream}: no field of the source can be read as {self.type.TYPE} {sorted(foreign)}")

    def applies(self, record: Record) -> bool:
        """Whether the record is one of this type at all, or could be decided to be."""
        return not any(pluck(record, path) in values for path, values in self.unless.items())

    def chosen(self, record: Record, terms: Terms) -> bool:
        """Whether the record is of this type by what people decided, where that is for them to decide."""
        return self.as_decided is None or _decided(self.as_decided, record, terms) == self.type.TYPE

    def read(self, record: Record, terms: Terms) -> Reading:
        """The record in our words; SkipRecord where it has no id. A value that cannot be read is left out and counted."""
        key = _text(record, self.id)
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
        more, asked = fields.decided(self.type, record, values, terms)
        values |= more
        unknown += asked
        return Reading(entity=self.type(id=key, **_enumerated(self.type, values)), unknown=tuple(unknown))

    def pipelines(self) -> bool:
        """Whether any rule reads the account's pipelines."""
        return any(rule.pipelines for rule in self.rules.values())

    def reads(self) -> frozenset[str]:
        """Every path that a rule reads."""
        return frozenset(path for rule in self.rules.values() for path in rule.reads) | {
            self.id,
            *self.unless,
            *filter(None, (self.as_decided, self.decided_name)),
        }


def undecided(mappings: Iterable[Mapping], record: Record, terms: Terms) -> Iterator[Unknown]:
    """What people are asked of what a record is: once for each place that says what it belongs to, with what that is called."""
    types: dict[str, set[str]] = {}
    names: dict[str, str | None] = {}
    for each in mappings:
        if each.as_decided is not None and each.applies(record):
            types.setdefault(each.as_decided, {NOTHING}).add(each.type.TYPE)
            names[each.as_decided] = names.get(each.as_decided) or each.decided_name
    for path, known in types.items():
        if _decided(path, record, terms) not in known:
            said, named = _text(record, path), names[path]
            called = (named and _text(record, named)) or "without a name"
            yield Unknown(path=path, raw=said, why=called if said else "the record says nothing there")


def _decided(path: str, record: Record, terms: Terms) -> str | None:
    return terms.choices.get(path, {}).get(_text(record, path) or "")


def _text(record: Record, path: str) -> str | None:
    try:
        return convert.text(pluck(record, path))
    except ValueError:
        return None


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


def accounted(mappings: Iterable[Mapping], terms: Terms | None = None) -> Accounted:
    """What the mappings of one stream account for together, with what people had read in addition."""
    named = [path for each in mappings for path in (*each.reads(), *each.ignored, *filter(None, [each.custom]))]
    named += [path for paths in (terms.fields.values() if terms else ()) for path in paths]
    exact = frozenset(path for path in named if not path.endswith("*"))
    starts = (path.removesuffix("*") for path in named if path.endswith("*"))
    return Accounted(exact=exact, starts=(*starts, *(f"{path}." for path in exact if path)))
