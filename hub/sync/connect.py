"""Connecting an account by signing in there, and everything that is done with a connection until its end."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hub import registry
from hub.errors import BadInput, HubError
from hub.remote import oauth
from hub.remote.send import Remote
from hub.remote.token_endpoint import Client
from hub.spec import Connector, OAuth2, Reply
from hub.store import connections, credentials, tickets, uploads
from hub.store.connections import Connection
from hub.sync import plan
from hub.sync.hub import PRODUCTION, SANDBOX, SELF_HOSTED, Hub, auth_of
from hub.sync.keep import keep

SIGN_IN_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in on its way: what is to be made of it, and the connection that it renews, if any."""

    made: Mapping[str, Any]
    verifier: str | None
    connection_id: str | None


def answered(connector: Connector, given: Mapping[str, str]) -> dict[str, str]:
    """The admin's answers, checked; BadInput names the first one that does not fit, with an example."""
    found = {}
    for ask in connector.asks:
        said = given.get(ask.name, "").strip() or ask.usual
        if not said and not ask.required:
            continue
        if not re.fullmatch(ask.pattern, said) or (ask.options and said not in ask.options):
            example = f", for example {ask.example}" if ask.example else ""
            raise BadInput(f"{ask.label} is not of the form it must have{example}", where=ask.name)
        found[ask.name] = said.rstrip("/") if "://" in said else said
    return found


def begin(
    hub: Hub,
    connector_id: str,
    *,
    answers: Mapping[str, str],
    label: str,
    environment: str,
    by: str,
    session: str,
    connection_id: str | None = None,
) -> str:
    """The address to send the browser to; what must be known when it comes back is kept here, once and for this session."""
    connector = registry.connector(connector_id)
    auth = auth_of(connector, OAuth2.kind)
    given = answered(connector, answers)
    made = {"connector": connector_id, "answers": given, "label": label, "environment": environment}
    endpoint = hub.endpoint(connector, given, environment, connection_id or "")
    if not isinstance(auth, OAuth2):
        raise BadInput(f"{connector.label} has no sign-in of this kind")
    with hub.database.reading() as tx:
        client = hub.client(tx, endpoint, auth)
    grant = oauth.begin(endpoint, auth, client)
    bound = {"by": by, "session": session, "verifier": grant.verifier, "connection_id": connection_id}
    with hub.database.writing() as tx:
        tickets.issue(
            tx, f"oauth:{connector_id}", grant.state, made | bound | {"auth": OAuth2.kind}, hub.time.now() + SIGN_IN_LASTS
        )
    return grant.url


def finish(hub: Hub, connector_id: str, *, state: str, code: str, by: str, session: str) -> Connection:
    """Take the browser back from the system's sign-in; BadInput unless this very person began it in this very session."""
    return finish_begun(hub, begun(hub, connector_id, state=state, by=by, session=session), code)


def begun(hub: Hub, connector_id: str, *, state: str, by: str, session: str) -> Begun:
    """What was kept at the start of a sign-in, given out once; BadInput for anybody but who began it in this session."""
    with hub.database.writing() as tx:
        made = tickets.redeem(tx, f"oauth:{connector_id}", state, hub.time.now())
    if made is None or made.pop("by") != by or made.pop("session") != session:
        raise BadInput("this sign-in was not begun here, or it was finished or left too long ago; start again")
    return Begun(verifier=made.pop("verifier"), connection_id=made.pop("connection_id"), made=made)


def finish_begun(hub: Hub, start: Begun, code: str) -> Connection:
    """Turn the code that came back into a connection."""
    connector = registry.connector(start.made["connector"])
    auth = auth_of(connector, OAuth2.kind)
    endpoint = hub.endpoint(connector, start.made["answers"], start.made["environment"], start.connection_id or "")
    if not isinstance(auth, OAuth2):
        raise BadInput(f"{connector.label} has no sign-in of this kind")
    with hub.database.reading() as tx:
        client = hub.client(tx, endpoint, auth)
    return keep(hub, start.made, oauth.exchange(endpoint, auth, client, code, start.verifier), start.connection_id)


def pause(hub: Hub, connection_id: str) -> None:
    """Read nothing more until it is resumed; a job that runs ends at its next page."""
    with hub.database.writing() as tx:
        connections.change(tx, connection_id, state=connections.PAUSED)
        plan.cancel(tx, connection_id)


def resume(hub: Hub, connection_id: str) -> list[tuple[int, str]]:
    """Go on where it was paused."""
    with hub.database.writing() as tx:
        connections.change(tx, connection_id, state=connections.CONNECTED, problem=None)
        return plan.all_due(tx, connections.get(tx, connection_id), hub.time.now())


def sync_now(hub: Hub, connection_id: str) -> list[tuple[int, str]]:
    """Make every stream due at once; the work to enqueue."""
    with hub.database.writing() as tx:
        connection = connections.get(tx, connection_id)
        if connection.state != connections.CONNECTED:
            raise BadInput(f"{connection_id} is {connection.state}; resume or re-authorise it first")
        return plan.all_due(tx, connection, hub.time.now())


def disconnect(hub: Hub, connection_id: str, *, keep_data: bool) -> str | None:
    """End the access there and the connection here; what the system said where it would not revoke, else None."""
    with hub.database.reading() as tx:
        connection = connections.get(tx, connection_id)
        subscribed = connections.subscription(tx, connection_id)
    problem = None if connection.state == connections.DISCONNECTED else _revoke(hub, connection, subscribed)
    with hub.database.writing() as tx:
        plan.cancel(tx, connection_id)
        credentials.remove(tx, connection_id)
        if keep_data:
            uploads.drop(tx, connection_id)
            connections.change(
                tx, connection_id, state=connections.DISCONNECTED, problem=problem, webhook_secret=None, subscription=None
            )
        else:
            plan.forget(tx, connection_id, hub.time.now())
    return problem


def _revoke(hub: Hub, connection: Connection, subscribed: Any) -> str | None:
    """End the push and the grant at the system; in the sandbox or anywhere, a refusal there does not keep us connected here."""
    connector = registry.connector(connection.connector)
    if not connector.auth:
        return None
    try:
        remote = hub.remote(connection)
        if subscribed is not None and connector.webhook and connector.webhook.unsubscribe:
            remote.send(connector.webhook.unsubscribe(Reply(status=200, body=subscribed)))
        auth = auth_of(connector, connection.auth)
        if isinstance(auth, OAuth2):
            with hub.database.reading() as tx:
                client = hub.client(tx, remote.endpoint, auth)
            _end_grant(remote, auth, client)
    except HubError as error:
        return str(error)
    return None


def _end_grant(remote: Remote, auth: OAuth2, client: Client) -> None:
    """Ask the system to forget what it granted, by its own call or as RFC 7009 has it."""
    held = {str(name): str(value) for name, value in remote.token(None).data.items()}
    if auth.revoke_url:
        oauth.revoke(remote.endpoint, auth, client, held)
    elif auth.revoke:
        remote.send(auth.revoke({**held, "client_id": client.client_id, "client_secret": client.secret}))


def environments(hub: Hub, connector: Connector) -> list[str]:
    """Where an account of this system can be: at its vendor or on one's own machines, and in the sandbox where that runs."""
    usual = SELF_HOSTED if connector.self_hosted else PRODUCTION
    return [usual, SANDBOX] if connector.id in dict(hub.settings.sandbox_origins) else [usual]
