"""What can be done to the tickets of the stand-in for Request Tracker, which answers changes with sentences."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from connectors.rt.sandbox_answers import failure, reference
from connectors.rt.sandbox_records import NOBODY, QUEUES, STATUSES
from connectors.rt.sandbox_users import Users
from hub.sandbox.answers import body
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Row

_SETTABLE = ("Subject", "Status", "Priority")
_CREATED = 201


class Changes:
    """Creates, changes, merges and deletes tickets. Merged and deleted ones are kept as archived rows."""

    def __init__(self, tickets: Collection, users: Users) -> None:
        self._tickets, self._users = tickets, users

    def row(self, identity: str) -> Row:
        """A ticket in whatever state; for one that was merged, the one that took it over."""
        found = self._tickets.row(int(identity)) if identity.isdecimal() else None
        if found is None:
            raise NotFound
        winner = found.fields.get("EffectiveId")
        return found if winner is None else self.row(str(winner))

    def create(self) -> ResponseReturnValue:
        """A new ticket; a requestor nobody knows becomes a user."""
        said = body()
        queue = next((number for number, (name, _) in QUEUES.items() if said.get("Queue") in (name, str(number), number)), None)
        if queue is None:
            return failure(403, f"No permission to create tickets in the queue '{said.get('Queue')}'")
        emails = said.get("Requestor") or []
        people = [self._users.of_email(email) for email in ([emails] if isinstance(emails, str) else emails)]
        values = {name: said[name] for name in _SETTABLE if name in said}
        row = self._tickets.create({"Status": "new", **values, "Queue": queue, "Requestor": people, "Owner": NOBODY})
        return jsonify(reference("ticket", str(row.id))), _CREATED

    def merged(self, collection: Collection, winner: int, loser: int) -> Row:
        """The winner, which takes the loser's place; only the winner counts as changed."""
        before = self._tickets.row(loser)
        if collection is not self._tickets or winner == loser or before is None:
            raise KeyError(loser)
        self._tickets.change(loser, {"EffectiveId": winner, "LastUpdated": before.updated})
        self._tickets.archive(loser)
        return self._tickets.change(winner, {})

    def change(self, identity: str) -> ResponseReturnValue:
        """New values for a ticket, or its merger into another."""
        row, said = self.row(identity), body()
        if "MergeInto" in said:
            self.merged(self._tickets, self.row(str(said["MergeInto"])).id, row.id)
            return jsonify(["Merge Successful"])
        status = said.get("Status", "new")
        if status not in STATUSES:
            return jsonify([f"Ticket {row.id}: Status '{status}' isn't a valid status for this ticket."])
        if status == "deleted":
            return self.delete(identity)
        times = {"Resolved": self._tickets.clock.now()} if status in ("resolved", "rejected") else {}
        values = {name: said[name] for name in _SETTABLE if name in said}
        answer = {name: text for name, text in said.get("CustomFields", {}).items() if name == "Satisfaction"}
        self._tickets.change(row.id, {**values, **times, **answer})
        return jsonify([f"Ticket {row.id}: {name} changed" for name in said])

    def delete(self, identity: str) -> ResponseReturnValue:
        """The ticket's status becomes deleted."""
        row = self._tickets.archive(self.row(identity).id)
        return ("", 204) if request.method == "DELETE" else jsonify([f"Ticket {row.id}: Ticket deleted"])
