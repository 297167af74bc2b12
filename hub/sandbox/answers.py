"""Small things that the JSON APIs of all stand-ins need."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider

from hub.sandbox.chance import instant
from hub.sandbox.collection import Collection
from hub.sandbox.limits import Allowance, Window
from hub.sandbox.rows import Row
from hub.sandbox.standin import Controls

_THIS_MACHINE = ("127.0.0.1", "localhost")


def json_app(name: str, kind: type[Flask] = Flask) -> Flask:
    """An app whose answers keep the order of their keys."""
    app = kind(name)
    provider = DefaultJSONProvider(app)
    provider.sort_keys = False
    app.json = provider
    return app


@lru_cache(maxsize=4096)
def iso(milliseconds: int) -> str:
    """A time with milliseconds: 2026-02-25T16:23:49.023Z."""
    return instant(milliseconds).isoformat(timespec="milliseconds")[:23] + "Z"


def iso_seconds(milliseconds: int) -> str:
    """A time in whole seconds: 2026-02-25T16:23:49Z."""
    return instant(milliseconds).isoformat(timespec="seconds")[:19] + "Z"


def origin() -> str:
    """Where this request believes to be: the vendor's host over TLS if it was led here, else this machine's address."""
    name = request.host.partition(":")[0]
    return f"{request.scheme if name in _THIS_MACHINE else 'https'}://{request.host}"


def link(**changed: object) -> str:
    """The address of this request with other parameters."""
    params = {**request.args.to_dict(), **{name: str(value) for name, value in changed.items() if value is not None}}
    return f"{origin()}{request.path}?{urlencode(params)}"


def rows(collection: Collection, ids: list[int]) -> list[Row]:
    """The records with these ids; those that exist no longer are left out."""
    return [row for row in map(collection.row, ids) if row is not None]


def body() -> dict[str, Any]:
    """The JSON object that was sent; an empty one where something else was."""
    sent = request.get_json(silent=True)
    return sent if isinstance(sent, dict) else {}


def allowance(controls: Controls, window: Window, key: str = "") -> Allowance:
    """Count this request, with the faults that concern limits."""
    faults = controls.faults
    if faults.limit_next > 0:
        faults.limit_next -= 1
        return Allowance(limit=window.limit, remaining=0, wait=1, resets=1)
    if not faults.limits:
        return Allowance(limit=window.limit, remaining=window.limit, wait=0, resets=window.seconds)
    return window.take(controls.seconds(), key)


def retry_after(controls: Controls, seconds: float | None) -> Mapping[str, str]:
    """The header of that name: the fault's, else the system's own if it sends one, in whole seconds."""
    wanted = controls.faults.retry_after
    if wanted is None:
        wanted = "" if seconds is None else str(max(1, round(seconds + 0.5)))
    return {"Retry-After": wanted} if wanted else {}
