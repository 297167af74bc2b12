"""The order in which lists are asked for: by several keys, the first of which counts most."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A field to order by; what has no value there stands first, whichever way the others go, unless `absent_last`."""

    field: str
    descending: bool = False
    absent_last: bool = False


def ordered(found: Iterable[T], value: Callable[[T, str], Any], keys: Sequence[Key]) -> list[T]:
    """What was found in the order of these keys, given what reads a field; equals stay as they came."""
    kept = list(found)
    for key in reversed(keys):
        placed = [(_place(value(one, key.field), key), one) for one in kept]
        kept = [one for _, one in sorted(placed, key=lambda pair: pair[0], reverse=key.descending)]
    return kept


def _place(said: Any, key: Key) -> tuple[bool, Any]:
    return (said is None) == (key.descending != key.absent_last), 0 if said is None else said
