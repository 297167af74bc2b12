"""Where customers stand, what happened to them, and the facts that it all follows from."""

import uuid
from datetime import datetime
from typing import Any

from werkzeug.exceptions import Gone

from hub.lifecycle import FRAMEWORK, MILESTONES, presale
from hub.lifecycle.written import revenue
from hub.store import facts as stored
from hub.store import records, timeline
from hub.store.customers import records_of
from hub.store.database import Transaction
from hub.sync import lifecycles
from hub.sync.lifecycles import Answer, When
from hub.web import lifecycle_schemas as shapes
from hub.web.api import answers, personal
from hub.web.api.blueprint import offers
from hub.web.api.customers import ELSEWHERE, TAG, survivor
from hub.web.api.keys import PII, READ, holds
from hub.web.api.moments import cursor, place, when
from hub.web.api.queries import FactQuery, LifecycleQuery, TimelineQuery
from hub.web.here import hub


@offers("/customers/<uuid:customer_id>/lifecycle", READ, shapes.Lifecycle, tag=TAG, query=LifecycleQuery, also=ELSEWHERE)
def customer_lifecycle(asked: dict[str, Any], customer_id: uuid.UUID) -> Any:
    """Show where a customer stands.

    `as_of` asks about a moment in the past or the future, `known_at` what was believed then: a closed month can be reported
    as it was reported, or as it is known now. Who is who is always today's. `settings_version` names the rules that were used.
    """
    with hub().database.reading() as tx:
        _there(tx, customer_id)
        moment = when(tx, asked)
        found = lifecycles.ask(tx, str(customer_id), moment)
    shown = _shown(found, moment, asked.get("framework"))
    return answers.tagged(shapes.Lifecycle, shown | {"customer_id": str(customer_id)})


@offers("/customers/<uuid:customer_id>/timeline", READ, shapes.Timeline, tag=TAG, query=TimelineQuery, also=ELSEWHERE)
def customer_timeline(asked: dict[str, Any], customer_id: uuid.UUID) -> Any:
    """List what happened with a customer, the newest first: activities, deals, tickets, orders, answers."""
    after = place(asked.get("cursor"), tuple[datetime, str])
    limit = asked["limit"]
    with hub().database.reading() as tx:
        _there(tx, customer_id)
        mine = records_of(tx, str(customer_id))
        rows = timeline.page(tx, mine, limit=limit + 1, after=after, kind=asked.get("type"), system=asked.get("system"))
        stands = lifecycles.ask(tx, str(customer_id), When(as_of=hub().time.now())).lifecycle
    items = [_event(row, stands) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return answers.answer(shapes.Timeline, {"items": items, "next": cursor(last.at, last.id) if last else None})


@offers("/facts", READ, shapes.Facts, tag="Facts", query=FactQuery)
def facts(asked: dict[str, Any]) -> Any:
    """List facts: what happened to customers, and since when it is known.

    In the order of their ids. Nothing is ever edited: a corrected fact is retracted and a new version recorded, and
    `known_at` shows what was known at any moment.
    """
    after = place(asked.get("cursor"), tuple[str, datetime])
    with hub().database.reading() as tx:
        moment = when(tx, asked)
        chosen = records_of(tx, str(asked["customer"])) if "customer" in asked else None
        found = stored.listed(
            tx,
            after=after,
            limit=asked["limit"] + 1,
            kind=asked.get("type"),
            parties=chosen,
            as_of=moment.as_of if "as_of" in asked else None,
            known_at=moment.known_at,
        )
    shown = found[: asked["limit"]]
    more = cursor(shown[-1].id, shown[-1].recorded_at) if len(found) > len(shown) else None
    return answers.answer(shapes.Facts, {"items": shown, "next": more})


def _there(tx: Transaction, customer_id: uuid.UUID) -> None:
    if records.customer(tx, str(customer_id)) is None:
        raise Gone(f"This customer was merged into {survivor(tx, str(customer_id))}.")


def _shown(found: Answer, moment: When, framework: str | None) -> dict[str, Any]:
    standing = found.standing
    bought = tuple(each for each in found.lifecycle.purchases if each.at <= moment.as_of)
    shown: dict[str, Any] = {
        "as_of": moment.as_of,
        "known_at": moment.known_at,
        "settings_version": found.settled.version,
        "unit_of_analysis": found.settled.rules.unit_of_analysis,
        "inherited": found.inherited_from is not None,
        "inherited_from": found.inherited_from,
        **{name: getattr(standing, name) for name in ("stage", "since", "cycle", "is_winback", "status")},
        "purchases": {"count": len(bought), "revenue": revenue(bought)},
        "conflicts": found.conflicts,
    }
    if framework != "aarrr":
        rows = {name: getattr(standing, name) for name in ("intervals", "offerings")}
        shown |= {name: [_interval(each, found, moment) for each in some] for name, some in rows.items()}
        shown["time_in"] = _times(found)
    if framework != FRAMEWORK:
        shown |= {"aarrr_stage": found.own.aarrr_stage, "milestones": list(_milestones(found))}
    return shown


def _interval(each: Any, found: Answer, moment: When) -> dict[str, Any]:
    lasted = (each.exited_at or moment.as_of) - each.entered_at
    return {name: getattr(each, name) for name in each.__slots__} | {
        "duration_s": int(lasted.total_seconds()),
        "entered_by": _evidence(each.entered_by, found),
        "exited_by": _evidence(each.exited_by, found),
    }


def _milestones(found: Answer) -> Any:
    reached = {each.name: each for each in found.own.milestones}
    for name in MILESTONES:
        each = reached.get(name)
        yield {
            "name": name,
            "first_at": each.first_at if each else None,
            "last_at": each.last_at if each else None,
            "current": bool(each and each.current),
            "evidence": _evidence(each.facts, found) if each else [],
        }


def _times(found: Answer) -> dict[str, dict[str, int]]:
    return {
        stage: {"latest_s": int(each.latest.total_seconds()), "cumulative_s": int(each.cumulative.total_seconds())}
        for stage, each in found.standing.time_in.items()
    }


def _evidence(ids: Any, found: Answer) -> list[dict[str, Any]]:
    facts_ = [found.facts[each] for each in ids if each in found.facts]
    return [
        {"fact_id": fact.id, **{name: getattr(fact, name) for name in ("type", "occurred_at", "system", "record_id")}}
        for fact in facts_
    ]


def _event(row: Any, stands: Any) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in row.__slots__} | {"record_id": row.id}
    if not holds(PII):
        shown["data"] = personal.record(row.type, row.data)
    return shown | ({"is_presale": presale(stands, row.at)} if row.type == "ticket" else {})
