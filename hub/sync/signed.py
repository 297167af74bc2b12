"""Signed pushes of canonical records: what web forms and other tools send that sign as Standard Webhooks has it."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub.errors import BadInput
from hub.spec import Delivery, standard
from hub.spec.jsontext import loads
from hub.store import connections
from hub.store.connections import Connection
from hub.sync import push
from hub.sync.hub import Hub
from hub.sync.push import Outcome

_SECRET_BYTES = 32
_TAKEN, _BAD, _FORGED, _CLOSED, _REJECTED = 200, 400, 401, 409, 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What to answer the sender of a push, and the work to enqueue; `records` tells what became of those that it brought."""

    status: int
    work: Sequence[tuple[int, str]] = ()
    records: Sequence[Outcome] | None = None
    why: str | None = None


def new_secret(hub: Hub, connection_id: str) -> str:
    """The secret with which pushes to a connection's door are signed from now on, in place of any before; told only here."""
    made = f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"
    with hub.database.writing() as tx:
        connections.set_webhook(tx, connection_id, hub.seal, secret=made, subscription=None)
    return made


def take(hub: Hub, connection: Connection, secret: str, delivery: Delivery) -> Answer:
    """Take the records of a delivery, a list under `records` or one alone; sending it again changes nothing.

    What was known when (`observed_at`) is believed only with an API key that may say so.
    """
    if not standard(delivery, secret):
        return Answer(status=_FORGED)
    try:
        sent = _records(loads(delivery.body))
    except BadInput as error:
        return Answer(status=_BAD, why=f"{error}.")
    try:
        accepted = push.accept(hub, connection.id, sent)
    except BadInput as error:
        return Answer(status=_CLOSED, why=f"{error}.")
    rejected = all(each.outcome == push.REJECTED for each in accepted.outcomes)
    return Answer(status=_REJECTED if rejected else _TAKEN, records=accepted.outcomes, work=accepted.work)


def _records(body: Any) -> list[Any]:
    """BadInput where a delivery holds none, too many, or says when they were known."""
    found = body.get("records", [body]) if isinstance(body, dict) else None
    if not isinstance(found, list) or not 0 < len(found) <= push.MOST:
        raise BadInput(f"send one record, or an object with at most {push.MOST} of them under records")
    if any(isinstance(each, dict) and "observed_at" in each for each in found):
        raise BadInput("observed_at needs an API key with the scope backfill")
    return found
