"""What ClickUp's tasks mean; every expected value was written by hand."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hub.model import (
    Company,
    Contact,
    Deal,
    DealStatus,
    Email,
    Entity,
    ExternalScore,
    Money,
    Order,
    OrderStatus,
    Owner,
    Phone,
    Ticket,
    TicketPriority,
    TicketStatus,
)
from hub.spec import Mapping, Reading, Terms, Unknown, undecided
from mappings.clickup import MAPPINGS

LISTS = {
    "901500000101": "contact",
    "901500000102": "company",
    "901500000103": "deal",
    "901500000104": "order",
    "901500000105": "ticket",
}
TERMS = Terms(choices={"list.id": LISTS})


def said(**choices: dict[str, str]) -> Terms:
    """What the lists are, and what statuses mean, by kind."""
    return Terms(choices={"list.id": LISTS, **{f"{kind}.status": meanings for kind, meanings in choices.items()}})


def task(key: str) -> dict[str, Any]:
    found = json.loads((Path(__file__).parent / "tasks.json").read_bytes())["tasks"]
    (record,) = (each for each in found if each["id"] == key)
    return dict(record)


def mapping(kind: type[Entity]) -> Mapping:
    (found,) = (mapping for mapping in MAPPINGS if mapping.type is kind)
    return found


def read(kind: type[Entity], record: dict[str, Any], terms: Terms = TERMS) -> Reading:
    return mapping(kind).read(record, terms)


def own(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"id": "1", "custom_fields": [{"name": "F", **each} for each in fields]}


def test_a_customer_with_every_kind_of_field() -> None:
    assert read(Contact, task("86ana0001")) == Reading(
        entity=Contact(
            id="86ana0001",
            created_at=datetime(2025, 2, 3, 13, 0, tzinfo=UTC),
            changed_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
            url="https://app.clickup.com/t/86ana0001",
            custom={
                "Status": "to do",
                "E-mail": "ana.souza@acme.example",
                "Phone": "+55 11 91234-5678",
                "Contact point": "Ana Souza",
                "Acquisition date": "2025-02-04T12:00:00Z",
                "Last contact": "2025-03-19T12:00:00Z",
                "Lifecycle stage": "Client",
                "Lead score": "72",
                "Sales associate": "184",
                "Interests": ["Payroll", "Fiscal"],
                "Newsletter": True,
                "Rating": 4,
                "Onboarding": "40",
                "Address": "Rua das Flores 1, São Paulo",
                "Firm": "86acme001",
            },
            full_name="Ana Souza",
            emails=(Email(address="ana.souza@acme.example", label="E-mail", primary=True),),
            phones=(Phone(number="+55 11 91234-5678", label="Phone", primary=True),),
            owner_id="184",
            tags=("vip",),
            company_ids=("86acme001",),
        )
    )


def test_a_customer_of_whom_only_the_name_is_known() -> None:
    assert read(Contact, task("86nada001")) == Reading(
        entity=Contact(
            id="86nada001",
            created_at=datetime(2025, 2, 3, 13, 0, tzinfo=UTC),
            changed_at=datetime(2025, 2, 3, 13, 0, tzinfo=UTC),
            url="https://app.clickup.com/t/86nada001",
            custom={"Status": "to do"},
            full_name="Sem Nada",
        )
    )


def test_a_company_none_of_whose_addresses_is_the_first() -> None:
    assert read(Company, task("86acme001")) == Reading(
        entity=Company(
            id="86acme001",
            created_at=datetime(2025, 2, 3, 13, 0, tzinfo=UTC),
            changed_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
            url="https://app.clickup.com/t/86acme001",
            custom={
                "Status": "in progress",
                "E-mail": "contato@acme.example",
                "Fiscal e-mail": "fiscal@acme.example",
                "Website": "https://acme.example",
                "Owner": ["183", "184"],
            },
            name="Acme",
            emails=(
                Email(address="contato@acme.example", label="E-mail"),
                Email(address="fiscal@acme.example", label="Fiscal e-mail"),
            ),
        )
    )


def test_a_deal_under_way_with_its_customer_and_its_company() -> None:
    assert read(Deal, task("86deal001")) == Reading(
        entity=Deal(
            id="86deal001",
            created_at=datetime(2025, 2, 10, 12, 0, tzinfo=UTC),
            changed_at=datetime(2025, 3, 5, 18, 30, tzinfo=UTC),
            url="https://app.clickup.com/t/86deal001",
            custom={
                "Value": "12000.50",
                "Customer": ["86ana0001", "86gone001"],
                "Company": "86acme001",
                "Elsewhere": "86idea001",
            },
            name="Acme: 12 seats",
            status=DealStatus.OPEN,
            pipeline_id="901500000103",
            stage_id="in progress",
            amount=Money(amount=Decimal("12000.50"), currency="BRL"),
            expected_close_on="2025-03-31",
            opened_at=datetime(2025, 2, 10, 12, 0, tzinfo=UTC),
            contact_ids=("86ana0001",),
            company_ids=("86acme001",),
            owner_id="183",
        )
    )


def test_a_deal_that_is_done_is_won_or_lost_as_somebody_says() -> None:
    unknown = read(Deal, task("86deal002"))
    assert unknown.unknown == (Unknown(path="deal.status", raw="complete"),)
    assert isinstance(unknown.entity, Deal)
    assert (unknown.entity.status, unknown.entity.closed_at) == (DealStatus.UNKNOWN, None)
    done = datetime(2025, 3, 5, 18, 28, 20, tzinfo=UTC)
    for meaning, won_at, lost_at in (("won", done, None), ("lost", None, done)):
        reading = read(Deal, task("86deal002"), said(deal={"complete": meaning}))
        assert reading.unknown == ()
        assert isinstance(reading.entity, Deal)
        ends = (reading.entity.status, reading.entity.closed_at, reading.entity.won_at, reading.entity.lost_at)
        assert ends == (DealStatus(meaning), done, won_at, lost_at)


@pytest.mark.parametrize(
    ("status", "type_", "stands"),
    [
        ("to do", "open", DealStatus.OPEN),
        ("next quarter", "unstarted", DealStatus.OPEN),
        ("negotiation", "custom", DealStatus.OPEN),
        ("Won", "done", DealStatus.WON),
        ("LOST", "custom", DealStatus.LOST),
        ("complete", "done", DealStatus.UNKNOWN),
        ("complete", "closed", DealStatus.UNKNOWN),
        ("in a new phase", "a new type", DealStatus.UNKNOWN),
        ("in a new phase", None, DealStatus.UNKNOWN),
        (None, "open", None),
    ],
)
def test_how_a_deal_stands(status: str | None, type_: str | None, stands: DealStatus | None) -> None:
    deal = read(Deal, {"id": "1", "status": {"status": status, "type": type_}}).entity
    assert isinstance(deal, Deal)
    assert deal.status == stands


def test_a_deal_that_is_called_lost_has_its_end_only_when_its_task_is_done() -> None:
    ends = {}
    for type_ in ("custom", "done"):
        record = {"id": "1", "status": {"status": "lost", "type": type_}, "date_done": "1741199400000"}
        deal = read(Deal, record).entity
        assert isinstance(deal, Deal)
        ends[type_] = (deal.status, deal.closed_at, deal.lost_at, deal.won_at)
    done = datetime(2025, 3, 5, 18, 30, tzinfo=UTC)
    assert ends == {"custom": (DealStatus.LOST, None, None, None), "done": (DealStatus.LOST, done, done, None)}


def test_a_status_that_is_called_deleted_or_unknown_is_asked_about() -> None:
    asked = [read(Deal, {"id": "1", "status": {"status": word, "type": "done"}}).unknown for word in ("deleted", "unknown")]
    assert asked == [(Unknown(path="deal.status", raw=word),) for word in ("deleted", "unknown")]


def test_what_somebody_said_of_a_status_counts_before_what_it_is_called() -> None:
    deal = read(Deal, {"id": "1", "status": {"status": "won", "type": "done"}}, said(deal={"won": "lost"})).entity
    assert isinstance(deal, Deal)
    assert deal.status == DealStatus.LOST


def test_the_same_status_may_mean_different_things_of_deals_orders_and_tickets() -> None:
    terms = said(deal={"complete": "won"}, order={"complete": "paid"}, ticket={"complete": "solved"})
    record = {"id": "1", "status": {"status": "complete", "type": "closed"}}
    stands = [read(kind, record, terms).entity for kind in (Deal, Order, Ticket)]
    assert [getattr(each, "status", None) for each in stands] == [DealStatus.WON, OrderStatus.PAID, TicketStatus.SOLVED]


def test_of_several_money_fields_none_is_the_amount_by_itself() -> None:
    deal = read(Deal, task("86deal002")).entity
    assert isinstance(deal, Deal)
    assert deal.amount is None
    assert deal.custom == {"Value": 500, "Cost": 100}


@pytest.mark.parametrize(
    ("config", "answers", "currency"),
    [
        ({"currency_type": "eur"}, {"currency": "BRL"}, "EUR"),
        ({}, {"currency": "brl"}, "BRL"),
        (None, {}, None),
    ],
)
def test_money_is_in_the_currency_of_its_field(config: Any, answers: dict[str, str], currency: str | None) -> None:
    record = own({"type": "currency", "type_config": config, "value": "7"}, {"name": "Empty", "type": "currency", "value": None})
    deal = read(Deal, record, Terms(answers=answers)).entity
    assert isinstance(deal, Deal)
    assert deal.amount == Money(amount=Decimal(7), currency=currency)


def test_money_that_is_no_number_is_counted_and_left_out() -> None:
    reading = read(Deal, own({"type": "currency", "value": "a lot"}))
    assert isinstance(reading.entity, Deal)
    assert reading.entity.amount is None
    assert reading.unknown == (Unknown(path="custom_fields", raw=None, why="not a number"),)


def test_an_order_that_was_delivered() -> None:
    assert read(Order, task("86ord0001"), said(order={"delivered": "paid"})) == Reading(
        entity=Order(
            id="86ord0001",
            created_at=datetime(2025, 3, 15, 0, 53, 20, tzinfo=UTC),
            changed_at=datetime(2025, 3, 16, 4, 40, tzinfo=UTC),
            url="https://app.clickup.com/t/86ord0001",
            custom={"Total": 90, "E-mail": "ana.souza@acme.example", "Customer": "86ana0001", "Deal": "86deal001"},
            number="ORD-7",
            status=OrderStatus.PAID,
            total=Money(amount=Decimal(90), currency="EUR"),
            placed_at=datetime(2025, 3, 15, 0, 53, 20, tzinfo=UTC),
            fulfilled_at=datetime(2025, 3, 16, 4, 40, tzinfo=UTC),
            deal_id="86deal001",
            email="ana.souza@acme.example",
            contact_ids=("86ana0001",),
        )
    )


@pytest.mark.parametrize(
    ("meaning", "type_", "fulfilled"),
    [
        ("paid", "done", "2025-03-16"),
        ("paid", "closed", "2025-03-16"),
        ("pending", "done", "2025-03-16"),
        ("paid", "custom", None),
        ("cancelled", "closed", None),
        ("refunded", "closed", None),
        ("expired", "closed", None),
        (None, "done", None),
    ],
)
def test_an_order_is_fulfilled_when_its_task_is_done_and_it_came_to_something(
    meaning: str | None, type_: str, fulfilled: str | None
) -> None:
    record = task("86ord0001")
    record["status"] = {**record["status"], "type": type_}
    order = read(Order, record, said(order={"delivered": meaning} if meaning else {})).entity
    assert isinstance(order, Order)
    assert (order.fulfilled_at and f"{order.fulfilled_at:%Y-%m-%d}") == fulfilled


def test_whether_an_order_is_paid_is_asked_unless_its_status_says_so() -> None:
    record = {"id": "1", "status": {"status": "to do", "type": "open"}}
    assert read(Order, record).unknown == (Unknown(path="order.status", raw="to do"),)
    order = read(Order, {"id": "1", "status": {"status": "Paid", "type": "custom"}}).entity
    assert isinstance(order, Order)
    assert (order.number, order.status) == ("1", OrderStatus.PAID)


def test_a_ticket() -> None:
    assert read(Ticket, task("86tick001")) == Reading(
        entity=Ticket(
            id="86tick001",
            created_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
            changed_at=datetime(2025, 3, 20, 11, 0, tzinfo=UTC),
            url="https://app.clickup.com/t/86tick001",
            custom={"Customer": "86ana0001"},
            subject="Cannot sign in",
            status=TicketStatus.OPEN,
            priority=TicketPriority.HIGH,
            opened_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
            requester_ids=("86ana0001",),
            assignee_id="184",
            tags=("login",),
        )
    )


@pytest.mark.parametrize(
    ("type_", "stands", "solved"),
    [
        ("open", TicketStatus.NEW, None),
        ("unstarted", TicketStatus.NEW, None),
        ("custom", TicketStatus.OPEN, None),
        ("done", TicketStatus.SOLVED, datetime(2025, 3, 21, 10, 0, tzinfo=UTC)),
        ("closed", TicketStatus.CLOSED, datetime(2025, 3, 21, 10, 0, tzinfo=UTC)),
    ],
)
def test_how_a_ticket_stands_is_told_by_the_type_of_its_status(type_: str, stands: TicketStatus, solved: datetime | None) -> None:
    record = {**task("86tick002"), "status": {"status": "whatever", "type": type_}}
    ticket = read(Ticket, record).entity
    assert isinstance(ticket, Ticket)
    assert (ticket.status, ticket.solved_at) == (stands, solved)


def test_when_a_task_was_closed_counts_where_nothing_says_when_it_was_done() -> None:
    ticket = read(Ticket, {**task("86tick002"), "date_done": None, "date_closed": "1742554800000"}).entity
    assert isinstance(ticket, Ticket)
    assert ticket.solved_at == datetime(2025, 3, 21, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("priority", "urgency"),
    [
        ({"id": "1", "priority": "urgent"}, TicketPriority.URGENT),
        ({"id": "3", "priority": "normal"}, TicketPriority.NORMAL),
        ({"id": "4", "priority": "low"}, TicketPriority.LOW),
        ({"id": "5", "priority": "someday"}, TicketPriority.UNKNOWN),
        (None, None),
    ],
)
def test_how_urgent_a_ticket_is(priority: Any, urgency: TicketPriority | None) -> None:
    ticket = read(Ticket, {"id": "1", "priority": priority}).entity
    assert isinstance(ticket, Ticket)
    assert ticket.priority == urgency


def test_only_lists_of_which_somebody_said_what_they_hold_lead_to_customers() -> None:
    for kinds, contacts, companies in (
        ({}, (), ()),
        ({"901500000101": "company"}, (), ("86ana0001",)),
        ({"901500000101": "contact", "901500000102": "nothing"}, ("86ana0001",), ()),
    ):
        deal = read(Deal, task("86deal001"), Terms(choices={"list.id": kinds})).entity
        assert isinstance(deal, Deal)
        assert (deal.contact_ids, deal.company_ids) == (contacts, companies)


OPTIONS = {"options": [{"id": "x-1", "name": "One", "orderindex": 0}, {"id": "x-2", "label": "Two", "orderindex": 1}]}


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ({"type": "drop_down", "type_config": OPTIONS, "value": 0}, "One"),
        ({"type": "drop_down", "type_config": OPTIONS, "value": "1"}, "Two"),
        ({"type": "drop_down", "type_config": OPTIONS, "value": "x-2"}, "Two"),
        ({"type": "drop_down", "type_config": OPTIONS, "value": 7}, 7),
        ({"type": "drop_down", "value": 0}, 0),
        ({"type": "labels", "type_config": OPTIONS, "value": ["x-2", "x-9"]}, ["Two", "x-9"]),
        ({"type": "labels", "type_config": OPTIONS, "value": "x-1"}, "One"),
        ({"type": "date", "value": 1742464800000}, "2025-03-20T10:00:00Z"),
        ({"type": "date", "value": "soon"}, "soon"),
        ({"type": "checkbox", "value": "false"}, False),
        ({"type": "checkbox", "value": "perhaps"}, "perhaps"),
        ({"type": "users", "value": [{"id": 183}]}, "183"),
        ({"type": "users", "value": [{"id": 183}, {"id": None}, {"id": 184}]}, ["183", "184"]),
        ({"type": "users", "value": 183}, 183),
        ({"type": "tasks", "value": [{"id": "86idea001", "name": "An idea"}]}, "86idea001"),
        ({"type": "location", "value": {"formatted_address": "Rua 1"}}, "Rua 1"),
        ({"type": "location", "value": "Rua 1"}, "Rua 1"),
        ({"type": "number", "value": 0}, 0),
        ({"type": "of a new type", "value": {"a": 1}}, {"a": 1}),
        ({"type": None, "value": "x"}, "x"),
    ],
)
def test_own_fields_are_kept_as_people_see_them(field: dict[str, Any], shown: Any) -> None:
    assert read(Contact, own(field)).entity.custom == {"F": shown}


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_own_fields_that_hold_nothing_are_left_out(value: Any) -> None:
    assert read(Contact, own({"type": "text", "value": value}, {"name": "G", "type": "text"})).entity.custom == {}


def test_of_two_own_fields_of_one_name_the_first_counts_and_one_without_a_name_goes_by_its_id() -> None:
    record = own({"value": "a"}, {"value": "b"}, {"name": None, "id": "f-3", "value": "c"}, {"name": "Status", "value": "mine"})
    record["status"] = {"status": "to do", "type": "open"}
    assert read(Contact, record).entity.custom == {"F": "a", "f-3": "c", "Status": "mine"}
    assert read(Ticket, record).entity.custom == {"F": "a", "f-3": "c", "Status": "mine"}
    assert read(Ticket, {**record, "custom_fields": None}).entity.custom == {}


def test_a_task_is_what_somebody_said_of_its_list_and_until_then_nothing() -> None:
    record = task("86deal001")
    chosen = [each.type.TYPE for each in MAPPINGS if each.stream == "tasks" and each.chosen(record, TERMS)]
    assert chosen == ["deal"]
    assert [each.type.TYPE for each in MAPPINGS if each.stream == "tasks" and each.chosen(record, Terms())] == []
    mine = [each for each in MAPPINGS if each.stream == "tasks"]
    assert list(undecided(mine, record, Terms())) == [Unknown(path="list.id", raw="901500000103", why="Pipeline")]
    assert list(undecided(mine, record, TERMS)) == []


def proposed(kind: type[Entity], *names: str) -> list[str | None]:
    there = {path.casefold(): ours for path, ours in mapping(kind).proposes.items()}
    return [there.get(f"custom.{name}".casefold()) for name in names]


def test_seven_of_the_eight_fields_of_a_customer_database_are_proposed() -> None:
    named = ("Customer name", "Contact point", "E-mail", "Acquisition date", "Last contact", "Lifecycle stage", "Lead score")
    ours = ["emails", "created_at", None, "asserted_stage", "scores"]
    assert proposed(Contact, *named, "Owner") == ["full_name", "full_name", *ours, "owner_id"]
    assert proposed(Company, *named, "Owner") == ["name", None, *ours, "owner_id"]
    assert proposed(Contact, "Cliente", "Ponto de contato", "Responsável") == ["full_name", "full_name", "owner_id"]
    assert proposed(Contact, "Data de aquisição", "Estágio", "Pontuação") == ["created_at", "asserted_stage", "scores"]


def test_fields_of_sales_orders_and_tickets_are_proposed_too() -> None:
    assert proposed(Deal, "Expected close", "Loss reason", "Probability") == ["expected_close_on", "lost_reason", "probability"]
    assert proposed(Order, "Paid on", "E-mail") == ["paid_at", "email"]
    assert proposed(Ticket, "Category", "Channel", "Product") == ["category", "channel", "product"]


def test_no_amount_is_proposed_for_it_would_lose_the_currency_of_its_field() -> None:
    proposals = {ours for each in MAPPINGS for ours in each.proposes.values()}
    assert not {"amount", "total"} & proposals


def test_proposals_that_were_taken_are_read_from_what_people_see() -> None:
    taken = shown(dict(mapping(Contact).proposes))
    contact = read(Contact, task("86ana0001"), Terms(choices={"list.id": LISTS}, fields={"contact": taken})).entity
    assert isinstance(contact, Contact)
    assert contact.created_at == datetime(2025, 2, 4, 12, 0, tzinfo=UTC)
    assert (contact.full_name, contact.asserted_stage, contact.owner_id) == ("Ana Souza", "Client", "184")
    assert contact.scores == (ExternalScore(name="Lead score", value=Decimal(72)),)
    assert [email.address for email in contact.emails] == ["ana.souza@acme.example"]
    assert [phone.number for phone in contact.phones] == ["+55 11 91234-5678"]


def shown(taken: dict[str, str]) -> dict[str, str]:
    """The proposals by the names that the fields have in the recording, as the mapping page takes them."""
    names = [each["name"] for each in task("86ana0001")["custom_fields"]]
    return {f"custom.{name}": taken[path] for name in names if (path := f"custom.{name}".casefold()) in taken}


def test_a_member_looks_after_customers() -> None:
    (_, davi) = json.loads((Path(__file__).parent / "teams.json").read_bytes())["teams"][0]["members"]
    assert read(Owner, davi) == Reading(entity=Owner(id="184", name="Davi Reis", email="davi@ciclo.example"))
