"""Spreadsheets through the pages: sent, mapped, seen as they are read, imported, and what could not be read taken home."""

import io
import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.store import access, connections
from hub.sync import sheets
from hub.sync.hub import Hub
from hub.web import create_app
from tests import support
from tests.sheets.files import workbook
from tests.web import visiting
from tests.web.visiting import Visitor

NEW = "/settings/connections/new/spreadsheet"
ONE = "/settings/connections/spreadsheet-1"
ORDERS = """id;cliente;e-mail;valor;situação;data do pedido
1;Ana;ana@x.com;1.234,50;Pago;31/03/2026
2;Zé;ze@x.com;99,90;Em rota;01/04/2026
"""


def file(said: str | bytes, name: str = "orders.csv") -> tuple[io.BytesIO, str]:
    return io.BytesIO(said.encode() if isinstance(said, str) else said), name


def large(visitor: Visitor, path: str, content: str, **fields: str) -> TestResponse:
    """Send a file larger than what the client of the tests keeps in memory."""
    said = {"csrf_token": visitor.token(), **fields}
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in said.items())
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="big.csv"\r\n\r\n'
    body = f"{parts}{head}{content}\r\n--x--\r\n".encode()
    return visitor.client.post(path, data=body, content_type="multipart/form-data; boundary=x")


def chosen(page: str) -> dict[str, str]:
    """What the form on the page says as it stands."""
    found = {}
    for select in re.finditer(r'<select id="[^"]+" name="([^"]+)".*?</select>', page, re.DOTALL):
        option = re.search(r'<option(?: value="([^"]*)")? selected>?([^<]*)', select[0])
        found[select[1]] = unescape(option[1] if option and option[1] is not None else option[2] if option else "")
    return found | dict(re.findall(r'<input type="hidden" name="(key)" value="([^"]*)"', page))


def imported(visitor: Visitor, hub: Hub, said: str, **fields: str) -> None:
    """Send a file to the one connection and import it as it is proposed, but for these fields of the form."""
    assert visitor.post(f"{ONE}/file", file=file(said)).status_code == 303
    form = chosen(visitor.get(f"{ONE}/columns").text)
    answer = visitor.post(f"{ONE}/columns", **{**form, **fields, "do": "import"})
    assert answer.status_code == 303, visiting.words(answer)
    support.drained(hub)


@pytest.fixture
def app(hub: Hub) -> Flask:
    return create_app(hub)


@pytest.fixture
def visitor(app: Flask, hub: Hub) -> Visitor:
    return visiting.signed_in(app, hub)


def test_a_file_is_sent_mapped_seen_and_imported(visitor: Visitor, hub: Hub) -> None:
    assert "Connect a spreadsheet" in visitor.text("/settings/connections/new")
    made = visitor.post(NEW, label="Orders of the shop", type="order", file=file(ORDERS))
    assert (made.status_code, made.headers["Location"]) == (303, f"{ONE}/columns")
    page = visitor.get(f"{ONE}/columns")
    assert chosen(page.text) == {
        "field-0": "",
        "field-1": "contact_ids.full_name",
        "field-2": "contact_ids.emails",
        "field-3": "total",
        "form-3": "comma",
        "field-4": "status",
        "value-4-0": "paid",
        "value-4-1": "",
        "field-5": "placed_at",
        "form-5": "dmy",
        "key": "0",
    }
    said = visiting.words(page)
    assert "Total: 1234.50 (no currency) · Status: paid · Placed at: 2026-03-31" in said
    assert "All of the first 2 rows can be read. 1 value is not decided." in said
    preview = visitor.post(f"{ONE}/columns", **{**chosen(page.text), "value-4-1": "pending", "currency": "BRL", "do": "preview"})
    assert "99.90 BRL · Status: pending" in visiting.words(preview)
    assert visitor.post(f"{ONE}/columns", **{**chosen(preview.text), "currency": "BRL", "do": "import"}).status_code == 303
    support.drained(hub)
    with hub.database.reading() as tx:
        assert connections.counts(tx) == {("spreadsheet-1", "order"): 2, ("spreadsheet-1", "contact"): 2}
    assert "2 read, 2 written" in visitor.text(ONE)
    assert "Complete" in visitor.text(f"{ONE}/runs")


