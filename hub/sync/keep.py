"""Keeping what an account signs with, once the system has said whose account it is: each account is connected once."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from hub import registry
from hub.errors import BadInput
from hub.remote.send import Remote
from hub.remote.token import expiry
from hub.spec import Connector, Token
from hub.store import connections, credentials
from hub.store.connections import Connection
from hub.store.database import Transaction
from hub.sync import plan
from hub.sync.hub import Hub, auth_of


def keep(hub: Hub, made: Mapping[str, Any], data: Mapping[str, Any], connection_id: str | None = None) -> Connection:
    """Ask the system who we are; then keep the connection and what it signs with, and make its streams due.

    An account that was disconnected and whose data was kept is taken up again under its id.
    """
    now = hub.time.now()
    account, name = _account(hub, made, data, connection_id)
    with hub.database.writing() as tx:
        known = _known(hub, tx, made, account, connection_id)
        connection = known or _new(hub, tx, made, name)
        label = connection.label if connection_id else made["label"].strip() or connection.label
        told = {"account": account, "account_name": name, "answers": made["answers"], "auth": made["auth"], "label": label}
        connections.change(tx, connection.id, state=connections.CONNECTED, problem=None, **told)
        credentials.put(tx, connection.id, hub.seal, data, expiry(data, now))
        connection = connections.get(tx, connection.id)
        plan.connected(tx, connection, now)
    return connection


def _known(hub: Hub, tx: Transaction, made: Mapping[str, Any], account: str, connection_id: str | None) -> Connection | None:
    """The connection to go on with: the one that is renewed, or else the one that this account had; None for a new account."""
    held = connections.get(tx, connection_id) if connection_id else None
    if held is not None and held.account not in (None, account):
        raise BadInput(f"this is another account than the one {connection_id} reads; connect it as a new one instead")
    if held is not None and held.state != connections.DISCONNECTED:
        return held
    same = _same_account(hub, tx, made, account)
    if taken := next((each for each in same if each.state != connections.DISCONNECTED), None):
        entered = auth_of(registry.connector(taken.connector), taken.auth).entered
        there = f"enter the new {entered[-1].name.replace('_', ' ')} there" if entered else "sign in again there"
        raise BadInput(f"this account is already connected as {taken.label} ({taken.id}); {there} instead")
    return held or next(iter(same), None)


def _same_account(hub: Hub, tx: Transaction, made: Mapping[str, Any], account: str) -> list[Connection]:
    """The connections of this account; servers of one's own may give the same id to different accounts."""
    connector, environment = registry.connector(made["connector"]), made["environment"]
    mine = _server(hub, connector, made["answers"], environment)
    found = [each for each in connections.of_account(tx, connector.id, account) if each.environment == environment]
    return [each for each in found if _server(hub, connector, each.answers, environment) == mine]


def _server(hub: Hub, connector: Connector, answers: Mapping[str, str], environment: str) -> tuple[str, str]:
    """Where an account is, however its address was written."""
    if connector.told_by_token:
        return connector.id, ""
    parts = urlsplit(hub.endpoint(connector, answers, environment).base)
    default = ":443" if parts.scheme == "https" else ":80"
    return parts.netloc.lower().removesuffix(default), parts.path


def _new(hub: Hub, tx: Transaction, made: Mapping[str, Any], name: str) -> Connection:
    label = made["label"].strip() or name or registry.connector(made["connector"]).label
    about = {"label": label, "environment": made["environment"], "auth": made["auth"], "answers": made["answers"]}
    return connections.create(tx, made["connector"], hub.time.now(), **about)


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
