"""Where the organisation is, as an admin sets it: its time zone, its currency, and the country of its phone numbers."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from zoneinfo import available_timezones

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hub import jobs
from hub.errors import BadInput
from hub.sync import organisation as settings
from hub.sync.organisation import Organisation, settled
from hub.web.guard import ADMINISTER, READ, Page
from hub.web.here import by, hub, line, noted
from hub.web.lifecycle_rules import history, unchanged


def show() -> Any:
    """What is settled about the organisation."""
    return _page()


def save() -> Any:
    """Settle it anew; every customer is derived anew, because numbers and days may read differently."""
    try:
        unchanged(request.form.get("version", ""))
        wanted = {
            "time_zone": line("time_zone", label="The time zone"),
            "currency": line("currency", label="The currency", required=False).upper() or None,
            "country": line("country", label="The country", required=False).upper() or None,
        }
        _, work = settings.change(hub(), {"organisation": wanted}, by=by())
    except BadInput as error:
        return _page(said=request.form, problem=error)
    jobs.enqueue(hub().settings, work)
    noted(**wanted)
    flash("Saved. Every customer is derived anew; that takes a moment." if work else "Nothing was changed.")
    return redirect(url_for("organisation.show"), code=303)


def _page(*, said: Mapping[str, str] | None = None, problem: BadInput | None = None) -> Response:
    with hub().database.reading() as tx:
        held = settled(tx)
        made = history(tx, "organisation", asdict(Organisation()))
    values = {name: value or "" for name, value in asdict(held.organisation).items()}
    page = render_template(
        "organisation.html",
        held=held,
        values=said if said is not None else values,
        zones=sorted(available_timezones()),
        problem=problem,
        history=made,
    )
    return make_response(page, 422 if problem else 200)


PAGES = (
    Page(path="/settings/organisation", view=show, roles=READ),
    Page(path="/settings/organisation", view=save, roles=ADMINISTER, methods=("POST",)),
)
