"""Fields of a source that no rule reads: which there are, what an admin may read them as, and what the mapping proposes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, request, url_for

from hub import jobs, registry
from hub.errors import BadInput, SkipRecord
from hub.spec import Mapping as Rules
from hub.spec import Record, fields
from hub.spec.jsontext import loads
from hub.spec.mapping import leaves
from hub.store import absorb, overview
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync import decide
from hub.sync.decide import ReadAs
from hub.sync.terms import Reader, reader
from hub.web.guard import OPERATE, Page
from hub.web.here import by as decider
from hub.web.here import connection_or_404, hub, line, noted

SAMPLE = 200
"""As many stored records of a stream are looked at."""
MOST = 100
"""As many fields of a stream are shown, those that most records fill; nor are more decided at once."""
LONGEST = 120
"""Characters of a path that can be decided about; what lies deeper, or is called longer, is not offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of the source: in how many records it is filled, with how many values, and what the mapping proposes."""

    path: str
    filled: int
    values: int
    types: frozenset[str]
    proposed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The fields of one stream that no rule reads; by type what each may be read as, and whether a rule reads that too."""

    stream: str
    looked_at: int
    proposed: Sequence[Field]
    fields: Sequence[Field]
    more: int
    choices: Mapping[str, Sequence[tuple[str, bool]]]


@dataclass(slots=True)
class _Seen:
    records: set[int] = field(default_factory=set)
    values: set[int] = field(default_factory=set)
    types: set[str] = field(default_factory=set)


def shelves(tx: Transaction, connection: Connection) -> list[Shelf]:
    """By stream, what is filled and not read."""
    if connection.connector not in registry.connector_ids():
        return []
    unread = overview.unread(tx, connection.id)
    made = (_shelf(tx, connection, each.name, unread) for each in registry.connector(connection.connector).streams)
    return [shelf for shelf in made if shelf.proposed or shelf.fields]


def save(connection_id: str) -> Any:
    """Read fields as the form says, or no longer; what is stored is read again so, without a call to the system."""
    stream, paths, chosen = line("stream"), request.form.getlist("path"), request.form.getlist("read_as")
    with hub().database.reading() as tx:
        connection = connection_or_404(tx, connection_id)
    if len(paths) != len(chosen) or len(paths) > MOST:
        raise BadInput("choose one of the fields on the page")
    wanted = [_wanted(connection, stream, path, said) for path, said in zip(paths, chosen, strict=True) if said]
    if not wanted:
        raise BadInput("choose what at least one of the fields is read as")
    jobs.enqueue(hub().settings, decide.read_as(hub(), connection_id, stream=stream, fields=wanted, by=decider()))
    noted(stream=stream, fields=[f"{each.path} as {each.type}.{each.field or 'nothing'}" for each in wanted])
    taken = any(each.field for each in wanted)
    flash("Saved. What is stored is read again with these fields." if taken else "Taken back. The field is no longer read.")
    return redirect(url_for("decisions.mapping", connection_id=connection_id), code=303)


