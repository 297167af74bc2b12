"""A customer leaves, is touched again and comes back: a second cycle, in which what was bought in the first does not count."""

from typing import Any

import pytest

from tests.stories.telling import Story, days, emails, reached, reais, said, stages


def order(key: str, at: str, amount: str) -> dict[str, Any]:
    return said("order", key, at, contact_ids=["7"], status="paid", paid_at=at, total=reais(amount))


def answer(at: str, score: int) -> dict[str, Any]:
    limits = {"scale_min": 0, "scale_max": 10}
    return said("survey_response", f"N{at}", at, kind="nps", score=score, respondent_id="7", responded_at=at, **limits)


TOUCH = {"contact_id": "7", "kind": "visit", "source": "search", "occurred_at": "2024-01-02T12:00:00Z"}
CLICK: dict[str, Any] = {"contact_ids": ["7"], "kind": "email_click", "direction": "in", "occurred_at": "2024-10-05T12:00:00Z"}
BUYER = said("contact", "7", "2024-01-02T12:00:00Z", full_name="Eva Reis", emails=emails("eva@reis.com.br"))
HISTORY = (
    BUYER,
    said("touchpoint", "T1", "2024-01-02T12:00:00Z", **TOUCH),
    said("lead", "L1", "2024-01-08T12:00:00Z", contact_id="7", captured_at="2024-01-08T12:00:00Z"),
    order("O1", "2024-01-15T12:00:00Z", "100.00"),
    order("O2", "2024-03-01T12:00:00Z", "150.00"),
    said("activity", "A1", "2024-10-05T12:00:00Z", **CLICK),
    order("O3", "2024-11-20T12:00:00Z", "80.00"),
)
AS_OF = "2025-01-31T00:00:00Z"
FIRST_CYCLE = [
    "reach(1) 2024-01-02T12:00:00Z 2024-01-08T12:00:00Z",
    "acquisition(1) 2024-01-08T12:00:00Z 2024-01-15T12:00:00Z",
    "conversion(1) 2024-01-15T12:00:00Z 2024-02-14T12:00:00Z",
    "retention(1) 2024-02-14T12:00:00Z 2024-08-28T12:00:00Z",
    "churned(1) 2024-08-28T12:00:00Z 2024-10-05T12:00:00Z",
    "reach(2, winback) 2024-10-05T12:00:00Z 2024-11-20T12:00:00Z",
    "conversion(2) 2024-11-20T12:00:00Z 2024-12-20T12:00:00Z",
]


@pytest.fixture
def customer(story: Story) -> str:
    """The customer of the history above."""
    story.tell(story.system("Shop"), *HISTORY)
    return str(story.customer("Eva Reis")["id"])


def test_a_customer_who_comes_back_begins_a_second_cycle(story: Story, customer: str) -> None:
    found = story.lifecycle(customer, AS_OF)
    assert stages(found) == [*FIRST_CYCLE, "retention(2) 2024-12-20T12:00:00Z"]
    assert days(found) == [6, 7, 30, 196, 38, 46, 30, 41.5]
    assert found["purchases"] == {"count": 3, "revenue": [{"amount": "330.00", "currency": "BRL"}]}
    assert [found[name] for name in ("stage", "since", "cycle", "is_winback", "status")] == [
        "retention",
        "2024-12-20T12:00:00Z",
        2,
        False,
        "customer_active",
    ]
    assert reached(found) == {"acquisition": ("2024-01-08T12:00:00Z", True), "revenue": ("2024-01-15T12:00:00Z", True)}
    story.tell_again()


def test_each_stage_names_what_opened_it(story: Story, customer: str) -> None:
    found = story.lifecycle(customer, AS_OF)["intervals"]
    assert [[fact["type"] for fact in each["entered_by"]] for each in found[:3]] == [
        ["reach.touch"],
        ["lead.captured"],
        ["order.paid"],
    ]
    assert story.facts(customer=customer) == [
        "2024-01-02T12:00:00Z reach.touch",
        "2024-01-08T12:00:00Z lead.captured",
        "2024-01-15T12:00:00Z order.paid",
        "2024-03-01T12:00:00Z order.paid",
        "2024-10-05T12:00:00Z reach.touch",
        "2024-11-20T12:00:00Z order.paid",
    ]


@pytest.mark.parametrize(
    ("as_of", "stage"),
    [
        ("2024-08-28T11:59:59Z", "retention"),
        ("2024-08-28T12:00:00Z", "churned"),
        ("2024-10-05T11:59:59Z", "churned"),
        ("2024-10-05T12:00:00Z", "reach"),
        ("2024-11-20T12:00:00Z", "conversion"),
    ],
)
def test_a_stage_ends_at_its_very_moment_in_the_answer_and_in_the_list(
    story: Story, customer: str, as_of: str, stage: str
) -> None:
    assert story.lifecycle(customer, as_of)["stage"] == stage
    assert [each["id"] for each in story.listed("customers", stage=stage, as_of=as_of)] == [customer]


def test_two_purchases_of_the_second_cycle_and_a_promoters_answer_make_loyalty(story: Story, customer: str) -> None:
    story.tell("push-1", order("O4", "2025-01-10T12:00:00Z", "90.00"), answer("2025-01-20T12:00:00Z", 10))
    found = story.lifecycle(customer, AS_OF)
    assert stages(found)[-2:] == [
        "retention(2) 2024-12-20T12:00:00Z 2025-01-20T12:00:00Z",
        "loyalty(2) 2025-01-20T12:00:00Z",
    ]
    assert sorted(fact["type"] for fact in found["intervals"][-1]["entered_by"]) == ["order.paid", "survey.responded"]
    assert found["purchases"] == {"count": 4, "revenue": [{"amount": "420.00", "currency": "BRL"}]}
    story.tell_again()


def test_the_two_orders_of_the_first_cycle_do_not_count_towards_loyalty(story: Story, customer: str) -> None:
    story.tell("push-1", answer("2025-01-20T12:00:00Z", 10))
    assert stages(story.lifecycle(customer, AS_OF)) == [*FIRST_CYCLE, "retention(2) 2024-12-20T12:00:00Z"]
    story.tell("push-1", order("O4", "2025-01-10T12:00:00Z", "90.00"))
    assert story.lifecycle(customer, AS_OF)["stage"] == "loyalty"
