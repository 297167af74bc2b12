"""Logs: one line an event, with ids and names of errors. What is secret or somebody's is taken out before it is written."""

import logging
import re
import sys
import traceback
from pathlib import Path
from types import TracebackType

import structlog
from structlog.typing import EventDict, WrappedLogger

ROOT = Path(__file__).parent.parent
_GONE = "[left out]"
_NAMES = frozenset(
    {"address", "authorization", "body", "code", "cookie", "email", "key", "name", "password", "phone", "refresh_token", "secret"}
    | {"access_token", "client_secret", "code_verifier", "token", "verifier"}
)
"""What is never logged, whatever it holds."""
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"()[^\s<>\"'=,;()]+(?:@|%40)[^\s<>\"'=,;()]+\.[a-z]{2,}",
        r"\b(bearer |basic |token )\S+",
        r"\b((?:api_?key|access_token|refresh_token|id_token|client_secret|code_verifier|code|state)=)[^&\s]+",
        r"()(?:\+\d[\d ().-]{6,}\d|\(\d{2,}\)[\d .-]{5,}\d)",
    )
)
"""Addresses, credentials and telephone numbers, wherever they stand in a text; what the first group holds stays."""
_QUIET = ("authlib", "urllib3", "rq", "werkzeug")
"""Libraries that tell at DEBUG what was sent."""


def configure(level: str) -> None:
    """Have everything that is logged in this process go to standard error as key=value pairs, at `level` and above."""
    before: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"], bool_as_flag=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[fault, structlog.stdlib.ProcessorFormatter.remove_processors_meta, cleaned, last], foreign_pre_chain=before
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def taken_over(name: str) -> None:
    """Have a library that brings its own handlers log as we do."""
    found = logging.getLogger(name)
    found.handlers.clear()
    found.propagate = True


def fault(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception as its names and the places it went through; its message may hold what was read, so it is left out."""
    told = event.pop("exc_info", None)
    error = told[1] if isinstance(told, tuple) else told if isinstance(told, BaseException) else None
    if error is not None:
        event["error"] = " from ".join(type(each).__name__ for each in _chain(error))
        event["at"] = " < ".join(_places(error.__traceback__))
    return event


def cleaned(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The event without what is secret or somebody's."""
    return {name: _GONE if name.lower() in _NAMES else _masked(value) for name, value in event.items()}


def _masked(value: object) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    said = str(value)
    for pattern in _PATTERNS:
        said = pattern.sub(rf"\1{_GONE}", said)
    return said


def _chain(error: BaseException) -> list[BaseException]:
    found = [error]
    while (cause := found[-1].__cause__ or found[-1].__context__) is not None and cause not in found:
        found.append(cause)
    return found


def _places(found: TracebackType | None) -> list[str]:
    """Where an exception went through, the innermost first: our own lines, and the last one of others."""
    frames = traceback.extract_tb(found)[::-1]
    ours = [frame for number, frame in enumerate(frames) if number == 0 or Path(frame.filename).is_relative_to(ROOT / "hub")]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in ours]
