"""Phone numbers in one form, and whether one can be a person's own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.unify.phones import Number, number, region_of


@pytest.mark.parametrize(
    ("written", "region", "found"),
    [
        ("(11) 91234-5678", "BR", Number("+5511912345678", mobile=True)),
        ("+55 11 91234-5678", "BR", Number("+5511912345678", mobile=True)),
        ("+55 11 91234-5678", None, Number("+5511912345678", mobile=True)),
        ("11 3456-7890", "BR", Number("+551134567890", mobile=False)),
        ("11 3456-7890 Ramal 12", "BR", Number("+551134567890", mobile=False)),
        ("11 3456-7890 ext. 12", "BR", Number("+551134567890", mobile=False)),
        ("4003-1234", "BR", Number("+5540031234", mobile=False)),
        ("(212) 736-5000", "US", Number("+12127365000", mobile=True)),
        ("0151/23456789", "DE", Number("+4915123456789", mobile=True)),
        ("(11) 91234-5678", None, None),
        ("(11) 91234-5678", "XX", None),
        ("123", "BR", None),
        ("none", "BR", None),
        ("", "BR", None),
        ("1" * 300, "BR", None),
    ],
)
def test_a_number_has_one_form_however_it_is_written(written: str, region: str | None, found: Number | None) -> None:
    """A number of the United States may be either kind, and so may be a person's own."""
    assert number(written, region) == found


@pytest.mark.parametrize(
    ("country", "region"), [("BR", "BR"), ("us", "US"), (" de ", "DE"), ("Brasil", "PT"), ("UK", "PT"), ("", "PT"), (None, "PT")]
)
def test_who_names_no_country_by_its_code_dials_from_where_the_organisation_is(country: str | None, region: str) -> None:
    assert region_of(country, "PT") == region


@settings(deadline=None, database=None, max_examples=100)
@given(written=st.text(max_size=30), region=st.sampled_from(["BR", "DE", None]))
def test_any_text_is_a_number_that_reads_back_as_itself_or_none(written: str, region: str | None) -> None:
    found = number(written, region)
    assert found is None or number(found.e164, None) == found
