"""The one way to send: pinned, paced, signed, bounded; it gives a good reply or raises what the caller must do."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import msgspec
import requests
from requests.exceptions import RequestException
from ssrfguard import SSRFGuardError
from ssrfguard.errors import TooManyRedirectsError
from ssrfguard.requests import Session

from hub.errors import BadInput, Reconnect, Retry, StopStream
from hub.remote.endpoint import Endpoint
from hub.remote.token import Time
from hub.remote.verdict import verdict
from hub.spec import ApiKey, Auth, OAuth2, Reply, Request, Token
from hub.spec.jsontext import MAX_BYTES, loads_forgiving

TIMEOUT = (5, 30)
"""Seconds to connect, and between two pieces of an answer."""
_NO_CONTENT = (204, 205)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A connection as something to send to.

    `token` gives what to sign with, newer than a version that was refused; `keep_pace` waits or raises RateLimited.
    """

    endpoint: Endpoint
    auth: Auth
    token: Callable[[int | None], Token]
    keep_pace: Callable[[str], None]
    time: Time

    def send(self, request: Request) -> Reply:
        """The reply; a refused token is renewed once. Raises Retry, RateLimited, Reconnect or StopStream."""
        token = self.token(None)
        try:
            return self._sent(request, token)
        except Reconnect:
            if isinstance(self.auth, ApiKey) or (isinstance(self.auth, OAuth2) and "refresh_token" not in token.data):
                raise
        return self._sent(request, self.token(token.version))

    def _sent(self, request: Request, token: Token) -> Reply:
        endpoint = replace(self.endpoint, told=token.data)
        url = endpoint.url(request.path)
        path = urlsplit(url).path
        self.keep_pace(path)
        where = f"{endpoint.connector.label} ({request.method} {path})"
        with Session(policy=endpoint.policy(url)) as session:
            session.trust_env = False
            reply = exchange(session, signed(request, self.auth, token), url, where=where)
        error = verdict(endpoint.connector, reply, where, self.time.now())
        if error is not None:
            raise error
        if reply.body is None and request.method == "GET" and reply.status not in _NO_CONTENT:
            raise Retry(
                f"{where}: the answer is not JSON although its status is {reply.status}; a page of an error or of maintenance"
            )
        return reply


def signed(request: Request, auth: Auth, token: Token) -> Request:
    """The call with what lets it in: a header, or the key among its parameters."""
    if not isinstance(auth, ApiKey):
        return _headed(request, {"Authorization": f"Bearer {token.data['access_token']}"})
    key, user = str(token.data["key"]), str(token.data.get("user", ""))
    if auth.query:
        return request.asking(**{auth.query: key})
    basic = b64encode(auth.basic.format(user=user, key=key).encode()).decode()
    return _headed(request, {auth.header: auth.format.format(key=key, user=user, basic=basic)})


def _headed(request: Request, headers: Mapping[str, str]) -> Request:
    return msgspec.structs.replace(request, headers={**request.headers, **headers})


def exchange(session: requests.Session, request: Request, url: str, *, where: str) -> Reply:
    """One call and its bounded answer, redirects not followed; a body that is neither JSON nor CSV is None."""
    try:
        with session.request(
            request.method,
            url,
            params=request.params or None,
            json=request.json,
            data=request.form,
            headers={"Accept": "application/json", "User-Agent": "ciclo-hub", **request.headers},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as answer:
            data = _bounded(answer, where)
    except TooManyRedirectsError as error:
        raise StopStream(f"{where}: the system sends us elsewhere; check the address under Settings") from error
    except SSRFGuardError as error:
        raise StopStream(
            f"{where}: this hub does not connect to such an address ({type(error).__name__}); "
            "where it is one of your own, allow its network in HUB_PRIVATE_NETWORKS"
        ) from error
    except RequestException as error:
        raise Retry(f"{where}: no answer ({type(error).__name__}); check the address, and that the system runs") from error
    names = {name.lower(): value for name, value in answer.headers.items()}
    return Reply(status=answer.status_code, body=_parsed(data, names.get("content-type", "")), headers=names)


def _bounded(answer: requests.Response, where: str) -> bytes:
    """The body, as long as it is not larger unpacked than we are ready to hold."""
    pieces: list[bytes] = []
    size = 0
    for piece in answer.iter_content(65536):
        size += len(piece)
        if size > MAX_BYTES:
            raise StopStream(f"{where}: the answer is larger than {MAX_BYTES:,} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def _parsed(data: bytes, kind: str) -> Any:
    if kind.partition(";")[0].strip().lower() == "text/csv":
        return data.decode("utf-8-sig", errors="replace")
    try:
        return loads_forgiving(data) if data else None
    except BadInput:
        return None
