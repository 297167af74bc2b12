"""The records of the HubSpot stand-in: found, shown and linked as the objects API does."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import request

from connectors.hubspot.sandbox_access import Failure
from connectors.hubspot.sandbox_records import ASSOCIATIONS, CHANGED, DEFAULTS, KINDS, NAMES, TOOL, source
from hub.sandbox.answers import iso, rows
from hub.sandbox.collection import Collection
from hub.sandbox.relations import Relations
from hub.sandbox.rows import Clock, Row
from hub.sandbox.search import Search
from hub.sandbox.world import World, record_id


def wrong(message: str) -> Failure:
    """The answer to a request that does not make sense."""
    return Failure(400, "VALIDATION_ERROR", message)


def whole(value: object, default: int, most: int, name: str) -> int:
    """A parameter that is a whole number from 0 to `most`."""
    text = str(default if value in (None, "") else value)
    if not text.isdecimal() or int(text) > most:
        raise wrong(f"{name} must be a whole number of at most {most}")
    return int(text)


def object_of(name: str) -> str:
    """The object that a path names in any of the ways there are."""
    if name not in NAMES:
        raise wrong(f"Unable to infer object type from: {name}")
    return NAMES[name]


def value(name: str, row: Row, wanted: str) -> str | None:
    """A property of a record, those included that the system itself keeps."""
    if wanted == "hs_object_id":
        return str(row.id)
    if wanted == "createdate":
        return iso(row.created)
    if wanted == CHANGED[name]:
        return iso(row.updated)
    found = row.fields.get(wanted)
    return None if found in (None, "") else str(found)


class Records:
    """One account's records by object."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self.collections = {name: Collection(name, source(world, kind), clock=clock) for name, kind in KINDS.items()}
        self.relations = Relations(world, TOOL, {kind: self.collections[name] for name, kind in KINDS.items()})
        self.searches = {
            name: Search(collection, partial(value, name), id_name="hs_object_id", changed_name=CHANGED[name])
            for name, collection in self.collections.items()
        }

    def row(self, name: str, identity: str, *, archived: bool = False, by: str | None = None) -> Row:
        """A record by its id, or by the e-mail address where that is asked for."""
        found = self.by_email(identity) if by == "email" else None
        if by != "email" and identity.isdecimal():
            found = self.collections[name].row(int(identity))
        if found is None or (found.state == "archived") != archived:
            raise Failure(404, "OBJECT_NOT_FOUND", "resource not found")
        return found

    def by_email(self, email: str) -> Row | None:
        """The contact with an address."""
        contacts = self.collections["contacts"]
        ids = [record_id("contact", index) for index in self._world.addressed(email)]
        found = rows(contacts, [*ids, *contacts.changed_later(0)])
        live = (row for row in found if row.state == "live" and row.fields.get("email"))
        return next((row for row in live if str(row.fields["email"]).lower() == email.lower()), None)

    def check_unique(self, name: str, fields: Mapping[str, object]) -> None:
        """Refuse a contact whose address another one has."""
        taken = self.by_email(str(fields["email"])) if name == "contacts" and fields.get("email") else None
        if taken is not None:
            raise Failure(409, "CONFLICT", f"Contact already exists. Existing ID: {taken.id}")

    def several(self, name: str, asked: Sequence[str], by: str | None) -> tuple[list[Row], list[str]]:
        """The live records among those asked for, and the names of the others."""
        found, missing = [], []
        for text in dict.fromkeys(asked):
            try:
                found.append(self.row(name, text, by=by))
            except Failure:
                missing.append(text)
        return found, missing

    def shown(self, name: str, row: Row, wanted: Sequence[str] = (), linked: Sequence[str] = ()) -> dict[str, Any]:
        """A record with the properties asked for (a name that does not exist is left out) and its associations."""
        own = ("createdate", "hs_object_id", CHANGED[name])
        names = [one for one in dict.fromkeys((*own, *(wanted or DEFAULTS[name]))) if one in row.fields or one in own]
        shown: dict[str, Any] = {
            "id": str(row.id),
            "properties": {one: value(name, row, one) for one in names},
            "createdAt": iso(row.created),
            "updatedAt": iso(row.updated),
            "archived": row.state == "archived",
        }
        if row.state == "archived":
            shown["archivedAt"] = iso(row.updated)
        links = {to: self._links(name, row, to) for to in linked}
        if any(links.values()):
            shown["associations"] = {to: {"results": found} for to, found in links.items() if found}
        return shown

    def _links(self, name: str, row: Row, to: str) -> list[dict[str, str]]:
        found = self.relations.of(KINDS[name], row.id, KINDS[to])
        return [{"id": str(other), "type": f"{KINDS[name]}_to_{KINDS[to]}"} for other in found]

    def labelled(self, name: str, identity: int, to: str) -> list[dict[str, Any]]:
        """A record's associations as version 4 shows them; the first company is the primary one."""
        plain, primary = ASSOCIATIONS.get((name, to), (0, None))
        found = []
        for place, other in enumerate(self.relations.of(KINDS[name], identity, KINDS[to])):
            types: list[dict[str, Any]] = [{"category": "HUBSPOT_DEFINED", "typeId": plain, "label": None}]
            if primary is not None and (place == 0 or name == "companies"):
                types.insert(0, {"category": "HUBSPOT_DEFINED", "typeId": primary, "label": "Primary"})
            found.append({"toObjectId": other, "associationTypes": types})
        return found


def linked_object(name: str, wanted: Mapping[str, Any]) -> str:
    """The object that a new association is to, told from the ids of its types."""
    types = {kind.get("associationTypeId") for kind in wanted.get("types", ())}
    found = [to for (of, to), known in ASSOCIATIONS.items() if of == name and types & set(known)]
    if not found or not str(wanted.get("to", {}).get("id")).isdecimal():
        raise wrong("no such association type or no id to associate with")
    return found[0]


def from_the_bin() -> bool:
    """Whether archived records are asked for."""
    return request.args.get("archived", "").lower() == "true"


def asked() -> tuple[list[str], list[str]]:
    """The properties and the objects to list associations of that the query names, comma-joined or repeated."""
    wanted, linked = (
        [part for text in request.args.getlist(name) for part in text.split(",") if part]
        for name in ("properties", "associations")
    )
    return wanted, [object_of(part) for part in linked]
