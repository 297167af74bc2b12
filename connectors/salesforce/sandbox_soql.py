"""SOQL as synchronising clients speak it: SELECT with parents' fields or COUNT(), FROM, WHERE without LIKE, ORDER BY, LIMIT.

https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm
"""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from connectors.salesforce.sandbox_records import SHAPES
from hub.sandbox.answers import Failure
from hub.sandbox.chance import milliseconds
from hub.sandbox.conditions import Condition, Group
from hub.sandbox.language import Language, Misread, dated, groups
from hub.sandbox.order import Key

_QUOTED, _PATH, _KEY = r"'(?:[^'\\]|\\.)*'", r"[\w.]+", r"[\w.]+(?:\s+(?:ASC|DESC))?"
_ASKED = re.compile(
    rf"\s*SELECT\s+({_PATH}(?:\s*,\s*{_PATH})*|COUNT\(\))\s+FROM\s+(\w+)(?:\s+WHERE\s+((?:{_QUOTED}|[^'])+?))?"
    rf"(?:\s+ORDER\s+BY\s+({_KEY}(?:\s*,\s*{_KEY})*))?(?:\s+LIMIT\s+(\d+))?\s*",
    re.IGNORECASE,
)
_TOKEN = re.compile(rf"\s*({_QUOTED}|[(),]|[!<>]=|<>|[=<>]|[\w.:+-]+)")
_OPERATORS = {"=": "EQ", "!=": "NEQ", "<>": "NEQ", "<": "LT", "<=": "LTE", ">": "GT", ">=": "GTE", "in": "IN", "not in": "NOT_IN"}
_NOTHING = {"EQ": "NOT_HAS_PROPERTY", "NEQ": "HAS_PROPERTY"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")
_UNQUOTED = ("double", "currency", "percent", "int", "boolean", "date", "datetime")


class Query(NamedTuple):
    """What is asked for; nothing but a count where there are no columns."""

    columns: tuple[str, ...]
    name: str
    groups: list[Group]
    order: list[Key]
    limit: int


def failed(status: int, code: str, message: str, **headers: str) -> Failure:
    """An error as the REST API tells it: in a list."""
    return Failure(status, [{"message": message, "errorCode": code}], **headers)


def _malformed(token: str) -> Failure:
    return failed(400, "MALFORMED_QUERY", f"unexpected token: '{token or '<EOF>'}'")


def field(name: str, said: str) -> tuple[str, str]:
    """A field of an object as it is properly written, with its type and, of a reference, where it leads."""
    found = next((own for own in SHAPES.get(name, ()) if own.lower() == said.lower()), None)
    if found is None:
        raise failed(400, "INVALID_FIELD", f"No such column '{said}' on entity '{name}'.")
    return found, SHAPES[name][found]


def _column(name: str, path: str) -> str:
    """What is selected: a field, or by way of a reference one of the object that it leads to."""
    first, _, rest = path.strip().partition(".")
    if not rest:
        return field(name, first)[0]
    found, kind = field(name, f"{first}Id")
    return f"{found.removesuffix('Id')}.{_column(kind.partition(' ')[2], rest)}"


def parsed(text: str) -> Query:
    """What a query asks for; a Failure in Salesforce's words where it cannot be understood."""
    asked = _ASKED.fullmatch(text)
    if asked is None:
        raise _malformed(text.strip())
    columns, wanted, where, order, limit = asked.groups()
    name = next((name for name in SHAPES if name.lower() == wanted.lower()), None)
    if name is None:
        raise failed(400, "INVALID_TYPE", f"sObject type '{wanted}' is not supported.")
    paths = () if columns.endswith(")") else (_column(name, path) for path in columns.split(","))
    keys = [said.split() for said in (order or "").split(",") if said]
    order = [Key(field=field(name, key[0])[0], descending=key[-1].upper() == "DESC") for key in keys]
    return Query(tuple(paths), name, _groups(name, where), order, int(limit or 2**53))


def _groups(name: str, where: str | None) -> list[Group]:
    meant = partial(_condition, name)
    spoken = Language(token=_TOKEN, operators=_OPERATORS, lists=("in", "not in"), meant=meant, negation="not")
    try:
        return groups(where, spoken) if where else [[]]
    except Misread as error:
        raise _malformed(error.token) from error


def _condition(name: str, said: str, sign: str, values: Sequence[str]) -> Condition:
    (path, kind), operator = field(name, said), _OPERATORS[sign]
    texts = [_text(path, kind, literal) for literal in values if literal.lower() != "null"]
    if not texts:
        return {"propertyName": path, "operator": _NOTHING.get(operator, "IN"), "values": []}
    if path == "SystemModstamp" and "IN" not in operator:
        return dated(path, operator, milliseconds(datetime.fromisoformat(texts[0])))
    return {"propertyName": path, "operator": operator, "value": texts[0], "values": [text.lower() for text in texts]}


def _text(path: str, kind: str, literal: str) -> str:
    """A literal as it is compared; it must be of the field's type: text in quotes and nothing else, times with a zone."""
    if (quoted := literal.startswith("'")) == (kind in _UNQUOTED):
        raise failed(400, "INVALID_FIELD", f"value of filter criterion for field '{path}' must be of type {kind}")
    if kind == "datetime" and not _MOMENT.fullmatch(literal):
        raise _malformed(literal)
    return comparable(path, re.sub(r"\\(.)", r"\1", literal[1:-1]) if quoted else literal) or ""


def comparable(path: str, value: object) -> str | None:
    """A value as it is compared: an id by its first fifteen signs, all else as text."""
    return None if value is None else str(value)[: 15 if path.endswith("Id") else None]
