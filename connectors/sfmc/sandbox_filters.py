"""The language of `$filter`, and refusals: conditions of a column, an operator and a value in quotes, joined by `and`.

Operators: those that public programs use, for no page of the documentation lists them.
"""

import re
from datetime import UTC, datetime

from connectors.sfmc.sandbox_records import CENTRAL, EXTENSIONS, TEXTS
from hub.sandbox.answers import Failure
from hub.sandbox.chance import milliseconds
from hub.sandbox.conditions import Condition
from hub.sandbox.table import condition

_QUOTED = r"'((?:[^']|'')*)'"
_CONDITION = re.compile(rf"\s*(\w+)\s+(\w+)\s+{_QUOTED}(?:\s+and\s+{_QUOTED})?\s*(?:$|and\s)", re.IGNORECASE)


def refused(message: str, code: int = 10001, status: int = 400, **headers: str) -> Failure:
    """An answer that is an error."""
    return Failure(status, {"documentation": TEXTS["error_page"], "errorcode": code, "message": message}, **headers)


def conditions(name: str, text: str) -> list[Condition]:
    """The conditions of a filter, all of which must hold; what cannot be read is refused."""
    matched, columns = list(_CONDITION.finditer(text)), EXTENSIONS[name]["keys"] | EXTENSIONS[name]["values"]
    found = [test for each in matched if (test := _test(columns, *each.groups())) is not None]
    if len(found) < len(matched) or "".join(each[0] for each in matched) != text:
        raise refused(f"The filter {text} is not valid.")
    return found


def _test(columns: dict[str, str], column: str, operator: str, *quoted: str | None) -> Condition | None:
    """None where there is no such column or operator, or a value is none of the column's type."""
    try:
        values = [_value(columns[column.lower()], said.replace("''", "'")) for said in quoted if said is not None]
    except (KeyError, ValueError):
        return None
    return condition(column.lower(), operator, values)


def _value(kind: str, said: str) -> str:
    """A value to compare rows by; a time without a zone is the servers'."""
    if kind == "date":
        moment = datetime.fromisoformat(said)
        return str(milliseconds(moment if moment.tzinfo else (moment - CENTRAL).replace(tzinfo=UTC)))
    return str(float(said)) if kind == "number" else said
