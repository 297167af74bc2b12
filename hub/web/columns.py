"""The form in which an admin says what a spreadsheet's columns mean, and what the first rows are read as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from werkzeug.datastructures import MultiDict

from hub.errors import BadInput, SkipRecord
from hub.model import UNKNOWN, Email, Entity, Money, Phone
from hub.sheets import match
from hub.sheets.cells import code
from hub.sheets.fields import COUNTED, DATED, Field, fields
from hub.sheets.plan import Column, Plan
from hub.sheets.rows import said
from hub.sheets.table import Sample

SHOWN = 20
_EXAMPLES = 3
DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A column as the form shows it: what it says, what it is read as, and which of its words need a meaning."""

    column: Column
    examples: tuple[str, ...]
    field: Field | None
    words: tuple[str, ...]
    new: bool

    @property
    def forms(self) -> str:
        """Which choice of forms there is: `dates`, `numbers` or none."""
        kind = self.field.kind if self.field else ""
        return "dates" if kind in DATED else "numbers" if kind in COUNTED else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One of the first rows as it is read: its values by field, or why it cannot be."""

    number: int
    key: str | None
    values: Mapping[str, str]
    problem: str | None


def groups(kind: type[Entity]) -> dict[str, list[Field]]:
    """What a column may be read as, by whom it is about: the record itself first."""
    found: dict[str, list[Field]] = {"": []}
    for field in fields(kind).values():
        found.setdefault(field.of, []).append(field)
    return found


def shown(plan: Plan, kind: type[Entity], sample: Sample, asked: Mapping[str, Sequence[str]], before: Plan | None) -> list[Shown]:
    """The columns in the order of the file."""
    known = {column.name for column in before.columns} if before else set()
    return [
        Shown(
            column=column,
            examples=tuple(_examples(sample, column.name)),
            field=fields(kind).get(column.field or ""),
            words=_words(kind, column, sample, asked),
            new=before is not None and column.name not in known,
        )
        for column in plan.columns
    ]


def lines(plan: Plan, kind: type[Entity], sample: Sample) -> list[Line]:
    """The first rows, as they are read."""
    found = []
    for row in sample.rows[:SHOWN]:
        values, problem = {}, None
        try:
            read = said(plan, kind, row.cells)
            values = {name: _day(value, plan.zone) if name in read.days else _text(value) for name, value in read.values.items()}
        except SkipRecord as error:
            problem = str(error)
        found.append(Line(number=row.number, key=plan.of(row.cells), values=values, problem=problem))
    return found


def entered(
    form: MultiDict[str, str], plan: Plan, kind: type[Entity], sample: Sample, asked: Mapping[str, Sequence[str]]
) -> Plan:
    """What the form says, over what was proposed or saved; what a column's cells prove of their form need not be said."""
    columns = tuple(_column(form, at, column, kind, sample=sample, asked=asked) for at, column in enumerate(plan.columns))
    names = [column.name for column in columns]
    digested = form.get("key") == DIGEST
    chosen = form.getlist(DIGEST) if digested else [form.get("key", "")]
    key = tuple(names[int(at)] for at in chosen if at.isascii() and at.isdigit() and int(at) < len(names))
    currency = form.get("currency", "").strip()
    try:
        said_currency = code(currency) if currency else None
    except ValueError as error:
        raise BadInput("the currency is a code of three capitals, such as BRL", where="currency") from error
    return msgspec.structs.replace(plan, columns=columns, key=key, digested=digested, currency=said_currency)


def _column(
    form: MultiDict[str, str], at: int, column: Column, kind: type[Entity], *, sample: Sample, asked: Mapping[str, Sequence[str]]
) -> Column:
    field = form.get(f"field-{at}", "") or None
    if field is not None and field not in fields(kind):
        raise BadInput("choose one of the fields on the page", where="columns")
    found = Column(name=column.name, field=field)
    if field is None:
        return found
    held = [row.cells[column.name] for row in sample.rows if column.name in row.cells]
    same = field == column.field
    formed = form.get(f"form-{at}", "") if same else ""
    found = msgspec.structs.replace(found, form=formed) if formed else match.formed(kind, found, held)
    if not same:
        return match.valued(kind, found, held)
    return msgspec.structs.replace(found, values=_meant(form, at, column, _words(kind, column, sample, asked)))


def _meant(form: MultiDict[str, str], at: int, column: Column, words: tuple[str, ...]) -> dict[str, str]:
    """What the words of a column mean: as the form says, else as it was decided before."""
    said = {word: value for number, word in enumerate(words) if (value := form.get(f"value-{at}-{number}", ""))}
    return {word: value for word, value in column.values.items() if word not in words} | said


def _words(kind: type[Entity], column: Column, sample: Sample, asked: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What needs a meaning: the words of the file, those decided before, and those that wait for a decision."""
    field = fields(kind).get(column.field or "")
    if field is None or not field.options:
        return ()
    return tuple(dict.fromkeys([*match.decisive(kind, column, sample), *column.values, *asked.get(column.name, ())]))


def _examples(sample: Sample, name: str) -> list[str]:
    return list(dict.fromkeys(row.cells[name] for row in sample.rows if name in row.cells))[:_EXAMPLES]


def _day(value: datetime, zone: str) -> str:
    return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d}"


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, Money):
        return f"{value.amount:f} {value.currency or '(no currency)'}"
    if isinstance(value, Email | Phone):
        return value.address if isinstance(value, Email) else value.number
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not decided" if value is UNKNOWN else str(value)
