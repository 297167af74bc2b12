"""From the text of a cell to a value: a text that can be read in two ways is not read until the column's form is known."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal

from hub.model import Email, Money, Phone
from hub.model.values import countable

DAY_FIRST, MONTH_FIRST, COMMA, POINT = "dmy", "mdy", "comma", "point"
"""The forms of a column: what comes first in its dates, and which sign ends the whole part of its numbers."""

_CLOCK = r"(?:(?:,?\s+|T)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]m)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}", re.IGNORECASE | re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}|\d{{2}}){_CLOCK}", re.IGNORECASE | re.ASCII)
_MONTHS, _CENTURY, _NOON = 12, 100, 12
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_ADDRESS = re.compile(r"[^@\s<>,;|]+@[^@\s<>,;|.]+(?:\.[^@\s<>,;|.]+)+")
_DIGITS = range(6, 21)
_SYMBOLS = {"R$": "BRL", "US$": "USD", "€": "EUR", "£": "GBP"}
"""The signs that only one currency has; a bare $ is many."""
_MONEY = re.compile(
    r"(?P<before>R\$|US\$|€|£|[A-Z]{3})?\s*(?P<number>[-(]?\s*\d[^A-Z€£$]*?)\s*(?P<after>€|£|[A-Z]{3})?", re.ASCII
)
_FLAGS = {
    **dict.fromkeys(("true", "1", "yes", "y", "sim", "s", "verdadeiro"), True),
    **dict.fromkeys(("false", "0", "no", "n", "não", "nao", "falso"), False),
}


class TwoWays(ValueError):
    """The text is one of two values, and only a person knows which."""


def moment(said: str, form: str | None, zone: tzinfo) -> tuple[datetime, bool]:
    """A moment in UTC, and whether only its day was said: then it is that day's start in the zone."""
    year, month, day, clock = _dated(said, form)
    hour, minute, second, half, offset = clock
    try:
        found = datetime(year, month, day, _hour(hour, half), int(minute or 0), int(second or 0), tzinfo=_zone(offset, zone))
        return found.astimezone(UTC), hour is None
    except (ValueError, OverflowError) as error:
        raise ValueError("is no moment of the calendar") from error


def day(said: str, form: str | None) -> str:
    """A calendar date as YYYY-MM-DD."""
    year, month, number, _ = _dated(said, form)
    try:
        return datetime(year, month, number, tzinfo=UTC).date().isoformat()
    except ValueError as error:
        raise ValueError("is no day of the calendar") from error


def date_form(said: str) -> str | None:
    """What a date proves about what comes first; None where it proves nothing."""
    match = _YEAR_LAST.fullmatch(said)
    if match is None or (int(match[1]) > _MONTHS) == (int(match[2]) > _MONTHS):
        return None
    return DAY_FIRST if int(match[1]) > _MONTHS else MONTH_FIRST


def number(said: str, form: str | None) -> Decimal:
    """A number, exact; `1.234` alone is one of two numbers, and which one only the column's form tells."""
    bare = re.sub(r"(?<=\d)[\s']+(?=\d{3})", "", said)
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()").replace("\u2212", "-").replace(" ", "")
    sign, bare = ("-" if negative or bare.startswith("-") else ""), bare.lstrip("+-")
    decimal = _decimal_sign(bare, form)
    group = "," if decimal == "." else "."
    if not re.fullmatch(rf"(\d+|\d{{1,3}}(\{group}\d{{3}})+)(\{decimal}\d+)?", bare, re.ASCII):
        raise ValueError("is no number")
    found = Decimal(sign + bare.replace(group, "").replace(decimal, "."))
    if not countable(found):
        raise ValueError("has more than 30 digits")
    return found


def number_form(said: str) -> str | None:
    """What a number proves about the sign that ends its whole part; None where it proves nothing."""
    match = _MONEY.fullmatch(said.strip())
    bare = (match["number"] if match else said).strip("-( )")
    if _TWO_WAYS.fullmatch(bare) or not re.search(r"[.,]", bare):
        return None
    try:
        number(bare, None)
    except ValueError:
        return None
    return COMMA if _decimal_sign(bare, None) == "," else POINT


