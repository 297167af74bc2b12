"""Repeatable chance: every draw is a pure function of the world's seed and of what is drawn for."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from math import gcd
from typing import TypeVar

from hub.sandbox.shelf import SLOTS

ENDS = datetime(2026, 11, 1, tzinfo=UTC)
"""The instant before which everything in a fresh world has happened."""
BEGINS = ENDS - timedelta(days=3 * 365)
_BEGIN_MS, _END_MS = int(BEGINS.timestamp() * 1000), int(ENDS.timestamp() * 1000)

T = TypeVar("T")

_COPRIME = tuple(n for n in range(1, SLOTS) if gcd(n, SLOTS) == 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(milliseconds: int) -> datetime:
    """The moment so many milliseconds after 1970 began."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def milliseconds(moment: datetime) -> int:
    """The reverse of `instant`."""
    return round((moment - _EPOCH) / timedelta(milliseconds=1))


class Chance:
    """The draws of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._shuffle = lru_cache(maxsize=1024)(self._shuffled)
        self.span = lru_cache(maxsize=4096)(self._span)

    def bytes(self, what: str, *keys: object) -> bytes:
        """Thirty-two bytes to pick by."""
        return blake2b(f"{self.seed}:{what}:{keys}".encode(), digest_size=32).digest()

    def slot(self, member: int) -> int:
        """The member's slot: each block of members holds every slot once, in an order of its own."""
        block, place = divmod(member, SLOTS)
        factor, shift, _ = self._shuffle(block)
        return (factor * place + shift) % SLOTS

    def member(self, block: int, slot: int) -> int:
        """The member of a block that has this slot."""
        _, shift, inverse = self._shuffle(block)
        return block * SLOTS + (slot - shift) * inverse % SLOTS

    def _shuffled(self, block: int) -> tuple[int, int, int]:
        drawn = self.bytes("block", block)
        factor = _COPRIME[drawn[0] % len(_COPRIME)]
        return factor, drawn[1] % SLOTS, pow(factor, -1, SLOTS)

    def since(self, earliest: int, what: str, *keys: object) -> tuple[int, int]:
        """When something was made and last changed, in milliseconds: after `earliest` and before the world ends."""
        drawn = self.bytes(what, *keys)
        made = earliest + (_END_MS - 1 - earliest) * int.from_bytes(drawn[:4], "big") // 2**32
        changed = made + (_END_MS - 1 - made) * int.from_bytes(drawn[4:8], "big") // 2**32
        return made, changed

    def _span(self, what: str, *keys: object) -> tuple[int, int]:
        """As `since`, for what depends on nothing earlier in the three years."""
        return self.since(_BEGIN_MS, what, *keys)


def pick(options: tuple[T, ...], drawn: bytes, place: int) -> T:
    """One of the options, by the two bytes at a place of a draw."""
    return options[int.from_bytes(drawn[place : place + 2], "big") % len(options)]
