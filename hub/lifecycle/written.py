"""A lifecycle as a document: values of JSON types, the same for the same facts, without a clock."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from hub.lifecycle.derived import Lifecycle
from hub.lifecycle.milestones import Milestone
from hub.lifecycle.purchases import Purchase
from hub.lifecycle.stages import Interval
from hub.model.values import moment


def written(lifecycle: Lifecycle) -> dict[str, Any]:
    """Everything that a customer's document says of its lifecycle, what time alone will bring included."""
    rows = {"offerings": [interval(each) for each in lifecycle.offerings]} if lifecycle.offerings else {}
    return rows | {
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
    return sums((each.amount, each.currency) for each in purchases)


def sums(amounts: Iterable[tuple[Decimal | None, str | None]]) -> list[dict[str, Any]]:
    """What amounts come to, by currency; one that nobody told comes to nothing."""
    found: dict[str | None, Decimal] = defaultdict(Decimal)
    for amount, currency in amounts:
        if amount is not None:
            found[currency] += amount
    return [{"amount": format(found[each], "f"), "currency": each} for each in sorted(found, key=lambda each: each or "")]


def _milestone(each: Milestone) -> dict[str, Any]:
    return {
        "name": each.name,
        "first_at": moment(each.first_at),
        "facts": list(each.facts),
        "current": [[moment(begun), moment(ended)] for begun, ended in each.current],
    }
