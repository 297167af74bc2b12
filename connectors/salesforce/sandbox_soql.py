"""SOQL as far as synchronising clients speak it: SELECT with parents' fields, FROM, WHERE, ORDER BY, LIMIT and COUNT().

https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from connectors.salesforce.sandbox_records import SHAPES, when
from hub.sandbox.answers import Failure
from hub.sandbox.chance import milliseconds

Test = Callable[[Callable[[str], Any]], bool]
"""Whether a condition holds, given what reads a record's value by the path of a field."""
_TOKEN = re.compile(r"\s*('(?:[^'\\]|\\.)*'|[(),]|[!<>]=|<>|[=<>]|[\w.:+-]+)")
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_LITERALS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "text": (r"'.*'", lambda text: re.sub(r"\\(.)", r"\1", text[1:-1])),
    "boolean": (r"(?i)true|false", lambda text: text.lower() == "true"),
    "null": (r"(?i)null", lambda _: None),
    "datetime": (
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)",
        lambda text: when(milliseconds(datetime.fromisoformat(text).astimezone(UTC))),
    ),
    "date": (r"\d{4}-\d\d-\d\d", str),
    "number": (r"[+-]?\d+(\.\d+)?", float),
}
_TYPES = dict.fromkeys(("double", "currency", "percent", "int"), "number") | {one: one for one in ("boolean", "date", "datetime")}


def failed(status: int, code: str, message: str, **headers: str) -> Failure:
    """An error as the REST API tells it: in a list."""
    return Failure(status, [{"message": message, "errorCode": code}], **headers)


def _malformed(token: str) -> Failure:
    return failed(400, "MALFORMED_QUERY", f"unexpected token: '{token}'")


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """What is asked for; `order` has path, type, whether backwards, whether nothing comes last; `since` the earliest change."""

    columns: tuple[str, ...]
    name: str
    holds: Test
    order: list[tuple[str, str, bool, bool]]
    limit: int
    since: int


def _object(wanted: str) -> str:
    found = next((name for name in SHAPES if name.lower() == wanted.lower()), None)
    if found is None:
        raise failed(400, "INVALID_TYPE", f"sObject type '{wanted}' is not supported.")
    return found


def field(name: str, path: str) -> tuple[str, str]:
    """A path as it is properly written, with the type of what it leads to."""
    first, _, rest = path.partition(".")
    found = next((own for own in SHAPES[name] if own.lower() == f"{first}{'Id' * bool(rest)}".lower()), "")
    kind, _, to = SHAPES[name].get(found, "").partition(" ")
    if not found or (rest and not to):
        raise failed(400, "INVALID_FIELD", f"No such column '{path}' on entity '{name}'.")
    if not rest:
        return found, kind
    below, kind = field(to, rest)
    return f"{found.removesuffix('Id')}.{below}", kind


def comparable(value: Any, kind: str) -> Any:
    """A value as it is compared: text without regard to case, ids by their first fifteen characters."""
    if not isinstance(value, str) or kind in _TYPES:
        return value
    return value[:15] if kind in ("id", "reference") else value.lower()


class _Reader:
    """Reads a query from left to right; its changes are those after the latest of the times in `_since`, if AND joins all."""

    def __init__(self, text: str) -> None:
        self._tokens, self._at, self._name, self._since = [found[1] for found in _TOKEN.finditer(text)], 0, "", [0]
        if strange := _TOKEN.sub("", text).strip():
            raise _malformed(strange)

    def _take(self, *wanted: str) -> str:
        found = self._tokens[self._at] if self._at < len(self._tokens) else ""
        if not found or (wanted and found.upper() not in wanted):
            raise _malformed(found or "<EOF>")
        self._at += 1
        return found

    def _has(self, *words: str) -> bool:
        there = [token.upper() for token in self._tokens[self._at : self._at + len(words)]] == [*words]
        self._at += len(words) * there
        return there

    def _listed(self, one: Callable[[], Any], sign: str = ",") -> list[Any]:
        found = [one()]
        while self._has(sign):
            found.append(one())
        return found

    def query(self) -> Query:
        self._take("SELECT")
        columns = [] if self._has("COUNT", "(", ")") else self._listed(self._take)
        self._take("FROM")
        self._name = _object(self._take())
        paths = tuple(field(self._name, path)[0] for path in columns)
        holds: Test = self._either() if self._has("WHERE") else lambda _: True
        order = self._listed(self._order) if self._has("ORDER", "BY") else []
        limit = self._take() if self._has("LIMIT") else str(2**53)
        if self._at < len(self._tokens) or not limit.isdecimal():
            raise _malformed(self._tokens[self._at - 1])
        since = 0 if {"OR", "NOT"} & {token.upper() for token in self._tokens} else max(self._since)
        return Query(columns=paths, name=self._name, holds=holds, order=order, limit=int(limit), since=since)

    def _order(self) -> tuple[str, str, bool, bool]:
        down = field(self._name, self._take()), not self._has("ASC") and self._has("DESC")
        return *down[0], down[1], not self._has("NULLS", "FIRST") and self._has("NULLS", "LAST")

    def _either(self) -> Test:
        parts = self._listed(self._both, "OR")
        return lambda read: any(part(read) for part in parts)

    def _both(self) -> Test:
        parts = self._listed(self._one, "AND")
        return lambda read: all(part(read) for part in parts)

    def _one(self) -> Test:
        if self._has("NOT"):
            other = self._one()
            return lambda read: not other(read)
        if not self._has("("):
            return self._condition(*field(self._name, self._take()))
        inner = self._either()
        self._take(")")
        return inner

    def _condition(self, path: str, kind: str) -> Test:
        if self._has("LIKE"):
            shape = re.escape(self._value(path, kind)).replace("%", ".*").replace("_", ".")
            return lambda read: re.fullmatch(shape, str(read(path) or "").lower()) is not None
        if (without := self._has("NOT", "IN")) or self._has("IN"):
            self._take("(")
            values = self._listed(lambda: self._value(path, kind))
            self._take(")")
            return lambda read: (comparable(read(path), kind) in values) != without
        compared, wanted = _COMPARED[sign := self._take(*_COMPARED)], self._value(path, kind)
        if path == "SystemModstamp" and sign in (">", ">=", "=") and wanted:
            self._since.append(milliseconds(datetime.fromisoformat(wanted)))

        def holds(read: Callable[[str], Any]) -> bool:
            found = comparable(read(path), kind)
            return (compared in (eq, ne) or None not in (found, wanted)) and compared(found, wanted)

        return holds

    def _value(self, path: str, kind: str) -> Any:
        """A literal, which must be of the field's type: dates unquoted, text quoted."""
        text, wanted = self._take(), _TYPES.get(kind, "text")
        found = next((of for of, (shape, _) in _LITERALS.items() if re.fullmatch(shape, text)), None)
        if found is None:
            raise _malformed(text)
        if found not in ("null", wanted):
            raise failed(
                400, "INVALID_FIELD", f"value of filter criterion for field '{path}' must be of type {kind}, not {found}"
            )
        return comparable(_LITERALS[found][1](text), kind)


def parsed(text: str) -> Query:
    """What a query asks for; a Failure in Salesforce's words where it cannot be understood."""
    return _Reader(text).query()
