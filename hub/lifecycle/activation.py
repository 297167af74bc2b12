"""When somebody began to use what it has: activation, by the best kind of facts that there is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.lifecycle.evidence import latest
from hub.lifecycle.spans import later
from hub.lifecycle.timeline import USE, Dated, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """The facts that stand for activation, in order; before `revised_at` another kind of them stood for it."""

    facts: Sequence[Dated]
    revised_at: datetime | None


def activation(facts: Timeline, window: timedelta) -> Activation:
    """The user's own activation soon after signing up; where nobody signs up, onboarding; where there is none, the first use."""
    signed_up, activated = facts.of("user.signed_up"), facts.of("user.activated")
    onboarded, used = facts.of("onboarding.completed"), facts.of(USE)[:1]
    ranked = (
        ([*signed_up[:1], *activated[:1]], list(_soon(activated, signed_up, window))),
        (onboarded, onboarded),
        (used, used),
    )
    kinds = [(min(each.at for each in known), found) for known, found in ranked if known]
    if not kinds:
        return Activation(facts=(), revised_at=None)
    decided, found = kinds[0]
    revised = any(since < decided for since, _ in kinds)
    return Activation(facts=found, revised_at=decided if revised else None)


def _soon(activated: Sequence[Dated], signed_up: Sequence[Dated], window: timedelta) -> Iterator[Dated]:
    """What was activated within the window of the sign-up before it, or without any sign-up before."""
    for each in activated:
        sign_up = latest(signed_up, each.at)
        if sign_up is None or each.at <= later(sign_up.at, window):
            yield each
