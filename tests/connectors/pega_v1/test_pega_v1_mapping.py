"""What the records of Pega's API v1 are read as (README.md beside this file); the expected values are written by hand."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.pega_v1 import CONNECTOR
from hub import model
from hub.errors import SkipRecord
from hub.spec import Mapping, Record, Terms, accounted
from mappings.pega_v1 import MAPPINGS
from tests.connectors.anything import disturbed, read_or_kept_aside, unhurried
from tests.connectors.pega_v1.test_pega_v1 import recorded
from tests.connectors.places import answered
from tests.connectors.telling import facts, ours, tell

TERMS = Terms(
    choices={"status.order": {"Resolved-Completed": "paid"}, "status.deal": {"Resolved-Rejected": "lost"}},
    fields={"order": {"custom.OrderTotal": "total"}, "deal": {"custom.CloseDate": "expected_close_on"}},
    answers={"currency": "BRL", "post_case": "pyPostedIn"},
)
each_mapping = pytest.mark.parametrize("found", MAPPINGS, ids=lambda found: f"{found.type.TYPE} of {found.stream}")


def listed(stream: str) -> list[Record]:
    return answered(CONNECTOR.stream(stream), recorded(stream))


def read(kind: type[model.Entity], record: Record, stream: str = "cases") -> Any:
    (found,) = (mapping for mapping in MAPPINGS if (mapping.type, mapping.stream) == (kind, stream))
    reading = found.read(record, TERMS)
    assert reading.unknown == ()
    return reading.entity


def case(key: str) -> Record:
    return next(each for each in listed("cases") if each["pyID"] == key)


def test_a_case_that_is_a_ticket_with_its_moments() -> None:
    assert read(model.Ticket, case("T-32001")) == model.Ticket(
        id="CICLO-CRM-WORK T-32001",
        subject="Router does not start",
        status=model.TicketStatus.SOLVED,
        category="CICLO-CRM-Work-Service",
        opened_at=datetime(2025, 1, 10, 12, 0, 0, 408_000, tzinfo=UTC),
        solved_at=datetime(2025, 1, 12, 9, 30, tzinfo=UTC),
        requester_ids=("C-1001",),
        company_ids=("O-2001",),
        assignee_id="rui@ciclo",
        custom={"Product": "Router X", "Device": {"Serial": "SN-1", "Ports": "4"}, "pxUrgencyWork": "10"},
        created_at=datetime(2025, 1, 10, 12, 0, 0, 408_000, tzinfo=UTC),
        changed_at=datetime(2025, 1, 12, 9, 30, 0, 546_000, tzinfo=UTC),
    )


def test_numbers_that_are_text_are_numbers() -> None:
    order = read(model.Order, case("P-5"))
    assert (order.status, order.total) == (model.OrderStatus.PAID, model.Money(amount=Decimal("99.9"), currency="BRL"))
    assert read(model.Deal, case("O-77")).expected_close_on == "2025-03-01"


def test_parties_are_people_companies_and_those_of_the_house() -> None:
    by_key = {each["pyWorkPartyUri"]: each for each in listed("parties")}
    assert read(model.Contact, by_key["C-1001"], "parties").emails == (model.Email(address="ada@norte.example", primary=True),)
    assert read(model.Company, by_key["O-2001"], "parties").name == "Açaí Norte"
    assert read(model.Owner, by_key["rui@ciclo"], "parties") == model.Owner(
        id="rui@ciclo", name="Rui Costa", email="rui@ciclo.example"
    )


def test_a_post_belongs_to_the_case_in_the_column_that_the_admin_named() -> None:
    post = read(model.Activity, listed("posts")[0], "posts")
    assert (post.ticket_id, post.subject, post.owner_id) == ("CICLO-CRM-WORK T-32001", "Sent a new power supply", "rui@ciclo")
    assert post.occurred_at == datetime(2025, 1, 11, 10, tzinfo=UTC)


def test_a_ticket_tells_when_it_was_opened_and_solved_and_of_whom() -> None:
    said = tell("pega_v1", "cases", case("T-32001"), terms=TERMS)
    assert [(kind, at) for kind, at, _ in said if kind.startswith("ticket.")] == [
        ("ticket.opened", "2025-01-10T12:00:00.408000Z"),
        ("ticket.solved", "2025-01-12T09:30:00Z"),
    ]
    opened = next(each for each in facts("pega_v1", "cases", case("T-32001"), terms=TERMS) if each.type == "ticket.opened")
    assert (opened.person_id, opened.company_id) == (ours("contact", "C-1001"), ours("company", "O-2001"))


def test_only_what_the_admin_names_is_unread() -> None:
    streams = {stream: accounted(each for each in MAPPINGS if each.stream == stream) for stream in ("cases", "parties", "posts")}
    unread = {(stream, path) for stream, known in streams.items() for record in listed(stream) for path in known.unread(record)}
    assert unread == {("posts", "pyPostedIn")}


@each_mapping
def test_a_record_that_says_nothing_but_its_id_is_read_and_one_without_is_kept_aside(found: Mapping) -> None:
    assert found.read({found.id: "W-17"}, Terms()).entity.id == "W-17"
    with pytest.raises(SkipRecord):
        found.read({"pyID": "T-1"}, Terms())


@each_mapping
@unhurried
@given(data=st.data())
def test_any_record_is_read_or_kept_aside(found: Mapping, data: st.DataObject) -> None:
    read_or_kept_aside(found, data.draw(disturbed(data.draw(st.sampled_from(listed(found.stream))))), TERMS)
