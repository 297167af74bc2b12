"""The push door: verified on its raw bytes, stored once, answered, and only then thought about."""

from collections.abc import Sequence

from hub import registry
from hub.errors import BadInput
from hub.model import digest
from hub.spec import Change, Delivery
from hub.spec.jsontext import loads
from hub.store import connections, inbox, work
from hub.store.canonical import Origin
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync import page as pages_of
from hub.sync import reader, signed
from hub.sync.hub import Hub
from hub.sync.lease import Lease
from hub.sync.signed import Answer
from hub.sync.terms import reader as terms_of

MAX_BODY = 1_000_000
_Whose = tuple[str, str | None, Connection | None]
_ACCEPTED, _BAD, _FORGED, _UNKNOWN, _TOO_LARGE = 202, 400, 401, 404, 413


def accept(hub: Hub, door: str, delivery: Delivery) -> Answer:
    """Take a delivery at a door: a genuine one is stored in one transaction before it is answered."""
    if len(delivery.body) > MAX_BODY:
        return Answer(status=_TOO_LARGE)
    with hub.database.reading() as tx:
        found = _door(hub, tx, door)
    if found is None:
        return Answer(status=_UNKNOWN)
    connector_id, secret, connection = found
    if connection is not None and secret is not None and connector_id == registry.PUSH.id:
        return signed.take(hub, connection, secret, delivery)
    return _hinted(hub, door, delivery, found)


def _hinted(hub: Hub, door: str, delivery: Delivery, whose: _Whose) -> Answer:
    """Take a system's word that some of its records changed."""
    connector_id, secret, connection = whose
    webhook = registry.connector(connector_id).webhook
    if webhook is None or (webhook.signed and secret is None):
        return Answer(status=_UNKNOWN)
    if not webhook.genuine(delivery, secret or ""):
        return Answer(status=_FORGED)
    try:
        changes = list(webhook.changes(loads(delivery.body, limit=MAX_BODY)))
    except (BadInput, KeyError, TypeError, ValueError, AttributeError):
        return Answer(status=_BAD)
    with hub.database.writing() as tx:
        return Answer(status=_ACCEPTED, work=_store(tx, door, delivery, (connector_id, connection), changes))


def take(hub: Hub, lease: Lease) -> bool:
    """Read again what pushes said has changed in one stream; True when the inbox of it is empty."""
    with hub.database.reading() as tx:
        connection = connections.get(tx, lease.work.connection_id)
        stream = registry.connector(connection.connector).stream(lease.work.key)
        waiting = inbox.waiting(tx, connection.id, stream.name)
        how = terms_of(tx, connection, stream.name)
    if not waiting or connection.state != connections.CONNECTED:
        return True
    send = hub.waiting(lease.lost.wait).remote(connection).send
    found, missing = reader.some(stream, list(dict.fromkeys(waiting.values())), send)
    now = hub.time.now()
    origin = Origin(connection_id=connection.id, system=connection.connector, stream=stream.name, received_at=now)
    ready = pages_of.prepared(hub.database, origin, stream, how, found)
    ready.gone += [(each, None) for each in missing]
    with hub.database.writing() as tx:
        lease.hold(tx)
        pages_of.write(tx, ready, now)
        inbox.done(tx, list(waiting), now)
        return not inbox.waiting(tx, connection.id, stream.name, limit=1)


def _door(hub: Hub, tx: Transaction, door: str) -> _Whose | None:
    """Whose door it is: (connector, signing secret, connection); the connection is None at the door of an app."""
    connection = connections.at_door(tx, door)
    if connection is not None and connection.state != connections.DISCONNECTED:
        return connection.connector, connections.webhook_secret(tx, connection.id, hub.seal), connection
    app = connections.app_at_door(tx, door, hub.seal)
    if app is not None:
        return app.connector, app.webhook_secret or app.secret, None
    return None


def _store(
    tx: Transaction, door: str, delivery: Delivery, whose: tuple[str, Connection | None], changes: Sequence[Change]
) -> list[tuple[int, str]]:
    """Store what is new in a delivery; each stream it concerns has work, whose id is returned."""
    connector_id, connection = whose
    now = delivery.received_at
    streams: dict[tuple[str, str], None] = {}
    for number, change in enumerate(changes):
        # Where a system does not name its deliveries, the same words may tell of another change: the moment tells them apart.
        key = digest(change.key.encode()) if change.key else digest(delivery.body, str(number), now.isoformat())
        for each in [connection] if connection else connections.of_account(tx, connector_id, change.account or ""):
            new = _listens(connector_id, change) and inbox.put(
                tx, door, f"{key}:{each.id}", connection_id=each.id, change=change, now=now
            )
            if new:
                streams[each.id, change.stream] = None
    return [(work.add(tx, "push", now, connection_id=found, key=stream), "push") for found, stream in streams]


def _listens(connector_id: str, change: Change) -> bool:
    streams = {stream.name for stream in registry.connector(connector_id).streams}
    return change.stream in streams and 0 < len(change.id) <= reader.MAX_ID and "\0" not in change.id
