"""A file as a table: how it is coded and parted is found, and what cannot be read is refused in words."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from hub.errors import BadInput
from hub.sheets.table import Row, sample
from tests.sheets.files import rows, text, workbook

JOSE = "Código;Nome\n1;José da Conceição\n2;Ávila, Zoë\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_are_read_as_they_were_written(tmp_path: Path, encoding: str) -> None:
    columns, found = rows(text(tmp_path, JOSE.encode(encoding)))
    assert columns == ("Código", "Nome")
    assert found == [
        Row(number=2, cells={"Código": "1", "Nome": "José da Conceição"}),
        Row(number=3, cells={"Código": "2", "Nome": "Ávila, Zoë"}),
    ]


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ("cidade\nSão Paulo\n", "cp1252"),
        ("situação\nnão\n", "cp1252"),
        ("nome\nÁgata\nÊnio\nÍris\n", "cp1252"),
        ("preço\n€ 10\n", "cp1252"),
        ("miasto\nŁódź\nWrocław i Kraków\n", "cp1250"),
        ("город\nЛиды и Ялты\n", "cp1251"),
    ],
)
def test_a_few_words_of_older_files_are_read_as_they_were_written(tmp_path: Path, said: str, encoding: str) -> None:
    columns, found = rows(text(tmp_path, said.encode(encoding)))
    assert [*columns, *(cell for row in found for cell in row.cells.values())] == said.splitlines()


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_that_parts_the_cells_is_found(tmp_path: Path, sign: str) -> None:
    _, found = rows(text(tmp_path, f'id{sign}name\n1{sign}"a, b; c"\n'))
    assert found == [Row(number=2, cells={"id": "1", "name": "a, b; c"})]


def test_a_cell_may_hold_lines_and_quotation_marks_and_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    _, found = rows(text(tmp_path, 'id,note\n1,"first\nsecond ""quoted"""\n\n2,x\n'))
    assert found == [
        Row(number=2, cells={"id": "1", "note": 'first\nsecond "quoted"'}),
        Row(number=4, cells={"id": "2", "note": "x"}),
    ]


def test_columns_without_a_name_or_with_that_of_another_are_told_apart_and_nothing_of_a_row_is_lost(tmp_path: Path) -> None:
    columns, found = rows(text(tmp_path, "id,phone,,phone\n1,2,3,4,5\n"))
    assert columns == ("id", "phone", "Column 3", "phone (2)")
    assert found[0].cells == {"id": "1", "phone": "2", "Column 3": "3", "phone (2)": "4", "Column 5": "5"}


def test_a_workbooks_cells_are_texts_that_mean_what_they_meant_there(tmp_path: Path) -> None:
    sheet: list[list[Any]] = [
        ["id", "at", "day", "amount", "three", "yes"],
        [7, datetime.fromisoformat("2026-03-31T14:30"), date(2026, 3, 31), 12.5, 1.234, True],
    ]
    columns, found = rows(workbook(tmp_path, {"Orders": sheet, "Other": [["a"]]}))
    assert columns == ("id", "at", "day", "amount", "three", "yes")
    assert found[0].cells == {
        "id": "7",
        "at": "2026-03-31T14:30:00",
        "day": "2026-03-31",
        "amount": "12.5",
        "three": "1.2340",
        "yes": "true",
    }


def test_the_first_sheet_is_read_or_the_one_that_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Orders": [["id"], ["1"]], "People": [["mail"], ["a@x.com"]]})
    assert (sample(path).form.sheet, sample(path, "People").columns) == ("Orders", ("mail",))
    with pytest.raises(BadInput, match="it has Orders, People"):
        sample(path, "Nobody")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "has a password or is of Excel before 2007"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "neither text nor a spreadsheet"),
        (b"", "the file is empty"),
        (b"id,name\n", "no rows below the names"),
        (",".join(f"c{n}" for n in range(501)).encode() + b"\n1\n", "more than 500 columns"),
        (b'id,name\n1,"' + b"x" * 200_000, "perhaps a quotation mark is not closed"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        sample(text(tmp_path, content))


@pytest.mark.parametrize(
    ("name", "said"), [("xl/vbaProject.bin", "holds macros"), ("content.xml", "no spreadsheet that is read here")]
)
def test_a_packed_file_that_is_no_plain_workbook_is_refused_in_words(tmp_path: Path, name: str, said: str) -> None:
    with ZipFile(tmp_path / "shop.xlsm", "w") as packed:
        packed.writestr(name, b"")
    with pytest.raises(BadInput, match=said):
        sample(tmp_path / "shop.xlsm")


def test_a_damaged_workbook_is_refused_in_words(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "shop.xlsx", "w") as packed:
        packed.writestr("xl/workbook.xml", b"<workbook")
    with pytest.raises(BadInput, match="the file is damaged"):
        sample(tmp_path / "shop.xlsx")


def test_the_mark_that_keeps_a_text_from_being_a_formula_is_taken_away(tmp_path: Path) -> None:
    _, found = rows(text(tmp_path, "id,phone,name\n1,'+5511,'quoted'\n"))
    assert found[0].cells == {"id": "1", "phone": "+5511", "name": "'quoted'"}
