"""The records of the Zendesk stand-in as its answers show them, and the checks on what is written."""

from collections.abc import Callable, Sequence
from typing import Any

from connectors.zendesk.sandbox_access import invalid, missing
from connectors.zendesk.sandbox_fields import organization_fields, user_fields
from connectors.zendesk.sandbox_records import (
    BRAND,
    FORM,
    GROUP,
    KINDS,
    agents,
    identity,
    source,
)
from connectors.zendesk.sandbox_references import CUSTOM_STATUS, custom_values
from hub.sandbox.answers import iso_seconds, origin, rows
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Clock, Row
from hub.sandbox.world import World

_SCRUBBED = dict.fromkeys(("subject", "raw_subject", "description"), "SCRUBBED")
_NOBODY: dict[str, Any] = {"via": {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}}, "type": None}
_NOBODY |= {"priority": None, "status": "open", "assignee_id": None, "organization_id": None, "group_id": GROUP}
_NOBODY |= {"satisfaction_rating": {"score": "unoffered"}, "tags": [], "description": None, "external_id": None}
_NEEDED = {"users": "name", "organizations": "name", "tickets": "description"}


class Records:
    """One account's records by object."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self.collections = {
            name: Collection(name, source(world, name), clock=clock, head=agents(world) if name == "users" else ())
            for name in KINDS
        }
        self._shapes: dict[str, Callable[[Row], dict[str, Any]]] = {
            "users": self._user,
            "organizations": self._organization,
            "tickets": self._ticket,
            "satisfaction_ratings": lambda row: dict(row.fields),
        }

    def row(self, name: str, text: str) -> Row:
        """A record by its id. Users that were deleted can still be read; nothing else can."""
        found = self.collections[name].row(int(text)) if text.isdecimal() else None
        if found is None or (found.state != "live" and name != "users"):
            raise missing()
        return found

    def shown(self, name: str, row: Row) -> dict[str, Any]:
        """A record as lists, exports and single answers have it."""
        dates = {"created_at": iso_seconds(row.created), "updated_at": iso_seconds(row.updated)}
        url = f"{origin()}/api/v2/{name}/{row.id}.json"
        return {"url": url, "id": row.id, **dates, **self._shapes[name](row)}

    def lines(self, name: str) -> Callable[[Sequence[int]], list[dict[str, Any]]]:
        """What shows a page of ids."""
        return lambda ids: [self.shown(name, row) for row in rows(self.collections[name], list(ids))]

    def _user(self, row: Row) -> dict[str, Any]:
        return {**user_fields(None, None), **row.fields, "active": row.state == "live" and row.fields.get("active", True)}

    def _organization(self, row: Row) -> dict[str, Any]:
        return {
            **organization_fields(None, []),
            **row.fields,
            "deleted_at": None if row.state == "live" else iso_seconds(row.updated),
        }

    def _ticket(self, row: Row) -> dict[str, Any]:
        fields, values = {**_NOBODY, **row.fields}, custom_values()
        gone = row.state == "archived"
        requester = fields.get("requester_id")
        return {
            "external_id": None,
            "generated_timestamp": row.updated // 1000,
            **fields,
            "raw_subject": fields.get("subject"),
            "status": "deleted" if gone else fields["status"],
            "requester_id": None if requester is None else self.collections["users"].survivor(requester),
            "recipient": None,
            "collaborator_ids": [],
            "follower_ids": [],
            "email_cc_ids": [],
            "forum_topic_id": None,
            "problem_id": None,
            "has_incidents": False,
            "is_public": True,
            "due_at": None,
            "custom_fields": values,
            "sharing_agreement_ids": [],
            "custom_status_id": CUSTOM_STATUS.get(fields["status"]),
            "encoded_id": f"CICLO{row.id:X}",
            "followup_ids": [],
            "ticket_form_id": FORM,
            "brand_id": BRAND,
            "allow_channelback": False,
            "allow_attachments": True,
            "from_messaging_channel": False,
            "support_type": "agent",
            "fields": values,
            **(_SCRUBBED if gone else {}),
        }

    def checked(self, name: str, sent: dict[str, Any], row: Row | None) -> dict[str, Any]:
        """What is written of a record, or the reason why it cannot be."""
        fields = dict(sent)
        comment = fields.pop("comment", None)
        if name == "tickets" and comment and row is None:
            fields["description"] = comment.get("body")
        needed = _NEEDED[name]
        if row is None and not fields.get(needed):
            raise invalid(needed, f"{needed.title()}: cannot be blank", "BlankValue")
        if name == "users" and fields.get("email"):
            self._check_unique(str(fields["email"]), row)
        return fields

    def _check_unique(self, email: str, row: Row | None) -> None:
        if {other.id for other in self.addressed(email)} - {row.id if row else None}:
            raise invalid("email", f"Email: {email} is already being used by another user", "DuplicateValue")

    def addressed(self, email: str) -> list[Row]:
        """The users with an address."""
        users = self.collections["users"]
        ids = [identity("contact", index) for index in self._world.addressed(email)]
        found = rows(users, list(dict.fromkeys([*ids, *users.changed_later(0)])))
        return [row for row in found if row.state == "live" and str(row.fields.get("email")).lower() == email.lower()]

    def by_role(self, roles: set[str]) -> list[int] | None:
        """The live users with certain roles; None means all, whatever they are."""
        users = self.collections["users"]
        if not roles:
            return None
        touched = rows(users, users.changed_later(0))
        others = {row.id for row in touched if row.fields.get("role") in ("agent", "admin") and row.state == "live"}
        if roles <= {"agent", "admin"}:
            return sorted(row.id for row in touched if row.id in others and row.fields["role"] in roles)
        left = others if roles == {"end-user"} else set()
        return [one for one in users.live(0, len(users)) if one not in left]
