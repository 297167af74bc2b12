"""What can be made to go wrong with a stand-in's answers."""

from dataclasses import asdict, dataclass, fields
from threading import Event, Lock
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

DOOR = "/__sandbox"
_HTML = "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>"


@dataclass(kw_only=True, slots=True)
class Faults:
    """The faults that are on; a count n means every n-th answer, and 0 none.

    `lag_seconds`: the newest so-much is not shown yet by searches and exports; None leaves it at the system's own.
    `limits`: whether the system's own rate limits apply. `limit_next`: so many requests are refused as over the limit,
    come what may. `retry_after`: replaces the header of that name; "" leaves it out.
    """

    latency_ms: int = 0
    error_every: int = 0
    error_status: int = 503
    html_every: int = 0
    truncate_every: int = 0
    drop_every: int = 0
    repeat_cursor: bool = False
    lag_seconds: float | None = None
    limits: bool = True
    limit_next: int = 0
    retry_after: str | None = None

    def set(self, wanted: dict[str, Any]) -> None:
        """Switch faults on or off by name; a name or type that does not exist is refused."""
        for field in fields(self):
            if field.name in wanted:
                setattr(self, field.name, wanted[field.name])
        if unknown := sorted(set(wanted) - {field.name for field in fields(self)}):
            raise BadRequest(f"no such fault: {', '.join(unknown)}")

    def shown(self) -> dict[str, Any]:
        """All faults by name."""
        return asdict(self)


class _Count:
    """Answers since the stand-in began."""

    def __init__(self) -> None:
        self._answers, self._lock = 0, Lock()

    def next(self) -> int:
        with self._lock:
            self._answers += 1
            return self._answers


def _drop() -> None:
    """Close the connection under the answer, as a broken line would."""
    line = request.environ.get("werkzeug.socket")
    if line is not None:
        line.shutdown(2)


def install(app: Flask, faults: Faults) -> None:
    """Let the faults befall every answer of the app but those of its control door."""
    count = _Count()

    def after(response: Response) -> Response:
        if request.path.startswith(DOOR):
            return response
        Event().wait(faults.latency_ms / 1000)
        return _spoilt(response, faults, count.next())

    app.after_request(after)


def _spoilt(response: Response, faults: Faults, number: int) -> Response:
    def due(every: int) -> bool:
        return bool(every) and number % every == 0

    if due(faults.drop_every):
        _drop()
    if due(faults.error_every):
        return Response(_HTML, faults.error_status, mimetype="text/html")
    if due(faults.html_every):
        return Response(_HTML, 200, mimetype="text/html")
    if due(faults.truncate_every):
        whole = response.get_data()
        response.set_data(whole[: len(whole) // 2])
    return response
