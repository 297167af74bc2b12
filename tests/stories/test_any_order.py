"""Notices arrive in any order and more than once, and a poll arrives late: what follows is the same."""

from collections import Counter
from itertools import permutations
from typing import Any

from tests.stories.telling import Story, days, emails, reais, said, stages

OPENED, WON, ASKED = "2025-05-02T10:00:00Z", "2025-05-09T10:00:00Z", "2025-05-12T10:00:00Z"


def deal(at: str, status: str, **more: Any) -> dict[str, Any]:
    return said("deal", "D", at, contact_ids=["7"], opened_at=OPENED, status=status, amount=reais("1000.00"), **more)


RATING: dict[str, Any] = {"kind": "nps", "score": 9, "scale_min": 0, "scale_max": 10, "responded_at": ASKED}
LEAD = said("lead", "L", "2025-05-01T10:00:00Z", contact_id="7", captured_at="2025-05-01T10:00:00Z")
SALE, PAID = deal(OPENED, "open"), deal(WON, "won", won_at=WON)
PROMOTER = said("survey_response", "N", ASKED, respondent_id="7", **RATING)
POLL = deal(OPENED, "open", name="As the poll had it")
ORDERS = list(permutations((LEAD, SALE, PAID, PROMOTER)))
FACTS = [
    "2025-05-01T10:00:00Z lead.captured",
    "2025-05-02T10:00:00Z deal.opened",
    "2025-05-09T10:00:00Z deal.won",
    "2025-05-12T10:00:00Z survey.responded",
]


def buyer(name: str) -> dict[str, Any]:
    return said("contact", "7", "2025-05-01T10:00:00Z", full_name=name, emails=emails(f"{name}@example.org"))


def delivered(order: tuple[Any, ...]) -> list[Any]:
    """The seven deliveries: the lead and the winning come twice, the poll last."""
    return [one for each in order for one in ([each, each] if each in (LEAD, PAID) else [each])] + [POLL]


def outcomes(order: tuple[Any, ...]) -> Counter[str]:
    """The two that come twice are `same`, the poll is `stale`, and so is the opening of a deal known to be won."""
    late = order.index(SALE) > order.index(PAID)
    return Counter(written=3 if late else 4, same=2, stale=2 if late else 1)


def assert_bought_once(story: Story, name: str) -> None:
    customer = story.customer(name, q=name)["id"]
    found = story.lifecycle(customer, "2025-05-20T00:00:00Z")
    assert stages(found) == ["acquisition(1) 2025-05-01T10:00:00Z 2025-05-09T10:00:00Z", "conversion(1) 2025-05-09T10:00:00Z"]
    assert days(found)[0] == 8
    assert found["purchases"] == {"count": 1, "revenue": [{"amount": "1000.00", "currency": "BRL"}]}
    assert story.facts(customer=customer) == FACTS


def test_every_order_of_delivery_gives_the_same_and_reports_what_changed_nothing(story: Story) -> None:
    for number, order in enumerate(ORDERS):
        connection, name = story.system("CRM"), f"buyer{number}"
        story.tell(connection, buyer(name))
        assert Counter(outcome for one in delivered(order) for outcome in story.tell(connection, one)) == outcomes(order), order
        assert_bought_once(story, name)
    assert len(ORDERS) == 24


def test_everything_sent_again_changes_nothing(story: Story) -> None:
    connection = story.system("CRM")
    story.tell(connection, buyer("buyer"))
    for one in delivered((PROMOTER, PAID, SALE, LEAD)):
        story.tell(connection, one)
    story.tell_again()
    assert_bought_once(story, "buyer")


def test_all_deliveries_in_one_call_give_the_same(story: Story) -> None:
    connection = story.system("CRM")
    story.tell(connection, buyer("buyer"), *delivered((PROMOTER, PAID, SALE, LEAD)))
    assert_bought_once(story, "buyer")
    story.tell_again()


def test_the_contact_may_arrive_after_everything_about_it(story: Story) -> None:
    connection = story.system("CRM")
    for one in delivered((PAID, PROMOTER, LEAD, SALE)):
        story.tell(connection, one)
    story.tell(connection, buyer("buyer"))
    assert_bought_once(story, "buyer")
    story.tell_again()


def test_a_poll_that_says_what_the_first_notice_said_is_stale_too(story: Story) -> None:
    connection = story.system("CRM")
    assert story.tell(connection, buyer("buyer"), LEAD, SALE, PAID, PROMOTER) == ["written"] * 5
    assert story.tell(connection, SALE) == ["stale"]
    assert_bought_once(story, "buyer")
