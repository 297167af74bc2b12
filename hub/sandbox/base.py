"""Objects whose fields have types and may refer to records of other objects, as the data bases of large systems have them.

A row keeps other records by their numbers and times in milliseconds, or anything as it is shown; here it is shown, found by its
id or by a query, with the records it refers to, and merged.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from hub.sandbox.answers import Json, rows
from hub.sandbox.collection import Collection
from hub.sandbox.ids import Ids
from hub.sandbox.rows import Row
from hub.sandbox.select import Dialect, Query
from hub.sandbox.selection import Selection

YES_OR_NO, ID = "boolean", "id"
"""The types of what is never empty, and of a record's own id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """How one system's records look.

    `own` is what the system keeps or works out itself, besides a row's fields; `written` how whole numbers are shown by type,
    such as times. `head` stands before a record's fields. `master` is the field with the record into which one was merged;
    what has no such field is never merged.
    """

    dialect: Dialect
    ids: Ids
    own: Callable[[str, Row], Json]
    written: Mapping[str, Callable[[int], object]]
    head: Callable[[str], Json]
    master: str

    def record(self, name: str, row: Row) -> Json:
        """A record with every field of its object."""
        kept = {**row.fields, **self.own(name, row)}
        return {field: self._shown(name, kind, kept.get(field)) for field, kind in self.dialect.shapes[name].items()}

    def _shown(self, name: str, kind: str, said: Any) -> Any:
        first, _, to = kind.partition(" ")
        if said is None:
            return False if kind == YES_OR_NO else None
        if isinstance(said, Decimal):
            return float(said)
        if not isinstance(said, int) or isinstance(said, bool):
            return said
        if to or kind == ID:
            return self.ids.of(to or name, said)
        return self.written[first](said) if first in self.written else said


class Base:
    """The records of one system by object."""

    def __init__(self, model: Model, tables: dict[str, Collection]) -> None:
        self.tables, self._model = tables, model
        select, values = partial(Selection, id_name="", changed_name=model.dialect.changed), self._value
        self._selections = {name: select(table, partial(values, name)) for name, table in tables.items()}

    def _value(self, name: str, row: Row, path: str) -> str | None:
        said = self._model.record(name, row)[path]
        return None if said is None else str(said)

    def find(self, text: str) -> tuple[str, Row] | None:
        """The object and the row with an id, an archived one too; None where there is none."""
        named = self._model.ids.read(text)
        if named is None or named[0] not in self.tables:
            return None
        row = self.tables[named[0]].row(named[1])
        return None if row is None else (named[0], row)

    def select(self, query: Query, archived: Callable[[Row], bool] | None = None) -> list[int]:
        """The numbers of what a query finds, and of what was archived if it is wanted."""
        return self._selections[query.name].select(query.groups, order=query.order, archived=archived)[: query.limit]

    def part(self, query: Query, ids: Sequence[int]) -> list[Json]:
        """The records with these numbers, each with the columns asked for."""
        return [self.shown(query.name, row, query.columns) for row in rows(self.tables[query.name], [*ids])]

    def shown(self, name: str, row: Row, columns: Sequence[str] = ()) -> Json:
        """A record with some columns, else all, those of other records nested in it; what they have not got is null."""
        held, told = self._model.record(name, row), self._model.head(name)
        for path in columns or held:
            first, _, rest = path.partition(".")
            parent = self.find(held.get(self._model.dialect.link.format(first)) or "") if rest else None
            below = [one.partition(".")[2] for one in columns if one.startswith(f"{first}.")]
            told[first] = self.shown(*parent, below) if parent else held.get(first)
        return told

    def merge(self, table: Collection, winner: int, loser: int) -> Row:
        """The loser is archived and names the winner, to whom all that referred to it now belongs."""
        shapes = self._model.dialect.shapes
        if self._model.master not in shapes[table.name]:
            raise ValueError(loser)
        merged = table.merge(winner, loser, {}, leaves="archived")
        linked = [(name, own) for name, shape in shapes.items() for own in shape if shape[own].endswith(f" {table.name}")]
        for name, own in linked:
            self._selections[name].replace(own, self._model.ids.of(table.name, loser), winner)
        return merged
