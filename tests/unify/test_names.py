"""Names for comparing and finding."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.unify.names import alike, firm_key, name_key, search_key, suffix, written_suffix

unhurried = settings(deadline=None, database=None, max_examples=100)
ODD = st.text(st.sampled_from("aZ09.,-&/ \t\u200bßİ\u0131李éñ🚀ש"), max_size=24) | st.text(max_size=24)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("José da Conceição", "jose da conceicao"),
        ("Jose\u0301 da Conceic\u0327a\u0303o", "jose da conceicao"),
        ("  Ana \t Souza\u00a0", "ana souza"),
        ("STRAßE GmbH", "strasse gmbh"),
        ("İpek Y\u0131lmaz", "ipek y\u0131lmaz"),
        ("李小龍", "李小龍"),
        ("\uff21\uff2e\uff21", "ana"),
        ("", ""),
    ],
)
def test_names_are_compared_without_case_accents_and_double_blanks(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("jose conceicao", "José da Conceição"),
        ("Strasse", "STRAßE GmbH"),
        ("ipek yilmaz", "İpek Y\u0131lmaz"),
        ("ipek y\u0131lmaz", "İpek Y\u0131lmaz"),
        ("李小龍", "李小龍"),
        ("ZOE 🚀", "Zoë 🚀"),
        ("שרה", "שרה כהן"),
        ("acai", "Açaí & Cia Ltda"),
    ],
)
def test_a_name_is_found_by_its_words_however_they_are_typed(asked: str, name: str) -> None:
    assert all(word in search_key(name) for word in name_key(asked).split())


def test_a_name_that_is_the_same_in_ascii_is_said_once() -> None:
    assert (search_key("José"), search_key("Y\u0131lmaz"), search_key("")) == ("jose", "y\u0131lmaz yilmaz", "")


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("José da Silva", "jose da silva filho", 0.937),
        ("Ana Souza", "ANA MARIA SOUZA", 0.876),
        ("Bruno Lima", "Carla Dias", 0.600),
        ("Ana", "ana", 1.0),
        ("", "Ana", 0.0),
        ("", "", 0.0),
    ],
)
def test_how_alike_names_are(one: str, other: str, score: float) -> None:
    """The first three values are those of the specification of identity."""
    assert round(alike(one, other), 3) == round(alike(other, one), 3) == score


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("José da Silva Filho", "filho"),
        ("José da Silva, Jr.", "junior"),
        ("José da Silva JÚNIOR", "junior"),
        ("José Neto", "neto"),
        ("José Sobrinho", "sobrinho"),
        ("José Segundo", "ii"),
        ("John Smith II", "ii"),
        ("John Smith III", "iii"),
        ("John Smith Sr.", "senior"),
        ("José da Silva", None),
        ("Neto", None),
        ("", None),
    ],
)
def test_the_suffix_tells_relatives_apart(name: str, found: str | None) -> None:
    assert suffix(name) == found


def test_a_suffix_in_a_field_of_its_own_has_the_same_form() -> None:
    assert (written_suffix("Jr."), written_suffix(" Filho "), written_suffix("PhD")) == ("junior", "filho", None)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Açaí & Cia Ltda", "acai & cia"),
        ("ACAI E CIA LTDA", "acai & cia"),
        ("Acai and Cia", "acai & cia"),
        ("STRAßE GmbH", "strasse"),
        ("Straße GmbH & Co. KG", "strasse"),
        ("Bell, Inc.", "bell"),
        ("Petróleo S/A", "petroleo"),
        ("Petróleo S.A.", "petroleo"),
        ("A&B Ltd", "a & b"),
        ("Ltda", "ltda"),
        ("Aktiv", "aktiv"),
        ("!", ""),
        ("", ""),
    ],
)
def test_firms_are_compared_without_their_legal_form(name: str, key: str) -> None:
    assert firm_key(name) == key


@unhurried
@given(said=ODD)
def test_a_key_is_its_own_key(said: str) -> None:
    assert name_key(name_key(said)) == name_key(said)
    assert firm_key(firm_key(said)) == firm_key(said)
    assert search_key(said).startswith(name_key(said))
