"""Text files with a row a line: their encoding and delimiter found, their rows one after the other."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from hub.errors import BadInput

DELIMITERS = ",;\t|"
NAMES = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16"}
MARKED = ("'=", "'+", "'-", "'@")
_WESTERN = "cp1252"
_SIGNS = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßŒœ€ºª°\u2013\u2014\u2018\u2019\u201c\u201d\u2026·¿¡§ "
)
_SAMPLE = 64 * 1024
_BLOCK = 1024 * 1024
_LONGEST_CELL = 131_072
_OLDER = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "mac_roman"]
"""What spreadsheets wrote before UTF-8; Windows' own tables hold what ISO 8859 has, and more."""


def encoding(path: Path) -> str:
    """What the file's bytes are read as: UTF-8 where all of it is, UTF-16 by its mark, else what its letters look like."""
    with path.open("rb") as file:
        begin = file.read(_SAMPLE)
        if begin.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            return "utf-16"
        if b"\0" in begin:
            raise BadInput("the file is neither text nor a spreadsheet that is read here; save it as CSV or XLSX")
        file.seek(0)
        decoder = getincrementaldecoder("utf-8")()
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            beyond = _beyond(path)
            if _western(beyond):
                return _WESTERN
            found = from_bytes(beyond, cp_isolation=_OLDER).best()
            if found is None:
                raise BadInput("the letters of the file cannot be read; save it as CSV UTF-8") from error
            return found.encoding
    return "utf-8-sig"


def delimiter(path: Path, coded: str) -> str:
    """What parts the cells: the sign that makes the most columns of which every row of the beginning has as many."""
    with path.open(encoding=coded, errors="replace", newline="") as file:
        begin = file.read(_SAMPLE)
    return max(DELIMITERS, key=lambda sign: (*_fits(begin, sign), -DELIMITERS.index(sign)))


def rows(path: Path, coded: str, sign: str) -> Iterator[list[str]]:
    """The rows; BadInput where one cannot be parted into cells."""
    with path.open(encoding=coded, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=sign)
        try:
            for row in reader:
                yield [_bare(cell) for cell in row]
        except csv.Error as error:
            raise BadInput(f"line {reader.line_num:,} cannot be read; perhaps a quotation mark is not closed") from error


def _bare(cell: str) -> str:
    """The cell without blanks, and without the mark that keeps a text from being taken for a formula."""
    said = cell.replace("\0", "").strip()
    return said[1:] if said[:2] in MARKED else said


def _fits(begin: str, sign: str) -> tuple[int, int]:
    """How many of the first rows have as many cells as the first that holds any, and how many cells that are."""
    found: list[int] = []
    try:
        found.extend(len(row) for row in csv.reader(begin.splitlines(keepends=True), delimiter=sign) if any(row))
    except csv.Error:
        return (0, 0)
    found = found[:-1] if len(begin) >= _SAMPLE else found  # The last of many may be cut.
    if not found or found[0] == 1:
        return (0, 0)
    return sum(each == found[0] for each in found), found[0]


def _western(said: bytes) -> bool:
    """Whether these are words of Western Europe or the Americas: of signs that occur there, few beside the plain letters.

    Statistics over the few such words of a table are wrong as often as right: `São` is as good a word in other tables.
    """
    text = said.decode(_WESTERN, errors="replace")
    beyond = [sign for sign in text if not sign.isascii()]
    words = "".join(word for word in text.split() if not word.isascii())
    return all(sign in _SIGNS for sign in beyond) and 2 * len(beyond) <= sum(sign.isalnum() for sign in words)


def _beyond(path: Path) -> bytes:
    """The lines that hold more than ASCII: what tells one encoding from another."""
    kept = bytearray()
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(_LONGEST_CELL), b""):
            if not line.isascii():
                kept += line
            if len(kept) > _SAMPLE:
                break
    return bytes(kept)
