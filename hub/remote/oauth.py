"""Signing in to a system as an OAuth 2.0 client (RFC 6749, PKCE RFC 7636, revocation RFC 7009), by Authlib."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from requests import Response
from requests.exceptions import RequestException, TooManyRedirects
from ssrfguard import SSRFGuardError
from ssrfguard.requests import SafeAdapter

from hub.errors import BadInput, HubError, Reconnect, Retry, StopStream
from hub.remote.endpoint import Endpoint
from hub.remote.send import TIMEOUT
from hub.spec import OAuth2

_REFUSED, _UNAUTHORIZED = 400, 401
WRONG_CLIENT = "the client ID or the client secret is wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Our registration at the system: its id and secret, and the address people come back to."""

    client_id: str
    secret: str
    redirect_uri: str


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
            url, code=code, grant_type="authorization_code", redirect_uri=client.redirect_uri, **proof, **dict(auth.parameters)
        )

    where = f"{endpoint.connector.label} sign-in"
    return _token(
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
        return session.refresh_token(url, refresh_token=refresh, **dict(auth.parameters))

    return {"refresh_token": refresh, **_token(endpoint, auth, client, call, refused=over, unknown=unknown)}


def revoke(endpoint: Endpoint, auth: OAuth2, client: Client, held: Mapping[str, str]) -> None:
    """End the grant at the system: its refresh token where there is one, which ends the access token too (RFC 7009)."""
    url = endpoint.url(endpoint.filled(auth.revoke_url or ""))
    kind = "refresh_token" if "refresh_token" in held else "access_token"
    with _session(endpoint, auth, client, url) as session:
        where = f"{endpoint.connection_id} revocation"
        answer = _asked(lambda: session.revoke_token(url, token=held[kind], token_type_hint=kind), where)
    if answer.status_code >= _REFUSED:
        raise StopStream(f"{where}: refused ({answer.status_code}); remove our access there by hand")


def _token(
    endpoint: Endpoint,
    auth: OAuth2,
    client: Client,
    call: Callable[[OAuth2Session, str], Any],
    *,
    refused: HubError,
    unknown: HubError,
) -> dict[str, Any]:
    """The token reply; `refused` where the system declines the grant, `unknown` where it does not know our app."""
    url = endpoint.url(endpoint.filled(auth.token_url))
    where = f"{endpoint.connector.label} token endpoint"

    def recognised(answer: Response) -> Response:
        # A refusal of the grant may come with 401 too; any other 401 is about who we are.
        said = _error(answer)
        if said == "invalid_client" or (answer.status_code == _UNAUTHORIZED and said is None):
            raise unknown
        return answer

    with _session(endpoint, auth, client, url) as session:
        for hook in ("access_token_response", "refresh_token_response"):
            session.register_compliance_hook(hook, recognised)
        try:
            token = _asked(lambda: call(session, url), where)
        except AuthlibBaseError as error:
            raise refused from error
    if not isinstance(token, dict) or not isinstance(token.get("access_token"), str) or not token["access_token"]:
        raise Retry(f"{where}: the answer has no access_token")
    return dict(token)


def _error(answer: Response) -> str | None:
    """The error code in an answer of a token endpoint."""
    try:
        said = answer.json()
    except ValueError:
        return None
    code = said.get("error") if isinstance(said, dict) else None
    return code if isinstance(code, str) else None


def _session(endpoint: Endpoint, auth: OAuth2, client: Client, url: str) -> OAuth2Session:
    """A session that can reach this one address and signs as the client."""
    method = "client_secret_basic" if auth.client_auth == "basic" else "client_secret_post"
    session = OAuth2Session(client.client_id, client.secret, token_endpoint_auth_method=method, default_timeout=TIMEOUT)
    session.trust_env = False
    session.max_redirects = 0  # Our secret and the refresh token go to the declared endpoint alone.
    session.revocation_endpoint_auth_method = method
    for scheme in ("https://", "http://"):
        session.mount(scheme, SafeAdapter(policy=endpoint.policy(url)))
    return session


def _asked(call: Callable[[], Any], where: str) -> Any:
    """What the call gives, its failures in our words."""
    try:
        return call()
    except TooManyRedirects as error:
        raise StopStream(f"{where}: the system sends us elsewhere; check the address under Settings") from error
    except SSRFGuardError as error:
        raise StopStream(f"{where}: this address is not allowed ({type(error).__name__})") from error
    except (RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Retry(f"{where}: no token in the answer ({type(error).__name__})") from error
