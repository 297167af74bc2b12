"""Asking a system's token endpoint, whatever the grant: pinned, as the client that is registered there, failures in our words."""

import json
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from requests import Response
from requests.exceptions import RequestException, TooManyRedirects
from ssrfguard import SSRFGuardError
from ssrfguard.requests import SafeAdapter

from hub.errors import HubError, Retry, StopStream
from hub.remote.endpoint import Endpoint
from hub.remote.send import TIMEOUT
from hub.spec import ClientCredentials, OAuth2

TokenAuth = OAuth2 | ClientCredentials
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Our registration at the system: its id and secret, and the address people come back to."""

    client_id: str
    secret: str
    redirect_uri: str


def parameters(endpoint: Endpoint, auth: TokenAuth) -> dict[str, str]:
    """What the token endpoint wants besides, with the admin's answers in their places."""
    given = [(name, str(value)) for name, value in auth.parameters]
    return {name: endpoint.filled(value) for name, value in given if endpoint.answered(value)}


def token_reply(
    endpoint: Endpoint,
    auth: TokenAuth,
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

    with session_of(endpoint, auth, client, url) as session:
        for hook in ("access_token_response", "refresh_token_response"):
            session.register_compliance_hook(hook, recognised)
        try:
            token = asked(lambda: call(session, url), where)
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


def session_of(endpoint: Endpoint, auth: TokenAuth, client: Client, url: str) -> OAuth2Session:
    """A session that can reach this one address and signs as the client."""
    method = f"client_secret_{auth.client_auth}"
    session = OAuth2Session(client.client_id, client.secret, token_endpoint_auth_method=method, default_timeout=TIMEOUT)
    session.register_client_auth_method(("client_secret_json", _in_json))
    session.trust_env = False
    session.max_redirects = 0  # Our secret and the refresh token go to the declared endpoint alone.
    session.revocation_endpoint_auth_method = method
    for scheme in ("https://", "http://"):
        session.mount(scheme, SafeAdapter(policy=endpoint.policy(url)))
    return session


def _in_json(client: OAuth2Session, _method: str, url: str, headers: MutableMapping[str, str], body: str) -> tuple[Any, ...]:
    """The form that was to be sent as a JSON object, with who we are in it."""
    said = dict(parse_qsl(body)) | {"client_id": client.client_id, "client_secret": client.client_secret}
    sent = json.dumps(said)
    headers.update({"Content-Type": "application/json", "Content-Length": str(len(sent))})
    return url, headers, sent


def asked(call: Callable[[], Any], where: str) -> Any:
    """What the call gives, its failures in our words."""
    try:
        return call()
    except TooManyRedirects as error:
        raise StopStream(f"{where}: the system sends us elsewhere; check the address under Settings") from error
    except SSRFGuardError as error:
        raise StopStream(f"{where}: this address is not allowed ({type(error).__name__})") from error
    except (RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Retry(f"{where}: no token in the answer ({type(error).__name__})") from error
