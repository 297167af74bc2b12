"""The rules of the lifecycle as an admin sets them: what they mean, what a change would do, and who changed them before."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hub import jobs
from hub.errors import BadInput
from hub.lifecycle import BOUNDS, Rules
from hub.store import access, connections, questions
from hub.store.database import Transaction
from hub.sync import organisation
from hub.sync.organisation import KIND, settled
from hub.web.effect import Effect, effect
from hub.web.guard import ADMINISTER, READ, Page
from hub.web.here import by, hub, noted

CHANGED_MEANWHILE = "Somebody changed the settings meanwhile. They are shown as they are now; make your change again"
_LONGEST = 60


def show() -> Any:
    """The rules that hold."""
    return _page()


def preview() -> Any:
    """What the rules in the form would change; nothing is saved."""
    try:
        wanted = Rules.of(_sent(request.args))
    except BadInput as error:
        return _page(said=request.args, problem=error)
    with hub().database.reading() as tx:
        found = effect(tx, settled(tx).rules, wanted, hub().time.now)
    return _page(said=_text(wanted), found=found)


def save() -> Any:
    """Have them hold from now on; every customer is derived anew."""
    try:
        rules = Rules.of(_sent(request.form))
        unchanged(request.form.get("version", ""))
        _, work = organisation.change(hub(), {"lifecycle": asdict(rules)}, by=by())
    except BadInput as error:
        return _page(said=request.form, problem=error)
    jobs.enqueue(hub().settings, work)
    noted(rules={name: value for name, value in asdict(rules).items() if value != getattr(Rules(), name)})
    flash("Saved. Every customer is derived anew; that takes a moment." if work else "Nothing was changed.")
    return redirect(url_for("lifecycle_rules.show"), code=303)


def unchanged(version: str) -> None:
    """BadInput where the settings are not the ones that the form was made from."""
    with hub().database.reading() as tx:
        if version != str(settled(tx).version):
            raise BadInput(CHANGED_MEANWHILE, where="version")


def history(tx: Transaction, key: str, first: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who changed what of the settings of a key and when, the newest first; `first` is what held before the first change."""
    names = {f"user:{each.id}": each.name or each.email for each in access.users(tx)}
    before, found = dict(first), []
    for row in questions.decided(tx, KIND, key):
        said = json.loads(row.value)
        changed = [(name, before.get(name), value) for name, value in said.items() if before.get(name) != value]
        found.append({"by": names.get(row.by, row.by), "at": row.recorded_at, "changed": changed, "version": row.id})
        before |= said
    return found[::-1]


def _sent(values: Mapping[str, str]) -> dict[str, Any]:
    """The rules of a form; BadInput where one is not there."""
    for name in BOUNDS:
        if not values.get(name, "").strip():
            raise BadInput("This is missing", where=name)
    numbers = {name: values[name].strip()[:_LONGEST] for name in BOUNDS}
    source = values.get("revenue_source", "").strip()
    if source not in ("", *_systems()):
        raise BadInput("Choose one of the connected systems", where="revenue_source")
    return {**numbers, "unit_of_analysis": values.get("unit_of_analysis", ""), "revenue_source": source or None}


def _systems() -> tuple[str, ...]:
    """The systems that are connected, and the one that is settled on, should it be no more."""
    with hub().database.reading() as tx:
        settled_on = settled(tx).rules.revenue_source
        return tuple(sorted({each.connector for each in connections.everyone(tx)} | ({settled_on} if settled_on else set())))


def _text(rules: Rules) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in asdict(rules).items()}


def _page(*, said: Mapping[str, str] | None = None, problem: BadInput | None = None, found: Effect | None = None) -> Response:
    with hub().database.reading() as tx:
        held = settled(tx)
        made = history(tx, "lifecycle", asdict(Rules()))
    page = render_template(
        "lifecycle.html",
        held=held,
        values=said if said is not None else _text(held.rules),
        defaults=Rules(),
        bounds=BOUNDS,
        systems=_systems(),
        problem=problem,
        effect=found,
        history=made,
    )
    return make_response(page, 422 if problem else 200)


PAGES = (
    Page(path="/settings/lifecycle", view=show, roles=READ),
    Page(path="/settings/lifecycle/preview", view=preview, roles=ADMINISTER),
    Page(path="/settings/lifecycle", view=save, roles=ADMINISTER, methods=("POST",)),
)
