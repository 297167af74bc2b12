"""Who is who, and which value wins: pure functions of canonical records and of what people decided."""

from hub.unify.candidates import Suspicion
from hub.unify.claims import Claim, Other, Verdicts
from hub.unify.golden import golden
from hub.unify.groups import Group, Refusal, groups
from hub.unify.keys import PARTIES, clues, employers, keys
from hub.unify.links import Link

__all__ = [
    "PARTIES",
    "Claim",
    "Group",
    "Link",
    "Other",
    "Refusal",
    "Suspicion",
    "Verdicts",
    "clues",
    "employers",
    "golden",
    "groups",
    "keys",
]
