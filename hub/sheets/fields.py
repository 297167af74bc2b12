"""What a column of a spreadsheet may be read as: the fields of a canonical type that a cell can fill."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Final

from hub.model import UNKNOWN, Company, Contact, Email, Entity, Money, Phone
from hub.spec.fields import NEVER, held

TEXT, TEXTS, EMAILS, PHONES, MOMENT, DAY, NUMBER, WHOLE, FLAG, MONEY, CHOICE, CURRENCY = (
    *("text", "texts", "emails", "phones", "moment", "day"),
    *("number", "whole", "flag", "money", "choice", "currency"),
)
MANY: Final = frozenset({TEXTS, EMAILS, PHONES})
"""Kinds of which several columns of a table may fill the same field."""
DATED: Final = frozenset({MOMENT, DAY})
COUNTED: Final = frozenset({NUMBER, WHOLE, MONEY})

_NEVER = NEVER - {"changed_at"} | {"custom"}
_KINDS: Mapping[Any, str] = {
    str: TEXT,
    datetime: MOMENT,
    Decimal: NUMBER,
    int: WHOLE,
    bool: FLAG,
    Money: MONEY,
    tuple[Email, ...]: EMAILS,
    tuple[Phone, ...]: PHONES,
    tuple[str, ...]: TEXTS,
}
OTHERS: Final[Mapping[str, tuple[type[Entity], tuple[str, ...], tuple[str, ...]]]] = {
    Contact.TYPE: (Contact, ("emails", "full_name", "phones", "tax_id"), ("emails", "tax_id")),
    Company.TYPE: (Company, ("name", "domains", "tax_id"), ("domains", "tax_id")),
}
"""Whom a row may be about: the type, what a row can say of them, and what of it makes them somebody rather than a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: `of` is the reference through which a row speaks of somebody else, such as an order of its buyer."""

    name: str
    kind: str
    options: tuple[str, ...] = ()
    of: str = ""


@cache
def fields(kind: type[Entity]) -> Mapping[str, Field]:
    """The fields of a type by name; those of whom it is about as `contact_ids.emails`."""
    references = dict(kind.REFERENCES)
    own = [found for name, hint in held(kind).items() if name not in references and (found := _field(name, hint)) is not None]
    others = [
        Field(name=f"{reference}.{name}", kind=_kind(held(OTHERS[of][0])[name]), of=reference)
        for reference, of in kind.REFERENCES
        if of in OTHERS
        for name in OTHERS[of][1]
    ]
    money = [Field(name="currency", kind=CURRENCY)] if any(found.kind == MONEY for found in own) else []
    return {found.name: found for found in (*own, *money, *others)}


def member(kind: type[Entity], name: str, value: str) -> StrEnum:
    """One of the few things that a field can be."""
    found: StrEnum = held(kind)[name](value)
    return found


def _field(name: str, hint: Any) -> Field | None:
    kind = _kind(hint)
    if not kind or name in _NEVER or (name.endswith("_id") and name != "tax_id"):
        return None
    if kind == TEXT and (name == "date" or name.endswith(("_on", "_date"))):
        kind = DAY
    options = tuple(each for each in hint if each != UNKNOWN) if kind == CHOICE else ()
    return Field(name=name, kind=kind, options=options)


def _kind(hint: Any) -> str:
    """Which kind of cell fills a field that holds this; empty where none does."""
    return CHOICE if isinstance(hint, type) and issubclass(hint, StrEnum) else _KINDS.get(hint, "")
