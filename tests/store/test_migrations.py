"""The migrations make the very tables that the code means, on both databases, and know the way back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from hub.store import access_tables, migrate, tables
from hub.store.columns import metadata
from hub.store.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Migrated from nothing."""
    found = Database(database_url)
    migrate.migrate(found)
    yield found
    found.close()


def differences(database: Database) -> list[object]:
    with database.engine.connect() as found:
        return list(compare_metadata(MigrationContext.configure(found, opts={"compare_type": True}), metadata))


def names(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def to(database: Database, revision: str) -> None:
    config = migrate._config()
    with database.engine.connect() as found, found.begin():
        config.attributes["connection"] = found
        (command.downgrade if revision == "base" else command.upgrade)(config, revision)


def test_upgraded_from_nothing_the_database_is_what_the_code_means(database: Database) -> None:
    assert differences(database) == []
    assert {tables.work.name, access_tables.audit.name} < set(metadata.tables) <= names(database)
    assert migrate.current(database) == migrate.head()


def test_migrating_once_more_changes_nothing(database: Database) -> None:
    assert migrate.migrate(database) == migrate.head()
    assert differences(database) == []


def test_every_step_back_and_forth_ends_where_it_began(database: Database) -> None:
    to(database, "base")
    assert names(database) <= {"alembic_version"}
    to(database, "head")
    assert differences(database) == []


def test_there_is_one_line_of_migrations_and_each_says_what_it_is() -> None:
    script = ScriptDirectory.from_config(migrate._config())
    assert len(script.get_heads()) == 1
    assert all(revision.doc for revision in script.walk_revisions())


def test_an_empty_file_has_no_revision(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert migrate.current(database) is None
    assert migrate.migrate(database) == migrate.head()
    database.close()
