"""Connecting an account by what an admin enters: a key, or a client's id and secret."""

from collections.abc import Mapping
from typing import Any

from hub import registry
from hub.errors import BadInput, Reconnect
from hub.remote import oauth
from hub.spec import Auth, ClientCredentials
from hub.store import connections
from hub.store.connections import Connection
from hub.sync.connect import answered
from hub.sync.hub import Hub, auth_of
from hub.sync.keep import keep


def with_credentials(
    hub: Hub, connector_id: str, kind: str, given: Mapping[str, str], *, answers: Mapping[str, str], label: str, environment: str
) -> Connection:
    """Connect with a key or another thing that is entered; nothing is kept unless the system accepts it."""
    connector = registry.connector(connector_id)
    made = {"connector": connector_id, "answers": answered(connector, answers), "label": label, "environment": environment}
    return _entered(hub, made | {"auth": kind}, given)


def reauthorise_with(hub: Hub, connection_id: str, given: Mapping[str, str]) -> Connection:
    """Give an existing connection a new key or what else is entered; the old one stays unless the system accepts the new."""
    with hub.database.reading() as tx:
        held = connections.get(tx, connection_id)
    made = {"connector": held.connector, "answers": held.answers, "label": held.label}
    return _entered(hub, made | {"environment": held.environment, "auth": held.auth}, given, connection_id)


def _entered(hub: Hub, made: Mapping[str, Any], given: Mapping[str, str], connection_id: str | None = None) -> Connection:
    """Keep what was entered, once it has let us in."""
    connector = registry.connector(made["connector"])
    auth = auth_of(connector, made["auth"])
    data: dict[str, Any] = _credentials(auth, given)
    if isinstance(auth, ClientCredentials):
        endpoint = hub.endpoint(connector, made["answers"], made["environment"], connection_id or "")
        try:
            data = oauth.granted(endpoint, auth, data)
        except Reconnect as error:
            raise BadInput(str(error), where="client_secret") from error
    return keep(hub, made, data, connection_id)


def _credentials(auth: Auth, given: Mapping[str, str]) -> dict[str, str]:
    """What was entered, without the spaces around it; BadInput names the first thing that is missing or not one line."""
    found = {entry.name: given.get(entry.name, "").strip() for entry in auth.entered}
    for name, said in found.items():
        if not said or not said.isprintable():
            raise BadInput(f"enter the {name.replace('_', ' ')} as the system shows it", where=name)
    return found
