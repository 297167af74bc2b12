"""The records of the HubSpot stand-in: read, searched, shown and linked as the objects API does.

https://developers.hubspot.com/docs/guides/api/crm/search: filter groups, sorts, and a window beyond which nothing is shown.
"""

from collections.abc import Sequence
from functools import partial
from itertools import chain

from flask import request

from connectors.hubspot.sandbox_access import failed, wrong
from connectors.hubspot.sandbox_records import ASSOCIATIONS, CHANGED, ENTERED, KINDS, MADE, NAMES, TEXTS, TOOL
from hub.sandbox.account import addressed, collections
from hub.sandbox.answers import Failure, Json, body, iso
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import NEEDS, OPERATORS, Condition, Group
from hub.sandbox.relations import Relations
from hub.sandbox.rows import Clock, Row
from hub.sandbox.search import Search
from hub.sandbox.world import World

WINDOW = 10_000
"""A search shows no more than so many of what it finds."""
_PAGE, _GROUPS, _CONDITIONS = 200, 5, 18


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


def linked_object(name: str) -> str:
    """The object to be described or linked to, which may be one of those that every account has and this one keeps nothing in."""
    return name if name in TEXTS["not_kept"]["objects"] else object_of(name)


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
        self._world, self._clock = world, clock
        self.collections = collections(world, TOOL, {name: (kind, MADE[name]) for name, kind in KINDS.items()}, clock=clock)
        self.relations = Relations(world, TOOL, {kind: self.collections[name] for name, kind in KINDS.items()})
        self._searches = {
            name: Search(collection, partial(value, name), id_name="hs_object_id", changed_name=CHANGED[name])
            for name, collection in self.collections.items()
        }

    def row(self, name: str, identity: str, *, archived: bool = False, by: str | None = None) -> Row:
        """A record by its id, or by the e-mail address where that is asked for."""
        found = self.by_email(identity) if by == "email" else None
        if by != "email" and identity.isdecimal():
            found = self.collections[name].row(int(identity))
        if found is None or (found.state == "archived") != archived:
            raise failed(404, "OBJECT_NOT_FOUND", "resource not found")
        return found

    def by_email(self, email: str) -> Row | None:
        """The contact with an address."""
        return next(iter(addressed(self._world, self.collections["contacts"], email)), None)

    def search(self, name: str, sent: Json, until: int | None) -> tuple[int, int, list[Row]]:
        """How many fulfil the filters, where the page ends, and the page; `after` is the place to go on from."""
        limit, offset = whole(sent.get("limit"), 10, _PAGE, "limit"), whole(sent.get("after"), 0, 2**53, "after")
        if offset + limit > WINDOW:
            raise wrong(f"a search shows at most {WINDOW} results; after and limit go beyond")
        groups, search, (by, descending) = _groups(sent), self._searches[name], _order(sent)
        if by == "hs_object_id" and not descending:
            found = search.find(groups, offset=offset, limit=limit, until=until)
            total, ids = found.total, list(found.ids)
        else:
            every = search.find_sorted(groups, by, descending=descending, until=until)
            total, ids = len(every), every[offset : offset + limit]
        return total, offset + limit, [row for row in (self.collections[name].row(one, until) for one in ids) if row]

    def several(self, name: str, asked: Sequence[str], by: str | None) -> tuple[list[Row], list[str]]:
        """The live records among those asked for, and the names of the others."""
        found, missing = [], []
        for text in dict.fromkeys(asked):
            try:
                found.append(self.row(name, text, by=by))
            except Failure:
                missing.append(text)
        return found, missing

    def sent(self, name: str) -> Json:
        """The properties that were sent, and when a contact entered the stage among them, which HubSpot notes by itself."""
        fields = dict(body().get("properties") or {})
        noted = ENTERED.get(str(fields.get("lifecyclestage"))) if name == "contacts" else None
        return {**fields, noted: iso(self._clock.now())} if noted else fields

    def merged(self, collection: Collection, winner: int, loser: int) -> Row:
        """The winner, which gains what it lacked and remembers the loser's id."""
        kept, lost = collection.row(winner), collection.row(loser)
        if kept is None or lost is None:
            raise KeyError(winner if kept is None else loser)
        filled = {name: found for name, found in lost.fields.items() if found and not kept.fields.get(name)}
        before = [kept.fields.get("hs_merged_object_ids"), lost.fields.get("hs_merged_object_ids"), str(loser)]
        return collection.merge(winner, loser, {**filled, "hs_merged_object_ids": ";".join(filter(None, before))})

    def shown(self, name: str, row: Row, wanted: Sequence[str] = (), linked: Sequence[str] = ()) -> Json:
        """A record with the properties asked for (a name that does not exist is left out) and its associations."""
        own = ("createdate", "hs_object_id", CHANGED[name])
        names = [one for one in dict.fromkeys((*own, *(wanted or TEXTS["defaults"][name]))) if one in row.fields or one in own]
        shown: Json = {
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
        others = self._others(name, row.id, to)
        return [{"id": str(other), "type": f"{KINDS[name]}_to_{KINDS[to]}"} for other in others]

    def _others(self, name: str, identity: int, to: str) -> list[int]:
        return self.relations.of(KINDS[name], identity, KINDS[to]) if to in KINDS else []

    def labelled(self, name: str, identity: int, to: str) -> list[Json]:
        """A record's associations as version 4 shows them; the first company is the primary one."""
        plain, primary = ASSOCIATIONS.get((name, to), (0, None))
        found = []
        for place, other in enumerate(self._others(name, identity, to)):
            types: list[Json] = [{"category": "HUBSPOT_DEFINED", "typeId": plain, "label": None}]
            if primary is not None and (place == 0 or name == "companies"):
                types.insert(0, {"category": "HUBSPOT_DEFINED", "typeId": primary, "label": "Primary"})
            found.append({"toObjectId": other, "associationTypes": types})
        return found


def _groups(sent: Json) -> list[Group]:
    """The filters by group; outside of any, as the guide searches through associations, they are one."""
    groups = [group.get("filters") or [] for group in sent.get("filterGroups") or (sent,)]
    if len(groups) > _GROUPS or sum(map(len, groups)) > _CONDITIONS:
        raise wrong(f"at most {_GROUPS} groups and {_CONDITIONS} filters are allowed")
    for condition in chain.from_iterable(groups):
        _check(condition)
    return groups


def _check(condition: Condition) -> None:
    operator = condition.get("operator")
    if operator not in OPERATORS or "propertyName" not in condition:
        raise wrong("a filter needs a propertyName and a known operator")
    needed = NEEDS.get(operator, "value")
    if needed and condition.get(needed) is None:
        raise wrong(f"the operator {operator} needs {needed}")


def _order(sent: Json) -> tuple[str, bool]:
    """The property to sort by and whether backwards; a sort may be the mere name of a property."""
    sorts = sent.get("sorts") or [{"propertyName": "hs_object_id"}]
    first = {"propertyName": sorts[0]} if isinstance(sorts[0], str) else sorts[0]
    return str(first.get("propertyName")), first.get("direction") == "DESCENDING"


def asked() -> tuple[list[str], list[str]]:
    """The properties and the objects to list associations of that the query names, comma-joined or repeated."""
    wanted, linked = (
        [part for text in request.args.getlist(name) for part in text.split(",") if part]
        for name in ("properties", "associations")
    )
    return wanted, [linked_object(part) for part in linked]


def from_the_bin() -> bool:
    """Whether archived records are asked for."""
    return request.args.get("archived", "").lower() == "true"
