"""What facts come to at a moment; every figure is counted by hand."""

import pytest

from hub.lifecycle import Summary, known, summary
from hub.model import Fact
from tests.lifecycle.telling import fact, moment

BRL = {"currency": "BRL"}


def seen(facts: list[Fact], when: str) -> Summary:
    return summary(known(facts, as_of=moment(when)), moment(when))


def records(some: tuple[Fact, ...]) -> list[str]:
    return [each.record_id for each in some]


DEALS = [
    fact("deal.opened", "2024-01-01", "D1", amount="100.50", **BRL),
    fact("deal.opened", "2024-02-01", "D2", amount="7", currency="USD"),
    fact("deal.opened", "2024-03-01", "D3"),
    fact("deal.won", "2024-04-01", "D1", amount="100.50", **BRL),
    fact("deal.lost", "2024-04-02", "D2"),
    fact("deal.reopened", "2024-05-01", "D1"),
    fact("deal.deleted", "2024-06-01", "D3"),
]


@pytest.mark.parametrize(
    ("when", "open_then"),
    [
        ("2023-12-31", []),
        ("2024-03-31", ["D1", "D2", "D3"]),
        ("2024-04-01", ["D2", "D3"]),
        ("2024-04-30", ["D3"]),
        ("2024-05-02", ["D1", "D3"]),
        ("2024-06-02", ["D1"]),
    ],
)
def test_a_deal_is_open_from_its_opening_until_it_ends_and_again_when_it_is_reopened(when: str, open_then: list[str]) -> None:
    assert records(seen(DEALS, when).deals) == open_then


def test_open_deals_are_summed_by_currency_and_those_without_an_amount_are_counted() -> None:
    found = seen([*DEALS, fact("deal.opened", "2024-03-02", "D4", amount="0.50", **BRL)], "2024-03-31")
    assert found.worth == [{"amount": "101.00", "currency": "BRL"}, {"amount": "7", "currency": "USD"}]
    assert found.unpriced == 1


def test_a_deal_that_ended_before_it_is_said_to_have_been_opened_is_not_open() -> None:
    assert seen([fact("deal.won", "2024-01-01", "D1"), fact("deal.opened", "2024-01-02", "D1")], "2024-02-01").deals == ()


def test_what_was_opened_on_the_day_it_was_won_is_not_open() -> None:
    on_a_day = [fact("deal.won", "2024-01-01", "D1", precision="day"), fact("deal.opened", "2024-01-01T15", "D1")]
    assert seen(on_a_day, "2024-01-02").deals == ()


def test_tickets_wait_the_eldest_first_and_a_reopened_one_since_it_was_opened() -> None:
    told = [
        fact("ticket.opened", "2024-02-01", "T2"),
        fact("ticket.opened", "2024-01-01", "T1"),
        fact("ticket.solved", "2024-02-02", "T1"),
        fact("ticket.reopened", "2024-03-01", "T1"),
        fact("ticket.opened", "2024-01-15", "T3"),
        fact("ticket.solved", "2024-01-16", "T3"),
    ]
    assert records(seen(told, "2024-02-20").tickets) == ["T2"]
    assert records(seen(told, "2024-03-01").tickets) == ["T1", "T2"]
    assert (seen(told, "2023-12-01").had_tickets, seen(told, "2024-01-01").had_tickets) == (False, True)


def test_the_latest_answer_counts_on_the_scale_to_ten() -> None:
    told = [
        fact("survey.responded", "2024-01-01", kind="nps", score="3"),
        fact("survey.responded", "2024-02-01", kind="nps", score="4", minimum="1", maximum="5"),
        fact("survey.responded", "2024-03-01", kind="csat", score="1", minimum="1", maximum="5"),
    ]
    assert [found and str(found.score) for found in (seen(told, "2024-01-31").nps, seen(told, "2024-04-01").nps)] == ["3", "7.5"]
    assert seen(told, "2023-12-31").nps is None


@pytest.mark.parametrize(
    ("said", "rated", "satisfied"),
    [
        ({"score": "4", "minimum": "1", "maximum": "5"}, 1, 1),
        ({"score": "3", "minimum": "1", "maximum": "5"}, 1, 0),
        ({"score": "1", "minimum": "0", "maximum": "1"}, 1, 1),
        ({"score": "0", "minimum": "0", "maximum": "1"}, 1, 0),
        ({"score": "75", "minimum": "0", "maximum": "100"}, 1, 1),
        ({"score": "74.9", "minimum": "0", "maximum": "100"}, 1, 0),
        ({"score": "5"}, 0, 0),
        ({"score": "6", "minimum": "1", "maximum": "5"}, 0, 0),
        ({"label": "fine"}, 0, 0),
    ],
)
def test_an_answer_in_the_best_quarter_of_its_scale_is_a_satisfied_one(said: dict[str, str], rated: int, satisfied: int) -> None:
    found = seen([fact("survey.responded", "2024-01-01", kind="csat", **said)], "2024-02-01")
    assert (len(found.rated), found.satisfied) == (rated, satisfied)


def test_every_score_of_a_system_stands_as_it_was_last_given() -> None:
    told = [
        fact("health.reported", "2024-01-01", "C", id="a", system="cs", name="churn", score="80"),
        fact("health.reported", "2024-02-01", "C", id="b", system="cs", name="churn", score="20"),
        fact("health.reported", "2024-01-15", "C", id="c", system="cs", name="health", score="5"),
    ]
    assert [(each.attrs["name"], each.attrs["score"]) for each in seen(told, "2024-03-01").scores] == [
        ("churn", "20"),
        ("health", "5"),
    ]
    assert [each.attrs["score"] for each in seen(told, "2024-01-20").scores] == ["80", "5"]
