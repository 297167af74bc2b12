"""An OAuth 2.0 authorization server: codes that work once, PKCE, tokens that expire, are refreshed and revoked.

What systems do differently is stated in `Rules`; a system's own paths and error bodies are its stand-in's.
RFC 6749 (client credentials too, for a system whose `Rules` name that grant), RFC 7636 (S256) and RFC 7009.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from hmac import compare_digest
from threading import RLock

DEFAULT_CLIENT, DEFAULT_SECRET = "sandbox-client", "sandbox-secret"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """How one system's tokens behave; lifetimes in seconds, None lasts for ever.

    `rotates`: a refresh gives a new refresh token and ends the old one. `ends_earlier`: it also ends the access tokens
    given before. `prefix` begins every access token. `grants` are the grant types that the token endpoint knows.
    """

    access_seconds: int | None
    refresh_seconds: int | None = None
    code_seconds: int = 120
    rotates: bool = False
    ends_earlier: bool = False
    prefix: str = ""
    grants: tuple[str, ...] = ("authorization_code", "refresh_token")


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """A token pair with what it allows; times in seconds since 1970. Client credentials get no refresh token."""

    access: str
    refresh: str
    client: str
    scopes: tuple[str, ...]
    granted_at: float
    expires_at: float | None
    refresh_expires_at: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a client asks for on the authorization page, kept with the code it gets."""

    client: str
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str | None
    expires_at: float


class Refused(Exception):
    """A request to the token endpoint that fails; `code` is RFC 6749's (invalid_client, invalid_grant, ...)."""

    def __init__(self, code: str, detail: str, *, about: str = "") -> None:
        """`about` names what was not accepted: code, refresh_token, redirect_uri, verifier."""
        super().__init__(detail)
        self.code, self.detail, self.about = code, detail, about


class Unauthorized(Exception):
    """An access token that does not open anything; `expired_for` seconds, None when it never existed or was revoked."""

    def __init__(self, expired_for: float | None) -> None:
        super().__init__("no such access token" if expired_for is None else "expired access token")
        self.expired_for = expired_for


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class AuthorizationServer:
    """Codes, tokens and registered clients of one stand-in; everything in memory."""

    def __init__(self, rules: Rules, now: Callable[[], float]) -> None:
        """`now` gives seconds since 1970."""
        self.rules, self._now, self._lock = rules, now, RLock()
        self.clients = {DEFAULT_CLIENT: DEFAULT_SECRET}
        self._codes: dict[str, Asked] = {}
        self._by_access: dict[str, Grant] = {}
        self._by_refresh: dict[str, Grant] = {}

    def code(self, *, client: str, redirect_uri: str, scopes: tuple[str, ...], challenge: str | None) -> str:
        """A code for what somebody has just allowed."""
        expires_at = self._now() + self.rules.code_seconds
        asked = Asked(client=client, redirect_uri=redirect_uri, scopes=scopes, challenge=challenge, expires_at=expires_at)
        code = secrets.token_urlsafe(24)
        self._codes[code] = asked
        return code

    def token(self, fields: Mapping[str, str], basic: tuple[str, str] | None = None) -> Grant:
        """The answer to a request to the token endpoint; client credentials come as fields or by Basic."""
        client = self._client(*(basic or (fields.get("client_id", ""), fields.get("client_secret", ""))))
        kind = fields.get("grant_type")
        if kind not in self.rules.grants:
            raise Refused("unsupported_grant_type", f"grant_type is {' or '.join(self.rules.grants)}", about="grant_type")
        with self._lock:
            if kind == "authorization_code":
                asked = self._redeemed(client, fields)
                return self._granted(client, asked.scopes)
            if kind == "client_credentials":
                return self._granted(client, tuple(fields.get("scope", "").split()), refresh="")
            return self._refreshed(client, fields.get("refresh_token", ""))

    def _client(self, client: str, secret: str) -> str:
        known = self.clients.get(client)
        if known is None or not compare_digest(known.encode(), secret.encode()):
            raise Refused("invalid_client", "unknown client or wrong secret", about="client")
        return client

    def _redeemed(self, client: str, fields: Mapping[str, str]) -> Asked:
        asked = self._codes.pop(fields.get("code", ""), None)
        if asked is None or asked.client != client or asked.expires_at <= self._now():
            raise Refused("invalid_grant", "unknown, used or expired code", about="code")
        if fields.get("redirect_uri") != asked.redirect_uri:
            raise Refused("invalid_grant", "redirect_uri differs from the one at authorization", about="redirect_uri")
        if asked.challenge and challenge_of(fields.get("code_verifier", "")) != asked.challenge:
            raise Refused("invalid_grant", "code_verifier does not fit the challenge", about="verifier")
        return asked

    def _granted(self, client: str, scopes: tuple[str, ...], *, refresh: str | None = None) -> Grant:
        grant = self._dated(
            Grant(
                access=self.rules.prefix + secrets.token_urlsafe(24),
                refresh=secrets.token_urlsafe(24) if refresh is None else refresh,
                client=client,
                scopes=scopes,
                granted_at=self._now(),
                expires_at=None,
                refresh_expires_at=None,
            )
        )
        self._by_access[grant.access] = grant
        if grant.refresh:
            self._by_refresh[grant.refresh] = grant
        return grant

    def _dated(self, grant: Grant) -> Grant:
        now, rules = self._now(), self.rules
        return replace(
            grant,
            granted_at=now,
            expires_at=None if rules.access_seconds is None else now + rules.access_seconds,
            refresh_expires_at=None if rules.refresh_seconds is None else now + rules.refresh_seconds,
        )

    def _refreshed(self, client: str, refresh: str) -> Grant:
        before = self._by_refresh.get(refresh)
        late = before is not None and before.refresh_expires_at is not None and before.refresh_expires_at <= self._now()
        if before is None or before.client != client or late:
            raise Refused("invalid_grant", "unknown, used or expired refresh token", about="refresh_token")
        if self.rules.ends_earlier:
            self._end_access(refresh)
        if self.rules.rotates:
            del self._by_refresh[refresh]
            return self._granted(client, before.scopes)
        grant = self._dated(replace(before, access=self.rules.prefix + secrets.token_urlsafe(24)))
        self._by_access[grant.access] = self._by_refresh[refresh] = grant
        return grant

    def _end_access(self, refresh: str) -> None:
        for access in [access for access, grant in self._by_access.items() if grant.refresh == refresh]:
            del self._by_access[access]

    def standing(self, access: str) -> Grant:
        """What an access token allows, or Unauthorized."""
        grant = self._by_access.get(access)
        if grant is None:
            raise Unauthorized(None)
        if grant.expires_at is not None and grant.expires_at <= self._now():
            raise Unauthorized(self._now() - grant.expires_at)
        return grant

    def refresh_known(self, refresh: str) -> Grant | None:
        """The grant of a refresh token."""
        return self._by_refresh.get(refresh)

    def revoke(self, token: str) -> bool:
        """End a token; ending a refresh token ends its access tokens too. Whether there was one."""
        with self._lock:
            if token in self._by_refresh:
                self._end_access(token)
                del self._by_refresh[token]
                return True
            return self._by_access.pop(token, None) is not None

    def expire(self) -> int:
        """Let every access token have expired a moment ago; how many there were: none where they last for ever."""
        if self.rules.access_seconds is None:
            return 0
        with self._lock:
            past = self._now() - 1
            self._by_access = {access: replace(grant, expires_at=past) for access, grant in self._by_access.items()}
            return len(self._by_access)
