"""The orders of the stand-in for pretix: lists that can be filtered and ordered, single ones, and what becomes of them."""

from collections.abc import Callable
from functools import lru_cache

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from connectors.pretix.sandbox_pages import host, moment, paged, pruned
from connectors.pretix.sandbox_records import TOOL, identifier, order, order_id, purchase
from hub.sandbox.account import source
from hub.sandbox.answers import Json, rows, stamp
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import EVER
from hub.sandbox.rows import Clock, Row
from hub.sandbox.world import World

ACTS: dict[str, Callable[[int], Json]] = {
    "mark_paid": lambda now: {"status": "p", "paid": now},
    "mark_pending": lambda _now: {"status": "n"},
    "mark_expired": lambda _now: {"status": "e"},
    "mark_canceled": lambda now: {"status": "c", "cancelled": now},
}
_ORDERINGS: dict[str, Callable[[Row], object]] = {
    "datetime": lambda row: row.created,
    "last_modified": lambda row: row.updated,
}
_FILTERS: dict[str, Callable[[Row], object]] = {
    "status": lambda row: row.fields.get("status", "n"),
    "customer": lambda row: row.fields.get("customer") and identifier(row.fields["customer"]),
}
"""What orders can be asked by here; everything else in a query is ignored, as the real one ignores what it does not know."""


class Orders:
    """What people bought."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.collection = Collection("orders", source(world, TOOL, "order", purchase), clock=clock)
        self._clock, self._found = clock, lru_cache(maxsize=8)(self._matching)

    def cancel(self, identity: int) -> Row:
        """The order, called off."""
        return self.collection.change(identity, ACTS["mark_canceled"](self._clock.now()))

    def _matching(self, since: int, filters: tuple[tuple[str, str], ...], order_by: str, _version: int) -> list[int]:
        """The orders changed since a time that fit the filters, in the wanted order; made anew after every change."""
        ids = [identity for _, identity in self.collection.changed(since, EVER)]
        by = order_by.lstrip("-")
        if filters or by != "last_modified":
            found = [row for row in rows(self.collection, ids) if all(_FILTERS[name](row) == text for name, text in filters)]
            ids = [row.id for row in sorted(found, key=lambda row: (_ORDERINGS[by](row), row.id))]
        return ids[::-1] if order_by.startswith("-") else ids

    def listed(self) -> ResponseReturnValue:
        """Orders of all events, or of the one in the path; the header tells when the page was made."""
        since, asked = moment("modified_since"), request.args
        filters = tuple((name, asked[name]) for name in _FILTERS if name in asked)
        known = [name for name in asked.get("ordering", "").split(",") if name.lstrip("-") in _ORDERINGS]
        found = self._found(since or 0, filters, known[0] if known else "datetime", self.collection.version)
        answer = paged(found, lambda identity: pruned(order(rows(self.collection, [identity])[0], host())))
        answer.headers["X-Page-Generated"] = str(stamp(self._clock.now()))
        return answer

    def _row(self, code: str) -> Row:
        identity = order_id(code)
        found = self.collection.row(identity) if identity is not None else None
        if found is None:
            raise NotFound("No Order matches the given query.")
        return found

    def one(self, code: str) -> ResponseReturnValue:
        """One order."""
        return jsonify(pruned(order(self._row(code), host())))

    def act(self, code: str, act: str) -> ResponseReturnValue:
        """An order that is paid, cancelled, expired or pending from now on."""
        if act not in ACTS:
            raise NotFound
        row = self.collection.change(self._row(code).id, ACTS[act](self._clock.now()))
        return jsonify(order(row, host()))
