"""How a system lets us in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from hub.spec.wire import Request

ClientAuth = Literal["post", "basic", "json"]
"""Where the client's id and secret go at a token endpoint: among the form's fields, into the header, or, with all else that is
asked, into a JSON object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that the admin enters to let us in; all of it is kept sealed, and a `secret` is not shown while it is entered."""

    name: str
    label: str
    secret: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth2:
    """Authorization code flow (RFC 6749), with PKCE S256 (RFC 7636) unless the system rejects it.

    URLs may hold `{answer}` places. `client_auth` says where the client's secret goes at the token endpoint. The
    grant is ended at `revoke_url` (RFC 7009), or by the call that `revoke` makes from the token reply with the client's id
    and secret in it.
    """

    kind: ClassVar[str] = "oauth2"
    entered: ClassVar[tuple[Entry, ...]] = ()
    authorize_url: str
    token_url: str
    scopes: tuple[str, ...] = ()
    pkce: bool = True
    client_auth: ClientAuth = "post"
    parameters: tuple[tuple[str, str | int], ...] = ()
    """More that the token endpoint wants, such as the lifetime asked for; what holds an `{answer}` nobody gave is left out."""
    revoke_url: str | None = None
    revoke: Callable[[dict[str, str]], Request] | None = None
    label: str = "Sign in"
    preparation: str = ""
    """What the admin has to make at the vendor before connecting, in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCredentials:
    """Client credentials flow (RFC 6749, 4.4): the id and secret that the admin enters give a token whenever one is needed.

    `token_url` and `parameters` may hold `{answer}` places, as those of OAuth2.
    """

    kind: ClassVar[str] = "client"
    entered: ClassVar[tuple[Entry, ...]] = (
        Entry(name="client_id", label="Client ID", secret=False),
        Entry(name="client_secret", label="Client secret"),
    )
    token_url: str
    scopes: tuple[str, ...] = ()
    client_auth: ClientAuth = "post"
    parameters: tuple[tuple[str, str | int], ...] = ()
    label: str = "Client ID and secret"
    preparation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key that an admin makes in the system, sent in one header, or as the query parameter `query`.

    `user` is what the user name is called that goes with the key, where there is one. `format` may hold `{key}`, `{user}` and
    `{basic}`, which is `basic` as HTTP Basic has it (RFC 7617): both, or the key with any password.
    """

    kind: ClassVar[str] = "key"
    header: str = "Authorization"
    format: str = "Bearer {key}"
    basic: str = "{user}:{key}"
    query: str = ""
    user: str = ""
    label: str = "API key"
    preparation: str = ""

    @property
    def entered(self) -> tuple[Entry, ...]:
        """The key, after its user name where there is one."""
        user = (Entry(name="user", label=self.user, secret=False),) if self.user else ()
        return (*user, Entry(name="key", label=self.label))


Auth = OAuth2 | ClientCredentials | ApiKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a connection signs in with; `version` grows with each renewal.

    `data` is an OAuth2 token reply, with `client_id` and `client_secret` where they were entered, or `{"key": …}`.
    """

    data: Mapping[str, Any]
    version: int
    expires_at: datetime | None
