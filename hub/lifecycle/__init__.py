"""The lifecycle of a customer as a pure function of its facts: purchases, stages, milestones, and where it stands when."""

from hub.lifecycle.conflicts import Conflict, conflicts
from hub.lifecycle.derived import Lifecycle, lifecycle
from hub.lifecycle.known import known
from hub.lifecycle.milestones import NAMES as MILESTONES
from hub.lifecycle.milestones import Milestone
from hub.lifecycle.purchases import Purchase
from hub.lifecycle.rules import BOUNDS, Rules
from hub.lifecycle.spells import Spell
from hub.lifecycle.stages import FRAMEWORK, Interval
from hub.lifecycle.standing import Reached, Standing, Status, TimeIn, at, presale
from hub.lifecycle.summary import Summary, summary

__all__ = [
    "BOUNDS",
    "FRAMEWORK",
    "MILESTONES",
    "Conflict",
    "Interval",
    "Lifecycle",
    "Milestone",
    "Purchase",
    "Reached",
    "Rules",
    "Spell",
    "Standing",
    "Status",
    "Summary",
    "TimeIn",
    "at",
    "conflicts",
    "known",
    "lifecycle",
    "presale",
    "summary",
]
