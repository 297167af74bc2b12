"""Which stage holds when, at the instant before and after each break point."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from hub.lifecycle import Rules, at, lifecycle, presale
from hub.model import Fact
from tests.lifecycle.telling import RULES, fact, moment, seen, told

FIRST = fact("order.paid", "2024-01-01", "O1")
TICK = timedelta(microseconds=1)


def turns(facts: Sequence[Fact], rules: Rules = RULES) -> list[str]:
    """Every stage there will ever be, with its rule and when it begins."""
    found = lifecycle(facts, rules)
    for each in found.sterne_cutler:
        assert at(found, each.entered_at).stage == each.stage
        assert at(found, each.entered_at - TICK).stage != each.stage
    return [f"{each.stage} {each.entered_at:%Y-%m-%d} {each.rule}" for each in found.sterne_cutler]


def answer(when: str, score: str, **more: str) -> Fact:
    return fact("survey.responded", when, kind="nps", score=score, **more)


def test_nobody_has_a_stage_before_a_touch() -> None:
    found = seen([fact("consent.changed", "2024-01-01"), fact("user.active", "2024-01-02")], "2024-02-01")
    assert (found.stage, found.cycle, found.status, found.intervals, found.time_in) == (None, None, None, (), {})


@pytest.mark.parametrize(
    "kind", ["lead.captured", "lead.engaged", "lead.qualified", "deal.opened", "user.signed_up", "ticket.opened"]
)
def test_interest_is_acquisition_and_no_later_touch_takes_it_back(kind: str) -> None:
    facts = [fact("reach.touch", "2024-01-01"), fact(kind, "2024-01-02"), fact("reach.touch", "2024-01-03")]
    assert turns(facts) == ["reach 2024-01-01 first_touch", "acquisition 2024-01-02 first_interest"]


@pytest.mark.parametrize("kind", ["proposal.sent", "lead.disqualified", "survey.sent", "deal.stage_changed", "user.activated"])
def test_other_facts_are_no_interest(kind: str) -> None:
    assert turns([fact("reach.touch", "2024-01-01"), fact(kind, "2024-01-02")]) == ["reach 2024-01-01 first_touch"]


def test_of_facts_at_one_moment_the_furthest_stage_holds() -> None:
    facts = [fact("reach.touch", "2024-01-01"), fact("lead.captured", "2024-01-01"), fact("order.paid", "2024-01-01")]
    assert turns(facts)[0] == "conversion 2024-01-01 first_purchase"


def test_one_purchase_is_conversion_then_retention_and_ends_with_inactivity() -> None:
    assert turns([FIRST]) == [
        "conversion 2024-01-01 first_purchase",
        "retention 2024-01-31 conversion_window",
        "churned 2024-06-29 inactivity",
    ]


@pytest.mark.parametrize(
    ("following", "rule"),
    [
        (fact("order.paid", "2024-01-10"), "second_purchase"),
        (fact("user.activated", "2024-01-10"), "onboarding"),
        (fact("onboarding.completed", "2024-01-10"), "onboarding"),
    ],
)
def test_what_follows_the_first_purchase_is_retention_before_the_window_is_over(following: Fact, rule: str) -> None:
    assert turns([FIRST, following])[:2] == ["conversion 2024-01-01 first_purchase", f"retention 2024-01-10 {rule}"]


def test_what_was_activated_before_or_with_the_first_purchase_is_no_retention() -> None:
    facts = [fact("user.activated", "2023-12-31"), FIRST, fact("onboarding.completed", "2024-01-01")]
    assert turns(facts)[1] == "retention 2024-01-31 conversion_window"


def test_three_purchases_are_loyalty_until_a_year_after_the_first_of_them() -> None:
    facts = [FIRST, *(fact("order.paid", when) for when in ("2024-05-01", "2024-09-01"))]
    assert turns(facts, Rules(inactivity_days=400)) == [
        "conversion 2024-01-01 first_purchase",
        "retention 2024-01-31 conversion_window",
        "loyalty 2024-09-01 repeat_purchases",
        "retention 2024-12-31 loyalty_ended",
        "churned 2025-10-06 inactivity",
    ]


def test_a_detractor_is_not_loyal_until_the_answer_is_no_longer_valid() -> None:
    facts = [FIRST, fact("order.paid", "2024-01-02"), fact("order.paid", "2024-01-03"), answer("2024-02-01", "6")]
    assert turns(facts, Rules(nps_valid_days=20))[2:4] == [
        "loyalty 2024-01-03 repeat_purchases",
        "retention 2024-02-01 detractor",
    ]
    assert turns(facts, Rules(nps_valid_days=20))[4] == "loyalty 2024-02-21 repeat_purchases"


@pytest.mark.parametrize(
    ("praise", "rule", "until"),
    [
        (answer("2024-02-01", "9"), "promoter", "2024-02-21"),
        (fact("referral.made", "2024-02-01"), "referral", "2024-03-02"),
        (fact("testimonial.given", "2024-02-01"), "testimonial", "2024-03-02"),
    ],
)
def test_praise_after_two_purchases_is_loyalty_while_it_is_valid(praise: Fact, rule: str, until: str) -> None:
    rules = Rules(nps_valid_days=20, referral_valid_days=30)
    found = turns([FIRST, fact("order.paid", "2024-01-02"), praise], rules)
    assert found[2:4] == [f"loyalty 2024-02-01 {rule}", f"retention {until} loyalty_ended"]
    assert not any(each.startswith("loyalty") for each in turns([FIRST, praise], rules))


def test_a_passive_answer_is_neither_praise_nor_complaint() -> None:
    two = [FIRST, fact("order.paid", "2024-01-02"), answer("2024-02-01", "8")]
    assert not any(each.startswith("loyalty") for each in turns(two))
    assert "loyalty 2024-03-01 repeat_purchases" in turns([*two, fact("order.paid", "2024-03-01")])


def test_only_the_latest_answer_counts() -> None:
    facts = [FIRST, fact("order.paid", "2024-01-02"), answer("2024-02-01", "10"), answer("2024-02-11", "7")]
    assert turns(facts)[2:4] == ["loyalty 2024-02-01 promoter", "retention 2024-02-11 loyalty_ended"]


@pytest.mark.parametrize(
    ("given", "stages"),
    [
        ({"score": "5", "minimum": "1", "maximum": "5"}, ["loyalty"]),
        ({"score": "4", "minimum": "1", "maximum": "5"}, []),
        ({"score": "90", "maximum": "100"}, ["loyalty"]),
        ({"score": "9", "minimum": "1", "maximum": "10"}, ["loyalty"]),
        ({"score": "11"}, []),
        ({"score": "great"}, []),
        ({"score": "NaN"}, []),
        ({}, []),
        ({"score": "3", "minimum": "3", "maximum": "3"}, []),
    ],
)
def test_answers_are_read_on_the_scale_that_they_name(given: dict[str, str], stages: list[str]) -> None:
    praise = fact("survey.responded", "2024-02-01", kind="nps", **given)
    found = lifecycle([FIRST, fact("order.paid", "2024-01-02"), praise], RULES).sterne_cutler
    assert [each.stage for each in found if each.stage == "loyalty"] == stages


def test_an_evangelist_is_loyal_after_two_purchases_until_every_source_has_ceased_to_say_so() -> None:
    flags = [
        fact("source.stage_asserted", when, f"contact of {system}", system=system, evangelist=said)
        for when, system, said in (
            ("2024-02-01", "a", True),
            ("2024-02-02", "b", True),
            ("2024-03-01", "a", False),
            ("2024-03-05", "b", False),
        )
    ]
    silent = fact("source.stage_asserted", "2024-03-02", "contact of b", system="b", raw="customer")
    found = turns([FIRST, fact("order.paid", "2024-01-02"), *flags, silent])
    assert found[2:4] == ["loyalty 2024-02-01 evangelist", "retention 2024-03-05 loyalty_ended"]


def test_a_subscription_is_a_spell_from_its_start_to_its_end_and_its_renewal_is_loyalty() -> None:
    facts = [fact(f"subscription.{what}", when, "S") for what, when in (("started", "2024-01-01"), ("renewed", "2025-01-01"))]
    assert turns([*facts, fact("subscription.ended", "2025-06-01", "S")]) == [
        "conversion 2024-01-01 subscription_started",
        "retention 2024-01-31 conversion_window",
        "loyalty 2025-01-01 renewal",
        "churned 2025-06-01 subscription_ended",
    ]
    assert turns(facts)[-1] == "loyalty 2025-01-01 renewal"


def test_a_change_of_subscriptions_without_a_break_is_one_spell() -> None:
    facts = [
        *(fact("subscription.started", "2024-01-01", "S1"), fact("subscription.ended", "2024-03-01", "S1")),
        *(fact("subscription.started", "2024-03-01", "S2"), fact("subscription.ended", "2024-05-01", "S2")),
    ]
    assert turns(facts)[-1] == "churned 2024-05-01 subscription_ended"
    assert len(lifecycle(facts, RULES).spells) == 1


def test_a_former_customer_is_courted_again_and_remains_a_former_one_until_it_buys() -> None:
    facts = [FIRST, fact("reach.touch", "2024-08-01"), fact("ticket.opened", "2024-09-01"), fact("order.paid", "2024-10-01")]
    assert told(seen(facts, "2024-10-01"))[2:] == [
        "churned(1) 2024-06-29T00:00 2024-08-01T00:00",
        "reach(2, winback) 2024-08-01T00:00 2024-09-01T00:00",
        "acquisition(2, winback) 2024-09-01T00:00 2024-10-01T00:00",
        "conversion(2) 2024-10-01T00:00",
    ]
    statuses = [
        (seen(facts, f"2024-{when}").status, seen(facts, f"2024-{when}").is_winback)
        for when in ("07-01", "08-15", "09-15", "10-15")
    ]
    assert statuses == [
        ("customer_churned", False),
        ("customer_churned", True),
        ("customer_churned", True),
        ("customer_active", False),
    ]


def test_what_happens_at_the_very_end_of_a_spell_belongs_to_it() -> None:
    ended = [fact("subscription.started", "2024-01-01", "S"), fact("subscription.ended", "2024-03-01", "S")]
    assert turns([*ended, fact("ticket.opened", "2024-03-01")])[-1] == "churned 2024-03-01 subscription_ended"
    assert turns([*ended, fact("ticket.opened", "2024-03-01T00:01")])[-1] == "acquisition 2024-03-01 first_interest"


def test_a_purchase_at_the_end_of_the_inactivity_continues_the_spell_and_one_later_begins_another() -> None:
    assert len(lifecycle([FIRST, fact("order.paid", "2024-06-29")], RULES).spells) == 1
    assert len(lifecycle([FIRST, fact("order.paid", "2024-06-29T00:01")], RULES).spells) == 2


def test_a_ticket_is_presale_before_and_after_but_not_from_the_purchase_until_the_leaving() -> None:
    found = lifecycle([FIRST], RULES)
    whens = ("2023-12-31", "2024-01-01", "2024-06-28", "2024-06-29")
    assert [presale(found, moment(when)) for when in whens] == [True, False, False, True]


def test_a_day_comes_after_the_instants_of_its_day() -> None:
    facts = [fact("lead.captured", "2024-01-05T15"), fact("deal.won", "2024-01-05", "D", precision="day")]
    assert told(seen(facts, "2024-01-06")) == ["conversion(1) 2024-01-05T15:00"]
    found = lifecycle([*facts, fact("ticket.opened", "2024-01-05T18"), fact("reach.touch", "2024-01-06")], RULES)
    assert [each.entered_at for each in found.sterne_cutler][:2] == [moment("2024-01-05T15"), moment("2024-01-05T18")]
    assert found.revised_at == moment("2024-01-05T18")
    assert lifecycle(facts[1:], RULES).sterne_cutler[0].entered_at == moment("2024-01-05")
    assert lifecycle(facts[1:], RULES).revised_at is None


def test_days_of_use_revise_a_customer_on_the_first_of_them_only() -> None:
    used = [fact("user.active", f"2024-01-0{day}", precision="day") for day in range(1, 6)]
    tickets = [fact("ticket.opened", f"2024-01-0{day}T10") for day in range(1, 6)]
    assert lifecycle([*used, *tickets], RULES).revised_at == moment("2024-01-01T10")


@pytest.mark.parametrize(
    ("facts", "when", "status"),
    [
        ([fact("deal.opened", "2024-01-01", "D")], "2026-01-01", "prospect_open"),
        ([fact("deal.opened", "2024-01-01", "D"), fact("deal.lost", "2024-02-01", "D")], "2024-06-28T23:59:59", "prospect_open"),
        ([fact("deal.opened", "2024-01-01", "D"), fact("deal.lost", "2024-02-01", "D")], "2024-06-29", "prospect_lost"),
        ([fact("deal.opened", "2024-01-01", "D"), fact("deal.lost", "2024-08-01", "D")], "2024-07-31", "prospect_open"),
        ([fact("deal.opened", "2024-01-01", "D"), fact("deal.lost", "2024-08-01", "D")], "2024-08-01", "prospect_lost"),
        ([fact("deal.opened", "2024-01-01", "D"), fact("deal.deleted", "2024-02-01", "D")], "2025-01-01", "prospect_open"),
        ([fact("reach.touch", "2024-01-01")], "2026-01-01", "prospect_open"),
    ],
)
def test_a_prospect_is_lost_when_its_deals_are_and_it_was_silent_for_long(facts: list[Fact], when: str, status: str) -> None:
    assert seen(facts, when).status == status


def test_a_lost_prospect_that_speaks_again_or_has_another_deal_is_open() -> None:
    lost = [fact("deal.opened", "2024-01-01", "D"), fact("deal.lost", "2024-02-01", "D")]
    assert seen([*lost, fact("reach.touch", "2024-09-01")], "2024-09-02").status == "prospect_open"
    assert seen([*lost, fact("deal.opened", "2024-03-01", "E")], "2025-09-02").status == "prospect_open"
    assert (
        seen([*lost, fact("deal.opened", "2024-03-01", "E"), fact("deal.deleted", "2024-04-01", "E")], "2025-09-02").status
        == "prospect_lost"
    )
    assert seen([*lost, fact("deal.reopened", "2024-08-01", "D")], "2025-09-02").status == "prospect_open"


def test_a_prospect_stays_lost_when_one_of_its_lost_deals_is_deleted() -> None:
    opened = [fact("deal.opened", "2024-01-01", "D"), fact("deal.opened", "2024-01-02", "E")]
    lost = [fact("deal.lost", "2024-01-03", "D"), fact("deal.lost", "2024-01-04", "E"), fact("deal.deleted", "2025-01-01", "E")]
    found = lifecycle([*opened, *lost], RULES)
    assert [at(found, moment(when)).status for when in ("2024-12-31", "2025-01-02")] == ["prospect_lost", "prospect_lost"]


def test_time_in_a_stage_is_told_for_the_latest_and_for_all_times() -> None:
    facts = [fact("reach.touch", "2023-12-30"), FIRST, fact("reach.touch", "2024-07-09")]
    found = seen(facts, "2024-07-19").time_in
    assert (found["reach"].latest.days, found["reach"].cumulative.days) == (10, 12)
    assert (found["churned"].latest.days, found["conversion"].cumulative.days) == (10, 30)


def test_moments_at_the_end_of_the_calendar_do_no_harm() -> None:
    facts = [
        fact("order.paid", "9999-12-31"),
        answer("9999-12-30", "9"),
        fact("subscription.started", "9999-12-01", "S", interval="year"),
    ]
    assert lifecycle(facts, RULES).sterne_cutler[-1].exited_at is None
