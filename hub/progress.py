"""What the command line shows of a hub at work: progress while it reads, and how things stand."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hub.model import TYPES
from hub.store import connections, customers, runs, work
from hub.sync.hub import Hub

STEP = 0.5


def shown(hub: Hub, wanted: Collection[str], console: Console | None = None) -> None:
    """Show a bar for each of these connections until nothing is being read and nothing is left to derive."""
    note = TextColumn("{task.fields[note]}")
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), note, console=console
    ) as progress:
        bars: dict[str, Any] = {}
        while True:
            for each in (found := status(hub))["connections"]:
                if each["id"] not in wanted:
                    continue
                if each["id"] not in bars:
                    bars[each["id"]] = progress.add_task(each["id"], total=None, note="")
                progress.update(bars[each["id"]], completed=each["read"], total=each["expected"], note=each["note"])
            if not found["busy"]:
                return
            hub.time.wait(STEP)


@contextmanager
def counting(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error; how far it is, is told to what this gives."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.update(task, completed=done)


def status(hub: Hub) -> dict[str, Any]:
    """How every connection stands, and whether any work is under way."""
    with hub.database.reading() as tx:
        counted = connections.counts(tx)
        found = [
            {
                "id": each.id,
                "label": each.label,
                "state": each.state,
                "problem": each.problem,
                "counts": {kind: count for (connection, kind), count in counted.items() if connection == each.id},
                **_reading(runs.latest(tx, each.id)),
            }
            for each in connections.everyone(tx)
        ]
        return {"connections": found, "busy": work.busy(tx, hub.time.now()), "customers": customers.by_systems(tx)}


def as_text(found: dict[str, Any]) -> str:
    """The same for a person."""
    lines = []
    for each in found["connections"]:
        counts = ", ".join(f"{count:,} {TYPES[kind].PLURAL}" for kind, count in sorted(each["counts"].items())) or "nothing yet"
        lines.append(f"{each['id']:<16} {each['state']:<12} {each['label']}: {counts.replace('_', ' ')}")
        lines += [f"{'':<16} {problem}" for problem in (each["problem"], each["note"]) if problem]
    return "\n".join(lines) or "No connections yet: open the pages, Settings, Connections."


def _reading(latest: dict[str, Any]) -> dict[str, Any]:
    running = [row for row in latest.values() if row.state == "running"]
    problem = next((row.error for row in latest.values() if row.error), "")
    expected = sum(max(row.expected or row.read, row.read) for row in latest.values())
    note = problem or (f"reading {', '.join(row.stream for row in running)}" if running else "")
    return {"read": sum(row.read for row in latest.values()), "expected": expected or None, "note": note}
