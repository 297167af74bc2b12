"""What several tests need: a hub of their own, and the work of its ledger done in this process."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hub import settings
from hub.store import migrate
from hub.store.database import Database
from hub.sync import clock, worker
from hub.sync.hub import Hub, opened

KEY = "test:" + "11" * 32
NOWHERE = "redis://127.0.0.1:1/0"
"""No Redis: limits are then kept by each process for itself, and work is done here."""


def made(data: Path, **environment: str) -> Hub:
    """A migrated hub of its own; its SQLite file is a copy, because making it anew takes longer than most tests."""
    known = settings.read({"HUB_DATA": str(data), "HUB_KEYS": KEY, "REDIS_URL": NOWHERE, **environment})
    if known.sqlite and not (file := Path(known.database_url.removeprefix("sqlite:///"))).exists():
        file.write_bytes(_migrated())
    return opened(known)


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "hub.db"
        database = Database(f"sqlite:///{file}")
        migrate.migrate(database)
        database.close()
        return file.read_bytes()


def drained(hub: Hub, *, limit: int = 2000) -> int:
    """Do everything that is due until nothing is; the number of slices it took."""
    done = 0
    while done < limit:
        due = clock.tick(hub)
        if not due:
            return done
        while due:
            work_id, _ = due.pop(0)
            due += worker.perform(hub, work_id)
            done += 1
    raise AssertionError(f"work did not come to an end in {limit} slices")


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(UTC)
