"""Connections as people look after them: how each stream stands, what was skipped, what is asked, what nobody reads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, select

from hub.model import Pipeline
from hub.store import questions
from hub.store import tables as t
from hub.store.database import Transaction
from hub.store.runs import latest, streams

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a stream stands: what is stored of it, its newest run, the run under way, and what is to be done next."""

    name: str
    stored: int = 0
    skipped: int = 0
    run: Row[Any] | None = None
    work: Row[Any] | None = None
    due_at: datetime | None = None
    missing: int | None = None

    @property
    def held(self) -> str | None:
        """What a person is asked before records are marked as deleted."""
        if self.missing is None:
            return None
        return f"{self.missing:,} records were not seen any more; confirm that they were deleted before they are marked so"

    @property
    def error(self) -> str | None:
        """What stands in the way of this stream."""
        return (self.work.error if self.work is not None else None) or (self.run.error if self.run is not None else None)

    @property
    def running(self) -> bool:
        """Whether it is being read now, or about to be."""
        return self.work is not None and self.work.error is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a list says of a connection."""

    synced_at: datetime | None
    questions: int
    skipped: int


def standings(tx: Transaction, connection_id: str, names: Sequence[str]) -> list[Standing]:
    """How the streams of a connection stand, in this order."""
    counts = _counts(tx, connection_id)
    newest = latest(tx, connection_id)
    works = {row.key: row for row in tx.execute(select(t.work).where(t.work.c.connection_id == connection_id)) if row.key}
    rows = streams(tx, connection_id)
    return [
        Standing(
            name=name,
            stored=counts[name][0] if name in counts else 0,
            skipped=counts[name][1] if name in counts else 0,
            run=newest.get(name),
            work=works.get(name),
            due_at=rows[name].due_at if name in rows else None,
            missing=rows[name].missing if name in rows else None,
        )
        for name in names
    ]


def summaries(tx: Transaction, connection_ids: Sequence[str]) -> dict[str, Summary]:
    """What the list of connections says of each."""
    ended = select(t.run.c.connection_id, func.max(t.run.c.ended_at)).where(t.run.c.state == "complete")
    synced = {row[0]: row[1] for row in tx.execute(ended.group_by(t.run.c.connection_id))}
    asked = select(t.question.c.connection_id, func.count()).where(t.question.c.raw != "").group_by(t.question.c.connection_id)
    skipped = select(t.source.c.connection_id, func.count()).where(t.source.c.problem.is_not(None), t.source.c.gone.is_(False))
    problems = {row[0]: row[1] for row in tx.execute(skipped.group_by(t.source.c.connection_id))}
    open_questions = {row[0]: row[1] for row in tx.execute(asked)}
    return {
        each: Summary(
            synced_at=synced.get(each),
            questions=open_questions.get(each, 0),
            skipped=problems.get(each, 0),
        )
        for each in connection_ids
    }


def runs(tx: Transaction, connection_id: str, *, stream: str | None = None, before: int | None = None) -> list[Row[Any]]:
    """One page of a connection's runs, the newest first, and one more where there are more."""
    query = select(t.run).where(t.run.c.connection_id == connection_id).order_by(t.run.c.id.desc()).limit(PAGE + 1)
    if stream:
        query = query.where(t.run.c.stream == stream)
    if before is not None:
        query = query.where(t.run.c.id < before)
    return list(tx.execute(query))


def skipped(tx: Transaction, connection_id: str, *, after: int | None = None) -> list[Row[Any]]:
    """One page of the source records that could not be read, and one more where there are more."""
    query = select(t.source.c.stream, t.source.c.source_id, t.source.c.problem, t.source.c.received_at, t.source.c.raw_id).where(
        t.source.c.connection_id == connection_id, t.source.c.problem.is_not(None), t.source.c.gone.is_(False)
    )
    if after is not None:
        query = query.where(t.source.c.raw_id > after)
    return list(tx.execute(query.order_by(t.source.c.raw_id).limit(PAGE + 1)))


def asked(tx: Transaction, connection_id: str) -> list[Row[Any]]:
    """The values that nobody has decided about, the most frequent first."""
    mine = t.question.c.connection_id == connection_id
    order = (t.question.c.stream, t.question.c.path, t.question.c.count.desc(), t.question.c.raw)
    return list(tx.execute(select(t.question).where(mine).order_by(*order)))


def decided(tx: Transaction, connection_id: str) -> list[dict[str, Any]]:
    """The mapping decisions of a connection that hold: the latest for each value, those taken back left out."""
    latest: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in questions.decided(tx, "choice", f"{connection_id}/"):
        value = json.loads(row.value)
        stream = row.key.split("/")[1]
        found = {"stream": stream, "by": row.by, "at": row.recorded_at, **value}
        latest[stream, value["path"], value["raw"]] = found
    return [found for _, found in sorted(latest.items()) if found["value"] is not None]


def read_as(tx: Transaction, connection_id: str, stream: str | None = None) -> list[dict[str, Any]]:
    """The fields of a connection, or of one stream, that people have read as fields of ours: the latest decision for each."""
    latest: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in questions.decided(tx, "field", f"{connection_id}/{stream}/" if stream else f"{connection_id}/"):
        value, stream = json.loads(row.value), row.key.split("/")[1]
        latest[stream, value["type"], value["path"]] = {"stream": stream, "by": row.by, "at": row.recorded_at, **value}
    return [found for _, found in sorted(latest.items()) if found["field"] is not None]


def apart(tx: Transaction, record_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The decisions in force that one of these records is somebody else than another."""
    latest: dict[str, Row[Any]] = {}
    for row in questions.decided(tx, "apart"):
        latest[row.key] = row
    mine = set(record_ids)
    pairs = [(row, json.loads(row.value)) for row in latest.values()]
    return [
        {"id": row.id, "by": row.by, "at": row.recorded_at, "records": value}
        for row, value in pairs
        if value is not None and mine & set(value)
    ]


def stage_names(tx: Transaction, connection_id: str) -> dict[str, str]:
    """What the account calls its pipeline stages, by their ids; a system asks about ids that nobody would recognise."""
    found = {}
    for body in questions.bodies(tx, connection_id, Pipeline.TYPE):
        pipeline = json.loads(body)
        for stage in pipeline.get("stages", ()):
            found[stage["id"]] = f"{pipeline.get('name') or pipeline['id']} / {stage.get('name') or stage['id']}"
    return found


def unread(tx: Transaction, connection_id: str) -> dict[str, list[str]]:
    """Per stream, the paths that the newest run found filled and that no mapping reads."""
    found = {name: list(json.loads(row.unread)) for name, row in latest(tx, connection_id).items()}
    return {stream: paths for stream, paths in sorted(found.items()) if paths}


def last_push(tx: Transaction, connection_id: str) -> datetime | None:
    """When the newest push of a connection arrived."""
    query = select(func.max(t.inbox.c.received_at)).where(t.inbox.c.connection_id == connection_id)
    found: datetime | None = tx.execute(query).scalar_one()
    return found


def _counts(tx: Transaction, connection_id: str) -> dict[str, tuple[int, int]]:
    there = func.sum(case((t.source.c.gone.is_(False), 1), else_=0))
    skipped_too = func.sum(case((t.source.c.problem.is_not(None) & t.source.c.gone.is_(False), 1), else_=0))
    query = select(t.source.c.stream, there, skipped_too).where(t.source.c.connection_id == connection_id)
    return {row[0]: (int(row[1]), int(row[2])) for row in tx.execute(query.group_by(t.source.c.stream))}
