"""What goes over the wire as plain values: a request that can be saved, a reply, and where to go next."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec

Record = dict[str, Any]
"""One record as its system sent it."""

Scalar = str | int | float | bool


class Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call to be made, without host and credentials: a plain value, saved as it is, for the next request IS the checkpoint.

    `path` is joined to the connection's base URL and may hold `{answer}` places for what the admin answered; an absolute
    URL (a next link) is followed only to a host of the connection. `json` or `form` is the body. `kept` is never sent: it is
    what the requests after this one need to know.
    """

    path: str
    method: str = "GET"
    params: dict[str, Scalar | list[str]] = {}
    json: Any = None
    form: dict[str, str] | None = None
    headers: dict[str, str] = {}
    kept: dict[str, Any] = {}

    def asking(self, **params: Scalar) -> "Request":
        """The same call with these query parameters set."""
        return msgspec.structs.replace(self, params={**self.params, **params})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A successful answer: `body` is its parsed JSON, or the text of a CSV; header names are lower-case."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """Where a stream goes on: at once, after `not_before` (no worker waits for it), or with `ended` at the start of its next run
    (a saved cursor).
    """

    request: Request
    ended: bool = False
    not_before: timedelta | None = None


Following = Callable[[Request, Reply], Next | None]
"""What follows a page; None when there is nothing more, and the next run starts from the watermark."""


def pluck(value: Any, path: str) -> Any:
    """What lies at a dotted path, None where any step is missing; an empty path is the value itself.

    A step into a list is its position; text that only looks like a number is still a key of an object.
    """
    if not path:
        return value
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def records(value: Any, path: str) -> list[Record]:
    """The records at a path of a reply's body: a list of objects, one object alone, or none; other things are left out."""
    found = pluck(value, path)
    items: Iterable[Any] = found if isinstance(found, list) else (found,)
    return [item for item in items if isinstance(item, dict)]
