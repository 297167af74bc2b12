"""The push door: whatever a system sends is handed on as it came, and answered at once."""

import re

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, NotFound, ServiceUnavailable, default_exceptions

from hub import jobs
from hub.spec import Delivery
from hub.store.database import Away
from hub.sync import inbox
from hub.web.api.answers import answer
from hub.web.api.problems import problem
from hub.web.here import hub
from hub.web.schemas import Outcomes

_DOOR = re.compile(r"[A-Za-z0-9_-]{16,100}")
_REFUSED = 400

webhooks = Blueprint("webhooks", __name__)


@webhooks.before_request
def bounded() -> None:
    """Read no more than a delivery may hold."""
    request.max_content_length = inbox.MAX_BODY


@webhooks.post("/webhooks/<door>")
def delivered(door: str) -> Response:
    """Take a delivery; systems that verify by GET are not among ours, so that is 405 at every door."""
    if not _DOOR.fullmatch(door):
        raise NotFound
    found = inbox.accept(hub(), door, delivery())
    jobs.enqueue(hub().settings, found.work)
    if found.records is not None:
        return answer(Outcomes, {"records": found.records}, found.status)
    if found.status < _REFUSED:
        return Response(status=found.status)
    return problem(default_exceptions[found.status](found.why))


def delivery() -> Delivery:
    """The request as its sender signed it: at our public address, whatever host a proxy says was asked."""
    query = request.query_string.decode("latin-1")
    return Delivery(
        method=request.method,
        url=f"{hub().settings.public_url}{request.path}" + (f"?{query}" if query else ""),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.get_data(),
        received_at=hub().time.now(),
    )


def _away(_error: Exception) -> Response:
    """A status that makes every system send again (HubSpot does not after most of the 4xx)."""
    return problem(ServiceUnavailable("The database is busy; send it again.", retry_after=5))


webhooks.register_error_handler(HTTPException, problem)
for _kind in Away:
    webhooks.register_error_handler(_kind, _away)
