"""Small things that the JSON APIs of all stand-ins need."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, jsonify, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue

from hub.sandbox.chance import instant
from hub.sandbox.collection import Collection
from hub.sandbox.limits import Allowance, Window
from hub.sandbox.rows import Row
from hub.sandbox.standin import Controls

Json = dict[str, Any]
View = Callable[..., ResponseReturnValue]
_THIS_MACHINE = ("127.0.0.1", "localhost")


class Failure(Exception):
    """An answer that refuses a request, in the system's own words."""

    def __init__(self, status: int, told: object, **headers: str) -> None:
        """`headers` have underscores in place of the hyphens."""
        super().__init__(status)
        self.status, self.told = status, told
        self.headers = {name.replace("_", "-"): text for name, text in headers.items()}


def json_app(name: str, kind: type[Flask] = Flask) -> Flask:
    """An app whose answers keep the order of their keys, and which answers with a Failure where one is raised."""
    app = kind(name)
    provider = DefaultJSONProvider(app)
    provider.sort_keys = False
    app.json = provider
    app.register_error_handler(Failure, lambda failure: (jsonify(failure.told), failure.status, failure.headers))
    return app


def routes(app: Flask, prefix: str, views: Mapping[str, View], **given: str) -> None:
    """Open paths below a prefix: "GET /contacts/<identity>" and the like, each with the view that answers it."""
    for named, view in views.items():
        method, _, path = named.partition(" ")
        app.add_url_rule(prefix + path, f"{method} {prefix}{path}", view, methods=[method], defaults=given or None)


def beside(module: str) -> Json:
    """What `sandbox.json` beside a module holds: the constant parts of a system's answers, which are data and not code."""
    return dict(json.loads(Path(module).with_name("sandbox.json").read_text()))


def filled(blank: Mapping[str, Any], kept: Mapping[str, Any], **known: object) -> Json:
    """A blank record with what is known of each of its fields, else with what the row keeps under that name."""
    return {name: known.get(name, kept.get(name, value)) for name, value in blank.items()}


def picked(record: Mapping[str, Any], *names: str) -> Json:
    """Some fields of a record."""
    return {name: record.get(name) for name in names}


@lru_cache(maxsize=4096)
def iso(milliseconds: int) -> str:
    """A time with milliseconds: 2026-02-25T16:23:49.023Z."""
    return instant(milliseconds).isoformat(timespec="milliseconds")[:23] + "Z"


def iso_seconds(milliseconds: int) -> str:
    """A time in whole seconds: 2026-02-25T16:23:49Z."""
    return instant(milliseconds).isoformat(timespec="seconds")[:19] + "Z"


def stamp(milliseconds: int | None) -> str | None:
    """A time with microseconds: 2026-02-25T16:23:49.023000Z; None where nothing has happened."""
    return None if milliseconds is None else f"{instant(milliseconds):%Y-%m-%dT%H:%M:%S.%f}Z"


def origin() -> str:
    """Where this request believes to be: the vendor's host over TLS if it was led here, else this machine's address."""
    name = request.host.partition(":")[0]
    return f"{request.scheme if name in _THIS_MACHINE else 'https'}://{request.host}"


def link(**changed: object) -> str:
    """The address of this request with other parameters."""
    params = {**request.args.to_dict(), **{name: str(value) for name, value in changed.items() if value is not None}}
    return f"{origin()}{request.path}?{urlencode(params)}"


def number(name: str, default: int, *, least: int = 1) -> int:
    """A parameter that is a whole number; for those that do not complain, whatever else was sent means the default."""
    text = request.values.get(name, "")
    return int(text) if text.isdecimal() and int(text) >= least else default


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
