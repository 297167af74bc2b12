"""A won deal is opened again: what was believed stays on record, what is believed now follows from how it ended."""

from typing import Any

import pytest

from tests.stories.telling import Story, emails, reais, said, stages

OPENED, WON, REOPENED = "2025-01-06T12:00:00Z", "2025-01-20T15:00:00Z", "2025-02-03T09:00:00Z"
BUYER = said("contact", "7", OPENED, full_name="Rui Alves", emails=emails("rui@alves.com.br"))


def deal(at: str, status: str, amount: str = "9000.00", **more: Any) -> dict[str, Any]:
    """A version of the deal X."""
    return said("deal", "X", at, contact_ids=["7"], opened_at=OPENED, status=status, amount=reais(amount), **more)


SOLD = (BUYER, deal(OPENED, "open"), deal(WON, "won", won_at=WON))
LOST = (deal(REOPENED, "open"), deal("2025-02-17T16:00:00Z", "lost", lost_at="2025-02-17T16:00:00Z"))


def told(story: Story) -> tuple[str, str]:
    """The deal as it was won; the connection and the customer."""
    connection = story.system("Pipedrive")
    story.tell(connection, *SOLD)
    return connection, story.customer("Rui Alves")["id"]


def again(story: Story, at: str) -> dict[str, Any]:
    """The deal opened again and won again for more; what is known of the customer by the middle of March."""
    connection, customer = told(story)
    story.tell(connection, deal(REOPENED, "open"), deal(at, "won", "9500.00", won_at=at))
    story.tell_again()
    return story.lifecycle(customer, "2025-03-15T00:00:00Z")


def bought(count: int, amount: str | None = None) -> dict[str, Any]:
    return {"count": count, "revenue": [] if amount is None else [{"amount": amount, "currency": "BRL"}]}


def test_a_won_deal_is_a_conversion(story: Story) -> None:
    _, customer = told(story)
    found = story.lifecycle(customer, "2025-02-01")
    assert stages(found) == ["acquisition(1) 2025-01-06T12:00:00Z 2025-01-20T15:00:00Z", "conversion(1) 2025-01-20T15:00:00Z"]
    assert (found["purchases"], found["as_of"]) == (bought(1, "9000.00"), "2025-02-01T03:00:00Z")
    assert story.facts() == ["2025-01-06T12:00:00Z deal.opened", "2025-01-20T15:00:00Z deal.won"]
    story.tell_again()


def test_a_deal_that_was_reopened_and_lost_was_no_purchase(story: Story) -> None:
    connection, customer = told(story)
    story.tell(connection, *LOST)
    found = story.lifecycle(customer, "2025-03-01")
    assert stages(found) == ["acquisition(1) 2025-01-06T12:00:00Z"]
    assert (found["purchases"], found["status"]) == (bought(0), "prospect_open")
    story.tell_again()


def test_what_was_believed_before_the_deal_was_lost_can_still_be_asked(story: Story) -> None:
    connection, customer = told(story)
    before = story.lifecycle(customer, "2025-02-01", known_at="2025-02-01")
    story.tell(connection, *LOST)
    assert story.lifecycle(customer, "2025-02-01", known_at="2025-02-01") == before
    assert stages(before)[-1] == "conversion(1) 2025-01-20T15:00:00Z"
    assert before["purchases"] == bought(1, "9000.00")
    listed = [each["id"] for each in story.listed("customers", stage="conversion", as_of="2025-02-01", known_at="2025-02-01")]
    assert listed == [customer]


def test_what_was_believed_then_of_a_later_moment_takes_no_notice_of_what_came_after(story: Story) -> None:
    connection, customer = told(story)
    story.tell(connection, *LOST)
    found = story.lifecycle(customer, "2025-03-01", known_at="2025-02-01")
    assert stages(found)[1:] == [
        "conversion(1) 2025-01-20T15:00:00Z 2025-02-19T15:00:00Z",
        "retention(1) 2025-02-19T15:00:00Z",
    ]
    assert (found["purchases"], found["known_at"]) == (bought(1, "9000.00"), "2025-02-01T03:00:00Z")
    for known_at, stage in (("2025-02-01", "retention"), ("2025-03-01", "acquisition")):
        listed = story.listed("customers", stage=stage, as_of="2025-03-01", known_at=known_at)
        assert [each["id"] for each in listed] == [customer]


def test_what_is_known_now_of_a_past_moment_is_what_had_happened_by_then(story: Story) -> None:
    connection, customer = told(story)
    before = story.lifecycle(customer, "2025-02-01")
    story.tell(connection, *LOST)
    assert story.lifecycle(customer, "2025-02-01") == before
    assert [each["id"] for each in story.listed("customers", stage="acquisition", as_of="2025-03-01")] == [customer]


def test_a_deal_that_is_won_again_within_the_grace_was_won_all_the_time(story: Story) -> None:
    found = again(story, "2025-02-03T11:30:00Z")
    assert stages(found) == [
        "acquisition(1) 2025-01-06T12:00:00Z 2025-01-20T15:00:00Z",
        "conversion(1) 2025-01-20T15:00:00Z 2025-02-19T15:00:00Z",
        "retention(1) 2025-02-19T15:00:00Z",
    ]
    assert found["purchases"] == bought(1, "9500.00")


def test_a_deal_that_is_won_again_after_the_grace_is_won_then(story: Story) -> None:
    found = again(story, "2025-03-10T11:30:00Z")
    assert stages(found) == ["acquisition(1) 2025-01-06T12:00:00Z 2025-03-10T11:30:00Z", "conversion(1) 2025-03-10T11:30:00Z"]
    assert found["purchases"] == bought(1, "9500.00")


@pytest.mark.parametrize("version", [1, 2, 3])
def test_versions_of_the_deal_may_arrive_in_any_order(story: Story, version: int) -> None:
    connection = story.system("Pipedrive")
    everything = [*SOLD, *LOST]
    for record in (everything[0], *everything[1 + version :], *everything[1 : 1 + version]):
        story.tell(connection, record)
    found = story.lifecycle(story.customer("Rui Alves")["id"], "2025-03-01")
    assert stages(found) == ["acquisition(1) 2025-01-06T12:00:00Z"]
    assert [each.split()[1] for each in story.facts()] == ["deal.opened", "deal.won", "deal.reopened", "deal.lost"]
    story.tell_again()
