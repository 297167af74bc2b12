"""Reading records with a mapping, without a hub: what `hub map` shows."""

from collections.abc import Iterator
from typing import Any

from hub import registry
from hub.errors import BadInput, SkipRecord
from hub.model import as_json
from hub.spec import Mapping, Reply, Stream, Terms, accounted, undecided
from hub.spec.jsontext import loads_forgiving


def read(connector: str, stream: str, data: bytes, *, reply: bool) -> Iterator[tuple[str, list[str]]]:
    """One (canonical JSON, notes) for each entity, or for each record that is skipped, then one for what nobody reads."""
    found = registry.connector(connector).stream(stream)
    mappings = [mapping for mapping in registry.mappings_of(connector) if mapping.stream == stream]
    known = accounted(mappings)
    unread: set[str] = set()
    for number, record in enumerate(_records(data, found if reply else None), start=1):
        if not isinstance(record, dict):
            yield "", [f"record {number}: skipped: not an object"]
            continue
        unread |= known.unread(record)
        yield from _meant(mappings, record, number)
    if unread:
        yield "", [f"unread: {path}" for path in sorted(unread)]


def _meant(mappings: list[Mapping], record: dict[str, Any], number: int) -> Iterator[tuple[str, list[str]]]:
    for each in undecided(mappings, record, Terms()):
        yield "", [f"record {number}: an admin decides what it is: {each.path} {each.raw or ''} ({each.why})"]
    yield from (_read(mapping, record, number) for mapping in mappings if mapping.applies(record))


def _read(mapping: Mapping, record: dict[str, Any], number: int) -> tuple[str, list[str]]:
    try:
        reading = mapping.read(record, Terms())
    except SkipRecord as error:
        return "", [f"record {number}: skipped: {error}"]
    notes = [f"record {number}: unknown: {each.path} {each.raw or ''} ({each.why})" for each in reading.unknown]
    return as_json(reading.entity).decode(), notes


def _records(data: bytes, answered: Stream | None) -> list[Any]:
    """The records of the input: a list, one object, objects a line, or what lies in a whole answer."""
    try:
        value = loads_forgiving(data)
    except BadInput:
        return [loads_forgiving(line) for line in data.splitlines() if line.strip()]
    if answered is not None:
        return list(answered.found(Reply(status=200, body=value)) or [])
    return value if isinstance(value, list) else [value]