def options(connection: Connection, stream: str, path: str, known: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What a value at a path may mean that people have read as a field of ours (`known`, as `overview.read_as` has them)."""
    mine = {each["type"]: each["field"] for each in known if (each["stream"], each["path"]) == (stream, path)}
    found = (fields.options(each.type, mine[each.type.TYPE]) for each in _rules(connection, stream) if each.type.TYPE in mine)
    return next((some for some in found if some), ())


def _wanted(connection: Connection, stream: str, path: str, said: str) -> ReadAs:
    kind, _, name = said.partition(".")
    rules = [each for each in _rules(connection, stream) if kind == each.type.TYPE]
    fits = all(path not in each.reads() and (not name or name in fields.readable(each.type)) for each in rules)
    if not rules or not fits or not _named(path):
        raise BadInput("choose one of the fields on the page")
    return ReadAs(type=kind, path=path, field=name or None)


def _named(path: str) -> bool:
    return 0 < len(path) <= LONGEST and path.isprintable()


def _rules(connection: Connection, stream: str) -> list[Rules]:
    known = connection.connector in registry.connector_ids()
    return [each for each in registry.mappings_of(connection.connector) if each.stream == stream] if known else []


def _shelf(tx: Transaction, connection: Connection, stream: str, unread: Mapping[str, Sequence[str]]) -> Shelf:
    how = reader(tx, connection, stream)
    rows = [loads(row[4]) for row in absorb.current(tx, connection.id, stream, "", SAMPLE) if not row[2]]
    rows = [row for row in rows if any(_is_read(mapping, row, how) for mapping in how.mappings)]
    seen = _seen(how, rows)
    _add_unread(seen, how, unread.get(stream, ()))
    found = sorted((_field(path, each) for path, each in seen.items()), key=lambda each: (-each.filled, each.path))
    proposed = [each for one in found for each in _proposed(how, one)]
    others = [one for one in found if not any(one.path == each.path for each in proposed)]
    return Shelf(
        stream=stream,
        looked_at=len(rows),
        proposed=proposed[:MOST],
        fields=others[:MOST],
        more=len(others[MOST:]),
        choices=_choices(how),
    )


def _is_read(mapping: Rules, record: Record, how: Reader) -> bool:
    return mapping.applies(record) and mapping.chosen(record, how.terms)


def _add_unread(seen: dict[str, _Seen], how: Reader, paths: Sequence[str]) -> None:
    """Also what runs noticed that nobody reads, though the records that are looked at do not have it."""
    taken = {path for chosen in how.terms.fields.values() for path in chosen}
    for path in paths:
        if path not in taken and _named(path):
            seen.setdefault(path, _Seen(types={each.type.TYPE for each in how.mappings}))


def _seen(how: Reader, rows: Sequence[Record]) -> dict[str, _Seen]:
    found: dict[str, _Seen] = {}
    for number, record in enumerate(rows):
        for mapping in how.mappings:
            for path, value in _own(mapping, record, how):
                if not _named(path):
                    continue
                each = found.setdefault(path, _Seen())
                each.records.add(number)
                each.values.add(hash(repr(value)))
                each.types.add(mapping.type.TYPE)
    return found


def _own(mapping: Rules, record: Record, how: Reader) -> Iterator[tuple[str, Any]]:
    """The fields of a record that nobody reads as anything of this type, with what they hold."""
    if not _is_read(mapping, record, how):
        return
    try:
        custom = mapping.read(record, how.terms).entity.custom
    except SkipRecord:
        return
    read, taken = mapping.reads(), how.terms.fields.get(mapping.type.TYPE, {})
    for leaf in leaves(custom):
        if f"{mapping.custom}.{leaf}" not in read and (path := f"{fields.CUSTOM}{leaf}") not in taken:
            yield path, fields.reach(custom, leaf)
    for path in how.accounted.unread(record):
        yield path, fields.reach(record, path)


def _field(path: str, seen: _Seen) -> Field:
    return Field(path=path, filled=len(seen.records), values=len(seen.values), types=frozenset(seen.types))


def _proposed(how: Reader, found: Field) -> Iterator[Field]:
    for mapping in how.mappings:
        names = {path.casefold(): name for path, name in mapping.proposes.items()}
        name = names.get(found.path.casefold())
        if name and mapping.type.TYPE in found.types and found.filled:
            yield Field(
                path=found.path,
                filled=found.filled,
                values=found.values,
                types=frozenset({mapping.type.TYPE}),
                proposed=f"{mapping.type.TYPE}.{name}",
            )


def _choices(how: Reader) -> dict[str, list[tuple[str, bool]]]:
    return {each.type.TYPE: [(name, name in each.rules) for name in sorted(fields.readable(each.type))] for each in how.mappings}


PAGES = (Page(path="/settings/connections/<connection_id>/mapping/fields", view=save, roles=OPERATE, methods=("POST",)),)
