"""Records of every canonical type over the API, each type under its plural."""

import uuid
from dataclasses import replace
from typing import Any

from werkzeug.exceptions import NotFound

from hub.model import TYPES, Entity
from hub.store import records
from hub.store.records import Page, Record
from hub.web.api import answers, personal
from hub.web.api.blueprint import offers
from hub.web.api.keys import PII, READ, holds
from hub.web.api.queries import RecordQuery
from hub.web.api.shapes import record_of
from hub.web.here import hub
from hub.web.schemas import page_of

TAG = "Records"


def visible(found: Record) -> Record:
    """A record as the key that is asking may see it."""
    if found.data is None or holds(PII):
        return found
    return replace(found, data=personal.record(found.type, found.data))


def _offer(kind: type[Entity]) -> None:
    """Serve a type: its list and its single records."""
    path, words = kind.PLURAL.replace("_", "-"), kind.PLURAL.replace("_", " ")
    shape = record_of(kind)
    shapes = page_of(shape)

    def listed(asked: dict[str, Any]) -> Any:
        page = Page(limit=asked["limit"] + 1, after=asked.get("cursor"))
        state = None if asked["state"] == "all" else asked["state"]
        chosen = {"connection_id": asked.get("connection"), "modified_after": asked.get("modified_after")}
        with hub().database.reading() as tx:
            found = records.listed(tx, kind.TYPE, page, state=state, **chosen)
        return answers.page(shapes, [visible(one) for one in found], asked["limit"])

    def one(record_id: uuid.UUID) -> Any:
        with hub().database.reading() as tx:
            found = records.one(tx, kind.TYPE, str(record_id))
        if found is None:
            raise NotFound(f"There is no such record among the {words}.")
        return answers.tagged(shape, visible(found))

    listed.__name__, one.__name__ = kind.PLURAL, f"one_{kind.TYPE}"
    listed.__doc__ = f"List {words}.\n\nIn the order of their ids, which never changes."
    one.__doc__ = f"Show one of the {words}, whatever its state."
    offers(f"/{path}", READ, shapes, tag=TAG, query=RecordQuery)(listed)
    offers(f"/{path}/<uuid:record_id>", READ, shape, tag=TAG)(one)


for _kind in TYPES.values():
    _offer(_kind)
