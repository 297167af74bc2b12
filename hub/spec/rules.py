"""Rules: how one field of ours is read from a record. A rule knows which paths it reads, so that drift is visible."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as member
from enum import StrEnum
from typing import Any

from hub.model import Email, Money
from hub.spec import convert
from hub.spec.terms import Terms, Unknown
from hub.spec.wire import Record, pluck

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`apply` gives the value, None where the record says nothing, Unknown where it says what nobody decided.

    `options` are the values a person may choose from when asked; `pipelines` tells that the account's pipelines are read.
    """

    reads: tuple[str, ...]
    apply: Callable[[Record, Terms], Any]
    options: tuple[str, ...] = ()
    pipelines: bool = False
    parts: tuple["Rule", ...] = member(default=())


def field(path: str, as_: Convert = convert.text) -> Rule:
    """What lies at one path."""
    return Rule(reads=(path,), apply=lambda record, _terms: as_(pluck(record, path)))


def texts(names: str) -> dict[str, Rule]:
    """Rules for fields that are read as they are, each written as `ours=theirs`."""
    return {ours: field(theirs) for ours, theirs in (name.split("=") for name in names.split())}


def times(**theirs: str) -> dict[str, Rule]:
    """Rules for moments, each at one path."""
    return {ours: field(path, convert.instant) for ours, path in theirs.items()}


def constant(value: Any) -> Rule:
    """The same for every record."""
    return Rule(reads=(), apply=lambda _record, _terms: value)


def first(*rules: Rule) -> Rule:
    """The first rule that has something to say."""

    def apply(record: Record, terms: Terms) -> Any:
        return next((said for rule in rules if (said := rule.apply(record, terms)) not in (None, ())), None)

    return Rule(reads=tuple(path for rule in rules for path in rule.reads), apply=apply, parts=rules)


def join(*paths: str, by: str = " ") -> Rule:
    """The texts at several paths in one."""

    def apply(record: Record, _terms: Terms) -> str | None:
        return by.join(said for path in paths if (said := convert.text(pluck(record, path)))) or None

    return Rule(reads=paths, apply=apply)


def decide(decision: Callable[..., Any], *paths: str) -> Rule:
    """A function of what lies at some paths: where the other makers are not enough, this is, and no new option is needed."""
    return Rule(reads=paths, apply=lambda record, _terms: decision(*(pluck(record, path) for path in paths)))


def many(path: str, as_: Convert = convert.text) -> Rule:
    """Each item of the list at a path, those that say nothing left out; one value alone counts as a list of one."""

    def apply(record: Record, _terms: Terms) -> tuple[Any, ...]:
        found = pluck(record, path)
        items = found if isinstance(found, list) else [] if found is None else [found]
        return tuple(said for item in items if (said := as_(item)) is not None)

    return Rule(reads=(path,), apply=apply)


def emails(*rules: Rule) -> Rule:
    """The addresses that some rules give, one or several each; the first of all is the primary one."""

    def apply(record: Record, terms: Terms) -> tuple[Email, ...]:
        found = (rule.apply(record, terms) for rule in rules)
        said = dict.fromkeys(each for one in found for each in (one if isinstance(one, tuple) else (one,)) if each)
        return tuple(Email(address=each, primary=not place) for place, each in enumerate(said))

    return Rule(reads=tuple(path for rule in rules for path in rule.reads), apply=apply, parts=rules)


def money(amount: str, currency: str | None = None, *, answer: str | None = None) -> Rule:
    """An amount and its currency; where the record names none, what the admin answered to the ask `answer`."""

    def apply(record: Record, terms: Terms) -> Money | None:
        found = convert.number(pluck(record, amount))
        code = convert.text(pluck(record, currency)) if currency else None
        code = code or (terms.answers.get(answer) if answer else None)
        return None if found is None else Money(amount=found, currency=code.upper() if code else None)

    return Rule(reads=(amount, currency) if currency else (amount,), apply=apply)


def choose(path: str, table: Mapping[str, StrEnum]) -> Rule:
    """A value of a table, compared without case; what it does not list a person is asked about, and their choice holds."""
    kind = type(next(iter(table.values())))
    folded = {key.casefold(): value for key, value in table.items()}

    def apply(record: Record, terms: Terms) -> Any:
        said = convert.text(pluck(record, path))
        if said is None:
            return None
        chosen = terms.choices.get(path, {}).get(said)
        return kind(chosen) if chosen else folded.get(said.casefold(), Unknown(path=path, raw=said))

    return Rule(reads=(path,), apply=apply, options=tuple(kind))


def stage(kind: type[StrEnum], pipeline: str, at: str) -> Rule:
    """The category of the pipeline stage at the path `at`, as the account's own pipelines (read as references) have it."""

    def apply(record: Record, terms: Terms) -> Any:
        said = convert.text(pluck(record, at))
        if said is None:
            return None
        found = terms.choices.get(at, {}).get(said) or terms.pipelines.get(convert.text(pluck(record, pipeline)) or "", {}).get(
            said, "unknown"
        )
        return kind(found) if found in set(kind) - {"unknown"} else Unknown(path=at, raw=said)

    return Rule(reads=(pipeline, at), apply=apply, options=tuple(kind), pipelines=True)
