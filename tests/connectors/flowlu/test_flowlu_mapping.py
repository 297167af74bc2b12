"""What Flowlu's recorded records are read as (README.md beside this file); the expected values are written by hand."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.flowlu import CONNECTOR
from hub import model
from hub.spec import Mapping, Reading, Record, Terms, Unknown, accounted
from hub.unify.keys import keys
from mappings.flowlu import MAPPINGS
from tests.connectors.anything import disturbed, read_or_kept_aside, unhurried
from tests.connectors.places import answered

REASONS = {"loss_reasons": {"4 Price": "lost", "5 Competitor": "lost"}, "1": {"11": "open", "12": "open"}}
TERMS = Terms(answers={"currency": "brl"}, choices={"status_id": {"3": "paid", "2": "open"}}, pipelines=REASONS)
UUID = "uuid"
each_mapping = pytest.mark.parametrize("found", MAPPINGS, ids=lambda found: found.type.TYPE + " of " + found.stream)


def at(day: int, hour: int, month: int = 6, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2024, month, day, hour, minute, second, tzinfo=UTC)


def listed(stream: str) -> list[Record]:
    """The recorded records, with what the connector looks up for each."""
    folder = Path(__file__).parent
    found = answered(CONNECTOR.stream(stream), json.loads((folder / f"{stream}.json").read_bytes()))
    for lookup in CONNECTOR.stream(stream).also:
        looked_up = lookup.read(json.loads((folder / "pipeline_stages.json").read_bytes()))
        found = [{**each, lookup.into: looked_up.get(str(each["id"]))} for each in found]
    return found


def mapping(kind: type[model.Entity], stream: str) -> Mapping:
    (found,) = (mapping for mapping in MAPPINGS if mapping.type is kind and mapping.stream == stream)
    return found


def reading(kind: type[model.Entity], stream: str, record: Record, terms: Terms = TERMS) -> Reading:
    return mapping(kind, stream).read(record, terms)


def read(kind: type[model.Entity], stream: str, record: Record, terms: Terms = TERMS) -> Any:
    found = reading(kind, stream, record, terms)
    assert found.unknown == ()
    return found.entity


def test_an_account_is_a_person_or_an_organization_and_of_another_kind_neither() -> None:
    kinds: list[object] = [2, "2", 1, "1", None, "", 3, "7"]
    people = [mapping(model.Contact, "accounts").applies({"id": 1, "type": kind}) for kind in kinds]
    firms = [mapping(model.Company, "accounts").applies({"id": 1, "type": kind}) for kind in kinds]
    assert people == [True, True, False, False, False, False, False, False]
    assert firms == [False, False, True, True, False, False, False, False]
    assert not mapping(model.Contact, "accounts").applies({"id": 1})


def test_a_person() -> None:
    assert read(model.Contact, "accounts", listed("accounts")[0]) == model.Contact(
        id="17",
        full_name="Ana Maria Souza",
        given_name="Ana",
        family_name="Souza",
        emails=(
            model.Email(address="ana@norte.example", primary=True),
            model.Email(address="ana@casa.example"),
        ),
        phones=(
            model.Phone(number="+55 81 5550-0100", primary=True),
            model.Phone(number="+55 81 95550-0101"),
        ),
        time_zone="America/Recife",
        city="Recife",
        country="BR",
        owner_id="3",
        custom={"active": 1, "account_category_id": 2, "honorific_title_id": 4, "cf_1": "VIP"},
        created_at=at(1, 10, month=5),
        changed_at=at(2, 9, month=5),
    )


def test_an_organization_of_which_numbers_are_text() -> None:
    assert read(model.Company, "accounts", listed("accounts")[1]) == model.Company(
        id="18",
        name="Açaí Norte",
        legal_name="Açaí Norte Ltda.",
        tax_id="11.222.333/0001-81",
        website="https://www.norte.example/sobre",
        emails=(model.Email(address="contato@norte.example", primary=True),),
        employee_count=40,
        owner_id="3",
        custom={"active": 1, "industry_id": 5},
        created_at=at(1, 10, month=5),
        changed_at=at(1, 10, month=5),
    )


def test_an_organization_is_recognised_by_the_domain_of_its_website_and_by_its_tax_number() -> None:
    found = keys(read(model.Company, "accounts", listed("accounts")[1]), "flowlu", "flowlu-1")
    assert {"domain:norte.example", "tax:cnpj:11222333000181"} <= found


def test_a_single_organization_has_its_tax_number_in_small_letters() -> None:
    listed_so = listed("accounts")[1]
    single = {("vat" if name == "VAT" else name): said for name, said in listed_so.items()}
    assert read(model.Company, "accounts", single) == read(model.Company, "accounts", listed_so)


def test_a_merged_account_says_into_which_it_went() -> None:
    assert read(model.Contact, "accounts", listed("accounts")[2]).merged_into == "17"
    assert read(model.Contact, "accounts", {**listed("accounts")[0], "merged_to": "0"}).merged_into is None


def test_an_open_deal() -> None:
    assert read(model.Deal, "leads", listed("leads")[0]) == model.Deal(
        id="201",
        name="Plano anual",
        status=model.DealStatus.OPEN,
        pipeline_id="1",
        stage_id="11",
        amount=model.Money(amount=Decimal("1200.50"), currency="BRL"),
        expected_close_on="2024-09-30",
        opened_at=at(1, 8),
        contact_ids=("17", "18"),
        company_ids=("18",),
        owner_id="3",
        custom={"source_id": 6, "cf_3": "BR"},
        created_at=at(1, 8),
        changed_at=at(2, 8),
    )


def test_a_deal_that_was_won_on_a_day() -> None:
    won = datetime(2024, 7, 15, tzinfo=UTC)
    assert read(model.Deal, "leads", listed("leads")[1]) == model.Deal(
        id="202",
        name="Expansão",
        status=model.DealStatus.WON,
        pipeline_id="1",
        stage_id="12",
        amount=model.Money(amount=Decimal(300), currency="BRL"),
        opened_at=at(1, 8),
        closed_at=won,
        won_at=won,
        days=("closed_at", "won_at"),
        contact_ids=("18",),
        company_ids=("18",),
        created_at=at(1, 8),
        changed_at=at(15, 17, month=7),
    )


def test_a_deal_that_was_lost_for_a_reason() -> None:
    lost = at(1, 12, month=8, minute=30)
    assert read(model.Deal, "leads", listed("leads")[2]) == model.Deal(
        id="203",
        name="Projeto",
        status=model.DealStatus.LOST,
        pipeline_id="2",
        stage_id="21",
        opened_at=at(3, 8),
        closed_at=lost,
        lost_at=lost,
        lost_reason="Competitor",
        contact_ids=("17",),
        owner_id="3",
        custom={"closing_comment": "Bought elsewhere"},
        created_at=at(3, 8),
        changed_at=lost,
    )


def test_a_reason_that_is_not_in_the_list_is_told_by_the_comment_and_only_of_what_is_lost() -> None:
    lost = listed("leads")[2]
    assert read(model.Deal, "leads", {**lost, "closing_status_id": 55}).lost_reason == "Bought elsewhere"
    assert read(model.Deal, "leads", {**lost, "closing_status_id": None}).lost_reason == "Bought elsewhere"
    assert read(model.Deal, "leads", {**lost, "closing_status_id": "4"}).lost_reason == "Price"
    reopened = read(model.Deal, "leads", {**lost, "active": 1})
    assert (reopened.lost_reason, reopened.closed_at, reopened.lost_at) == (None, None, None)


@pytest.mark.parametrize(
    ("zone", "said", "found"),
    [
        ("America/Sao_Paulo", "2024-06-01 08:00:00", at(1, 11)),
        ("America/Sao_Paulo", "2024-06-01 22:30:00", at(2, 1, minute=30)),
        ("Asia/Tokyo", "2024-06-01 08:00:00", datetime(2024, 5, 31, 23, tzinfo=UTC)),
        ("Europe/Lisbon", "2024-12-01 08:00:00", at(1, 8, month=12)),
        ("Europe/Lisbon", "2024-06-01 08:00:00", at(1, 7)),
        (None, "2024-06-01 08:00:00", at(1, 8)),
        ("", "2024-06-01 08:00:00", at(1, 8)),
        ("Asia/Tokyo", "2024-06-01", at(1, 0)),
    ],
)
def test_times_are_those_of_the_portals_clock_and_a_day_stays_that_day(zone: str | None, said: str, found: datetime) -> None:
    terms = Terms(answers={} if zone is None else {"time_zone": zone}, choices=TERMS.choices)
    lead = {"id": 1, "active": 3, "created_date": said, "updated_date": said, "closing_date": said}
    deal = read(model.Deal, "leads", lead, terms)
    assert {deal.created_at, deal.changed_at, deal.opened_at, deal.closed_at, deal.won_at} == {found}
    assert read(model.Lead, "leads", lead, terms).captured_at == found
    invoice = {"id": 1, "status_id": 3, "invoice_date": said, "due_date": said, "paid_date": said}
    billed = read(model.Invoice, "invoices", invoice, terms)
    assert {billed.issued_at, billed.due_at, billed.paid_at} == {found}
    assert read(model.Activity, "tasks", {"id": 1, "closed_date": said}, terms).occurred_at == found


@pytest.mark.parametrize(("zone", "said"), [("America/Nowhere", "2024-06-01 08:00:00"), ("Asia/Tokyo", "0001-01-01 00:00:00")])
def test_a_time_that_is_none_in_its_zone_is_left_out_and_counted(zone: str, said: str) -> None:
    found = reading(model.Payment, "payments", {"id": 1, "created_date": said}, Terms(answers={"time_zone": zone}))
    assert found.unknown == (Unknown(path="created_date", raw=None, why="not a moment of a time zone"),)
    assert found.entity.created_at is None


def test_a_state_that_the_documentation_does_not_know_is_asked_about() -> None:
    found = reading(model.Deal, "leads", {**listed("leads")[1], "active": "4"})
    assert found.unknown == (Unknown(path="active", raw="4"),)
    assert isinstance(found.entity, model.Deal)
    assert (found.entity.status, found.entity.closed_at, found.entity.days) == (model.DealStatus.UNKNOWN, None, ())


def test_whom_an_opportunity_is_about_was_captured_with_it() -> None:
    assert read(model.Lead, "leads", listed("leads")[0]) == model.Lead(
        id="201",
        contact_id="17",
        company_id="18",
        deal_id="201",
        captured_at=at(1, 8),
        created_at=at(1, 8),
        changed_at=at(2, 8),
    )
    assert read(model.Lead, "leads", listed("leads")[1]).contact_id == "18"
    older = {**listed("leads")[1], "customer_id": None, "company_id": 20}
    assert (read(model.Lead, "leads", older).company_id, read(model.Deal, "leads", older).company_ids) == ("20", ("20",))


def test_a_pipeline_with_its_stages_all_of_which_are_open() -> None:
    sales, old = (read(model.Pipeline, "pipelines", each) for each in listed("pipelines"))
    assert sales == model.Pipeline(
        id="1",
        name="Sales",
        kind=model.PipelineKind.SALES,
        stages=(
            model.PipelineStage(id="11", name="Contact", category="open"),
            model.PipelineStage(id="12", name="Offer", category="open"),
        ),
    )
    assert old.stages == ()


def test_the_reasons_of_losses() -> None:
    assert read(model.Pipeline, "loss_reasons", listed("loss_reasons")[0]) == model.Pipeline(
        id="loss_reasons",
        name="Loss reasons",
        kind=model.PipelineKind.SALES,
        stages=(
            model.PipelineStage(id="4 Price", name="Price", category="lost"),
            model.PipelineStage(id="5 Competitor", name="Competitor", category="lost"),
        ),
    )


def test_an_invoice_that_was_paid() -> None:
    assert read(model.Invoice, "invoices", listed("invoices")[0]) == model.Invoice(
        id="301",
        number="F-7",
        status=model.InvoiceStatus.PAID,
        total=model.Money(amount=Decimal("300.00"), currency="USD"),
        issued_at=datetime(2024, 7, 16, tzinfo=UTC),
        due_at=datetime(2024, 8, 16, tzinfo=UTC),
        paid_at=at(10, 11, month=8),
        days=("issued_at", "due_at"),
        deal_id="202",
        contact_ids=("18",),
        company_ids=("18",),
        custom={"type": 1, "sub_total": "300.00", "tax_total": 0},
        created_at=at(16, 9, month=7),
        changed_at=at(10, 11, month=8, second=1),
    )


def test_an_invoice_that_is_not_paid_whatever_date_it_has() -> None:
    assert read(model.Invoice, "invoices", listed("invoices")[1]) == model.Invoice(
        id="302",
        number="8",
        status=model.InvoiceStatus.OPEN,
        total=model.Money(amount=Decimal(80), currency="BRL"),
        issued_at=datetime(2024, 9, 1, tzinfo=UTC),
        days=("issued_at",),
        contact_ids=("17",),
        company_ids=("17",),
        custom={"type": 1, "sub_total": 80, "tax_total": 0},
        created_at=at(1, 9, month=9),
        changed_at=at(5, 9, month=9),
    )


def test_what_a_status_of_an_invoice_means_is_asked() -> None:
    found = reading(model.Invoice, "invoices", listed("invoices")[0], Terms())
    assert found.unknown == (Unknown(path="status_id", raw="3"),)
    assert isinstance(found.entity, model.Invoice)
    assert (found.entity.status, found.entity.paid_at, found.entity.days) == (
        *(model.InvoiceStatus.UNKNOWN, None),
        ("issued_at", "due_at"),
    )


def test_a_template_of_invoices_is_none() -> None:
    assert [mapping(model.Invoice, "invoices").applies(each) for each in listed("invoices")] == [True, True, False]


def test_a_payment_is_shown_and_its_money_left_to_the_invoice() -> None:
    assert read(model.Payment, "payments", listed("payments")[0]) == model.Payment(
        id="401",
        amount=model.Money(amount=Decimal("300.00"), currency="BRL"),
        contact_ids=("18",),
        company_ids=("18",),
        custom={
            "name": "Payment of F-7",
            "date": "2024-08-10",
            "is_complete": 1,
            "complete_date": "2024-08-10",
            "currency_id": 2,
            "status": 1,
            "type": 1,
            "reference": "wire",
        },
        created_at=at(10, 11, month=8),
        changed_at=at(10, 11, month=8),
    )


def test_a_task_was_done_when_it_was_closed_and_an_open_one_counts_from_when_it_was_made() -> None:
    done, waiting, _ = (read(model.Activity, "tasks", each) for each in listed("tasks"))
    assert done == model.Activity(
        id="501",
        kind=model.ActivityKind.TASK,
        direction=model.Direction.NONE,
        subject="Call Ana",
        occurred_at=at(19, 15),
        deal_id="201",
        owner_id="3",
        contact_ids=("17",),
        company_ids=("17",),
        custom={"deadline": "2024-06-20 18:00:00", "priority": 3, "workflow_stage_id": 4, "type": 1, "is_archive": "0"},
        created_at=at(10, 9),
        changed_at=at(19, 15, second=1),
    )
    assert (waiting.occurred_at, waiting.deal_id, waiting.contact_ids) == (at(11, 9), None, ())


def test_owners() -> None:
    carla, davi = (read(model.Owner, "owners", each) for each in listed("owners"))
    assert carla == model.Owner(id="3", name="Carla Dias", email="carla@acme.example")
    assert davi == model.Owner(id="12", name="Davi")


@each_mapping
@unhurried
@given(data=st.data())
def test_any_record_is_read_or_kept_aside(found: Mapping, data: st.DataObject) -> None:
    read_or_kept_aside(found, data.draw(disturbed(listed(found.stream)[0])), TERMS)


@pytest.mark.parametrize("found", [each for each in MAPPINGS if each.id == "id"], ids=lambda found: found.type.TYPE)
def test_a_record_that_says_nothing_but_its_id_is_read(found: Mapping) -> None:
    said = found.read({"id": 5}, Terms())
    assert (said.entity.id, said.unknown) == ("5", ())


@pytest.mark.parametrize("stream", sorted({found.stream for found in MAPPINGS}))
def test_every_field_of_a_record_is_read_or_knowingly_left(stream: str) -> None:
    known = accounted([found for found in MAPPINGS if found.stream == stream])
    assert [known.unread(record) for record in listed(stream)] == [set() for _ in listed(stream)]
