"""Request Tracker by Best Practical, a self-hosted helpdesk: tickets and the people who sent them.

API: https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html ; what it leaves open was recorded from Request Tracker 5.0.3
(tests/connectors/rt).
"""

from typing import Any
from urllib.parse import urlsplit

from connectors.rt.objects import REFERENCES, STREAMS
from hub.spec import Account, ApiKey, Ask, Connector, Judge, Pace, Request


def _address(body: Any) -> str:
    """The address by which the server calls itself, out of the link of a record to itself."""
    return str(body["_hyperlinks"][0]["_url"]).partition("/REST/2.0/")[0]


CONNECTOR = Connector(
    id="rt",
    label="Request Tracker",
    category="Helpdesk",
    docs="https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html",
    summary="Tickets, who sent them, who owns them, and how satisfied people were, of a Request Tracker that you run yourselves.",
    base_url="{address}",
    self_hosted=True,
    asks=(
        Ask(
            name="address",
            label="Address of the Request Tracker server",
            help="The address that agents open, without /REST/2.0 at the end.",
            pattern=r"https?://[^\s/?#]+(/[^\s?#]*)?",
            example="https://rt.example.com",
        ),
    ),
    auth=(
        ApiKey(
            header="Authorization",
            format="token {key}",
            label="Authentication token",
            preparation=(
                "In Request Tracker make a privileged user for this hub. Under Admin, Global, User Rights grant it SeeQueue, "
                "ShowTicket, SeeCustomField, AdminUsers (to read people) and AdminGroupMembership (to tell agents from them). "
                "Sign in as that user, open Settings, then Auth Tokens, make a token and copy it here. Satisfaction ratings are "
                "read from a custom field of tickets with the name Satisfaction and the values 1 to 5."
            ),
        ),
    ),
    account=Account(
        # The user that RT makes for itself: there in every RT, and readable by privileged users only.
        request=Request(path="/REST/2.0/user/RT_System"),
        id=_address,
        name=lambda body: urlsplit(_address(body)).netloc,
    ),
    # RT sets no limit; it works off a few requests at a time (0.3 s a list), and agents use it meanwhile.
    pace=(Pace(calls=120, per=60),),
    references=REFERENCES,
    streams=STREAMS,
    limits=(
        "Request Tracker sends no pushes: changes are seen every few minutes.",
        "Deleted and merged tickets are noticed once a day, when all are read.",
        "People cannot be asked for by change: all are read each time. Disabled people are seen as deleted.",
        "Agents are told from customers for the first 100 agents; any more would appear as contacts.",
        "When a rating was given is not in a ticket: when it was solved stands for it. The field must be called Satisfaction.",
        "The priority is a number in Request Tracker: from 100 it counts as high, from 50 as normal, below as low.",
        "Organisations are text at a person, not records: no companies come from it. Watchers and attachments are not read.",
    ),
    judges=(
        Judge(
            kind="system",
            name="Request Tracker 5.0.3",
            claims=("reading", "fields", "changes", "deletions", "merges", "sign-in"),
            tests=("tests/e2e/real/test_sync.py", "tests/e2e/real/test_standins_rt.py"),
        ),
    ),
)
