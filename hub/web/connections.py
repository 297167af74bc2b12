"""The connections of this hub: the list, how one stands, and its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from hub import registry
from hub.model import TYPES
from hub.spec import Connector
from hub.store import connections, overview, uploads
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.store.overview import Standing
from hub.sync import streams
from hub.web.guard import OPERATE, READ, Page
from hub.web.here import connection_or_404, hub
from hub.web.words import row_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a connection is doing in one word (`badge`), and every message that a person should read."""

    badge: str
    messages: tuple[tuple[str, str], ...] = ()


def connector_of(connection: Connection) -> Connector | None:
    """The connector of a connection; None for one that programs push to."""
    known = connection.connector in registry.connector_ids()
    return registry.connector(connection.connector) if known else None


def listing() -> Any:
    """All connections with their state."""
    return render_template("connections.html", **_everyone())


def listing_live() -> Any:
    """The part of the list that changes by itself."""
    return render_template("_connections.html", **_everyone())


def detail(connection_id: str, *, signing: str | None = None) -> Any:
    """One connection; `signing` is a secret that was made just now, and is shown this once."""
    with hub().database.reading() as tx:
        connection = connection_or_404(tx, connection_id)
        known = _standing(tx, connection)
        push = {
            "at": overview.last_push(tx, connection_id),
            "registered": connections.subscription(tx, connection_id) is not None,
        }
        push["secret"] = connections.webhook_secret(tx, connection_id, hub().seal) is not None
        asked, unread = sum(row.raw != "" for row in overview.asked(tx, connection_id)), overview.unread(tx, connection_id)
        upload = uploads.of(tx, connection_id)
    file = upload is not None and upload.state == uploads.WAITING
    door = f"{hub().settings.public_url}/webhooks/{connection.door}"
    about = {"push": push, "file": file, "asked": asked, "unread": unread}
    return render_template("connection.html", **known, **about, door=door, signing=signing)


def progress(connection_id: str) -> Any:
    """The part of a connection's page that changes while it is read."""
    with hub().database.reading() as tx:
        known = _standing(tx, connection_or_404(tx, connection_id))
    return render_template("_streams.html", **known)


def history(connection_id: str) -> Any:
    """What each run read and changed, the newest first."""
    stream, before = request.args.get("stream") or None, row_number(request.args.get("before"))
    with hub().database.reading() as tx:
        connection = connection_or_404(tx, connection_id)
        rows = overview.runs(tx, connection_id, stream=stream, before=before)
    shown = rows[: overview.PAGE]
    older = shown[-1].id if len(rows) > overview.PAGE else None
    names = _streams(connection)
    return render_template("runs.html", connection=connection, runs=shown, older=older, stream=stream, names=names)


def skipped(connection_id: str) -> Any:
    """The records that could not be read, each with the reason."""
    after = row_number(request.args.get("after"))
    with hub().database.reading() as tx:
        connection = connection_or_404(tx, connection_id)
        rows = overview.skipped(tx, connection_id, after=after)
    shown = rows[: overview.PAGE]
    more = shown[-1].raw_id if len(rows) > overview.PAGE else None
    return render_template("skipped.html", connection=connection, rows=shown, more=more)


def _everyone() -> dict[str, Any]:
    with hub().database.reading() as tx:
        found = connections.everyone(tx)
        counts = connections.counts(tx)
        summaries = overview.summaries(tx, [each.id for each in found])
        health = {each.id: _health(each, overview.standings(tx, each.id, _streams(each))) for each in found}
    totals = {each.id: _ordered(counts, each.id) for each in found}
    running = any(each.badge == "syncing" for each in health.values())
    return {"connections": found, "totals": totals, "summaries": summaries, "health": health, "running": running}


def _standing(tx: Transaction, connection: Connection) -> dict[str, Any]:
    connector = connector_of(connection)
    streams = overview.standings(tx, connection.id, _streams(connection))
    every = {stream.name: stream.every for stream in (*connector.references, *connector.streams)} if connector else {}
    return {
        "connection": connection,
        "connector": connector,
        "streams": streams,
        "every": every,
        "counts": counts_of(tx, connection.id),
        "now": hub().time.now(),
        "health": _health(connection, streams),
        "running": any(stream.running for stream in streams),
    }


def counts_of(tx: Transaction, connection_id: str) -> list[tuple[str, int]]:
    """How many live records of each type there are, in the order of the types."""
    return _ordered(connections.counts(tx), connection_id)


def _ordered(counts: Mapping[tuple[str, str], int], connection_id: str) -> list[tuple[str, int]]:
    return [(kind, counts[connection_id, kind]) for kind in TYPES if (connection_id, kind) in counts]


def _health(connection: Connection, streams: Sequence[Standing]) -> Health:
    messages = [("", connection.problem)] if connection.problem else []
    if connection.state == connections.CONNECTED:
        messages += [(stream.name, said) for stream in streams for said in (stream.error, stream.held) if said]
    if connection.state != connections.CONNECTED:
        badge = connection.state
    elif messages:
        badge = "attention"
    else:
        badge = "syncing" if any(stream.running for stream in streams) else "connected"
    return Health(badge=badge, messages=tuple(messages))


def _streams(connection: Connection) -> list[str]:
    return [stream.name for stream in streams.streams(connection)]


_ONE = "/settings/connections/<connection_id>"
PAGES = (
    Page(path="/settings/connections", view=listing, roles=READ),
    Page(path="/settings/connections/live", view=listing_live, roles=READ),
    Page(path=_ONE, view=detail, roles=READ),
    Page(path=f"{_ONE}/progress", view=progress, roles=READ),
    Page(path=f"{_ONE}/runs", view=history, roles=READ),
    Page(path=f"{_ONE}/skipped", view=skipped, roles=OPERATE),
)
