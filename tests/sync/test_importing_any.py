"""Whatever a table says: every row of it is kept, as a record or with its problem, and nothing fails."""

import csv
import io
import json
import zlib
from itertools import count
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from hub.errors import BadInput
from hub.model import TYPES
from hub.sheets import match, table
from hub.sheets.fields import MANY, fields
from hub.sheets.plan import Column, checked
from hub.store import tables as t
from hub.sync import importing, sheets
from hub.sync.hub import Hub
from hub.web import create_app
from tests import support
from tests.web import visiting

MEANT = (
    "1",
    "31/03/2026",
    "1.234,56",
    "R$ 7",
    "ana@x.com",
    "Sim",
    "paid",
    "+55 11 91234-5678",
    "9999-12-31 23:59",
    "0001-01-01",
    "1e999",
    "=1+1",
)
CELL = some.one_of(
    some.text(some.characters(codec="utf-8"), max_size=12),
    some.sampled_from(MEANT),
    some.just(""),
    some.text(min_size=240, max_size=260),
)
TABLE = some.integers(1, 5).flatmap(
    lambda width: some.lists(some.lists(CELL, min_size=width, max_size=width), min_size=2, max_size=7)
)
_folders = count()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=TABLE, kind=some.sampled_from(sorted(TYPES)), data=some.data())
def test_every_row_is_kept_as_a_record_or_with_its_problem(
    hub: Hub, tmp_path: Path, rows: list[list[str]], kind: str, data: some.DataObject
) -> None:
    path = tmp_path / f"{next(_folders)}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    try:
        found = table.sample(path)
    except BadInput:
        return
    connection = sheets.create(hub, "Any", kind)
    sheets.receive(hub, connection.id, path, path.name)
    taken: set[str] = set()
    columns = []
    for name in found.columns:
        field = data.draw(some.sampled_from([None, *sorted(fields(TYPES[kind]))]))
        if field in taken and fields(TYPES[kind])[field or ""].kind not in MANY:
            field = None
        taken |= {field} if field else set()
        columns.append(Column(name=name, field=field))
    plan = msgspec.structs.replace(
        match.proposed(TYPES[kind], found, zone="UTC"), columns=tuple(columns), key=(found.columns[0],)
    )
    try:
        checked(plan, TYPES[kind], found.columns)
    except BadInput:
        return
    importing.begin(hub, connection.id, plan, complete=False)
    support.drained(hub)
    with hub.database.reading() as tx:
        kept = [
            json.loads(zlib.decompress(body))["row"]
            for body in tx.execute(select(t.raw.c.body).where(t.raw.c.connection_id == connection.id)).scalars()
        ]
        run = tx.execute(select(t.run).where(t.run.c.connection_id == connection.id)).one()
    _, read = table.table(path, found.form)
    there = [row.cells for row in read]
    assert (run.state, run.read) == ("complete", len(there))
    assert all(cells in kept for cells in there)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    content=some.one_of(some.binary(max_size=60), some.text(some.characters(codec="utf-8"), max_size=60).map(str.encode)),
    data=some.data(),
)
def test_no_file_and_no_form_ends_in_a_fault(shared_hub: Hub, content: bytes, data: some.DataObject) -> None:
    visitor = _visitor(shared_hub)
    sent = {"label": "Any", "type": data.draw(some.sampled_from(sorted(TYPES))), "file": (io.BytesIO(content), "any.csv")}
    made = visitor.post("/settings/connections/new/spreadsheet", **sent)
    assert made.status_code in {303, 422}
    if made.status_code == 303:
        page = made.headers["Location"]
        assert visitor.get(page).status_code == 200
        form = {
            name: data.draw(some.sampled_from(["", "0", "1", "emails", "status", "digest", "dmy", "x"]))
            for name in ("field-0", "form-0", "value-0-0", "key", "digest", "currency", "sheet", "do", "complete")
        }
        assert visitor.post(page, **form).status_code in {200, 303, 422}


_visitors: dict[int, visiting.Visitor] = {}


def _visitor(hub: Hub) -> visiting.Visitor:
    if id(hub) not in _visitors:
        _visitors[id(hub)] = visiting.signed_in(create_app(hub), hub)
    return _visitors[id(hub)]
