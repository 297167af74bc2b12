"""EngageBay: who it is, how it lets us in, and what it pushes.

https://github.com/engagebay/restapi and https://github.com/engagebay/webhooks ; nothing of EngageBay was recorded.
"""

from collections.abc import Iterator
from typing import Any

from connectors.engagebay.objects import ID, REFERENCES, ROOT, STREAMS
from hub.errors import HubError, StopStream
from hub.spec import Account, ApiKey, Ask, Change, Connector, Pace, Reply, Request, Webhook, pluck

_KINDS = {"contact": "subscribers", "company": "companies", "deal": "deals"}


def _errors(reply: Reply) -> HubError | None:
    """A list is bare: an object that names an error is none, whatever the status."""
    if reply.status == 200 and pluck(reply.body, "error"):  # noqa: PLR2004 - HTTP
        return StopStream("EngageBay: it answers with an error; check what the owner of the key may see")
    return None


def _changes(body: Any) -> Iterator[Change]:
    """What an event such as `deal.updated` is about; those about messages (`email.open`) change no record."""
    stream, found = _KINDS.get(str(pluck(body, "event")).partition(".")[0]), str(pluck(body, "entity.id"))
    if stream and ID.fullmatch(found):
        yield Change(stream=stream, id=found)


CONNECTOR = Connector(
    id="engagebay",
    label="EngageBay",
    category="CRM",
    docs="https://github.com/engagebay/restapi",
    summary="Contacts, companies, deals of every track, support tickets and tasks.",
    base_url="https://app.engagebay.com",
    asks=(
        Ask(
            name="currency",
            label="Currency of deals",
            help="Used for deals of which EngageBay names no currency.",
            pattern=r"[A-Za-z]{3}",
            example="BRL",
            required=False,
        ),
    ),
    auth=(
        ApiKey(
            format="{key}",
            label="REST API key",
            preparation=(
                "In EngageBay open Account Settings, Admin Settings, API, and copy the REST API key here. "
                "The hub sees what the person sees whose key it is."
            ),
        ),
    ),
    # Of all answers only those about users name the account they are of.
    account=Account(
        request=Request(path=f"{ROOT}/users"),
        id=lambda body: str(body[0]["domain_id"]),
        name=lambda body: f"EngageBay {body[0]['domain_id']}",
    ),
    # EngageBay limits calls (429) and does not tell how many are allowed.
    pace=(Pace(calls=60, per=60),),
    errors=_errors,
    references=REFERENCES,
    streams=STREAMS,
    webhook=Webhook(
        # Deliveries carry no signature: the address itself is the secret, and what they name is read again.
        genuine=lambda _delivery, _secret: True,
        signed=False,
        changes=_changes,
        preparation=(
            "In EngageBay open Account Settings, Webhooks, and add the address shown here for created, updated and deleted "
            "contacts, companies and deals. Keep the address to yourself: EngageBay does not sign what it sends."
        ),
    ),
    limits=(
        "EngageBay cannot be asked for what changed: everything is read each time, and what happened in between is seen by push.",
        "Tickets and tasks send no pushes.",
        "What the numbers of a ticket's status and priority mean is not documented: you are asked about each once.",
        "When a deal was won or lost is not told: its close date counts, or its last change where that was earlier.",
        "Whether somebody may be written to, notes, calls, forms, sequences, messages and products are not read.",
    ),
)
