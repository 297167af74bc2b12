"""Phone numbers in one form (E.164), and whether one can be a person's own."""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


class Number(NamedTuple):
    """A valid number; only a mobile one may speak for a person."""

    e164: str
    mobile: bool


@lru_cache(maxsize=1 << 16)
def number(written: str, region: str | None) -> Number | None:
    """The number that somebody wrote, dialled from a region (ISO 3166, two letters); None where there is none such.

    An extension is left out; the library knows many words for it, but not the Portuguese one.
    """
    try:
        parsed = phonenumbers.parse(re.sub(r"\bramal\b", "ext", written, flags=re.IGNORECASE), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return Number(e164, phonenumbers.number_type(parsed) in _MOBILE)


def region_of(country: str | None, organisation: str | None) -> str | None:
    """Where somebody dials from: their country where it is a two-letter code of one, else where the organisation is."""
    code = (country or "").strip().upper()
    return code if code in phonenumbers.SUPPORTED_REGIONS else organisation
