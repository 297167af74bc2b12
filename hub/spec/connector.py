"""A connector: everything the hub needs to know about one system, as one value."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from hub.errors import HubError
from hub.spec.auth import ApiKey, Auth, OAuth2
from hub.spec.stream import Stream
from hub.spec.webhook import Webhook
from hub.spec.wire import Reply, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Something only the admin can tell, asked when connecting: a subdomain, an address, a currency.

    `pattern` must match the whole answer; `example` is shown; `options` limit the answer; `usual` counts where none is given.
    """

    name: str
    label: str
    help: str = ""
    pattern: str = r".{1,200}"
    example: str = ""
    options: tuple[str, ...] = ()
    required: bool = True
    usual: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """At most `calls` in `per` seconds for one account, over the paths that start so."""

    calls: int
    per: int
    paths: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The call that proves that the credentials work, and where its answer names the account and what to call it."""

    request: Request
    id: Callable[[Any], str]
    name: Callable[[Any], str]


Claim = Literal["reading", "fields", "changes", "deletions", "merges", "sign-in", "pushes", "pace"]
"""What a connector says of its system: its lists and how they page, what fields mean, how to ask for what changed, how
deletions and merges become known, how it lets us in, what its pushes are like, and how much may be asked of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Who has found some of the claims true: the running `system` itself, or its vendor's own `client` at our stand-in.

    `tests` are the paths of the tests in which it judges. A claim without a judge rests on documentation alone.
    """

    kind: Literal["system", "client"]
    name: str
    """With its version."""
    claims: tuple[Claim, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """One system.

    `base_url` may hold `{answer}` places, `hosts` lists the other hosts we may talk to; all of them are pinned. Where the token
    reply tells where the API is, `base_url` begins with a place such as `{token.instance_url}`, and `token_domains` are the
    domains below which such an address must lie; the account's id must then be one that no other account of the system has.
    `references` (pipelines, owners) are read before the streams. `errors` looks at an answer first and may name what the
    caller must do where the status alone would say it wrong; None leaves it to the status. `nothing` tells an answer that
    says there is none of what was asked for: it is a good one, whatever its status.
    """

    id: str
    label: str
    category: str
    docs: str
    summary: str
    """What it brings, in one plain sentence for the catalogue."""
    base_url: str
    auth: tuple[Auth, ...]
    account: Account
    streams: tuple[Stream, ...]
    references: tuple[Stream, ...] = ()
    hosts: tuple[str, ...] = ()
    token_domains: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    pace: tuple[Pace, ...] = ()
    errors: Callable[[Reply], HubError | None] | None = None
    nothing: Callable[[Reply], bool] | None = None
    webhook: Webhook | None = None
    self_hosted: bool = False
    limits: tuple[str, ...] = ()
    """What this connector is known not to bring, or not to see, in plain words."""
    judges: tuple[Judge, ...] = ()

    def stream(self, name: str) -> Stream:
        """The stream of that name; KeyError where there is none."""
        return {stream.name: stream for stream in (*self.references, *self.streams)}[name]

    def asks_for(self, auth: Auth) -> tuple[Ask, ...]:
        """What is asked where somebody signs in this way: nothing optional that only another way has a place for."""
        here = _places(self.base_url, *self.hosts) | _places(*_addresses(auth))
        elsewhere = {place for other in self.auth for place in _places(*_addresses(other))} - here
        return tuple(ask for ask in self.asks if ask.required or ask.name not in elsewhere)

    @property
    def told_by_token(self) -> bool:
        """Whether only a token reply tells where the API is."""
        return "{token." in self.base_url

    @property
    def patience(self) -> timedelta:
        """How long to wait where the system limits us without saying for how long."""
        return timedelta(seconds=max((pace.per for pace in self.pace), default=60))


def _places(*texts: str) -> set[str]:
    return {place for text in texts for place in re.findall(r"\{(\w+)\}", text)}


def _addresses(auth: Auth) -> tuple[str, ...]:
    """Where a way of signing in leads; a key goes nowhere else than the calls do."""
    if isinstance(auth, OAuth2):
        return (auth.authorize_url, auth.token_url, auth.revoke_url or "")
    return () if isinstance(auth, ApiKey) else (auth.token_url,)
