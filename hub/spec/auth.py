"""How a system lets us in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from hub.spec.wire import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth2:
    """Authorization code flow (RFC 6749), with PKCE S256 (RFC 7636) unless the system rejects it.

    URLs may hold `{answer}` places. `client_auth` says where the client's secret goes at the token endpoint. The
    grant is ended at `revoke_url` (RFC 7009), or by the call that `revoke` makes from the token reply with the client's id
    and secret in it.
    """

    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    pkce: bool = True
    client_auth: Literal["post", "basic"] = "post"
    parameters: tuple[tuple[str, str | int], ...] = ()
    """More that the token endpoint wants, such as the lifetime asked for."""
    revoke_url: str | None = None
    revoke: Callable[[dict[str, str]], Request] | None = None
    label: str = "Sign in"
    preparation: str = ""
    """What the admin has to make at the vendor before connecting, in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key that an admin makes in the system, sent in one header."""

    header: str = "Authorization"
    format: str = "Bearer {key}"
    label: str = "API key"
    preparation: str = ""


Auth = OAuth2 | ApiKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a connection signs in with: an OAuth2 token reply, or `{"key": …}`; `version` grows with each renewal."""

    data: Mapping[str, Any]
    version: int
    expires_at: datetime | None
