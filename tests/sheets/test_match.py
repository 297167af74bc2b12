"""What columns are proposed to be: what their names say and their contents bear out, and nothing that is only likely."""

from pathlib import Path

import pytest

from hub.errors import BadInput, SkipRecord
from hub.model import TYPES
from hub.sheets import match
from hub.sheets.fields import fields
from hub.sheets.plan import Column, Plan, checked, lost
from hub.sheets.rows import said
from hub.sheets.table import sample
from tests.sheets.files import matched, plan, text


def test_names_in_portuguese_and_english_are_matched_without_case_accents_and_punctuation(tmp_path: Path) -> None:
    path = text(
        tmp_path,
        "CÓDIGO;nome completo;E-Mail;TELEFONE;Cidade;Data de Cadastro;CPF;Observações\n"
        "1;Ana;ana@x.com;(11) 91234-5678;Recife;31/03/2026;529.982.247-25;vip\n",
    )
    assert matched("contact", sample(path)) == {
        "CÓDIGO": None,
        "nome completo": "full_name",
        "E-Mail": "emails",
        "TELEFONE": "phones",
        "Cidade": "city",
        "Data de Cadastro": "signed_up_at:dmy",
        "CPF": "tax_id",
        "Observações": None,
    }
    assert match.proposed(TYPES["contact"], sample(path), zone="UTC").key == ("CÓDIGO",)


def test_orders_speak_of_their_buyers_and_amounts_prove_how_they_are_written(tmp_path: Path) -> None:
    path = text(
        tmp_path, 'Order ID,Customer,Customer e-mail,Total,Status,Order date\n1,Ana,ana@x.com,"1,234.50",Paid,03/31/2026\n'
    )
    assert matched("order", sample(path)) == {
        "Order ID": None,
        "Customer": "contact_ids.full_name",
        "Customer e-mail": "contact_ids.emails",
        "Total": "total:point",
        "Status": "status",
        "Order date": "placed_at:mdy",
    }


def test_content_that_contradicts_a_name_is_not_read(tmp_path: Path) -> None:
    path = text(tmp_path, "id,email,phone\n1,none,call me\n2,unknown,later\n")
    assert matched("contact", sample(path)) == {"id": None, "email": None, "phone": None}


def test_addresses_and_check_digits_are_known_without_a_name(tmp_path: Path) -> None:
    path = text(tmp_path, "a,b,c\nana@x.com,529.982.247-25,31/03/2026\nze@x.com,11.222.333/0001-81,01/04/2026\n")
    assert matched("contact", sample(path)) == {"a": "emails", "b": "tax_id", "c": None}


@pytest.mark.parametrize("dates", ["01/02/2026\n03/04/2026", "31/01/2026\n01/31/2026"])
def test_dates_that_prove_nothing_or_both_are_asked_about(tmp_path: Path, dates: str) -> None:
    one, other = dates.split("\n")
    found = sample(text(tmp_path, f"id,signed up\n1,{one}\n2,{other}\n3,05/06/2026\n"))
    proposed = match.proposed(TYPES["contact"], found, zone="UTC")
    assert proposed.columns[1] == Column(name="signed up", field="signed_up_at")
    check = match.check(proposed, TYPES["contact"], found.rows)
    assert "choose which for its column" in check.problems[-1][1]


def test_words_that_mean_one_thing_are_proposed_and_others_are_questions(tmp_path: Path) -> None:
    found = sample(text(tmp_path, "id,situação\n1,Pago\n2,Em separação\n"))
    proposed = match.proposed(TYPES["order"], found, zone="UTC")
    assert proposed.columns[1].values == {"Pago": "paid"}
    assert match.check(proposed, TYPES["order"], found.rows).undecided == 1


def test_a_second_column_of_one_field_is_not_read_unless_the_field_takes_several(tmp_path: Path) -> None:
    path = text(tmp_path, "id,city,cidade,phone,celular\n1,Recife,Olinda,11912345678,11912345679\n")
    assert matched("contact", sample(path)) == {
        "id": None,
        "city": "city",
        "cidade": None,
        "phone": "phones",
        "celular": "phones",
    }


def test_what_was_saved_holds_for_the_next_file_and_new_and_lost_columns_are_known(tmp_path: Path) -> None:
    before = Plan(columns=(Column(name="id"), Column(name="who", field="full_name"), Column(name="city")), key=("id",))
    found = sample(text(tmp_path, "id,city,email\n1,Recife,ana@x.com\n"))
    again = match.proposed(TYPES["contact"], found, zone="UTC", before=before)
    assert again.columns == (Column(name="id"), Column(name="city"), Column(name="email", field="emails"))
    assert lost(before, found.columns) == ["who"]


def test_an_id_that_is_not_there_or_not_different_is_not_proposed(tmp_path: Path) -> None:
    found = sample(text(tmp_path, "id,email\n1,a@x.com\n1,b@x.com\n"))
    assert match.proposed(TYPES["contact"], found, zone="UTC").key == ()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Plan(columns=(Column(name="a", field="full_name"),), key=()), "choose the column that holds"),
        (plan("a", b="nonsense"), "cannot be read as 'nonsense'"),
        (plan("a", b="city", c="city"), "'b' and 'c' cannot both be 'city'"),
        (plan("a"), "choose for at least one column"),
        (Plan(columns=(Column(name="a", field="city", form="dmy"),), key=("a",)), "has no such form"),
        (Plan(columns=(Column(name="a", field="evangelist", values={"x": "y"}),), key=("a",)), "cannot mean 'y'"),
        (Plan(columns=(Column(name="a", field="city"),), key=("z",)), "the file has no column 'z'"),
    ],
)
def test_a_mapping_that_contradicts_itself_is_refused(wrong: Plan, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        checked(wrong, TYPES["contact"], ("a", "b", "c"))


def test_every_cell_that_cannot_be_read_is_named_and_none_is_shown() -> None:
    with pytest.raises(SkipRecord) as raised:
        said(plan("id", mail="emails", born="signed_up_at"), TYPES["contact"], {"id": "1", "mail": "secret", "born": "hidden"})
    assert str(raised.value).startswith("column 'mail' is no e-mail address; column 'born' is no date")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("kind", TYPES.values(), ids=list(TYPES))
def test_every_entity_has_fields_that_a_column_can_fill(kind: type) -> None:
    assert fields(kind)
    assert not {"id", "custom", "external_ids", "contact_ids", "company_ids", "merged_ids"} & fields(kind).keys()
