"""A saved mapping: what each column of a spreadsheet is read as, and what tells its rows from each other."""

from collections.abc import Collection, Mapping

import msgspec

from hub.errors import BadInput
from hub.model import Entity, digest
from hub.sheets.cells import COMMA, DAY_FIRST, MONTH_FIRST, POINT
from hub.sheets.fields import CHOICE, COUNTED, DATED, MANY, fields
from hub.sheets.table import Cells


class Column(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A column; without a field it is kept and not read. `form` is that of its dates or numbers, `values` what its words mean."""

    name: str
    field: str | None = None
    form: str | None = None
    values: dict[str, str] = {}


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an admin saved. `key` are the columns that tell rows apart: one that holds the record's id, or, `digested`,
    several whose contents together do. `currency` is of the amounts of which nothing else says it; in `zone` days begin.
    """

    columns: tuple[Column, ...]
    key: tuple[str, ...]
    digested: bool = False
    currency: str | None = None
    zone: str = "UTC"

    def of(self, row: Cells) -> str | None:
        """The id of a row's record; None where the row has none."""
        if not self.digested:
            return row.get(self.key[0])
        said = [row.get(name, "") for name in self.key]
        return digest(msgspec.json.encode(said)) if any(said) else None


def checked(plan: Plan, kind: type[Entity], there: Collection[str]) -> Plan:
    """The plan, where it can be followed with these columns; BadInput says what is missing or contradicts itself."""
    known = fields(kind)
    if not plan.key:
        raise BadInput("choose the column that holds the record's id, or the columns that together tell rows apart", where="key")
    if gone := [name for name in plan.key if name not in there]:
        raise BadInput(f"the file has no column {gone[0]!r}, which tells its rows apart", where="key")
    taken: dict[str, str] = {}
    for column in plan.columns:
        if column.field is None:
            continue
        field = known.get(column.field)
        if field is None:
            raise BadInput(f"{column.name!r} cannot be read as {column.field!r}", where="columns")
        if field.name in taken and field.kind not in MANY:
            raise BadInput(f"{taken[field.name]!r} and {column.name!r} cannot both be {column.field!r}", where="columns")
        taken[field.name] = column.name
        _formed(column, field.kind, field.options)
    if not taken:
        raise BadInput("choose for at least one column what it is read as", where="columns")
    return plan


def lost(plan: Plan, there: Collection[str]) -> list[str]:
    """The columns that the plan reads and that are not there: what they said would be emptied."""
    return [column.name for column in plan.columns if column.field and column.name not in there]


def _formed(column: Column, kind: str, options: Collection[str]) -> None:
    forms = (DAY_FIRST, MONTH_FIRST) if kind in DATED else (COMMA, POINT) if kind in COUNTED else ()
    if column.form is not None and column.form not in forms:
        raise BadInput(f"{column.name!r} has no such form", where="columns")
    if wrong := set(column.values.values()) - set(options if kind == CHOICE else ()):
        raise BadInput(f"{column.name!r} cannot mean {min(wrong)!r}", where="columns")


def as_text(plan: Plan) -> str:
    """As it is stored."""
    return msgspec.json.encode(plan, order="sorted").decode()


def from_text(answers: Mapping[str, str]) -> Plan | None:
    """The plan among a connection's answers."""
    said = answers.get("plan")
    return msgspec.json.decode(said, type=Plan) if said else None
