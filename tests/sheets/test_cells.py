"""What a cell says: exactly, or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.model import Email, Money, Phone
from hub.sheets import cells

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@pytest.mark.parametrize(
    ("said", "form", "number"),
    [
        ("1234", None, "1234"),
        ("1.234,56", None, "1234.56"),
        ("1,234.56", None, "1234.56"),
        ("1.234.567", None, "1234567"),
        ("1 234,5", None, "1234.5"),
        ("1.234", "comma", "1234"),
        ("1.234", "point", "1.234"),
        ("1,234", "comma", "1.234"),
        ("1,234", "point", "1234"),
        ("0.125", None, "0.125"),
        ("12,5", None, "12.5"),
        ("-12,5", None, "-12.5"),
        ("(12,50)", None, "-12.50"),
    ],
)
def test_a_number_is_read_as_it_is_written(said: str, form: str | None, number: str) -> None:
    assert cells.number(said, form) == Decimal(number)


@pytest.mark.parametrize("said", ["1.234", "12,345"])
def test_a_number_that_is_one_of_two_is_not_guessed(said: str) -> None:
    with pytest.raises(cells.TwoWays):
        cells.number(said, None)


@pytest.mark.parametrize(
    ("said", "money"),
    [
        ("R$ 1.234,56", Money(amount=Decimal("1234.56"), currency="BRL")),
        ("US$12.50", Money(amount=Decimal("12.50"), currency="USD")),
        ("12,50 €", Money(amount=Decimal("12.50"), currency="EUR")),
        ("GBP 7", Money(amount=Decimal(7), currency="GBP")),
        ("-12,50", Money(amount=Decimal("-12.50"), currency="CHF")),
    ],
)
def test_an_amount_says_its_currency_or_takes_that_of_its_row(said: str, money: Money) -> None:
    assert cells.money(said, None, "CHF") == money


@pytest.mark.parametrize(
    ("said", "form", "moment", "alone"),
    [
        ("2026-03-31", None, datetime(2026, 3, 31, 3, tzinfo=UTC), True),
        ("31/03/2026", None, datetime(2026, 3, 31, 3, tzinfo=UTC), True),
        ("03/31/2026", None, datetime(2026, 3, 31, 3, tzinfo=UTC), True),
        ("01/02/2026", "dmy", datetime(2026, 2, 1, 3, tzinfo=UTC), True),
        ("01/02/2026", "mdy", datetime(2026, 1, 2, 3, tzinfo=UTC), True),
        ("05/05/2026", None, datetime(2026, 5, 5, 3, tzinfo=UTC), True),
        ("31/03/2026 14:30", None, datetime(2026, 3, 31, 17, 30, tzinfo=UTC), False),
        ("3/31/2026 12:05 AM", None, datetime(2026, 3, 31, 3, 5, tzinfo=UTC), False),
        ("2026-03-31T14:30:00Z", None, datetime(2026, 3, 31, 14, 30, tzinfo=UTC), False),
        ("2026-03-31 14:30:00+02:00", None, datetime(2026, 3, 31, 12, 30, tzinfo=UTC), False),
    ],
)
def test_a_moment_is_that_of_the_organisations_zone_and_a_day_stays_a_day(
    said: str, form: str | None, moment: datetime, *, alone: bool
) -> None:
    assert cells.moment(said, form, SAO_PAULO) == (moment, alone)


def test_a_day_and_a_month_that_can_change_places_are_not_guessed() -> None:
    with pytest.raises(cells.TwoWays):
        cells.moment("01/02/2026", None, UTC)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda said: cells.moment(said, None, UTC), "31/02/2026"),
        (lambda said: cells.moment(said, None, UTC), "31/12/99"),
        (lambda said: cells.moment(said, "mdy", UTC), "31/03/2026"),
        (lambda said: cells.moment(said, None, UTC), "soon"),
        (lambda said: cells.moment(said, None, UTC), "2026-03-31 25:00"),
        (lambda said: cells.day(said, None), "2026-13-01"),
        (lambda said: cells.number(said, None), "1.23.456"),
        (lambda said: cells.number(said, None), "9" * 31),
        (lambda said: cells.number(said, None), "NaN"),
        (lambda said: cells.whole(said, None), "1.5"),
        (lambda said: cells.money(said, None, None), "much"),
        (cells.flag, "perhaps"),
        (cells.emails, "ana at example.com"),
        (cells.emails, "ana@example.com, nobody"),
        (cells.phones, "12"),
        (cells.code, "$"),
    ],
)
def test_what_cannot_be_read_is_said_to_be_so_without_its_content(read: Callable[[str], Any], said: str) -> None:
    with pytest.raises(ValueError, match=r"^(is|has|no) ") as raised:
        read(said)
    assert said not in str(raised.value)


def test_several_addresses_numbers_and_words_may_stand_in_one_cell() -> None:
    assert cells.emails("Ana Souza <ana@example.com>; zé@exämple.com") == (Email(address="ana@example.com"),)
    assert cells.emails("ana@example.com; ze@example.com") == (Email(address="ana@example.com"), Email(address="ze@example.com"))
    assert cells.phones("(11) 91234-5678 / +1 555 010 9999") == (Phone(number="(11) 91234-5678"), Phone(number="+1 555 010 9999"))
    assert cells.texts("vip; novo, vip") == ("vip", "novo")
    assert [cells.flag(said) for said in ("Sim", "NÃO", "true", "0")] == [True, False, True, False]
