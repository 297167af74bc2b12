"""Files that people sent, kept in parts until they are read, so that a worker on any machine can read them; then deleted."""

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from hub.store import tables as t
from hub.store.database import Transaction

ARRIVING, WAITING, RUNNING, HELD = "arriving", "waiting", "running", "held"
"""Where a file stands: its parts are being kept, a person maps its columns, it is read, or a person is asked at its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of a connection: `about` is what its beginning shows, as JSON, `row` the last row that was read and stored."""

    id: int
    connection_id: str
    name: str
    digest: str
    size: int
    state: str
    complete: bool
    row: int
    run_id: int | None
    about: str
    created_at: datetime


def begin(tx: Transaction, connection_id: str, now: datetime, **about: Any) -> int:
    """Make room for a file, whose parts follow; its number."""
    row = {"connection_id": connection_id, "state": ARRIVING, "complete": False, "row": 0, "created_at": now, **about}
    return int(tx.execute(insert(t.upload).values(row).returning(t.upload.c.id)).scalar_one())


def keep(tx: Transaction, upload_id: int, number: int, part: bytes) -> None:
    """Keep a part."""
    tx.execute(insert(t.part).values(upload_id=upload_id, number=number, body=zlib.compress(part, 1)))


def part(tx: Transaction, upload_id: int, number: int) -> bytes | None:
    """A part, counted from 0; None behind the last one."""
    found = tx.execute(
        select(t.part.c.body).where(t.part.c.upload_id == upload_id, t.part.c.number == number)
    ).scalar_one_or_none()
    return None if found is None else zlib.decompress(found)


def change(tx: Transaction, upload_id: int, **values: Any) -> None:
    """Set what is known of a file."""
    tx.execute(update(t.upload).where(t.upload.c.id == upload_id).values(values))


def of(tx: Transaction, connection_id: str) -> Upload | None:
    """The file that a connection has now; files whose sending was broken off are none."""
    mine = (t.upload.c.connection_id == connection_id, t.upload.c.state != ARRIVING)
    row = tx.execute(select(t.upload).where(*mine).order_by(t.upload.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else Upload(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def drop(tx: Transaction, connection_id: str, *, but: int | None = None) -> None:
    """Delete the files of a connection, but for one."""
    mine = select(t.upload.c.id).where(t.upload.c.connection_id == connection_id, t.upload.c.id.is_distinct_from(but))
    tx.execute(delete(t.part).where(t.part.c.upload_id.in_(mine)))
    tx.execute(delete(t.upload).where(t.upload.c.id.in_(mine)))
