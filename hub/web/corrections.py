"""What operators put right about a customer: which records are it, and which value of a field holds."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.exceptions import NotFound

from hub import jobs
from hub.errors import BadInput
from hub.store import browse, overview
from hub.sync import decide
from hub.web.guard import OPERATE, Page
from hub.web.here import by, hub, line, noted

_MONEY = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,4})?) ?([A-Z]{3})")
_COUNT = re.compile(r"[0-9]{1,9}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
OWNED = ("owner", "csm")


def apart(customer_id: str, of_record: str) -> Any:
    """Say that a record is somebody else."""
    if of_record not in _records(customer_id):
        raise NotFound("This record does not belong to this customer any more.")
    jobs.enqueue(hub().settings, decide.apart(hub(), of_record, customer_id, by()))
    noted(record=of_record)
    return _back(customer_id, "Noted: that record is somebody else. The customers are put together anew in a moment.")


def together(customer_id: str, decision_id: int) -> Any:
    """Take that back."""
    mine = _records(customer_id)
    with hub().database.reading() as tx:
        if decision_id not in {each["id"] for each in overview.apart(tx, mine)}:
            raise NotFound("This decision was taken back already.")
    jobs.enqueue(hub().settings, decide.together_again(hub(), decision_id, by()))
    noted(decision=decision_id)
    return _back(customer_id, "Taken back. The customers are put together anew in a moment.")


def unmerge(customer_id: str) -> Any:
    """Take back the newest decision of a person that made this customer of several."""
    if not _records(customer_id):
        raise NotFound("There is no customer with this id; it may have been merged.")
    jobs.enqueue(hub().settings, decide.unmerge(hub(), customer_id, by()))
    return _back(customer_id, "Taken back. The customers are put together anew in a moment.")


def lock(customer_id: str) -> Any:
    """Fix a field, whatever the sources say."""
    field = line("field")
    value = _value(customer_id, field)
    jobs.enqueue(hub().settings, decide.lock(hub(), customer_id, field, value, by=by()))
    noted(field=field)
    return _back(customer_id, "Fixed. It holds, whatever the systems say, until the lock is removed.")


def unlock(customer_id: str) -> Any:
    """Believe the sources of a field again."""
    field = line("field")
    if not _records(customer_id):
        raise NotFound("There is no customer with this id; it may have been merged.")
    jobs.enqueue(hub().settings, decide.unlock(hub(), customer_id, field, by=by()))
    noted(field=field)
    return _back(customer_id, "The lock is removed. The systems are believed again.")


def _records(customer_id: str) -> list[str]:
    with hub().database.reading() as tx:
        document = browse.customer(tx, customer_id)
    return [each["record_id"] for each in document["records"]] if document else []


def _value(customer_id: str, field: str) -> Any:
    """What somebody typed as a value of the field's own form."""
    with hub().database.reading() as tx:
        document = browse.customer(tx, customer_id)
    if document is None:
        raise NotFound("There is no customer with this id; it may have been merged.")
    said = line("value", label="The value")
    if field == "annual_revenue":
        return _money(said)
    if field == "employee_count":
        return int(_fitting(_COUNT, said, "The number of employees is a whole number")[0])
    if field == "renewal_date":
        return _fitting(_DATE, said, "A date is written as year, month and day, such as 2025-08-15")[0]
    return _owner(document, field, said) if field in OWNED else said


def _money(said: str) -> dict[str, str]:
    found = _fitting(_MONEY, said, "Write an amount and its currency, such as 120000 BRL")
    try:
        return {"amount": format(Decimal(found[1]), "f"), "currency": found[2]}
    except InvalidOperation as error:
        raise BadInput("Write an amount and its currency, such as 120000 BRL", where="value") from error


def _owner(document: dict[str, Any], field: str, said: str) -> dict[str, str]:
    """One of those whom a system names; others are nobody's owners."""
    known = document["fields"].get(field)
    values = [each["value"] for each in (known, *known["candidates"])] if known else []
    for each in values:
        if said == f"{each['connection_id']}/{each['id']}":
            return dict(each)
    raise BadInput("Choose one of those that a system names", where="value")


def _fitting(form: re.Pattern[str], said: str, why: str) -> re.Match[str]:
    found = form.fullmatch(said)
    if found is None:
        raise BadInput(why, where="value")
    return found


def _back(customer_id: str, said: str) -> Any:
    flash(said)
    return redirect(url_for("customers.detail", customer_id=customer_id), code=303)


_ONE = "/customers/<customer_id>"
PAGES = (
    Page(path=f"{_ONE}/apart/<of_record>", view=apart, roles=OPERATE, methods=("POST",)),
    Page(path=f"{_ONE}/together/<number:decision_id>", view=together, roles=OPERATE, methods=("POST",)),
    Page(path=f"{_ONE}/unmerge", view=unmerge, roles=OPERATE, methods=("POST",)),
    Page(path=f"{_ONE}/lock", view=lock, roles=OPERATE, methods=("POST",)),
    Page(path=f"{_ONE}/unlock", view=unlock, roles=OPERATE, methods=("POST",)),
)
