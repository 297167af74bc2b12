"""pretix, a ticket shop: customer accounts and orders of one organizer, on pretix.eu or a server of one's own."""

import re
from collections.abc import Iterator
from typing import Any

from connectors.pretix.objects import ORGANIZER, STREAMS
from hub.errors import HubError, StopStream
from hub.spec import Account, Ask, Change, Connector, Judge, OAuth2, Pace, Reply, Request, Webhook, pluck

_CODE = re.compile(r"[A-Za-z0-9]{1,32}")


def _errors(reply: Reply) -> HubError | None:
    """An unknown organizer is answered like a missing permission: 403 (recorded from pretix 2026.8.0)."""
    match reply.status:
        case 403:
            return StopStream(
                "pretix: no access to this organizer; check its short form, that it was ticked when signing in, and that the "
                "team of the person who signed in may view customers and orders"
            )
    return None


def _changes(body: Any) -> Iterator[Change]:
    """Thin: which customer or order, never what changed (https://docs.pretix.eu/dev/api/webhooks.html)."""
    notification = pluck(body, "notification_id")
    for stream, path in (("customers", "customer"), ("orders", "code")):
        found = pluck(body, path)
        if isinstance(found, str) and _CODE.fullmatch(found):
            yield Change(stream=stream, id=found, key=str(notification) if isinstance(notification, int) else None)


CONNECTOR = Connector(
    id="pretix",
    label="pretix",
    category="Shop",
    docs="https://docs.pretix.eu/dev/api/",
    summary="Customer accounts and ticket orders of a pretix organizer, with what was paid and refunded.",
    base_url="{address}",
    self_hosted=True,
    asks=(
        Ask(
            name="address",
            label="Address of pretix",
            help="The server, without a path to your shop.",
            pattern=r"https?://[^\s/?#]+(/[^\s?#]*)?",
            example="https://pretix.eu",
        ),
        Ask(
            name="organizer",
            label="Organizer",
            help="The short form in the address of your shop: what comes after the name of the server.",
            pattern=r"[A-Za-z0-9][A-Za-z0-9.-]{0,49}",
            example="acme",
        ),
        Ask(
            name="currency",
            label="Currency of your events",
            help="Orders name none. If some events use another one, add their short forms: EUR, geneva=CHF.",
            pattern=r"[A-Za-z]{3}( *, *[A-Za-z0-9.-]+ *= *[A-Za-z]{3})*",
            example="EUR",
        ),
    ),
    auth=(
        OAuth2(
            # https://docs.pretix.eu/dev/api/auth.html ; pretix takes PKCE but does not check it (recorded from 2026.8.0).
            authorize_url="{address}/api/v1/oauth/authorize",
            token_url="{address}/api/v1/oauth/token",  # noqa: S106 - an address, not a secret
            scopes=("read",),
            client_auth="basic",
            # Ending the refresh token ends the grant, and wants the client's id and secret like the token endpoint.
            revoke_url="{address}/api/v1/oauth/revoke_token",
            label="Sign in with pretix",
            preparation=(
                "In pretix open your account settings, then OAuth applications, and create an application: any name, and as "
                "redirect URI the callback address shown here. Copy the client ID and client secret that pretix shows. Sign in "
                "as a person whose team may view customers and orders, and tick the organizer."
            ),
        ),
    ),
    account=Account(request=Request(path=ORGANIZER), id=lambda body: str(body["slug"]), name=lambda body: str(body["name"])),
    # 360 a minute for an application and an organizer on pretix.eu: https://docs.pretix.eu/dev/api/ratelimit.html
    pace=(Pace(calls=330, per=60),),
    errors=_errors,
    streams=STREAMS,
    webhook=Webhook(
        # Deliveries carry no signature: the address itself is the secret, and what they name is read again from pretix.
        genuine=lambda _delivery, _secret: True,
        signed=False,
        changes=_changes,
        preparation=(
            "In pretix open your organizer, then Webhooks, and create one with the address shown here, for all events, with "
            "every action on customer accounts and on orders. Keep the address to yourself: pretix does not sign what it sends."
        ),
    ),
    limits=(
        "Customer accounts cannot be asked for by change: all are read each time, and what happened in between is seen by push.",
        "People who bought without a customer account are seen only as the address of their order.",
        "Orders name no currency: the one given when connecting is used.",
        "Products are shown by their number in pretix, fees by their kind. Orders in test mode are left out.",
        "Anonymized customers are seen as deleted; pretix cuts their orders loose from them.",
        "Invoices, vouchers, gift cards, memberships and answers to questions are not read.",
    ),
    judges=(
        Judge(
            kind="system",
            name="pretix 2026.8.0",
            claims=("reading", "fields", "deletions", "sign-in", "pushes"),
            tests=("tests/connectors/pretix", "tests/e2e/real/test_standins_pretix.py"),
        ),
    ),
)
