"""Rules within their bounds, and which versions of facts were known when."""

from dataclasses import fields
from typing import Any

import pytest

from hub.errors import BadInput
from hub.lifecycle import BOUNDS, Rules, known
from tests.lifecycle.telling import fact, moment


def test_the_defaults_are_those_of_the_specification() -> None:
    assert Rules() == Rules(
        inactivity_days=180,
        conversion_window_days=30,
        loyal_purchases=3,
        loyal_window_days=365,
        nps_valid_days=180,
        referral_valid_days=365,
        reopen_grace_hours=24,
        lead_expiry_days=180,
        activation_window_days=14,
        unit_of_analysis="company",
        revenue_source=None,
    )


def test_every_number_has_bounds_that_hold_its_default() -> None:
    assert set(BOUNDS) == {field.name for field in fields(Rules) if isinstance(field.default, int)}
    assert all(lowest <= getattr(Rules(), name) <= highest for name, (lowest, highest) in BOUNDS.items())


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_a_number_is_taken_within_its_bounds_and_refused_beyond_them(name: str) -> None:
    lowest, highest = BOUNDS[name]
    assert [getattr(Rules.of({name: value}), name) for value in (lowest, highest, str(highest))] == [lowest, highest, highest]
    for beyond in (lowest - 1, highest + 1, str(highest + 1)):
        with pytest.raises(BadInput) as refused:
            Rules.of({name: beyond})
        assert refused.value.where == name


NO_NUMBERS: tuple[Any, ...] = (True, 30.0, "30.0", "-30", "", "\N{FULLWIDTH DIGIT THREE}0", "9" * 5000, None, [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("inactivity_days", value) for value in NO_NUMBERS),
        ("unit_of_analysis", "household"),
        ("unit_of_analysis", None),
        ("unit_of_analysis", []),
        ("revenue_source", ""),
        ("revenue_source", 7),
        ("colour", 1),
        (7, 1),
    ],
)
def test_what_is_no_value_of_a_rule_is_refused_by_its_name(name: Any, value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        Rules.of({name: value})
    assert refused.value.where == str(name)


def test_words_are_taken_as_they_are() -> None:
    assert Rules.of({"unit_of_analysis": "person", "revenue_source": "billing"}) == Rules(
        unit_of_analysis="person", revenue_source="billing"
    )


def test_a_version_is_known_from_its_recording_until_its_retraction() -> None:
    old = fact("order.paid", "2024-01-01", id="x", recorded_at=moment("2024-01-05"), amount="1")
    old = type(old)(**{name: getattr(old, name) for name in old.__struct_fields__} | {"retracted_at": moment("2024-02-01")})
    new = fact("order.paid", "2024-01-01", id="x", recorded_at=moment("2024-02-01"), amount="2")
    whens = ("2024-01-04T23:59", "2024-01-05", "2024-01-31T23:59", "2024-02-01")
    assert [known([new, old], known_at=moment(when)) for when in whens] == [[], [old], [old], [new]]
    assert known([new, old]) == [new]


def test_what_happened_at_the_moment_itself_is_seen_and_what_happened_after_it_is_not() -> None:
    one, two = fact("reach.touch", "2024-01-01"), fact("reach.touch", "2024-01-02")
    assert known([two, one], as_of=moment("2024-01-01")) == [one]
    assert known([two, one]) == [one, two]
