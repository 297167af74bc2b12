"""Gainsight CS (NXT): who it is, how it lets us in, and how much we may ask of it."""
# Nothing of Gainsight was recorded: everything here is from its documentation and from what other programs read of it.

from datetime import timedelta
from typing import Any

from connectors.gainsight.objects import REFERENCES, STREAMS, listed, nothing, query
from hub.errors import HubError, RateLimited, Reconnect, StopStream
from hub.spec import Account, ApiKey, Ask, ClientCredentials, Connector, Pace, Reply, pluck

_DONE, _LIMITED = 200, 429


# A refused key is told by its code under any status; `result` says whether a query was answered.
def _errors(reply: Reply) -> HubError | None:
    code = pluck(reply.body, "errorCode")
    if code in ("GS_APIG_2401", "GSOBJ_1024"):
        return Reconnect("Gainsight: what we sign in with is not accepted; enter what is in force")
    if reply.status == _LIMITED and "retry-after" not in reply.headers:
        return RateLimited("Gainsight: the limit of calls is used up", after=timedelta(minutes=1))
    if reply.status == _DONE and pluck(reply.body, "result") is False:
        return StopStream(f"Gainsight: it refuses a query ({code}); a field or an object that is read may be missing there")
    return None


# All ids of a kind begin alike in a tenant and differently in any other: its key prefix, of 18 characters.
def _tenant(body: Any) -> str:
    return str((listed(body) or [{}])[0]["Gsid"])[:18]


_ORIGIN, _PATH, _ISSUES = r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", r"(/[A-Za-z0-9_-]+)+", "/v1/users/m2m/oauth/token"
_ADDRESS = Ask(name="address", label="Gainsight address", pattern=_ORIGIN, example="https://acme.gainsightcloud.com")
_CURRENCY = Ask(name="currency", label="Currency of revenue", help="If none is told.", pattern=r"[A-Za-z]{3}", required=False)
_WHERE = Ask(name="token_path", label="Path of OAuth tokens", pattern=_PATH, required=False, usual=_ISSUES, example=_ISSUES)
# https://support.gainsight.com/gainsight_nxt/Connectors/API_Integrations/Generate_REST_API_Access_Key
_MAKE = "In Gainsight open Administration, Connectors 2.0, and create a connection to Gainsight API with the authentication type"
_KEPT = f"{_MAKE} Access_Key. Copy the key here; a new one ends it. Where it lists addresses that may call, add this hub's."
_PAIR = f"{_MAKE} OAuth. Its API key is the client ID, its API secret the client secret; the path of tokens may stay empty."
_ISSUED_AT = "{address}{token_path}"
_BY_KEY = ApiKey(header="AccessKey", format="{key}", label="Access key", preparation=_KEPT)
_BY_OAUTH = ClientCredentials(token_url=_ISSUED_AT, client_auth="basic", label="OAuth", preparation=_PAIR)

CONNECTOR = Connector(
    id="gainsight",
    label="Gainsight CS",
    category="Customer success",
    docs="https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs",
    summary="Companies with their health, contracts and success managers, people, NPS answers, calls to action and the timeline.",
    base_url="{address}",
    asks=(_ADDRESS, _CURRENCY, _WHERE),
    auth=(_BY_KEY, _BY_OAUTH),
    account=Account(request=query("gsuser", ("Name",), limit=1), id=_tenant, name=lambda _body: "Gainsight CS"),
    # 100 calls a minute and 50,000 a day for all programs of a tenant together.
    pace=(Pace(calls=80, per=60), Pace(calls=40_000, per=86_400)),
    errors=_errors,
    nothing=lambda reply: nothing(reply.body),
    references=REFERENCES,
    streams=STREAMS,
    limits=(
        "Gainsight sends no pushes: changes are seen every few minutes, deleted answers and timeline entries within a week.",
        "A contract is read from a relationship that has a contract date, else from its company.",
        "What a status or an entry's type of your own making means, you are asked; of scorecards only the overall score is read.",
        "Other surveys than NPS, success plans, tasks, notes, who attended, and own fields of calls to action are not read.",
    ),
)
