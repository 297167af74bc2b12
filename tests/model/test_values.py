"""Which numbers can be kept, and values that leave out what the source left out."""

from decimal import Decimal

import msgspec
import pytest

from hub.model import Email, Money, Phone
from hub.model.values import DIGITS, countable


@pytest.mark.parametrize(
    "number",
    [
        "0",
        "-0",
        "0.00",
        "-11050.00",
        "1e30",
        "-9.99e30",
        "1e-30",
        "0e30",
        "9" * 30,
        "0." + "1" * 30,
        "123456789.012345678901234567891",
    ],
)
def test_what_counts_something_is_kept(number: str) -> None:
    assert countable(Decimal(number))


@pytest.mark.parametrize(
    "number",
    ["1e31", "-1e31", "1e-31", "0e31", "0e99999999", "0e-31", "9" * 31, "1." + "0" * 30, "NaN", "sNaN", "Infinity", "-Infinity"],
)
def test_what_written_out_could_fill_the_memory_is_not(number: str) -> None:
    assert not countable(Decimal(number))


def test_thirty_digits_are_the_most() -> None:
    assert DIGITS == 30


def test_an_amount_stays_exact_and_its_currency_may_be_unsaid() -> None:
    assert msgspec.json.decode(b'{"amount":"0.10"}', type=Money) == Money(amount=Decimal("0.10"))
    assert msgspec.json.encode(Money(amount=Decimal("0.10"), currency="BRL")) == b'{"amount":"0.10","currency":"BRL"}'


def test_what_was_not_said_is_left_out_and_what_nobody_knows_is_refused() -> None:
    assert msgspec.json.encode(Email(address="ana@example.com")) == b'{"address":"ana@example.com"}'
    with pytest.raises(msgspec.ValidationError, match="unknown field `adress`"):
        msgspec.convert({"address": "ana@example.com", "adress": "x"}, Email)


def test_a_number_is_kept_as_it_was_written() -> None:
    """E.164 numbers (https://www.itu.int/rec/T-REC-E.164) and others alike: display and matching are not the model's."""
    assert [Phone(number=each).number for each in ("+5511912345678", "(11) 91234-5678")] == ["+5511912345678", "(11) 91234-5678"]
