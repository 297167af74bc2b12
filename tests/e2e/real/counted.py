"""How many of each object a real system says it holds, by the type that the hub gives them. Nothing here is the hub's."""

from collections.abc import Iterator
from typing import Any

from tests.e2e.real.client import Client
from tests.e2e.real.pretix.seed import ORGANIZER

ENOUGH = 200
"""Live records of each type that a real system holds at least before anything is tested."""

_RT = "/REST/2.0"
_NOT_PEOPLE = ("RT_System", "Nobody")


def bottlecrm(client: Client) -> dict[str, int]:
    """By the totals of its lists; open and closed accounts are one type, cases as its own list shows them."""
    accounts = client.done("/api/accounts/?limit=1", method="GET")
    return {
        "contact": client.done("/api/contacts/?limit=1", method="GET")["count"],
        "company": accounts["active_accounts"]["open_accounts_count"] + accounts["closed_accounts"]["close_accounts_count"],
        "deal": client.done("/api/opportunities/?limit=1", method="GET")["opportunities_count"],
        "ticket": client.done("/api/cases/?limit=1&slim=true", method="GET")["cases_count"],
    }


def rt(client: Client) -> dict[str, int]:
    """People who are not staff, by the lists of both; tickets, and those with a rating, by the totals of searches."""
    staff = {member["id"] for member in _rt_listed(client, f"{_RT}/group/4/members?users=1&groups=0&recursively=1")}
    people = _rt_listed(client, f"{_RT}/users?orderby=id&order=ASC&fields=id,Name")
    return {
        "contact": sum(one["id"] not in staff and one["Name"] not in _NOT_PEOPLE for one in people),
        "ticket": client.done(f"{_RT}/tickets?query=id%20%3E%200&per_page=1", method="GET")["total"],
        "survey_response": client.done(f"{_RT}/tickets?query='CF.{{Satisfaction}}'%20%3E%200&per_page=1", method="GET")["total"],
    }


def pretix(client: Client) -> dict[str, int]:
    """Customers whose data was not erased, and orders that are no test, each looked at."""
    return {
        "contact": sum(one["email"] is not None for one in pretix_listed(client, f"{ORGANIZER}/customers/")),
        "order": sum(not one["testmode"] for one in pretix_listed(client, f"{ORGANIZER}/orders/")),
    }


def _rt_listed(client: Client, path: str) -> Iterator[dict[str, Any]]:
    number = 1
    while items := client.done(f"{path}&per_page=100&page={number}", method="GET")["items"]:
        yield from items
        number += 1


def pretix_listed(client: Client, path: str) -> Iterator[dict[str, Any]]:
    """All rows of one of pretix's lists."""
    following: str | None = path
    while following is not None:
        page = client.done(following, method="GET")
        yield from page["results"]
        following = page["next"]
