"""Fields of the source that people have read as fields of ours: which of ours there are, and how a value becomes one."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Final, get_args, get_type_hints

from hub.model import UNKNOWN, Email, Entity, ExternalScore, Money, Owner, Phone
from hub.spec import convert
from hub.spec.terms import Terms, Unknown
from hub.spec.wire import Record

Read = Callable[[Any, str, Terms], Any]
"""From a raw value that is not None, the path it lies at, and the account's terms."""

CUSTOM = "custom."
"""How a path begins that names a field of the account's own making, as the entity keeps it, by its name at the source."""
NEVER: Final = frozenset(
    {"id", "url", "changed_at", "days", "external_ids", "merged_ids", "merged_into", "level", "interval", "end_reason"}
)
"""What only the system can tell, or what only some words of ours may fill."""
_DAY_ALONE = re.compile(r"\s*\d{4}-\d{2}-\d{2}\s*")


@cache
def readable(kind: type[Entity]) -> Mapping[str, Read]:
    """The fields of a type that a field of the source may be read as: texts, numbers, dates, enumerations, lists and money."""
    found = {name: _how(name, hint) for name, hint in held(kind).items()}
    return {name: how for name, how in found.items() if how is not None and not _closed(kind, name)}


def held(kind: type[Entity]) -> dict[str, Any]:
    """What each field holds, without that it may hold nothing."""
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name in kind.__struct_fields__}
    return {name: get_args(hint)[0] if type(None) in get_args(hint) else hint for name, hint in hints.items()}


def options(kind: type[Entity], name: str) -> tuple[str, ...]:
    """What a value that is read as this field may mean, where that is one of a few things."""
    hint = held(kind).get(name)
    return tuple(hint) if hint is not None and _enumerated(hint) else ()


def decided(
    kind: type[Entity], record: Record, values: Mapping[str, Any], terms: Terms
) -> tuple[dict[str, Any], tuple[Unknown, ...]]:
    """What people had read as fields of ours, over what the rules gave (`values`), and what of it is a question.

    A decided field counts before the rule that fills the same one, because somebody chose it; where it says nothing or
    cannot be read, the rule's value stays. To a list it adds. Of several that are read as one, the first by its path counts.
    """
    said: dict[str, Any] = {}
    raws: dict[str, Any] = {}
    unknown: list[Unknown] = []
    for path, name in sorted(terms.fields.get(kind.TYPE, {}).items()):
        raw = _own(record, values, path)
        found = _read(kind, name, path, raw, terms)
        if isinstance(found, Unknown):
            unknown.append(found)
            found = None if found.raw is None else UNKNOWN
        if isinstance(found, tuple):
            said[name] = _together(said.get(name, values.get(name) or ()), found)
        elif found is not None and name not in said:
            said[name], raws[name] = found, raw
    return said | _days(values, said, raws), tuple(unknown)


def _days(values: Mapping[str, Any], said: Mapping[str, Any], raws: Mapping[str, Any]) -> dict[str, Any]:
    """Of which fields only the day is known, where that is another than the rules say."""
    before = tuple(values.get("days") or ())
    days = [name for name, raw in raws.items() if isinstance(said[name], datetime) and _DAY_ALONE.fullmatch(str(raw))]
    after = (*(name for name in before if name not in raws), *days)
    return {"days": after} if after != before else {}


def reach(value: Any, path: str) -> Any:
    """What lies at a dotted path as `leaves` names it, also where a key of an object holds dots itself."""
    if not path:
        return value
    if not isinstance(value, dict):
        return None
    return next((found for key, rest in _splits(path) if key in value and (found := reach(value[key], rest)) is not None), None)


def _splits(path: str) -> Iterator[tuple[str, str]]:
    yield path, ""
    steps = path.split(".")
    for number in range(len(steps) - 1, 0, -1):
        yield ".".join(steps[:number]), ".".join(steps[number:])


def _own(record: Record, values: Mapping[str, Any], path: str) -> Any:
    custom = reach(values.get("custom"), path.removeprefix(CUSTOM)) if path.startswith(CUSTOM) else None
    return reach(record, path) if custom is None else custom


def _read(kind: type[Entity], name: str, path: str, raw: Any, terms: Terms) -> Any:
    how = readable(kind).get(name)
    try:
        return None if raw is None or how is None else how(raw, path, terms)
    except ValueError as error:
        return Unknown(path=path, raw=None, why=str(error))


def _together(held: tuple[Any, ...], more: tuple[Any, ...]) -> tuple[Any, ...]:
    there: dict[Any, Any] = {}
    for each in (*held, *more):
        there.setdefault(_key(each), each)
    return tuple(there.values())


def _key(value: Any) -> Any:
    return next((getattr(value, name) for name in ("address", "number", "name") if hasattr(value, name)), value)


def _closed(kind: type[Entity], name: str) -> bool:
    """Whether only the mapping may fill it: an id of something, unless it is of somebody on our side."""
    of = dict(kind.REFERENCES).get(name)
    foreign = of != Owner.TYPE and (of is not None or name.endswith("_id"))
    return name in NEVER or (foreign and name != "tax_id")


def _how(name: str, hint: Any) -> Read | None:
    if _enumerated(hint):
        return _one_of(hint)
    if hint is str and name.endswith(("_on", "_date")):
        return lambda raw, _path, _terms: convert.day(raw)
    return _HOW.get(hint)


def _enumerated(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def _one_of(kind: type[StrEnum]) -> Read:
    known = {each.value.replace("_", " "): each for each in kind if each != UNKNOWN}

    def read(raw: Any, path: str, terms: Terms) -> Any:
        said = _text(raw)
        if said is None:
            return None
        chosen = terms.choices.get(path, {}).get(said)
        found = kind(chosen) if chosen in set(kind) else known.get(said.casefold().replace("_", " "))
        return found or Unknown(path=path, raw=said)

    return read


def _text(raw: Any) -> str | None:
    if isinstance(raw, bool):
        raise ValueError("not text")  # noqa: TRY004 - one kind of error for every unreadable value
    return convert.text(raw)


def _each(made: Callable[[str], Any]) -> Read:
    def read(raw: Any, _path: str, _terms: Terms) -> tuple[Any, ...]:
        items = raw if isinstance(raw, list) else [raw]
        return tuple(made(said) for item in items if (said := _text(item)) is not None)

    return read


def _email(said: str) -> Email:
    if "@" not in said:
        raise ValueError("not an e-mail address")
    return Email(address=said)


def _money(raw: Any, _path: str, terms: Terms) -> Money | None:
    amount, currency = convert.number(raw), terms.answers.get("currency")
    return None if amount is None else Money(amount=amount, currency=currency.upper() if currency else None)


def _score(raw: Any, path: str, _terms: Terms) -> tuple[ExternalScore, ...]:
    value = convert.number(raw)
    name = path.removeprefix(CUSTOM) if path.startswith(CUSTOM) else path.rpartition(".")[2]
    return () if value is None else (ExternalScore(name=name, value=value),)


_HOW: Mapping[Any, Read] = {
    str: lambda raw, _path, _terms: _text(raw),
    Decimal: lambda raw, _path, _terms: convert.number(raw),
    int: lambda raw, _path, _terms: convert.whole(raw),
    bool: lambda raw, _path, _terms: convert.flag(raw),
    datetime: lambda raw, _path, _terms: convert.instant(raw),
    Money: _money,
    tuple[str, ...]: _each(str),
    tuple[Email, ...]: _each(_email),
    tuple[Phone, ...]: _each(lambda said: Phone(number=said)),
    tuple[ExternalScore, ...]: _score,
}
