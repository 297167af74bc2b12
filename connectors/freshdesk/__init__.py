"""Freshdesk: who it is, how it lets us in, and what its automation rules push.

https://developers.freshdesk.com/api/ ; nothing of Freshdesk was recorded.
"""

import re
from collections.abc import Iterator
from typing import Any

from connectors.freshdesk.objects import REFERENCES, ROOT, STREAMS
from hub.spec import Account, ApiKey, Ask, Change, Connector, Pace, Request, Webhook, convert, pluck

_ID = re.compile(r"[0-9]{1,20}")
_NAMED = {"ticket_id": "tickets", "contact_id": "contacts"}
_CONTENT = (
    '{"ticket_id": "{{ticket.id}}", "contact_id": "{{ticket.requester.id}}", '
    '"event": "{{triggered_event}}", "at": "{{ticket.modified_on}}"}'
)
"""What the admin lets a rule send. What happened and when is there to tell one push of a ticket from the next one."""


def _changes(body: Any) -> Iterator[Change]:
    """What a rule names; a rule with the content that Freshdesk itself proposes puts an envelope around it."""
    for name, stream in _NAMED.items():
        for said in (pluck(body, name), pluck(body, f"freshdesk_webhook.{name}")):
            if isinstance(said, str | int) and _ID.fullmatch(found := convert.text(said) or ""):
                yield Change(stream=stream, id=found)


CONNECTOR = Connector(
    id="freshdesk",
    label="Freshdesk",
    category="Helpdesk",
    docs="https://developers.freshdesk.com/api/",
    summary="Tickets with the contacts and companies who asked, the agents, and how satisfied people were.",
    # Addresses of an account's own making do not serve the API.
    base_url="https://{subdomain}.freshdesk.com",
    asks=(
        Ask(
            name="subdomain",
            label="Subdomain",
            help="The part before .freshdesk.com, also where your helpdesk has an address of its own.",
            pattern=r"[a-z0-9][a-z0-9-]{0,61}",
            example="acme",
        ),
    ),
    auth=(
        ApiKey(
            # The key is the user name, and any text the password: https://developers.freshdesk.com/api/#authentication
            format="Basic {basic}",
            basic="{key}:X",
            label="API key",
            preparation=(
                "Sign in to Freshdesk as an account administrator, open your picture, Profile settings, View API key, and "
                "copy the key here."
            ),
        ),
    ),
    # https://developers.freshdesk.com/api/#account
    account=Account(
        request=Request(path=f"{ROOT}/account"),
        id=lambda body: str(body["account_id"]),
        name=lambda body: str(body["account_name"]),
    ),
    # The least that a plan with an API allows: 200 calls a minute, 20 of each of these lists, an include counted as two more.
    # https://support.freshdesk.com/en/support/solutions/articles/225439
    pace=(*(Pace(calls=18, per=60, paths=(f"{ROOT}/{name}",)) for name in ("tickets", "contacts")), Pace(calls=120, per=60)),
    references=REFERENCES,
    streams=STREAMS,
    webhook=Webhook(
        # Deliveries carry no signature: the address itself is the secret, and what they name is read again.
        # https://support.freshdesk.com/en/support/solutions/articles/132589-using-webhooks-in-automation-rules
        genuine=lambda _delivery, _secret: True,
        signed=False,
        changes=_changes,
        preparation=(
            "In Freshdesk open Admin, Automations. Add a rule for ticket creation and one for ticket updates, for all tickets, "
            "with the action Trigger webhook: request type POST, the address shown here, encoding JSON, content Advanced, and "
            f"as the content: {_CONTENT} . Keep the address to yourself: Freshdesk does not sign what it sends. "
            "An app of your own that hears of changed contacts may send their contact_id alone to it."
        ),
    ),
    limits=(
        "Rules push what happens to tickets alone: changes of contacts are seen every few minutes, of companies every hour.",
        "Of merged contacts, the one that is no more is seen as deleted, within a week; so are blocked contacts.",
        "Tickets that were archived before the hub was connected are not listed, and not read.",
        "A rating that is changed more than a day after it was given keeps its first value here.",
        "The account's own statuses are asked about once, by the name that agents see.",
        "Descriptions, conversations, time entries, forums and solutions are not read; addresses are kept as text.",
    ),
)
