"""Connections over the API: what is connected, how it stands, and the door for pushed records."""

from typing import Any

from werkzeug.exceptions import Conflict, NotFound

from hub import jobs
from hub.errors import BadInput
from hub.store import connections as stored
from hub.store import figures
from hub.sync import push
from hub.web.api import answers
from hub.web.api.blueprint import offers
from hub.web.api.keys import BACKFILL, PUSH, READ, demand
from hub.web.here import connection_or_404, hub
from hub.web.schemas import ConnectionDetail, Connections, Outcomes, Problem, Push

TAG = "Connections"
_PATH = "/connections/<string(maxlength=200):connection_id>"
_CLOSED = {409: (Problem, "This connection takes no pushed records, or none now.")}


@offers("/connections", READ, Connections, tag=TAG)
def connections() -> Any:
    """List all connections, in the order of their making."""
    with hub().database.reading() as tx:
        counts = stored.counts(tx)
        found = [_shown(one, counts) for one in stored.everyone(tx)]
    return answers.answer(Connections, {"items": found})


@offers(_PATH, READ, ConnectionDetail, tag=TAG)
def connection(connection_id: str) -> Any:
    """Show one connection with its streams and its latest runs."""
    with hub().database.reading() as tx:
        found = _shown(connection_or_404(tx, connection_id), stored.counts(tx))
        found |= {"streams": figures.streams(tx, connection_id), "runs": figures.runs(tx, connection_id)}
    return answers.tagged(ConnectionDetail, found)


@offers(f"{_PATH}/records", PUSH, Outcomes, tag=TAG, body=Push, also=_CLOSED)
def pushed(sent: dict[str, Any], connection_id: str) -> Any:
    """Push records into a push connection.

    At most 200 records and 1 MB at a time, written together. Each is answered for itself: `written`, `same` (already
    there), `stale` (older than what is there, kept as history), `deleted`, or `rejected` with the reason. Of two versions
    of a record the one with the later `changed_at` counts, whichever arrives first, and sending anything again changes
    nothing: after a lost answer just send it again. `observed_at` needs the scope backfill.
    """
    if any("observed_at" in one for one in sent["records"]):
        demand(BACKFILL)
    try:
        accepted = push.accept(hub(), connection_id, sent["records"])
    except KeyError as error:
        raise NotFound("There is no connection of that name.") from error
    except BadInput as error:
        raise Conflict(f"{error}.") from error
    jobs.enqueue(hub().settings, accepted.work)
    return answers.answer(Outcomes, {"records": accepted.outcomes})


def _shown(found: stored.Connection, counts: dict[tuple[str, str], int]) -> dict[str, Any]:
    records = {kind: count for (connection_id, kind), count in counts.items() if connection_id == found.id}
    return {"records": records, **{name: getattr(found, name) for name in stored.Connection.__slots__}}
