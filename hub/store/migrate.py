"""Bringing the database to the form this release needs, whatever release made it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from hub.store.database import Database

_SAFE = ("SET lock_timeout = '4s'", "SET statement_timeout = '60s'")


def migrate(database: Database) -> str:
    """Apply what is missing; the revision that the database has now. A lock that is not had within seconds gives up."""
    with database.engine.connect() as found, found.begin():
        if not database.sqlite:
            for statement in _SAFE:
                found.execute(text(statement))
            found.execute(text("SELECT pg_advisory_xact_lock(7236519)"))
        config = _config()
        config.attributes["connection"] = found
        command.upgrade(config, "head")
    return current(database) or ""


def current(database: Database) -> str | None:
    """The revision of the database, None before its first migration."""
    with database.engine.connect() as found:
        return MigrationContext.configure(found).get_current_revision()


def head() -> str | None:
    """The revision that this release needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
