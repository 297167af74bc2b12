"""How pretix lists its records: https://docs.pretix.eu/dev/api/ ; what that leaves open was recorded from pretix 2026.8.0."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from hub.spec import Record, Request, Some, Stream, next_link

PAGE: Final = 50
"""More is cut to 50 without a word."""

ORGANIZER: Final = "/api/v1/organizers/{organizer}/"

_KEYS: Final = [
    *("secret", "url", "downloads", "payments.payment_url", "payments.details", "refunds.details"),
    *("positions.secret", "positions.pseudonymization_id", "positions.downloads", "positions.answers"),
]
"""Left out of orders: they open the order or a ticket to whoever holds them, or are answers that nobody here needs."""


def _customers(_since: datetime | None) -> Request:
    """Customers take no condition on the time of their change: it is ignored in silence, so all are read."""
    return Request(path=f"{ORGANIZER}customers/", params={"page_size": PAGE})


def _orders(since: datetime | None) -> Request:
    """In the order of their creation: one that changes while they are read keeps its place, so no page ever shifts."""
    params: dict[str, Any] = {"ordering": "datetime", "page_size": PAGE, "exclude": _KEYS}
    if since:
        params["modified_since"] = since.astimezone(UTC).isoformat()
    return Request(path=f"{ORGANIZER}orders/", params=params)


def _anonymized(customer: Record) -> bool:
    """What pretix leaves of a customer whose data was erased; an account that is merely switched off keeps its address."""
    return customer.get("is_active") is False and not customer.get("email") and not customer.get("name")


STREAMS: Final = (
    Stream(
        name="customers",
        start=_customers,
        following=next_link("next"),
        records="results",
        id="identifier",
        total="count",
        incremental=False,
        some=Some(request=lambda ids: Request(path=f"{ORGANIZER}customers/{quote(ids[0], safe='')}/")),
        gone=_anonymized,
        every=timedelta(minutes=15),
        sweep=timedelta(minutes=15),
        volatile=("last_login",),
    ),
    Stream(
        name="orders",
        start=_orders,
        following=next_link("next"),
        records="results",
        id="code",
        changed_at="last_modified",
        total="count",
        some=Some(request=lambda ids: Request(path=f"{ORGANIZER}orders/{quote(ids[0], safe='')}/", params={"exclude": _KEYS})),
        # Covers clocks that differ and orders whose transaction ended after a later one's.
        lag=timedelta(minutes=5),
        # Only test orders can be deleted; a complete read shows that they are gone.
        sweep=timedelta(days=1),
    ),
)
