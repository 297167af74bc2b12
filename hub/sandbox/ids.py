"""Ids that tell of which object a record is: its mark, the record's number with leading zeros, and what always comes last."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Ids:
    """The ids of a system's objects; `marks` has by their names what ids begin and end with, the beginnings equally long."""

    marks: Mapping[str, tuple[str, str]]
    digits: int

    def of(self, name: str, number: int) -> str:
        """The id of an object's record."""
        begin, end = self.marks[name]
        return f"{begin}{number:0{self.digits}}{end}"

    def number(self, name: str, text: str) -> int:
        """The reverse; ValueError where this is no id of that object."""
        begin, end = self.marks[name]
        digits = text.removeprefix(begin).removesuffix(end)
        if not digits.isdecimal() or text != self.of(name, int(digits)):
            raise ValueError(text)
        return int(digits)

    def read(self, text: str) -> tuple[str, int] | None:
        """The object and the number of a record, whichever it is; None where this is no id."""
        for name, (begin, _) in self.marks.items():
            if text.startswith(begin):
                try:
                    return name, self.number(name, text)
                except ValueError:
                    return None
        return None
