"""Whatever a system may send: a record that was recorded, with anything in any of its places, and what a mapping does with it."""

from functools import partial

from hypothesis import settings
from hypothesis import strategies as st

from hub.errors import SkipRecord
from hub.model import as_json, from_json
from hub.spec import Mapping, Record, Terms
from tests.connectors.places import changed, places
from tests.spec.anything import JSON

unhurried = settings(deadline=None, database=None, max_examples=60)


def disturbed(whole: Record) -> st.SearchStrategy[Record]:
    """The record with other values in up to eight of its places."""
    inner = [place for place in places(whole) if place]
    return st.dictionaries(st.sampled_from(inner), JSON, max_size=8).map(partial(changed, whole))


def read_or_kept_aside(mapping: Mapping, record: Record, terms: Terms | None = None) -> None:
    """A record is read as something that can be stored and taken out again, or kept aside; nothing else ever happens."""
    mapping.applies(record)
    try:
        entity = mapping.read(record, terms or Terms()).entity
    except SkipRecord:
        return
    assert from_json(mapping.type, as_json(entity)).id == entity.id
