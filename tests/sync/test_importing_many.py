"""How much memory and time large files take; a million rows with `-m scale`."""

import resource
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from hub.model import TYPES
from hub.sheets import match, table
from hub.sync import importing, sheets
from hub.sync.hub import Hub
from hub.sync.worker import perform
from tests import support
from tests.sheets.files import workbook
from tests.sync.files import counted

HEAD = "id;nome;e-mail;cidade;data de cadastro\n"
MEGABYTE = 1_000_000


def lines(number: int) -> Iterator[str]:
    return (f"{n};Pessoa {n};pessoa{n}@example.com;São Paulo;{n % 28 + 1:02}/03/2026\n" for n in range(number))


def written(folder: Path, number: int) -> Path:
    path = folder / "people.csv"
    with path.open("w") as file:
        file.write(HEAD)
        file.writelines(lines(number))
    return path


def taken(hub: Hub, path: Path) -> str:
    """Import a file without what follows from it; the connection."""
    connection = sheets.create(hub, "People", "contact").id
    found = sheets.sampled(sheets.receive(hub, connection, path, path.name))
    plan = match.proposed(TYPES["contact"], found, zone="UTC")
    ((work_id, _),) = importing.begin(hub, connection, plan, complete=False)
    while counted(hub, connection)["state"] == "running":
        perform(hub, work_id)
    return connection


def peak(path: Path) -> int:
    """The most bytes that reading a whole file holds at once."""
    found = table.sample(path)
    plan = match.proposed(TYPES["contact"], found, zone="UTC")
    tracemalloc.start()
    _, rows = table.table(path, found.form)
    assert sum(plan.of(row.cells) is not None for row in rows) > 0
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_reading_twenty_times_as_many_rows_takes_no_more_memory(tmp_path: Path) -> None:
    few = peak(written(tmp_path, 1_000))
    assert peak(written(tmp_path, 20_000)) < few + MEGABYTE


def test_a_workbooks_rows_are_not_held_in_memory(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"People": (line.strip().split(";") for line in [HEAD, *lines(1_000)])})
    assert peak(path) < 2 * MEGABYTE


def test_thousands_of_rows_are_imported_without_being_held_in_memory(tmp_path: Path) -> None:
    hub = support.made(tmp_path)
    path = written(tmp_path, 1_500)
    connection = taken(hub, path)
    assert counted(hub, connection) | {"state": ""} == {
        "state": "",
        "read": 1_500,
        "written": 1_500,
        "same": 0,
        "skipped": 0,
        "gone": 0,
        "unknown": 0,
    }
    hub.database.close()


@pytest.mark.scale
@pytest.mark.timeout(7200)
def test_a_million_rows(tmp_path: Path) -> None:
    number = 1_000_000
    hub = support.made(tmp_path)
    path = written(tmp_path, number)
    before, begun = _resident(), monotonic()
    connection = taken(hub, path)
    first, most = monotonic() - begun, _resident()
    assert counted(hub, connection)["written"] == number
    size, more = path.stat().st_size / MEGABYTE, (most - before) / MEGABYTE
    sys.stderr.write(f"\n{size:.0f} MB, {number / first:,.0f} rows a second, {more:,.0f} MB more\n")
    begun = monotonic()
    again = sheets.sampled(sheets.receive(hub, connection, path, path.name))
    ((work_id, _),) = importing.begin(hub, connection, match.proposed(TYPES["contact"], again, zone="UTC"), complete=True)
    while counted(hub, connection)["state"] == "running":
        perform(hub, work_id)
    assert (counted(hub, connection)["same"], counted(hub, connection)["gone"]) == (number, 0)
    more = (_resident() - before) / MEGABYTE
    sys.stderr.write(f"the same again: {number / (monotonic() - begun):,.0f} rows a second, {more:,.0f} MB more\n")
    assert _resident() - before < 200 * MEGABYTE
    hub.database.close()


def _resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
