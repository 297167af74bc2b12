"""The rows of a spreadsheet that could not be read, as a table that can be mended and sent again."""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterator
from io import StringIO

from hub.sheets.plan import from_text
from hub.spec.jsontext import loads
from hub.store import overview, records
from hub.store.connections import Connection
from hub.sync.hub import Hub

PROBLEM = "Problem"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet program may take for a formula (OWASP, CSV injection)."""


def rows(hub: Hub, connection: Connection) -> Iterator[list[str]]:
    """The names of the columns, then each row with its problem before it; no cell is a formula."""
    plan = from_text(connection.answers)
    names = [column.name for column in plan.columns] if plan else []
    yield [PROBLEM, *map(safe, names)]
    after = None
    while True:
        with hub.database.reading() as tx:
            found = overview.skipped(tx, connection.id, after=after)[: overview.PAGE]
            bodies = records.sent(tx, [row.raw_id for row in found])
        for row in found:
            cells = loads(bodies[row.raw_id])["row"]
            more = [said for name, said in cells.items() if name not in names]
            yield [safe(row.problem), *(safe(cells.get(name, "")) for name in names), *map(safe, more)]
        if not found:
            return
        after = found[-1].raw_id


def written(hub: Hub, connection: Connection) -> Iterator[bytes]:
    """The same as a CSV file, with the mark by which spreadsheet programs know UTF-8."""
    yield BOM_UTF8
    for row in rows(hub, connection):
        out = StringIO()
        csv.writer(out).writerow(row)
        yield out.getvalue().encode()


def safe(cell: str) -> str:
    """The cell as a text, also where it begins as a formula does; reading it again takes the sign away."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