def whole(said: str, form: str | None) -> int:
    """A whole number of at most 64 bits."""
    found = number(said, form)
    if found != found.to_integral_value() or abs(found) >= 1 << 63:
        raise ValueError("is no whole number")
    return int(found)


def money(said: str, form: str | None, currency: str | None) -> Money:
    """An amount; its currency is what the cell says itself, else what its row or the person who saved the mapping said."""
    match = _MONEY.fullmatch(said.strip())
    if match is None:
        raise ValueError("is no amount")
    own = match["before"] or match["after"]
    return Money(amount=number(match["number"].strip(), form), currency=code(own) if own else currency)


def code(said: str) -> str:
    """A currency's code, also from the sign that only it has."""
    found = _SYMBOLS.get(said.strip(), said.strip().upper())
    if not re.fullmatch(r"[A-Z]{3}", found):
        raise ValueError("is no currency")
    return found


def flag(said: str) -> bool:
    """A truth value, in English or Portuguese."""
    try:
        return _FLAGS[said.casefold()]
    except KeyError as error:
        raise ValueError("is neither yes nor no") from error


def emails(said: str) -> tuple[Email, ...]:
    """One or more addresses, also as `Ana Souza <ana@example.com>`."""
    named = re.findall(r"<([^<>]*)>", said)
    found = named or [part for part in re.split(r"[;,|\s]+", said) if part]
    if not found or not all(map(_ADDRESS.fullmatch, found)):
        raise ValueError("is no e-mail address")
    return tuple(Email(address=each) for each in dict.fromkeys(found))


def phones(said: str) -> tuple[Phone, ...]:
    """One or more numbers as they are written."""
    found = [part.strip() for part in re.split(r"[;|/,]| ou | or ", said) if part.strip()]
    if not found or not all(sum(sign.isdigit() for sign in each) in _DIGITS for each in found):
        raise ValueError("is no telephone number")
    return tuple(Phone(number=each) for each in dict.fromkeys(found))


def texts(said: str) -> tuple[str, ...]:
    """Several texts in one cell, parted by commas, semicolons or bars."""
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[;,|]", said) if part.strip()))


def _dated(said: str, form: str | None) -> tuple[int, int, int, tuple[str | None, ...]]:
    if match := _YEAR_FIRST.fullmatch(said):
        return int(match[1]), int(match[2]), int(match[3]), match.groups()[3:]
    match = _YEAR_LAST.fullmatch(said)
    if match is None:
        raise ValueError("is no date of a form that is read, such as 2026-03-31 or 31/03/2026")
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if year < _CENTURY:
        raise ValueError("has a year of two digits; write all four")
    proven = form or date_form(said)
    if proven is None and first != second:
        raise TwoWays("can be day and month or month and day; choose which for its column")
    month, number = (first, second) if proven == MONTH_FIRST else (second, first)
    return year, month, number, match.groups()[3:]


def _hour(said: str | None, half: str | None) -> int:
    found = int(said or 0)
    if half is None:
        return found
    if not 1 <= found <= _NOON:
        raise ValueError("no hour of half a day")
    return found % _NOON + (_NOON if half.lower() == "pm" else 0)


def _zone(offset: str | None, zone: tzinfo) -> tzinfo:
    if offset is None:
        return zone
    if offset in "Zz":
        return UTC
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return timezone(-ahead if offset[0] == "-" else ahead)


def _decimal_sign(bare: str, form: str | None) -> str:
    """Which sign ends the whole part; where the number itself tells, the form is not asked."""
    signs = [sign for sign in ".," if sign in bare]
    if _TWO_WAYS.fullmatch(bare):
        if form is None:
            raise TwoWays("can be read with a point or a comma for decimals; choose which for its column")
        return "," if form == COMMA else "."
    if len(signs) == 1 and bare.count(signs[0]) > 1:
        return "," if signs[0] == "." else "."
    return max(signs, key=bare.rfind, default=".")
