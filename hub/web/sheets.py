"""Spreadsheets: sending a file, saying what its columns mean, seeing what the rows are read as, and what could not be."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from hub import jobs
from hub.errors import BadInput
from hub.sheets import match, table
from hub.sheets.plan import Plan, checked, from_text, lost
from hub.sheets.table import Sample
from hub.store import connections, overview, uploads
from hub.store.connections import Connection
from hub.store.uploads import Upload
from hub.sync import failed_rows, importing, sheets
from hub.sync.organisation import settled
from hub.web import columns
from hub.web.guard import ADMINISTER, Page
from hub.web.here import connection_or_404, hub, line, noted

LARGEST = sheets.LARGEST + 1_000_000
"""Bytes of a request: the file, and what a form adds to it."""


def new() -> Any:
    """A new connection, made together with its first file."""
    if request.method == "GET":
        return _new_page()
    try:
        label, kind = line("label", label="The name"), request.form.get("type", "")
        with _sent() as (path, name):
            table.sample(path)
            made = sheets.create(hub(), label, kind)
            sheets.receive(hub(), made.id, path, name)
    except BadInput as error:
        return _new_page(error)
    noted(connection=made.id, type=kind)
    return redirect(url_for("sheets.meaning", connection_id=made.id), code=303)


def send(connection_id: str) -> Any:
    """Send the next file."""
    connection = _connection(connection_id)
    if request.method == "GET":
        return render_template("sheet_send.html", connection=connection, problem=None)
    try:
        with _sent() as (path, name):
            sheets.receive(hub(), connection_id, path, name)
    except BadInput as error:
        return render_template("sheet_send.html", connection=connection, problem=error), 422
    return redirect(url_for("sheets.meaning", connection_id=connection_id), code=303)


def meaning(connection_id: str) -> Any:
    """What the columns are read as, with what the first rows then are; the file that waits is imported from here."""
    connection = _connection(connection_id)
    upload, before = _waiting(connection), from_text(connection.answers)
    if upload is None and before is None:
        return redirect(url_for("sheets.send", connection_id=connection_id), code=303)
    found = _sample(upload, before)
    plan = match.proposed(sheets.kind_of(connection), found, zone=_zone(), before=before)
    if request.method == "GET":
        return _page(connection, upload, plan, found)
    try:
        if (sheet := request.form.get("sheet")) and upload is not None and sheet != found.form.sheet:
            return _other_sheet(connection, upload, sheet)
        plan = columns.entered(request.form, plan, sheets.kind_of(connection), found, _asked(connection))
        if request.form.get("do") == "preview":
            return _page(connection, upload, plan, found)
        work = _taken(connection, upload, plan)
    except BadInput as error:
        return _page(connection, upload, plan, found, error)
    jobs.enqueue(hub().settings, work)
    flash(
        "The file is being imported. You can leave this page."
        if upload
        else "Saved. What is stored is read again with this meaning."
    )
    return redirect(url_for("connections.detail", connection_id=connection_id), code=303)


def errors(connection_id: str) -> Any:
    """The rows that could not be read, as a table with the reason in its first column."""
    connection = _connection(connection_id)
    name = f"{connection.id}-errors.csv"
    kept = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(failed_rows.written(hub(), connection), mimetype="text/csv", headers=kept)


def _taken(connection: Connection, upload: Upload | None, plan: Plan) -> list[tuple[int, str]]:
    if upload is None:
        return importing.change(hub(), connection.id, plan)
    complete = request.form.get("complete") == "yes"
    noted(complete=complete, digest=upload.digest)
    return importing.begin(hub(), connection.id, plan, complete=complete)


def _new_page(problem: BadInput | None = None) -> Any:
    page = render_template("sheet_new.html", kinds=sheets.kinds(), problem=problem, said=request.form)
    return page, 422 if problem else 200


def _page(connection: Connection, upload: Upload | None, plan: Plan, found: Sample, problem: BadInput | None = None) -> Any:
    kind, before = sheets.kind_of(connection), from_text(connection.answers)
    lines: list[columns.Line] = []
    check = None
    try:
        checked(plan, kind, found.columns)
        lines, check = columns.lines(plan, kind, found), match.check(plan, kind, found.rows)
    except BadInput as error:
        problem = problem or (error if request.method == "POST" else None)
    page = render_template(
        "sheet_columns.html",
        connection=connection,
        upload=upload,
        sample=found,
        plan=plan,
        columns=columns.shown(plan, kind, found, _asked(connection), before),
        groups=columns.groups(kind),
        lost=lost(before, found.columns) if before else [],
        locked=before is not None and _stored(connection),
        lines=lines,
        check=check,
        problem=problem,
    )
    return page, 422 if problem else 200


def _stored(connection: Connection) -> bool:
    with hub().database.reading() as tx:
        (standing,) = overview.standings(tx, connection.id, [sheets.kind_of(connection).PLURAL])
    return standing.stored > 0


def _other_sheet(connection: Connection, upload: Upload, sheet: str) -> Answer:
    with sheets.file_of(hub(), upload) as path:
        sheets.receive(hub(), connection.id, path, upload.name, sheet)
    return redirect(url_for("sheets.meaning", connection_id=connection.id), code=303)


def _connection(connection_id: str) -> Connection:
    with hub().database.reading() as tx:
        found = connection_or_404(tx, connection_id)
    if found.connector != sheets.SYSTEM or found.state == connections.DISCONNECTED:
        raise NotFound("This connection takes no files.")
    return found


def _waiting(connection: Connection) -> Upload | None:
    with hub().database.reading() as tx:
        found = uploads.of(tx, connection.id)
    return found if found is not None and found.state == uploads.WAITING else None


def _sample(upload: Upload | None, before: Plan | None) -> Sample:
    if upload is not None:
        return sheets.sampled(upload)
    return Sample(form=table.Form(), columns=tuple(column.name for column in before.columns) if before else (), rows=())


def _asked(connection: Connection) -> dict[str, list[str]]:
    with hub().database.reading() as tx:
        rows = overview.asked(tx, connection.id)
    return {path: [row.raw for row in rows if row.path == path and row.raw] for path in {row.path for row in rows}}


def _zone() -> str:
    with hub().database.reading() as tx:
        return settled(tx).organisation.time_zone


@contextmanager
def _sent() -> Iterator[tuple[Path, str]]:
    """The file of the form, on this machine's disk for as long as the request lasts, and its name."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadInput("choose a file", where="file")
    with closing(file), NamedTemporaryFile(prefix="ciclo-hub-") as kept:
        file.save(kept)
        kept.flush()
        yield Path(kept.name), Path(file.filename.replace("\\", "/")).name


_ONE = "/settings/connections/<connection_id>"
PAGES = (
    Page(path="/settings/connections/new/spreadsheet", view=new, roles=ADMINISTER, methods=("GET", "POST"), largest=LARGEST),
    Page(path=f"{_ONE}/file", view=send, roles=ADMINISTER, methods=("GET", "POST"), largest=LARGEST),
    Page(path=f"{_ONE}/columns", view=meaning, roles=ADMINISTER, methods=("GET", "POST")),
    Page(path=f"{_ONE}/errors.csv", view=errors, roles=ADMINISTER),
)
