"""The lists of the stand-in for BottleCRM: each object's own envelope and order, as observed on 1.35.0.

The `offset` in an answer counts the ids that are not smaller than the last one shown, which says nothing about where to
go on (recorded in tests/connectors/bottlecrm).
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache

from flask import request

from connectors.bottlecrm.sandbox_filters import CHOICES, OPEN, tests, whole
from connectors.bottlecrm.sandbox_records import PIPELINES, Json, uid
from connectors.bottlecrm.sandbox_shapes import Shapes
from hub.sandbox.answers import rows
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Row

_PICKED = 100
_ORDERINGS: dict[str, Callable[[str], Callable[[Row], str]]] = {
    "created_at": lambda _name: lambda row: f"{row.created:020}",
    "id": lambda name: lambda row: uid(name, row.id),
    "name": lambda _name: lambda row: str(row.fields.get("name")),
    "priority": lambda _name: lambda row: str(row.fields.get("priority")),
}
"""What orders compare, given an object's name; cases can be asked for by any of them. Equal rows stand by UUID from the last."""


def _queue(found: Sequence[Row]) -> Json:
    """How much of the cases is still to do."""
    opened = [row.fields for row in found if row.fields.get("status") in OPEN]
    return {
        "open_count": len(opened),
        "urgent_count": sum(fields.get("priority") == "Urgent" for fields in opened),
        "awaiting_first_reply": sum(fields.get("first_response_at") is None for fields in opened),
    }


