"""What requests to BottleCRM say: by what lists are asked, and what is written.

A parameter that an object does not know is ignored. Dates are days.
"""

from collections.abc import Callable
from datetime import date

from flask import request

from connectors.bottlecrm.sandbox_records import Json, number
from hub.sandbox.chance import instant
from hub.sandbox.rows import Row

OPEN = ("New", "Assigned", "Pending")
"""The statuses of cases that are not done."""
CHOICES: dict[str, list[list[str]]] = {
    "countries": [["GB", "United Kingdom"], ["BR", "Brazil"], ["US", "United States"]],
    "industries": [["LOGISTICS", "LOGISTICS"], ["SOFTWARE", "SOFTWARE"]],
    "currency": [["USD", "USD, Dollar"], ["BRL", "BRL, Real"]],
    "lead_source": [["call", "Call"], ["email", "Email"]],
    "status": [[one, one] for one in (*OPEN, "Closed", "Rejected", "Duplicate")],
    "priority": [[one, one] for one in ("Low", "Normal", "High", "Urgent")],
    "type_of_case": [[one, one] for one in ("Question", "Incident", "Problem")],
}
"""The lists of choices that answers carry for the forms of the real one's pages; its longer ones are cut."""
_LINKS = {"account": "accounts", "pipeline": "pipeline"}
_LISTS = {"contacts": "contacts", "assigned_to": "profile"}
Test = Callable[[Row], bool]


class WrongDateError(Exception):
    """A day that cannot be read; the argument is the body of the 400."""


def _day(name: str) -> date | None:
    """A parameter that is a day; the time of day after it is dropped."""
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise WrongDateError({name: [f"'{text}' is not a valid date. Use YYYY-MM-DD."]}) from None


def whole(name: str, default: int) -> int:
    """A parameter that is a whole number; anything else means the default, and so does a limit of 0."""
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and (int(text) or name == "offset") else default


def _contains(field: str, text: str) -> Test:
    return lambda row: text.lower() in str(row.fields.get(field) or "").lower()


def _searched(*fields: str) -> Callable[[str], Test]:
    return lambda text: lambda row: any(_contains(field, text)(row) for field in fields)


def _equals(field: str) -> Callable[[str], Test]:
    return lambda text: lambda row: str(row.fields.get(field)) == text


_CONTACT = _searched("first_name", "last_name", "email")
_FILTERS: dict[str, dict[str, Callable[[str], Test]]] = {
    "contacts": {"search": _CONTACT, "name": _searched("first_name", "last_name"), "email": _searched("email")},
    "accounts": {"search": _searched("name"), "name": _searched("name"), "city": _searched("city")},
    "opportunities": {"search": _searched("name"), "name": _searched("name"), "stage": _searched("stage")},
    "cases": {
        "search": _searched("name", "description"),
        "name": _searched("name"),
        **{field: _equals(field) for field in ("status", "priority", "case_type")},
    },
}


def tests(name: str) -> list[Test]:
    """What the request's parameters ask of a record."""
    found = [make(request.args[key]) for key, make in _FILTERS[name].items() if request.args.get(key)]
    earliest, latest = _day("created_at__gte"), _day("created_at__lte")
    if earliest:
        found.append(lambda row: instant(row.created).date() >= earliest)
    if latest:
        found.append(lambda row: instant(row.created).date() <= latest)
    if account := number("accounts", request.args.get("account", "")):
        found.append(_equals("account")(str(account)))
    return found


def stored(said: Json) -> Json:
    """What a client sent, with numbers in place of the UUIDs of other records; those of no record are left out."""
    links = {field: number(name, str(said[field])) for field, name in _LINKS.items() if said.get(field)}
    lists = {field: [number(name, str(one)) for one in said[field]] for field, name in _LISTS.items() if field in said}
    known = {field: [one for one in found if one is not None] for field, found in lists.items()}
    return {**said, **links, **known}
