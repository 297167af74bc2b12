"""The users of the stand-in for Request Tracker: lists, single ones, and the groups that tell staff from requestors."""

import json
from collections.abc import Sequence

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from connectors.rt import sandbox_records as records
from connectors.rt.sandbox_answers import PREFIX, fields, listed, paged, reference
from connectors.rt.sandbox_records import PUBLIC, ROOT, TEXTS, TOOL
from hub.sandbox.account import addressed, source
from hub.sandbox.answers import Json, View, body, routes, rows
from hub.sandbox.collection import Collection
from hub.sandbox.conditions import Condition, holds
from hub.sandbox.rows import Clock, Row
from hub.sandbox.world import World, record_id

_PRIVILEGED, _UNPRIVILEGED = 4, 5


def _conditions() -> list[Condition]:
    """What users are asked by: attributes that are not public are left out without a word, as is all that is no list."""
    sent = request.get_data(as_text=True) if request.method == "POST" else request.values.get("query", "")
    try:
        asked = json.loads(sent) if sent.strip().startswith("[") else []
    except ValueError:
        asked = []
    known = [one for one in asked if isinstance(one, dict) and one.get("field") in PUBLIC and one.get("value") is not None]
    return [_condition(one["field"], one.get("operator", "="), str(one["value"])) for one in known]


def _condition(name: str, operator: str, text: str) -> Condition:
    patterns = {"LIKE": f"*{text}*", "STARTSWITH": f"{text}*", "ENDSWITH": f"*{text}"}
    if operator in patterns:
        return {"propertyName": name, "operator": "CONTAINS_TOKEN", "value": patterns[operator]}
    return {"propertyName": name, "operator": "NEQ" if operator == "!=" else "EQ", "value": text}


class Users:
    """Everybody who wrote to the installation or works in it; a disabled user is kept as an archived row."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world, first = world, records.first_users(world)
        self.collection = Collection("users", source(world, TOOL, "contact", records.person), clock=clock, head=first)
        self._by_name = {str(row.fields["Name"]): row.id for row in first}
        self._staff = [row.id for row in first if row.fields["Privileged"]]

    def install(self, app: Flask) -> None:
        """Open the paths of users and groups."""
        lists: dict[str, View] = {"/users": self._users, "/group/<int:group>/members": self._members}
        lists["/groups"] = lambda: listed("group", TEXTS["groups"])
        routes(app, PREFIX, {f"{method} {path}": view for path, view in lists.items() for method in ("GET", "POST")})
        routes(app, PREFIX, {"GET /user/<identity>": self._user, "PUT /user/<identity>": self._change})

    def person(self, identity: int, wanted: Sequence[str] = ()) -> Json:
        """A user as tickets name one: by name, and by number only when asked for the id."""
        found = self.collection.row(identity)
        texts = records.user_texts(found) if found else {}
        more = {name: identity if name == "id" else texts.get(name, "") for name in wanted}
        return {**reference("user", texts.get("Name", str(identity))), **more}

    def _users(self) -> ResponseReturnValue:
        """A search of users; disabled ones only on demand. All attributes that are not public are empty in lists."""
        ids, wanted, asked = self.collection.live(0, len(self.collection)), _conditions(), fields()
        if request.values.get("find_disabled_rows"):
            ids = sorted([*ids, *self.collection.archived()])
        if wanted:
            found = ((row, records.user_texts(row)) for row in rows(self.collection, ids))
            ids = [row.id for row, texts in found if all(holds(one, texts[one["propertyName"]]) for one in wanted)]
        if request.values.get("orderby") != "id" or request.values.get("order", "").upper() == "DESC":
            ids.reverse()
        return paged(ids, lambda identity: self.person(identity, asked))

    def _row(self, identity: str) -> Row:
        """A user by number or by name."""
        index = records.person_of(identity)
        by_name = self._by_name.get(identity) or (record_id("contact", index) if index is not None else 0)
        found = self.collection.row(int(identity) if identity.isdecimal() else by_name)
        if found is None or (not identity.isdecimal() and found.fields["Name"] != identity):
            raise NotFound
        return found

    def _user(self, identity: str) -> ResponseReturnValue:
        """One user; attributes without a value are absent."""
        row = self._row(identity)
        people = {name: self.person(ROOT) for name in ("Creator", "LastUpdatedBy")}
        lists = {"CustomFields": [], "Memberships": [], "_hyperlinks": [{**reference("user", row.id), "ref": "self"}]}
        state = {"id": row.id, "Privileged": row.fields["Privileged"], "Disabled": str(int(row.state == "archived"))}
        return jsonify({**{name: text for name, text in records.user_texts(row).items() if text}, **state, **people, **lists})

    def of_email(self, email: str) -> int:
        """The user with an address, made where there is none."""
        found = addressed(self._world, self.collection, email, field="EmailAddress")
        return found[0].id if found else self.collection.create(records.requestor(email)).id

    def _change(self, identity: str) -> ResponseReturnValue:
        """New values for a user; what RT says about it is a list of sentences."""
        row, said = self._row(identity), body()
        if "Disabled" in said:
            wanted = bool(int(said.pop("Disabled")))
            row = self.collection.archive(row.id) if wanted else self.collection.restore(row.id)
        if said:
            self.collection.change(row.id, said)
        return jsonify([f"User {row.fields['Name']} changed"])

    def _members(self, group: int) -> ResponseReturnValue:
        """Who is in a group: the staff is privileged, everybody else is not."""
        if group not in (_PRIVILEGED, _UNPRIVILEGED):
            raise NotFound
        others = [identity for identity in self.collection.live(0, len(self.collection)) if identity not in self._staff]
        found = self._staff if group == _PRIVILEGED else others
        return paged(found, lambda identity: reference("user", identity), counts_pages=False)
