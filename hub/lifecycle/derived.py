"""From facts to the whole lifecycle, without a clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.lifecycle.activation import activation
from hub.lifecycle.coverage import Cover
from hub.lifecycle.deals import outcomes
from hub.lifecycle.milestones import Dealt, Milestone, milestones
from hub.lifecycle.offerings import offerings
from hub.lifecycle.prospects import lost
from hub.lifecycle.purchases import Purchase, purchases
from hub.lifecycle.rules import Rules
from hub.lifecycle.spans import Span
from hub.lifecycle.spells import Spell, spells
from hub.lifecycle.stages import Interval, intervals
from hub.lifecycle.terms import terms
from hub.lifecycle.timeline import timeline
from hub.model import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """Everything that follows from a customer's facts, what time alone will bring included.

    Read as of a moment before `revised_at` it may differ from what follows from the facts until that moment alone, because
    something later changed what had been; from `revised_at` on, or where it is None always, it is the same.
    """

    sterne_cutler: tuple[Interval, ...]
    offerings: tuple[Interval, ...]
    """The stages for single families of products, family after family, beside those of the customer as a whole."""
    aarrr: tuple[Milestone, ...]
    purchases: tuple[Purchase, ...]
    spells: tuple[Spell, ...]
    lost: tuple[Span, ...]
    """The times in which a prospect is lost, if it is one."""
    revised_at: datetime | None


def lifecycle(facts: Iterable[Fact], rules: Rules) -> Lifecycle:
    """The lifecycle that follows from facts; of several versions of a fact the one recorded last counts."""
    ordered = timeline(facts)
    ended = dict(outcomes(ordered, timedelta(hours=rules.reopen_grace_hours)))
    subscribed = terms(ordered)
    bought = purchases(ordered, ended, Cover.of(subscribed), revenue_source=rules.revenue_source)
    active = spells(subscribed, bought, timedelta(days=rules.inactivity_days))
    activated = activation(ordered, timedelta(days=rules.activation_window_days))
    dealt = Dealt(subscribed, bought, active, activated.facts)
    stages = tuple(intervals(ordered, active, bought, rules))
    revisions = (ordered.revised_at, activated.revised_at, *(outcome.revised_at for outcome in ended.values()))
    return Lifecycle(
        sterne_cutler=stages,
        offerings=tuple(offerings(ordered, stages, dealt, rules)),
        aarrr=tuple(milestones(ordered, dealt, rules)),
        purchases=tuple(bought),
        spells=tuple(active),
        lost=lost(ordered, timedelta(days=rules.lead_expiry_days)),
        revised_at=max((each for each in revisions if each), default=None),
    )
