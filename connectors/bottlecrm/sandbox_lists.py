"""The lists of the stand-in for BottleCRM: each object's own envelope and order, as observed on 1.35.0.

The `offset` in a real answer says nothing about where to go on (recorded in tests/connectors/bottlecrm), so it is empty
here, as are the short lists of the forms on the real one's pages. Of the parameters that filter, only those that a
synchronising client uses mean something.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache, partial

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from connectors.bottlecrm.sandbox_records import TEXTS, uid
from connectors.bottlecrm.sandbox_shapes import OPEN, STAGE_CHOICES, Shapes
from hub.sandbox.answers import Failure, Json, filled, number, rows
from hub.sandbox.chance import instant
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Row
from hub.sandbox.world import Staff

_ORDERINGS: dict[str, Callable[[str, Row], str]] = {
    "created_at": lambda _name, row: f"{row.created:020}",
    "id": lambda name, row: uid(name, row.id),
    "name": lambda _name, row: str(row.fields.get("name")),
    "priority": lambda _name, row: str(row.fields.get("priority")),
}
"""What orders compare, given an object's name; cases can be asked for by any of them. Equal rows stand by UUID from the last."""


def _earliest() -> date | None:
    """The day from which on records were made; the time of day after it is dropped."""
    text = request.args.get("created_at__gte", "")
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise Failure(400, {"created_at__gte": [f"'{text}' is not a valid date. Use YYYY-MM-DD."]}) from None


def _active(row: Row) -> bool:
    return bool(row.fields.get("is_active", True))


class Lists:
    """Every object's list."""

    def __init__(self, collections: dict[str, Collection], shapes: Shapes, staff: Sequence[Staff]) -> None:
        self._collections, self._shapes = collections, shapes
        self._users = [{"id": uid("profile", one.index), "user__email": one.email} for one in staff]
        self._found = lru_cache(maxsize=8)(self._matching)
        self._of: dict[str, Callable[[list[Row]], Json]] = {
            "contacts": self._contacts,
            "accounts": self._accounts,
            "opportunities": self._deals,
            "cases": self._cases,
        }

    def _matching(self, name: str, order: str, since: date | None, _version: int) -> list[Row]:
        """The records in their order, the same for all pages until something changes."""
        collection = self._collections[name]
        found = rows(collection, collection.live(0, len(collection)))
        found = [row for row in found if since is None or instant(row.created).date() >= since]
        found.sort(key=lambda row: uid(name, row.id), reverse=True)
        return sorted(found, key=partial(_ORDERINGS[order.lstrip("-")], name), reverse=order.startswith("-"))

    def listed(self, name: str) -> ResponseReturnValue:
        """Contacts and cases the newest first, the others by their random id; only cases can be ordered otherwise."""
        order = request.args.get("ordering", "") if name == "cases" else ""
        if order.lstrip("-") not in _ORDERINGS:
            order = "-created_at" if name in ("contacts", "cases") else "-id"
        frame = {"page_number": number("offset", 0, least=0) // 10 + 1, "users": self._users, "stage": STAGE_CHOICES}
        found = self._found(name, order, _earliest(), self._collections[name].version)
        return jsonify({**filled(TEXTS["lists"][name], {}, **frame), **self._of[name](found)})

    def _page(self, name: str, found: Sequence[Row]) -> list[Json]:
        start = number("offset", 0, least=0)
        return [self._shapes.row(name, row) for row in found[start : start + number("limit", 10)]]

    def _contacts(self, found: list[Row]) -> Json:
        """Every row stands there twice."""
        halves = {"true": [row for row in found if _active(row)], "false": [row for row in found if not _active(row)]}
        wanted = halves.get(request.args.get("is_active", ""), found)
        shown, total = self._page("contacts", wanted), len(wanted)
        counts = {"active_count": len(halves["true"]), "inactive_count": len(halves["false"])}
        return {**counts, "count": total, "results": shown, "contacts_count": total, "contact_obj_list": shown}

    def _accounts(self, found: list[Row]) -> Json:
        """Open and closed accounts, both paged by the same parameters."""
        shown: Json = {}
        for half, active, name in (("active_accounts", True, "open_accounts"), ("closed_accounts", False, "close_accounts")):
            wanted = request.args.get("is_active", str(active).lower()) == str(active).lower()
            kept = [row for row in found if wanted and _active(row) == active]
            shown[half] = {"offset": None, name: self._page("accounts", kept), f"{name}_count": len(kept)}
        return shown

    def _deals(self, found: list[Row]) -> Json:
        totals: Json = {"count": len(found), "amount_sum": None, "weighted_sum": None, "by_currency": [], "stalled_count": 0}
        shown = [{**deal, "next_activity": None} for deal in self._page("opportunities", found)]
        return {"totals": totals, "opportunities_count": len(found), "opportunities": shown}

    def _cases(self, found: list[Row]) -> Json:
        """Merged and inactive cases are there only on demand."""
        if request.args.get("show_merged") != "true":
            found = [row for row in found if row.fields.get("status") != "Duplicate"]
        if request.args.get("include_deleted") != "true":
            found = [row for row in found if _active(row)]
        opened = [row.fields for row in found if row.fields.get("status") in OPEN]
        urgent = sum(fields.get("priority") == "Urgent" for fields in opened)
        waiting = sum(fields.get("first_response_at") is None for fields in opened)
        counts = {"open_count": len(opened), "urgent_count": urgent, "awaiting_first_reply": waiting}
        forms: Json = {} if request.args.get("slim") == "true" else {"accounts_list": [], "contacts_list": []}
        return {**counts, **forms, "cases_count": len(found), "cases": self._page("cases", found)}
