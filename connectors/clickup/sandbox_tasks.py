"""How ClickUp shows lists, custom fields and tasks: ids and times as text, a drop-down's choice by its place.

`value` is left out where a field is empty; the field "Category" tells its choice by the option's id, as some do. What a
table of `sandbox.json` does not list becomes a further status or option, as if somebody had added it.
"""

from collections.abc import Callable
from typing import Any

from connectors.clickup.sandbox_records import BEGAN, LISTS, TEXTS, task_id, uid, user_id
from hub.sandbox.answers import Json, picked
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Row
from hub.sandbox.world import World

Value = Callable[[Any], Any]


def user(world: World, index: int) -> Json:
    """A member of staff, as tasks and fields show people."""
    one = world.staff[index]
    name, initials = f"{one.given_name} {one.family_name}", one.given_name[0] + one.family_name[0]
    known = {"id": user_id(index), "username": name, "email": one.email}
    return {**known, "color": "#5f7c8a", "initials": initials, "profilePicture": None}


def status(name: str, said: str) -> Json:
    """A status of a list by its name."""
    known = [each[0] for each in LISTS[name]["statuses"]]
    place = known.index(said) if said in known else len(known)
    kind = LISTS[name]["statuses"][place][1] if said in known else "custom"
    return {
        "id": f"sc{LISTS[name]['id']}_{place}",
        "status": said,
        "color": TEXTS["colors"][kind],
        "orderindex": place,
        "type": kind,
    }


def folder(identity: str | None) -> Json:
    """The folder of a list; one without any lies in a hidden one."""
    found = identity or next(each for each, said in TEXTS["folders"].items() if said["hidden"])
    return {"id": found, **picked(TEXTS["folders"][found], "name", "hidden"), "access": True}


def shown_list(name: str, collection: Collection) -> Json:
    """A list with its statuses."""
    said = LISTS[name]
    known = {
        **picked(said, "id", "name"),
        "task_count": len(collection),
        "statuses": [status(name, each) for each, _ in said["statuses"]],
    }
    return {
        **TEXTS["list"],
        **known,
        "folder": folder(said["folder"]),
        "space": {**picked(TEXTS["space"], "id", "name"), "access": True},
    }


def field(name: str, more: str | None = None) -> Json:
    """A custom field's definition; `more` is an option that was added to it."""
    said = TEXTS["fields"][name]
    options = [*said.get("options", ()), *([more] if more and more not in said.get("options", ()) else ())]
    word = "label" if said["type"] == "labels" else "name"
    shown = [{"id": uid(name, each), word: each, "color": None, "orderindex": place} for place, each in enumerate(options)]
    config = {**({"new_drop_down": True} if said["type"] == "drop_down" else {}), **({"options": shown} if shown else {})}
    about = {"id": uid(name), "name": name, "type": said["type"], "type_config": {**said.get("type_config", {}), **config}}
    return {**about, "date_created": str(BEGAN), "hide_from_guests": False, "required": False}


class Shown:
    """Tasks as they are told; `live` finds another task by its number."""

    def __init__(self, world: World, customers: Collection) -> None:
        self._world, self._customers = world, customers
        self._values: dict[str, Value] = {
            "date": str, "number": str, "currency": str, "checkbox": lambda said: str(said).lower(),
            "formula": str, "users": self._people, "list_relationship": self._related,
            "manual_progress": lambda said: {"current": str(said), "percent_completed": said / 100},
            "automatic_progress": lambda said: {"percent_complete": said},
        }  # fmt: skip  # a table

    def _people(self, said: list[int]) -> list[Json]:
        return [user(self._world, each) for each in said]

    def _related(self, number: int) -> list[Json]:
        """The task that a relationship leads to; one that is gone is left out."""
        row = self._customers.row(number)
        if row is None:
            return []
        known = {"id": task_id(number), "name": row.fields["name"], "status": row.fields["status"], "custom_type": None}
        return [{**known, "team_id": TEXTS["team"]["id"], "deleted": row.state != "live", "access": True}]

    def value(self, name: str, said: Any) -> Any:
        """A custom field's value as a task has it."""
        told = TEXTS["fields"][name]
        if told["type"] == "labels":
            return [uid(name, each) for each in said]
        if told["type"] != "drop_down":
            return self._values.get(told["type"], lambda each: each)(said)
        options: list[str] = told["options"]
        return uid(name, said) if told.get("by_id") else (options.index(said) if said in options else len(options))

    def _field(self, name: str, said: Any) -> Json:
        told = field(name, said if TEXTS["fields"][name]["type"] == "drop_down" else None)
        return told if said is None else {**told, "value": self.value(name, said)}

    def task(self, name: str, row: Row) -> Json:
        """A task of a list."""
        kept, state, where = row.fields, status(name, row.fields["status"]), LISTS[name]
        ended = str(kept.get("done") or row.updated) if state["type"] in ("done", "closed") else None
        level = TEXTS["priorities"].get(kept.get("priority"))
        dates = {"date_created": str(row.created), "date_updated": str(row.updated), "date_done": ended}
        return {
            **{each: kept.get(each, blank) for each, blank in TEXTS["task"].items()},
            "id": task_id(row.id),
            "name": kept["name"],
            "status": state,
            **dates,
            "date_closed": ended if state["type"] == "closed" else None,
            "creator": user(self._world, 0),
            "assignees": self._people(kept.get("assignees") or []),
            "priority": level and {"id": level[0], "priority": kept["priority"], "color": level[1], "orderindex": level[0]},
            "custom_fields": [self._field(each, kept.get(each)) for each in where["fields"]],
            "team_id": TEXTS["team"]["id"],
            "url": f"https://app.clickup.com/t/{task_id(row.id)}",
            "list": {**picked(where, "id", "name"), "access": True},
            **dict.fromkeys(("project", "folder"), folder(where["folder"])),
            "space": picked(TEXTS["space"], "id"),
        }
