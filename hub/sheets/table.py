"""A file as a table: the names of its columns, and its rows as texts by these names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from hub.errors import BadInput
from hub.sheets import delimited, workbook

LONGEST_NAME = 100
MOST_COLUMNS = 500
SAMPLE = 1000
"""Rows from which is found what columns hold."""

Cells = dict[str, str]
"""A row: what each column that is not empty in it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`number` is the row's place in the file, counted as a spreadsheet program does: the names stand in row 1."""

    number: int
    cells: Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a file is to be read: the sheet of a workbook, or the encoding and delimiter of a text."""

    sheets: tuple[str, ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The names of the columns and the first rows."""

    form: Form
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def form(path: Path, sheet: str | None = None) -> Form:
    """How the file is to be read, its first sheet where none is named; BadInput says why it cannot be."""
    if not workbook.workbook(path):
        coded = delimited.encoding(path)
        return Form(encoding=coded, delimiter=delimited.delimiter(path, coded))
    names = workbook.sheets(path)
    if not names or (sheet is not None and sheet not in names):
        raise BadInput(f"the file has no sheet of that name; it has {', '.join(names)}" if names else "the file has no sheet")
    return Form(sheets=names, sheet=sheet or names[0])


def sample(path: Path, sheet: str | None = None) -> Sample:
    """The beginning of the file."""
    found = form(path, sheet)
    columns, rows = table(path, found)
    begin = tuple(islice(rows, SAMPLE))
    if not begin:
        raise BadInput("the file has no rows below the names of its columns")
    return Sample(form=found, columns=columns, rows=begin)


def table(path: Path, found: Form) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The names of the columns, and the rows that hold anything."""
    cells = (
        workbook.rows(path, found.sheet) if found.sheet else delimited.rows(path, found.encoding or "", found.delimiter or ",")
    )
    numbered = enumerate(cells, start=1)
    for number, row in numbered:
        if any(row):
            names = _names(row)
            return names, _rows(names, numbered)
        if number > SAMPLE:
            break
    raise BadInput("the file is empty")


def _rows(names: tuple[str, ...], numbered: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    for number, row in numbered:
        cells = {(names[at] if at < len(names) else f"Column {at + 1}"): said for at, said in enumerate(row) if said}
        if len(row) > MOST_COLUMNS and len(cells) > MOST_COLUMNS:
            raise BadInput(f"row {number:,} has more than {MOST_COLUMNS} cells; perhaps the columns are parted by another sign")
        if cells:
            yield Row(number=number, cells=cells)


def _names(row: list[str]) -> tuple[str, ...]:
    """A name for each column: those without one are numbered, and of two alike the second says that it is the second."""
    while row and not row[-1]:
        row = row[:-1]
    if len(row) > MOST_COLUMNS:
        raise BadInput(f"the file has more than {MOST_COLUMNS} columns")
    names: list[str] = []
    for at, said in enumerate(row, start=1):
        name = " ".join(said.split())[:LONGEST_NAME] or f"Column {at}"
        number, free = 1, name
        while free in names:
            number += 1
            free = f"{name} ({number})"
        names.append(free)
    return tuple(names)
