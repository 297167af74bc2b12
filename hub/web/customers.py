"""Customers: the list, and one of them with where it stands, why, and where everything that is said about it comes from."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import Gone, NotFound

from hub.errors import BadInput
from hub.store import browse, records
from hub.store.database import Transaction
from hub.sync.lifecycles import When
from hub.web import happened
from hub.web.guard import READ, Page
from hub.web.here import hub
from hub.web.portrait import asked, portrait
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
    dates = {name: request.args.get(name, "") for name in ("as_of", "known_at")}
    with hub().database.reading() as tx:
        document = browse.customer(tx, customer_id)
        if document is None:
            return _elsewhere(tx, customer_id)
        when, problem = _when(tx, dates)
        known = portrait(tx, customer_id, document, when)
        stream = happened.stream(tx, document, limit=happened.FIRST)
    page = render_template(
        "customer.html", id=customer_id, customer=document, stream=stream, dates=dates, problem=problem, **known
    )
    return page, 422 if problem else 200


def _when(tx: Transaction, dates: dict[str, str]) -> tuple[When, BadInput | None]:
    """The moments that are asked about; where they cannot be read, the present and what is wrong."""
    try:
        return asked(tx, **dates), None
    except BadInput as error:
        return asked(tx, "", ""), error


def _elsewhere(tx: Transaction, customer_id: str) -> Any:
    try:
        survivor = records.went(tx, customer_id)
    except KeyError as error:
        raise NotFound("There is no customer with this id, and there never was.") from error
    if survivor is None:
        raise Gone("The records of this customer are gone; its id is not given to anybody else.")
    flash("The customer you asked for was found to be the same as this one; its id leads here from now on.")
    return redirect(url_for("customers.detail", customer_id=survivor))


PAGES = (
    Page(path="/customers", view=listing, roles=READ),
    Page(path="/customers/<customer_id>", view=detail, roles=READ),
)
