"""XLSX files, read row by row: one row is in memory, and the texts that the file shares among its cells."""

import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile, is_zipfile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from hub.errors import BadInput

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The beginning of what Office wrote before 2007, and of what it writes when a password is set (MS-OFFCRYPTO 2.3)."""
_SHARED = 300_000_000
"""Bytes of texts shared among cells, which are held in memory."""
_WHOLE = 8_000_000_000
_EXACT = 1e15
"""Beyond it a float holds no exact whole numbers."""
_BROKEN = (
    BadZipFile,
    ParseError,
    zlib.error,
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
)
"""What openpyxl raises, in one place or another, for a file that is none of Excel's or is damaged."""


def workbook(path: Path) -> bool:
    """Whether the file is an XLSX file; BadInput for its relatives, in words for whoever sent one."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            raise BadInput("the file has a password or is of Excel before 2007; save it without a password, as XLSX or CSV")
    if not is_zipfile(path):
        return False
    with ZipFile(path) as packed:
        sizes = {each.filename: each.file_size for each in packed.infolist()}
    if any(name.endswith("vbaProject.bin") for name in sizes):
        raise BadInput("the file holds macros; save it as XLSX without them, or as CSV")
    if "xl/workbook.xml" not in sizes:
        raise BadInput("the file is no spreadsheet that is read here; save it as XLSX or CSV")
    if sizes.get("xl/sharedStrings.xml", 0) > _SHARED or sum(sizes.values()) > _WHOLE:
        raise BadInput("the file is too large when it is unpacked; save it as CSV")
    return True


def sheets(path: Path) -> tuple[str, ...]:
    """The names of its sheets, in their order."""
    with _opened(path) as book:
        return tuple(each.title for each in book.worksheets)


def rows(path: Path, sheet: str) -> Iterator[list[str]]:
    """The rows of a sheet, each cell as text: dates as ISO 8601 has them, numbers with a point."""
    with _opened(path) as book:
        found = next((each for each in book.worksheets if each.title == sheet), None)
        if found is None:
            raise BadInput("the file has no sheet of that name")
        found.reset_dimensions()
        try:
            for row in found.iter_rows(values_only=True):
                yield [_text(cell) for cell in row]
        except _BROKEN as error:
            raise BadInput("the file is damaged; open it in your spreadsheet program and save it anew") from error


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It warns of styles and extensions, which say nothing of what cells hold.
            try:
                book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            except _BROKEN as error:
                raise BadInput("the file is damaged; open it in your spreadsheet program and save it anew") from error
        try:
            yield book
        finally:
            book.close()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).replace("\0", "").strip() if not isinstance(cell, timedelta) else str(cell)


def _number(cell: float) -> str:
    """Never with exactly three decimals: `1.234` would be one thousand and more where a comma ends the whole part."""
    if abs(cell) < _EXACT and cell == int(cell):
        return str(int(cell))
    said = f"{cell:.15g}"
    return f"{said}0" if re.fullmatch(r"-?\d+\.\d{3}", said) else said
