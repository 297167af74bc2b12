"""An account's own words, put together from its references, what people decided, and what the admin answered."""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from hub import registry
from hub.lifecycle import facts
from hub.model import Pipeline, digest, from_json
from hub.spec import Accounted, Mapping, Terms, accounted, convert, fields, rules
from hub.store import overview, questions
from hub.store.connections import Connection
from hub.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How one stream's records are read now: its mappings, in these terms; `digest` changes whenever either does."""

    mappings: tuple[Mapping, ...]
    terms: Terms
    digest: str
    accounted: Accounted


def reader(tx: Transaction, connection: Connection, stream: str) -> Reader:
    """How a stream is to be read at this moment."""
    mappings = tuple(mapping for mapping in registry.mappings_of(connection.connector) if mapping.stream == stream)
    needed = any(mapping.pipelines() for mapping in mappings)
    terms = Terms(
        pipelines=_pipelines(tx, connection.id) if needed else {},
        choices=choices(tx, connection.id, stream),
        answers=connection.answers,
        fields=read_as(tx, connection.id, stream),
    )
    told = digest(terms.digest().encode(), _release(connection.connector))
    return Reader(mappings=mappings, terms=terms, digest=told, accounted=accounted(mappings, terms))


def choices(tx: Transaction, connection_id: str, stream: str) -> dict[str, dict[str, str]]:
    """What people decided about a stream's values, by path and raw value."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for decision in questions.decided(tx, "choice", f"{connection_id}/{stream}/"):
        value = json.loads(decision.value)
        if value["value"] is not None:
            found[value["path"]][value["raw"]] = value["value"]
        else:
            found[value["path"]].pop(value["raw"], None)
    return {path: held for path, held in found.items() if held}


def read_as(tx: Transaction, connection_id: str, stream: str) -> dict[str, dict[str, str]]:
    """The fields of a stream's records that people had read as fields of ours: ours by the source's path, by type."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for each in overview.read_as(tx, connection_id, stream):
        found[each["type"]][each["path"]] = each["field"]
    return dict(found)


def _pipelines(tx: Transaction, connection_id: str) -> dict[str, dict[str, str]]:
    bodies = questions.bodies(tx, connection_id, Pipeline.TYPE)
    found = [from_json(Pipeline, body.encode()) for body in bodies]
    return {pipeline.id: {stage.id: stage.category for stage in pipeline.stages} for pipeline in found}


@cache
def _release(connector_id: str) -> str:
    """Changes when a new release reads this system's records differently: a digest of the code that reads and tells them."""
    spec = find_spec(f"mappings.{connector_id}")
    mapping = Path(spec.origin) if spec and spec.origin else None
    own = sorted(mapping.parent.glob("*.py")) if mapping and mapping.name == "__init__.py" else [mapping] if mapping else []
    return release(*own, *(Path(str(each.__file__)) for each in (rules, convert, fields)))


def release(*reading: Path) -> str:
    """A digest of the code that reads records, and of that which tells facts of them."""
    telling = sorted(Path(facts.__file__).parent.glob("facts*.py"))
    return digest(b"".join(path.read_bytes() for path in (*reading, *telling)))


PUSHED = _release(registry.PUSH.id)
"""The terms in which pushed records are read, which are ours: a new release may tell other facts of them."""
