"""The stories of the specification that are about one customer's facts, with the intervals as they are printed there."""

from decimal import Decimal
from itertools import permutations

import pytest

from hub.lifecycle import Rules, at, known, lifecycle, presale
from hub.model import Fact
from tests.lifecycle.telling import RULES, days, fact, moment, seen, told

HUBSPOT = [
    fact("lead.captured", "2025-02-03T13"),
    fact("deal.opened", "2025-02-10T12", "D1"),
    fact("deal.won", "2025-03-05T18:30", "D1", amount="12000", currency="BRL"),
]
ZENDESK = [fact("ticket.opened", "2025-03-20T10"), fact("survey.responded", "2025-03-22T10", kind="csat", label="good")]


def test_two_records_of_one_person_are_a_customer_and_somebody_with_a_question_while_they_are_apart() -> None:
    assert told(seen(HUBSPOT, "2025-03-25"))[-1] == "conversion(1) 2025-03-05T18:30"
    assert told(seen(ZENDESK, "2025-03-25")) == ["acquisition(1) 2025-03-20T10:00"]
    assert presale(lifecycle(ZENDESK, RULES), moment("2025-03-20T10")) is True


def test_two_records_of_one_person_are_one_customer_once_they_are_together() -> None:
    facts = HUBSPOT + ZENDESK
    assert told(seen(facts, "2025-03-25")) == [
        "acquisition(1) 2025-02-03T13:00 2025-03-05T18:30",
        "conversion(1) 2025-03-05T18:30",
    ]
    assert told(seen(facts, "2025-04-10"))[-1] == "retention(1) 2025-04-04T18:30"
    assert presale(lifecycle(facts, RULES), moment("2025-03-20T10")) is False
    assert [(each.amount, each.currency) for each in lifecycle(facts, RULES).purchases] == [(Decimal(12000), "BRL")]


SOLD = [
    fact("deal.opened", "2025-01-06T12", "X"),
    fact("deal.won", "2025-01-20T15", "X", amount="9000", currency="BRL"),
]
REOPENED = [*SOLD, fact("deal.reopened", "2025-02-03T09", "X")]
LOST = [*REOPENED, fact("deal.lost", "2025-02-17T16", "X")]


def amounts(facts: list[Fact]) -> list[Decimal | None]:
    return [each.amount for each in lifecycle(facts, RULES).purchases]


def test_a_won_deal_is_a_conversion() -> None:
    assert told(seen(SOLD, "2025-02-01")) == [
        "acquisition(1) 2025-01-06T12:00 2025-01-20T15:00",
        "conversion(1) 2025-01-20T15:00",
    ]
    assert amounts(SOLD) == [9000]


def test_a_deal_that_is_reopened_and_lost_never_was_a_purchase_but_was_one_as_it_was_known_before() -> None:
    assert told(seen(LOST, "2025-03-01")) == ["acquisition(1) 2025-01-06T12:00"]
    assert amounts(LOST) == []
    assert seen(LOST, "2025-03-01").status == "prospect_open"
    then = known(LOST, as_of=moment("2025-03-01"), known_at=moment("2025-02-01"))
    assert told(at(lifecycle(then, RULES), moment("2025-02-01"))) == told(seen(SOLD, "2025-02-01"))
    assert seen(LOST, "2025-02-01") == seen(SOLD, "2025-02-01")


def test_a_deal_that_is_won_again_within_the_grace_was_won_all_the_time_for_the_new_amount() -> None:
    facts = [*REOPENED, fact("deal.won", "2025-02-03T11:30", "X", amount="9500", currency="BRL")]
    assert amounts(facts) == [9500]
    assert told(seen(facts, "2025-02-10"))[-1] == "conversion(1) 2025-01-20T15:00"
    assert told(seen(facts, "2025-03-01"))[-1] == "retention(1) 2025-02-19T15:00"


