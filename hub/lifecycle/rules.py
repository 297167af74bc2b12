"""The rules of the lifecycle that an organisation can change in its settings."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, get_args

from hub.errors import BadInput

Unit = Literal["company", "person"]

BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "inactivity_days": (1, 3650),
    "conversion_window_days": (1, 365),
    "loyal_purchases": (2, 100),
    "loyal_window_days": (1, 3650),
    "nps_valid_days": (1, 3650),
    "referral_valid_days": (1, 3650),
    "reopen_grace_hours": (0, 720),
    "lead_expiry_days": (1, 3650),
    "activation_window_days": (1, 365),
}
"""The lowest and the highest value of every rule that is a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Windows in days or hours, counts, and at which unit customers are counted; making one out of bounds is BadInput."""

    inactivity_days: int = 180
    conversion_window_days: int = 30
    loyal_purchases: int = 3
    loyal_window_days: int = 365
    nps_valid_days: int = 180
    referral_valid_days: int = 365
    reopen_grace_hours: int = 24
    lead_expiry_days: int = 180
    activation_window_days: int = 14
    unit_of_analysis: Unit = "company"
    revenue_source: str | None = None
    """The system that counts money where several tell of one purchase; None believes the deal before the order."""

    def __post_init__(self) -> None:
        for name, (lowest, highest) in BOUNDS.items():
            number = getattr(self, name)
            if not isinstance(number, int) or isinstance(number, bool) or not lowest <= number <= highest:
                raise BadInput(f"{name} must be a whole number from {lowest} to {highest}.", where=name)
        if self.unit_of_analysis not in get_args(Unit):
            raise BadInput("unit_of_analysis must be company or person.", where="unit_of_analysis")
        if self.revenue_source is not None and (not isinstance(self.revenue_source, str) or not self.revenue_source):
            raise BadInput("revenue_source must be the name of a system or left out.", where="revenue_source")

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> "Rules":
        """The rules with what was written in place of the defaults; whole numbers may be written as text."""
        names = {field.name for field in fields(cls)}
        for name in written:
            if name not in names:
                raise BadInput(f"There is no rule of this name; there are {', '.join(sorted(names))}.", where=str(name))
        return cls(**{name: _number(value) if name in BOUNDS else value for name, value in written.items()})


def _number(written: Any) -> Any:
    plain = isinstance(written, str) and written.isascii() and written.isdecimal() and len(written) <= len("3650")
    return int(written) if plain else written
