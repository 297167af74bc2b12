"""What a row says by a saved mapping: the record itself, and whom it is about where the row tells who that is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.errors import SkipRecord
from hub.model import Entity
from hub.sheets.fields import (
    CHOICE,
    OTHERS,
    fields,
    member,
)
from hub.sheets.plan import Plan
from hub.sheets.rows import CHANGED, LONGEST_ID, said
from hub.sheets.table import Cells
from hub.spec import Mapping, Terms
from hub.spec.mapping import Reading
from hub.spec.wire import Record


def mappings(plan: Plan, kind: type[Entity]) -> tuple[Mapping, ...]:
    """How rows are read: as the record, then as each of those whom it is about."""
    read = {column.field for column in plan.columns}
    others = [reference for reference, of in kind.REFERENCES if of in OTHERS and _identified(reference, of) & read]
    return (
        RowMapping(type=kind, stream=kind.PLURAL, rules={}, plan=plan),
        *(OtherMapping(type=kind, stream=kind.PLURAL, rules={}, plan=plan, reference=each) for each in others),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMapping(Mapping):
    """Reads a row as the record that it is."""

    plan: Plan

    def applies(self, record: Record) -> bool:
        """Every row is one."""
        return isinstance(record.get("row"), dict)

    def reads(self) -> frozenset[str]:
        """What an admin has seen on the mapping page, read or not; other columns are new."""
        return frozenset({"id", CHANGED, *(f"row.{column.name}" for column in self.plan.columns)})

    def read(self, record: Record, _terms: Terms) -> Reading:
        """The record; SkipRecord where the row has no id of its own or a cell cannot be read."""
        row: Cells = record["row"]
        key = _key(self.plan, record)
        found = said(self.plan, self.type, row)
        own = {name: value for name, value in found.values.items() if "." not in name}
        own |= {name: member(self.type, name, own[name]) for name in own if fields(self.type)[name].kind == CHOICE}
        unread = {name: text for name, text in row.items() if name not in self._read(found.values)}
        links = dict(self._links(key, found.values))
        entity = self.type(id=key, days=tuple(each for each in found.days if "." not in each), custom=unread, **own, **links)
        return Reading(entity=entity, unknown=found.unknown)

    def _read(self, values: dict[str, Any]) -> set[str]:
        """The columns that are not kept beside the record under their own names; what is said of nobody in particular is."""
        nobody = {reference for reference, of in self.type.REFERENCES if of in OTHERS} - {
            name for name, _ in self._links("", values)
        }
        read = {column.name for column in self.plan.columns if column.field and column.field.partition(".")[0] not in nobody}
        return read | (set() if self.plan.digested else set(self.plan.key))

    def _links(self, key: str, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        for reference, of in self.type.REFERENCES:
            if of in OTHERS and _identified(reference, of) & values.keys():
                other = f"{key}#{reference}"
                yield reference, (other,) if isinstance(getattr(self.type(id="-"), reference), tuple) else other


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMapping(Mapping):
    """Reads a row as one of those whom it is about: a record beside it, which is united with others by what it tells."""

    plan: Plan
    reference: str

    def applies(self, record: Record) -> bool:
        """Whether the row can be read, and tells who it is."""
        row, key = record.get("row"), record.get("id")
        if not isinstance(row, dict) or not isinstance(key, str):
            return False
        of = dict(self.type.REFERENCES)[self.reference]
        return any(column.field in _identified(self.reference, of) and column.name in row for column in self.plan.columns)

    def reads(self) -> frozenset[str]:
        """Nothing but what the row's own mapping reads."""
        return frozenset()

    def read(self, record: Record, _terms: Terms) -> Reading:
        """Whom the row is about."""
        other, names, _ = OTHERS[dict(self.type.REFERENCES)[self.reference]]
        values = said(self.plan, self.type, record["row"]).values
        own = {name: values[f"{self.reference}.{name}"] for name in names if f"{self.reference}.{name}" in values}
        return Reading(entity=other(id=f"{_key(self.plan, record)}#{self.reference}", **own))


def _identified(reference: str, of: str) -> set[str]:
    return {f"{reference}.{name}" for name in OTHERS[of][2]}


def _key(plan: Plan, record: Record) -> str:
    if isinstance(key := record.get("id"), str):
        return key
    found, names = plan.of(record["row"]), " and ".join(repr(name) for name in plan.key)
    if found is None:
        raise SkipRecord(f"{names} is empty, so that this row cannot be told from others")
    if len(found) > LONGEST_ID:
        raise SkipRecord(f"{names} is longer than {LONGEST_ID} characters")
    raise SkipRecord(f"{names} says the same as in an earlier row of the file, and the rest of the row does not")
