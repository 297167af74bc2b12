"""Zendesk Support: who it is, how it lets us in, and how much we may ask of it."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from connectors.zendesk.exports import STREAMS
from connectors.zendesk.pushes import WEBHOOK
from hub.errors import HubError, Reconnect, Retry, StopStream
from hub.spec import Account, Ask, Connector, Judge, OAuth2, Pace, Reply, Request, pluck

_SCOPES = ("read", "webhooks:write")
"""The documentation says of no narrower scope that it opens the exports:
https://developer.zendesk.com/api-reference/ticketing/oauth/oauth_tokens/#scopes"""


def _errors(reply: Reply) -> HubError | None:
    """An answer without a user is how Zendesk answers a stranger; its exports are for administrators."""
    match reply.status:
        case 200 if isinstance(user := pluck(reply.body, "user"), dict):
            if user.get("id") is None:
                return Reconnect("Zendesk: nobody is signed in; sign in again")
            if user.get("role") != "admin":
                return StopStream("Zendesk: only an administrator may export; connect again as one")
        case 403:
            return StopStream("Zendesk: reading this needs an administrator and a plan that has it; connect again as one")
        case 422 if pluck(reply.body, "error") == "StartTimeTooRecent":
            return Retry("Zendesk: the newest minute cannot be exported yet", after=timedelta(minutes=1))
    return None


def _host(body: Any) -> str:
    """The account is known by its host, and people know it by that too."""
    host = urlsplit(str(body["user"]["url"])).hostname
    if not host:
        raise ValueError("no host in the user's address")
    return host


CONNECTOR = Connector(
    id="zendesk",
    label="Zendesk",
    category="Helpdesk",
    docs="https://developer.zendesk.com/api-reference/",
    summary="Tickets with the people and organizations who asked, their agents, and how satisfied they were.",
    base_url="https://{subdomain}.zendesk.com",
    auth=(
        OAuth2(
            # https://developer.zendesk.com/documentation/api-basics/authentication/oauth-pkce and .../refresh-token
            authorize_url="https://{subdomain}.zendesk.com/oauth/authorizations/new",
            token_url="https://{subdomain}.zendesk.com/oauth/tokens",  # noqa: S106 - an address, not a secret
            scopes=_SCOPES,
            parameters=(("scope", " ".join(_SCOPES)), ("expires_in", 1800), ("refresh_token_expires_in", 2_592_000)),
            # https://developer.zendesk.com/api-reference/ticketing/oauth/oauth_tokens/#revoke-token: of the token that signs it.
            revoke=lambda _token: Request(method="DELETE", path="/api/v2/oauth/tokens/current"),
            label="Sign in to Zendesk",
            preparation=(
                "In Zendesk's Admin Center, under Apps and integrations, APIs, OAuth clients, add a client. Choose the kind "
                "Confidential and enter the callback address shown here as its redirect URL. Save, then copy its identifier "
                "and its secret here. Whoever then signs in must be an administrator, because only they may export."
            ),
        ),
    ),
    asks=(
        Ask(
            name="subdomain",
            label="Subdomain",
            help="The first part of the address at which you use Zendesk.",
            pattern=r"[a-z0-9][a-z0-9-]{0,61}",
            example="acme",
        ),
    ),
    account=Account(request=Request(path="/api/v2/users/me"), id=_host, name=lambda body: f"Zendesk {_host(body)}"),
    streams=STREAMS,
    # The smallest plan's limit, the exports' limit, and that of exports by cursor as Zendesk's own headers tell it:
    # https://developer.zendesk.com/api-reference/introduction/rate-limits/
    pace=(
        Pace(calls=9, per=60, paths=("/api/v2/incremental/organizations",)),
        Pace(calls=18, per=60, paths=("/api/v2/incremental/users/cursor", "/api/v2/incremental/tickets/cursor")),
        Pace(calls=180, per=60),
    ),
    errors=_errors,
    webhook=WEBHOOK,
    limits=(
        "What changed within the last minute is not exported yet; a push shows it at once.",
        "Of a person's addresses and numbers only the first of each is read.",
        "Which person another one was merged into is not told; the merged one is seen as deleted.",
        "Of more than a thousand organizations changed within one second, only the first thousand are seen.",
        "Comments and calls are not read.",
        "Of the two ways to ask for satisfaction, of which an account has one at a time, ratings (legacy CSAT) are read.",
        "Answers of the newer satisfaction surveys, the other way, are not read.",
        "When a rating was changed after it was given, the time of the change counts as that of the answer.",
        "An API token (Basic) cannot be used, only signing in.",
    ),
    judges=(
        Judge(
            kind="client",
            name="zenpy 2.0.57",
            claims=("reading", "changes", "deletions", "merges"),
            tests=("tests/vendors/test_zenpy.py",),
        ),
    ),
)
