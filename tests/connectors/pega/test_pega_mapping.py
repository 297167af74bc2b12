"""What Pega's recorded records are read as (README.md beside this file); the expected values are written by hand."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.pega import CONNECTOR
from hub import model
from hub.errors import SkipRecord
from hub.spec import Accounted, Mapping, Reading, Record, Reply, Terms, Unknown, accounted, undecided
from mappings.pega import MAPPINGS
from tests.connectors.anything import disturbed, read_or_kept_aside, unhurried

CRM = "CICLO-CRM-Work-"
DECIDED = {f"{CRM}Service": "ticket", f"{CRM}Opportunity": "deal", f"{CRM}Purchase": "order", f"{CRM}Lead": "lead"}
MADE = datetime(2025, 2, 1, 8, tzinfo=UTC)
PERSON, FIRM, OPERATOR = "Data-Party-Person", "Data-Party-Com", "Data-Party-Operator"
each_mapping = pytest.mark.parametrize("found", MAPPINGS, ids=lambda found: f"{found.type.TYPE} of {found.stream}")


def listed(stream: str) -> list[Record]:
    body = json.loads((Path(__file__).parent / f"{stream}.json").read_bytes())
    return CONNECTOR.stream(stream).found(Reply(status=200, body=body)) or []


def case(number: int, **fields: Any) -> Record:
    """A recorded case with some fields changed, its status as the connector gives it."""
    record = {**listed("cases")[number], **fields}
    return {**record, "status": dict.fromkeys(("ticket", "deal", "order", "lead"), record["pyStatusWork"])}


def reading(kind: type[model.Entity], stream: str, record: Record, terms: Terms | None = None) -> Reading:
    (found,) = (mapping for mapping in MAPPINGS if (mapping.type, mapping.stream) == (kind, stream))
    return found.read(record, terms or Terms())


def read(kind: type[model.Entity], stream: str, record: Record, terms: Terms | None = None) -> Any:
    said = reading(kind, stream, record, terms)
    assert said.unknown == ()
    return said.entity


def alone(mapping: Mapping) -> Accounted:
    """What all mappings of its stream account for together."""
    return accounted(each for each in MAPPINGS if each.stream == mapping.stream)


def test_a_case_that_is_a_ticket() -> None:
    assert read(model.Ticket, "cases", case(0)) == model.Ticket(
        id="CICLO-CRM-WORK T-32001",
        subject="Router does not start",
        status=model.TicketStatus.SOLVED,
        category=f"{CRM}Service",
        opened_at=datetime(2025, 1, 10, 12, 0, 0, 408000, tzinfo=UTC),
        solved_at=datetime(2025, 1, 12, 9, 30, tzinfo=UTC),
        requester_ids=("C-1001",),
        company_ids=("O-2001",),
        assignee_id="rui@ciclo",
        custom={"Product": "Router X", "Device": {"Serial": "SN-1", "Ports": "4"}, "pxUrgencyWork": 10},
        created_at=datetime(2025, 1, 10, 12, 0, 0, 408000, tzinfo=UTC),
        changed_at=datetime(2025, 1, 12, 9, 30, 0, 546000, tzinfo=UTC),
    )


def test_a_case_that_is_a_deal_is_looked_after_by_the_operator_whose_role_is_owner() -> None:
    assert read(model.Deal, "cases", case(1)) == model.Deal(
        id="CICLO-CRM-WORK O-77",
        name="200 routers",
        status=model.DealStatus.OPEN,
        opened_at=MADE,
        contact_ids=("bia@sul.example",),
        owner_id="rui@ciclo",
        custom={"pxUrgencyWork": "20", "OpportunityAmount": "1200.50", "CloseDate": "2025-03-01"},
        created_at=MADE,
        changed_at=datetime(2025, 2, 3, 10, tzinfo=UTC),
    )


def test_the_amount_of_a_deal_is_read_from_the_column_that_the_admin_chose() -> None:
    fields = {"deal": {"custom.OpportunityAmount": "amount", "custom.CloseDate": "expected_close_on"}}
    deal = read(model.Deal, "cases", case(1), Terms(fields=fields, answers={"currency": "brl"}))
    assert (deal.amount, deal.expected_close_on) == (model.Money(amount=Decimal("1200.50"), currency="BRL"), "2025-03-01")


def test_a_case_that_is_an_order() -> None:
    paid = Terms(choices={"status.order": {"Resolved-Completed": "paid"}})
    order = read(model.Order, "cases", case(2), paid)
    assert (order.number, order.status, order.contact_ids) == ("P-5", model.OrderStatus.PAID, ("C-1001",))
    assert order.placed_at == datetime(2025, 2, 20, 8, tzinfo=UTC)
    assert order.custom == {"OrderTotal": 99.9}


def test_a_case_that_is_a_lead() -> None:
    lead = read(model.Lead, "cases", case(0, pyStatusWork="Open"))
    assert (lead.status, lead.raw_status, lead.contact_id) == (model.LeadStatus.WORKING, "Open", "C-1001")
    assert lead.captured_at == datetime(2025, 1, 10, 12, 0, 0, 408000, tzinfo=UTC)


def test_a_case_that_is_a_person_or_a_company_is_called_by_its_label() -> None:
    assert read(model.Contact, "cases", case(2)).full_name == "Purchase"
    assert read(model.Company, "cases", case(2)).name == "Purchase"
    assert read(model.Company, "cases", case(2, pyLabel=None)).name == "P-5"


@pytest.mark.parametrize(
    ("said", "ticket", "deal", "order", "lead"),
    [
        ("New", "new", "open", None, "new"),
        ("open", "open", "open", None, "working"),
        ("Open-InProgress", "open", "open", None, "working"),
        ("Pending-Approval", "pending", "open", None, "working"),
        ("Resolved-Completed", "solved", None, None, None),
        ("Resolved-Cancelled", "closed", None, "cancelled", None),
        ("Closed-Won", None, "won", None, None),
        ("Closed-Lost", None, "lost", None, None),
        ("Opened", None, None, None, None),
    ],
)
def test_a_status_counts_by_its_first_words_and_else_is_asked_about_for_each_type(
    said: str, ticket: str | None, deal: str | None, order: str | None, lead: str | None
) -> None:
    expected: dict[type[model.Entity], str | None] = {
        model.Ticket: ticket,
        model.Deal: deal,
        model.Order: order,
        model.Lead: lead,
    }
    for kind, status in expected.items():
        found = reading(kind, "cases", case(0, pyStatusWork=said))
        asked = () if status else (Unknown(path=f"status.{kind.TYPE}", raw=said),)
        assert (getattr(found.entity, "status", None), found.unknown) == (status or "unknown", asked)


def test_what_an_admin_chose_for_a_status_counts_first_and_for_one_type_alone() -> None:
    chosen = Terms(choices={"status.deal": {"Resolved-Completed": "won", "New": "lost"}})
    assert read(model.Deal, "cases", case(0), chosen).status == model.DealStatus.WON
    assert read(model.Deal, "cases", case(0, pyStatusWork="New"), chosen).status == model.DealStatus.LOST
    assert read(model.Ticket, "cases", case(0, pyStatusWork="New"), chosen).status == model.TicketStatus.NEW


def test_a_case_that_was_opened_again_is_not_solved() -> None:
    assert read(model.Ticket, "cases", case(0, pyStatusWork="Open")).solved_at is None
    assert read(model.Deal, "cases", case(0, pyStatusWork="Open")).closed_at is None


def test_what_a_case_is_the_admin_is_asked_by_its_class() -> None:
    of_cases = [mapping for mapping in MAPPINGS if mapping.stream == "cases"]
    asked = list(undecided(of_cases, case(1), Terms()))
    assert asked == [Unknown(path="pxObjClass", raw=f"{CRM}Opportunity", why=f"{CRM}Opportunity")]
    decided = Terms(choices={"pxObjClass": DECIDED})
    chosen = [[each.type.TYPE for each in of_cases if each.chosen(record, decided)] for record in listed("cases")]
    assert chosen == [["ticket"], ["deal"], ["order"], ["lead"]]


def test_a_party_is_what_its_class_was_decided_to_be() -> None:
    of_parties = [mapping for mapping in MAPPINGS if mapping.stream == "parties"]
    decided = Terms(choices={"pxObjClass": {PERSON: "contact", FIRM: "company", OPERATOR: "owner"}})
    chosen = [[each.type.TYPE for each in of_parties if each.chosen(record, decided)] for record in listed("parties")]
    assert chosen == [["contact"], ["company"], ["owner"], ["contact"], ["owner"]]
    assert [each.raw for each in undecided(of_parties, listed("parties")[0], Terms())] == [PERSON]


def test_a_person() -> None:
    assert read(model.Contact, "parties", listed("parties")[0]) == model.Contact(
        id="C-1001",
        full_name="Ada Prado",
        given_name="Ada",
        family_name="Prado",
        emails=(model.Email(address="ada@norte.example", primary=True),),
        phones=(model.Phone(number="+55 81 5550-0101"),),
        company_name="Açaí Norte",
        custom={"Segment": "Gold"},
    )


def test_a_person_who_is_told_from_others_by_an_address_has_it() -> None:
    bia = read(model.Contact, "parties", listed("parties")[3])
    assert (bia.id, bia.full_name, bia.emails) == (
        "bia@sul.example",
        "Bia Lima",
        (model.Email(address="bia@sul.example", primary=True),),
    )
    assert read(model.Contact, "parties", {"pyWorkPartyUri": "bia@ciclo"}).emails == ()


def test_a_company_and_somebody_of_ours() -> None:
    firm, staff = listed("parties")[1:3]
    assert read(model.Company, "parties", firm) == model.Company(
        id="O-2001", name="Açaí Norte", emails=(model.Email(address="contato@norte.example", primary=True),)
    )
    assert read(model.Owner, "parties", staff) == model.Owner(id="rui@ciclo", name="Rui Costa", email="rui@ciclo.example")


def test_a_post_belongs_to_the_case_in_the_column_that_the_admin_named() -> None:
    at = datetime(2025, 1, 11, 10, tzinfo=UTC)
    own = {**listed("posts")[0], "own": {"About": {"Case": "CICLO-CRM-WORK T-1"}}}
    assert read(model.Activity, "posts", own, Terms(answers={"post_case": "About.Case"})).ticket_id == "CICLO-CRM-WORK T-1"
    assert read(model.Activity, "posts", own, Terms(answers={"post_case": "Case"})).ticket_id is None
    assert read(model.Activity, "posts", listed("posts")[0], Terms(answers={"post_case": "pyPostedIn"})) == model.Activity(
        id="PEGASOCIAL-MESSAGE PM-1",
        kind=model.ActivityKind.NOTE,
        direction=model.Direction.NONE,
        channel="pulse",
        subject="Sent a new power supply",
        occurred_at=at,
        owner_id="rui@ciclo",
        ticket_id="CICLO-CRM-WORK T-32001",
        deal_id="CICLO-CRM-WORK T-32001",
        created_at=at,
    )


def test_a_post_whose_case_nobody_told_belongs_to_none() -> None:
    post = read(model.Activity, "posts", listed("posts")[0])
    assert (post.ticket_id, post.deal_id) == (None, None)


def test_only_what_the_admin_names_is_unread() -> None:
    unread = {
        (mapping.stream, path)
        for mapping in MAPPINGS
        for record in listed(mapping.stream)
        for path in alone(mapping).unread(record)
    }
    assert unread == {("posts", "pyPostedIn")}


@each_mapping
def test_a_record_that_says_nothing_but_its_id_is_read(found: Mapping) -> None:
    assert (found.read({found.id: 17}, Terms()).entity.id, found.read({found.id: 17}, Terms()).unknown) == ("17", ())


@each_mapping
def test_a_record_without_an_id_is_kept_aside(found: Mapping) -> None:
    with pytest.raises(SkipRecord):
        found.read({"pyID": "T-1"}, Terms())


@each_mapping
@unhurried
@given(data=st.data())
def test_any_record_is_read_or_kept_aside(found: Mapping, data: st.DataObject) -> None:
    record = data.draw(disturbed(listed(found.stream)[0]))
    read_or_kept_aside(found, record, Terms(answers={"post_case": "pyPostedIn"}))
