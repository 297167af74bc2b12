"""BottleCRM (`django-crm` on PyPI), a self-hosted CRM: contacts, accounts, opportunities and cases.

Every fact here was recorded from BottleCRM 1.35.0 (tests/connectors/bottlecrm).  Its lists cannot be asked for what changed,
and any unknown parameter is ignored in silence: each run reads everything, pushes bring what changes in between.
"""

from connectors.bottlecrm.objects import REFERENCES, STREAMS
from connectors.bottlecrm.pushes import WEBHOOK
from hub.errors import HubError, Reconnect, StopStream
from hub.spec import Account, ApiKey, Ask, Connector, Judge, Pace, Reply, Request, pluck


def errors(reply: Reply) -> HubError | None:
    """A refused token is answered 403 with these words, never 401; other 403s name the scope that the token lacks."""
    match reply.status, pluck(reply.body, "detail"):
        case 403, str(said) if said.startswith("Organization context"):
            return Reconnect("bottlecrm: the token is refused: revoked, expired, or its owner inactive; make a new one")
        case 403, str(said) if "is not scoped for" in said:
            return StopStream("bottlecrm: the token lacks a scope; make one with all the scopes that the form names")
    return None


CONNECTOR = Connector(
    id="bottlecrm",
    label="BottleCRM",
    category="CRM",
    docs="https://django-crm.readthedocs.io/en/latest/",
    summary="Contacts, companies, deals with their pipelines and support tickets of a BottleCRM that you run yourselves.",
    base_url="{address}",
    self_hosted=True,
    asks=(
        Ask(
            name="address",
            label="Address of the BottleCRM server",
            help="Where its API answers, without /api at the end.",
            pattern=r"https?://[^\s/?#]+(/[^\s?#]*)?",
            example="https://crm.example.com",
        ),
    ),
    auth=(
        ApiKey(
            label="Personal access token",
            preparation=(
                "Sign in to BottleCRM as an administrator: a token sees what its owner sees. Open your profile, then API tokens, "
                "and make a token with the scopes org:read, users:read, contacts:read, accounts:read, opportunities:read and "
                "cases:read. It is shown only once: copy it here. It begins with bcrm_pat_."
            ),
        ),
    ),
    account=Account(
        request=Request(path="/api/org/settings/"),
        id=lambda body: str(body["id"]),
        name=lambda body: str(body["name"]),
    ),
    pace=(Pace(calls=240, per=60),),
    errors=errors,
    references=REFERENCES,
    streams=STREAMS,
    webhook=WEBHOOK,
    limits=(
        "Single satisfaction ratings are not in BottleCRM's API (only their average), so no survey answers come from it.",
        "Leads, invoices, tasks and logged interactions are not read.",
        "BottleCRM cannot be asked for what changed: everything is read each time, and what happened in between is seen by push.",
        "A deleted ticket sends no push and is noticed at the next complete read.",
        "Contacts and accounts that were merged away are seen as deleted: BottleCRM does not say into which one.",
        "The day a deal was closed is taken in UTC; it counts only where the moment it entered its last stage is not known.",
        "Of several people assigned to a record, the first is taken as its owner.",
        "The tags of contacts come as numbers without names and are left out.",
    ),
    judges=(
        Judge(
            kind="system",
            name="BottleCRM 1.35.0",
            claims=("reading", "fields", "deletions", "merges", "sign-in", "pushes"),
            tests=("tests/e2e/real/test_sync.py", "tests/e2e/real/test_standins_bottlecrm.py"),
        ),
    ),
)
