"""What is earliest or latest of a customer: when it was acquired, the touches that led it here, the last contact."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from hub.model import Entity, Lead
from hub.model.values import moment
from hub.unify.golden_statements import (
    FOREVER,
    LAST,
    LONG_AGO,
    Dealings,
    Member,
    Order,
    Statement,
    provenance,
    said,
    statement,
    trust,
)

_DAY: Final = timedelta(days=1)


def dates(members: Sequence[Member], dealings: Dealings) -> dict[str, Any]:
    """The dates of a customer; those that nobody knows are left out."""
    out, back = dealings.last_out, dealings.last_in
    latest = max((at for at in (out, back) if at), default=None)
    known = {
        "acquisition": _acquisition(members, dealings),
        "last_contact": _contact(latest, "in" if latest == back else "out"),
        "last_contacted_at": _contact(out, "out"),
        "last_replied_at": _contact(back, "in"),
    }
    return {name: found for name, found in known.items() if found}


def touches(members: Sequence[Member], dealings: Dealings) -> dict[str, Any]:
    """The source of the earliest touch and that of the latest, as fields."""
    found = [_known(each, {"at": moment(each.at)}) for each in _sources(members, dealings)]
    if not found:
        return {}
    return {
        "original_source": _won(sorted(found, key=_earliest), "earliest", "later"),
        "latest_source": _won(sorted(found, key=_latest), "latest", "earlier"),
    }


def _acquisition(members: Sequence[Member], dealings: Dealings) -> dict[str, Any] | None:
    """The least of the moments at which a source met the customer: it was made there, signed up, was captured as a lead."""
    made = [
        _dated(statement(member, name, None), member.entity, name)
        for member in members
        for name in ("created_at", "signed_up_at")
    ]
    captured = [_of_lead(lead, origin, None, members) for lead, origin in dealings.leads]
    found = [_known(replace(each, value=moment(each.at))) for each in (*made, *captured) if each.at]
    return _won(sorted(found, key=_earliest), "earliest", "later") if found else None


def _sources(members: Sequence[Member], dealings: Dealings) -> Iterator[Statement]:
    for member in members:
        if said(member.entity.source):
            made = statement(member, "source", member.entity.source)
            yield _dated(made, member.entity, "created_at")
    for lead, origin in dealings.leads:
        if said(lead.source):
            yield replace(_of_lead(lead, origin, lead.source, members), name="source")


def _of_lead(lead: Lead, origin: Mapping[str, str], value: Any, members: Sequence[Member]) -> Statement:
    """What a lead says, believed as far as the contacts of its connection, from when it was captured, else made."""
    near = [trust(member.category) for member in members if member.claim.connection_id == origin["connection_id"]]
    name = "captured_at" if lead.captured_at else "created_at"
    made = Statement(
        value=value,
        origin=origin,
        name=name,
        trust=min(near, default=LAST),
        changed_at=lead.changed_at,
        since=lead.changed_at or lead.created_at or LONG_AGO,
    )
    return _dated(made, lead, name)


def _dated(made: Statement, entity: Entity, name: str) -> Statement:
    return replace(made, at=getattr(entity, name), day=name in entity.days)


def _known(made: Statement, also: Mapping[str, Any] | None = None) -> Statement:
    """The statement with how exactly its moment is known, which goes out with it."""
    return replace(made, also={**(also or {}), "precision": "day" if made.day else "instant"})


def _won(ranked: Sequence[Statement], rule: str, lost: str) -> dict[str, Any]:
    winner, *losers = ranked
    return provenance(winner, rule, [(each, _why(winner, each, lost)) for each in losers])


def _why(winner: Statement, loser: Statement, lost: str) -> str:
    if loser.at is None and winner.at is not None:
        return "undated"
    return "tie" if (loser.at, loser.day) == (winner.at, winner.day) else lost


def _end(each: Statement) -> tuple[datetime, bool]:
    """Orders moments: a day comes after the instants of that day and before those of the next."""
    at = each.at or LONG_AGO
    return (min(at, FOREVER - _DAY) + _DAY, False) if each.day else (at, True)


def _earliest(each: Statement) -> tuple[bool, tuple[datetime, bool], Order, str]:
    return (each.at is None, _end(each), each.order, each.name)


def _latest(each: Statement) -> tuple[timedelta, bool, Order, str]:
    end, instant = _end(each)
    return (FOREVER - end, not instant, each.order, each.name)


def _contact(at: datetime | None, direction: Literal["in", "out"]) -> dict[str, Any] | None:
    return None if at is None else {"value": moment(at), "rule": "latest", "direction": direction}
