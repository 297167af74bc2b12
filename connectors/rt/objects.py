"""How Request Tracker lists its records.  Every fact was recorded from Request Tracker 5.0.3 (tests/connectors/rt)."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hub.spec import Lookup, Record, Request, Stream, keyset, offset, pluck, records

PAGE: Final = 100
"""More is cut to 100 without a word."""

PRIVILEGED: Final = 4
"""RT makes its system groups while it is installed, always in this order: 3 Everyone, 4 Privileged, 5 Unprivileged."""

_TICKET: Final = "id,Subject,Status,Priority,Queue,Owner,Requestor,Created,Resolved,LastUpdated,EffectiveId"
_USER: Final = (
    "id,Name,RealName,EmailAddress,Organization,Lang,Timezone,City,Country,WorkPhone,MobilePhone,HomePhone,Created,LastUpdated"
)


def _tickets(since: datetime | None) -> Request:
    """Ids only grow, so they order the pages.  Unset times are 1970; a time that RT cannot read means 1970 too, in silence."""
    changed = f" AND LastUpdated >= '{since.astimezone(UTC):%Y-%m-%d %H:%M:%S}'" if since else ""
    return Request(
        path="/REST/2.0/tickets",
        params={
            "query": f"id > 0{changed}",
            "orderby": "id",
            "order": "ASC",
            "per_page": PAGE,
            "fields": _TICKET,
            # Without `id` among the fields of a person, RT names them by login name instead of by number.
            "fields[Requestor]": "id",
            "fields[Owner]": "id,Name",
            "fields[Queue]": "Name",
        },
    )


def _after(request: Request, last: str) -> Request:
    return request.asking(query=re.sub(r"^id > \d+", f"id > {last}", str(request.params["query"])))


def _custom_request(ids: Sequence[str]) -> Request:
    query = " OR ".join(f"id = {found}" for found in ids)
    return Request(path="/REST/2.0/tickets", params={"query": query, "per_page": PAGE, "fields": "id,CustomFields"})


def _custom(body: Any) -> Mapping[str, dict[str, Any]]:
    """Custom fields by name: a list shows them by position, an empty one as text or an empty list."""
    return {
        str(ticket.get("id")): {
            str(found.get("name")): values[0] if len(values) == 1 else values
            for found in records(ticket, "CustomFields")
            if isinstance(values := found.get("values"), list) and values
        }
        for ticket in records(body, "items")
    }


def _members(**paging: int) -> Request:
    """Members of groups within the group too; asked for as users, for only those are paged in order."""
    return Request(
        path=f"/REST/2.0/group/{PRIVILEGED}/members",
        params={"users": 1, "groups": 0, "recursively": 1, "orderby": "id", "per_page": PAGE, **paging},
    )


def _privileged(body: Any) -> Mapping[str, bool]:
    return {str(member.get("id")): True for member in records(body, "items")}


def _person(body: Any) -> Mapping[str, Any]:
    return {str(pluck(body, "id")): body}


def _merged_or_deleted(ticket: Record) -> bool:
    return ticket.get("Status") == "deleted" or str(ticket.get("EffectiveId") or ticket.get("id")) != str(ticket.get("id"))


REFERENCES: Final = (
    Stream(
        name="owners",
        start=lambda _since: _members(page=1),
        # Pages are counted one by one until an empty one: how many there are, RT does not say of members.
        following=offset("items", size=1, into="page"),
        records="items",
        also=(Lookup(into="user", size=1, request=lambda ids: Request(path=f"/REST/2.0/user/{ids[0]}"), read=_person),),
        incremental=False,
        sweep=timedelta(hours=6),
        every=timedelta(hours=6),
    ),
)

STREAMS: Final = (
    Stream(
        name="contacts",
        # Conditions on the number or the time of change of a user are ignored in silence, so all are read.
        start=lambda _since: Request(
            path="/REST/2.0/users", params={"orderby": "id", "order": "ASC", "per_page": PAGE, "page": 1, "fields": _USER}
        ),
        following=offset("items", size=1, into="page"),
        records="items",
        total="total",
        also=(Lookup(into="privileged", size=PAGE, request=lambda _ids: _members(), read=_privileged),),
        incremental=False,
        sweep=timedelta(minutes=30),
        every=timedelta(minutes=30),
    ),
    Stream(
        name="tickets",
        start=_tickets,
        # A page short of tickets that the token may not see is not the last one; only an empty one is.
        following=keyset("items", id="id", size=1, after=_after),
        records="items",
        changed_at="LastUpdated",
        total="total",
        also=(Lookup(into="custom", size=PAGE, request=_custom_request, read=_custom),),
        # RT reads the time in a query in the zone of the token's user and refuses to be told another one (a zone that is
        # written out is added to the user's): going back by the furthest zone west of UTC never misses a change.
        lag=timedelta(hours=12, minutes=5),
        gone=_merged_or_deleted,
        # Neither deleted nor merged tickets show in any search: they are noticed by a complete read.
        sweep=timedelta(hours=24),
    ),
)
