"""The org's records: found, read across their references, merged, converted, and kept in the bin for fifteen days."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from werkzeug.exceptions import NotFound

from connectors.salesforce.sandbox_records import NAMES, SHAPES, TRACKED, history, identity, number, record, tables, when
from connectors.salesforce.sandbox_soql import Query, comparable
from hub.sandbox.answers import Json, picked
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import EVER
from hub.sandbox.rows import Change, Row
from hub.sandbox.standin import Controls
from hub.sandbox.world import World

_BIN_DAYS = 15
_MERGED = ("Contact", "Account", "Lead")


class Org:
    """The records of one org by object."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._clock, self._tables = controls.clock, tables(world, controls.clock)
        controls.collections, controls.merge = self._tables, self._merge
        controls.acts["convert"] = self._convert
        controls.listen(self._note)

    def find(self, text: str) -> Json | None:
        """The record with an id, of whichever object; one in the bin too."""
        try:
            name = NAMES[text[:3]]
            row = self._tables[name].row(number(name, text))
        except (KeyError, ValueError):
            return None
        return None if row is None else record(name, row)

    def held(self, name: str, ids: Sequence[int]) -> list[Json]:
        """The records with these numbers."""
        return [record(name, row) for row in map(self._tables[name].row, ids) if row is not None]

    def read(self, held: Json, path: str) -> Any:
        """The value at a path: of the record, or of one it refers to; a queue that owns something lacks what users have."""
        first, _, rest = path.partition(".")
        if not rest:
            return held.get(first)
        parent = self._parent(held, first)
        return None if parent is None else self.read(parent, rest)

    def _parent(self, held: Json, relation: str) -> Json | None:
        return self.find(held.get(f"{relation}Id") or "")

    def select(self, query: Query, *, deleted: bool) -> list[int]:
        """The numbers of what a query finds, in its order or else by id; the bin's contents where they are wanted."""
        table, oldest = self._tables[query.name], self._clock.now() - _BIN_DAYS * 86_400_000
        found: list[tuple[int, Json]] = []
        for changed, one in table.changed(query.since, EVER):
            row = table.row(one) if table.is_live(one) or (deleted and changed > oldest) else None
            if row is not None and query.holds(partial(self.read, held := record(query.name, row))):
                found.append((one, held))
        found.sort()
        for path, kind, down, last in reversed(query.order):
            found.sort(key=lambda pair: _key(comparable(self.read(pair[1], path), kind), late=down != last), reverse=down)
        return [one for one, _ in found][: query.limit]

    def shown(self, held: Json, columns: Sequence[str], version: str) -> Json:
        """A record with some fields, its parents' nested in it."""
        name = NAMES[held["Id"][:3]]
        told: Json = {"attributes": {"type": name, "url": f"/services/data/v{version}/sobjects/{name}/{held['Id']}"}}
        for path in columns:
            first, _, rest = path.partition(".")
            if not rest:
                told[first] = held.get(first)
            elif first not in told:
                below = tuple(one.partition(".")[2] for one in columns if one.startswith(f"{first}."))
                parent = self._parent(held, first)
                told[first] = None if parent is None else self.shown(parent, below, version)
        return told

    def _merge(self, table: Collection, winner: int, loser: int) -> Row:
        """The loser goes to the bin and names the winner, to whom all that referred to it now belongs."""
        lost = table.row(loser)
        if table.name not in _MERGED or lost is None or table.row(winner) is None or lost.fields.get("IsConverted"):
            raise ValueError(loser)
        old, new = identity(table.name, loser), identity(table.name, winner)
        for name, shape in SHAPES.items():
            self._move(name, [own for own, kind in shape.items() if kind == f"reference {table.name}"], {old: new})
        return table.merge(winner, loser, {}, leaves="archived")

    def _move(self, name: str, linked: Sequence[str], moved: Mapping[str, str]) -> None:
        """Let an object's records refer to others."""
        table = self._tables[name]
        for row in [table.row(one) for _, one in table.changed(0, EVER) if table.is_live(one)] if linked else ():
            fields = {own: moved[held] for own in linked if row and (held := str(row.fields.get(own))) in moved}
            if row and fields:
                table.change(row.id, fields)

    def _convert(self, said: Mapping[str, Any]) -> Json:
        """Convert a lead `id` into the `contact` and `account` named, else new ones; with a deal unless `deal` is false."""
        lead = self.find(str(said["id"]))
        if lead is None or lead.get("IsConverted", True):
            raise NotFound("no such lead to convert")
        owner = picked(lead, "OwnerId")
        company = said.get("account") or self._create("Account", {"Name": lead["Company"], **owner})
        person = picked(lead, "FirstName", "LastName", "Email", "Phone", "Title", "LeadSource")
        contact = said.get("contact") or self._create("Contact", {**person, **owner, "AccountId": company})
        sold = {
            "Name": f"{lead['Company']}-",
            "AccountId": company,
            "StageName": "Prospecting",
            "CloseDate": "2026-12-31",
            **owner,
        }
        deal = self._create("Opportunity", sold) if said.get("deal", True) else None
        into = {"ConvertedAccountId": company, "ConvertedContactId": contact, "ConvertedOpportunityId": deal, "IsConverted": True}
        into |= {"Status": "Closed - Converted", "ConvertedDate": when(self._clock.now())[:10]}
        self._tables["Lead"].change(number("Lead", lead["Id"]), into)
        return into

    def _create(self, name: str, fields: Json) -> str:
        return identity(name, self._tables[name].create(fields).id)

    def _note(self, change: Change) -> None:
        """Write a row of history where an opportunity is new or its stage, amount or day changed."""
        if change.object == "Opportunity" and TRACKED & set(change.fields):
            self._tables["OpportunityHistory"].create(history(change.row.id, change.row.fields))


def _key(value: Any, *, late: bool) -> tuple[bool, Any]:
    """What to sort by: nothing comes first or last whichever way the others go."""
    return (value is None) == late, value if value is not None else 0
