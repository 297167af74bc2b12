"""Who may be whom: the review queue over the API, and how a merge is undone."""

import uuid
from typing import Any

from werkzeug.exceptions import Conflict, NotFound, UnprocessableEntity

from hub import jobs
from hub.errors import BadInput
from hub.store import candidates as stored
from hub.store import records
from hub.store.candidates import Candidate
from hub.sync import decide
from hub.web import lifecycle_schemas as shapes
from hub.web.api import answers
from hub.web.api.blueprint import offers
from hub.web.api.customers import survivor
from hub.web.api.keys import ADMIN, READ, by
from hub.web.api.moments import cursor, place
from hub.web.api.queries import CandidateQuery
from hub.web.here import hub
from hub.web.schemas import Problem

TAG = "Identity"
_PATH = "/identity/candidates/<uuid:candidate_id>"
_OVER = {404: (Problem, "It is no question any more: it was decided, or the records have changed.")}


@offers("/identity/candidates", READ, shapes.Candidates, tag=TAG, query=CandidateQuery)
def candidates(asked: dict[str, Any]) -> Any:
    """List the pairs of customers that may be one, the surest first; those that were put off come last."""
    after = place(asked.get("cursor"), tuple[int, float, str])
    with hub().database.reading() as tx:
        if "customer" in asked:
            found = list(stored.of(tx, str(asked["customer"])))
        else:
            found = stored.queue(tx, after=after, limit=asked["limit"] + 1)
    shown = found if "customer" in asked else found[: asked["limit"]]
    last = shown[-1] if len(found) > len(shown) else None
    more = cursor(last.postponed, last.score, last.id) if last else None
    return answers.answer(shapes.Candidates, {"items": [_shown(each) for each in shown], "next": more})


@offers(f"{_PATH}/approve", ADMIN, shapes.Noted, tag=TAG, body=shapes.Nothing, also=_OVER)
def approve(_sent: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Say that the two customers are one.

    The one whose eldest record is the elder keeps its id, the other's answers with where it went. `unmerge` undoes it.
    """
    return _decided(decide.same, candidate_id)


@offers(f"{_PATH}/reject", ADMIN, shapes.Noted, tag=TAG, body=shapes.Nothing, also=_OVER)
def reject(_sent: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Say that they are two; it is remembered for good."""
    return _decided(decide.different, candidate_id)


@offers(f"{_PATH}/later", ADMIN, shapes.Noted, tag=TAG, body=shapes.Nothing, also=_OVER)
def later(_sent: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Put the question at the end of the queue."""
    return _decided(decide.later, candidate_id)


@offers(
    "/customers/<uuid:customer_id>/unmerge",
    ADMIN,
    shapes.Noted,
    tag=TAG,
    body=shapes.Unmerge,
    also={409: (Problem, "It is not clear what to undo.")},
)
def unmerge(sent: dict[str, Any], customer_id: uuid.UUID) -> Any:
    """Undo a merge: the newest approval, or that a record belongs to the customer."""
    record_id = str(sent["record_id"]) if sent["record_id"] else None
    with hub().database.reading() as tx:
        if records.customer(tx, str(customer_id)) is None:
            raise Conflict(f"This customer was merged into {survivor(tx, str(customer_id))}.")
    try:
        work = decide.unmerge(hub(), str(customer_id), by(), record_id=record_id)
    except BadInput as error:
        raise UnprocessableEntity(f"{error}.") from error
    jobs.enqueue(hub().settings, work)
    return answers.answer(shapes.Noted, {"noted": True})


def _decided(how: Any, candidate_id: uuid.UUID) -> Any:
    try:
        work = how(hub(), str(candidate_id), by())
    except KeyError as error:
        raise NotFound("This is no question any more.") from error
    jobs.enqueue(hub().settings, work or ())
    return answers.answer(shapes.Noted, {"noted": True})


def _shown(found: Candidate) -> dict[str, Any]:
    return {
        "id": found.id,
        "state": "postponed" if found.postponed else "review",
        "rule": found.rule,
        "score": found.score,
        "customers": [found.first_id, found.second_id],
        "evidence": [{name: each[name] for name in ("rule", "score", "records", "why")} for each in found.evidence],
    }
