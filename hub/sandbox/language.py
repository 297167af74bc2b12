"""Expressions that narrow lists: a field, an operator and a value, joined by AND, OR and NOT and put in brackets.

What signs and words look like, and what a condition means, differs from system to system and is given; what comes out are
groups of conditions as `hub.sandbox.conditions` has them. AND binds closer than OR.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from hub.sandbox.conditions import Condition, Group, holds

Wanted = Literal["field", "operator", "value", "end of brackets", "and"]
"""What was expected: `and` stands for everything that may come after a condition."""
_SECOND = 1000
_OPPOSITES = {"EQ": "NEQ", "LT": "GTE", "GT": "LTE", "IN": "NOT_IN", "HAS_PROPERTY": "NOT_HAS_PROPERTY"}
_OPPOSITES |= {"CONTAINS_TOKEN": "NOT_CONTAINS_TOKEN"}
_OPPOSITES |= {opposite: operator for operator, opposite in _OPPOSITES.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """`token` matches one word or sign as its first group, with the blanks before it.

    `operators` are written in small letters, `not in` and the like with one blank; of these `lists` are followed by values
    in brackets. `meant` makes a condition of a field, an operator and its values, which are still as they were written.
    `negation` is the word before what must not hold, where there is one.
    """

    token: re.Pattern[str]
    operators: Collection[str]
    meant: Callable[[str, str, Sequence[str]], Condition]
    lists: Collection[str] = ()
    negation: str | None = None


class Misread(ValueError):
    """An expression goes on otherwise than it may: `token` stands at the place `at` where something else is `wanted`.

    There is no token where the expression is over too early.
    """

    def __init__(self, wanted: Wanted, token: str, at: int) -> None:
        super().__init__(f"{wanted} expected at {at}")
        self.wanted, self.token, self.at = wanted, token, at


def groups(text: str, language: Language) -> list[Group]:
    """What an expression asks for; Misread where it is none."""
    return _Reader(text, language).whole()


def fits(wanted: Sequence[Group], value: Callable[[str], str | None]) -> bool:
    """Whether one group holds entirely, given what reads a field."""
    return any(all(holds(one, value(one["propertyName"])) for one in group) for group in wanted)


def dated(field: str, operator: str, begin: int, span: int = _SECOND) -> Condition:
    """A condition on a time that rows keep in milliseconds, by one that begins then and lasts so many, such as a second.

    What must differ from it only has to differ from its beginning.
    """
    if operator == "EQ":
        return {"propertyName": field, "operator": "BETWEEN", "value": begin, "highValue": begin + span - 1}
    later = {"GT": ("GTE", begin + span), "LTE": ("LT", begin + span)}
    operator, bound = later.get(operator, (operator, begin))
    return {"propertyName": field, "operator": operator, "value": bound}


class _Reader:
    """Reads an expression from left to right."""

    def __init__(self, text: str, language: Language) -> None:
        self._language, self._at = language, 0
        self._tokens = [(found[1], found.start(1)) for found in _tokens(text, language.token)]
        self._tokens.append(("", len(text)))

    def whole(self) -> list[Group]:
        found = self._either()
        if self._peek():
            raise self._misread("and")
        return found

    def _peek(self) -> str:
        return self._tokens[self._at][0].lower()

    def _misread(self, wanted: Wanted) -> Misread:
        return Misread(wanted, *self._tokens[self._at])

    def _has(self, word: str | None) -> bool:
        there = self._peek() == word
        self._at += there
        return there

    def _next(self, wanted: Wanted, *of: str) -> str:
        if not self._peek() or (of and self._peek() not in of):
            raise self._misread(wanted)
        self._at += 1
        return self._tokens[self._at - 1][0]

    def _either(self) -> list[Group]:
        found = self._both()
        while self._has("or"):
            found += self._both()
        return found

    def _both(self) -> list[Group]:
        found = self._one()
        while self._has("and"):
            found = [[*left, *right] for left, right in product(found, self._one())]
        return found

    def _one(self) -> list[Group]:
        if self._has(self._language.negation):
            return [list(chosen) for chosen in product(*map(_unlike, self._one()))]
        if not self._has("("):
            return [[self._condition()]]
        found = self._either()
        self._next("end of brackets", ")")
        return found

    def _condition(self) -> Condition:
        field, operator = self._next("field"), self._operator()
        if operator not in self._language.lists:
            return self._language.meant(field, operator, [self._next("value")])
        self._next("value", "(")
        values = [self._next("value")]
        while self._has(","):
            values.append(self._next("value"))
        self._next("end of brackets", ")")
        return self._language.meant(field, operator, values)

    def _operator(self) -> str:
        """An operator of one word or, behind `not`, of two."""
        first = "not " if self._has("not") else ""
        if f"{first}{self._peek()}" not in self._language.operators:
            raise self._misread("operator")
        return f"{first}{self._next('operator').lower()}"


def _tokens(text: str, shape: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """One token after the other; what is none by its shape is a token of one sign, which nothing expects."""
    at, blank = 0, re.compile(r"\s*(\S)")
    while (found := shape.match(text, at) or blank.match(text, at)) is not None:
        yield found
        at = found.end()


def _unlike(group: Group) -> list[Condition]:
    """The conditions of which one must hold where not all of a group do."""
    found: list[Condition] = []
    for one in group:
        if one["operator"] == "BETWEEN":
            found += [{**one, "operator": "LT"}, {**one, "operator": "GT", "value": one["highValue"]}]
        else:
            found.append({**one, "operator": _OPPOSITES[one["operator"]]})
    return found
