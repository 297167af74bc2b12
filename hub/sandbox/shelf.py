"""The records of one kind in one tool, in order of their numbers, without holding any of them.

A world repeats one table of slots over blocks of equal size, shuffled anew in each block. So how many records precede
a number, and which record stands at a position, is arithmetic plus a look into a single block.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

SLOTS = 200
"""Members of a block; rates stated for the world are out of this many."""


class Shelf:
    """Record k of member i has the number i * width + k; the sequence holds the numbers that exist, ascending."""

    def __init__(self, *, members: int, width: int, counts: Sequence[int], slot: Callable[[int], int]) -> None:
        """`counts` says for each slot how many records its member has, at most `width`."""
        self.members, self.width, self._counts, self._slot = members, width, tuple(counts), slot
        self._whole = sum(self._counts)
        self._block = lru_cache(maxsize=256)(self._built)
        full, rest = divmod(members, SLOTS)
        self._length = full * self._whole + (len(self._block(full)) if rest else 0)

    def _built(self, block: int) -> list[int]:
        members = range(block * SLOTS, min((block + 1) * SLOTS, self.members))
        return [i * self.width + k for i in members for k in range(self._counts[self._slot(i)])]

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[int]:
        return (self[position] for position in range(self._length))

    def __getitem__(self, position: int) -> int:
        if not 0 <= position < self._length:
            raise IndexError(position)
        block, rest = divmod(position, self._whole)
        return self._block(block)[rest]

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int) or not 0 <= number < self.members * self.width:
            return False
        return number % self.width < self._counts[self._slot(number // self.width)]

    def position(self, number: int) -> int:
        """How many numbers are smaller than this one, which need not exist itself."""
        if number <= 0:
            return 0
        block = number // (self.width * SLOTS)
        if block * SLOTS >= self.members:
            return self._length
        return block * self._whole + bisect_left(self._block(block), number)

    def between(self, start: int, stop: int) -> list[int]:
        """The numbers at the positions from start up to stop."""
        return [self[position] for position in range(max(start, 0), min(stop, self._length))]