def test_a_deal_that_is_won_again_after_the_grace_is_won_then() -> None:
    facts = [*REOPENED, fact("deal.won", "2025-03-10T11:30", "X", amount="9500", currency="BRL")]
    assert amounts(facts) == [9500]
    assert told(seen(facts, "2025-03-15")) == [
        "acquisition(1) 2025-01-06T12:00 2025-03-10T11:30",
        "conversion(1) 2025-03-10T11:30",
    ]


@pytest.mark.parametrize(
    ("again", "won"), [("2025-02-04T09:00", "2025-01-20T15:00"), ("2025-02-04T09:00:01", "2025-02-04T09:00:01")]
)
def test_the_grace_ends_after_its_last_moment(again: str, won: str) -> None:
    facts = [*REOPENED, fact("deal.won", again, "X")]
    assert [each.at for each in lifecycle(facts, RULES).purchases] == [moment(won)]


REACTIVATED = [
    fact("reach.touch", "2024-01-02T12"),
    fact("lead.captured", "2024-01-08T12"),
    fact("order.paid", "2024-01-15T12", amount="100.00", currency="BRL"),
    fact("order.paid", "2024-03-01T12", amount="150.00", currency="BRL"),
    fact("reach.touch", "2024-10-05T12"),
    fact("order.paid", "2024-11-20T12", amount="80.00", currency="BRL"),
]


def test_a_customer_who_comes_back_begins_a_second_cycle() -> None:
    found = seen(REACTIVATED, "2025-01-31")
    assert told(found) == [
        "reach(1) 2024-01-02T12:00 2024-01-08T12:00",
        "acquisition(1) 2024-01-08T12:00 2024-01-15T12:00",
        "conversion(1) 2024-01-15T12:00 2024-02-14T12:00",
        "retention(1) 2024-02-14T12:00 2024-08-28T12:00",
        "churned(1) 2024-08-28T12:00 2024-10-05T12:00",
        "reach(2, winback) 2024-10-05T12:00 2024-11-20T12:00",
        "conversion(2) 2024-11-20T12:00 2024-12-20T12:00",
        "retention(2) 2024-12-20T12:00",
    ]
    assert days(found) == [6, 7, 30, 196, 38, 46, 30]
    assert [each.rule for each in found.intervals] == [
        "first_touch",
        "first_interest",
        "first_purchase",
        "conversion_window",
        "inactivity",
        "first_touch",
        "first_purchase",
        "conversion_window",
    ]
    assert sum(each.amount or 0 for each in lifecycle(REACTIVATED, RULES).purchases) == Decimal("330.00")
    assert lifecycle(REACTIVATED, RULES).revised_at is None


def test_loyalty_of_a_second_cycle_counts_only_what_was_bought_in_it() -> None:
    order, answer = (
        fact("order.paid", "2025-01-10T12", amount="90"),
        fact("survey.responded", "2025-01-20T12", kind="nps", score="10"),
    )
    found = seen([*REACTIVATED, order, answer], "2025-01-31")
    assert told(found)[-2:] == ["retention(2) 2024-12-20T12:00 2025-01-20T12:00", "loyalty(2) 2025-01-20T12:00"]
    assert (found.intervals[-1].rule, found.intervals[-1].entered_by) == ("promoter", (order.id, answer.id))
    assert told(seen([*REACTIVATED, order], "2025-01-31"))[-1] == "retention(2) 2024-12-20T12:00"


def test_facts_give_the_same_in_whatever_order_and_however_often_they_arrive() -> None:
    lead, opened = fact("lead.captured", "2025-05-01T10"), fact("deal.opened", "2025-05-02", "D")
    won = fact("deal.won", "2025-05-09", "D", amount="1000", currency="BRL")
    answer = fact("survey.responded", "2025-05-12", kind="nps", score="9")
    for order in permutations((lead, opened, won, answer)):
        found = lifecycle([*order, lead, won], Rules())
        standing = at(found, moment("2025-05-20"))
        assert told(standing) == ["acquisition(1) 2025-05-01T10:00 2025-05-09T00:00", "conversion(1) 2025-05-09T00:00"]
        assert [each.amount for each in found.purchases] == [1000]
