"""What somebody asked for, kept under a token by which it is read later, in parts or when it is done."""

from collections.abc import Callable
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Things by their tokens, none of which is ever given twice."""

    def __init__(self, token: Callable[[int], str]) -> None:
        """`token` makes one of a number from 1."""
        self._token, self._numbers, self._things = token, count(1), dict[str, T]()

    def keep(self, thing: T) -> str:
        """The token by which it is found."""
        token = self._token(next(self._numbers))
        self._things[token] = thing
        return token

    def get(self, token: str) -> T | None:
        """What is kept under a token, as long as it is."""
        return self._things.get(token)

    def drop(self, token: str) -> bool:
        """Keep it no longer; whether it was."""
        return self._things.pop(token, None) is not None
