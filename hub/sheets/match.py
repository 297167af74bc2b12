"""What each column is proposed to be read as: by its name, which its content must bear out, or by content that proves it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
from stdnum.br import cnpj, cpf

from hub.errors import SkipRecord
from hub.model import Entity
from hub.sheets import cells, words
from hub.sheets.fields import CHOICE, COUNTED, DATED, EMAILS, MANY, Field, fields
from hub.sheets.plan import Column, Plan
from hub.sheets.rows import said, value_of
from hub.sheets.table import Row, Sample

BORNE_OUT = 0.5
"""The share of a column's cells that must fit a field before it is proposed; the others are errors to be shown."""
DISTINCT = 0.9
"""The share of the rows in which a column that is called an id must hold one of its own before it is proposed."""
MOST_VALUES = 40
"""A column with more different words than this is no choice among a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What reading the sample by a plan gives: how many of its rows cannot be read, and why the first of them cannot."""

    rows: int
    failed: int
    problems: tuple[tuple[int, str], ...]
    undecided: int


def proposed(kind: type[Entity], sample: Sample, *, zone: str, before: Plan | None = None) -> Plan:
    """What the admin saved before, and for columns that are new what can be said of them; else a column is not read."""
    kept = {column.name: column for column in before.columns} if before else {}
    held = {name: [row.cells[name] for row in sample.rows if name in row.cells] for name in sample.columns}
    taken: set[str | None] = {column.field for column in kept.values() if column.field and column.name in held}
    columns: list[Column] = []
    for name in sample.columns:
        column = kept.get(name) or _column(kind, name, held[name], taken)
        columns.append(valued(kind, column, held[name]))
        taken |= {column.field} - {None}
    if before:
        return msgspec.structs.replace(before, columns=tuple(columns))
    return Plan(columns=tuple(columns), key=_key(sample.columns, held, len(sample.rows)), zone=zone)


def remapped(kind: type[Entity], plan: Plan, sample: Sample, said: Mapping[str, str]) -> Plan:
    """The plan with other fields for some columns, each with the form and the meanings that its own cells prove."""
    columns = []
    for column in plan.columns:
        if column.name not in said:
            columns.append(column)
            continue
        held = [row.cells[column.name] for row in sample.rows if column.name in row.cells]
        fresh = Column(name=column.name, field=said[column.name] or None)
        columns.append(valued(kind, formed(kind, fresh, held), held))
    return msgspec.structs.replace(plan, columns=tuple(columns))


def check(plan: Plan, kind: type[Entity], rows: Iterable[Row], shown: int = 20) -> Check:
    """Read the sample."""
    problems: list[tuple[int, str]] = []
    undecided = 0
    seen: dict[str, int] = {}
    count = failed = 0
    for row in rows:
        count += 1
        key, told = plan.of(row.cells), hash(frozenset(row.cells.items()))
        why = None if key is not None and seen.setdefault(key, told) == told else "its id is empty or that of an earlier row"
        try:
            undecided += len(said(plan, kind, row.cells).unknown)
        except SkipRecord as error:
            why = why or str(error)
        if why is not None:
            failed += 1
            problems += [(row.number, why)] if len(problems) < shown else []
    return Check(rows=count, failed=failed, problems=tuple(problems), undecided=undecided)


def decisive(kind: type[Entity], column: Column, sample: Sample) -> list[str]:
    """The different words of a column that is read as one of a few things."""
    if column.field is None or fields(kind)[column.field].kind != CHOICE:
        return []
    return list(dict.fromkeys(row.cells[column.name] for row in sample.rows if column.name in row.cells))[:MOST_VALUES]


def formed(kind: type[Entity], column: Column, held: Sequence[str]) -> Column:
    """The column with the form that its own cells prove; without one where they prove none, or contradict each other."""
    field = fields(kind).get(column.field or "")
    proof = cells.date_form if field and field.kind in DATED else cells.number_form if field and field.kind in COUNTED else None
    proven = {found for text in held if (found := proof(text))} if proof else set()
    return msgspec.structs.replace(column, form=proven.pop() if len(proven) == 1 else None)


def _column(kind: type[Entity], name: str, held: Sequence[str], taken: set[str | None]) -> Column:
    known = fields(kind)
    named = [known[each] for each in words.FIELDS.get(words.plain(name), ()) if each in known]
    for field in named or _by_content(known.values(), held):
        if field.name in taken and field.kind not in MANY:
            continue
        column = formed(kind, Column(name=name, field=field.name), held)
        if not held or _share(partial(_fits, kind, column), held) >= BORNE_OUT:
            return column
    return Column(name=name)


def _by_content(known: Collection[Field], held: Sequence[str]) -> list[Field]:
    """Fields whose content is like no other: addresses, and numbers of persons and companies with their check digits."""
    by_name = {field.name: field for field in known}
    if held and _share(_address, held) == 1:
        return [field for field in known if field.kind == EMAILS or field.name == "email"][:1]
    if held and _share(lambda text: cpf.is_valid(text) or cnpj.is_valid(text), held) == 1:
        return [by_name["tax_id"]] if "tax_id" in by_name else []
    return []


def _fits(kind: type[Entity], column: Column, text: str) -> bool:
    field = fields(kind)[column.field or ""]
    try:
        value_of(field, column, text, plan=Plan(columns=(column,), key=(column.name,)), currency=None)
    except cells.TwoWays:
        return True
    except ValueError:
        return False
    return True


def _share(fits: Callable[[str], bool], held: Sequence[str]) -> float:
    return sum(map(fits, held)) / len(held)


def _address(text: str) -> bool:
    try:
        return bool(cells.emails(text))
    except ValueError:
        return False


def valued(kind: type[Entity], column: Column, held: Sequence[str]) -> Column:
    """The column with the meaning of each of its words that means one thing only."""
    field = fields(kind).get(column.field or "")
    if field is None or field.kind != CHOICE:
        return column
    known = {text: meant for text in dict.fromkeys(held) if (meant := words.meanings(text, field.options))}
    return msgspec.structs.replace(column, values=known | column.values)


def _key(columns: Sequence[str], held: dict[str, list[str]], rows: int) -> tuple[str, ...]:
    """The column whose name says that it holds the id, where each row has one of its own."""
    found = [name for name in columns if words.names_key(name) and len(set(held[name])) >= DISTINCT * rows]
    return (found[0],) if len(found) == 1 else ()
