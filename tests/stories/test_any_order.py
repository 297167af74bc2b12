"""Notices arrive in any order and more than once, and a poll arrives late: what follows is the same."""

from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from typing import Any

from tests import support
from tests.stories.telling import Story, days, emails, reais, said, stages

CAPTURED, OPENED, WON, ANSWERED = (f"2025-05-{day}T10:00:00Z" for day in ("01", "02", "09", "12"))
ORDERS = list(permutations(("lead", "opened", "won", "answer")))
TWICE = ("lead", "won")
FACTS = [f"{CAPTURED} lead.captured", f"{OPENED} deal.opened", f"{WON} deal.won", f"{ANSWERED} survey.responded"]
STAGES = ["acquisition(1) 2025-05-01T10:00:00Z 2025-05-09T10:00:00Z", "conversion(1) 2025-05-09T10:00:00Z"]


def contact(name: str) -> dict[str, Any]:
    return said("contact", name, CAPTURED, full_name=name, emails=emails(f"{name}@example.org"))


def notices(name: str) -> dict[str, dict[str, Any]]:
    """What is delivered about the contact of that name; the poll has the deal as it once was, in words of its own."""
    deal: dict[str, Any] = {"contact_ids": [name], "opened_at": OPENED, "amount": reais("1000.00")}
    rating: dict[str, Any] = {"kind": "nps", "score": 9, "scale_min": 0, "scale_max": 10, "responded_at": ANSWERED}
    return {
        "lead": said("lead", "L", CAPTURED, contact_id=name, captured_at=CAPTURED),
        "opened": said("deal", "D", OPENED, **deal, status="open"),
        "won": said("deal", "D", WON, **deal, status="won", won_at=WON),
        "answer": said("survey_response", "N", ANSWERED, respondent_id=name, **rating),
        "poll": said("deal", "D", OPENED, **deal, status="open", name="As the poll had it"),
    }


def delivered(order: Sequence[str], name: str) -> list[dict[str, Any]]:
    """The seven deliveries: the lead and the winning come twice, the poll last."""
    found = notices(name)
    return [found[each] for each in order for _ in range(1 + (each in TWICE))] + [found["poll"]]


def outcomes(order: Sequence[str]) -> Counter[str]:
    """What came twice is `same`, the poll is `stale`, and so is the opening of a deal that is known to be won."""
    late = order.index("opened") > order.index("won")
    return Counter(written=3, same=2, stale=2) if late else Counter(written=4, same=2, stale=1)


def assert_bought_once(story: Story, name: str) -> None:
    customer = story.customer(name, q=name)["id"]
    found = story.lifecycle(customer, "2025-05-20T00:00:00Z")
    assert stages(found) == STAGES
    assert days(found)[0] == 8
    assert found["purchases"] == {"count": 1, "revenue": [{"amount": "1000.00", "currency": "BRL"}]}
    assert story.facts(customer=customer) == FACTS


def test_every_order_of_delivery_gives_the_same_and_reports_what_changed_nothing(story: Story) -> None:
    for number, order in enumerate(ORDERS):
        connection, name = story.system("CRM"), f"buyer{number}"
        story.tell(connection, contact(name))
        deliver = story.deliver if number % 8 else story.tell
        reported = Counter(outcome for one in delivered(order, name) for outcome in deliver(connection, one))
        support.drained(story.hub)
        assert reported == outcomes(order), order
        assert_bought_once(story, name)
    assert len(ORDERS) == 24


def test_everything_sent_again_changes_nothing(story: Story) -> None:
    connection = story.system("CRM")
    story.tell(connection, contact("buyer"))
    for one in delivered(("answer", "won", "opened", "lead"), "buyer"):
        story.tell(connection, one)
    story.tell_again()
    assert_bought_once(story, "buyer")


def test_all_deliveries_in_one_call_give_the_same(story: Story) -> None:
    story.tell(story.system("CRM"), contact("buyer"), *delivered(("answer", "won", "opened", "lead"), "buyer"))
    assert_bought_once(story, "buyer")
    story.tell_again()


def test_the_contact_may_arrive_after_everything_about_it(story: Story) -> None:
    connection = story.system("CRM")
    for one in delivered(("won", "answer", "lead", "opened"), "buyer"):
        story.tell(connection, one)
    story.tell(connection, contact("buyer"))
    assert_bought_once(story, "buyer")
    story.tell_again()


def test_a_poll_that_says_what_the_first_notice_said_is_stale_too(story: Story) -> None:
    connection, found = story.system("CRM"), notices("buyer")
    story.tell(connection, contact("buyer"), found["lead"], found["opened"], found["won"], found["answer"])
    assert story.tell(connection, found["opened"]) == ["stale"]
    assert_bought_once(story, "buyer")


def test_two_notices_of_one_second_keep_their_order_when_the_first_comes_again(story: Story) -> None:
    connection, found = story.system("CRM"), notices("buyer")
    paid, opened = found["won"], found["opened"] | {"changed_at": WON, "observed_at": WON}
    story.tell(connection, contact("buyer"), found["lead"])
    assert [story.tell(connection, one) for one in (opened, paid, opened, paid)] == [
        ["written"],
        ["written"],
        ["stale"],
        ["same"],
    ]
    story.tell(connection, found["answer"])
    assert_bought_once(story, "buyer")
    story.tell_again()
