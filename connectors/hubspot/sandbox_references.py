"""What the HubSpot stand-in's records refer to: owners and pipelines.

https://developers.hubspot.com/docs/guides/api/crm/owners and https://developers.hubspot.com/docs/guides/api/crm/pipelines
"""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from connectors.hubspot.sandbox_objects import object_of, whole
from connectors.hubspot.sandbox_records import CLOSED_STAGES, OPEN_STAGES, OWNER, TICKET_STAGES
from hub.sandbox.answers import iso, link
from hub.sandbox.chance import BEGINS, milliseconds
from hub.sandbox.world import Staff, World

_USER = 5_000_001


def owner(staff: Staff) -> dict[str, Any]:
    """A member of staff as the owners API shows them; records name the id, not the user's."""
    began, user = iso(milliseconds(BEGINS)), _USER + staff.index
    names = {"type": "PERSON", "firstName": staff.given_name, "lastName": staff.family_name}
    ids = {"userId": user, "userIdIncludingInactive": user}
    dates = {"createdAt": began, "updatedAt": began, "archived": False}
    return {"id": str(OWNER + staff.index), "email": staff.email, **names, **ids, **dates}


_UNDATED = {"createdAt": "1970-01-01T00:00:00Z", "updatedAt": "1970-01-01T00:00:00Z", "archived": False}


def _stage(place: int, identity: str, label: str, metadata: dict[str, str]) -> dict[str, Any]:
    shown = {"label": label, "displayOrder": place, "metadata": metadata, "id": identity, **_UNDATED}
    return {**shown, "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT"}


def _pipeline(identity: str, label: str, stages: list[dict[str, Any]]) -> dict[str, Any]:
    return {"label": label, "displayOrder": 0, "id": identity, "stages": stages, **_UNDATED}


def pipelines() -> dict[str, list[dict[str, Any]]]:
    """The pipelines by object; a stage's metadata is all text."""
    deals = [
        _stage(place, identity, label, {"isClosed": str(float(chance) in (0, 1)).lower(), "probability": chance})
        for place, (identity, label, chance) in enumerate((*OPEN_STAGES, *CLOSED_STAGES))
    ]
    tickets = [
        _stage(place, identity, label, {"isClosed": str(label == "Closed").lower(), "ticketState": "OPEN"})
        for place, (identity, label) in enumerate(TICKET_STAGES.items())
    ]
    tickets[-1]["metadata"]["ticketState"] = "CLOSED"
    return {
        "deals": [_pipeline("default", "Sales Pipeline", deals)],
        "tickets": [_pipeline("0", "Support Pipeline", tickets)],
    }


def listed_owners(world: World) -> ResponseReturnValue:
    """A page of the people who own records."""
    limit = whole(request.args.get("limit"), 100, 500, "limit") or 100
    begin = whole(request.args.get("after"), 0, 2**53, "after")
    email, archived = request.args.get("email"), request.args.get("archived", "").lower() == "true"
    found = [one for one in map(owner, world.staff) if email in (None, one["email"]) and not archived]
    answer: dict[str, Any] = {"results": found[begin : begin + limit]}
    if begin + limit < len(found):
        answer["paging"] = {"next": {"after": str(begin + limit), "link": link(after=begin + limit)}}
    return jsonify(answer)


def listed_pipelines(name: str) -> ResponseReturnValue:
    """All pipelines of an object, without pages."""
    return jsonify(results=pipelines().get(object_of(name), []))
