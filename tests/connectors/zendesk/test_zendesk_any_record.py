"""Whatever Zendesk may send, every mapping reads it or keeps it aside."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import SkipRecord
from hub.spec import Mapping, Terms, accounted
from mappings.zendesk import MAPPINGS
from tests.connectors.anything import disturbed, read_or_kept_aside, unhurried
from tests.spec.anything import JSON

each_mapping = pytest.mark.parametrize("found", MAPPINGS, ids=lambda found: found.type.TYPE + " of " + found.stream)


@cache
def recorded(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_bytes())[name]


@each_mapping
@unhurried
@given(data=st.data())
def test_any_record_is_read_or_kept_aside(found: Mapping, data: st.DataObject) -> None:
    read_or_kept_aside(found, data.draw(disturbed(recorded(found.stream)[0])))


@each_mapping
@unhurried
@given(record=st.dictionaries(st.text(max_size=5), JSON, max_size=5))
def test_a_record_of_something_else_is_kept_aside(found: Mapping, record: dict[str, Any]) -> None:
    with pytest.raises(SkipRecord):
        found.read({key: held for key, held in record.items() if key != "id"}, Terms())


@each_mapping
def test_a_record_that_says_nothing_but_its_id_is_read(found: Mapping) -> None:
    reading = found.read({"id": 46406156914577}, Terms())
    assert (reading.entity.id, reading.unknown) == ("46406156914577", ())


@each_mapping
def test_every_field_of_a_record_is_read_or_knowingly_left(found: Mapping) -> None:
    alone = accounted([found])
    applies = [record for record in recorded(found.stream) if found.applies(record)]
    assert applies
    assert [alone.unread(record) for record in applies] == [set() for _ in applies]
