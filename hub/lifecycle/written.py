"""A lifecycle as a document: values of JSON types, the same for the same facts, without a clock."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from hub.lifecycle.derived import Lifecycle
from hub.lifecycle.milestones import Milestone
from hub.lifecycle.purchases import Purchase
from hub.lifecycle.stages import Interval
from hub.model.values import moment


def written(lifecycle: Lifecycle) -> dict[str, Any]:
    """Everything that a customer's document says of its lifecycle, what time alone will bring included."""
    return {
        "intervals": [interval(each) for each in lifecycle.sterne_cutler],
        "milestones": [_milestone(each) for each in lifecycle.aarrr],
        "purchases": len(lifecycle.purchases),
        "revenue": revenue(lifecycle.purchases),
    }


def interval(each: Interval) -> dict[str, Any]:
    """A stage from when to when, with the facts and the rule that opened it."""
    return {
        "framework": each.framework,
        "cycle": each.cycle,
        "offering": each.offering,
        "stage": each.stage,
        "entered_at": moment(each.entered_at),
        "exited_at": moment(each.exited_at),
        "entered_by": list(each.entered_by),
        "exited_by": list(each.exited_by),
        "rule": each.rule,
        "is_winback": each.is_winback,
        "confidence": each.confidence,
    }


def revenue(purchases: tuple[Purchase, ...]) -> list[dict[str, Any]]:
    """What purchases come to, by currency; those of which nobody told the amount come to nothing."""
    sums: dict[str | None, Decimal] = defaultdict(Decimal)
    for each in purchases:
        if each.amount is not None:
            sums[each.currency] += each.amount
    ordered = sorted(sums.items(), key=lambda each: each[0] or "")
    return [{"amount": format(amount, "f"), "currency": currency} for currency, amount in ordered]


def _milestone(each: Milestone) -> dict[str, Any]:
    return {
        "name": each.name,
        "first_at": moment(each.first_at),
        "facts": list(each.facts),
        "current": [[moment(begun), moment(ended)] for begun, ended in each.current],
    }
