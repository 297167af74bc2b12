"""What Flowlu's records tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

from tests.connectors.flowlu.test_flowlu_mapping import TERMS, listed
from tests.connectors.telling import facts, ours, tell

CAPTURED: tuple[str, str, dict[str, str]] = ("lead.captured", "2024-06-01T08:00:00Z", {})


def test_an_opportunity_captures_its_person_and_is_open() -> None:
    opened = {"amount": "1200.50", "currency": "BRL"}
    assert tell("flowlu", "leads", listed("leads")[0], terms=TERMS) == [
        ("deal.opened", "2024-06-01T08:00:00Z", opened),
        CAPTURED,
    ]


def test_a_deal_that_was_won_was_won_on_the_day_of_its_closing() -> None:
    worth = {"amount": "300", "currency": "BRL"}
    told = tell("flowlu", "leads", listed("leads")[1], terms=TERMS)
    assert [fact for fact in told if fact[0] in ("deal.won", "deal.lost")] == [("deal.won", "2024-07-15T00:00:00Z day", worth)]


def test_a_deal_that_was_lost_is_not_open_and_says_why() -> None:
    told = tell("flowlu", "leads", listed("leads")[2], terms=TERMS)
    assert [fact for fact in told if fact[0] in ("deal.won", "deal.lost")] == [
        ("deal.lost", "2024-08-01T12:30:00Z", {"reason": "Competitor"})
    ]


def test_an_invoice_is_paid_once_and_its_payment_tells_no_money_again() -> None:
    money = {"amount": "300.00", "currency": "USD", "deal_id": ours("deal", "202")}
    (fact,) = facts("flowlu", "invoices", listed("invoices")[0], terms=TERMS)
    assert (fact.type, fact.company_id) == ("invoice.paid", ours("company", "18"))
    ((kind, moment, attrs),) = tell("flowlu", "invoices", listed("invoices")[0], terms=TERMS)
    assert (kind, moment) == ("invoice.paid", "2024-08-10T11:00:00Z")
    assert attrs == money
    assert tell("flowlu", "payments", listed("payments")[0], terms=TERMS) == []


def test_without_a_word_about_its_status_no_invoice_is_paid() -> None:
    assert tell("flowlu", "invoices", listed("invoices")[0]) == []


def test_a_task_moves_nobody() -> None:
    assert tell("flowlu", "tasks", listed("tasks")[0], terms=TERMS) == []
