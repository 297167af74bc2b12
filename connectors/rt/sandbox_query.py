"""TicketSQL as Request Tracker 5.0.3 reads it, for the fields that a synchronising client asks by.

Observed on the real one (tests/connectors/rt): dates are read to the second in UTC; `=` means the whole day; a date that
cannot be read means 1970 and therefore everything, without a word. The result is a list of groups of conditions, one of
which must hold entirely, for `hub.sandbox.search`; times in milliseconds since 1970.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

from hub.sandbox.chance import milliseconds
from hub.sandbox.conditions import Condition, Group

_TOKEN = re.compile(r"\s*('(?:[^'\\]|\\.)*'|\"[^\"]*\"|[()]|[<>!]?=|[<>]|[^\s()<>=!'\"]+)")
_OPERATORS = {"=": "EQ", "!=": "NEQ", "<": "LT", "<=": "LTE", ">": "GT", ">=": "GTE"}
_LIKE = {"like": "CONTAINS_TOKEN", "not like": "NOT_CONTAINS_TOKEN"}
_DATES = ("LastUpdated", "Created")
_FIELDS = {name.lower(): name for name in ("id", "Subject", "Status", "Queue", "EffectiveId", "Owner", *_DATES)}
_STATUS_SETS = {"__active__": ["new", "open", "stalled"], "__inactive__": ["resolved", "rejected"]}
_WHERE = " at /usr/share/request-tracker5/lib/RT/Tickets.pm line 3187.\n"
_SECOND, _DAY = 1000, 86_400_000


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
    """Records keep milliseconds, the query whole seconds: a bound lies at the beginning of a second."""
    moment = _moment(text)
    if operator == "EQ":
        begin = moment - moment % int(timedelta(days=1) / timedelta(milliseconds=1))
        return {"propertyName": field, "operator": "BETWEEN", "value": begin, "highValue": begin + _DAY - 1}
    bound = moment + _SECOND if operator in ("GT", "LTE") else moment
    return {"propertyName": field, "operator": "GTE" if operator in ("GT", "GTE") else "LT", "value": bound}


class _Parser:
    """Reads a query from left to right; AND binds closer than OR."""

    def __init__(self, query: str, queues: Callable[[str], str]) -> None:
        """`queues` gives the name of a queue by its id or name."""
        self._query, self._queues, self._at = query, queues, 0
        self._tokens = [(found[1], found.start(1)) for found in _TOKEN.finditer(query)]

    def read(self) -> list[Group]:
        groups = self._either()
        if self._at < len(self._tokens):
            raise self._expected("AGGREGATOR or CLOSE_PAREN")
        return groups

    def _peek(self) -> str:
        return self._tokens[self._at][0].lower() if self._at < len(self._tokens) else ""

    def _next(self, wanted: str) -> str:
        if self._at == len(self._tokens):
            raise WrongQuery(
                f"Incomplete query, last element ({'OPERATOR' if wanted == 'VALUE' else wanted}) "
                f"is not close paren or value in '{self._query}'"
            )
        self._at += 1
        return self._tokens[self._at - 1][0]

    def _expected(self, what: str) -> WrongQuery:
        token, at = self._tokens[self._at]
        return WrongQuery(
            f"Wrong query, expecting a {what} in '{self._query[:at]}>{token}<--here{self._query[at + len(token) :]}'"
        )

    def _either(self) -> list[Group]:
        groups = self._both()
        while self._peek() == "or":
            self._at += 1
            groups += self._both()
        return groups

    def _both(self) -> list[Group]:
        groups = self._one()
        while self._peek() == "and":
            self._at += 1
            groups = [[*left, *right] for left, right in product(groups, self._one())]
        return groups

    def _one(self) -> list[Group]:
        if self._peek() != "(":
            return [[self._condition()]]
        self._at += 1
        groups = self._either()
        if self._next("CLOSE_PAREN") != ")":
            self._at -= 1
            raise self._expected("CLOSE_PAREN")
        return groups

    def _condition(self) -> Condition:
        name = self._next("KEYWORD")
        said = self._peek()
        if said == "not":
            self._at += 1
            said = f"not {self._peek()}"
        if self._at < len(self._tokens) and said not in _OPERATORS and said not in _LIKE:
            raise self._expected("OPERATOR")
        self._next("OPERATOR")
        text = self._next("VALUE").strip("'\"")
        if name.lower() not in _FIELDS:
            raise WrongQuery(f"Unknown field: {name}")
        return self._meant(_FIELDS[name.lower()], said, text)

    def _meant(self, field: str, said: str, text: str) -> Condition:
        if said in _LIKE:
            return {"propertyName": field, "operator": _LIKE[said], "value": f"*{text}*"}
        operator = _OPERATORS[said]
        if field in _DATES:
            return _dated(field, operator, text)
        if field == "Queue":
            text = self._queues(text)
        if text.lower() in _STATUS_SETS:
            inside = "IN" if operator == "EQ" else "NOT_IN"
            return {"propertyName": field, "operator": inside, "values": _STATUS_SETS[text.lower()]}
        return {"propertyName": field, "operator": operator, "value": text}


def groups(query: str, queues: Callable[[str], str]) -> list[Group]:
    """What a query asks for; WrongQuery where RT does not understand it."""
    return _Parser(query, queues).read()


def ids_named(group: Group) -> set[int]:
    """The ids that a group of conditions names; none of those that are no number was ever given."""
    named = (str(one["value"]) for one in group if (one["propertyName"], one["operator"]) == ("id", "EQ"))
    return {int(text) if text.isdecimal() else 0 for text in named}
