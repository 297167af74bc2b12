"""Having a system send us its pushes, where it lets us register for them with the account's own rights."""

from typing import Any

from hub import registry
from hub.errors import StopStream
from hub.spec import Reply, Webhook
from hub.store import connections
from hub.sync.hub import PRODUCTION, Hub
from hub.sync.lease import Lease


def subscribe(hub: Hub, lease: Lease) -> bool:
    """Register our door once; a system that refuses is read at its interval all the same, and the page says so."""
    with hub.database.reading() as tx:
        connection = connections.get(tx, lease.work.connection_id)
        known = connections.subscription(tx, connection.id)
    webhook = registry.connector(connection.connector).webhook
    if webhook is None or webhook.subscribe is None or known is not None or _unreachable(hub, connection.environment):
        return True
    send = hub.waiting(lease.lost.wait).remote(connection).send
    address = f"{hub.settings.public_url}/webhooks/{connection.door}"
    try:
        reply = send(webhook.subscribe(address))
        secret = _secret(webhook, reply, send)
    except StopStream as error:
        with hub.database.writing() as tx:
            lease.hold(tx)
            connections.change(tx, connection.id, problem=f"pushes are off, it is read every few minutes instead: {error}")
        return True
    with hub.database.writing() as tx:
        lease.hold(tx)
        connections.set_webhook(tx, connection.id, hub.seal, secret=secret, subscription=reply.body)
    return True


def _secret(webhook: Webhook, reply: Reply, send: Any) -> str | None:
    if webhook.secret is None:
        return None
    return webhook.secret(send(webhook.secret_request(reply)) if webhook.secret_request else reply)


def _unreachable(hub: Hub, environment: str) -> bool:
    """A system on the internet cannot reach a hub that only this machine can."""
    return environment == PRODUCTION and "://127." in hub.settings.public_url
