"""The recorded answers beside a connector's tests: where they are from, which stream each belongs to, and whether it is read."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.errors import BadInput, SkipRecord
from hub.spec import Connector, Record, Reply, Stream, Terms, accounted, records
from hub.spec import Mapping as Reader
from hub.spec.jsontext import loads_forgiving

SYSTEM, DOCUMENTATION, INVENTED = "system", "documentation", "invented"
_ORIGINS = (
    (re.compile(r"^Invented by `hub new`", re.MULTILINE), INVENTED),
    (re.compile(r"\brecorded on \d{4}-\d\d-\d\d"), SYSTEM),
    (re.compile(r"^Written by us from .+ documentation on \d{4}-\d\d-\d\d", re.MULTILINE), DOCUMENTATION),
)
"""How a README.md says where its recordings are from."""
_CALL = re.compile(r"\b(?:GET|POST) (/[^\s?`]*)")
_REFUSED = re.compile(r"[45]\d\d|statuses .+")
_NAMED = re.compile(r"[\w-]+\.json")
_ID = "ID"
_BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError)
"""What a mapping must never raise, whatever a record holds."""


@dataclass(kw_only=True, slots=True)
class Recording:
    """One file: the streams whose answer it is, how many records of it were read, and what was found on the way."""

    file: str
    streams: tuple[str, ...] = ()
    read: int = 0
    unread: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def origin(readme: str) -> str | None:
    """Who answered: a real system, the documentation, or nobody; None where the README does not say."""
    return next((name for pattern, name in _ORIGINS if pattern.search(readme)), None)


def recordings(folder: Path, connector: Connector, readers: Sequence[Reader], answers: Mapping[str, str]) -> list[Recording]:
    """Every JSON file of the folder, read by the mappings where it is an answer of a stream."""
    readme = folder / "README.md"
    calls = _calls(readme.read_text() if readme.exists() else "")
    return [_recording(path, calls, connector, readers, Terms(answers=answers)) for path in sorted(folder.glob("*.json"))]


def _calls(readme: str) -> dict[str, str | None]:
    """The path that each file of the README's table answers; None for one that answers no call that reads."""
    found: dict[str, str | None] = {}
    for line in readme.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        names = _NAMED.findall(cells[0]) if line.startswith("|") else []
        call = next((match[1] for cell in cells[1:] if (match := _CALL.search(cell))), None)
        refused = any(_REFUSED.fullmatch(cell) for cell in cells[1:])
        found |= dict.fromkeys(names, None if refused else call)
    return found


def _recording(
    path: Path, calls: Mapping[str, str | None], connector: Connector, readers: Sequence[Reader], terms: Terms
) -> Recording:
    recording = Recording(file=path.name)
    if path.name not in calls:
        recording.problems.append("README.md does not say what it answers")
    try:
        body = loads_forgiving(path.read_bytes())
    except BadInput as error:
        recording.problems.append(str(error))
        return recording
    for stream, found in _streams(connector, path.stem, calls.get(path.name), body):
        if found:
            recording.streams += (stream.name,)
            there = [record for record in found if not (stream.gone and stream.gone(record))]
            _read(recording, there, [reader for reader in readers if reader.stream == stream.name], terms)
    return recording


def _streams(connector: Connector, stem: str, path: str | None, body: Any) -> Iterator[tuple[Stream, list[Record]]]:
    """The streams whose lists or single records are answered at this path, with the records in the answer."""
    if path is None:
        return
    for stream in (*connector.references, *connector.streams):
        if "{" in path and stem != stream.name:
            continue
        if _alike(path, stream.start(None).path):
            yield stream, stream.found(Reply(status=200, body=body)) or []
        elif stream.some and _alike(path, stream.some.request([_ID]).path):
            yield stream, records(body, stream.some.records)


def _alike(recorded: str, declared: str) -> bool:
    """Whether two paths are one, places standing for anything; the recorded one may be the end of the declared one."""
    ours, theirs = declared.strip("/").split("/"), recorded.strip("/").split("/")
    pairs = zip(ours[-len(theirs) :], theirs, strict=False)
    return len(theirs) <= len(ours) and all(a in (b, _ID) or "{" in a or "{" in b for a, b in pairs)


def _read(recording: Recording, found: Iterable[dict[str, Any]], readers: Sequence[Reader], terms: Terms) -> None:
    known = accounted(readers)
    for number, record in enumerate(found, start=1):
        if readers:
            recording.unread |= known.unread(record)
        for reader in readers:
            if reader.applies(record):
                _read_one(recording, reader, record, number, terms)


def _read_one(recording: Recording, reader: Reader, record: dict[str, Any], number: int, terms: Terms) -> None:
    where = f"record {number} as {reader.type.TYPE}"
    try:
        reading = reader.read(record, terms)
    except SkipRecord as error:
        recording.problems.append(f"{where}: skipped: {error}")
    except _BROKEN as error:
        recording.problems.append(f"{where}: the mapping breaks: {type(error).__name__}: {error}")
    else:
        recording.read += 1
        recording.unknown |= {f"{each.path}: {each.raw}" for each in reading.unknown if each.raw is not None}
        recording.problems += [f"{where}: {each.path} cannot be read: {each.why}" for each in reading.unknown if each.raw is None]
