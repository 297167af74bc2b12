"""Connecting an account: sign in or enter a key, prove that it works, and only then keep it."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hub import registry
from hub.errors import BadInput, HubError
from hub.remote import oauth
from hub.remote.oauth import Client
from hub.remote.send import Remote
from hub.remote.token import expiry
from hub.spec import Connector, OAuth2, Reply, Token
from hub.store import connections, credentials, tickets
from hub.store.connections import Connection
from hub.sync import plan
from hub.sync.hub import Hub, auth_of

SIGN_IN_LASTS = timedelta(minutes=15)
KEY, OAUTH2 = "key", "oauth2"


def answered(connector: Connector, given: Mapping[str, str]) -> dict[str, str]:
    """The admin's answers, checked; BadInput names the first one that does not fit, with an example."""
    found = {}
    for ask in connector.asks:
        said = given.get(ask.name, "").strip()
        if not said and not ask.required:
            continue
        if not re.fullmatch(ask.pattern, said) or (ask.options and said not in ask.options):
            example = f", for example {ask.example}" if ask.example else ""
            raise BadInput(f"{ask.label} is not of the form it must have{example}", where=ask.name)
        found[ask.name] = said.rstrip("/") if "://" in said else said
    return found


def with_key(hub: Hub, connector_id: str, *, answers: Mapping[str, str], key: str, label: str, environment: str) -> Connection:
    """Connect with a key; nothing is kept unless the system accepts it."""
    connector = registry.connector(connector_id)
    made = {"connector": connector_id, "answers": answered(connector, answers), "label": label, "environment": environment}
    if not key.strip() or not key.isprintable():
        raise BadInput("enter the key as the system shows it", where="key")
    return _keep(hub, made | {"auth": KEY}, {"key": key.strip()})


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
    auth = auth_of(connector, OAUTH2)
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
        tickets.issue(tx, f"oauth:{connector_id}", grant.state, made | bound | {"auth": OAUTH2}, hub.time.now() + SIGN_IN_LASTS)
    return grant.url


def finish(hub: Hub, connector_id: str, *, state: str, code: str, by: str, session: str) -> Connection:
    """Take the browser back from the system's sign-in; BadInput unless this very person began it in this very session."""
    with hub.database.writing() as tx:
        made = tickets.redeem(tx, f"oauth:{connector_id}", state, hub.time.now())
    if made is None or made.pop("by") != by or made.pop("session") != session:
        raise BadInput("this sign-in was not begun here, or it was finished or left too long ago; start again")
    verifier, connection_id = made.pop("verifier"), made.pop("connection_id")
    connector = registry.connector(connector_id)
    auth = auth_of(connector, OAUTH2)
    endpoint = hub.endpoint(connector, made["answers"], made["environment"], connection_id or "")
    if not isinstance(auth, OAuth2):
        raise BadInput(f"{connector.label} has no sign-in of this kind")
    with hub.database.reading() as tx:
        client = hub.client(tx, endpoint, auth)
    return _keep(hub, made, oauth.exchange(endpoint, auth, client, code, verifier), connection_id)


def reauthorise_with_key(hub: Hub, connection_id: str, key: str) -> Connection:
    """Give an existing connection a new key; the old one stays unless the system accepts the new."""
    with hub.database.reading() as tx:
        held = connections.get(tx, connection_id)
    made = {"connector": held.connector, "answers": held.answers, "label": held.label}
    return _keep(hub, made | {"environment": held.environment, "auth": KEY}, {"key": key.strip()}, connection_id)


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
    problem = _revoke(hub, connection, subscribed)
    with hub.database.writing() as tx:
        plan.cancel(tx, connection_id)
        credentials.remove(tx, connection_id)
        if keep_data:
            connections.change(
                tx, connection_id, state=connections.DISCONNECTED, problem=problem, webhook_secret=None, subscription=None
            )
        else:
            plan.forget(tx, connection_id, hub.time.now())
    return problem


def _keep(hub: Hub, made: Mapping[str, Any], data: Mapping[str, Any], connection_id: str | None = None) -> Connection:
    """Ask the system who we are; then keep the connection and what it signs with, and make its streams due."""
    connector = registry.connector(made["connector"])
    now = hub.time.now()
    account, name = _account(hub, made, data, connection_id)
    with hub.database.writing() as tx:
        if connection_id is None:
            connection = connections.create(
                tx,
                connector.id,
                now,
                label=made["label"].strip() or name or connector.label,
                environment=made["environment"],
                auth=made["auth"],
                answers=made["answers"],
            )
        else:
            connection = connections.get(tx, connection_id)
            if connection.account not in (None, account):
                raise BadInput(f"this is another account than the one {connection_id} reads; connect it as a new one instead")
        known = {"account": account, "account_name": name, "answers": made["answers"], "auth": made["auth"]}
        connections.change(tx, connection.id, state=connections.CONNECTED, problem=None, **known)
        credentials.put(tx, connection.id, hub.seal, data, expiry(data, now))
        connection = connections.get(tx, connection.id)
        plan.connected(tx, connection, now)
    return connection


def _account(hub: Hub, made: Mapping[str, Any], data: Mapping[str, Any], connection_id: str | None) -> tuple[str, str]:
    connector = registry.connector(made["connector"])
    endpoint = hub.endpoint(connector, made["answers"], made["environment"], connection_id or "")
    token = Token(data=data, version=0, expires_at=None)
    remote = Remote(
        endpoint=endpoint,
        auth=auth_of(connector, made["auth"]),
        token=lambda _than: token,
        keep_pace=lambda _path: None,
        time=hub.time,
    )
    body = remote.send(connector.account.request).body
    try:
        return connector.account.id(body), connector.account.name(body)
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise BadInput(f"{connector.label} answered, but did not say whose account this is; check the address") from error


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


def sandboxed(hub: Hub, connector_id: str) -> bool:
    """Whether a stand-in of this system runs, so that the environment can be chosen."""
    return connector_id in dict(hub.settings.sandbox_origins)
