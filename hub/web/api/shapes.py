"""The shapes of canonical records in the API's description, derived from the types themselves."""

from functools import cache
from typing import Any

import msgspec
from marshmallow import Schema, fields

from hub.model import TYPES, Entity
from hub.sync.pushed import Pushed
from hub.web.api.personal import hidden
from hub.web.schemas import Record

_REF = "#/components/schemas/{name}"


@cache
def record_of(kind: type[Entity]) -> type[Schema]:
    """A record whose data is of this type."""
    shape = {"anyOf": [{"$ref": _REF.format(name=kind.__name__)}, {"type": "null"}]}
    data = fields.Raw(required=True, allow_none=True, metadata=shape)
    return type(f"{kind.__name__}Record", (Record,), {"data": data, "__doc__": Record.__doc__})


@cache
def components() -> dict[str, dict[str, Any]]:
    """The JSON schemas of the canonical types and of what programs push; whoever describes an API copies them."""
    _, found = msgspec.json.schema_components((*TYPES.values(), Pushed), ref_template=_REF)
    shapes: dict[str, dict[str, Any]] = {name: _tidy(shape) for name, shape in found.items()}
    for kind in TYPES.values():
        for name in hidden(kind.TYPE):
            shapes[kind.__name__]["properties"][name]["x-scope"] = "read:pii"
    return shapes


def _tidy(shape: dict[str, Any]) -> dict[str, Any]:
    """Without defaults, since what was not said is left out, and with the format of times."""
    for name, held in shape.get("properties", {}).items():
        held.pop("default", None)
        if name.endswith("_at"):
            for variant in held.get("anyOf", [held]):
                if variant.get("type") == "string":
                    variant["format"] = "date-time"
    return shape
