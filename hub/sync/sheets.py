"""Spreadsheet connections: one for each subject; a file is kept in parts, what its columns mean is saved, then it is read."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec

from hub import registry, sheets
from hub.errors import BadInput
from hub.model import TYPES, Entity, digest
from hub.sheets.fields import fields
from hub.sheets.plan import from_text
from hub.sheets.reading import mappings
from hub.sheets.table import Sample, sample
from hub.spec import Request, Stream, Terms, accounted
from hub.store import connections, runs, uploads
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.store.uploads import Upload
from hub.sync.hub import PRODUCTION, Hub
from hub.sync.terms import Reader, release

SYSTEM = registry.SHEET.id
LARGEST = 300_000_000
"""Bytes of a file."""
_PART = 1_000_000
_LONGEST_NAME = 150


def kinds() -> dict[str, type[Entity]]:
    """What the rows of a spreadsheet may be."""
    return {name: kind for name, kind in TYPES.items() if fields(kind)}


def create(hub: Hub, label: str, kind: str) -> Connection:
    """A new connection for files about one subject, whose rows are records of one type."""
    if kind not in kinds():
        raise BadInput("choose what a row of the file is", where="type")
    if not label.strip():
        raise BadInput("the name is missing, such as Customers of the shop", where="label")
    with hub.database.writing() as tx:
        made = {"label": label.strip(), "environment": PRODUCTION, "auth": SYSTEM}
        return connections.create(tx, SYSTEM, hub.time.now(), **made, answers={"type": kind})


def kind_of(connection: Connection) -> type[Entity]:
    """What the rows are; BadInput where the connection takes no files."""
    if connection.connector != SYSTEM:
        raise BadInput(f"{connection.id} reads its system itself and takes no files")
    return TYPES[connection.answers["type"]]


def receive(hub: Hub, connection_id: str, path: Path, name: str, sheet: str | None = None) -> Upload:
    """Keep a file for the workers, in place of the one that waited; BadInput where it cannot be read as a table."""
    if path.stat().st_size > LARGEST:
        raise BadInput(f"the file is larger than {LARGEST // 1_000_000} MB; send it in parts")
    about = msgspec.json.encode(sample(path, sheet)).decode()
    with path.open("rb") as file:
        told = hashlib.file_digest(file, "blake2b").hexdigest()[:32]
    size = path.stat().st_size
    with hub.database.writing() as tx:
        _free(tx, connections.held(tx, connection_id))
        shown = {"name": name[-_LONGEST_NAME:], "digest": told, "size": size, "about": about}
        upload_id = uploads.begin(tx, connection_id, hub.time.now(), **shown)
    with path.open("rb") as file:
        for number, part in enumerate(iter(lambda: file.read(_PART), b"")):
            with hub.database.writing() as tx:
                uploads.keep(tx, upload_id, number, part)
    with hub.database.writing() as tx:
        before = _free(tx, connections.held(tx, connection_id))
        if before is not None and before.run_id is not None:
            runs.end(
                tx, before.run_id, hub.time.now(), state="stopped", error="another file was sent before this one was confirmed"
            )
            runs.set_stream(tx, connection_id, kind_of(connections.get(tx, connection_id)).PLURAL, run_id=None, missing=None)
        uploads.change(tx, upload_id, state=uploads.WAITING)
        uploads.drop(tx, connection_id, but=upload_id)
        return waiting(tx, connection_id)


def sampled(upload: Upload) -> Sample:
    """The beginning of a file, as it was when it was sent."""
    return msgspec.json.decode(upload.about, type=Sample)


def stream_of(connection: Connection) -> Stream:
    """The rows as a stream; nothing is ever asked for it."""
    return Stream(
        name=kind_of(connection).PLURAL,
        start=lambda _since: Request(path=""),
        following=lambda _request, _reply: None,
        records="",
        changed_at="changed_at",
    )


def reader_of(connection: Connection) -> Reader:
    """How rows are read now."""
    plan = from_text(connection.answers)
    found = mappings(plan, kind_of(connection)) if plan else ()
    told = digest(connection.answers.get("plan", "").encode(), connection.answers["type"], _release())
    return Reader(mappings=found, terms=Terms(), digest=told, accounted=accounted(found))


@contextmanager
def file_of(hub: Hub, upload: Upload) -> Iterator[Path]:
    """The file as it was sent, for as long as it is read."""
    with NamedTemporaryFile(prefix="ciclo-hub-") as file:
        number = 0
        while True:
            with hub.database.reading() as tx:
                part = uploads.part(tx, upload.id, number)
            if part is None:
                break
            file.write(part)
            number += 1
        file.flush()
        yield Path(file.name)


def _free(tx: Transaction, connection: Connection) -> Upload | None:
    """The file that another may take the place of; BadInput while one is read."""
    if connection.state == connections.DISCONNECTED:
        raise BadInput(f"{connection.id} is disconnected")
    kind_of(connection)
    upload = uploads.of(tx, connection.id)
    if upload is not None and upload.state == uploads.RUNNING:
        raise BadInput("a file is being imported; send the next one when it is done")
    return upload


def waiting(tx: Transaction, connection_id: str) -> Upload:
    """The file that a connection has; BadInput where it has none."""
    found = uploads.of(tx, connection_id)
    if found is None:
        raise BadInput("there is no file to import; send it again")
    return found


@cache
def _release() -> str:
    """Changes when a new release reads rows differently, or tells other facts of them."""
    return release(*sorted(Path(sheets.__file__).parent.glob("*.py")))
