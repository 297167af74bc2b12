"""What only a person can decide: what a system's own values mean, what its records are, and what its own fields are read as."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from hub import jobs, registry
from hub.errors import BadInput
from hub.spec import NOTHING, Rule
from hub.store import access, overview
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync import decide as meaning
from hub.web import own_fields
from hub.web.guard import OPERATE, READ, Page
from hub.web.here import by, connection_or_404, hub, noted

LONGEST_RAW = 150


def mapping(connection_id: str) -> Any:
    """The values that no table lists, those decided already, and what is filled but not read."""
    with hub().database.reading() as tx:
        connection = connection_or_404(tx, connection_id)
        asked, decided = overview.asked(tx, connection_id), overview.decided(tx, connection_id)
        read_as, shelves = overview.read_as(tx, connection_id), own_fields.shelves(tx, connection)
        unread = overview.unread(tx, connection_id)
        stages = overview.stage_names(tx, connection_id)
        people = {f"user:{each.id}": each.name or each.email for each in access.users(tx)}
    shown = {shelf.stream for shelf in shelves}
    return render_template(
        "mapping.html",
        connection=connection,
        **_questions(connection, asked, read_as),
        decided=decided,
        kinds={place for place in _places(asked, decided) if kinds(connection, *place)},
        read_as=read_as,
        shelves=shelves,
        unread={stream: paths for stream, paths in unread.items() if stream not in shown},
        stages=stages,
        people=people,
    )


def _places(asked: Sequence[Any], decided: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    return {(row.stream, row.path) for row in asked} | {(each["stream"], each["path"]) for each in decided}


def _questions(connection: Connection, asked: Sequence[Any], read_as: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The values that can be decided, by their place, with what they may mean; and those that could not even be read."""
    options = {(row.stream, row.path): choices(connection, row.stream, row.path, read_as) for row in asked}
    decidable = [row for row in asked if row.raw and options[row.stream, row.path]]
    questions = [(place, list(rows)) for place, rows in groupby(decidable, key=lambda row: (row.stream, row.path))]
    return {"questions": questions, "options": options, "unreadable": [row for row in asked if row not in decidable]}


def decide(connection_id: str) -> Any:
    """Say what a value means, or take that back; what is stored is read again in the new terms, without a call to the system."""
    stream, path, raw, value = (request.form.get(name, "") for name in ("stream", "path", "raw", "value"))
    with hub().database.reading() as tx:
        connection = connection_or_404(tx, connection_id)
        offered = choices(connection, stream, path, overview.read_as(tx, connection_id))
        called = _called(tx, connection, stream, path, raw=raw)
    if not raw or len(raw) > LONGEST_RAW or (value and value not in offered):
        raise BadInput("choose one of the values on the page")
    work = meaning.choose(hub(), connection_id, stream=stream, path=path, raw=raw, value=value or None, called=called, by=by())
    jobs.enqueue(hub().settings, work)
    noted(stream=stream, path=path, value=value or None)
    flash("Saved. What is stored is read again with this meaning." if value else "Taken back. The value is a question again.")
    return redirect(url_for("decisions.mapping", connection_id=connection_id), code=303)


def _called(tx: Transaction, connection: Connection, stream: str, path: str, *, raw: str) -> str | None:
    """What the source calls the records whose kind is decided, where it is asked about."""
    if not kinds(connection, stream, path):
        return None
    asked = overview.asked(tx, connection.id)
    return next((row.why for row in asked if (row.stream, row.path, row.raw) == (stream, path, raw)), None)


def choices(connection: Connection, stream: str, path: str, read_as: Sequence[Mapping[str, Any]] = ()) -> tuple[str, ...]:
    """What a value at a path of a stream may mean; nothing where neither a rule with a table nor a decision reads it."""
    if connection.connector not in registry.connector_ids():
        return ()
    rules = (
        rule
        for each in registry.mappings_of(connection.connector)
        if each.stream == stream
        for top in each.rules.values()
        for rule in _parts(top)
    )
    found = next((rule.options for rule in rules if path in rule.reads and rule.options), ())
    found = kinds(connection, stream, path) or found or own_fields.options(connection, stream, path, read_as)
    return tuple(option for option in found if option != "unknown")


def kinds(connection: Connection, stream: str, path: str) -> tuple[str, ...]:
    """What the records that say something at this path may be decided to be; nothing where that is no question."""
    if connection.connector not in registry.connector_ids():
        return ()
    mine = [each for each in registry.mappings_of(connection.connector) if (each.stream, each.as_decided) == (stream, path)]
    return (*dict.fromkeys(each.type.TYPE for each in mine), NOTHING) if mine else ()


def _parts(rule: Rule) -> Iterator[Rule]:
    yield rule
    for part in rule.parts:
        yield from _parts(part)


PAGES = (
    Page(path="/settings/connections/<connection_id>/mapping", view=mapping, roles=READ),
    Page(path="/settings/connections/<connection_id>/mapping/decide", view=decide, roles=OPERATE, methods=("POST",)),
    *own_fields.PAGES,
)
