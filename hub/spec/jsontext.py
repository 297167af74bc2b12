"""JSON from outside, read with a limit on everything that has hurt somebody."""

import re
from typing import Any

import orjson

from hub.errors import BadInput

MAX_BYTES = 20_000_000
MAX_DEPTH = 64

_ESCAPE = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\.")
_SINGLE = 6


def loads(data: bytes, *, limit: int = MAX_BYTES) -> Any:
    """Parse JSON text; BadInput for anything over the limits or not JSON, lone surrogates and NaN included."""
    if len(data) > limit:
        raise BadInput(f"more than {limit:,} bytes of JSON")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"not JSON: line {error.lineno}, column {error.colno}") from error
    _check_depth(value)
    return value


def loads_forgiving(data: bytes) -> Any:
    """The same, but half of a character (a lone surrogate, where a system cut a text) becomes U+FFFD."""
    try:
        return loads(data)
    except BadInput:
        return loads(_ESCAPE.sub(_whole, data))


def dumps(value: Any) -> bytes:
    """The one text of a JSON value: keys sorted, no blanks."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _whole(match: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if len(match[0]) == _SINGLE else match[0]


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            held
            for outer in level
            if isinstance(outer, dict | list)
            for held in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(held, dict | list)
        ]
        if not level:
            return
    raise BadInput(f"JSON nested deeper than {MAX_DEPTH} levels")
