"""Importing a spreadsheet from the command line: the same steps as on the page, done here and now."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hub.cli import Line, noted, opened

if TYPE_CHECKING:
    from hub.sheets.plan import Plan
    from hub.sheets.table import Sample
    from hub.store.connections import Connection
    from hub.sync.hub import Hub


def _mapped(_context: click.Context, _option: click.Parameter, said: tuple[str, ...]) -> dict[str, str]:
    if wrong := next((each for each in said if "=" not in each), None):
        raise click.BadParameter(f"{wrong!r} is not of the form COLUMN=FIELD")
    return {name: field for name, _, field in (each.rpartition("=") for each in said)}


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--type", "kind", help="What a row is, such as contact or order; needed for a new connection.")
@click.option("--connection", "connection_id", help="The connection that the file is for; without it a new one is made.")
@click.option("--label", type=Line(), default="", help="How a new connection is called; else as the file is.")
@click.option("--id", "key", multiple=True, metavar="COLUMN", help="Holds the record's id; several tell rows apart together.")
@click.option(
    "--map", "mapped", multiple=True, callback=_mapped, metavar="COLUMN=FIELD", help="Read so; without FIELD, not at all."
)
@click.option("--currency", help="Of amounts of which nothing in their row says it, such as BRL.")
@click.option("--sheet", help="Which sheet of a workbook; else the first.")
@click.option("--complete", is_flag=True, help="The file holds every record: those that it lacks are deleted.")
@click.option("--dry-run", is_flag=True, help="Say how the file is read, and store nothing.")
def import_(file: Path, *, connection_id: str | None, kind: str | None, label: str, dry_run: bool, **options: Any) -> None:
    """Import FILE, a CSV or XLSX file with the names of its columns in the first row.

    Columns are matched by their names and contents, as on the page; --map says what is not found. What is saved holds for the
    next file of the connection. The status is 1 where rows could not be read.
    """
    from hub.errors import BadInput
    from hub.sheets import table

    hub = opened()
    connection = _connection(hub, connection_id, kind)
    sample = table.sample(file, options["sheet"])
    plan = _plan(hub, connection, kind or "", sample, options)
    _told(plan)
    if dry_run:
        sys.exit(_tried(file, plan, sample, connection.answers["type"] if connection else kind or ""))
    if connection is not None and connection.state != "connected":
        raise BadInput(f"{connection.id} is {connection.state}; resume it first")
    sys.exit(
        _imported(
            hub,
            file,
            plan,
            sample,
            connection=connection,
            kind=kind or "",
            label=label or file.stem,
            complete=bool(options["complete"]),
        )
    )


def _connection(hub: "Hub", connection_id: str | None, kind: str | None) -> "Connection | None":
    from hub.store import connections
    from hub.sync import sheets

    if connection_id is None:
        if kind not in sheets.kinds():
            raise click.UsageError(f"say --type for a new connection, or --connection; types are {', '.join(sheets.kinds())}")
        return None
    with hub.database.reading() as tx:
        try:
            found = connections.get(tx, connection_id)
        except KeyError as error:
            raise click.BadParameter(f"there is no connection {connection_id!r}; see `hub status`") from error
    if kind not in (None, sheets.kind_of(found).TYPE):
        raise click.UsageError(f"rows of {connection_id} are of the type {sheets.kind_of(found).TYPE}")
    return found


def _plan(hub: "Hub", connection: "Connection | None", kind: str, sample: "Sample", options: Mapping[str, Any]) -> "Plan":
    import msgspec

    from hub.errors import BadInput
    from hub.model import TYPES
    from hub.sheets import match
    from hub.sheets.plan import checked, from_text, lost
    from hub.sync.organisation import settled

    of = TYPES[connection.answers["type"] if connection else kind]
    before = from_text(connection.answers) if connection else None
    with hub.database.reading() as tx:
        zone = settled(tx).organisation.time_zone
    mapped, keys, currency = options["mapped"], options["key"], options["currency"]
    absent = lost(before, sample.columns) if before else []
    if gone := [name for name in absent if name not in mapped]:
        raise BadInput(f"the file has no column {gone[0]!r} any more; go on without it by --map {gone[0]!r}=")
    if wrong := [name for name in (*mapped, *keys) if name not in (*sample.columns, *absent)]:
        raise BadInput(f"the file has no column {wrong[0]!r}; it has {', '.join(map(repr, sample.columns))}")
    found = match.remapped(of, match.proposed(of, sample, zone=zone, before=before), sample, mapped)
    if keys:
        found = msgspec.structs.replace(found, key=tuple(keys), digested=len(keys) > 1)
    if currency:
        found = msgspec.structs.replace(found, currency=str(currency).upper())
    return checked(found, of, sample.columns)


def _told(plan: "Plan") -> None:
    for column in plan.columns:
        said = f"{column.field}{f' ({column.form})' if column.form else ''}" if column.field else "not read"
        click.echo(f"{column.name}: {said}", err=True)
    click.echo(f"rows are told apart by {' and '.join(plan.key)}", err=True)


def _tried(file: Path, plan: "Plan", sample: "Sample", kind: str) -> int:
    from hub.model import TYPES
    from hub.sheets import match, table

    _, rows = table.table(file, sample.form)
    found = match.check(plan, TYPES[kind], rows)
    for number, why in found.problems:
        click.echo(f"row {number:,}: {why}", err=True)
    click.echo(
        f"{found.rows:,} rows, of which {found.failed:,} cannot be read; {found.undecided:,} values are not decided", err=True
    )
    return 1 if found.failed else 0


def _imported(
    hub: "Hub",
    file: Path,
    plan: "Plan",
    sample: "Sample",
    *,
    connection: "Connection | None",
    kind: str,
    label: str,
    complete: bool,
) -> int:
    from hub.store import overview, runs
    from hub.sync import importing, sheets

    made = connection or sheets.create(hub, label, kind)
    sheets.receive(hub, made.id, file, file.name, sample.form.sheet)
    work = importing.begin(hub, made.id, plan, complete=complete)
    with hub.database.writing() as tx:
        noted(tx, hub, "sheets.meaning", made.id, complete=complete)
    _done(hub, made.id, work)
    with hub.database.reading() as tx:
        (run,) = runs.latest(tx, made.id).values()
        (standing,) = overview.standings(tx, made.id, [run.stream])
    click.echo(made.id)
    click.echo(f"{run.read:,} rows: {run.written:,} new or changed, {run.same:,} as before, {run.gone:,} gone", err=True)
    for said in filter(None, (run.error, standing.held)):
        click.echo(said, err=True)
    if standing.skipped:
        click.echo(f"{standing.skipped:,} rows could not be read; the connection's page lists them with the reason", err=True)
    return 1 if standing.skipped or run.state != "complete" else 0


def _done(hub: "Hub", connection_id: str, due: list[tuple[int, str]]) -> None:
    """Do the work here, unless a worker was quicker; then wait for it. What follows from it is the workers'."""
    from hub import jobs, progress
    from hub.store import runs, uploads
    from hub.sync import worker

    (work_id, _), *others = due
    with progress.counting("rows", None) as shown:
        while True:
            following = worker.perform(hub, work_id)
            others += [each for each in following if each[0] != work_id]
            with hub.database.reading() as tx:
                file = uploads.of(tx, connection_id)
                (run,) = runs.latest(tx, connection_id).values()
            shown(run.read)
            if file is None or file.state != uploads.RUNNING:
                break
            if not following:
                hub.time.wait(progress.STEP)
    jobs.enqueue(hub.settings, others)


COMMANDS = (import_,)
