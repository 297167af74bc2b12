"""The org's records: found, shown with those they refer to, merged, converted, and kept in the bin for fifteen days."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from werkzeug.exceptions import NotFound

from connectors.salesforce.sandbox_records import NAMES, SHAPES, identity, number, record, tables, when
from connectors.salesforce.sandbox_soql import Query, comparable, parsed
from hub.sandbox.answers import Json, picked, rows
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Change, Row
from hub.sandbox.selection import Selection
from hub.sandbox.standin import Controls
from hub.sandbox.world import World

_BIN = 15 * 86_400_000


class Org:
    """The records of one org by object."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._clock, self._tables = controls.clock, tables(world, controls.clock)
        controls.collections, controls.merge, controls.identity = self._tables, self._merge, number
        controls.acts["convert"] = self._convert
        controls.listen(self._note)
        values = {name: partial(_value, name) for name in SHAPES}
        select = partial(Selection, id_name="", changed_name="SystemModstamp")
        self._selections = {name: select(self._tables[name], value) for name, value in values.items()}

    def find(self, text: str) -> Json:
        """The record with an id, of whichever object, one in the bin too; nothing where there is none."""
        try:
            name = NAMES[text[:3]]
            row = self._tables[name].row(number(name, text))
        except (KeyError, ValueError):
            return {}
        return record(name, row) if row else {}

    def found(self, text: str, *, deleted: bool) -> tuple[Query, list[int]]:
        """A query and the numbers of what it finds; the bin's contents where they are wanted."""
        query, oldest = parsed(text), self._clock.now() - _BIN
        binned = (lambda row: row.updated > oldest) if deleted else None
        ids = self._selections[query.name].select(query.groups, order=query.order, archived=binned)
        return query, ids[: query.limit]

    def part(self, query: Query, ids: Sequence[int], version: float = 0) -> list[Json]:
        """The records with these numbers, each with the fields asked for."""
        held = rows(self._tables[query.name], [*ids])
        return [self.shown(record(query.name, row), query.columns, version) for row in held]

    def shown(self, held: Json, columns: Sequence[str], version: float) -> Json:
        """A record with some fields, its parents' nested in it; a queue that owns something lacks what users have."""
        name = NAMES[held["Id"][:3]]
        told: Json = {"attributes": {"type": name, "url": f"/services/data/v{version}/sobjects/{name}/{held['Id']}"}}
        for path in columns:
            first, _, rest = path.partition(".")
            parent = self.find(held.get(f"{first}Id") or "") if rest else {}
            below = [one.partition(".")[2] for one in columns if one.startswith(f"{first}.")]
            told[first] = (self.shown(parent, below, version) if parent else None) if rest else held.get(first)
        return told

    def _merge(self, table: Collection, winner: int, loser: int) -> Row:
        """The loser goes to the bin and names the winner, to whom all that referred to it now belongs."""
        lost = table.row(loser)
        if table.name not in ("Contact", "Account", "Lead") or lost is None or lost.fields.get("IsConverted"):
            raise ValueError(loser)
        old, new = identity(table.name, loser), identity(table.name, winner)
        linked = [(name, own) for name, shape in SHAPES.items() for own, to in shape.items() if to == f"reference {table.name}"]
        for name, own in linked:
            named = {"propertyName": own, "operator": "EQ", "value": comparable(own, old)}
            for one in self._selections[name].select([[named]]):
                self._tables[name].change(one, {own: new})
        return table.merge(winner, loser, {}, leaves="archived")

    def _convert(self, said: Mapping[str, Any]) -> Json:
        """Convert a lead `id` into a new account, a contact and an opportunity."""
        lead = self.find(str(said["id"]))
        if lead.get("IsConverted", True):
            raise NotFound("no such lead to convert")
        account = self._create("Account", picked(lead, "OwnerId"), Name=lead["Company"])
        person = picked(lead, "FirstName", "LastName", "Email", "Phone", "Title", "LeadSource", "OwnerId")
        sold = {"Name": f"{lead['Company']}-", "StageName": "Prospecting", "CloseDate": "2026-12-31"}
        into: Json = {
            "ConvertedAccountId": account,
            "ConvertedContactId": self._create("Contact", person, AccountId=account),
            "ConvertedOpportunityId": self._create("Opportunity", picked(lead, "OwnerId"), AccountId=account, **sold),
        }
        into |= {"IsConverted": True, "Status": "Closed - Converted", "ConvertedDate": when(self._clock.now())[:10]}
        self._tables["Lead"].change(number("Lead", lead["Id"]), into)
        return into

    def _create(self, name: str, fields: Json, **more: str) -> str:
        return identity(name, self._tables[name].create(fields | more).id)

    def _note(self, change: Change) -> None:
        """Write a row of history where an opportunity is new or its stage, amount or day changed."""
        if change.object == "Opportunity" and {"StageName", "Amount", "CloseDate"} & set(change.fields):
            self._create("OpportunityHistory", {**change.row.fields}, OpportunityId=identity("Opportunity", change.row.id))


def _value(name: str, row: Row, path: str) -> str | None:
    return comparable(path, record(name, row)[path])
