"""What the processes of one hub share, put together once at their start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Event
from typing import Any

from hub import registry
from hub.errors import BadInput, Reconnect
from hub.remote import oauth, pace
from hub.remote.endpoint import Endpoint
from hub.remote.send import Remote
from hub.remote.token import Time, fresh
from hub.remote.token_endpoint import Client
from hub.settings import Settings
from hub.spec import ApiKey, Auth, ClientCredentials, Connector, OAuth2
from hub.store import connections, database
from hub.store.connections import Connection
from hub.store.credentials import Vault
from hub.store.database import Database, Transaction
from hub.store.seal import Seal

SANDBOX, SELF_HOSTED, PRODUCTION = "sandbox", "self-hosted", "production"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """Settings, the database and its keys, the shared pace, and the clock."""

    settings: Settings
    database: Database
    seal: Seal
    vault: Vault
    shared: pace.Shared
    time: Time

    def waiting(self, wait: Callable[[float], object]) -> "Hub":
        """The same hub, but waits end early when `wait` does (a job waits on its lease)."""
        return replace(self, time=Time(now=self.time.now, wait=wait))

    def endpoint(self, connector: Connector, answers: Mapping[str, str], environment: str, connection_id: str = "") -> Endpoint:
        """The addresses of an account; in the sandbox environment all of them lead to the stand-in."""
        origin = dict(self.settings.sandbox_origins).get(connector.id) if environment == SANDBOX else None
        if environment == SANDBOX and origin is None:
            raise Reconnect(f"{connection_id}: the stand-in of {connector.label} is not running; start it with `hub sandbox`")
        return Endpoint(
            connector=connector,
            connection_id=connection_id or connector.id,
            answers=answers,
            sandbox=origin,
            networks=self.settings.private_networks,
        )

    def remote(self, connection: Connection) -> Remote:
        """A connection as something to send to."""
        connector = registry.connector(connection.connector)
        endpoint = self.endpoint(connector, connection.answers, connection.environment, connection.id)
        auth = auth_of(connector, connection.auth)

        def renew(held: Mapping[str, Any]) -> dict[str, Any]:
            if isinstance(auth, ClientCredentials):
                return oauth.granted(endpoint, auth, held)
            if isinstance(auth, ApiKey):
                raise Reconnect(f"{connection.id}: the system refuses our key; enter a new one under Settings, Connections")
            with self.database.reading() as tx:
                client = self.client(tx, endpoint, auth)
            return oauth.renewed(endpoint, auth, client, held)

        return Remote(
            endpoint=endpoint,
            auth=auth,
            token=lambda than: fresh(self.vault, connection.id, renew, self.time, than=than),
            keep_pace=lambda path: pace.keep(self.shared, connector, connection.id, path, self.time.wait),
            time=self.time,
        )

    def client(self, tx: Transaction, endpoint: Endpoint, auth: OAuth2) -> Client:
        """Our registration at a system, as an admin entered it; Reconnect where nobody has yet."""
        connector = endpoint.connector
        app = connections.app(tx, connector.id, authorization_origin(endpoint, auth), self.seal)
        if app is None:
            raise Reconnect(f"{connector.label}: enter the app's client id and secret under Settings, Connections first")
        return Client(client_id=app.client_id, secret=app.secret, redirect_uri=self.redirect_uri(connector.id))

    def redirect_uri(self, connector_id: str) -> str:
        """The address that systems send people back to, as it is registered there."""
        return f"{self.settings.public_url}/oauth/callback/{connector_id}"


def opened(settings: Settings, *, busy: int = database.BUSY) -> Hub:
    """The hub that these settings describe; `busy` is how many milliseconds to wait for SQLite's writer."""
    found = database.opened(settings, busy=busy)
    seal = Seal(settings.keys)
    return Hub(
        settings=settings,
        database=found,
        seal=seal,
        vault=Vault(found, seal),
        shared=pace.Shared(settings.redis, settings.workers),
        time=Time(now=lambda: datetime.now(tz=UTC), wait=Event().wait),
    )


def auth_of(connector: Connector, kind: str) -> Auth:
    """The connector's way of signing in of that kind: `oauth2`, `client` or `key`; BadInput where it has none."""
    found = next((auth for auth in connector.auth if auth.kind == kind), None)
    if found is None:
        raise BadInput(f"{connector.label} has no sign-in of this kind")
    return found


def authorization_origin(endpoint: Endpoint, auth: OAuth2) -> str:
    """Where an app is registered: the scheme and host that people sign in at."""
    if endpoint.sandbox:
        return endpoint.sandbox
    scheme, _, rest = endpoint.filled(auth.authorize_url).partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
