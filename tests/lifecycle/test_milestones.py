"""The five milestones: when each is reached, and at the instants around each turn, whether it is current."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from hub.lifecycle import Milestone, Rules, at, lifecycle
from hub.model import Fact
from tests.lifecycle.telling import RULES, fact, moment, seen

TICK = timedelta(microseconds=1)


def milestone(name: str, facts: Sequence[Fact], rules: Rules = RULES) -> Milestone | None:
    return next((each for each in lifecycle(facts, rules).aarrr if each.name == name), None)


def first(name: str, facts: Sequence[Fact]) -> datetime | None:
    found = milestone(name, facts)
    return found.first_at if found else None


def current(name: str, facts: Sequence[Fact]) -> list[tuple[str, str]]:
    """The spans in which a milestone is current, each end looked at from both sides."""
    whole, found = lifecycle(facts, RULES), milestone(name, facts)
    for start, end in found.current if found else ():
        for when, expected in ((start - TICK, False), (start, True), *(((end - TICK, True), (end, False)) if end else ())):
            assert (name in [each.name for each in at(whole, when).milestones if each.current]) is expected
    return [(f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}" if end else "") for start, end in (found.current if found else ())]


def subscription(what: str, when: str, **more: str) -> Fact:
    return fact(f"subscription.{what}", when, "S", **more)


def test_acquisition_is_the_first_lead_or_sign_up_and_holds_for_good() -> None:
    facts = [fact("user.signed_up", "2024-01-05"), fact("lead.captured", "2024-01-03"), fact("reach.touch", "2024-01-01")]
    assert first("acquisition", facts) == moment("2024-01-03")
    assert current("acquisition", facts) == [("2024-01-03", "")]
    (reached,) = seen(facts, "2024-02-01").milestones
    assert (reached.last_at, reached.facts) == (moment("2024-01-05"), ("lead.captured 2024-01-03",))
    assert seen(facts, "2024-01-04").milestones[0].last_at == moment("2024-01-03")


@pytest.mark.parametrize(
    ("activated", "reached"), [("2024-01-15", "2024-01-15"), ("2024-01-15T00:01", None), ("2023-12-31", "2023-12-31")]
)
def test_activation_is_within_two_weeks_of_the_sign_up_if_there_was_one(activated: str, reached: str | None) -> None:
    facts = [fact("user.signed_up", "2024-01-01"), fact("user.activated", activated)]
    assert first("activation", facts) == (moment(reached) if reached else None)


def test_without_sign_up_onboarding_is_activation_and_without_that_the_first_use() -> None:
    used, onboarded = fact("user.active", "2024-01-01"), fact("onboarding.completed", "2024-01-09")
    assert first("activation", [used, fact("user.active", "2024-01-02")]) == moment("2024-01-01")
    assert first("activation", [used, onboarded]) == moment("2024-01-09")
    assert lifecycle([used, onboarded], RULES).revised_at == moment("2024-01-09")
    assert first("activation", [used, onboarded, fact("user.signed_up", "2024-01-20")]) is None
    assert lifecycle([onboarded, fact("user.active", "2024-01-10")], RULES).revised_at is None


def test_retention_is_use_a_period_after_activation_and_current_for_a_period_after_each_use() -> None:
    early = [fact("user.activated", "2024-01-01"), fact("user.active", "2024-01-02"), fact("user.active", "2024-01-30T23:59")]
    assert first("retention", early) is None
    facts = [*early, fact("user.active", "2024-01-31"), fact("user.active", "2024-02-15"), fact("user.active", "2024-05-01")]
    assert first("retention", facts) == moment("2024-01-31")
    assert current("retention", facts) == [("2024-01-31", "2024-03-16"), ("2024-05-01", "2024-05-31")]


def test_retention_is_a_renewal_and_current_while_the_subscription_lasts() -> None:
    facts = [subscription("started", "2024-01-31"), subscription("renewed", "2024-02-29"), subscription("ended", "2024-05-01")]
    assert current("retention", facts) == [("2024-02-29", "2024-05-01")]
    assert first("retention", facts[:1]) is None


@pytest.mark.parametrize(
    ("interval", "until"),
    [("month", [("2024-03-30", "2024-05-01")]), ("year", [("2024-03-30", "2024-04-29")]), ("", [("2024-03-30", "2024-04-29")])],
)
def test_a_subscription_is_beyond_its_first_period_after_its_interval(interval: str, until: list[tuple[str, str]]) -> None:
    used = [fact("user.activated", "2024-01-31"), fact("user.active", "2024-03-30")]
    facts = [subscription("started", "2024-01-31", interval=interval), subscription("ended", "2024-05-01"), *used]
    assert current("retention", facts) == until


def test_a_month_after_the_last_of_january_is_the_last_of_february() -> None:
    facts = [subscription("started", "2024-01-31", interval="month"), subscription("ended", "2024-05-01")]
    renewal_of_another = fact("subscription.renewed", "2024-02-01", "T")
    assert current("retention", [*facts, renewal_of_another]) == [("2024-02-29", "2024-05-01")]


def test_revenue_is_a_purchase_or_a_paid_subscription_and_current_while_somebody_is_a_customer() -> None:
    bought = [fact("order.paid", "2024-01-01"), fact("order.paid", "2024-12-01")]
    assert current("revenue", bought) == [("2024-01-01", "2024-06-29"), ("2024-12-01", "2025-05-30")]
    free = subscription("started", "2023-01-01", mrr="0")
    assert first("revenue", [free]) is None
    assert first("revenue", [subscription("started", "2023-01-01", mrr="10")]) == moment("2023-01-01")
    assert first("revenue", [subscription("started", "2023-01-01")]) == moment("2023-01-01")
    assert current("revenue", [free, bought[0]]) == [("2024-01-01", "")]


def test_referral_is_praise_in_public_and_current_for_a_year_and_an_answer_is_none() -> None:
    promoter = fact("survey.responded", "2023-01-01", kind="nps", score="10")
    facts = [
        promoter,
        fact("referral.made", "2023-02-01"),
        fact("testimonial.given", "2023-08-01"),
        fact("referral.made", "2025-01-01"),
    ]
    assert current("referral", facts) == [("2023-02-01", "2024-07-31"), ("2025-01-01", "2026-01-01")]
    assert first("referral", [promoter]) is None


def test_the_furthest_milestone_that_is_current_is_the_stage() -> None:
    facts = [fact("lead.captured", "2024-01-01"), fact("order.paid", "2024-02-01"), fact("referral.made", "2024-03-01")]
    whens = ("2023-12-31", "2024-01-01", "2024-02-01", "2024-03-01", "2025-03-01")
    assert [seen(facts, when).aarrr_stage for when in whens] == [None, "acquisition", "revenue", "referral", "acquisition"]
    reached = {each.name: each.current for each in seen(facts, "2025-03-01").milestones}
    assert reached == {"acquisition": True, "revenue": False, "referral": False}
