"""Where a source and the facts contradict each other."""

from datetime import timedelta

import pytest

from hub.lifecycle import Conflict, conflicts, lifecycle
from hub.model import Fact
from tests.lifecycle.telling import RULES, fact, moment

BOUGHT = [fact("reach.touch", "2023-12-01"), fact("order.paid", "2024-01-01")]
WHEN = {"reach": "2023-12-15", "conversion": "2024-01-15", "retention": "2024-03-01", "churned": "2024-12-01"}


def asserted(raw: str | None, when: str = "2023-01-01", system: str = "crm", **more: object) -> Fact:
    return fact("source.stage_asserted", when, system=system, raw=raw, **({"id": f"{system} {raw} {when}"} | more))


def found(when: str, *assertions: Fact, facts: list[Fact] = BOUGHT, trust: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    told = [*facts, *assertions]
    return [(each.system, each.raw) for each in conflicts(lifecycle(told, RULES), told, moment(when), trust=trust)]


@pytest.mark.parametrize(
    ("raw", "agreeing"),
    [
        ("customer", {"conversion", "retention"}),
        ("Evangelist", {"conversion", "retention"}),
        ("lead", {"reach"}),
        ("marketing_qualified_lead", {"reach"}),
        ("marketingqualifiedlead", {"reach"}),
        ("Opportunity", {"reach"}),
        ("subscriber", {"reach", "churned"}),
        ("Churned", {"churned"}),
        ("former-customer", {"churned"}),
    ],
)
def test_a_plain_word_contradicts_every_stage_that_it_does_not_mean(raw: str, agreeing: set[str]) -> None:
    assert {stage for stage, when in WHEN.items() if not found(when, asserted(raw))} == agreeing


@pytest.mark.parametrize("raw", ["4711", "other", "", None, "customer success", "Clients we love"])
def test_a_word_that_is_not_plain_contradicts_nothing(raw: str | None) -> None:
    assert [found(when, asserted(raw)) for when in WHEN.values()] == [[], [], [], []]


def test_the_conflict_says_who_says_what_since_when_against_what() -> None:
    said = asserted("Customer", "2024-01-02")
    told = [*BOUGHT, said]
    assert conflicts(lifecycle(told, RULES), told, moment("2024-12-01")) == (
        Conflict(
            system="crm",
            raw="Customer",
            asserted_at=moment("2024-01-02"),
            fact_id=said.id,
            stage="churned",
            since=moment("2024-06-29"),
        ),
    )


def test_only_the_newest_assertion_of_each_system_until_the_moment_counts() -> None:
    said = [asserted("customer", "2024-01-02"), asserted("churned", "2024-07-01"), asserted("customer", "2025-01-01")]
    assert found("2024-06-30", *said) == [("crm", "customer")]
    assert found("2024-12-01", *said) == []
    assert found("2025-02-01", *said) == [("crm", "customer")]


def test_of_two_assertions_of_one_moment_the_one_recorded_last_counts_then_the_higher_id() -> None:
    late = moment("2024-01-02") + timedelta(days=1)
    first, second = asserted("customer", "2024-01-02", id="b"), asserted("churned", "2024-01-02", id="a", recorded_at=late)
    assert found("2024-12-01", first, second) == []
    assert found("2024-12-01", first, asserted("churned", "2024-01-02", id="a")) == [("crm", "customer")]


def test_conflicts_come_in_the_order_of_belief_then_the_newest_first() -> None:
    said = [asserted("customer", f"2024-0{month}-01", system) for month, system in ((1, "shop"), (2, "crm"), (3, "desk"))]
    assert [system for system, _ in found("2024-12-01", *said)] == ["desk", "crm", "shop"]
    assert [system for system, _ in found("2024-12-01", *said, trust=("shop", "crm"))] == ["shop", "crm", "desk"]


def test_without_a_derived_stage_only_a_present_or_former_customer_is_a_contradiction() -> None:
    assert found("2024-01-01", asserted("customer"), facts=[]) == [("crm", "customer")]
    assert found("2024-01-01", asserted("churned"), facts=[]) == [("crm", "churned")]
    assert found("2024-01-01", asserted("lead"), facts=[]) == []


def test_a_former_customer_that_is_courted_again_is_former_and_a_lead_but_no_customer() -> None:
    courted = [*BOUGHT, fact("ticket.opened", "2024-09-01")]
    assert [found("2024-12-01", asserted(raw), facts=courted) for raw in ("churned", "lead", "customer")] == [
        [],
        [],
        [("crm", "customer")],
    ]
