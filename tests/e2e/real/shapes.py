"""What JSON answers have in common: which keys and which types stand where, whatever the values are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_TYPES = {str: "text", bool: "truth", int: "number", float: "number", type(None): "nothing", dict: "object", list: "list"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """The types seen at one place, and what stands below it; `empty` when no element of a list was seen."""

    types: frozenset[str]
    keys: dict[str, "Shape"] = field(default_factory=dict)
    items: "Shape | None" = None


def shape(value: Any) -> Shape:
    """The shape of a value; elements of a list are taken together."""
    types = frozenset({_TYPES[type(value)]})
    if isinstance(value, dict):
        return Shape(types=types, keys={key: shape(below) for key, below in value.items()})
    if isinstance(value, list):
        return Shape(types=types, items=together(shape(one) for one in value))
    return Shape(types=types)


def together(shapes: Iterable[Shape]) -> Shape | None:
    """One shape for values that stand at the same place; None where there are none."""
    found = list(shapes)
    if not found:
        return None
    names = dict.fromkeys(key for one in found for key in one.keys)
    below = {name: together(one.keys[name] for one in found if name in one.keys) for name in names}
    return Shape(
        types=frozenset().union(*(one.types for one in found)),
        keys={name: one for name, one in below.items() if one is not None},
        items=together(one.items for one in found if one.items is not None),
    )


def differences(real: Shape, stand_in: Shape, free: frozenset[str] = frozenset(), place: str = "$") -> list[str]:
    """Where two shapes differ, as sentences. Nothing fits everything; below the places in `free` all may differ."""
    if place in free:
        return []
    found = _of_types(real.types - {"nothing"}, stand_in.types - {"nothing"}, place)
    if real.keys and stand_in.keys:
        found += _alone(real.keys.keys() - stand_in.keys.keys() - _below(place, free), place, "the real answer")
        found += _alone(stand_in.keys.keys() - real.keys.keys() - _below(place, free), place, "the stand-in's answer")
    for key in real.keys.keys() & stand_in.keys.keys():
        found += differences(real.keys[key], stand_in.keys[key], free, f"{place}.{key}")
    if real.items and stand_in.items:
        found += differences(real.items, stand_in.items, free, f"{place}[]")
    return found


def _below(place: str, free: frozenset[str]) -> set[str]:
    """The keys below a place that are free to differ."""
    return {one.removeprefix(f"{place}.") for one in free if one.startswith(f"{place}.")}


def _alone(keys: set[str], place: str, where: str) -> list[str]:
    return [f"{place}.{key} is only in {where}" for key in sorted(keys)]


def _of_types(real: frozenset[str], stand_in: frozenset[str], place: str) -> list[str]:
    if not real or not stand_in or real == stand_in:
        return []
    return [f"{place} is {'/'.join(sorted(real))} in the real answer, {'/'.join(sorted(stand_in))} in the stand-in's"]
