"""What the versions of a record tell: each fact once, known from the first version that says so until none does any more."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from hub.lifecycle import facts_table
from hub.lifecycle.facts import Source, told
from hub.lifecycle.facts_said import Version
from hub.model import (
    TYPES,
    VOCABULARY,
    Activity,
    ActivityKind,
    Contact,
    Deal,
    DealStatus,
    DealStep,
    Direction,
    Entity,
    Fact,
    Lead,
    LeadStatus,
    LeadStep,
    Money,
    Order,
    OrderStatus,
    Payment,
    Referral,
    Subscription,
    SubscriptionStatus,
    SurveyKind,
    SurveyResponse,
    Ticket,
    TicketStatus,
    UsageDaily,
    record_id,
)


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2026, 1, number, hour, tzinfo=UTC)


def tells(*versions: tuple[Entity | None, int, int], kind: str | None = None) -> list[Fact]:
    """What versions tell, each given as (entity, day of change, day of receipt)."""
    found = kind or next(entity.TYPE for entity, *_ in versions if entity is not None)
    source = Source(connection_id="shop-1", system="shop", type=found, source_id="7")
    read = [Version(entity=one, changed_at=day(changed), recorded_at=day(known)) for one, changed, known in versions]
    return sorted(told(source, read), key=lambda fact: (fact.recorded_at, fact.occurred_at, fact.type))


def shortly(facts: list[Fact]) -> list[tuple[str, int, int, int | None]]:
    """Each version of a fact as (type, the day it happened, known from day, known until day)."""
    return [
        (fact.type, fact.occurred_at.day, fact.recorded_at.day, fact.retracted_at.day if fact.retracted_at else None)
        for fact in facts
    ]


def deal(status: DealStatus, **said: Any) -> Deal:
    return Deal(id="7", status=status, opened_at=day(1), **said)


def test_every_type_that_tells_is_a_canonical_type_and_every_fact_has_a_name() -> None:
    assert set(facts_table.TABLE) <= set(TYPES)
    whole = tells((deal(DealStatus.WON, won_at=day(5)), 5, 5))
    assert {fact.type for fact in whole} <= set(VOCABULARY)


def test_a_deal_that_is_won_reopened_and_lost_tells_each_of_them() -> None:
    facts = tells(
        (deal(DealStatus.OPEN), 1, 1),
        (deal(DealStatus.WON, won_at=day(5)), 5, 5),
        (deal(DealStatus.OPEN), 9, 9),
        (deal(DealStatus.LOST, lost_at=day(12), lost_reason="price"), 12, 12),
    )
    assert shortly(facts) == [
        ("deal.opened", 1, 1, None),
        ("deal.won", 5, 5, None),
        ("deal.reopened", 9, 9, None),
        ("deal.lost", 12, 12, None),
    ]
    assert facts[-1].attrs == {"reason": "price"}


def test_versions_in_another_order_tell_the_same_and_are_known_from_when_they_came() -> None:
    facts = tells((deal(DealStatus.WON, won_at=day(5)), 5, 20), (deal(DealStatus.OPEN), 1, 21))
    assert shortly(facts) == [("deal.opened", 1, 20, None), ("deal.won", 5, 20, None)]


def test_a_corrected_amount_is_a_new_version_of_the_same_fact() -> None:
    first = deal(DealStatus.WON, won_at=day(5), amount=Money(amount=Decimal(90), currency="BRL"))
    second = deal(DealStatus.WON, won_at=day(5), amount=Money(amount=Decimal("95.50"), currency="BRL"))
    won = [fact for fact in tells((first, 5, 5), (second, 8, 8)) if fact.type == "deal.won"]
    assert len({fact.id for fact in won}) == 1
    assert [(fact.attrs["amount"], fact.recorded_at.day, fact.retracted_at) for fact in won] == [
        ("90", 5, day(8)),
        ("95.50", 8, None),
    ]


def test_a_corrected_moment_retracts_the_old_one() -> None:
    facts = tells((deal(DealStatus.WON, won_at=day(5)), 5, 5), (deal(DealStatus.WON, won_at=day(4)), 8, 8))
    assert shortly(facts) == [("deal.opened", 1, 5, None), ("deal.won", 5, 5, 8), ("deal.won", 4, 8, None)]


def test_a_retracted_fact_may_return() -> None:
    paid, pending = Order(id="7", status=OrderStatus.PAID, paid_at=day(3)), Order(id="7", status=OrderStatus.PENDING)
    facts = tells((paid, 3, 3), (pending, 4, 4), (paid, 6, 6))
    assert shortly(facts) == [("order.paid", 3, 3, 4), ("order.paid", 3, 6, None)]
    assert len({fact.id for fact in facts}) == 1


def test_a_deleted_deal_says_so_and_a_deleted_order_is_not_told_any_more() -> None:
    assert shortly(tells((deal(DealStatus.WON, won_at=day(5)), 5, 5), (None, 9, 10))) == [
        ("deal.opened", 1, 5, None),
        ("deal.won", 5, 5, None),
        ("deal.deleted", 9, 10, None),
    ]
    order = Order(id="7", status=OrderStatus.PAID, paid_at=day(3))
    assert shortly(tells((order, 3, 3), (None, 9, 10))) == [("order.paid", 3, 3, 10)]


def test_a_day_is_told_as_a_day() -> None:
    (opened, won) = tells((deal(DealStatus.WON, won_at=day(5, 3), days=("won_at",)), 6, 6))
    assert (opened.precision, won.precision, won.occurred_at) == ("instant", "day", day(5, 3))


def test_what_nobody_dated_happened_when_it_was_changed_and_else_when_it_was_first_seen() -> None:
    won = Deal(id="7", status=DealStatus.WON)
    source = Source(connection_id="shop-1", system="shop", type="deal", source_id="7")
    (opened, dated) = sorted(told(source, [Version(entity=won, changed_at=day(4), recorded_at=day(9))]), key=lambda f: f.type)
    assert (opened.occurred_at, dated.occurred_at, dated.confidence) == (day(4), day(4), 1.0)
    seen = told(source, [Version(entity=won, changed_at=None, recorded_at=day(9))])
    assert {(fact.occurred_at, fact.confidence) for fact in seen} == {(day(9), 0.6)}


def test_a_fact_is_about_the_first_person_and_company_that_the_record_names() -> None:
    named = deal(DealStatus.OPEN, contact_ids=("a", "b"), company_ids=("c",))
    (fact,) = tells((named, 1, 1))
    assert fact.person_id == record_id("shop-1", "contact", "a")
    assert fact.company_id == record_id("shop-1", "company", "c")
    assert fact.record_id == record_id("shop-1", "deal", "7")


def test_another_subject_is_a_new_version() -> None:
    facts = tells((deal(DealStatus.OPEN, contact_ids=("a",)), 1, 1), (deal(DealStatus.OPEN, contact_ids=("b",)), 2, 2))
    assert [(fact.person_id, fact.retracted_at) for fact in facts] == [
        (record_id("shop-1", "contact", "a"), day(2)),
        (record_id("shop-1", "contact", "b"), None),
    ]


def test_a_deal_tells_the_way_that_it_went_before_it_was_first_read() -> None:
    steps = (
        DealStep(at=day(2), stage_id="offer", status=DealStatus.OPEN),
        DealStep(at=day(3), stage_id="offer", status=DealStatus.OPEN),
        DealStep(at=day(5), stage_id="gone", status=DealStatus.LOST),
        DealStep(at=day(8), stage_id="offer", status=DealStatus.OPEN),
        DealStep(at=day(9), stage_id="gone", status=DealStatus.LOST),
    )
    ended = Deal(id="7", status=DealStatus.LOST, stage_id="gone", opened_at=day(1), lost_at=day(9), lost_reason="price")
    facts = tells((replace(ended, pipeline_id="p", history=steps), 20, 21))
    assert [(fact.type, fact.occurred_at.day, fact.attrs.get("stage_id"), fact.confidence) for fact in facts] == [
        ("deal.opened", 1, None, 1.0),
        ("deal.lost", 5, None, 1.0),
        ("deal.stage_changed", 5, "gone", 1.0),
        ("deal.reopened", 8, None, 1.0),
        ("deal.stage_changed", 8, "offer", 1.0),
        ("deal.lost", 9, None, 1.0),
        ("deal.stage_changed", 9, "gone", 1.0),
    ]
    assert {fact.recorded_at for fact in facts} == {day(21)}


def test_what_was_seen_of_a_deal_gives_way_to_what_its_history_says_later() -> None:
    seen = Deal(id="7", status=DealStatus.OPEN, stage_id="offer")
    steps = (DealStep(at=day(2), stage_id="offer"), DealStep(at=day(4), stage_id="talks"))
    facts = tells((seen, 2, 2), (replace(seen, stage_id="talks"), 6, 6), (replace(seen, stage_id="talks", history=steps), 7, 7))
    moved = [fact for fact in facts if fact.type == "deal.stage_changed"]
    assert shortly(moved) == [("deal.stage_changed", 6, 6, 7), ("deal.stage_changed", 4, 7, None)]


def test_a_lead_tells_its_steps_with_who_found_it_fit() -> None:
    steps = (
        LeadStep(status=LeadStatus.QUALIFIED, at=day(4), level="marketing"),
        LeadStep(status=LeadStatus.QUALIFIED, at=day(6), level="sales"),
    )
    lead = Lead(id="7", captured_at=day(2), history=steps, status=LeadStatus.UNQUALIFIED, disqualified_reason="budget")
    facts = tells((lead, 8, 8))
    assert [(fact.type, fact.occurred_at.day, fact.attrs) for fact in facts] == [
        ("lead.captured", 2, {}),
        ("lead.qualified", 4, {"level": "marketing"}),
        ("lead.qualified", 6, {"level": "sales"}),
        ("lead.disqualified", 8, {"reason": "budget"}),
    ]


def test_a_lead_that_says_when_is_not_told_twice() -> None:
    lead = Lead(id="7", captured_at=day(2), qualified_at=day(3), status=LeadStatus.QUALIFIED, level="sales")
    assert shortly(tells((lead, 8, 8))) == [("lead.captured", 2, 8, None), ("lead.qualified", 3, 8, None)]


@pytest.mark.parametrize(
    ("kind", "direction", "fact"),
    [
        (ActivityKind.EMAIL_CLICK, Direction.NONE, "reach.touch"),
        (ActivityKind.PAGE_VIEW, None, "reach.touch"),
        (ActivityKind.FORM_SUBMISSION, Direction.IN, "lead.engaged"),
        (ActivityKind.EMAIL, Direction.IN, "lead.engaged"),
        (ActivityKind.EMAIL, Direction.OUT, None),
        (ActivityKind.EMAIL, None, None),
        (ActivityKind.CALL, Direction.OUT, None),
        (ActivityKind.MEETING, Direction.OUT, "lead.engaged"),
        (ActivityKind.EMAIL_OPEN, Direction.NONE, None),
        (ActivityKind.NOTE, Direction.NONE, None),
        (ActivityKind.TESTIMONIAL, Direction.IN, "testimonial.given"),
        (ActivityKind.UNKNOWN, Direction.IN, None),
        (None, Direction.IN, None),
    ],
)
def test_what_an_activity_is_to_the_lifecycle(kind: ActivityKind | None, direction: Direction | None, fact: str | None) -> None:
    done = Activity(id="7", kind=kind, direction=direction, occurred_at=day(2))
    assert [found.type for found in tells((done, 2, 2))] == ([fact] if fact else [])


def test_what_no_human_did_is_nothing() -> None:
    assert (
        tells((Activity(id="7", kind=ActivityKind.EMAIL, direction=Direction.IN, automatic=True, occurred_at=day(2)), 2, 2)) == []
    )


def test_a_ticket_is_opened_solved_and_reopened() -> None:
    facts = tells(
        (Ticket(id="7", status=TicketStatus.NEW, opened_at=day(1)), 1, 1),
        (Ticket(id="7", status=TicketStatus.SOLVED, opened_at=day(1), solved_at=day(3)), 3, 3),
        (Ticket(id="7", status=TicketStatus.CLOSED, opened_at=day(1), solved_at=day(3)), 4, 4),
        (Ticket(id="7", status=TicketStatus.OPEN, opened_at=day(1)), 6, 6),
    )
    assert shortly(facts) == [("ticket.opened", 1, 1, None), ("ticket.solved", 3, 3, None), ("ticket.reopened", 6, 6, None)]


def test_a_survey_is_sent_and_answered_and_one_that_nobody_answered_is_only_sent() -> None:
    sent = SurveyResponse(id="7", kind=SurveyKind.CSAT, asked_at=day(1), created_at=day(1))
    answered = SurveyResponse(id="7", kind=SurveyKind.CSAT, asked_at=day(1), responded_at=day(2), score=Decimal(1))
    assert shortly(tells((sent, 1, 1))) == [("survey.sent", 1, 1, None)]
    assert shortly(tells((sent, 1, 1), (answered, 2, 2))) == [("survey.sent", 1, 1, None), ("survey.responded", 2, 2, None)]
    undated = SurveyResponse(id="7", kind=SurveyKind.NPS, score=Decimal(9), created_at=day(4))
    assert shortly(tells((undated, 5, 5))) == [("survey.responded", 4, 5, None)]


def test_an_order_is_paid_when_it_was_placed_where_nobody_says_when() -> None:
    total = Money(amount=Decimal(10), currency="BRL")
    paid = Order(id="7", status=OrderStatus.PAID, placed_at=day(2), total=total, deal_id="d")
    (fact,) = tells((paid, 3, 3))
    assert (fact.occurred_at, fact.attrs) == (
        day(2),
        {"amount": "10", "currency": "BRL", "deal_id": record_id("shop-1", "deal", "d")},
    )
    assert tells((Order(id="7", status=OrderStatus.CANCELLED, placed_at=day(2), total=total), 3, 3)) == []


def test_money_that_went_back_is_told_beside_the_payment() -> None:
    order = Order(id="7", status=OrderStatus.REFUNDED, paid_at=day(2), refunded_at=day(5), total=Money(amount=Decimal(10)))
    assert shortly(tells((order, 6, 6))) == [("order.paid", 2, 6, None), ("order.refunded", 5, 6, None)]


def test_a_payment_speaks_only_where_no_invoice_and_no_order_does() -> None:
    alone = Payment(id="7", paid_at=day(2), amount=Money(amount=Decimal(10)))
    assert shortly(tells((alone, 2, 2))) == [("invoice.paid", 2, 2, None)]
    assert tells((Payment(id="7", paid_at=day(2), invoice_id="i"), 2, 2), kind="payment") == []


def test_a_subscription_begins_when_it_is_paid_for() -> None:
    tried = Subscription(id="7", status=SubscriptionStatus.TRIALING, started_at=day(1), trial_end_at=day(15))
    assert shortly(tells((tried, 1, 1))) == [("user.signed_up", 1, 1, None)]
    paid = Subscription(id="7", status=SubscriptionStatus.ACTIVE, started_at=day(1), trial_end_at=day(15), renewals=(day(20),))
    assert shortly(tells((tried, 1, 1), (paid, 15, 15))) == [
        ("user.signed_up", 1, 1, None),
        ("subscription.started", 15, 15, None),
        ("subscription.renewed", 20, 15, None),
    ]
    gone = Subscription(id="7", status=SubscriptionStatus.ENDED, started_at=day(1), trial_end_at=day(15), ended_at=day(10))
    assert shortly(tells((gone, 10, 10))) == [("user.signed_up", 1, 10, None)]


def test_a_subscription_tells_what_it_brings_and_how_it_ends() -> None:
    def at(amount: int, **said: Any) -> Subscription:
        return Subscription(id="7", started_at=day(1), mrr=Money(amount=Decimal(amount), currency="BRL"), **said)

    end = {"status": SubscriptionStatus.ENDED, "cancel_requested_at": day(6), "ended_at": day(9), "end_reason": "voluntary"}
    facts = tells((at(10), 1, 1), (at(15), 4, 4), (at(15, **end), 9, 9))
    assert [fact for fact in shortly(facts) if fact[0] != "subscription.started"] == [
        ("subscription.changed", 4, 4, None),
        ("subscription.cancel_scheduled", 6, 9, None),
        ("subscription.ended", 9, 9, None),
    ]
    changed = next(fact for fact in facts if fact.type == "subscription.changed")
    assert changed.attrs == {"mrr_from": "10", "mrr_to": "15", "currency": "BRL"}


def test_who_recommends_and_who_is_recommended_are_different_people() -> None:
    facts = tells((Referral(id="7", referrer_id="a", referee_id="b", made_at=day(2)), 2, 2))
    assert [(fact.type, fact.person_id) for fact in facts] == [
        ("reach.touch", record_id("shop-1", "contact", "b")),
        ("referral.made", record_id("shop-1", "contact", "a")),
    ]


def test_a_day_of_use_is_a_day_and_a_day_without_use_is_nothing() -> None:
    (fact,) = tells((UsageDaily(id="7", contact_id="a", date="2026-01-05", count=3), 6, 6))
    assert (fact.type, fact.precision, fact.occurred_at) == ("user.active", "day", datetime(2026, 1, 5, tzinfo=UTC))
    assert tells((UsageDaily(id="7", date="2026-01-05", count=0), 6, 6), kind="usage_daily") == []
    assert tells((UsageDaily(id="7", date="someday", count=3), 6, 6), kind="usage_daily") == []


def test_a_contact_tells_what_its_source_asserts_and_what_became_of_its_record() -> None:
    facts = tells(
        (Contact(id="7", asserted_stage="lead", signed_up_at=day(1)), 1, 1),
        (Contact(id="7", asserted_stage="customer", signed_up_at=day(1), merged_ids=("6",)), 4, 4),
        (None, 8, 8),
        (Contact(id="7", asserted_stage="customer", signed_up_at=day(1), merged_ids=("6",)), 9, 9),
    )
    now = [(fact.type, fact.occurred_at.day, fact.attrs) for fact in facts if fact.retracted_at is None]
    assert sorted(now, key=lambda each: each[1]) == [
        ("source.stage_asserted", 1, {"raw": "lead"}),
        ("user.signed_up", 1, {}),
        ("record.merged", 4, {"from": "6"}),
        ("source.stage_asserted", 4, {"raw": "customer"}),
        ("record.deleted", 8, {}),
        ("record.restored", 9, {}),
    ]