class Lists:
    """Every object's list. Orders are made anew after every change."""

    def __init__(self, collections: dict[str, Collection], shapes: Shapes, users: Sequence[Json]) -> None:
        self._collections, self._shapes, self._users = collections, shapes, users
        self.of: dict[str, Callable[[], Json]] = {
            "contacts": self.contacts,
            "accounts": self.accounts,
            "opportunities": self.opportunities,
            "cases": self.cases,
        }
        self._fitting, self._summed = lru_cache(maxsize=8)(self._matching), lru_cache(maxsize=2)(self._sums)

    def _found(self, name: str, order: str) -> list[Row]:
        """The records that fit the request, in order."""
        asked = tuple(sorted((key, text) for key, text in request.args.items() if key not in ("limit", "offset")))
        return self._fitting(name, order, asked, self._collections[name].version)

    def _matching(self, name: str, order: str, _asked: object, _version: int) -> list[Row]:
        """The same for all pages, until something changes."""
        collection, wanted = self._collections[name], tests(name)
        found = [row for row in rows(collection, collection.live(0, len(collection))) if all(test(row) for test in wanted)]
        found.sort(key=lambda row: uid(name, row.id), reverse=True)
        return sorted(found, key=_ORDERINGS[order.lstrip("-")](name), reverse=order.startswith("-"))

    def _page(self, name: str, found: Sequence[Row]) -> tuple[list[Row], int | None]:
        """The page asked for, and the number that stands in its answer as offset."""
        start = whole("offset", 0)
        page = list(found[start : start + whole("limit", 10)])
        if not page:
            return page, 0
        keys = sorted(uid(name, row.id) for row in found)
        above = len(keys) - bisect_left(keys, uid(name, page[-1].id))
        return page, None if above == len(keys) else above

    def _frame(self) -> Json:
        return {"per_page": 10, "page_number": whole("offset", 0) // 10 + 1}

    def _picks(self, name: str, *fields: str) -> list[Json]:
        """The short list of a form; the real one shows all records there, whatever the page."""
        collection = self._collections[name]
        found = rows(collection, collection.live(0, _PICKED))
        return [{"id": uid(name, row.id), **{field: row.fields.get(field) for field in fields}} for row in found]

    def contacts(self) -> Json:
        """Active and inactive contacts, the newest first, every row twice."""
        matching = self._found("contacts", "-created_at")
        active = [row for row in matching if row.fields.get("is_active", True)]
        wanted = request.args.get("is_active")
        halves = {"true": active, "false": [row for row in matching if not row.fields.get("is_active", True)]}
        found = halves.get(wanted or "", matching)
        page, offset = self._page("contacts", found)
        shown = [self._shapes.contact(row) for row in page]
        counts = {"active_count": len(active), "inactive_count": len(matching) - len(active)}
        twice = {"count": len(found), "results": shown, "contacts_count": len(found), "contact_obj_list": shown}
        return {**counts, **self._frame(), **twice, "offset": offset, "countries": CHOICES["countries"], "users": self._users}

    def accounts(self) -> Json:
        """Open and closed accounts, both by UUID from the last and paged by the same parameters."""
        matching = self._found("accounts", "-id")
        answer = self._frame()
        for half, rows_key, active in (("active_accounts", "open_accounts", True), ("closed_accounts", "close_accounts", False)):
            wanted = request.args.get("is_active", str(active).lower()) == str(active).lower()
            found = [row for row in matching if row.fields.get("is_active", True) == active and wanted]
            page, offset = self._page("accounts", found)
            shown = [self._shapes.account(row) for row in page]
            answer[half] = {"offset": offset, rows_key: shown, f"{rows_key}_count": len(found)}
        lookups = {name: CHOICES[name] for name in ("countries", "industries")}
        empty: Json = {name: [] for name in ("teams", "tags", "leads")}
        contacts = self._picks("contacts", "first_name")
        return {**answer, "contacts": contacts, **lookups, **empty, "users": self._users, "status": ["active", "inactive"]}

    def _sums(self, ids: tuple[int, ...], _version: int) -> list[Json]:
        sums: dict[str, list[Decimal]] = {}
        for row in rows(self._collections["opportunities"], list(ids)):
            if row.fields.get("amount"):
                both = sums.setdefault(str(row.fields.get("currency") or "USD"), [Decimal(0), Decimal(0)])
                amount = Decimal(row.fields["amount"])
                both[0] += amount
                both[1] += amount * int(row.fields.get("probability") or 0) / 100
        return [
            {"currency": one, "amount_sum": f"{plain:.2f}", "weighted_sum": f"{weighted:.2f}"}
            for one, (plain, weighted) in sorted(sums.items())
        ]

    def opportunities(self) -> Json:
        """Deals by UUID from the last, with what all of them add up to."""
        found = self._found("opportunities", "-id")
        page, offset = self._page("opportunities", found)
        sums = self._summed(tuple(row.id for row in found), self._collections["opportunities"].version)
        alone = sums[0] if len(sums) == 1 else {}
        totals = {"count": len(found), **{key: alone.get(key) for key in ("amount_sum", "weighted_sum")}}
        shown = [{**self._shapes.opportunity(row), "next_activity": None} for row in page]
        return {
            "totals": {**totals, "by_currency": sums, "stalled_count": 0},
            **self._frame(),
            "opportunities_count": len(found),
            "offset": offset,
            "opportunities": shown,
            "accounts_list": self._picks("accounts", "name"),
            "contacts_list": self._picks("contacts", "first_name", "last_name"),
            "tags": [],
            "stage": [[code, label] for code, label, _, _ in PIPELINES[0][1]],
            **{name: CHOICES[name] for name in ("lead_source", "currency")},
        }

    def _shown_cases(self) -> list[Row]:
        order = request.args.get("ordering", "")
        found = self._found("cases", order if order.lstrip("-") in _ORDERINGS else "-created_at")
        if request.args.get("include_deleted") != "true":
            found = [row for row in found if row.fields.get("is_active", True)]
        if request.args.get("show_merged") != "true":
            found = [row for row in found if row.fields.get("status") != "Duplicate"]
        return found

    def cases(self) -> Json:
        """Cases, the newest first unless `ordering` says otherwise; merged and inactive ones only on demand."""
        found = self._shown_cases()
        page, offset = self._page("cases", found)
        answer = {
            **_queue(found),
            "cases_count": len(found),
            "offset": offset,
            "cases": [self._shapes.case(row) for row in page],
            **{name: CHOICES[name] for name in ("status", "priority", "type_of_case")},
            "users": self._users,
        }
        if request.args.get("slim") != "true":
            answer["accounts_list"] = self._picks("accounts", "name")
            answer["contacts_list"] = self._picks("contacts", "first_name", "last_name")
        return answer
