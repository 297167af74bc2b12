"""What the cells of a row say by a saved mapping."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from hub.errors import SkipRecord
from hub.model import UNKNOWN, Entity
from hub.sheets import cells
from hub.sheets.fields import (
    CHOICE,
    CURRENCY,
    DAY,
    EMAILS,
    FLAG,
    MANY,
    MOMENT,
    MONEY,
    NUMBER,
    PHONES,
    TEXTS,
    WHOLE,
    Field,
    fields,
)
from hub.sheets.plan import Column, Plan
from hub.sheets.table import Cells
from hub.spec import Unknown
from hub.spec.wire import Record

LONGEST_ID = 100
CHANGED = "changed_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the cells of a row are: `days` are the moments of which only the day was said."""

    values: dict[str, Any]
    days: tuple[str, ...]
    unknown: tuple[Unknown, ...]


def record(plan: Plan, row: Cells) -> Record:
    """A row as it is kept: with its id, and the moment of its last change where a column says it."""
    kept: Record = {"row": row}
    if (key := plan.of(row)) is not None and len(key) <= LONGEST_ID:
        kept["id"] = key
    column = next((each for each in plan.columns if each.field == CHANGED and each.name in row), None)
    if column is not None:
        with suppress(ValueError):  # Such a row cannot be read, and says so where it is read.
            kept[CHANGED] = cells.moment(row[column.name], column.form, ZoneInfo(plan.zone))[0].isoformat()
    return kept


def said(plan: Plan, kind: type[Entity], row: Cells) -> Said:
    """The values of a row's cells by field; SkipRecord names every cell that cannot be read, and never what it says."""
    wrong: list[str] = []
    known, currency = fields(kind), _currency(plan, row, wrong)
    found: list[tuple[Field, Any]] = []
    for column in plan.columns:
        field = known.get(column.field or "")
        if field is None or column.name not in row or field.kind == CURRENCY:
            continue
        try:
            found.append((field, value_of(field, column, row[column.name], plan=plan, currency=currency)))
        except ValueError as error:
            wrong.append(f"column {column.name!r} {error}")
    if wrong:
        raise SkipRecord("; ".join(wrong))
    return _together(found)


def _together(found: Iterable[tuple[Field, Any]]) -> Said:
    values: dict[str, Any] = {}
    days: list[str] = []
    unknown: list[Unknown] = []
    for field, value in found:
        if isinstance(value, Unknown):
            unknown.append(value)
            values[field.name] = UNKNOWN
        elif field.kind == MOMENT:
            values[field.name], alone = value
            days += [field.name] if alone else []
        else:
            values[field.name] = (*values.get(field.name, ()), *value) if field.kind in MANY else value
    return Said(values=values, days=tuple(days), unknown=tuple(unknown))


def _currency(plan: Plan, row: Cells, wrong: list[str]) -> str | None:
    column = next((each for each in plan.columns if each.field == CURRENCY and each.name in row), None)
    if column is None:
        return plan.currency
    try:
        return cells.code(row[column.name])
    except ValueError as error:
        wrong.append(f"column {column.name!r} {error}")
        return None


def value_of(field: Field, column: Column, text: str, *, plan: Plan, currency: str | None) -> Any:
    """What a cell says as that field; ValueError says why it cannot be read."""
    if field.kind == CHOICE:
        chosen = column.values.get(text) or (text.casefold() if text.casefold() in field.options else None)
        return chosen or Unknown(path=column.name, raw=text)
    if field.kind == MOMENT:
        return cells.moment(text, column.form, ZoneInfo(plan.zone))
    if field.kind == MONEY:
        return cells.money(text, column.form, currency)
    formed = {DAY: cells.day, NUMBER: cells.number, WHOLE: cells.whole}.get(field.kind)
    if formed is not None:
        return formed(text, column.form)
    plain = {FLAG: cells.flag, EMAILS: cells.emails, PHONES: cells.phones, TEXTS: cells.texts}.get(field.kind)
    return text if plain is None else plain(text)
