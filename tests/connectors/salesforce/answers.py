"""Recorded answers, and their rows as the streams give them, opportunities with what is folded into them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from connectors.salesforce import CONNECTOR
from hub.spec import Record, Reply


@cache
def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())


def rows(name: str) -> list[Record]:
    stream = CONNECTOR.stream(name)
    found = [dict(row) for row in stream.found(Reply(status=200, body=recorded(name))) or []]
    for lookup in stream.also:
        read = lookup.read(recorded(lookup.into))
        found = [{**row, lookup.into: read.get(row["Id"])} for row in found]
    return found


def row(name: str, place: int) -> Record:
    return rows(name)[place]
