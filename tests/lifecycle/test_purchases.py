"""Which facts are one purchase, when it happened, for how much, and what stands for it."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from hub.lifecycle import Purchase, Rules, lifecycle
from hub.model import Fact
from tests.lifecycle.telling import RULES, fact, moment


def bought(facts: Sequence[Fact], rules: Rules = RULES) -> list[Purchase]:
    return list(lifecycle(facts, rules).purchases)


def spells(facts: Sequence[Fact]) -> list[tuple[str, str]]:
    return [(f"{each.start:%Y-%m-%d}", f"{each.end:%Y-%m-%d}" if each.end else "") for each in lifecycle(facts, RULES).spells]


WON = fact("deal.won", "2024-01-10", "D", system="crm", amount="100", currency="BRL")


def order(when: str, record: str = "O", **more: str) -> Fact:
    return fact("order.paid", when, record, **({"system": "shop", "amount": "60", "currency": "BRL"} | more))


def invoice(when: str, record: str = "I", **more: str) -> Fact:
    return fact("invoice.paid", when, record, **({"system": "billing", "amount": "90", "currency": "BRL"} | more))


def test_an_order_of_a_deal_is_the_same_purchase_at_the_deals_moment_for_the_deals_amount() -> None:
    paid = order("2024-01-20", deal_id="D")
    assert bought([WON, paid]) == [
        Purchase(
            at=moment("2024-01-10"),
            amount=Decimal(100),
            currency="BRL",
            record_id="D",
            system="crm",
            facts=(WON.id, paid.id),
            decided_by=(WON.id,),
            covered_since=None,
        )
    ]


def test_an_order_that_was_paid_before_its_deal_was_won_gives_the_moment() -> None:
    early = order("2024-01-05", deal_id="D")
    (found,) = bought([WON, early])
    assert (found.at, found.decided_by, found.amount) == (moment("2024-01-05"), (early.id,), Decimal(100))


def test_orders_of_one_deal_are_one_purchase_before_it_is_won_too() -> None:
    orders = [order("2024-01-01", deal_id="D"), order("2024-01-05", "P", deal_id="D")]
    assert [(each.at, each.amount) for each in bought(orders)] == [(moment("2024-01-01"), Decimal(120))]
    assert [(each.at, each.amount) for each in bought([*orders, WON])] == [(moment("2024-01-01"), Decimal(100))]


def test_an_order_of_a_deal_that_was_lost_after_all_is_a_purchase_of_its_own() -> None:
    facts = [WON, order("2024-01-20", deal_id="D"), fact("deal.lost", "2024-02-01", "D")]
    assert [(each.at, each.amount) for each in bought(facts)] == [(moment("2024-01-20"), Decimal(60))]


def test_an_invoice_that_names_a_deal_or_an_order_belongs_to_its_purchase_and_makes_none_alone() -> None:
    facts = [
        WON,
        order("2024-03-01"),
        invoice("2024-01-05", deal_id="D"),
        invoice("2024-03-02", "J", order_id="O"),
        invoice("2024-04-01", "K"),
    ]
    assert [(each.at, each.record_id, len(each.facts)) for each in bought(facts)] == [
        (moment("2024-01-10"), "D", 2),
        (moment("2024-03-01"), "O", 2),
    ]
    assert bought([invoice("2024-01-05", deal_id="D", subscription_id="S")]) == []


def test_purchases_without_a_link_stay_two_and_say_who_tells_of_them() -> None:
    assert [(each.system, each.amount) for each in bought([WON, order("2024-01-10")])] == [
        ("crm", Decimal(100)),
        ("shop", Decimal(60)),
    ]


@pytest.mark.parametrize(
    ("source", "system", "amount"),
    [(None, "crm", 100), ("crm", "crm", 100), ("shop", "shop", 120), ("billing", "billing", 90), ("other", "crm", 100)],
)
def test_the_system_that_counts_money_tells_the_amount_where_it_tells_of_the_purchase(
    source: str | None, system: str, amount: int
) -> None:
    facts = [WON, order("2024-01-20", deal_id="D"), order("2024-02-20", "P", deal_id="D"), invoice("2024-01-21", deal_id="D")]
    (found,) = bought(facts, Rules(revenue_source=source))
    assert (found.system, found.amount) == (system, Decimal(amount))


def test_an_amount_in_several_currencies_or_without_a_number_is_unknown() -> None:
    (mixed,) = bought([order("2024-01-01", deal_id="D"), order("2024-01-02", "P", deal_id="D", currency="USD")])
    assert (mixed.amount, mixed.currency) == (None, None)
    assert [each.amount for each in bought([order("2024-01-01", amount="much")])] == [None]


@pytest.mark.parametrize("then", ["deal.lost", "deal.deleted", "deal.reopened"])
def test_a_deal_that_is_not_won_in_the_end_is_no_purchase(then: str) -> None:
    found = lifecycle([WON, fact(then, "2024-02-01", "D")], RULES)
    assert (found.purchases, found.revised_at) == ((), moment("2024-02-01"))


def test_a_deal_that_was_lost_before_it_was_won_is_not_revised() -> None:
    found = lifecycle([fact("deal.lost", "2024-01-01", "D"), fact("deal.reopened", "2024-01-02", "D"), WON], RULES)
    assert ([each.at for each in found.purchases], found.revised_at) == ([moment("2024-01-10")], None)


def test_a_purchase_while_a_subscription_runs_does_not_keep_the_customer_beyond_it() -> None:
    subscribed = [fact("subscription.started", "2024-01-01", "S"), fact("subscription.ended", "2024-02-01", "S")]
    assert spells([*subscribed, order("2024-01-31")]) == [("2024-01-01", "2024-02-01")]
    assert spells([*subscribed, order("2024-02-01")]) == [("2024-01-01", "2024-07-30")]


@pytest.mark.parametrize(("start", "end"), [("2024-02-09", "2024-02-20"), ("2024-02-10", "2024-07-08")])
def test_a_deal_is_covered_by_the_subscription_that_starts_within_thirty_days(start: str, end: str) -> None:
    facts = [WON, fact("subscription.started", start, "S"), fact("subscription.ended", "2024-02-20", "S")]
    assert spells(facts) == [("2024-01-10", end)]
    assert [each.covered for each in bought(facts)] == [start == "2024-02-09"]


@pytest.mark.parametrize(
    "link",
    [
        [fact("subscription.started", "2024-03-20", "S", deal_id="D")],
        [fact("subscription.started", "2024-03-20", "S"), order("2024-01-11", deal_id="D", subscription_id="S")],
        [fact("subscription.started", "2024-03-20", "S"), invoice("2024-01-11", deal_id="D", subscription_id="S")],
    ],
)
def test_a_deal_is_covered_by_the_subscription_that_it_is_linked_with_and_holds_until_that_starts(link: list[Fact]) -> None:
    facts = [WON, *link, fact("subscription.ended", "2024-04-20", "S")]
    assert spells(facts) == [("2024-01-10", "2024-04-20")]
    assert lifecycle(facts, RULES).revised_at is None


def test_a_link_to_a_subscription_that_never_started_covers_nothing() -> None:
    assert spells([order("2024-01-10", subscription_id="S")]) == [("2024-01-10", "2024-07-08")]


def test_an_end_without_a_start_ends_nothing_and_a_subscription_may_start_again() -> None:
    runs = [
        fact(f"subscription.{what}", when, "S")
        for what, when in (("ended", "2024-01-01"), ("started", "2024-02-01"), ("ended", "2024-03-01"))
    ]
    assert spells(runs) == [("2024-02-01", "2024-03-01")]
    assert spells([*runs, fact("subscription.started", "2024-05-01", "S")]) == [("2024-02-01", "2024-03-01"), ("2024-05-01", "")]


def test_an_invoice_covers_a_purchase_only_once_the_order_that_it_names_is_known() -> None:
    ended = [fact("subscription.started", "2023-01-01", "S"), fact("subscription.ended", "2023-02-01", "S")]
    facts = [*ended, WON, invoice("2024-01-15", order_id="O", subscription_id="S"), order("2024-02-01", deal_id="D")]
    assert spells(facts)[1] == ("2024-01-10", "2024-02-01")
    assert spells(facts[:-1])[1] == ("2024-01-10", "2024-07-08")
