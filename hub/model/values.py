"""Values that several canonical types share."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import msgspec

UNKNOWN: Final = "unknown"
"""The member every enumeration has for what the source said and nobody has decided yet."""

DIGITS: Final = 30
"""The most digits of a number: beyond them it counts nothing that exists, and written out it could fill the memory."""


def countable(number: Decimal) -> bool:
    """Whether a number can be kept: finite, and neither its digits nor its power of ten are more than DIGITS."""
    return number.is_finite() and abs(number.adjusted()) <= DIGITS and len(number.as_tuple().digits) <= DIGITS


def moment(value: datetime | None) -> str | None:
    """An instant as every document writes it: in UTC, with a Z."""
    if value is None:
        return None
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat().removesuffix("+00:00") + "Z"


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A frozen value without identity; fields that the source left out are left out of its JSON too."""


class Money(Value, frozen=True, kw_only=True):
    """An amount in major units; `currency` is its ISO 4217 code, None where the source names none."""

    amount: Decimal
    currency: str | None = None
