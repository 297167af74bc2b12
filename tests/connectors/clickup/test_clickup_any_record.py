"""Whatever ClickUp may send, every mapping reads it or keeps it aside."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import SkipRecord
from hub.model import as_json, from_json
from hub.spec import Mapping, Terms, accounted
from mappings.clickup import MAPPINGS
from tests.connectors.places import changed, places

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
TERMS = Terms(choices={"list.id": {"901500000101": "contact", "901500000102": "company", "901500000103": "deal"}})
unhurried = settings(deadline=None, database=None, max_examples=100)
each_mapping = pytest.mark.parametrize("found", MAPPINGS, ids=lambda found: found.type.TYPE + " of " + found.stream)


@cache
def recorded(stream: str) -> list[Any]:
    name, *steps = {"tasks": ("tasks", "tasks"), "members": ("teams", "teams", 0, "members")}[stream]
    found = json.loads((Path(__file__).parent / f"{name}.json").read_bytes())
    for step in steps:
        found = found[step]
    return list(found)


@each_mapping
@unhurried
@given(data=st.data())
def test_any_record_is_read_or_kept_aside(found: Mapping, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(recorded(found.stream)))
    paths = [path for path in places(whole) if path]
    record = changed(whole, data.draw(st.dictionaries(st.sampled_from(paths), JSON, max_size=8)))
    found.applies(record)
    try:
        entity = found.read(record, TERMS).entity
    except SkipRecord:
        return
    assert from_json(found.type, as_json(entity)).id == entity.id


@each_mapping
@unhurried
@given(
    kind=st.sampled_from(["drop_down", "labels", "date", "checkbox", "users", "location", "currency", "email", "x"]), value=JSON
)
def test_own_fields_may_hold_anything(found: Mapping, kind: str, value: Any) -> None:
    record = {"id": "1", "user": {"id": 1}, "custom_fields": [{"name": "F", "type": kind, "type_config": value, "value": value}]}
    assert as_json(found.read(record, TERMS).entity)


@each_mapping
@unhurried
@given(record=st.dictionaries(st.text(max_size=5), JSON, max_size=5))
def test_a_record_of_something_else_is_kept_aside(found: Mapping, record: dict[str, Any]) -> None:
    with pytest.raises(SkipRecord):
        found.read({key: held for key, held in record.items() if key not in ("id", "user")}, TERMS)


@each_mapping
def test_a_record_that_says_nothing_but_its_id_is_read(found: Mapping) -> None:
    reading = found.read({"id": 86, "user": {"id": 86}}, TERMS)
    assert reading.entity.id == "86"
    assert reading.unknown == ()


@each_mapping
def test_every_field_of_a_record_is_read_or_knowingly_left(found: Mapping) -> None:
    alone = accounted([each for each in MAPPINGS if each.stream == found.stream])
    assert [alone.unread(record) for record in recorded(found.stream)] == [set() for _ in recorded(found.stream)]
