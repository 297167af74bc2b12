"""What happened with a customer: one stream of everything that mentions it, the newest first, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from werkzeug.exceptions import BadRequest, NotFound

from hub import registry
from hub.model import Owner, record_id
from hub.store import browse, timeline
from hub.store.database import Transaction
from hub.store.timeline import Event
from hub.sync.organisation import settled
from hub.web.guard import READ, Page
from hub.web.here import hub
from hub.web.words import cursor, day, place

PAGE = 50
FIRST = 20
"""As many as the page of the customer itself shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Some of what happened, by day, and where the rest begins; None at the end."""

    zone: ZoneInfo
    days: tuple[tuple[str, tuple[Event, ...]], ...]
    names: dict[str, str]
    older: str | None
    kind: str
    system: str
    kinds: tuple[str, ...]
    systems: tuple[str, ...]


def listing(customer_id: str) -> Any:
    """One page of what happened, by kind and system."""
    with hub().database.reading() as tx:
        document = browse.customer(tx, customer_id)
        if document is None:
            raise NotFound("There is no customer with this id; it may have been merged.")
        found = stream(tx, document, limit=PAGE)
    return render_template("customer_timeline.html", id=customer_id, customer=document, stream=found)


def stream(tx: Transaction, document: dict[str, Any], *, limit: int) -> Stream:
    """What happened, as far as the address of the page asks for it."""
    after = _place(request.args.get("before"))
    kinds, systems = _kinds(document), _systems(document)
    kind, system = (request.args.get(name, "") for name in ("kind", "system"))
    kind, system = kind if kind in kinds else "", system if system in systems else ""
    ids = [each["record_id"] for each in document["records"]]
    rows = timeline.page(tx, ids, limit=limit + 1, after=after, kind=kind or None, system=system or None)
    shown, last = rows[:limit], rows[limit - 1] if len(rows) > limit else None
    zone = settled(tx).organisation.zone
    return Stream(
        zone=zone,
        days=_days(shown, zone),
        names=_names(tx, shown),
        older=cursor((last.at.isoformat(), last.id)) if last else None,
        kind=kind,
        system=system,
        kinds=kinds,
        systems=systems,
    )


def _place(said: str | None) -> tuple[datetime, str] | None:
    found = place(said)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found[0])
    except ValueError as error:
        raise BadRequest("This address leads to no page of the list.") from error
    if moment.tzinfo is None:
        raise BadRequest("This address leads to no page of the list.")
    return moment, found[1]


def _days(events: Sequence[Event], zone: tzinfo) -> tuple[tuple[str, tuple[Event, ...]], ...]:
    days: dict[str, list[Event]] = {}
    for event in events:
        days.setdefault(day(event.at, zone, whole=True), []).append(event)
    return tuple((name, tuple(some)) for name, some in days.items())


def _names(tx: Transaction, events: Sequence[Event]) -> dict[str, str]:
    """What those of our side are called who did it, by event."""
    said = [(each, str(each.data.get("owner_id") or each.data.get("assignee_id") or "")) for each in events]
    ids = {each.id: record_id(each.connection_id, Owner.TYPE, owner) for each, owner in said if owner}
    rows = browse.records(tx, set(ids.values()))
    return {event: str(rows[owner][1].get("name") or "") for event, owner in ids.items() if owner in rows}


def _kinds(document: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(document.get("activity", {})))


def _systems(document: dict[str, Any]) -> tuple[str, ...]:
    known = {each["system"] for each in document["records"]}
    return tuple(sorted(known, key=lambda name: registry.connector(name).label))


PAGES = (Page(path="/customers/<customer_id>/timeline", view=listing, roles=READ),)
