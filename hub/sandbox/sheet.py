"""Records as lines of text with separated values (RFC 4180)."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import StringIO
from typing import Any


def sheet(paths: Sequence[str], records: Iterable[Mapping[str, Any]], written: Callable[[Any], str] = str) -> str:
    """A line of names and one for each record, everything in quotes; a path a.b is the b of what stands under a.

    What is not there is empty, a boolean is true or false, and all else is as it is `written`.
    """
    text = StringIO()
    lines = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    lines.writerow(paths)
    lines.writerows([_cell(_at(record, path), written) for path in paths] for record in records)
    return text.getvalue()


def _at(record: Mapping[str, Any], path: str) -> Any:
    found: Any = record
    for name in path.split("."):
        found = None if found is None else found[name]
    return found


def _cell(said: Any, written: Callable[[Any], str]) -> str:
    if said is None:
        return ""
    return str(said).lower() if isinstance(said, bool) else written(said)