def test_errors_are_listed_by_row_and_can_be_taken_home_mended_and_sent_again(visitor: Visitor, hub: Hub) -> None:
    visitor.post(NEW, label="People", type="contact", file=file("id,name,email\n1,Ana,ana@x.com\n2,=HYPERLINK(1),nowhere\n"))
    imported(visitor, hub, "id,name,email\n1,Ana,ana@x.com\n2,=HYPERLINK(1),nowhere\n", **{"field-2": "emails"})
    assert "Row 3: column 'email' is no e-mail address." in visitor.text(f"{ONE}/skipped")
    answer = visitor.get(f"{ONE}/errors.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="spreadsheet-1-errors.csv"'
    assert (
        answer.data.decode()
        == "\ufeffProblem,id,name,email\r\nrow 3: column 'email' is no e-mail address,2,'=HYPERLINK(1),nowhere\r\n"
    )
    imported(visitor, hub, answer.data.decode().replace("nowhere", "ze@x.com"))
    with hub.database.reading() as tx:
        assert connections.counts(tx) == {("spreadsheet-1", "contact"): 2}
    assert "Nothing was skipped" in visitor.text(f"{ONE}/skipped")


def test_the_next_file_finds_what_was_saved_and_tells_of_new_and_lost_columns(visitor: Visitor, hub: Hub) -> None:
    visitor.post(NEW, label="People", type="contact", file=file("id,who,city\n1,Ana,Recife\n"))
    imported(visitor, hub, "id,who,city\n1,Ana,Recife\n", **{"field-1": "full_name"})
    visitor.post(f"{ONE}/file", file=file("id,who,shoe size\n1,Ana,39\n"))
    page = visitor.get(f"{ONE}/columns")
    assert chosen(page.text) == {"field-0": "", "field-1": "full_name", "field-2": "", "key": "0"}
    said = visiting.words(page)
    assert "This column is gone: city . If you import the file, what they said is emptied" in said
    assert "New in this file: shoe size ." in said
    assert "Rows are known by id since the first file." in said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"label": "", "type": "contact", "file": file(ORDERS)}, "The name is missing."),
        ({"label": "x", "type": "nobody", "file": file(ORDERS)}, "Choose what a row of the file is."),
        ({"label": "x", "type": "contact"}, "Choose a file."),
        ({"label": "x", "type": "contact", "file": file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}, "The file has a password"),
        ({"label": "x", "type": "contact", "file": file("")}, "The file is empty."),
    ],
)
def test_what_cannot_be_taken_is_said_at_the_form_and_nothing_is_made(
    shared_hub: Hub, fields: dict[str, object], said: str
) -> None:
    app = create_app(shared_hub)
    who, visitor = visiting.person(shared_hub, email=f"{abs(hash(said))}@example.com"), visiting.visitor(app)
    visitor.post("/sign-in", email=who.email, password=visiting.PASSWORD)
    fresh = {name: file(value[0].getvalue(), value[1]) if isinstance(value, tuple) else value for name, value in fields.items()}
    answer = visitor.post(NEW, **fresh)
    assert (answer.status_code, said in visiting.words(answer)) == (422, True)
    with shared_hub.database.reading() as tx:
        assert connections.everyone(tx) == []


def test_a_form_that_contradicts_itself_is_answered_with_what_to_do(visitor: Visitor) -> None:
    visitor.post(NEW, label="People", type="contact", file=file("a,b\nx,y\n"))
    for fields, said in (
        ({}, "Choose the column that holds the record's id"),
        ({"key": "0"}, "Choose for at least one column what it is read as"),
        ({"key": "0", "field-0": "city", "field-1": "city"}, "'a' and 'b' cannot both be 'city'."),
        ({"key": "0", "field-0": "nonsense"}, "Choose one of the fields on the page"),
        ({"key": "0", "field-0": "city", "currency": "reais"}, "The currency is a code of three capitals"),
        ({"key": "99999999999999999999", "field-0": "city"}, "Choose the column that holds"),
    ):
        answer = visitor.post(f"{ONE}/columns", do="import", **fields)
        assert (answer.status_code, said in visiting.words(answer)) == (422, True), said


def test_another_sheet_of_a_workbook_can_be_chosen(visitor: Visitor, tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Notes": [["about"], ["x"]], "People": [["id", "email"], [1, "ana@x.com"]]})
    made = visitor.post(NEW, label="People", type="contact", file=file(path.read_bytes(), "people.xlsx"))
    assert made.status_code == 303, visiting.words(made)
    assert visitor.post(f"{ONE}/columns", sheet="People", do="preview").status_code == 303
    assert chosen(visitor.get(f"{ONE}/columns").text) == {"sheet": "People", "field-0": "", "field-1": "emails", "key": "0"}


def test_a_file_of_several_megabytes_is_taken_and_a_larger_one_than_any_is_refused(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "id,name\n" + "".join(f"{n},{'x' * 100}\n" for n in range(30_000))
    assert large(visitor, NEW, content, label="People", type="contact").status_code == 303
    monkeypatch.setattr(sheets, "LARGEST", 1_000_000)
    answer = large(visitor, f"{ONE}/file", content)
    assert (answer.status_code, "larger than 1 MB" in visiting.words(answer)) == (422, True)


def test_only_admins_send_files_and_no_other_page_takes_large_ones(app: Flask, hub: Hub, visitor: Visitor) -> None:
    visitor.post(NEW, label="People", type="contact", file=file(ORDERS))
    operator = visiting.signed_in(app, hub, access.OPERATOR)
    for path in (NEW, f"{ONE}/file", f"{ONE}/columns", f"{ONE}/errors.csv"):
        assert operator.get(path).status_code == 403, path
    assert large(operator, NEW, "x" * 2_000_000).status_code == 403
    assert large(visitor, "/settings/connections/new/push", "x" * 2_000_000).status_code == 413
    assert visitor.get("/settings/connections/push-1/columns").status_code == 404
