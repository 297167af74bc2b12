"""Runs: one reading of a stream from its start to its end, over as many jobs as it takes, and where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, func, insert, select, update

from hub.spec import Request
from hub.store import tables as t
from hub.store.database import Transaction, chunks, inserting

COUNTS = ("read", "written", "same", "skipped", "gone", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a stream stands: the next request of the run under way, or what the next run starts from."""

    checkpoint: Request | None
    watermark: datetime | None
    swept_at: datetime | None
    run_id: int | None
    failures: int
    confirmed: int = 0
    """How many records a person said may vanish with the next full run."""


def standing(tx: Transaction, connection_id: str, name: str) -> Standing:
    """Where the stream stands; everything None where it was never read."""
    row = tx.execute(select(t.stream).where(t.stream.c.connection_id == connection_id, t.stream.c.name == name)).one_or_none()
    if row is None:
        return Standing(checkpoint=None, watermark=None, swept_at=None, run_id=None, failures=0)
    checkpoint = msgspec.json.decode(row.checkpoint, type=Request) if row.checkpoint else None
    return Standing(
        checkpoint=checkpoint,
        watermark=row.watermark,
        swept_at=row.swept_at,
        run_id=row.run_id,
        failures=row.failures,
        confirmed=row.confirmed or 0,
    )


def begin(tx: Transaction, connection_id: str, name: str, now: datetime, *, kind: str, full: bool, since: datetime | None) -> int:
    """Open a run and make it the stream's current one."""
    values = {"connection_id": connection_id, "stream": name, "kind": kind, "started_at": now, "state": "running"}
    run_id = tx.execute(insert(t.run).values(values | {"full": full, "since": since}).returning(t.run.c.id)).scalar_one()
    if kind == "sync":
        set_stream(tx, connection_id, name, run_id=run_id)
    return int(run_id)


def advance(tx: Transaction, run_id: int, counts: Mapping[str, int], unread: Sequence[str]) -> None:
    """Add a page to the run."""
    values: dict[str, Any] = {name: t.run.c[name] + counts[name] for name in COUNTS if counts.get(name)}
    if unread:
        values["unread"] = msgspec.json.encode(sorted(unread)[:100]).decode()
    tx.execute(update(t.run).where(t.run.c.id == run_id).values(pages=t.run.c.pages + 1, **values))


def expect(tx: Transaction, run_id: int, total: int) -> None:
    """Note how many records the source said, on the run's first page, that it will bring; later pages count what is left."""
    tx.execute(update(t.run).where(t.run.c.id == run_id, t.run.c.expected.is_(None)).values(expected=total))


def end(tx: Transaction, run_id: int, now: datetime, *, state: str = "complete", error: str | None = None) -> Any:
    """Close a run; certified is whether it read as many records as the source said, None where the source said nothing."""
    row = tx.execute(select(t.run).where(t.run.c.id == run_id)).one()
    certified = None if row.expected is None or state != "complete" else row.read >= row.expected
    tx.execute(update(t.run).where(t.run.c.id == run_id).values(ended_at=now, state=state, error=error, certified=certified))
    tx.execute(delete(t.seen).where(t.seen.c.run_id == run_id))
    return row


def fault(tx: Transaction, run_id: int, error: str) -> None:
    """Show what stands in the way of a run that goes on."""
    tx.execute(update(t.run).where(t.run.c.id == run_id).values(error=error))


def saw(tx: Transaction, run_id: int, source_ids: Sequence[str]) -> None:
    """Remember which records a full run has seen, so that its end knows which it has not."""
    if source_ids:
        rows = [{"run_id": run_id, "source_id": found} for found in dict.fromkeys(source_ids)]
        tx.execute(inserting(tx, t.seen).on_conflict_do_nothing(), rows)


def seen(tx: Transaction, run_id: int, source_ids: Sequence[str]) -> list[str]:
    """Those of these records that a run has seen already."""
    mine = select(t.seen.c.source_id).where(t.seen.c.run_id == run_id)
    return [found for ids in chunks(source_ids) for found in tx.execute(mine.where(t.seen.c.source_id.in_(ids))).scalars()]


def unseen(tx: Transaction, run_id: int, connection_id: str, name: str) -> list[str]:
    """The live records of a stream that a full run has not seen."""
    there = select(t.seen.c.source_id).where(t.seen.c.run_id == run_id, t.seen.c.source_id == t.source.c.source_id)
    mine = (t.source.c.connection_id == connection_id, t.source.c.stream == name, t.source.c.gone.is_(False))
    return list(tx.execute(select(t.source.c.source_id).where(*mine, ~there.exists())).scalars())


def set_stream(tx: Transaction, connection_id: str, name: str, **values: Any) -> None:
    """Set what is known of a stream; a checkpoint may be a Request."""
    if isinstance(values.get("checkpoint"), Request):
        values["checkpoint"] = msgspec.json.encode(values["checkpoint"]).decode()
    row = {"connection_id": connection_id, "name": name, **values}
    statement = inserting(tx, t.stream).values(row)
    tx.execute(statement.on_conflict_do_update(index_elements=["connection_id", "name"], set_=values))


def streams(tx: Transaction, connection_id: str) -> dict[str, Any]:
    """The rows of a connection's streams by name."""
    return {row.name: row for row in tx.execute(select(t.stream).where(t.stream.c.connection_id == connection_id))}


def latest(tx: Transaction, connection_id: str) -> dict[str, Any]:
    """The newest run of each stream of a connection."""
    newest = select(func.max(t.run.c.id)).where(t.run.c.connection_id == connection_id, t.run.c.kind == "sync")
    rows = tx.execute(select(t.run).where(t.run.c.id.in_(newest.group_by(t.run.c.stream))))
    return {row.stream: row for row in rows}


def get(tx: Transaction, run_id: int) -> Any:
    """The row of a run."""
    return tx.execute(select(t.run).where(t.run.c.id == run_id)).one()


def whole(tx: Transaction, run_id: int) -> bool:
    """Whether a run has read as many records as its source said there are, where it said anything."""
    row = get(tx, run_id)
    seen = tx.execute(select(func.count()).where(t.seen.c.run_id == run_id)).scalar_one()
    return row.expected is None or seen >= row.expected


def stored(tx: Transaction, connection_id: str, name: str) -> int:
    """How many source records of a stream are there and not gone."""
    mine = (t.source.c.connection_id == connection_id, t.source.c.stream == name, t.source.c.gone.is_(False))
    return int(tx.execute(select(func.count()).select_from(t.source).where(*mine)).scalar_one())
