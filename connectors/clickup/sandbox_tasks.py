"""The invented company's records as tasks of ClickUp, each kind in a list of its own.

A row keeps a status by its name, people by their place among the staff, times in milliseconds, another task by its number;
`Shown` writes them as ClickUp does. Lists, statuses and custom fields stand in `sandbox.json`.
https://developer.clickup.com/docs/customfields, https://developer.clickup.com/reference/gettask
"""

import re
from functools import lru_cache
from typing import Any

from hub.sandbox.answers import Failure, Json, beside, filled, picked
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Fields, Row
from hub.sandbox.tabled import tabled
from hub.sandbox.told import told
from hub.sandbox.world import World

TOOL, TEXTS = "clickup", beside(__file__)
LISTS: dict[str, Json] = TEXTS["lists"]
"""As they are shown, by their ids; so are the collections called."""
COLUMNS: dict[str, list[Json]] = {name: [TEXTS["fields"][each] for each in own] for name, own in TEXTS["columns"].items()}


def refused(about: str, **headers: str) -> Failure:
    """An answer that is an error: https://developer.clickup.com/docs/common_errors ."""
    http, code, why = TEXTS["refusals"][about]
    return Failure(http, {"err": why, "ECODE": code}, **headers)


def task_id(number: int) -> str:
    """A task's id of letters and digits; `number_of` reads it back."""
    return f"86c{number:08x}"


def number_of(_list: str, text: str) -> int:
    """The number of a task by its id, -1 where it is none."""
    return int(text[3:], 16) if re.fullmatch("86c[0-9a-f]{8}", text) else -1


@lru_cache(maxsize=100_000)
def made(name: str, world: World, index: int, number: int) -> Fields:
    """What is known of a record under the names of its list, and what the staff noted: always the same of the same one."""
    known = told(world, TOOL, TEXTS["kinds"][name], index, number)
    return tabled(TEXTS["made"][name], TEXTS["words"], known, world.bytes(TOOL, name, index))


def user(world: World, index: int) -> Json:
    """A member of staff, as tasks and fields show people."""
    one = world.staff[index]
    known = {"username": f"{one.given_name} {one.family_name}", "initials": one.given_name[0] + one.family_name[0]}
    return filled(TEXTS["user"], known, id=TEXTS["user"]["id"] + index, email=one.email)


def status(name: str, said: str) -> Json:
    """A status of a list; one that it does not have, as if somebody had added it."""
    return next((each for each in LISTS[name]["statuses"] if each["status"] == said), {**TEXTS["added"], "status": said})


class Shown:
    """Tasks as they are told."""

    def __init__(self, staff: list[Json], customers: Collection) -> None:
        self._staff, self._customers = staff, customers

    def _field(self, own: Json, said: Any) -> Json:
        """A custom field; one that is empty has no value at all."""
        if said is None:
            return own
        value = str(said) if own["type"] in ("date", "number", "currency") else said
        if own["type"] == "users":
            value = [self._staff[each] for each in said]
        if own["type"] == "list_relationship":
            value = [{"id": task_id(said), "deleted": not self._customers.is_live(said), "access": True}]
        return {**own, "value": value}

    def task(self, name: str, row: Row) -> Json:
        """A task of a list."""
        kept, state, identity = row.fields, status(name, row.fields["status"]), task_id(row.id)
        ended = str(kept.get("done") or row.updated) if state["type"] in ("done", "closed") else None
        closed, folder = ended if state["type"] == "closed" else None, LISTS[name]["folder"]
        custom = [self._field(own, kept.get(own["name"])) for own in COLUMNS[name]]
        dates = {"date_created": str(row.created), "date_updated": str(row.updated), "date_done": ended, "date_closed": closed}
        known = {"id": identity, "status": state, "priority": TEXTS["priorities"].get(kept.get("priority")), **dates}
        people = {"creator": self._staff[0], "assignees": [self._staff[each] for each in kept.get("assignees") or ()]}
        place = {"list": picked(LISTS[name], "id", "name"), "project": folder, "folder": folder}
        more = {"url": f"https://app.clickup.com/t/{identity}", "custom_fields": custom}
        return filled(TEXTS["task"], kept, **known, **people, **place, **more)
