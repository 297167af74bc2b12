"""What holds for the lifecycle of whatever facts there are."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.lifecycle import Interval, Lifecycle, Rules, Standing, at, known, lifecycle
from hub.model import Fact

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
LONG = Rules()
SHORT = Rules(
    inactivity_days=9,
    conversion_window_days=4,
    loyal_window_days=12,
    nps_valid_days=6,
    referral_valid_days=7,
    reopen_grace_hours=30,
    lead_expiry_days=5,
    activation_window_days=3,
)
TICK = timedelta(microseconds=1)
DEALS, ORDERS, SUBSCRIPTIONS = ("D1", "D2"), ("O1", "O2", "O3"), ("S1", "S2")
RECORDS = {"deal": DEALS, "order": ORDERS, "subscription": SUBSCRIPTIONS}
TYPES = (
    "reach.touch",
    "lead.captured",
    "ticket.opened",
    *("deal.opened", "deal.won", "deal.lost", "deal.reopened", "deal.deleted"),
    *("order.paid", "order.paid", "invoice.paid"),
    *("subscription.started", "subscription.renewed", "subscription.ended"),
    *("user.signed_up", "user.activated", "user.active", "onboarding.completed"),
    *("survey.responded", "referral.made", "testimonial.given", "source.stage_asserted"),
)
LINKS: dict[str, dict[str, tuple[str, ...]]] = {
    "order.paid": {"deal_id": DEALS, "subscription_id": SUBSCRIPTIONS},
    "invoice.paid": {"order_id": ORDERS, "deal_id": DEALS, "subscription_id": SUBSCRIPTIONS},
    "subscription.started": {"deal_id": DEALS},
}


@st.composite
def facts(draw: st.DrawFn, types: Sequence[str] = TYPES) -> list[Fact]:
    """Up to a dozen facts of forty days, many of them on the same days and about the same records."""
    return [draw(one(number, types)) for number in range(draw(st.integers(0, 12)))]


@st.composite
def one(draw: st.DrawFn, number: int, types: Sequence[str] = TYPES) -> Fact:
    kind = draw(st.sampled_from(types))
    whole_day = draw(st.booleans()) and draw(st.booleans())
    hours = draw(st.integers(0, 160)) * 6
    moment = BEGIN + timedelta(hours=hours - hours % 24 if whole_day else hours)
    return Fact(
        id=f"fact {number}",
        type=kind,
        occurred_at=moment,
        recorded_at=moment,
        precision="day" if whole_day else "instant",
        record_id=draw(st.sampled_from(RECORDS.get(kind.partition(".")[0], ("R",)))),
        system=draw(st.sampled_from(("crm", "billing"))),
        confidence=draw(st.sampled_from((1.0, 0.6))),
        attrs=draw(attrs(kind)),
    )


@st.composite
def attrs(draw: st.DrawFn, kind: str) -> dict[str, object]:
    if kind == "survey.responded":
        return {"kind": "nps", "score": draw(st.sampled_from(("3", "8", "10")))}
    if kind == "source.stage_asserted":
        return {"raw": "customer", "evangelist": draw(st.booleans())}
    links = {name: draw(st.sampled_from((None, *ids))) for name, ids in LINKS.get(kind, {}).items()}
    return {name: link for name, link in links.items() if link}


RULES = st.sampled_from((LONG, SHORT, Rules(inactivity_days=9), Rules(conversion_window_days=2, inactivity_days=40)))


def closed_later(interval: Interval) -> bool:
    return interval.exited_at is None or interval.entered_at < interval.exited_at


def edges(found: Lifecycle) -> set[datetime]:
    spans = [*found.lost, *(span for each in found.aarrr for span in each.current)]
    moments = {each for span in spans for each in span} | {each.entered_at for each in found.sterne_cutler}
    return {each for each in moments if each} | {each.first_at for each in found.aarrr}


def moments(found: Lifecycle, told: Sequence[Fact]) -> list[datetime]:
    """The moments at which something changes and the instants before them, and some beyond."""
    turns = edges(found) | {each.occurred_at for each in told} | {BEGIN, BEGIN + timedelta(days=900)}
    return sorted({turn + step for turn in turns for step in (-TICK, timedelta(0))})


@given(facts(), RULES)
@settings(max_examples=80, deadline=None)
def test_intervals_neither_overlap_nor_leave_a_gap_nor_last_no_time(told: list[Fact], rules: Rules) -> None:
    found = lifecycle(told, rules).sterne_cutler
    assert all(one.exited_at == two.entered_at and one.exited_by == two.entered_by for one, two in pairwise(found))
    assert all(closed_later(each) for each in found)
    assert not found or found[-1].exited_at is None
    assert all((one.stage, one.cycle) != (two.stage, two.cycle) and one.cycle <= two.cycle for one, two in pairwise(found))


@given(facts(), RULES)
@settings(max_examples=80, deadline=None)
def test_every_stage_was_entered_by_facts_of_its_time_and_is_as_sure_as_the_least_of_them(told: list[Fact], rules: Rules) -> None:
    of = {each.id: each for each in told}
    for each in lifecycle(told, rules).sterne_cutler:
        assert each.entered_by
        assert all(of[name].occurred_at <= each.entered_at for name in each.entered_by)
        assert each.confidence == min(of[name].confidence for name in each.entered_by)


@given(facts(), RULES, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_any_order_of_the_facts_and_any_repetition_gives_the_same(told: list[Fact], rules: Rules, chance: Random) -> None:
    again = told + [each for each in told if chance.random() < 0.5]
    chance.shuffle(again)
    assert lifecycle(again, rules) == lifecycle(told, rules)


@given(facts(), one(99), RULES)
@settings(max_examples=80, deadline=None)
def test_a_fact_after_a_moment_changes_nothing_at_it(told: list[Fact], added: Fact, rules: Rules) -> None:
    before = added.occurred_at - TICK
    assert recomputed([*told, added], before, rules) == recomputed(told, before, rules)


SOME = st.sampled_from(
    (
        ("lead.captured", "deal.opened", "deal.won", "deal.lost", "deal.reopened"),
        ("deal.won", "deal.lost", "order.paid", "invoice.paid", "subscription.started", "subscription.ended"),
        ("user.signed_up", "user.activated", "user.active", "onboarding.completed", "order.paid"),
        ("order.paid", "survey.responded", "referral.made", "subscription.renewed", "subscription.started", "reach.touch"),
        TYPES,
    )
).flatmap(facts)


@given(SOME, RULES)
@settings(max_examples=400, deadline=None)
def test_what_was_not_revised_after_a_moment_reads_at_it_as_what_had_happened_until_then(told: list[Fact], rules: Rules) -> None:
    found = lifecycle(told, rules)
    for moment in moments(found, told):
        if found.revised_at is None or moment >= found.revised_at:
            assert at(found, moment) == recomputed(told, moment, rules)


@given(facts().filter(lambda told: all(each.precision == "instant" and "deal" not in each.type for each in told)), RULES)
@settings(max_examples=40, deadline=None)
def test_a_history_of_instants_without_deals_is_revised_by_nothing_but_a_better_kind_of_activation(
    told: list[Fact], rules: Rules
) -> None:
    kinds = {each.type for each in told} & {"user.signed_up", "user.activated", "user.active", "onboarding.completed"}
    assert lifecycle(told, rules).revised_at is None or len(kinds) > 1


@given(facts(), RULES)
@settings(max_examples=80, deadline=None)
def test_the_standing_agrees_with_itself(told: list[Fact], rules: Rules) -> None:
    found = lifecycle(told, rules)
    for moment in moments(found, told):
        standing = at(found, moment)
        spent = sum((each.cumulative for each in standing.time_in.values()), timedelta(0))
        begun = standing.intervals[0].entered_at if standing.intervals else moment
        assert spent == moment - begun
        assert all(one.exited_at == two.entered_at for one, two in pairwise(standing.intervals))
        assert all(each.exited_at is None for each in standing.intervals[-1:])
        active = any(each.start <= moment and (each.end is None or moment < each.end) for each in found.spells)
        assert (standing.status == "customer_active") is active
        assert (standing.stage in ("conversion", "retention", "loyalty")) is active
        revenue = {each.name for each in standing.milestones if each.current}
        assert active or "revenue" not in revenue


def recomputed(told: Sequence[Fact], moment: datetime, rules: Rules) -> Standing:
    return at(lifecycle(known(told, as_of=moment), rules), moment)
