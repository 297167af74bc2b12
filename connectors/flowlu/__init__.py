"""Flowlu: who it is, how it lets us in, how it fails, and what it pushes.

https://www.flowlu.com/api/ ; nothing of Flowlu was recorded.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from connectors.flowlu.objects import ENTITIES, REFERENCES, STREAMS, listing
from hub.errors import HubError, Missing, RateLimited, Reconnect, Retry, StopStream
from hub.spec import Account, ApiKey, Ask, Change, Connector, Pace, Reply, Webhook, pluck

_STREAMS = {entity: stream for stream, entity in ENTITIES.items()} | {"task/task": "tasks"}
_REFUSED, _PASSING, _GONE, _DENIED, _LIMITED = "11", ("10", "13"), "20", "22", 429


def _errors(reply: Reply) -> HubError | None:
    """An error comes under 200 like any answer; what it is, its code tells."""
    # https://www.flowlu.com/api/ : error codes.
    code, said = (str(pluck(reply.body, f"error.error_{each}")).casefold() for each in ("code", "msg"))
    if not pluck(reply.body, "error") or reply.status == _LIMITED:
        return None
    if code == _REFUSED:
        return Reconnect("Flowlu: the API key is not accepted; enter one that is in force")
    if "limit" in said or "too many" in said:
        return RateLimited("Flowlu: the limit of calls is used up", after=timedelta(minutes=1))
    if code in _PASSING:
        return Retry(f"Flowlu: it has a fault of its own ({code})")
    if code == _GONE:
        return Missing("Flowlu: there is no such record there")
    why = "the API key may not read this; give it the right" if code == _DENIED else "check what your portal has"
    return StopStream(f"Flowlu: it refuses a call ({code}); {why}")


def _changes(body: Any) -> Iterator[Change]:
    """What was created, updated or deleted: of a deleted record only the state before is told."""
    entity = f"{pluck(body, 'meta.module')}/{pluck(body, 'meta.model')}"
    found = next((str(said) for state in ("current", "previous") if (said := pluck(body, f"{state}.id"))), "")
    if entity in _STREAMS and found.isdecimal():
        yield Change(stream=_STREAMS[entity], id=found)


CONNECTOR = Connector(
    id="flowlu",
    label="Flowlu",
    category="CRM",
    docs="https://www.flowlu.com/api/",
    summary="People and organizations, opportunities of every pipeline with why they were lost, invoices, payments and tasks.",
    base_url="https://{subdomain}.flowlu.com/api/v1/module",
    asks=(
        Ask(name="subdomain", label="Portal", help="The part before .flowlu.com.", pattern=r"[A-Za-z0-9-]{1,63}", example="acme"),
        # Times name no zone and are the portal's (https://www.flowlu.com/help/articles/201-270--system_settings), as programs
        # that read real portals found: https://github.com/activepieces/activepieces/tree/main/packages/pieces/community/flowlu .
        Ask(
            name="time_zone",
            label="Time zone of the portal",
            help="Portal Settings show it. Flowlu's times are read in it; in UTC if you leave this empty.",
            pattern=r"[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}",
            example="America/Sao_Paulo",
            required=False,
        ),
        # Only invoices name theirs.
        Ask(name="currency", label="Currency of deals and payments", pattern=r"[A-Za-z]{3}", example="BRL", required=False),
    ),
    auth=(
        ApiKey(
            query="api_key",
            label="API key",
            preparation="In Portal Settings, API Settings, make a key to read CRM, Finance, Tasks and users. It is shown once.",
        ),
    ),
    # No answer names the portal; its first user was there from the beginning, and the address tells it from others.
    account=Account(
        request=listing("core/user"),
        id=lambda body: min((str(each["id"]) for each in body["response"]["items"]), key=int),
        name=lambda _body: "Flowlu",
    ),
    # Flowlu's limit is not documented; programs that read it are refused at a call every half second and not at two thirds.
    pace=(Pace(calls=80, per=60),),
    errors=_errors,
    references=REFERENCES,
    streams=STREAMS,
    webhook=Webhook(
        # https://www.flowlu.com/custom-apps/articles/1689-1679--webhooks-for-custom-applications : deliveries carry no
        # signature, so the address itself is the secret, and what they name is read again.
        genuine=lambda _delivery, _secret: True,
        signed=False,
        changes=_changes,
        preparation=(
            "In Flowlu open System Settings, Webhooks, and add the address shown here for created, updated and deleted CRM "
            "accounts, opportunities, invoices, payments and tasks. Keep it to yourself: Flowlu does not sign what it sends."
        ),
    ),
    limits=(
        "Flowlu cannot be asked for what changed: all is read each half hour, and what happened in between is seen by push.",
        "A move to another stage is dated as if the portal's clock showed UTC.",
        "Which person belongs to which organization Flowlu's lists do not tell: only opportunities tie the two.",
        "What the numbers of an invoice's status mean is not documented: you are asked about each once; until then none is paid.",
        "Payments are shown; money is counted by the invoices that they pay, so that it is not counted twice.",
        "An opportunity that was merged into another is seen as deleted.",
        "Categories, industries and sources are kept by their numbers; the reasons of losses appear among the pipelines.",
        "Projects, agile issues, estimates, products and time sheets are not read.",
    ),
)
