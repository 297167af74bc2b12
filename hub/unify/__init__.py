"""Who is who, and which value wins: pure functions of canonical records and of what people decided."""

from hub.unify.golden import golden
from hub.unify.groups import Claim, Group, groups
from hub.unify.keys import PARTIES, employers, keys

__all__ = ["PARTIES", "Claim", "Group", "employers", "golden", "groups", "keys"]
