"""Gainsight CS (NXT): who it is, how it lets us in, and how much we may ask of it.

Nothing of Gainsight was recorded: everything here is from its documentation and from what other programs read of it.
"""

from datetime import timedelta
from typing import Any

from connectors.gainsight.objects import REFERENCES, STREAMS, listed, nothing, query
from hub.errors import HubError, RateLimited, Reconnect, StopStream
from hub.spec import Account, ApiKey, Ask, Connector, Pace, Reply, pluck

_DONE, _LIMITED = 200, 429


def _errors(reply: Reply) -> HubError | None:
    """A refused key is told by its code under any status; `result` says whether a query was answered. None found is none."""
    code = pluck(reply.body, "errorCode")
    if code in ("GS_APIG_2401", "GSOBJ_1024"):
        return Reconnect("Gainsight: the access key is not accepted; enter the one that is in force")
    if reply.status == _LIMITED and "retry-after" not in reply.headers:
        return RateLimited("Gainsight: the limit of calls is used up", after=timedelta(minutes=1))
    if reply.status == _DONE and pluck(reply.body, "result") is False and not nothing(reply.body):
        return StopStream(f"Gainsight: it refuses a query ({code}); a field or an object that is read may be missing there")
    return None


def _tenant(body: Any) -> str:
    """All ids of a kind begin alike in a tenant and differently in any other: its key prefix, of 18 characters."""
    return str((listed(body) or [{}])[0]["Gsid"])[:18]


_ORIGIN = r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
_ADDRESS = Ask(
    name="address", label="Gainsight address", help="Without a path.", pattern=_ORIGIN, example="https://acme.gainsightcloud.com"
)
_CURRENCY = Ask(name="currency", label="Currency of revenue", help="If none is told.", pattern=r"[A-Za-z]{3}", required=False)
_PREPARATION = (
    "In Gainsight open Administration, Integration, Connectors 2.0, and make a connection of the kind Gainsight API: it shows "
    "the access key of your tenant. There is only one; making a new one ends the one before. Copy it here."
)

CONNECTOR = Connector(
    id="gainsight",
    label="Gainsight CS",
    category="Customer success",
    docs="https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs",
    summary="Companies with their health, contracts and success managers, people, NPS answers, calls to action and the timeline.",
    base_url="{address}",
    asks=(_ADDRESS, _CURRENCY),
    auth=(ApiKey(header="AccessKey", format="{key}", label="Access key", preparation=_PREPARATION),),
    account=Account(request=query("gsuser", ("Name",), limit=1), id=_tenant, name=lambda _body: "Gainsight CS"),
    # 100 calls a minute and 50,000 a day for all programs of a tenant together.
    pace=(Pace(calls=80, per=60), Pace(calls=40_000, per=86_400)),
    errors=_errors,
    references=REFERENCES,
    streams=STREAMS,
    limits=(
        "Gainsight sends no pushes: changes are seen every few minutes, deleted answers and timeline entries within a week.",
        "Stages and statuses, and lists of your own making, come as Gainsight's own ids: you are asked what a status means.",
        "A contract is read from a relationship that has a contract date, else from its company.",
        "Of scorecards the current overall score of a company is read, neither measures nor earlier scores.",
        "Who attended what is in the timeline is not read, nor are its notes, nor own fields of calls to action.",
        "Success plans, tasks and other survey answers than NPS are not read; OAuth cannot be used yet, only the access key.",
    ),
)
