"""Customers: the list, and one of them with where everything that is said about it comes from."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import Gone, NotFound

from hub import jobs
from hub.store import access, browse, overview, records
from hub.store.database import Transaction
from hub.sync import decide
from hub.web.guard import OPERATE, READ, Page
from hub.web.here import by, hub, noted
from hub.web.words import cursor, place

KINDS = ("person", "company")
LONGEST_SEARCH = 200


def listing() -> Any:
    """The customers that fit a search, in the order of their names."""
    text, kind = request.args.get("q", "")[:LONGEST_SEARCH].strip(), request.args.get("type", "")
    what = browse.wanted(text, kind if kind in KINDS else None)
    after, before = place(request.args.get("after")), place(request.args.get("before"))
    with hub().database.reading() as tx:
        found = browse.listing(tx, what, after=after, before=before)
    return render_template(
        "customers.html",
        found=found,
        q=text,
        type=kind if kind in KINDS else "",
        counted=browse.COUNTED,
        after=cursor(found.after),
        before=cursor(found.before),
    )


def detail(customer_id: str) -> Any:
    """One customer; an id that went somewhere else leads there, one whose records are gone says so."""
    with hub().database.reading() as tx:
        document = browse.customer(tx, customer_id)
        if document is None:
            return _elsewhere(tx, customer_id)
        known = _known(tx, document)
    return render_template("customer.html", id=customer_id, customer=document, **known)


def apart(customer_id: str, of_record: str) -> Any:
    """Say that a record is somebody else."""
    with hub().database.reading() as tx:
        document = browse.customer(tx, customer_id)
    if document is None or of_record not in {each["record_id"] for each in document["records"]}:
        raise NotFound("This record does not belong to this customer any more.")
    jobs.enqueue(hub().settings, decide.apart(hub(), of_record, customer_id, by()))
    noted(record=of_record)
    flash("Noted: that record is somebody else. The customers are put together anew in a moment.")
    return redirect(url_for("customers.detail", customer_id=customer_id), code=303)


def together(customer_id: str, decision_id: int) -> Any:
    """Take that back."""
    with hub().database.reading() as tx:
        document = browse.customer(tx, customer_id)
        mine = [each["record_id"] for each in document["records"]] if document else []
        if decision_id not in {each["id"] for each in overview.apart(tx, mine)}:
            raise NotFound("This decision was taken back already.")
    jobs.enqueue(hub().settings, decide.together_again(hub(), decision_id, by()))
    noted(decision=decision_id)
    flash("Taken back. The customers are put together anew in a moment.")
    return redirect(url_for("customers.detail", customer_id=customer_id), code=303)


def _elsewhere(tx: Transaction, customer_id: str) -> Any:
    try:
        survivor = records.went(tx, customer_id)
    except KeyError as error:
        raise NotFound("There is no customer with this id, and there never was.") from error
    if survivor is None:
        raise Gone("The records of this customer are gone; its id is not given to anybody else.")
    flash("The customer you asked for was found to be the same as this one; its id leads here from now on.")
    return redirect(url_for("customers.detail", customer_id=survivor))


def _known(tx: Transaction, document: dict[str, Any]) -> dict[str, Any]:
    """What belongs to a customer: companies or people, what mentions it, and what people decided about it."""
    mine = [each["record_id"] for each in document["records"]]
    person = document["type"] == "person"
    decisions = overview.apart(tx, mine)
    others = sorted({other for each in decisions for other in each["records"]} - set(mine))
    owners = browse.customers_of(tx, others)
    return {
        "companies": browse.companies(tx, mine, document.get("email_domains", ())) if person else [],
        "people": [] if person else browse.people(tx, mine, document.get("domains", ())),
        "about": browse.about(tx, mine),
        "apart": decisions,
        "owners": owners,
        "names": browse.names(tx, sorted(set(owners.values()))),
        "mine": set(mine),
        "people_names": {f"user:{each.id}": each.name or each.email for each in access.users(tx)},
        "record_of": {(each["connection_id"], each["type"], each["id"]): each for each in document["records"]},
        "related": browse.RELATED,
    }


PAGES = (
    Page(path="/customers", view=listing, roles=READ),
    Page(path="/customers/<customer_id>", view=detail, roles=READ),
    Page(path="/customers/<customer_id>/apart/<of_record>", view=apart, roles=OPERATE, methods=("POST",)),
    Page(path="/customers/<customer_id>/together/<number:decision_id>", view=together, roles=OPERATE, methods=("POST",)),
)
