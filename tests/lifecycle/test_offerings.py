"""Offering cycles: what opens a row for a family of products, and how that row goes on beside the customer's own stages."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hub.lifecycle import Interval, Rules, at, known, lifecycle
from hub.model import Fact
from tests.lifecycle import test_properties as properties
from tests.lifecycle.telling import RULES, fact, moment

CARE = {"families": ["Care"]}
DESK = {"families": ["Desk"]}
LOYAL = [fact("order.paid", f"2024-0{month}-01", f"O{month}", **DESK) for month in (1, 2, 3)]
"""Three purchases of one family: loyal from March on, and churned 180 days after the last, on 28 August."""
RANK = ("churned", "reach", "acquisition", "conversion", "retention", "loyalty")


def rows(facts: Sequence[Fact], when: str = "2025-12-31", rules: Rules = RULES) -> list[str]:
    """The rows of the families at a moment: family, stage, cycle and the days, what is open without an end."""
    return [
        f"{each.offering}: {each.stage}({each.cycle}) {day(each.entered_at)} {day(each.exited_at)}".strip()
        for each in at(lifecycle(known(facts, as_of=moment(when)), rules), moment(when)).offerings
    ]


def day(when: object) -> str:
    return "" if when is None else f"{when:%Y-%m-%d}"


def test_a_family_never_bought_that_is_quoted_to_a_loyal_customer_opens_a_row_and_the_stage_stays() -> None:
    told = [*LOYAL, fact("deal.opened", "2024-04-01", "D1", **CARE)]
    assert rows(told, "2024-05-01") == ["Care: acquisition(1) 2024-04-01"]
    standing = at(lifecycle(told, RULES), moment("2024-05-01"))
    assert (standing.stage, standing.cycle) == ("loyalty", 1)
    assert [(each.rule, each.entered_by) for each in standing.offerings] == [("quoted", ("deal.opened 2024-04-01",))]
    assert rows(told, "2024-03-31") == []


def test_a_proposal_is_a_quote_too() -> None:
    told = [fact("deal.opened", "2024-02-15", "D1", **CARE), *LOYAL, fact("proposal.sent", "2024-04-01", "D1")]
    assert rows(told, "2024-05-01") == ["Care: acquisition(1) 2024-04-01"]


def test_the_row_goes_on_with_what_is_bought_of_the_family_alone() -> None:
    told = [
        *LOYAL,
        fact("deal.opened", "2024-04-01", "D1", **CARE),
        fact("deal.won", "2024-05-01", "D1"),
        fact("order.paid", "2024-05-20", "O9", **DESK),
        fact("deal.opened", "2025-02-01", "D2", **CARE),
    ]
    assert rows(told, "2025-03-01") == [
        "Care: acquisition(1) 2024-04-01 2024-05-01",
        "Care: conversion(1) 2024-05-01 2024-05-31",
        "Care: retention(1) 2024-05-31 2024-10-28",
        "Care: churned(1) 2024-10-28 2025-02-01",
        "Care: acquisition(2) 2025-02-01",
    ]


def test_praise_is_about_the_whole_and_makes_no_row_loyal() -> None:
    told = [
        *LOYAL,
        fact("deal.opened", "2024-04-01", "D1", **CARE),
        fact("testimonial.given", "2024-04-15"),
        fact("deal.won", "2024-05-01", "D1"),
        fact("order.paid", "2024-05-10", "O9", **CARE),
    ]
    assert rows(told, "2024-05-20")[1:] == ["Care: conversion(1) 2024-05-01 2024-05-10", "Care: retention(1) 2024-05-10"]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param([*LOYAL, fact("deal.opened", "2024-04-01", "D1")], id="nobody tells the family"),
        pytest.param([*LOYAL, fact("deal.opened", "2024-04-01", "D1", **DESK)], id="it was bought before"),
        pytest.param([*LOYAL, fact("deal.opened", "2024-04-01", "D1", families=["*", ""])], id="no name of a family"),
        pytest.param([*LOYAL[:2], fact("deal.opened", "2024-02-15", "D1", **CARE)], id="not loyal yet"),
        pytest.param([*LOYAL, fact("deal.opened", "2024-09-15", "D1", **CARE)], id="not loyal any more"),
        pytest.param(
            [*LOYAL, fact("order.paid", "2024-03-02", "O8"), fact("deal.opened", "2024-04-01", "D1", **CARE)],
            id="of an earlier purchase nobody tells the family",
        ),
        pytest.param(
            [*LOYAL, fact("subscription.started", "2024-03-02", "S8"), fact("deal.opened", "2024-04-01", "D1", **CARE)],
            id="of a subscription nobody tells the family",
        ),
    ],
)
def test_no_row_opens_without_a_new_family_and_loyalty(told: list[Fact]) -> None:
    assert rows(told) == []


def test_two_families_have_a_row_each() -> None:
    told = [*LOYAL, fact("deal.opened", "2024-04-01", "D1", families=["Care", "Field"])]
    assert rows(told, "2024-05-01") == ["Care: acquisition(1) 2024-04-01", "Field: acquisition(1) 2024-04-01"]


FAMILIES = st.sampled_from((("Care",), ("Care",), ("Desk",), ("Care", "Desk"), ()))
KINDS = ("deal.opened", "deal.opened", "deal.won", "deal.lost", "proposal.sent", "order.paid", "survey.responded")
BOUGHT = [properties.BEGIN - timedelta(days=2), properties.BEGIN - timedelta(days=1)]


@st.composite
def facts(draw: st.DrawFn) -> list[Fact]:
    """Two purchases of one family, which make the customer loyal, and then whatever happens, most of it with families."""
    kinds = draw(st.sampled_from((KINDS, (*KINDS, "subscription.started", "subscription.ended", "subscription.renewed"))))
    begun = [
        Fact(id=f"begun {at}", type="order.paid", occurred_at=at, recorded_at=at, record_id=f"B{at}", attrs=DESK) for at in BOUGHT
    ]
    return [*begun, *(replace(each, attrs=each.attrs | {"families": draw(FAMILIES)}) for each in draw(properties.facts(kinds)))]


QUICK = st.sampled_from((Rules(loyal_purchases=2), Rules(loyal_purchases=2, inactivity_days=9, conversion_window_days=4)))


@given(facts(), QUICK, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_rows_have_no_gap_and_no_overlap_and_no_order_of_the_facts_changes_them(
    told: list[Fact], rules: Rules, chance: Random
) -> None:
    found = lifecycle(told, rules).offerings
    for family in {each.offering for each in found}:
        mine = [each for each in found if each.offering == family]
        assert all(one.exited_at == two.entered_at for one, two in pairwise(mine))
        assert all(each.exited_at is None or each.entered_at < each.exited_at for each in mine)
        assert mine[-1].exited_at is None
    shuffled = [*told]
    chance.shuffle(shuffled)
    assert lifecycle(shuffled, rules).offerings == found


@given(facts(), QUICK)
@settings(max_examples=150, deadline=None)
def test_no_row_is_ever_further_than_the_customer_as_a_whole(told: list[Fact], rules: Rules) -> None:
    found = lifecycle(told, rules)
    for each in found.offerings:
        turns = [each.entered_at, *(turn.entered_at for turn in found.sterne_cutler if spans(each, turn))]
        for turn in turns:
            stage = at(found, turn).stage
            active = RANK.index(each.stage) > RANK.index("acquisition")
            assert not active or (stage and RANK.index(stage) >= RANK.index(each.stage))


def spans(row: Interval, turn: Interval) -> bool:
    return row.entered_at <= turn.entered_at and (row.exited_at is None or turn.entered_at < row.exited_at)


@given(facts(), QUICK)
@settings(max_examples=150, deadline=None)
def test_rows_that_nothing_later_revised_read_as_what_had_happened_until_then(told: list[Fact], rules: Rules) -> None:
    found = lifecycle(told, rules)
    turns = {each.occurred_at for each in told} | {each.entered_at for each in found.offerings}
    for turn in sorted({each + step for each in turns for step in (-properties.TICK, timedelta(0))}):
        if found.revised_at is None or turn >= found.revised_at:
            assert at(found, turn).offerings == properties.recomputed(told, turn, rules).offerings
