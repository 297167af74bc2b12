"""The records of a world in the order of their last change, held as one whole number each."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.rows import Source

_BEGIN = milliseconds(BEGINS)
_NUMBER_BITS = 25


class Timeline:
    """Made when first asked; a million records take some seconds then and eight megabytes from then on."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @cached_property
    def _packed(self) -> "array[int]":
        shelf, stamps = self._source.shelf, self._source.stamps
        packed = ((stamps(*divmod(number, shelf.width))[1] - _BEGIN) << _NUMBER_BITS | number for number in shelf)
        return array("q", sorted(packed))

    def between(self, earliest: int, latest: int) -> Iterator[tuple[int, int]]:
        """(changed, id) of what changed between two times in milliseconds, both included."""
        begin = bisect_left(self._packed, max(earliest - _BEGIN, 0) << _NUMBER_BITS)
        end = bisect_left(self._packed, max(latest + 1 - _BEGIN, 0) << _NUMBER_BITS)
        mask = (1 << _NUMBER_BITS) - 1
        for place in range(begin, end):
            entry = self._packed[place]
            yield _BEGIN + (entry >> _NUMBER_BITS), self._source.first_id + (entry & mask)
