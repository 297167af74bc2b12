"""What rows of data extensions and contacts are narrowed by: `$filter`, `$orderBy`, and the conditions of a search.

Operators: those that public programs use, for no page of the documentation lists them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from connectors.sfmc.sandbox_access import refused
from connectors.sfmc.sandbox_records import CENTRAL, EXTENSIONS
from hub.sandbox.answers import Failure, Json
from hub.sandbox.chance import milliseconds
from hub.sandbox.rows import Row

_QUOTED = r"'((?:[^']|'')*)'"
_CONDITION = re.compile(rf"\s*(\w+)\s+(\w+)\s+{_QUOTED}(?:\s+and\s+{_QUOTED})?\s*(?:$|and\s)", re.IGNORECASE)
_COMPARED = {"eq": eq, "neq": ne, "gt": gt, "gte": ge, "lt": lt, "lte": le}


def column(name: str, said: str) -> str:
    """The type of a data extension's column; one that is not there is refused."""
    known: dict[str, str] = {**EXTENSIONS[name]["keys"], **EXTENSIONS[name]["values"]}
    if said.lower() not in known:
        raise refused(400, 10001, f"The column {said} does not exist.")
    return known[said.lower()]


def _value(kind: str, said: str) -> Any:
    """A value of a filter as rows hold it; a time without a zone is the servers'."""
    try:
        if kind == "number":
            return float(said)
        if kind == "date":
            moment = datetime.fromisoformat(said)
            return milliseconds(moment if moment.tzinfo else (moment - CENTRAL).replace(tzinfo=UTC))
    except ValueError as error:
        raise refused(400, 10001, f"'{said}' is not a {kind}.") from error
    return said.lower() if kind == "text" else said.lower() == "true"


def conditions(name: str, text: str) -> Iterator[Callable[[Mapping[str, Any]], bool]]:
    """The conditions of a filter, all of which must hold: a column, an operator and a value in quotes, joined by `and`."""
    place = 0
    while place < len(text):
        matched = _CONDITION.match(text, place)
        if matched is None or matched[2].lower() not in (*_COMPARED, "between") or (matched[2] == "between") != bool(matched[4]):
            raise refused(400, 10001, f"The filter {text[place:]} is not valid.")
        yield _test(name, matched)
        place = matched.end()


def _test(name: str, matched: re.Match[str]) -> Callable[[Mapping[str, Any]], bool]:
    kind, where, how = column(name, matched[1]), matched[1].lower(), matched[2].lower()
    said = [_value(kind, each.replace("''", "'")) for each in (matched[3], matched[4]) if each is not None]

    def test(kept: Mapping[str, Any]) -> bool:
        held = kept.get(where)
        found = held.lower() if kind == "text" and held is not None else held
        if found is None:
            return False
        return bool(said[0] <= found <= said[1] if how == "between" else _COMPARED[how](found, said[0]))

    return test


def ordered(name: str, found: list[Row], text: str) -> list[Row]:
    """The rows in the order of some columns, each with asc or desc; those without a value stand first."""
    for said, _, way in [each.strip().partition(" ") for each in reversed(text.split(",")) if each]:
        column(name, said)
        placed = {row.id: (row.fields.get(said.lower()) is not None, row.fields.get(said.lower()) or 0) for row in found}
        found = sorted(found, key=lambda row: placed[row.id], reverse=way.strip().lower() == "desc")
    return found


def _invalid() -> Failure:
    return Failure(
        400, {"message": "Unable to validate request.", "errorcode": 10001, "documentation": "", "validationErrors": []}
    )


def searched(said: Json, known: Mapping[str, str]) -> tuple[list[str], list[tuple[str, Json]]]:
    """The attributes that a search wants to know, and its conditions with the attribute of each."""
    wanted = [str(each.get("key")) for each in (said.get("request") or {}).get("attributes", ())]
    conditions = (said.get("conditionSet") or {}).get("conditions", ())
    asked = [(str((each.get("attribute") or {}).get("key")), each) for each in conditions]
    if not wanted or not asked or {*wanted, *(key for key, _ in asked)} - set(known):
        raise _invalid()
    return wanted, asked


def holds(condition: Json, found: Any) -> bool:
    """Whether a condition of a search holds: Equals, In or Contains."""
    said = (condition.get("value") or {}).get("items") or condition.get("values") or []
    wanted = [str(each).lower() for each in said]
    value, how = str(found or "").lower(), condition.get("operator")
    if how not in ("Equals", "In", "Contains"):
        raise _invalid()
    return any(each in value for each in wanted) if how == "Contains" else value in wanted
