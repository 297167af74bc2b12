"""Whatever Salesforce may send, every mapping reads it or keeps it aside."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.salesforce import CONNECTOR
from hub.errors import SkipRecord
from hub.spec import Mapping, Reply, Terms, accounted
from mappings.salesforce import MAPPINGS
from tests.connectors.anything import disturbed, read_or_kept_aside, unhurried
from tests.connectors.salesforce.answers import rows
from tests.spec.anything import JSON

ZONES = st.sampled_from(["", "America/Sao_Paulo", "Nowhere/At_All"])
each_mapping = pytest.mark.parametrize("found", MAPPINGS, ids=lambda found: found.type.TYPE + " of " + found.stream)


@each_mapping
@unhurried
@given(data=st.data())
def test_any_record_is_read_or_kept_aside(found: Mapping, data: st.DataObject) -> None:
    record = data.draw(disturbed(rows(found.stream)[0]))
    CONNECTOR.stream(found.stream).found(Reply(status=200, body={"records": [record]}))
    if (gone := CONNECTOR.stream(found.stream).gone) is not None:
        gone(record)
    read_or_kept_aside(found, record, Terms(answers={"time_zone": data.draw(ZONES), "loss_reason": "Loss_Reason__c"}))


@each_mapping
@unhurried
@given(record=st.dictionaries(st.text(max_size=5), JSON, max_size=5))
def test_a_record_of_something_else_is_kept_aside(found: Mapping, record: dict[str, Any]) -> None:
    with pytest.raises(SkipRecord):
        found.read({key: held for key, held in record.items() if key != "Id"}, Terms())


@each_mapping
def test_a_record_that_says_nothing_but_its_id_is_read(found: Mapping) -> None:
    only: dict[str, Any] = {"Id": "003Hs00004aBcD1IAK"}
    if found.stream == "opportunity_stages":
        only = {"records": [{"attributes": {"type": "OpportunityStage"}}]}
    reading = found.read(only, Terms())
    assert (reading.entity.id in ("003Hs00004aBcD1IAK", "OpportunityStage"), reading.unknown) == (True, ())


@each_mapping
@unhurried
@given(body=st.text(max_size=200))
def test_any_text_of_a_job_is_rows(found: Mapping, body: str) -> None:
    stream = CONNECTOR.stream(found.stream)
    if callable(stream.records):
        assert all(isinstance(row["custom"], dict) for row in stream.found(Reply(status=200, body=body)) or [])


def test_the_results_of_a_job_that_are_no_table_are_asked_for_again() -> None:
    assert CONNECTOR.stream("contacts").found(Reply(status=200, body='"Id"\n\r0')) is None


@pytest.mark.parametrize("stream", [stream.name for stream in (*CONNECTOR.references, *CONNECTOR.streams)])
def test_every_field_of_a_record_is_read_or_knowingly_left(stream: str) -> None:
    known = accounted([found for found in MAPPINGS if found.stream == stream])
    assert [known.unread(record) for record in rows(stream)] == [set() for _ in rows(stream)]
