"""Signing in to a system as an OAuth 2.0 client (RFC 6749, PKCE RFC 7636, revocation RFC 7009), by Authlib."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from hub.errors import BadInput, Reconnect, StopStream
from hub.remote.endpoint import Endpoint
from hub.remote.token_endpoint import Client, asked, parameters, session_of, token_reply
from hub.spec import ClientCredentials, OAuth2

_REFUSED = 400
WRONG_CLIENT = "the client ID or the client secret is wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The start of a sign-in: where to send the browser, and what must be known when it comes back."""

    url: str
    state: str
    verifier: str | None


def begin(endpoint: Endpoint, auth: OAuth2, client: Client) -> Grant:
    """A new sign-in with its own state and, unless the system rejects it, its own PKCE verifier."""
    verifier = secrets.token_urlsafe(48) if auth.pkce else None
    proof = {"code_challenge": create_s256_code_challenge(verifier), "code_challenge_method": "S256"} if verifier else {}
    address = endpoint.url(endpoint.filled(auth.authorize_url))
    session = OAuth2Session(client.client_id, scope=" ".join(auth.scopes), redirect_uri=client.redirect_uri)
    url, state = session.create_authorization_url(address, state=secrets.token_urlsafe(32), **proof)
    return Grant(url=url, state=state, verifier=verifier)


def exchange(endpoint: Endpoint, auth: OAuth2, client: Client, code: str, verifier: str | None) -> dict[str, Any]:
    """The token reply for an authorization code; BadInput where the system takes the code or our app for wrong."""
    proof = {"code_verifier": verifier} if verifier else {}

    def call(session: OAuth2Session, url: str) -> Any:
        return session.fetch_token(
            url,
            code=code,
            grant_type="authorization_code",
            redirect_uri=client.redirect_uri,
            **proof,
            **parameters(endpoint, auth),
        )

    where = f"{endpoint.connector.label} sign-in"
    return token_reply(
        endpoint,
        auth,
        client,
        call,
        refused=BadInput(f"{where}: the system refused the code; start again"),
        unknown=BadInput(f"{where}: {WRONG_CLIENT}; correct them and sign in again", where="client_secret"),
    )


def renewed(endpoint: Endpoint, auth: OAuth2, client: Client, held: Mapping[str, Any]) -> dict[str, Any]:
    """The token reply for a refresh token, with the old refresh token where the system sends no new one.

    Reconnect where the system says that the grant has ended or our app is unknown; Retry where it gave no clear answer.
    """
    unknown = Reconnect(f"{endpoint.connection_id}: {WRONG_CLIENT}, or was changed there; sign in again and enter them anew")
    over = Reconnect(f"{endpoint.connection_id}: the system has ended our access; sign in again under Settings, Connections")
    refresh = held.get("refresh_token")
    if not refresh:
        raise over

    def call(session: OAuth2Session, url: str) -> Any:
        return session.refresh_token(url, refresh_token=refresh, **parameters(endpoint, auth))

    renewal = token_reply(endpoint, auth, client, call, refused=over, unknown=unknown)
    return {"refresh_token": refresh, **endpoint.still_told(held), **renewal}


def granted(endpoint: Endpoint, auth: ClientCredentials, held: Mapping[str, Any]) -> dict[str, Any]:
    """The token reply for the client id and secret that an admin entered, with both in it for the next time.

    Reconnect where the system does not know them, or does not let them in; Retry where it gave no clear answer.
    """
    entered = {entry.name: str(held[entry.name]) for entry in auth.entered}
    client = Client(client_id=entered["client_id"], secret=entered["client_secret"], redirect_uri="")
    scope = {"scope": " ".join(auth.scopes)} if auth.scopes else {}

    def call(session: OAuth2Session, url: str) -> Any:
        return session.fetch_token(url, grant_type="client_credentials", **scope, **parameters(endpoint, auth))

    reply = token_reply(
        endpoint,
        auth,
        client,
        call,
        refused=Reconnect(
            f"{endpoint.connection_id}: the system does not let this client in;"
            " check there that it is enabled and may read, then enter its client ID and secret anew"
        ),
        unknown=Reconnect(f"{endpoint.connection_id}: {WRONG_CLIENT}, or no longer valid; enter them anew"),
    )
    return {**endpoint.still_told(held), **reply, **entered}


def revoke(endpoint: Endpoint, auth: OAuth2, client: Client, held: Mapping[str, str]) -> None:
    """End the grant at the system: its refresh token where there is one, which ends the access token too (RFC 7009)."""
    url = endpoint.url(endpoint.filled(auth.revoke_url or ""))
    kind = "refresh_token" if "refresh_token" in held else "access_token"
    with session_of(endpoint, auth, client, url) as session:
        where = f"{endpoint.connection_id} revocation"
        answer = asked(lambda: session.revoke_token(url, token=held[kind], token_type_hint=kind), where)
    if answer.status_code >= _REFUSED:
        raise StopStream(f"{where}: refused ({answer.status_code}); remove our access there by hand")
