"""TicketSQL as Request Tracker 5.0.3 reads it, for the fields that a synchronising client asks by.

Observed on the real one (tests/connectors/rt): dates are read to the second in UTC; `=` means the whole day; a date that
cannot be read means 1970 and therefore everything, without a word. The result is a list of groups of conditions, one of
which must hold entirely, for `hub.sandbox.search`; times in milliseconds since 1970.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from hub.sandbox import language
from hub.sandbox.chance import milliseconds
from hub.sandbox.conditions import Condition, Group
from hub.sandbox.language import Language, Misread, dated

_TOKEN = re.compile(r"\s*('(?:[^'\\]|\\.)*'|\"[^\"]*\"|[()]|[<>!]?=|[<>]|[^\s()<>=!'\"]+)")
_OPERATORS = {"=": "EQ", "!=": "NEQ", "<": "LT", "<=": "LTE", ">": "GT", ">=": "GTE"}
_LIKE = {"like": "CONTAINS_TOKEN", "not like": "NOT_CONTAINS_TOKEN"}
_DATES = ("LastUpdated", "Created")
_FIELDS = {name.lower(): name for name in ("id", "Subject", "Status", "Queue", "EffectiveId", "Owner", *_DATES)}
_STATUS_SETS = {"__active__": ["new", "open", "stalled"], "__inactive__": ["resolved", "rejected"]}
_WANTED = {"field": "KEYWORD", "operator": "OPERATOR", "value": "VALUE", "end of brackets": "CLOSE_PAREN"}
_WANTED["and"] = "AGGREGATOR or CLOSE_PAREN"
_WHERE = " at /usr/share/request-tracker5/lib/RT/Tickets.pm line 3187.\n"
_DAY = 86_400_000


class WrongQuery(ValueError):
    """A query that Request Tracker answers with 400 and these words."""

    def __init__(self, said: str) -> None:
        super().__init__(said + _WHERE)


def _moment(text: str) -> int:
    """A date as RT's parser takes it: no zone, no fractions; anything else is the beginning of 1970."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?", text):
        return 0
    try:
        return milliseconds(datetime.fromisoformat(text).replace(tzinfo=UTC))
    except ValueError:
        return 0


def _dated(field: str, operator: str, text: str) -> Condition:
    moment = _moment(text)
    return dated(field, operator, moment - moment % _DAY, _DAY) if operator == "EQ" else dated(field, operator, moment)


def _meant(queues: Callable[[str], str], name: str, said: str, values: Sequence[str]) -> Condition:
    """A condition in our words."""
    if name.lower() not in _FIELDS:
        raise WrongQuery(f"Unknown field: {name}")
    field, text = _FIELDS[name.lower()], values[0].strip("'\"")
    if said in _LIKE:
        return {"propertyName": field, "operator": _LIKE[said], "value": f"*{text}*"}
    operator = _OPERATORS[said]
    if field in _DATES:
        return _dated(field, operator, text)
    if field == "Queue":
        text = queues(text)
    if text.lower() in _STATUS_SETS:
        inside = "IN" if operator == "EQ" else "NOT_IN"
        return {"propertyName": field, "operator": inside, "values": _STATUS_SETS[text.lower()]}
    return {"propertyName": field, "operator": operator, "value": text}


def groups(query: str, queues: Callable[[str], str]) -> list[Group]:
    """What a query asks for; WrongQuery where RT does not understand it. `queues` gives a queue's name by its id or name."""
    spoken = Language(token=_TOKEN, operators={*_OPERATORS, *_LIKE}, meant=partial(_meant, queues))
    try:
        return language.groups(query, spoken)
    except Misread as error:
        wanted, rest = _WANTED[error.wanted], query[error.at + len(error.token) :]
        if error.token:
            at = f"{query[: error.at]}>{error.token}<--here{rest}"
            raise WrongQuery(f"Wrong query, expecting a {wanted} in '{at}'") from error
        last = "OPERATOR" if error.wanted == "value" else wanted
        raise WrongQuery(f"Incomplete query, last element ({last}) is not close paren or value in '{query}'") from error


def ids_named(group: Group) -> set[int]:
    """The ids that a group of conditions names; none of those that are no number was ever given."""
    named = (str(one["value"]) for one in group if (one["propertyName"], one["operator"]) == ("id", "EQ"))
    return {int(text) if text.isdecimal() else 0 for text in named}
