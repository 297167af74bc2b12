"""The records of a recorded answer, and its places, so that any of them can be given another value."""

from typing import Any

from hub.spec import Record, Reply, Stream

Place = tuple[str | int, ...]
"""The steps to a value inside a record."""


def places(record: Any, path: Place = ()) -> list[Place]:
    """Every place in a record, the record itself first."""
    inner: Any = record.items() if isinstance(record, dict) else enumerate(record) if isinstance(record, list) else ()
    return [path, *(place for step, held in inner for place in places(held, (*path, step)))]


def changed(record: Any, changes: dict[Place, Any], path: Place = ()) -> Any:
    """The record with these values in these places."""
    if path in changes:
        return changes[path]
    if isinstance(record, dict):
        return {key: changed(held, changes, (*path, key)) for key, held in record.items()}
    if isinstance(record, list):
        return [changed(held, changes, (*path, number)) for number, held in enumerate(record)]
    return record


def answered(stream: Stream, body: Any) -> list[Record]:
    """The records of a stream's answer."""
    found = stream.found(Reply(status=200, body=body))
    assert found is not None
    return found
