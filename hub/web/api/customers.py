"""Customers over the API, and where an id leads that stands for none any more."""

import uuid
from typing import Any

from flask import url_for
from werkzeug.exceptions import Gone, NotFound

from hub.store import records
from hub.store.database import Transaction
from hub.store.records import Filter, Listed, Page
from hub.sync import lifecycles
from hub.web.api import answers, personal
from hub.web.api.blueprint import offers
from hub.web.api.keys import PII, READ, demand, holds
from hub.web.api.moments import when
from hub.web.api.queries import CustomerQuery, CustomerRecordQuery
from hub.web.api.records import visible
from hub.web.here import hub
from hub.web.schemas import Customer, Moved, Problem, Record, page_of

TAG = "Customers"
CUSTOMERS, RECORDS = page_of(Customer), page_of(Record)

ELSEWHERE = {
    308: (Moved, "It was merged; `Location` and the body name the customer that it is now."),
    410: (Problem, "Its records are gone."),
}


@offers("/customers", READ, CUSTOMERS, tag=TAG, query=CustomerQuery)
def customers(asked: dict[str, Any]) -> Any:
    """List customers.

    In the order of their ids, which never changes. To follow changes, read `changes` instead.
    """
    if "q" in asked:
        demand(PII)
    page = Page(limit=asked["limit"] + 1, after=asked.get("cursor"))
    wanted = Filter(
        q=asked.get("q"),
        kind=asked.get("type"),
        modified_after=asked.get("modified_after"),
        system=asked.get("system"),
        connection_id=asked.get("connection"),
    )
    with hub().database.reading() as tx:
        if "stage" in asked:
            found = lifecycles.in_stage(tx, asked["stage"], when(tx, asked), wanted, page)
        else:
            found = records.customers(tx, page, wanted)
    shown = [_Shown(one) for one in found]
    return answers.page(CUSTOMERS, shown, asked["limit"])


@offers("/customers/<uuid:customer_id>", READ, Customer, tag=TAG, also=ELSEWHERE)
def customer(customer_id: uuid.UUID) -> Any:
    """Show one customer.

    An id that was merged into another answers 308 with the other's address, which most programs follow by themselves, and
    names it in its body for those that do not. It is not to be cached: a person can part customers again. An id whose
    records are gone answers 410, one that was never given 404.
    """
    with hub().database.reading() as tx:
        found = records.customer(tx, str(customer_id))
        if found is not None:
            return answers.tagged(Customer, _Shown(found))
        found_id = survivor(tx, str(customer_id))
    moved = answers.answer(Moved, {"id": str(customer_id), "state": "merged", "merged_into": found_id}, 308)
    moved.headers["Location"] = url_for("api.customer", customer_id=found_id)
    moved.headers["Cache-Control"] = "no-store"
    return moved


@offers("/customers/<uuid:customer_id>/records", READ, RECORDS, tag=TAG, query=CustomerRecordQuery)
def customer_records(asked: dict[str, Any], customer_id: uuid.UUID) -> Any:
    """List what a customer consists of: its contacts or companies, and the records of other types that mention them."""
    page = Page(limit=asked["limit"] + 1, after=asked.get("cursor"))
    with hub().database.reading() as tx:
        if records.customer(tx, str(customer_id)) is None:
            raise Gone(f"This customer was merged into {survivor(tx, str(customer_id))}.")
        found = records.of_customer(tx, str(customer_id), page, kind=asked.get("type"))
    return answers.page(RECORDS, [visible(one) for one in found], asked["limit"])


def survivor(tx: Transaction, customer_id: str) -> str:
    """The customer that an id leads to; a problem where it leads to none."""
    try:
        found = records.went(tx, customer_id)
    except KeyError as error:
        raise NotFound("There is no customer of that id.") from error
    if found is None:
        raise Gone("The records of this customer are gone from every connection.")
    return found


class _Shown(dict[str, Any]):
    """A customer's document as this key may see it; `id` is also what its page of the list ends with."""

    def __init__(self, found: Listed) -> None:
        document = found.document if holds(PII) else personal.customer(found.document)
        super().__init__(document | {"id": found.id, "changed_at": found.changed_at})
        self.id = found.id
