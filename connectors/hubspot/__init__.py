"""HubSpot CRM: who it is, how it lets us in, and how much we may ask of it."""

from datetime import timedelta
from typing import Any

from connectors.hubspot.objects import REFERENCES, STREAMS
from connectors.hubspot.pushes import WEBHOOK
from hub.errors import HubError, RateLimited, Retry, StopStream
from hub.spec import Account, ApiKey, Ask, Connector, Judge, OAuth2, Pace, Reply, Request, pluck, records

_SCOPES = (
    "oauth",
    "crm.objects.contacts.read",
    "crm.objects.companies.read",
    "crm.objects.deals.read",
    "crm.objects.owners.read",
    "tickets",
)
_WAITS = {"SECONDLY": timedelta(seconds=2), "TEN_SECONDLY_ROLLING": timedelta(seconds=10), "DAILY": timedelta(hours=1)}


def _errors(reply: Reply) -> HubError | None:
    """What HubSpot means beyond the status: https://developers.hubspot.com/docs/api-reference/error-handling ."""
    policy = _WAITS.get(str(pluck(reply.body, "policyName")))
    match reply.status:
        case 403 if pluck(reply.body, "category") == "MISSING_SCOPES":
            return StopStream(f"HubSpot: missing {_missing(reply.body)}; add it to the app's scopes and connect again")
        case 429 if policy and "retry-after" not in reply.headers:
            return RateLimited("HubSpot: the limit of calls is used up", after=policy)
        case 423:
            return Retry("HubSpot: another call holds these records", after=timedelta(seconds=2))
        case 477:
            return Retry("HubSpot: the account is moving to another data centre", after=timedelta(hours=1))
    return None


def _missing(body: Any) -> str:
    granular = (pluck(error, "context.requiredGranularScopes") for error in records(body, "errors"))
    scopes = {str(one) for found in granular if isinstance(found, list) for one in found}
    return f"the permission {' or '.join(sorted(scopes))}" if scopes else "a permission"


def _revoke(token: dict[str, str]) -> Request:
    # https://developers.hubspot.com/docs/api-reference/latest/authentication/oauth-tokens/revoke-token wants the client's own
    # id and secret as well; the older call carries the token in its address, where it would end up in messages.
    client = {name: token[name] for name in ("client_id", "client_secret") if name in token}
    form = {"token": token["refresh_token"], "token_type_hint": "refresh_token"} | client
    return Request(method="POST", path="/oauth/2026-03/token/revoke", form=form)


CONNECTOR = Connector(
    id="hubspot",
    label="HubSpot",
    category="CRM",
    docs="https://developers.hubspot.com/docs/api-reference/latest/overview",
    summary="Contacts, leads, companies, deals and tickets with their owners and pipelines.",
    base_url="https://api.hubapi.com",
    hosts=("app.hubspot.com",),
    auth=(
        OAuth2(
            # https://developers.hubspot.com/docs/api-reference/latest/authentication/manage-oauth-tokens
            authorize_url="https://app.hubspot.com/oauth/authorize",
            token_url="https://api.hubapi.com/oauth/2026-03/token",  # noqa: S106 - an address, not a secret
            scopes=_SCOPES,
            # The token endpoint documents a code verifier, the sign-in page of such apps documents no challenge.
            pkce=False,
            revoke=_revoke,
            label="Sign in to HubSpot",
            preparation=(
                "In a HubSpot developer account, create a public app. Under Auth, enter the callback address shown here as "
                f"the redirect URL and choose the scopes {', '.join(_SCOPES)}. Copy the client ID and the client secret here."
            ),
        ),
        ApiKey(
            label="Access token of a private app",
            preparation=(
                "In HubSpot, under Settings, Integrations, Private Apps, a super admin creates a private app with the scopes "
                f"{', '.join(_SCOPES[1:])} and copies its access token here."
            ),
        ),
    ),
    asks=(
        Ask(
            name="currency",
            label="Company currency",
            help="Used for amounts where HubSpot names no currency. You find it under Settings, Account Defaults, Currency.",
            pattern=r"[A-Za-z]{3}",
            example="BRL",
            required=False,
        ),
    ),
    account=Account(
        # https://developers.hubspot.com/docs/api-reference/latest/account/account-information/guide
        request=Request(path="/account-info/v3/details"),
        id=lambda body: str(body["portalId"]),
        name=lambda body: f"HubSpot {body['portalId']}",
    ),
    references=REFERENCES,
    streams=STREAMS,
    # https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines; a search counts apart, five a second.
    pace=(
        Pace(
            calls=4,
            per=1,
            paths=tuple(f"/crm/v3/objects/{kind}/search" for kind in ("contacts", "companies", "deals", "tickets")),
        ),
        Pace(calls=90, per=10),
    ),
    errors=_errors,
    webhook=WEBHOOK,
    limits=(
        "HubSpot's own lead records, feedback answers, activities and custom objects are not read.",
        "A lead is a contact that is in a lifecycle stage; one that skipped the first stages counts from when it was made.",
        "The stage Customer is only noted: who is a customer is told by deals.",
        "A contact that was erased for privacy vanishes without a trace: without pushes this is seen at the weekly full read.",
        "A new link between two records is seen by a push, or when the record that holds it changes, or at the weekly full read.",
        "A record linked to very many others shows only the first page of them that HubSpot answers.",
        "Fields of your own making are not read.",
        "Calendar dates, such as the day a deal is expected to close, are taken in UTC.",
    ),
    judges=(
        Judge(
            kind="client",
            name="airbyte-source-hubspot 5.7.0",
            claims=("changes",),
            tests=("tests/vendors/test_airbyte_sources.py",),
        ),
        Judge(
            kind="client",
            name="hubspot-api-client 12.0.0",
            claims=("reading", "deletions", "merges", "sign-in", "pushes"),
            tests=("tests/vendors/test_hubspot_client.py",),
        ),
    ),
)
