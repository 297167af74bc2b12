"""Queries of the form SELECT … FROM … WHERE … ORDER BY … LIMIT, in the words that several systems' query languages share.

Columns may be those of an object that a reference leads to, written with a point, or COUNT(). What comes out is for
`hub.sandbox.selection`; which objects and fields there are, and of what type, is given.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from hub.sandbox.chance import milliseconds
from hub.sandbox.conditions import Condition, Group
from hub.sandbox.language import Language, Misread, dated, groups
from hub.sandbox.order import Key

Shapes = Mapping[str, Mapping[str, str]]
"""The fields of each object with their types; a reference's type is followed by the name of the object it leads to."""
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """What is asked for of an object; nothing but a count where there are no columns."""

    columns: tuple[str, ...]
    name: str
    groups: list[Group]
    order: list[Key]
    limit: int


class WrongQuery(ValueError):
    """A query that cannot be answered: `about` says what of it is wrong, `told` how it was written, of which object and type.

    What is over too early says <EOF>.
    """

    def __init__(self, about: Literal["token", "object", "field", "value"], said: str, *, name: str = "", kind: str = "") -> None:
        super().__init__(about)
        self.about, self.told = about, {"said": said, "name": name, "kind": kind}


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """What one system's queries are about. Values of `bare` types stand without quotes, those of `moment` have a time zone too.

    `changed` is the field that rows keep in milliseconds; `link` makes of what is written before a point the name of the
    reference, such as `{}Id`.
    """

    shapes: Shapes
    bare: Collection[str]
    moment: str
    changed: str
    link: str

    def query(self, text: str) -> Query:
        """What a query asks for; WrongQuery where that cannot be known."""
        asked = _ASKED.fullmatch(text)
        if asked is None:
            raise WrongQuery("token", text.strip() or "<EOF>")
        columns, wanted, where, order, limit = asked.groups()
        name = self._object(wanted)
        return Query(
            columns=() if columns.endswith(")") else tuple(self._column(name, path) for path in columns.split(",")),
            name=name,
            groups=self._groups(name, where) if where else [[]],
            order=self._order(name, order) if order else [],
            limit=int(limit or 2**53),
        )

    def _object(self, said: str) -> str:
        """An object as it is properly written."""
        found = next((name for name in self.shapes if name.lower() == said.lower()), None)
        if found is None:
            raise WrongQuery("object", said)
        return found

    def _order(self, name: str, said: str) -> list[Key]:
        keys = [key.split() for key in said.split(",")]
        return [Key(field=self._field(name, key[0]), descending=key[-1].upper() == "DESC") for key in keys]

    def _field(self, name: str, said: str) -> str:
        """A field of an object as it is properly written."""
        found = next((own for own in self.shapes.get(name, ()) if own.lower() == said.lower()), None)
        if found is None:
            raise WrongQuery("field", said, name=name)
        return found

    def _column(self, name: str, path: str) -> str:
        """A field, or by way of a reference one of the object that it leads to."""
        first, _, rest = path.strip().partition(".")
        if not rest:
            return self._field(name, first)
        found = self._field(name, self.link.format(first))
        return f"{found[: len(first)]}.{self._column(self.shapes[name][found].partition(' ')[2], rest)}"

    def _groups(self, name: str, where: str) -> list[Group]:
        meant = partial(self._condition, name)
        spoken = Language(token=_TOKEN, operators=_OPERATORS, lists=("in", "not in"), meant=meant, negation="not")
        try:
            return groups(where, spoken)
        except Misread as error:
            raise WrongQuery("token", error.token or "<EOF>") from error

    def _condition(self, name: str, said: str, sign: str, values: Sequence[str]) -> Condition:
        path, operator = self._field(name, said), _OPERATORS[sign]
        texts = [self._text(name, path, literal) for literal in values if literal.lower() != "null"]
        if not texts:
            return {"propertyName": path, "operator": _NOTHING.get(operator, "IN"), "values": []}
        if path == self.changed and "IN" not in operator:
            return dated(path, operator, milliseconds(datetime.fromisoformat(texts[0])))
        return {"propertyName": path, "operator": operator, "value": texts[0], "values": [text.lower() for text in texts]}

    def _text(self, name: str, path: str, literal: str) -> str:
        """A literal as it is compared: text in quotes and nothing else, times with a zone."""
        kind = self.shapes[name][path].partition(" ")[0]
        if (quoted := literal.startswith("'")) == (kind in self.bare):
            raise WrongQuery("value", path, name=name, kind=kind)
        if kind == self.moment and not _MOMENT.fullmatch(literal):
            raise WrongQuery("token", literal)
        return re.sub(r"\\(.)", r"\1", literal[1:-1]) if quoted else literal
