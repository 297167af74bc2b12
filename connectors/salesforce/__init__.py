"""Salesforce Sales and Service Cloud: who it is, how it lets us in, and how much we may ask of it."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from connectors.salesforce.objects import REFERENCES, STREAMS
from hub.errors import HubError, RateLimited, Retry, StopStream
from hub.spec import Account, Ask, Connector, Judge, OAuth2, Pace, Reply, Request, pluck

_SIMPLE, _AIRBYTE = (f"tests/vendors/test_{name}.py" for name in ("simple_salesforce", "airbyte_sources"))
_OTHERS = 0.9
"""The share of the day's calls at which the rest is left to the organisation's other programs."""
_HIDDEN = "is not there, or hidden from whoever signed in; let them read it, or sign in as somebody who may"
# https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm
_STOPPED = {
    "API_DISABLED_FOR_ORG": "the edition, or the profile of whoever signed in, has no access to the API",
    "INVALID_TYPE": f"an object {_HIDDEN}",
    "INVALID_FIELD": f"a field {_HIDDEN}",
    "INVALID_QUERY_LOCATOR": "it lost the place in its list; reading begins anew",
}


def _errors(reply: Reply) -> HubError | None:
    """What Salesforce means beyond the status: its limits answer 403, and good answers tell how much is left of them."""
    code, hour = str(pluck(reply.body, "0.errorCode")), timedelta(hours=1)
    if code == "REQUEST_LIMIT_EXCEEDED":
        # Either too many long calls at once or too many calls within 24 hours.
        wait = timedelta(minutes=1) if "Concurrent" in str(pluck(reply.body, "0.message")) else hour
        return RateLimited("Salesforce: the organisation's limit of calls is used up", after=wait)
    if code in _STOPPED:
        return StopStream(f"Salesforce: {_STOPPED[code]}")
    if code == "QUERY_TIMEOUT":
        return Retry("Salesforce: it took too long to answer", after=timedelta(minutes=1))
    if _used(reply.headers.get("sforce-limit-info", "")) >= _OTHERS:
        return RateLimited("Salesforce: the day's calls are nearly used up; the rest is left to others", after=hour)
    return None


# https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm
def _used(said: str) -> float:
    """The share of the day's calls that are made, from `api-usage=25/15000`."""
    found = re.search(r"api-usage=(\d+)/([1-9]\d*)", said)
    return int(found[1]) / int(found[2]) if found else 0.0


def _name(body: Any) -> str:
    """The organisation by the host at which its people know it, else by its id."""
    host = urlsplit(str(pluck(body, "urls.custom_domain") or "")).hostname
    return f"Salesforce {host or body['organization_id']}"


_HELP = {
    "currency": "Used for amounts where Salesforce names no currency. Setup shows it under Company Information.",
    "time_zone": "Where days begin of which Salesforce gives no time; UTC if empty. Setup shows it under Company Information.",
    "loss_reason": "The API name of your own field that says why an opportunity was lost, if there is one.",
}


def _optional(name: str, label: str, pattern: str, example: str) -> Ask:
    return Ask(name=name, label=label, help=_HELP[name], pattern=pattern, example=example, required=False)


_SIGN_IN = OAuth2(
    # https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_oauth_web_server_flow_ca.htm
    authorize_url="https://{login}/services/oauth2/authorize",
    token_url="https://{login}/services/oauth2/token",  # noqa: S106 - an address, not a secret
    revoke_url="https://{login}/services/oauth2/revoke",
    scopes=("api", "refresh_token", "id"),
    label="Sign in to Salesforce",
    preparation=(
        "In Salesforce's Setup, under External Client App Manager, create an external client app with OAuth. Enter the callback "
        "address shown here and choose the scopes Manage user data via APIs (api), Perform requests at any time (refresh_token, "
        "offline_access) and Access the identity URL service (id). Keep secret and PKCE required. Copy consumer key and secret "
        "here. Whoever then signs in needs the permission API Enabled and a view of all that is to be brought: leads, contacts, "
        "accounts, opportunities and cases."
    ),
)
CONNECTOR = Connector(
    id="salesforce",
    label="Salesforce",
    category="CRM",
    docs="https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/",
    summary="Leads, contacts, accounts, opportunities and cases with their owners, stages and fields of your own making.",
    # Every organisation has a host of its own, which the sign-in tells; all are below this domain:
    # https://help.salesforce.com/apex/HTViewHelpDoc?id=domain_name_overview.htm
    base_url="{token.instance_url}",
    token_domains=("salesforce.com",),
    hosts=("{login}",),
    auth=(_SIGN_IN,),
    asks=(
        Ask(
            name="login",
            label="Sign-in host",
            help="login.salesforce.com, test.salesforce.com for a sandbox, or your My Domain, as Setup shows it.",
            pattern=r"([a-z0-9-]+\.)+salesforce\.com",
            example="acme.my.salesforce.com",
        ),
        _optional("currency", "Corporate currency", r"[A-Za-z]{3}", "BRL"),
        _optional("time_zone", "Default time zone", r"[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}", "America/Sao_Paulo"),
        _optional("loss_reason", "Field with the reason of a loss", r"[A-Za-z][A-Za-z0-9_]*__c", "Loss_Reason__c"),
    ),
    # https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.remoteaccess_using_userinfo_endpoint.htm
    account=Account(request=Request(path="/services/oauth2/userinfo"), id=lambda body: str(body["organization_id"]), name=_name),
    references=REFERENCES,
    streams=STREAMS,
    # The smallest organisation with an API, a developer's, may make 15,000 calls within 24 hours.
    pace=(Pace(calls=600, per=3600),),
    errors=_errors,
    limits=(
        "Salesforce's own pushes (events, outbound messages) are not received; changes are asked for every few minutes.",
        "Formula fields change without a trace, and some rows are deleted without one: this is seen at the weekly full read.",
        "A contact who joins or leaves an opportunity is seen when the opportunity changes, or at that full read.",
        "Of a hundred opportunities' histories the newest 2,000 changes are read; a stage that is there no longer is but a name.",
        "All opportunity stages count as one pipeline, whatever sales processes there are.",
        "Products, quotes, campaigns, tasks, events, e-mails, consent and custom objects are not read.",
        "An opportunity of a person account has a person only by its contact roles.",
        "What a queue owns has no owner.",
        "Why an opportunity was lost is known only where a field of your own says so and is named when connecting.",
    ),
    judges=(
        Judge(kind="client", name="simple-salesforce 1.12.10", claims=("reading", "deletions"), tests=(_SIMPLE,)),
        Judge(kind="client", name="airbyte-source-salesforce 2.10.3", claims=("changes",), tests=(_AIRBYTE,)),
    ),
)
