"""What the organisation has settled, over the API."""

from dataclasses import asdict
from typing import Any

from werkzeug.exceptions import UnprocessableEntity

from hub import jobs
from hub.errors import BadInput
from hub.sync import organisation
from hub.sync.organisation import Settled
from hub.web import lifecycle_schemas as shapes
from hub.web.api import answers
from hub.web.api.blueprint import offers
from hub.web.api.keys import ADMIN, READ, by
from hub.web.here import hub

TAG = "Settings"


@offers("/settings", READ, shapes.Settings, tag=TAG)
def settings() -> Any:
    """Show what the organisation has settled: where it is, and the rules of its customers' lifecycle."""
    with hub().database.reading() as tx:
        return answers.tagged(shapes.Settings, _shown(organisation.settled(tx)))


@offers("/settings", ADMIN, shapes.Settings, tag=TAG, body=shapes.Settings)
def change_settings(sent: dict[str, Any]) -> Any:
    """Change some of it; what is not sent stays. Every customer is derived anew with the new rules."""
    try:
        held, work = organisation.change(hub(), sent, by=by())
    except BadInput as error:
        raise UnprocessableEntity(f"{error.where}: {error}" if error.where else str(error)) from error
    jobs.enqueue(hub().settings, work)
    return answers.answer(shapes.Settings, _shown(held))


def _shown(held: Settled) -> dict[str, Any]:
    return {"version": held.version, "organisation": asdict(held.organisation), "lifecycle": asdict(held.rules)}
