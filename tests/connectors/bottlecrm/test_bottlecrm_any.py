"""What BottleCRM's mappings do with values that no table lists, with nothing, and with anything at all."""

import contextlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.bottlecrm import CONNECTOR
from hub.errors import SkipRecord
from hub.model import Company, Money, Pipeline, PipelineKind, Ticket, TicketStatus, as_json, from_json
from hub.spec import Mapping, Reading, Record, Terms, Unknown, accounted
from mappings.bottlecrm import MAPPINGS
from tests.connectors.places import answered

FILES = {
    "accounts": "accounts",
    "closed_accounts": "accounts",
    "contacts": "contacts",
    "deals": "opportunities",
    "tickets": "cases_show_merged",
    "pipelines": "pipelines",
}


def mapping(stream: str) -> Mapping:
    (found,) = (mapping for mapping in MAPPINGS if mapping.stream == stream)
    return found


def listed(stream: str) -> list[Record]:
    body: Any = json.loads((Path(__file__).parent / f"{FILES[stream]}.json").read_bytes())
    return answered(CONNECTOR.stream(stream), body)


@pytest.mark.parametrize(
    ("stream", "path", "field"),
    [("tickets", "status", "status"), ("tickets", "priority", "priority"), ("deals", "stage_kind", "status")],
)
def test_a_value_in_no_table_is_unknown_and_asked(stream: str, path: str, field: str) -> None:
    record = {**listed(stream)[0], path: "Escalated"}
    reading = mapping(stream).read(record, Terms())
    assert str(getattr(reading.entity, field)) == "unknown"
    assert reading.unknown == (Unknown(path=path, raw="Escalated"),)


def test_a_persons_choice_decides_it() -> None:
    record = {**listed("tickets")[0], "status": "Escalated"}
    reading = mapping("tickets").read(record, Terms(choices={"status": {"Escalated": "on_hold"}}))
    assert isinstance(reading.entity, Ticket)
    assert (reading.entity.status, reading.unknown) == (TicketStatus.ON_HOLD, ())


def test_numbers_as_text_and_text_as_numbers_are_read() -> None:
    said = {"number_of_employees": "120", "annual_revenue": 2500000.5, "currency": "brl", "name": 7}
    account = mapping("accounts").read({**listed("accounts")[1], **said}, Terms()).entity
    assert isinstance(account, Company)
    assert (account.employee_count, account.name) == (120, "7")
    assert account.annual_revenue == Money(amount=Decimal("2500000.5"), currency="BRL")


def test_a_probability_that_is_no_percentage_is_left_out_and_counted() -> None:
    for said, why in (("1e999999", "not a finite number of at most 30 digits"), ("101", "not a percentage")):
        reading = mapping("deals").read({**listed("deals")[0], "probability": said}, Terms())
        assert reading.unknown == (Unknown(path="probability", raw=None, why=why),)


@pytest.mark.parametrize("number", range(len(MAPPINGS)))
def test_nulls_everywhere_and_missing_keys_leave_only_the_id(number: int) -> None:
    chosen = MAPPINGS[number]
    constants: dict[str, Any] = {"kind": PipelineKind.SALES} if chosen.type is Pipeline else {}
    nulls = dict.fromkeys((path.partition(".")[0] for path in chosen.reads()), None)
    for record in ({"id": "1"}, {**nulls, "id": "1"}):
        assert chosen.read(record, Terms()) == Reading(entity=chosen.type(id="1", **constants))


@pytest.mark.parametrize("stream", FILES)
def test_every_recorded_field_is_read_or_knowingly_ignored(stream: str) -> None:
    ours = accounted([mapping(stream)])
    assert {path for record in listed(stream) for path in ours.unread(record)} == set()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["won", "1e9999999", "2026-99-99"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("number", range(len(MAPPINGS)))
@given(data=st.data())
@settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_is_read_or_skipped(number: int, data: st.DataObject) -> None:
    chosen = MAPPINGS[number]
    keys = sorted({path.partition(".")[0] for path in chosen.reads()})
    record: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from([*keys, "custom_fields"]), JSON))
    with contextlib.suppress(SkipRecord):
        entity = chosen.read(record, Terms()).entity
        assert from_json(chosen.type, as_json(entity)) == entity


def test_a_record_without_id_is_skipped() -> None:
    with pytest.raises(SkipRecord):
        MAPPINGS[0].read({"name": "Rec Horizonte Ltda"}, Terms())
