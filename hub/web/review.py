"""The review queue: pairs of customers that may be one, side by side, for an operator to decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from hub import jobs
from hub.store import browse, candidates
from hub.store.candidates import Candidate
from hub.store.database import Transaction
from hub.sync import decide
from hub.sync.organisation import settled
from hub.unify.names import name_key
from hub.web import plain
from hub.web.guard import OPERATE, READ, Page
from hub.web.here import by, hub, noted
from hub.web.words import day, system

NEXT = 10
"""As many of the pairs after this one as are listed."""
_OWN = ("Systems", "First record", "Last changed")
"""What differs between any two customers, and says nothing about whether they are one."""
_FIELDS = {
    "Job title": "job_title",
    "Company": "company_name",
    "Tax number": "tax_id",
    "City": "city",
    "Country": "country",
    "Website": "website",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What two customers say of one thing; `same` is None where one of them says nothing."""

    label: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    same: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question with both customers and what speaks for their being one."""

    candidate: Candidate
    names: tuple[str, str]
    lines: tuple[Line, ...]
    evidence: tuple[tuple[str, str, float, str], ...]


def show() -> Any:
    """One pair, and those after it."""
    wanted, told = request.args.get("pair", ""), request.args.get("decided", "")
    with hub().database.reading() as tx:
        open_still = _open(tx)
        chosen = _chosen(tx, wanted, open_still)
        rest = [each for each in open_still if chosen is None or each.id != chosen.id][:NEXT]
        names = browse.names(tx, sorted({found for each in rest for found in (each.first_id, each.second_id)}))
        pair = _pair(tx, chosen) if chosen else None
        count = candidates.count(tx)
        made = candidates.decided(tx, [told]).get(told) if told else None
    return render_template("review.html", pair=pair, rest=rest, names=names, count=count, made=made, decided=told)


def same(candidate_id: str) -> Any:
    """The two are one."""
    return _decided(candidate_id, decide.same)


def different(candidate_id: str) -> Any:
    """The two are two, for good."""
    return _decided(candidate_id, decide.different)


def later(candidate_id: str) -> Any:
    """Ask about them after all the others."""
    try:
        decide.later(hub(), candidate_id, by())
    except KeyError:
        return _over()
    noted(pair=candidate_id)
    flash("Put off. The pair comes last now.")
    return redirect(url_for("review.show"), code=303)


def undo(candidate_id: str) -> Any:
    """Take back what was just decided."""
    try:
        jobs.enqueue(hub().settings, decide.reopen(hub(), candidate_id, by()))
    except KeyError:
        return _over()
    noted(pair=candidate_id)
    flash("Taken back. The question comes up again in a moment.")
    return redirect(url_for("review.show"), code=303)


def _decided(candidate_id: str, how: Any) -> Any:
    try:
        jobs.enqueue(hub().settings, how(hub(), candidate_id, by()))
    except KeyError:
        return _over()
    noted(pair=candidate_id)
    return redirect(url_for("review.show", decided=candidate_id), code=303)


def _over() -> Any:
    flash("This is no question any more: it was decided, or the records have changed.", "warning")
    return redirect(url_for("review.show"), code=303)


def _open(tx: Transaction) -> list[Candidate]:
    """The first pairs of the queue that nobody has decided about; what follows from a decision takes a moment."""
    found: list[Candidate] = []
    page = candidates.queue(tx)
    while page and len(found) <= NEXT:
        decided = candidates.decided(tx, [each.id for each in page])
        found += [each for each in page if each.id not in decided]
        last = page[-1]
        page = candidates.queue(tx, after=(last.postponed, last.score, last.id))
    return found


def _chosen(tx: Transaction, wanted: str, open_still: list[Candidate]) -> Candidate | None:
    if not wanted:
        return open_still[0] if open_still else None
    try:
        return candidates.one(tx, wanted)
    except KeyError as error:
        raise NotFound("This is no question any more: it was decided, or the records have changed.") from error


def _pair(tx: Transaction, found: Candidate) -> Pair:
    known = browse.documents(tx, [found.first_id, found.second_id])
    if len(known) < len((found.first_id, found.second_id)):
        raise NotFound("One of the two customers is gone; the question goes away by itself in a moment.")
    first, second = known[found.first_id], known[found.second_id]
    where = {each["record_id"]: f"{system(each['system'])} {each['id']}" for it in (first, second) for each in it["records"]}
    evidence = tuple(
        (
            plain.IDENTITY.get(each["rule"], each["rule"]),
            " and ".join(where.get(record, "a record that moved") for record in each["records"]),
            each["score"],
            plain.HELD_BACK.get(each["why"] or "", ""),
        )
        for each in found.evidence
    )
    return Pair(candidate=found, names=(first["name"], second["name"]), lines=tuple(_lines(tx, first, second)), evidence=evidence)


def _lines(tx: Transaction, first: dict[str, Any], second: dict[str, Any]) -> Iterator[Line]:
    """Everything that tells people apart, line by line; what neither says is left out."""
    one, other = _said(tx, first), _said(tx, second)
    for label, mine in one.items():
        theirs = other[label]
        if mine or theirs:
            keys = [{name_key(each) for each in some} for some in (mine, theirs)]
            compared = mine and theirs and label not in _OWN
            yield Line(label=label, first=mine, second=theirs, same=bool(keys[0] & keys[1]) if compared else None)


def _said(tx: Transaction, it: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    zone = settled(tx).organisation.zone
    fields = {label: (str(it["fields"][name]["value"]),) if name in it["fields"] else () for label, name in _FIELDS.items()}
    changed = max((each["changed_at"] for each in it["records"] if each["changed_at"]), default=None)
    return {
        "Name": (it["name"],),
        "E-mail": tuple(each["address"] for each in it["emails"]),
        "Phone": tuple(each["number"] for each in it["phones"]),
        "Domains": tuple(it.get("domains", ())),
        **fields,
        "Systems": tuple(f"{system(each['system'])} {each['id']}" for each in it["records"]),
        "First record": (day(it["since"], zone),) if it["since"] else (),
        "Last changed": (day(changed, zone),) if changed else (),
    }


_ONE = "/identity/<candidate_id>"
PAGES = (
    Page(path="/identity", view=show, roles=READ),
    Page(path=f"{_ONE}/same", view=same, roles=OPERATE, methods=("POST",)),
    Page(path=f"{_ONE}/different", view=different, roles=OPERATE, methods=("POST",)),
    Page(path=f"{_ONE}/later", view=later, roles=OPERATE, methods=("POST",)),
    Page(path=f"{_ONE}/undo", view=undo, roles=OPERATE, methods=("POST",)),
)
