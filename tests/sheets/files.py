"""Spreadsheets that tests write."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from hub.model import TYPES
from hub.sheets import match
from hub.sheets.plan import Column, Plan
from hub.sheets.table import Row, Sample, sample, table


def text(folder: Path, said: str | bytes, name: str = "shop.csv") -> Path:
    path = folder / name
    path.write_bytes(said if isinstance(said, bytes) else said.encode())
    return path


def workbook(folder: Path, sheets: dict[str, Iterable[Sequence[Any]]], name: str = "shop.xlsx") -> Path:
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / name)
    return folder / name


def rows(path: Path) -> tuple[tuple[str, ...], list[Row]]:
    found = sample(path)
    columns, read = table(path, found.form)
    return columns, list(read)


def matched(kind: str, found: Sample) -> dict[str, str | None]:
    """What each column is proposed to be, with the form of its dates or numbers."""
    plan = match.proposed(TYPES[kind], found, zone="UTC")
    return {each.name: f"{each.field}:{each.form}" if each.form else each.field for each in plan.columns}


def plan(key: str, **fields: str) -> Plan:
    return Plan(columns=(Column(name=key), *(Column(name=name, field=field) for name, field in fields.items())), key=(key,))
